// casegate policy and casegate export: what an information governance lead runs.
#include "gateway/base/json.hpp"
#include "tests/system/process.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace cg::test {
namespace {

namespace fs = std::filesystem;
const std::string pack = CG_SOURCE_DIR "/config/packs/exampleshire";

auto json_of(const RunResult& result) -> Json {
    auto json = parse_json(result.out);
    EXPECT_TRUE(json.has_value()) << result.out << result.err;
    return json.has_value() ? std::move(json).value() : Json{};
}

/// A copy of the example pack that is taken away again.
class PackCopy {
public:
    PackCopy() {
        std::string name = (fs::temp_directory_path() / "casegate-policy-XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr) std::abort();
        folder_ = name;
        fs::copy(pack, folder_, fs::copy_options::recursive);
    }
    ~PackCopy() {
        std::error_code ignored;
        fs::remove_all(folder_, ignored);
    }
    PackCopy(const PackCopy&) = delete;
    auto operator=(const PackCopy&) -> PackCopy& = delete;

    [[nodiscard]] auto path() const -> std::string { return folder_.string(); }
    void replace(const std::string& file, const std::string& from, const std::string& to) {
        std::ifstream in(folder_ / file);
        std::string text{std::istreambuf_iterator<char>(in), {}};
        const auto at = text.find(from);
        ASSERT_NE(at, std::string::npos) << file << ": " << from;
        write(file, text.replace(at, from.size(), to));
    }
    void write(const std::string& file, const std::string& text) { std::ofstream(folder_ / file) << text; }

private:
    fs::path folder_;
};

TEST(PolicyLint, FindsNoErrorInTheExamplePack) {
    const auto result = casegate({"policy", "lint", pack, "--at", "2026-04-13"});
    EXPECT_EQ(result.status, 0) << result.out << result.err;
    EXPECT_NE(result.out.find("0 errors"), std::string::npos) << result.out;
    EXPECT_EQ(json_of(casegate({"policy", "lint", pack, "--json"}))["errors"].integer_or(-1), 0);
}

TEST(PolicyLint, ListsAllErrorsWithPlaceReasonAndRemedy) {
    PackCopy copy;
    copy.replace("purposes/early-help.toml", "agreement = ", "agrement = ");
    copy.replace("pack.toml", "\"caldicott-guardian\"", "\"ig-lead\"");
    const auto people = casegate({"policy", "lint", copy.path()});
    EXPECT_EQ(people.status, 65) << people.out << people.err;
    for (const char* words : {"purposes/early-help.toml:", "[pack/agreement-missing]", "[pack/key-unknown]",
                              "[pack/signatories-too-few]", "Why it matters:", "What to do:", "3 errors"})
        EXPECT_NE(people.out.find(words), std::string::npos) << words << "\n" << people.out;
    const auto machine = casegate({"policy", "lint", copy.path(), "--json"});
    EXPECT_EQ(machine.status, 65);
    const auto json = json_of(machine);
    EXPECT_EQ(json["errors"].integer_or(0), 3) << machine.out;
    for (const auto& one : *json["findings"].if_array())
        for (const char* member : {"severity", "id", "place", "what", "why", "fix"})
            EXPECT_FALSE(one[member].text().empty()) << member;
}

TEST(PolicyLint, WhatIsNoPolicyIsBadInput) {
    EXPECT_EQ(casegate({"policy", "lint", "/no/such/folder"}).status, 65);
    EXPECT_EQ(casegate({"policy", "lint"}).status, 64);
    EXPECT_EQ(casegate({"policy", "lint", pack, "--at", "tomorrow"}).status, 64);
    EXPECT_EQ(casegate({"policy"}).status, 64);
}

TEST(PolicyDiff, TellsAWideningInWordsAndByItsExitStatus) {
    const auto same = casegate({"policy", "diff", pack, pack});
    EXPECT_EQ(same.status, 0) << same.err;
    EXPECT_NE(same.out.find("No difference"), std::string::npos);
    PackCopy copy;
    copy.replace("purposes/early-help.toml", "\"/child/address/uprn\" = \"not_necessary\"\n", "");
    copy.replace("purposes/early-help.toml", "\"/child/views/told_cannot_promise\" = \"not_necessary\"",
                 "\"/child/views/told_cannot_promise\" = \"forbid\"");
    const auto wider = casegate({"policy", "diff", pack, copy.path()});
    EXPECT_EQ(wider.status, 1) << wider.out << wider.err;
    EXPECT_TRUE(wider.out.starts_with("More may be shared")) << wider.out;
    EXPECT_NE(wider.out.find("NOW RELEASED: the child's property number (UPRN) to charity.lead-worker"),
              std::string::npos)
        << wider.out;
    EXPECT_NE(wider.out.find("second, different signatory"), std::string::npos);
    const auto narrower = casegate({"policy", "diff", copy.path(), pack, "--json"});
    EXPECT_EQ(narrower.status, 0) << narrower.out;
    EXPECT_FALSE(json_of(narrower)["widens"].is_true());
    EXPECT_GT(json_of(narrower)["changes"].size(), 0U);
}

TEST(PolicyTest, RunsTheTablesAndReportsTheRulesTheyUsed) {
    const auto result = casegate({"policy", "test", pack});
    EXPECT_EQ(result.status, 0) << result.out << result.err;
    EXPECT_NE(result.out.find("0 failed"), std::string::npos) << result.out;
    EXPECT_NE(result.out.find("% of the policy's rules were used"), std::string::npos) << result.out;
    const auto json = json_of(casegate({"policy", "test", pack, "--json"}));
    EXPECT_GT(json["rows"].size(), 0U);
    EXPECT_EQ(json["coverage"]["rules"].integer_or(0),
              json["coverage"]["hit"].integer_or(-1) + static_cast<std::int64_t>(json["coverage"]["missed"].size()));
}

TEST(PolicyTest, AFailedRowSaysWhatDiffered) {
    PackCopy copy;
    copy.write("tests/mine.toml",
               "[[row]]\nname = \"the charity sees it all\"\ngiven = { case = \"family\" }\n"
               "when = { purpose = \"child-protection-referral\", to = \"csc.front-door@exampleshire\" }\n"
               "then = { outcome = \"PERMIT\", released = [\"fam_numbers\"] }\n");
    const auto failed = casegate({"policy", "test", copy.path()});
    EXPECT_EQ(failed.status, 1) << failed.out << failed.err;
    EXPECT_NE(failed.out.find("FAILED"), std::string::npos);
    EXPECT_NE(failed.out.find("fam_numbers is not released: FORBIDDEN"), std::string::npos) << failed.out;
    copy.write("tests/mine.toml", "[[row]]\n");
    EXPECT_EQ(casegate({"policy", "test", copy.path()}).status, 65);
}

TEST(PolicyShow, AnswersInOneLook) {
    const auto page = casegate({"policy", "show", pack, "--purpose", "early-help", "--role", "charity.lead-worker"});
    EXPECT_EQ(page.status, 0) << page.err;
    const auto condition = page.out.find("Only if a condition holds");
    ASSERT_NE(condition, std::string::npos) << page.out;
    EXPECT_NE(page.out.find("mental health", condition), std::string::npos) << page.out;
    EXPECT_NE(page.out.find("ISA-EX-021"), std::string::npos) << page.out;
    EXPECT_EQ(json_of(casegate({"policy", "show", pack, "--purpose", "early-help", "--role", "charity.lead-worker",
                                "--json"}))["agreement"]
                  .text(),
              "ISA-EX-021");
    EXPECT_EQ(casegate({"policy", "show", pack, "--purpose", "early-help", "--role", "nobody"}).status, 64);
    EXPECT_EQ(casegate({"policy", "show", pack, "--purpose", "early-help"}).status, 64);
}

TEST(PolicyShow, ListsTheEightPrinciples) {
    const auto page = casegate({"policy", "show", pack, "--purpose", "marac", "--principles"});
    EXPECT_EQ(page.status, 0) << page.err;
    for (const char* words : {"1. Justify the purpose", "8. Inform people how their information is used"})
        EXPECT_NE(page.out.find(words), std::string::npos) << page.out;
    EXPECT_EQ(json_of(casegate({"policy", "show", pack, "--purpose", "marac", "--principles", "--json"})).size(), 8U);
}

TEST(PolicyMatrix, IsATableAPageAndASheet) {
    const auto text = casegate({"policy", "matrix", pack});
    EXPECT_EQ(text.status, 0) << text.err;
    EXPECT_NE(text.out.find("charity.lead-worker"), std::string::npos);
    const auto html = casegate({"policy", "matrix", pack, "--html"});
    EXPECT_EQ(html.status, 0);
    EXPECT_TRUE(html.out.starts_with("<!DOCTYPE html>"));
    const auto csv = casegate({"policy", "matrix", pack, "--csv"});
    EXPECT_TRUE(csv.out.starts_with("purpose,role,"));
    const auto json = json_of(casegate({"policy", "matrix", pack, "--json"}));
    EXPECT_EQ(static_cast<std::size_t>(std::ranges::count(csv.out, '\n')), json.size() + 1);
    EXPECT_EQ(casegate({"policy", "matrix", pack, "--html", "--csv"}).status, 64);
}

TEST(Export, WritesTheRegisters) {
    const auto json = json_of(casegate({"export", "art30", pack}));
    EXPECT_GT(json.size(), 10U);
    const auto csv = casegate({"export", "art30", pack, "--csv"});
    EXPECT_EQ(csv.status, 0) << csv.err;
    EXPECT_TRUE(csv.out.starts_with("purpose_id,"));
    const auto policies = json_of(casegate({"export", "sharing-policy", pack, "--mais"}));
    ASSERT_EQ(policies.size(), json.size());
    EXPECT_FALSE((*policies.if_array())[0]["uri"].text().empty());
    EXPECT_EQ(casegate({"export", "sharing-policy", pack}).status, 64);
}

// AQ-3: the receiving system's maker needs the schema, and not this program's tests.
TEST(Export, WritesTheSchemaOfWhatARoleReceives) {
    const auto schema = json_of(casegate({"export", "view-schema", pack, "--purpose", "child-protection-referral", "--role",
                                          "police.public-protection"}));
    EXPECT_EQ(schema["$schema"].text(), "https://json-schema.org/draft/2020-12/schema");
    const auto& child = schema["properties"]["child"]["properties"];
    EXPECT_EQ(child["sex"]["anyOf"].if_array()->front()["title"].text(), "female");
    EXPECT_EQ(child.find("upn"), nullptr);
    EXPECT_EQ(casegate({"export", "view-schema", pack, "--purpose", "party", "--role", "x"}).status, 64);
    EXPECT_EQ(casegate({"export", "view-schema", pack, "--purpose", "early-help", "--role", "lado"}).status, 64);
}

// OP-8, OP-3: the notice can be printed, and is not where the case says that they must not be told.
TEST(PolicyNotice, IsWrittenForAFamilyAndNotWhereNobodyAtHomeMayLearnOfIt) {
    const auto plain = casegate({"policy", "notice", pack, "--purpose", "early-help"});
    EXPECT_EQ(plain.status, 0) << plain.err;
    for (const auto* part : {"What we hold", "Why we may share it", "Who may need to know"})
        EXPECT_NE(plain.out.find(part), std::string::npos) << part;
    EXPECT_EQ(casegate({"policy", "notice", pack, "--purpose", "party"}).status, 64);

    std::ifstream in(CG_SOURCE_DIR "/config/examples/cases/child-protection-referral.json");
    auto document = parse_json(std::string{std::istreambuf_iterator<char>(in), {}}).value();
    PackCopy folder;
    const auto about = folder.path() + "/case.json";
    const auto ask = [&] {
        std::ofstream(about) << to_jcs(document);
        return casegate({"policy", "notice", pack, "--purpose", "child-protection-referral", "--about", about, "--json"});
    };
    EXPECT_EQ(ask().status, 0);
    EXPECT_TRUE(json_of(ask())["not_yet"].is_true()) << "telling would be a risk now, and may be none later";
    const auto waiting = casegate({"policy", "notice", pack, "--purpose", "child-protection-referral", "--about", about});
    EXPECT_NE(waiting.err.find("Do not give this to the family yet"), std::string::npos) << waiting.err;
    document.find("case")->find("informing")->set("exception", "SUSPECTED_SEXUAL_ABUSE");
    const auto refused = ask();
    EXPECT_EQ(refused.status, 1) << refused.out << refused.err;
    EXPECT_NE((refused.out + refused.err).find("informing/suppressed"), std::string::npos) << refused.out << refused.err;
    EXPECT_EQ(refused.out.find("What we hold"), std::string::npos);
}

}  // namespace
}  // namespace cg::test
