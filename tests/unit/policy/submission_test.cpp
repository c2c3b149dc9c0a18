#include "policy/words.hpp"

#include <gtest/gtest.h>

#include "support.hpp"

namespace cg::policy::testing {
namespace {

auto problems_of(Json document) -> std::vector<std::pair<std::string, std::string>> {
    std::vector<std::pair<std::string, std::string>> out;
    const auto result = parse_submission(std::move(document));
    if (result) return out;
    for (const auto& problem : result.error().problems) out.emplace_back(problem.type, problem.pointer);
    return out;
}
using Problems = std::vector<std::pair<std::string, std::string>>;

TEST(Submission, ACompleteOneIsRead) {
    const auto submission = parsed(referral());
    EXPECT_EQ(submission.purpose, "child-protection-referral");
    EXPECT_EQ(submission.recipients.size(), 3U);
    EXPECT_EQ(submission.urgency, "urgent");
    EXPECT_EQ(submission.actor.auth, "passkey");
}

TEST(Submission, EverythingWrongIsSaidAtOnce) {
    auto document = referral();
    document.set("schema", "submission/9");
    document.set("colour", "blue");
    document.set("purpose", 7);
    document.set("recipients", Json::texts(std::vector<std::string>{"a@b", "a@b"}));
    document.find("actor")->erase("auth");
    set_at(document, "/people/0/household", "perhaps");
    set_at(document, "/concerns/1/observed_on", "2026-02-30");
    set_at(document, "/child/address", "3 Quillfeather Mews");
    set_at(document, "/concerns/3/id", "c1");
    EXPECT_EQ(problems_of(document), (Problems{{"submission/schema", "/schema"},
                                               {"submission/member-unknown", "/colour"},
                                               {"submission/wrong-type", "/purpose"},
                                               {"submission/recipient-repeated", "/recipients/1"},
                                               {"submission/member-missing", "/actor/auth"},
                                               {"case/type", "/case/child/address"},
                                               {"case/type", "/case/people/0/household"},
                                               {"case/type", "/case/concerns/1/observed_on"},
                                               {"case/id-repeated", "/case/concerns/3/id"}}));
}

TEST(Submission, AListWithoutEndIsRefusedBeforeAnythingIsDecided) {
    auto document = referral();
    auto spans = Json::array();
    for (int i = 0; i < 2'001; ++i) spans.push(parse_json(R"({"words":"x","tag":"health:p1"})").value());
    set_at(document, "/concerns/0/spans", spans);
    EXPECT_EQ(problems_of(document), (Problems{{"case/too-many", "/case/concerns/0/spans"}}));
    spans.if_array()->pop_back();
    set_at(document, "/concerns/0/spans", spans);
    EXPECT_TRUE(parse_submission(document)) << "as long as it may be";
    for (const auto* place : {"/concerns/1/spans", "/concerns/2/spans"}) set_at(document, place, spans);
    EXPECT_EQ(problems_of(document), (Problems{{"case/too-many", "/case/concerns/2/spans"}})) << "too many in all";
}

TEST(Submission, NoValueOfTheMessageIsInAnError) {
    auto document = referral();
    set_at(document, "/concerns/1/observed_on", "the day Wren cried");
    set_at(document, "/child/sex", 3);
    const auto result = parse_submission(document);
    ASSERT_FALSE(result);
    for (const auto& problem : result.error().problems)
        EXPECT_EQ((problem.fix + problem.type + problem.pointer).find("Wren"), std::string::npos);
}

TEST(Submission, AnUnknownLeafIsNoErrorAndAWordForNotKnownFitsEverywhere) {
    auto document = referral();
    set_at(document, "/child/shoe_size", 34);
    set_at(document, "/child/date_of_birth", "not-known");
    set_at(document, "/people/0/household", "not-known");
    EXPECT_TRUE(problems_of(document).empty());
}

TEST(Submission, AFieldThatWasLeftEmptyIsMissingAndNotMalformed) {
    auto document = referral();
    for (const auto* leaf : {"/child/date_of_birth", "/concerns/0/observed_on"}) set_at(document, leaf, "");
    EXPECT_TRUE(problems_of(document).empty());
    const auto decision = decided(document);
    EXPECT_TRUE(has_problem(decision.recipients[0], "adequacy/field-missing", "/case/child/date_of_birth"));
    EXPECT_TRUE(has_problem(decision.recipients[0], "adequacy/concern-unsourced", "/case/concerns/0/observed_on"));
    set_at(document, "/timing/urgency", "emergency");
    for (const auto* leaf : {"/child/description/height_cm", "/people/2/date_of_birth", "/consent/to_share/on",
                             "/informing/inform_review_on", "/risk/significant_harm", "/timing/concern_arose"})
        set_at(document, leaf, " ");
    EXPECT_EQ(decided(document).recipients[0].outcome, Outcome::permit) << "an emergency does not wait for it";
    for (const auto* flag : {"/people/0/identity_protected", "/child/address/restricted"}) set_at(document, flag, "");
    const auto protecting = decided(document);
    EXPECT_FALSE(is_released(protecting.recipients[2], "/people/0/name")) << "what protects is not uncovered by an empty field";
}

TEST(Submission, ADocumentThatIsNoneIsRefused) {
    for (const auto* text : {"null", "[]", "7", "{}", R"({"schema":"submission/1","case":[]})"})
        EXPECT_FALSE(parse_submission(parse_json(text).value())) << text;
}

TEST(Words, PeriodsAreReadAndAdded) {
    const auto plus = [](const char* from, const char* period) {
        const std::vector<Date> holidays{parse_date("2026-04-06").value()};
        return to_rfc3339(add(at(from), parse_period(period).value(), holidays));
    };
    EXPECT_EQ(plus("2026-04-03T10:00:00Z", "P1D working"), "2026-04-07T10:00:00Z") << "a weekend and a holiday between";
    EXPECT_EQ(plus("2024-02-29T10:00:00Z", "P1Y"), "2025-02-28T10:00:00Z");
    EXPECT_EQ(plus("2026-01-31T10:00:00Z", "P1M"), "2026-02-28T10:00:00Z");
    EXPECT_EQ(plus("2026-03-28T23:30:00Z", "PT24H"), "2026-03-29T23:30:00Z") << "over the change of the clocks";
    for (const auto* bad :
         {"", "P", "PT", "1D", "P1X", "P-1D", "PT1D", "P1M working", "P999999999999D", "P1D  working"})
        EXPECT_FALSE(parse_period(bad)) << bad;
}

}  // namespace
}  // namespace cg::policy::testing
