// casegate check without a gateway: syntax, and whole decisions from files.
#include "gateway/base/json.hpp"
#include "tests/oracles/oracle.hpp"
#include "tests/system/process.hpp"

#include <gtest/gtest.h>

#include <filesystem>

namespace cg::test {
namespace {

const std::string pack = CG_SOURCE_DIR "/config/packs/exampleshire";
const std::string cases = CG_SOURCE_DIR "/config/examples/cases/";
constexpr const char* written_for = "2026-03-03T12:58:00Z";

auto offline(const std::string& file, const std::string& input = {}) -> RunResult {
    return casegate({"check", "--pack", pack, "--as", "willow", "--at", written_for, "--json", file}, {.input = input});
}

auto referral() -> Json {
    return parse_json(view_text(oracle::read_file(cases + "child-protection-referral.json"))).value();
}

auto json_of(const RunResult& result) -> Json {
    auto json = parse_json(result.out, {.max_bytes = 64U << 20U, .max_depth = 64});
    EXPECT_TRUE(json.has_value()) << result.out << result.err;
    return json.has_value() ? std::move(json).value() : Json{};
}

TEST(SyntaxOnly, AgreesWithThePublishedVectors) {
    const std::filesystem::path folder = CG_SHARED_DIR "/vectors/json/test_parsing";
    if (!std::filesystem::exists(folder)) GTEST_SKIP() << "the JSON vectors are not here: " << folder;
    std::size_t seen = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        const auto name = entry.path().filename().string();
        const auto result = casegate({"check", "--syntax-only", entry.path().string()});
        const bool well_formed = parse_json(oracle::read_file(entry.path())).has_value();
        EXPECT_EQ(result.status, well_formed ? 0 : 65) << name << result.err;
        if (name.starts_with("n_")) {
            EXPECT_EQ(result.status, 65) << name;
        }
        if (name.starts_with("y_") && name.find("duplicated_key") == std::string::npos) {
            EXPECT_EQ(result.status, 0) << name;
        }
        ++seen;
    }
    EXPECT_GT(seen, 150U);
}

TEST(SyntaxOnly, NamesThePlaceAndTheFix) {
    const auto people = casegate({"check", "--syntax-only", "-"}, {.input = R"({"a":{"b":1,"b":2}})"});
    EXPECT_EQ(people.status, 65);
    EXPECT_NE(people.err.find("/a/b"), std::string::npos) << people.err;
    const auto machine = casegate({"check", "--syntax-only", "--json", "-"}, {.input = R"({"a":{"b":1,"b":2}})"});
    const auto json = json_of(machine);
    ASSERT_EQ(json["problems"].size(), 1U);
    EXPECT_EQ((*json["problems"].if_array())[0]["pointer"].text(), "/a/b");
    EXPECT_FALSE((*json["problems"].if_array())[0]["fix"].text().empty());
}

TEST(SyntaxOnly, DeepNestingAndLargeInputAreRefusedWithoutTrouble) {
    EXPECT_EQ(casegate({"check", "--syntax-only"}, {.input = std::string(10'000, '[')}).status, 65);
    EXPECT_EQ(casegate({"check", "--syntax-only"}, {.input = std::string(std::size_t{100} << 20U, ' ')}).status, 65);
}

TEST(OfflineCheck, PermitsTheExampleToEverybodyWithTheirViews) {
    const auto result = offline(cases + "child-protection-referral.json");
    EXPECT_EQ(result.status, 0) << result.out << result.err;
    const auto decision = json_of(result);
    EXPECT_EQ(decision["outcome"].text(), "PERMIT");
    ASSERT_EQ(decision["recipients"].size(), 3U);
    for (const auto& one : *decision["recipients"].if_array()) {
        EXPECT_EQ(one["outcome"].text(), "PERMIT") << one["to"].text();
        EXPECT_TRUE(one["view"].is_object());
        EXPECT_GT(one["withheld"].size(), 0U);
    }
    EXPECT_TRUE(decision["pack"]["hash"].text().starts_with("sha256:"));
}

TEST(OfflineCheck, TheSameFilesGiveTheSameBytes) {
    EXPECT_EQ(offline(cases + "child-protection-referral.json").out,
              offline(cases + "child-protection-referral.json").out);
}

TEST(OfflineCheck, ADenialIsNotAFault) {
    const auto result = offline(cases + "child-in-need-refused.json");
    EXPECT_EQ(result.status, 1) << result.out << result.err;
    const auto decision = json_of(result);
    EXPECT_EQ(decision["outcome"].text(), "DENY");
    EXPECT_GT(decision["what_would_change"].size(), 0U);
}

TEST(OfflineCheck, OneRecipientThatIsDeniedIsEnoughForANo) {
    auto submission = referral();
    submission.find("recipients")->push("no.such-role@exampleshire");
    const auto result = offline("-", to_jcs(submission));
    EXPECT_EQ(result.status, 1) << result.out << result.err;
    EXPECT_EQ(json_of(result)["outcome"].text(), "PERMIT");
}

TEST(OfflineCheck, AnUnknownPurposeIsDenied) {
    auto submission = referral();
    submission.set("purpose", "curiosity");
    EXPECT_EQ(offline("-", to_jcs(submission)).status, 1);
}

TEST(OfflineCheck, BadInputListsAllThatIsWrongAndNoValue) {
    auto submission = referral();
    submission.set("recipients", Json::array());
    submission.erase("actor");
    submission.find("case")->find("child")->set("date_of_birth", "PRIVATE-VALUE");
    const auto result = offline("-", to_jcs(submission));
    EXPECT_EQ(result.status, 65) << result.out << result.err;
    EXPECT_GE(json_of(result)["problems"].size(), 3U) << result.out;
    EXPECT_EQ((result.out + result.err).find("PRIVATE-VALUE"), std::string::npos);
}

TEST(OfflineCheck, EachMistakeHasOneClearError) {
    const auto file = cases + "child-protection-referral.json";
    const auto check = [&](std::vector<std::string> words) {
        words.insert(words.begin(), "check");
        return casegate(words);
    };
    EXPECT_EQ(check({"--pack", pack, file}).status, 64);
    EXPECT_EQ(check({"--pack", pack, "--as", "nobody", "--at", written_for, file}).status, 65);
    EXPECT_EQ(check({"--pack", pack, "--as", "willow", "--at", "yesterday", file}).status, 65);
    EXPECT_EQ(check({"--pack", "/no/such/folder", "--as", "willow", "--at", written_for, file}).status, 65);
    EXPECT_EQ(check({"--pack", pack, "--as", "willow", "--at", written_for, "/no/such/file"}).status, 65);
    EXPECT_EQ(offline("-", "{").status, 65);
    EXPECT_EQ(offline("-", "[]").status, 65);
    EXPECT_EQ(offline("-", "").status, 65);
}

TEST(OfflineCheck, ForPeopleItSaysWhatStaysBehindAndWhy) {
    const auto result = casegate(
        {"check", "--pack", pack, "--as", "willow", "--at", written_for, cases + "child-protection-referral.json"});
    EXPECT_EQ(result.status, 0) << result.err;
    for (const char* words : {"csc.front-door@exampleshire", "family members' official numbers", "not needed for this",
                              "would give away somebody who is protected"})
        EXPECT_NE(result.out.find(words), std::string::npos) << words << "\n" << result.out;
}

}  // namespace
}  // namespace cg::test
