#include "config/load.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <sstream>

namespace cg::config {
namespace {

auto example_path() -> std::filesystem::path { return std::filesystem::path{CG_SOURCE_DIR} / "config/examples/gateway.toml"; }
auto example() -> std::string {
    std::ifstream in{example_path()};
    std::ostringstream out;
    out << in.rdbuf();
    return out.str();
}
auto parse(std::string_view text) { return parse_config(text, "gateway.toml", "/etc/casegate"); }

/// The example with one text replaced; the text is there.
auto changed(std::string_view from, std::string_view to) -> std::string {
    auto text = example();
    const auto at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return text.replace(at, from.size(), to);
}
auto words(const Error& error) -> std::string {
    std::string out = error.detail;
    for (const auto& problem : error.problems) out += "\n" + problem.pointer + " " + problem.type + " " + problem.fix;
    return out;
}

TEST(Config, TheExampleLoads) {
    const auto config = load_config(example_path()).value();
    EXPECT_EQ(config.agency.str(), "willow");
    EXPECT_EQ(config.listen.peer, (HostPort{"0.0.0.0", 8442}));
    EXPECT_EQ(config.passphrase, (PassphraseSource{PassphraseSource::Kind::credential, "casegate-passphrase"}));
    EXPECT_EQ(config.tls.key, example_path().parent_path() / "keys/tls.key.pem");
    EXPECT_EQ(config.data_dir, "/var/lib/casegate");
    ASSERT_EQ(config.callers.size(), 3U);
    EXPECT_TRUE(config.callers[0].roles.contains(RoleId::trusted("school.dsl")));
    EXPECT_EQ(config.find_caller("casegate://willow/person/dsl-1")->rights, (std::set{Right::check, Right::read_inbox}));
    EXPECT_EQ(config.find_caller("casegate://willow/person/dsl-2"), nullptr);
    EXPECT_EQ(config.find_caller("casegate://willow/person/u-head")->rights, std::set{Right::review});
    EXPECT_EQ(config.peers.size(), 3U);
}

TEST(Config, TheExampleShowsTheDefaults) {
    auto text = example();
    text.resize(text.find("# The rest may be left out"));
    EXPECT_EQ(describe(parse(text).value()), describe(parse(example()).value()));
}

TEST(Config, DescribesWhatIsInForce) {
    const auto text = describe(parse(example()).value());
    for (const auto* line : {"agency = \"willow\"\n", "listen.ops = \"127.0.0.1:8443\"\n", "tls.key = \"/etc/casegate/keys/tls.key.pem\"\n",
                             "limits.head_bytes = 16384\n", "delivery.longest_retry_ms = 300000\n", "passphrase = \"credential:casegate-passphrase\"\n",
                             "caller.may = [\"send\", \"check\", \"read-inbox\", \"ack\", \"review\"]\n"})
        EXPECT_NE(text.find(line), std::string::npos) << line << "\n" << text;
}

TEST(Config, PrintsTomlThatReadsBack) {
    auto config = parse(example()).value();
    EXPECT_EQ(describe(parse(to_toml(config)).value()), describe(config));
    config.data_dir = "/odd \"path\"\\with\ttab";
    config.listen.office = {"::1", 0};
    config.passphrase = {};
    config.callers.clear();
    EXPECT_EQ(describe(parse(to_toml(config)).value()), describe(config));
}

TEST(Config, AnUnknownKeyIsAnErrorWithItsPlace) {
    const auto result = parse(changed("head_bytes = 16384 ", "haed_bytes = 16384"));
    ASSERT_FALSE(result.has_value());
    ASSERT_EQ(result.error().problems.size(), 1U);
    const auto& problem = result.error().problems.front();
    EXPECT_EQ(problem.type, "config/unknown-key");
    const auto text = example();
    const auto line = 1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(text.find("head_bytes")), '\n');
    EXPECT_EQ(problem.pointer, "gateway.toml:" + std::to_string(line) + ":1");
    EXPECT_NE(problem.fix.find("head_bytes"), std::string::npos);
}

TEST(Config, AnUnknownTableIsAnErrorToo) {
    EXPECT_FALSE(parse(example() + "\n[console]\nport = 1\n").has_value());
    EXPECT_FALSE(parse(changed("[delivery]", "[deliverie]")).has_value());
}

TEST(Config, TellsAllErrorsAtOnce) {
    const auto result = parse("agency = \"Not An Id\"\ndata_dir = 5\n[listen]\noffice = \"nowhere\"\nops = \"10.0.0.1:1\"\n");
    ASSERT_FALSE(result.has_value());
    const auto& problems = result.error().problems;
    const auto has = [&](std::string_view type, std::string_view text) {
        return std::ranges::any_of(problems, [&](const Problem& p) { return p.type == type && p.fix.find(text) != std::string::npos; });
    };
    EXPECT_TRUE(has("config/value", "agency"));
    EXPECT_TRUE(has("config/kind", "data_dir"));
    EXPECT_TRUE(has("config/value", "listen.office"));
    EXPECT_TRUE(has("config/missing", "listen.peer"));
    EXPECT_TRUE(has("config/value", "loopback"));
    for (const auto* name : {"tls", "signing", "log", "store", "policy", "directory", "peers"}) EXPECT_TRUE(has("config/missing", name)) << name;
    for (const auto& problem : problems) {
        EXPECT_TRUE(problem.pointer.starts_with("gateway.toml:")) << problem.pointer;
        EXPECT_FALSE(problem.fix.empty());
    }
    EXPECT_TRUE(has("config/missing", "tls.key"));
}

TEST(Config, RefusesEachValueThatMakesNoSense) {
    const std::vector<std::pair<std::string, std::string>> changes{
        {"\"willow\"", "\"\""},
        {"\"credential:casegate-passphrase\"", "\"correct horse battery\""},
        {"\"credential:casegate-passphrase\"", "\"credential:../x\""},
        {"\"credential:casegate-passphrase\"", "\"env:SECRET\""},
        {"\"info\"", "\"verbose\""},
        {"\"10.20.0.5:8441\"", "\"10.20.0.5\""},
        {"\"10.20.0.5:8441\"", "\"10.20.0.5:\""},
        {"\"10.20.0.5:8441\"", "\":8441\""},
        {"\"10.20.0.5:8441\"", "\"10.20.0.5:70000\""},
        {"\"10.20.0.5:8441\"", "\"10.20.0.5:84 41\""},
        {"\"10.20.0.5:8441\"", "\"::1:8441\""},
        {"\"10.20.0.5:8441\"", "8441"},
        {"\"127.0.0.1:8443\"", "\"0.0.0.0:8443\""},
        {"\"certs/tls.pem\"", "[\"certs/tls.pem\"]"},
        {"\"exampleshire\", ", "\"Example Shire\", "},
        {"\"exampleshire\", ", "5, "},
        {"casegate://willow/system/office", "casegate://exampleshire/system/office"},
        {"casegate://willow/system/office", "casegate://willow/gateway"},
        {"casegate://willow/system/office", "office"},
        {"casegate://willow/person/dsl-1", "casegate://willow/system/office"},
        {"\"send\", ", "\"administer\", "},
        {"[\"school.dsl\"]", "[\"School DSL\"]"},
        {"[\"school.dsl\"]", "\"school.dsl\""},
        {"body_bytes = 8388608", "body_bytes = 0"},
        {"body_bytes = 8388608", "body_bytes = -1"},
        {"body_bytes = 8388608", "body_bytes = 8388608.0"},
        {"body_bytes = 8388608", "body_bytes = 99999999999"},
        {"connections_per_peer = 64", "connections_per_peer = \"64\""},
        {"first_retry_ms = 1000", "first_retry_ms = 400000"},
        {"[store]\nsecret = ", "[store]\nsecrets = "},
        {"[[caller]]\nidentity", "[caller]\nidentity"},
        {"[listen]", "[[listen]]"},
    };
    for (const auto& [from, to] : changes) {
        const auto result = parse(changed(from, to));
        ASSERT_FALSE(result.has_value()) << to;
        EXPECT_EQ(result.error().code, Errc::malformed) << to;
        EXPECT_FALSE(result.error().problems.empty()) << to;
    }
}

TEST(Config, WhatIsNoTomlIsRefusedWithItsPlace) {
    const auto result = parse("agency = \"willow\"\ndata_dir = CANARY\n");
    ASSERT_FALSE(result.has_value());
    ASSERT_EQ(result.error().problems.size(), 1U);
    EXPECT_EQ(result.error().problems.front().type, "config/syntax");
    EXPECT_TRUE(result.error().problems.front().pointer.starts_with("gateway.toml:2:")) << result.error().problems.front().pointer;
    EXPECT_FALSE(parse("agency = \"willow\"\nagency = \"willow\"\n").has_value());
}

TEST(Config, NoErrorRepeatsAValue) {
    // Somebody puts a passphrase where it does not belong.
    for (const auto* text : {"agency = \"CANARY pass\"\n", "passphrase = \"CANARY pass\"\n", "passphrase = 'CANARY\n", "log_level = \"CANARY\"\n",
                             "CANARY = 1\n", "[listen]\noffice = \"CANARY\"\n", "[peers]\nallow = [\"CANARY x\"]\n", "[CANARY]\nx = 1\n",
                             "[[caller]]\nidentity = \"CANARY\"\nmay = [\"CANARY\"]\nroles = [\"CANARY x\"]\n", "x = CANARY\n"}) {
        const auto result = parse(text);
        ASSERT_FALSE(result.has_value());
        EXPECT_EQ(words(result.error()).find("CANARY"), std::string::npos) << words(result.error());
    }
}

TEST(Config, AMissingFileSaysSo) {
    EXPECT_EQ(load_config("/nonexistent/gateway.toml").error().code, Errc::not_found);
}

}  // namespace
}  // namespace cg::config
