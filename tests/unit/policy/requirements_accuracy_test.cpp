// Acceptance tests of accuracy (AC): fact or opinion, whose, when, how old, and what contradicts itself.
#include <gtest/gtest.h>

#include "every_cell.hpp"
#include "variants.hpp"

namespace cg::policy::testing {
namespace {

TEST(Requirement, AC_1_every_concern_says_what_kind_of_statement_it_is) {
    for (const auto& [purpose, role, to] : every_address()) {
        for (const auto& kind : {Json{}, Json{""}, Json{"rumour"}, Json{"FACT"}}) {
            auto document = complete_case(purpose, to);
            if (kind.is_null())
                remove_at(document, "/concerns/2/kind");
            else
                set_at(document, "/concerns/2/kind", kind);
            auto decision = decided(document);
            EXPECT_EQ(decision.outcome, Outcome::deny) << purpose;
            EXPECT_TRUE(has_problem(first_of(decision), "accuracy/kind-missing", "/case/concerns/2/kind")) << purpose;
            set_at(document, "/timing/urgency", "emergency");
            EXPECT_EQ(decided(document).outcome, Outcome::deny) << "also in an emergency";
        }
    }
    for (const auto* kind : {"fact", "professional-judgement"}) {
        auto document = referral();
        set_at(document, "/concerns/2/kind", kind);
        EXPECT_EQ(decided(document).outcome, Outcome::permit) << kind;
    }
}

TEST(Requirement, AC_2_an_opinion_has_an_owner_and_a_basis_and_a_report_has_a_speaker) {
    for (const auto* leaf : {"/concerns/2/opinion_basis", "/concerns/2/source_role", "/concerns/1/speaker"}) {
        auto document = referral();
        remove_at(document, leaf);
        EXPECT_TRUE(has_problem(first_of(decided(document)), "accuracy/opinion-unowned", std::string{"/case"} + leaf))
            << leaf;
        set_at(document, leaf, " ");
        EXPECT_TRUE(has_problem(first_of(decided(document)), "accuracy/opinion-unowned", std::string{"/case"} + leaf))
            << leaf;
    }
    auto document = referral();
    set_at(document, "/concerns/2/opinion_basis", "not-known");
    EXPECT_TRUE(has_problem(first_of(decided(document)), "accuracy/opinion-unowned"))
        << "an opinion that rests on nothing";
    const auto concerns = first_of(decided(referral())).view["concerns"];
    EXPECT_EQ(concerns.if_array()->at(2)["opinion_basis"].text(),
              "Wren asks to stay late every day and cries at the gate.")
        << "and the recipient is told";
    EXPECT_EQ(concerns.if_array()->at(1)["speaker"].text(), "child");
}

TEST(Requirement, AC_3_something_old_says_why_it_still_matters) {
    for (const auto* purpose : {"child-protection-referral"}) {
        auto document = referral();
        document.set("purpose", purpose);
        remove_at(document, "/concerns/4/historical_note");
        EXPECT_TRUE(has_problem(first_of(decided(document)), "accuracy/historical-unexplained",
                                "/case/concerns/4/historical_note"));
        set_at(document, "/concerns/4/historical", false);
        EXPECT_TRUE(has_problem(first_of(decided(document)), "accuracy/historical-unexplained"))
            << "the day alone says so";
    }
    auto document = referral();
    set_at(document, "/concerns/4/observed_on", "2025-04-13");
    set_at(document, "/concerns/4/recorded_on", "2025-04-13");
    set_at(document, "/concerns/4/historical", false);
    remove_at(document, "/concerns/4/historical_note");
    EXPECT_EQ(decided(document).outcome, Outcome::permit) << "twelve months to the day are within the horizon";
    set_at(document, "/concerns/4/observed_on", "2025-04-12");
    EXPECT_TRUE(has_problem(first_of(decided(document)), "accuracy/historical-unexplained"));
}

TEST(Requirement, AC_3_a_concern_that_is_historical_and_current_is_asked_for_its_note_once) {
    auto document = referral();
    set_at(document, "/concerns/0/historical", true);  // it began long ago and was seen again today
    const auto decision = decided(document);
    EXPECT_EQ(std::ranges::count(first_of(decision).problems, "accuracy/historical-unexplained", &Problem::type), 1);
    set_at(document, "/concerns/0/historical_note", "The same marks were seen in 2024; now again.");
    EXPECT_EQ(decided(document).outcome, Outcome::permit);
    EXPECT_EQ(first_of(decided(document)).view["concerns"].if_array()->at(0)["historical"].is_true(), true);
}

TEST(Requirement, AC_4_an_address_checked_long_ago_is_a_warning_and_its_age_is_told) {
    auto document = referral();
    set_at(document, "/child/address/checked_on", "2024-01-10");
    const auto decision = decided(document);
    EXPECT_TRUE(has_warning(decision, "accuracy/address-old"));
    EXPECT_EQ(decision.outcome, Outcome::permit);
    EXPECT_TRUE(holds_text(decision.recipients[0].view["handling"]["checked"], "address last checked 2024-01-10"));
    EXPECT_EQ(decision.recipients[2].view["handling"].find("checked"), nullptr) << "health gets no address";
    EXPECT_EQ(first_of(decided(referral())).view["handling"].find("checked"), nullptr);
    const auto strict = pack_with({{"pack.toml", "checked_within = \"P12M\"", "checked_within = \"P1M\""}});
    EXPECT_TRUE(has_warning(decided_under(*strict, referral()), "accuracy/address-old")) << "the horizon is the pack's";
}

TEST(Requirement, AC_4_so_is_a_telephone_number) {
    auto document = referral();
    set_at(document, "/people/0/contact_checked_on", "2023-11-02");
    const auto decision = decided(document);
    EXPECT_TRUE(std::ranges::any_of(decision.warnings, [](const Problem& one) {
        return one.type == "accuracy/contact-old" && one.pointer == "/case/people/0/contact_checked_on";
    }));
    EXPECT_TRUE(holds_text(first_of(decision).view["handling"]["checked"], "contact of p1 last checked 2023-11-02"));
}

TEST(Requirement, AC_4_no_day_lies_in_the_future) {
    for (const auto* leaf :
         {"/child/date_of_birth", "/child/deceased_on", "/child/address/checked_on", "/child/views/said_on",
          "/people/0/date_of_birth", "/people/1/deceased_on", "/people/0/contact_checked_on", "/concerns/0/observed_on",
          "/concerns/0/recorded_on", "/consent/to_share/on", "/informing/on", "/incident/date"}) {
        auto document = referral();
        set_at(document, leaf, "2026-04-14");
        EXPECT_TRUE(has_problem(first_of(decided(document)), "accuracy/date-in-future", std::string{"/case"} + leaf))
            << leaf;
    }
    for (const auto* leaf : {"/timing/concern_arose", "/timing/phoned_at", "/missing/last_seen_at"}) {
        auto document = referral();
        set_at(document, leaf, "2026-04-14T11:00:00Z");
        EXPECT_TRUE(has_problem(first_of(decided(document)), "accuracy/date-in-future", std::string{"/case"} + leaf))
            << leaf;
    }
    for (const auto* leaf : {"/informing/inform_review_on", "/unborn/expected_date"}) {
        auto document = referral();
        set_at(document, leaf, "2026-06-14");
        EXPECT_FALSE(has_problem(first_of(decided(document)), "accuracy/date-in-future")) << leaf << " may lie ahead";
    }
}

TEST(Requirement, AC_4_two_rules_for_reaching_a_victim_that_disagree_are_held_until_the_sender_confirms) {
    for (const auto* to : {"marac.coordinator@exampleshire", "idva.service@harbour"}) {
        auto document = complete_case("marac", to);
        ASSERT_EQ(decided(document).outcome, Outcome::permit) << to;
        set_at(document, "/da/safe_to_call", "09:30 to 14:30");
        const auto held = decided(document);
        EXPECT_EQ(held.outcome, Outcome::review) << to;
        EXPECT_TRUE(has_problem(first_of(held), "accuracy/contradictory", "/case/people/0/safe_contact"));
        set_at(document, "/da/contact_confirmed", false);
        EXPECT_EQ(decided(document).outcome, Outcome::review);
        set_at(document, "/da/contact_confirmed", true);
        EXPECT_EQ(decided(document).outcome, Outcome::permit);
        set_at(document, "/da/contact_confirmed", false);
        set_at(document, "/da/safe_to_call", "Text only,  MORNINGS");
        EXPECT_EQ(decided(document).outcome, Outcome::permit) << "the same words";
    }
    auto document = complete_case("marac", "school.dsl@willow");
    set_at(document, "/da/safe_to_call", "09:30 to 14:30");
    EXPECT_EQ(decided(document).outcome, Outcome::permit) << "a school gets neither";
}

TEST(Requirement, AC_1_what_was_written_down_before_it_was_seen_is_looked_at_by_somebody) {
    auto document = referral();
    set_at(document, "/concerns/0/recorded_on", "2026-04-12");
    const auto decision = decided(document);
    EXPECT_EQ(decision.outcome, Outcome::review);
    EXPECT_TRUE(has_problem(first_of(decision), "accuracy/contradictory", "/case/concerns/0/recorded_on"));
}

}  // namespace
}  // namespace cg::policy::testing
