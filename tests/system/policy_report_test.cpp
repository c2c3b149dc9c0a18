// What the log tells afterwards: a decision in words, another policy's counts, records that came late.
#include "tests/system/policy_change_support.hpp"
#include "tests/system/referral.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>

namespace cg::test {
namespace {

class RequirementPolicyReport : public ::testing::Test {
protected:
    static void SetUpTestSuite() {
        federation_ = std::make_unique<Federation>();
        ASSERT_TRUE(federation_->start());
        decision_ = send(referral());
        ASSERT_FALSE(decision_.empty());
    }
    static void TearDownTestSuite() { federation_.reset(); }
    static auto send(const Json& submission) -> std::string {
        const auto [status, answer] = federation_->ask({"send", "-"}, "willow", to_jcs(submission));
        EXPECT_EQ(status, 0) << to_jcs(answer);
        return std::string{answer["decision_id"].text()};
    }
    static auto run(std::vector<std::string> words) -> RunResult {
        return federation_->run(std::move(words), "willow");
    }

    static inline std::unique_ptr<Federation> federation_;
    static inline std::string decision_;
};

TEST_F(RequirementPolicyReport, FW_8_explain_prints_the_documents_and_every_reason_and_nobodys_name) {
    const auto result = run({"policy", "explain", decision_, "--all"});
    ASSERT_EQ(result.status, 0) << result.err;
    for (const char* text : {"ICO-10-step-2023", "A 10 step guide", "ISA-EX-014", "2026.2",
                             "csc.front-door@exampleshire", "What would change the answer", "A legal basis is named"})
        EXPECT_NE(result.out.find(text), std::string::npos) << text << " is not in: " << result.out;
    EXPECT_NE(result.out.find("- pass. What is asked for: A legal basis is named"), std::string::npos)
        << "a rule is not read as a fact: " << result.out;
    for (const char* personal : {"Sampleton", "Casey", "Jordan"})
        EXPECT_EQ(result.out.find(personal), std::string::npos) << personal;
    const auto named = run({"policy", "explain", decision_, "--personal"});
    EXPECT_NE(named.out.find("Sampleton"), std::string::npos) << named.out << named.err;
    EXPECT_EQ(run({"policy", "explain", "dec-aaaaaaaaaaaaaaaaaaaaaaaaaa"}).status, 65);
    EXPECT_EQ(run({"policy", "explain", "nonsense"}).status, 65);
}

TEST_F(RequirementPolicyReport, FW_8_explain_says_what_would_change_a_refusal) {
    auto refused = referral();
    refused.find("case")->set("case_ref", "REFUSED-1");
    refused.find("case")->find("basis")->set("article6", "");
    const auto [status, answer] = federation_->ask({"send", "-"}, "willow", to_jcs(refused));
    ASSERT_EQ(status, 1) << to_jcs(answer);
    const std::string id{answer["decision_id"].text()};
    EXPECT_EQ(run({"policy", "explain", id}).out.find("Nothing is asked for"), std::string::npos);
    const auto full = run({"policy", "explain", id, "--personal"});
    EXPECT_NE(full.out.find("which legal basis you share on"), std::string::npos) << full.out << full.err;
}

TEST_F(RequirementPolicyReport, RC_4_repeat_makes_a_recorded_decision_again_from_the_very_file) {
    const auto file = federation_->path("again.json");
    auto message = referral();
    message.find("case")->set("case_ref", "AGAIN-1");
    std::ofstream{file} << to_pretty_json(message);
    const auto [status, answer] = federation_->ask({"send", file}, "willow");
    ASSERT_EQ(status, 0) << to_jcs(answer);
    const std::string id{answer["decision_id"].text()};
    const auto same = run({"policy", "repeat", id, "--message", file});
    EXPECT_EQ(same.status, 0) << same.out << same.err;
    EXPECT_NE(same.out.find("The same, bit for bit"), std::string::npos) << same.out;
    for (const char* personal : {"Sampleton", "Casey", "AGAIN-1"})
        EXPECT_EQ(same.out.find(personal), std::string::npos) << personal;
    std::ofstream{file, std::ios::app} << "\n";
    const auto other = run({"policy", "repeat", id, "--message", file});
    EXPECT_EQ(other.status, 65) << other.out;
    EXPECT_NE(other.err.find("exactly as it was handed in"), std::string::npos) << other.err;
    EXPECT_EQ(run({"policy", "repeat", "nonsense", "--message", file}).status, 65);
}

TEST_F(RequirementPolicyReport, ReplayCountsWithoutPersonalDataAndSuppressesSmallNumbers) {
    const auto draft = Signatories::get().draft("replay", "2026.9");
    Signatories::edit(draft / "purposes/child-protection-referral.toml", "\"nhs\", ", "");
    Signatories::edit(draft / "purposes/child-protection-referral.toml", "not_necessary = [",
                      "not_necessary = [\"nhs\", ");
    const auto result = run({"policy", "replay", "--with", draft.string(), "--since", "1h"});
    ASSERT_EQ(result.status, 0) << result.err;
    EXPECT_NE(result.out.find("Now withheld"), std::string::npos) << result.out;
    EXPECT_NE(result.out.find("NHS number"), std::string::npos) << result.out;
    EXPECT_NE(result.out.find("fewer than 5"), std::string::npos) << result.out;
    EXPECT_NE(result.out.find("What cannot be told"), std::string::npos) << result.out;
    for (const char* personal : {"Sampleton", "Casey", "dec-"})
        EXPECT_EQ(result.out.find(personal), std::string::npos) << personal;
    const auto [status, exact] = federation_->ask({"policy", "replay", "--with", draft.string(), "--exact"}, "willow");
    EXPECT_EQ(status, 0);
    EXPECT_EQ((*exact["now_withheld"].if_array())[0]["group"].text(), "nhs") << to_jcs(exact);
    EXPECT_EQ(run({"policy", "replay", "--with", draft.string(), "--since", "soon"}).status, 64);
    EXPECT_EQ(run({"policy", "replay", "--with", "/no/such/folder"}).status, 65);
}

TEST_F(RequirementPolicyReport, RC_7_a_record_that_came_long_after_the_decision_is_reported) {
    auto late = referral();
    late.find("case")->set("case_ref", "LATE-1");
    late.find("case")->find("timing")->set("decided_at", minutes_ago(45));
    const auto id = send(late);
    const auto found = run({"report", "late-records", "--since", "1h", "--limit", "30m", "--json"});
    EXPECT_EQ(found.status, 1) << found.err;
    const auto json = parse_json(found.out).value();
    ASSERT_EQ(json["late_records"].size(), 1U) << found.out;
    const auto& one = json["late_records"].if_array()->front();
    EXPECT_EQ(one["decision_id"].text(), id);
    for (const char* moment : {"concern_arose", "decided_at", "recorded_at", "signed_at"})
        EXPECT_TRUE(parse_instant(one[moment].text()).has_value()) << moment;
    EXPECT_GE(one["gap_seconds"].integer_or(0), 45 * 60);
    EXPECT_EQ(run({"report", "late-records", "--since", "1h", "--limit", "2h"}).status, 0) << "within the limit";
    EXPECT_NE(run({"report", "late-records", "--limit", "30m"}).out.find(id), std::string::npos);
}

}  // namespace
}  // namespace cg::test
