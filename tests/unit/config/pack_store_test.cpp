#include "config/pack_store.hpp"

#include "tests/oracles/oracle.hpp"

#include <gtest/gtest.h>

#include <csignal>
#include <fstream>
#include <functional>
#include <sys/wait.h>
#include <unistd.h>

namespace cg::config {
namespace {

namespace fs = std::filesystem;

auto pack(const std::string& text) -> SignedPack {
    return {{{"pack.toml", text}, {"purposes/one.toml", "id = 1\n"}}, {{"signatures/ig-lead.jws", "{}"}}};
}
void write(const fs::path& file, std::string_view text) {
    std::ofstream{file, std::ios::binary} << text;
}

class Store : public ::testing::Test {
protected:
    [[nodiscard]] auto root() const -> fs::path { return folder_.path() / "packs"; }
    oracle::TemporaryFolder folder_;
    PackStore store_{folder_.path() / "packs"};
};

TEST_F(Store, GivesBackWhatWasPutIn) {
    const auto version = store_.put(pack("a")).value();
    const auto back = store_.get(version).value();
    EXPECT_EQ(back.files, pack("a").files);
    EXPECT_EQ(back.signatures, pack("a").signatures);
    EXPECT_EQ(store_.put(pack("a")).value(), version);
    EXPECT_NE(store_.put(pack("b")).value(), version);
    EXPECT_EQ(store_.find(policy::pack_hash(pack("b").files)).value().files, pack("b").files);
    EXPECT_EQ(store_.find("sha256:00").error().code, Errc::not_found);
}

TEST_F(Store, AnotherSignatureIsAnotherVersion) {
    auto again = pack("a");
    again.signatures["signatures/guardian.jws"] = "{}";
    EXPECT_NE(store_.put(pack("a")).value(), store_.put(again).value());
}

TEST_F(Store, WhatWasChangedOnDiskIsNotBelieved) {
    const auto version = store_.put(pack("a")).value();
    const auto place = root() / "versions" / version;
    for (const auto& damage : std::vector<std::function<void()>>{
             [&] { write(place / "pack.toml", "changed"); }, [&] { fs::remove(place / "purposes/one.toml"); },
             [&] { write(place / "tests.toml", "more"); }, [&] { fs::remove(place / "signatures/ig-lead.jws"); },
             [&] { fs::remove(place / "pack.toml"); }}) {
        damage();
        const auto read = store_.get(version);
        ASSERT_FALSE(read.has_value());
        EXPECT_EQ(read.error().code, Errc::corrupt);
        EXPECT_EQ(read.error().problems.front().type, "pack/stored-damaged");
        ASSERT_EQ(store_.put(pack("a")).value(), version) << "the same pack again mends it";
        ASSERT_TRUE(store_.get(version).has_value());
    }
}

TEST_F(Store, NoNameLeadsOutOfIt) {
    for (const char* name : {"../evil.toml", "/etc/evil.toml", "a/b/c.toml", "..", "a/..", ""}) {
        auto bad = pack("a");
        bad.files[name] = "x";
        EXPECT_EQ(store_.put(bad).error().code, Errc::malformed) << name;
    }
    EXPECT_EQ(store_.get("../../etc").error().code, Errc::not_found);
    EXPECT_FALSE(fs::exists(folder_.path() / "evil.toml"));
}

TEST_F(Store, RemembersWhatIsInForce) {
    EXPECT_EQ(store_.in_force().value(), InForce{});
    const InForce state{store_.put(pack("a")).value(), store_.put(pack("b")).value(), store_.put(pack("b")).value(),
                        ""};
    ASSERT_TRUE(store_.set(state).has_value());
    EXPECT_EQ(store_.in_force().value(), state);
    write(root() / "in-force.json", R"({"current":"../x"})");
    EXPECT_EQ(store_.in_force().error().code, Errc::corrupt);
    write(root() / "in-force.json", "");
    EXPECT_EQ(store_.in_force().error().code, Errc::corrupt);
}

TEST_F(Store, ARequestIsAnsweredOnce) {
    const auto id = store_.ask({"activate", "t.abernathy", pack(std::string{"\xff\0 any bytes", 12}), {}}).value();
    EXPECT_EQ(store_.waiting(), std::vector{id});
    const auto request = store_.request(id).value();
    EXPECT_EQ(request.action, "activate");
    EXPECT_EQ(request.pack.files, pack(std::string{"\xff\0 any bytes", 12}).files);
    EXPECT_FALSE(store_.take_answer(id).value().has_value());
    ASSERT_TRUE(store_.answer(id, Json::object({{"in_force", true}})).has_value());
    EXPECT_TRUE(store_.waiting().empty());
    EXPECT_TRUE((*store_.take_answer(id).value())["in_force"].is_true());
    EXPECT_FALSE(store_.take_answer(id).value().has_value());
}

TEST_F(Store, ARequestCanBeWithdrawnUntilItIsAnswered) {
    const auto id = store_.ask({"rollback", "t.abernathy", {}, {}}).value();
    EXPECT_TRUE(store_.withdraw(id));
    EXPECT_FALSE(store_.withdraw(id));
    write(root() / "requests/ask-half.json", R"({"action":"activate","fi)");
    EXPECT_EQ(store_.request("ask-half").error().code, Errc::malformed);
}

TEST_F(Store, WhatAKilledGatewayLeftHalfDoneIsTakenAwayByTheNext) {
    const auto version = store_.put(pack("a")).value();
    ASSERT_TRUE(store_.set({version, "", version, ""}).has_value());
    write(root() / "in-force.json.new-abc", "{");
    fs::create_directories(root() / "versions/.new-abc");
    ASSERT_TRUE(store_.claim().has_value());
    EXPECT_FALSE(fs::exists(root() / "in-force.json.new-abc"));
    EXPECT_FALSE(fs::exists(root() / "versions/.new-abc"));
    EXPECT_EQ(store_.in_force().value().current, version);
    EXPECT_TRUE(store_.get(version).has_value());
}

TEST_F(Store, HasOneHolder) {
    EXPECT_EQ(store_.holder(), 0) << "nobody, not even a folder";
    int told[2];
    ASSERT_EQ(::pipe(told), 0);
    const auto child = ::fork();
    if (child == 0) {
        const char answer = store_.claim().has_value() ? 'y' : 'n';
        if (::write(told[1], &answer, 1) != 1) ::_exit(1);
        for (;;) ::pause();
    }
    char answer = 0;
    ASSERT_EQ(::read(told[0], &answer, 1), 1);
    EXPECT_EQ(answer, 'y');
    EXPECT_EQ(store_.holder(), child);
    EXPECT_EQ(store_.claim().error().code, Errc::conflict);
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    EXPECT_EQ(store_.holder(), 0) << "ended without a word";
    for (const int fd : told) ::close(fd);
}

}  // namespace
}  // namespace cg::config
