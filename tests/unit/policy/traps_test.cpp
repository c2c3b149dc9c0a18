// Families and numbers as they really are: each trap once.
#include "policy/identifier.hpp"

#include <gtest/gtest.h>

#include "every_cell.hpp"
#include "variants.hpp"

namespace cg::policy::testing {
namespace {

auto warned(const Decision& decision, std::string_view type, std::string_view pointer) -> bool {
    return std::ranges::any_of(decision.warnings,
                               [&](const Problem& one) { return one.type == type && one.pointer == pointer; });
}

// ---- families
// -----------------------------------------------------------------------------------------------------------

TEST(Trap, AnUnbornChildHasAnExpectedDateInsteadOfADateOfBirth) {
    auto document = referral();
    set_recipients(document, {"csc.front-door@exampleshire"});
    remove_at(document, "/child/date_of_birth");
    EXPECT_TRUE(has_problem(first_of(decided(document)), "adequacy/field-missing", "/case/child/date_of_birth"));
    set_at(document, "/unborn", json(R"({"expected_date":"2026-09-01","mother":"p1"})"));
    EXPECT_EQ(decided(document).outcome, Outcome::permit);
    remove_at(document, "/child/views");
    EXPECT_EQ(decided(document).outcome, Outcome::permit) << "and cannot be asked";
    set_at(document, "/child/date_of_birth", "2026-04-01");
    EXPECT_TRUE(has_problem(first_of(decided(document)), "adequacy/voice")) << "born: somebody says why not";
}

TEST(Trap, TwinsInOneFormKeepTheirOwnNumbersAndNames) {
    auto document = referral();
    set_at(document, "/people/2/name", "Finn Larkspur");
    set_at(document, "/people/2/date_of_birth", "2016-10-09");  // as the child's own
    set_at(document, "/people/2/nhs_number", "9990001375");
    const auto decision = decided(document);
    EXPECT_FALSE(has_warning(decision, "accuracy/number-shared"));
    EXPECT_EQ(first_of(decision).view["people"].if_array()->at(2)["date_of_birth"].text(), "2016-10-09");
    EXPECT_TRUE(is_withheld(first_of(decision), "/people/2/nhs_number", WithheldReason::forbidden));
    set_at(document, "/people/2/id", "ch1");
    EXPECT_FALSE(parse_submission(document)) << "two people with one id";
}

TEST(Trap, SameNamedSiblingsAreToldApartByTheirIds) {
    auto document = early_help("given");
    set_recipients(document, {"charity.lead-worker@brightside"});
    set_at(document, "/people/2/name", "Wren Larkspur");  // a brother called like the child
    set_at(document, "/concerns/0/text", "Wren has no coat.");
    const auto decision = decided(document);
    ASSERT_TRUE(is_withheld(first_of(decision), "/people/2/name", WithheldReason::third_party_not_relevant));
    EXPECT_EQ(first_of(decision).view["concerns"].if_array()->at(0)["text"].text(), "Wren has no coat.")
        << "the child's own first name is told to the worker, so it stays readable";
}

TEST(Trap, AChildInTwoHouseholdsKeepsEachHouseholdApart) {
    auto document = early_help("given");
    set_recipients(document, {"early-help.hub@exampleshire"});
    set_at(document, "/people/4/relationship", "father");
    set_at(document, "/people/4/household", false);  // the other home
    set_at(document, "/people/4/parental_responsibility", "yes");
    EXPECT_TRUE(is_withheld(first_of(decided(document)), "/people/4/name", WithheldReason::third_party_not_relevant));
    auto transfer = complete_case("send-transfer", "la.send-team@exampleshire");
    set_at(transfer, "/people/4/relationship", "father");
    set_at(transfer, "/people/4/household", false);
    set_at(transfer, "/people/4/parental_responsibility", "yes");
    EXPECT_TRUE(is_released(first_of(decided(transfer)), "/people/4/name")) << "whoever has parental responsibility";
    set_at(transfer, "/people/4/parental_responsibility", "shared-with-LA");
    EXPECT_TRUE(is_released(first_of(decided(transfer)), "/people/4/name")) << "also where a council shares it";
    for (const auto* none : {"no", "unknown", "not-known", "perhaps"}) {
        set_at(transfer, "/people/4/parental_responsibility", none);
        EXPECT_FALSE(is_released(first_of(decided(transfer)), "/people/4/name")) << none;
    }
}

// ---- names
// --------------------------------------------------------------------------------------------------------------

/// The text that health reads of a concern that names a withheld, protected person.
auto told_of(std::string_view name, std::string_view text) -> std::string {
    auto document = referral();
    set_at(document, "/people/3/name", name);
    set_at(document, "/concerns/3/source_name", name);
    set_at(document, "/concerns/3/text", text);
    const auto decision = decided(document);
    return std::string{decision.recipients.at(2).view["concerns"].if_array()->at(3)["text"].text()};
}

TEST(Trap, ANameWithAnApostropheIsFoundInEveryForm) {
    for (const auto* text : {"Nia O'Hollow rang.", "Nia O\xE2\x80\x99Hollow rang.", "NIA O\xCA\xBCHOLLOW rang.",
                             "O'Hollow rang.", "Nia rang."}) {
        const auto told = told_of("Nia O'Hollow", text);
        EXPECT_EQ(told.find("ollow"), std::string::npos) << told;
        EXPECT_EQ(told.find("OLLOW"), std::string::npos) << told;
        EXPECT_EQ(told.find("Nia"), std::string::npos) << told;
    }
}

TEST(Trap, ANameOfOneLetterAndANameWithoutSurnameAreFound) {
    EXPECT_EQ(told_of("O", "Then O rang the school.").find(" O "), std::string::npos);
    EXPECT_EQ(told_of("Zephyrine", "Then zephyrine rang.").find("zephyrine"), std::string::npos);
}

TEST(Trap, ANameInAnotherScriptIsFound) {
    EXPECT_EQ(told_of("\xD0\x9C\xD0\xB0\xD1\x80\xD1\x82\xD0\xB0",  // Cyrillic, in capitals in the text
                      "Then \xD0\x9C\xD0\x90\xD0\xA0\xD0\xA2\xD0\x90 rang.")
                  .find("\xD0\x9C\xD0\x90"),
              std::string::npos);
    EXPECT_EQ(told_of("\xE9\x99\xB3\xE7\xBE\x8E", "Then \xE9\x99\xB3\xE7\xBE\x8E rang.").find("\xE9\x99\xB3"),
              std::string::npos);
}

TEST(Trap, AStreetCalledLikeASurnameStaysAnAddress) {
    auto document = early_help("given");
    set_at(document, "/child/address/line1", "9 Guarded Way");
    set_at(document, "/child/views/text", "I live in Guarded Way. Mo Guarded is kind.");
    const auto hub = first_of(decided(document));
    ASSERT_TRUE(is_withheld(hub, "/people/3/name", WithheldReason::identity_protected)) << "who is called like the street";
    EXPECT_EQ(hub.view["child"]["address"]["line1"].text(), "9 Guarded Way");
    const auto text = hub.view["child"]["views"]["text"].text();
    EXPECT_EQ(text.find("Mo Guarded"), std::string_view::npos) << text;
}

// ---- numbers
// ------------------------------------------------------------------------------------------------------------

TEST(Trap, ANumberWithSpacesIsTheSameNumber) {
    auto document = referral();
    set_at(document, "/child/nhs_number", "999 000 2118");
    EXPECT_FALSE(has_warning(decided(document), "accuracy/number-wrong"));
    set_at(document, "/people/2/nhs_number", "999-000-2118");
    EXPECT_TRUE(warned(decided(document), "accuracy/number-shared", "/case/child/nhs_number"));
    EXPECT_TRUE(warned(decided(document), "accuracy/number-shared", "/case/people/2/nhs_number")) << "a sibling's";
}

TEST(Trap, AWrongCheckDigitIsAWarningAndHoldsNothingUp) {
    for (const auto* wrong : {"9990002119", "1234567890", "999000211", "ABCDEFGHIJ"}) {
        auto document = referral();
        set_at(document, "/child/nhs_number", wrong);
        const auto decision = decided(document);
        EXPECT_TRUE(warned(decision, "accuracy/number-wrong", "/case/child/nhs_number")) << wrong;
        EXPECT_EQ(decision.outcome, Outcome::permit);
        EXPECT_TRUE(is_released(first_of(decision), "/child/nhs_number"));
    }
    auto document = referral();
    set_at(document, "/child/nhs_number", "not-known");
    EXPECT_FALSE(has_warning(decided(document), "accuracy/number-wrong"));
}

TEST(Trap, ALearnersNumberIsNotTakenForAnNhsNumber) {
    auto document = referral();
    set_at(document, "/child/nhs_number", "9276308686");
    EXPECT_TRUE(warned(decided(document), "accuracy/number-mistaken", "/case/child/nhs_number"));
    std::size_t nhs = 0, uln = 0;
    for (long n = 1'000'000'000; n < 9'999'999'999; n += 104'729'111) {
        const auto digits = std::to_string(n);
        EXPECT_FALSE(is_nhs_number(digits) && is_uln(digits)) << digits;
        for (int last = 0; last < 10; ++last) {
            const auto one = digits.substr(0, 9) + std::to_string(last);
            nhs += is_nhs_number(one) ? 1U : 0U;
            uln += is_uln(one) ? 1U : 0U;
            EXPECT_FALSE(is_nhs_number(one) && is_uln(one)) << one;
        }
    }
    EXPECT_GT(nhs, 50U);
    EXPECT_GT(uln, 50U);
}

TEST(Trap, ThePupilNumbersCheckLetterIsChecked) {
    EXPECT_TRUE(is_upn("B801200005001"));
    EXPECT_TRUE(is_upn("P999100012001"));
    EXPECT_TRUE(is_upn("P207000016049"));
    EXPECT_FALSE(is_upn("Q207000016049"));  // as printed in two manuals
    for (const auto* wrong : {"", "B80120000500", "B8012000050011", "b801200005001", "BA01200005001", "I801200005001"})
        EXPECT_FALSE(is_upn(wrong)) << wrong;
    auto document = referral();
    set_at(document, "/child/upn", "C801200005001");
    EXPECT_TRUE(warned(decided(document), "accuracy/number-wrong", "/case/child/upn"));
    EXPECT_FALSE(has_warning(decided(referral()), "accuracy/number-wrong"));
}

// ---- time and address
// -----------------------------------------------------------------------------------------------------

TEST(Trap, SomebodyBornOnTheTwentyNinthOfFebruaryIsADateLikeAnyOther) {
    auto document = referral();
    set_at(document, "/child/date_of_birth", "2016-02-29");
    EXPECT_EQ(decided(document).outcome, Outcome::permit);
    set_at(document, "/child/date_of_birth", "2015-02-29");
    EXPECT_FALSE(parse_submission(document)) << "a day that never was";
}

TEST(Trap, AMessageSentTwiceIsDecidedTheSame) {
    const auto once = decided(referral());
    EXPECT_EQ(to_jcs(to_json(once, true)), to_jcs(to_json(decided(referral()), true)));
}

TEST(Trap, AVacantRoleAndAClosedOrganisationAreSaidApart) {
    const auto pack =
        pack_with({{"agencies.toml", "[agencies.brightside]\n", "[agencies.brightside]\nclosed_on = 2026-04-14\n"}});
    auto document = early_help("given");
    const auto decision = decided_under(*pack, document, willow(), at("2026-04-14T08:00:00Z"));
    EXPECT_TRUE(has_problem(decision.recipients[1], "recipient/closed", "/recipients/1"));
    EXPECT_EQ(decision.recipients[1].outcome, Outcome::deny);
    EXPECT_EQ(decision.recipients[0].outcome, Outcome::permit) << "the other one is open";
    EXPECT_EQ(decided_under(*pack, document).recipients[1].outcome, Outcome::permit) << "the day before";
    set_recipients(document, {"charity.lead-worker@willow"});
    EXPECT_TRUE(has_problem(first_of(decided(document)), "recipient/role-unheld"));
}

// ---- files
// --------------------------------------------------------------------------------------------------------------

// A file's own metadata (a name, GPS) is inside its bytes, which the policy never sees: it decides on kind and
// evidence. What it can do is to let no file name leave, and no file without a reason to.
TEST(Trap, NoFileNameLeavesAndNoFileWithoutEvidence) {
    for (const auto& [purpose, role, to] : every_address()) {
        auto document = complete_case(purpose, to);
        for (const auto* leaf : {"name", "file_name", "title", "gps", "exif"})
            set_at(document, std::string{"/attachments/0/"} + leaf, "Wren Larkspur 51.5N.png");
        set_at(document, "/attachments/1/kind", "holiday-snap");
        const auto decision = decided(document);
        EXPECT_EQ(to_jcs(first_of(decision).view).find("51.5N"), std::string::npos) << purpose << " " << role;
    }
    auto document = referral();
    set_at(document, "/attachments/1/kind", "holiday-snap");
    EXPECT_TRUE(
        is_withheld(decided(document).recipients[1], "/attachments/1/sha256", WithheldReason::condition_not_met));
    set_at(document, "/attachments/0/shows", "p5");
    EXPECT_TRUE(
        is_withheld(decided(document).recipients[0], "/attachments/0/sha256", WithheldReason::third_party_not_relevant))
        << "it shows somebody who has nothing to do with it";
}

}  // namespace
}  // namespace cg::policy::testing
