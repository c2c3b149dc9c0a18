// Acceptance of the consent requirements: CO-1 to CO-3 and CO-10 to CO-12. Whose consent counts: requirements_giver_test.cpp.
#include <gtest/gtest.h>

#include "variants.hpp"

namespace cg::policy::testing {
namespace {

TEST(Requirement, CO_1_a_consent_has_a_state) {
    for (const auto* state : {"", "perhaps", "not-known"}) {
        auto document = child_in_need("given");
        set_at(document, "/consent/to_share/state", state);
        EXPECT_EQ(first_of(decided(document)).outcome, Outcome::deny) << state;
        EXPECT_TRUE(has_problem(first_of(decided(document)), "consent/state-missing", "/case/consent/to_share/state"));
        auto protection = referral();
        set_at(protection, "/consent/to_share/state", state);
        EXPECT_TRUE(has_warning(decided(protection), "consent/state-missing")) << "recorded, not needed";
        EXPECT_EQ(first_of(decided(protection)).outcome, Outcome::permit);
    }
    for (const auto* state : {"given", "refused", "withdrawn", "not_sought", "not_possible"})
        EXPECT_EQ(decided(child_in_need(state)).codes.consent_state, state);
}

TEST(Requirement, CO_1_who_when_and_how_are_asked_for) {
    const auto decision = [](const char* leaf) {
        auto document = child_in_need("given");
        remove_at(document, std::string{"/consent/to_share/"} + leaf);
        return decided(document);
    };
    for (const auto* leaf : {"who", "on"})
        EXPECT_TRUE(has_problem(first_of(decision(leaf)), "consent/state-missing",
                                std::string{"/case/consent/to_share/"} + leaf));
    EXPECT_TRUE(has_warning(decision("method"), "consent/method-missing"));
    auto future = child_in_need("given");
    set_at(future, "/consent/to_share/on", "2026-04-14");
    EXPECT_TRUE(has_problem(first_of(decided(future)), "accuracy/date-in-future"));
}

TEST(Requirement, CO_1_the_scope_says_purposes_recipients_and_kinds_of_information) {
    auto document = early_help("given");
    set_at(document, "/consent/to_share/scope", json(R"({"purposes":["child-in-need-referral"]})"));
    EXPECT_TRUE(has_problem(first_of(decided(document)), "consent/outside-scope", "/case/consent/to_share/scope"));
    set_at(document, "/consent/to_share/scope",
           json(R"({"purposes":["early-help"],"recipients":["early-help.hub"],"groups":["school"]})"));
    const auto decision = decided(document);
    EXPECT_EQ(first_of(decision).outcome, Outcome::permit);
    EXPECT_TRUE(is_released(first_of(decision), "/child/education/setting"));
    EXPECT_TRUE(is_withheld(first_of(decision), "/child/address/line1", WithheldReason::outside_consent_scope));
    EXPECT_EQ(decision.recipients[1].outcome, Outcome::deny);
    EXPECT_TRUE(
        has_problem(decision.recipients[1], "consent/outside-scope", "/case/consent/to_share/scope/recipients"));
}

TEST(Requirement, CO_1_a_scope_in_words_that_the_policy_does_not_know_is_said) {
    auto document = early_help("given");
    set_at(document, "/consent/to_share/scope/groups", json(R"(["school","the address"])"));
    const auto decision = decided(document);
    EXPECT_TRUE(is_withheld(first_of(decision), "/child/address/line1", WithheldReason::outside_consent_scope));
    EXPECT_NE(warning_fix(decision, "consent/scope-unknown").find("addr"), std::string::npos);
    set_at(document, "/consent/to_share/scope/groups", json(R"(["school","addr"])"));
    EXPECT_FALSE(has_warning(decided(document), "consent/scope-unknown"));
}

TEST(Requirement, CO_1_early_help_asks_for_consent_to_each_recipient) {
    auto document = early_help("given");
    EXPECT_EQ(decided(document).recipients[1].outcome, Outcome::permit);
    for (const auto* scope : {R"({})", R"({"purposes":["early-help"]})", R"({"recipients":[]})"}) {
        set_at(document, "/consent/to_share/scope", json(scope));
        for (const auto& recipient : decided(document).recipients) {
            EXPECT_EQ(recipient.outcome, Outcome::deny) << scope;
            EXPECT_TRUE(has_problem(recipient, "consent/outside-scope", "/case/consent/to_share/scope/recipients"));
        }
    }
    auto need = child_in_need("given");
    EXPECT_EQ(first_of(decided(need)).outcome, Outcome::permit) << "asked for by this purpose alone";
}

TEST(Requirement, CO_1_consent_ends) {
    auto document = child_in_need("given");
    set_at(document, "/consent/to_share/expires", "2026-04-13");
    EXPECT_EQ(first_of(decided(document)).outcome, Outcome::permit) << "on its last day";
    set_at(document, "/consent/to_share/expires", "2026-04-12");
    EXPECT_TRUE(has_problem(first_of(decided(document)), "consent/expired"));
}

TEST(Requirement, CO_1_what_rests_on_consent_stays_where_that_consent_ended_or_was_for_something_else) {
    // Consent opens no message of this purpose, but it opens the mother's health to the school.
    auto given = referral();
    given.set("purpose", "school-transfer-cp-file");
    set_recipients(given, {"school.dsl@fernbank"});
    set_at(given, "/people/0/mental_health", "low mood");
    set_at(given, "/consent/to_share", json(R"({"who":"p1","state":"given","on":"2026-04-10","method":"spoken"})"));
    EXPECT_TRUE(is_released(first_of(decided(given)), "/people/0/mental_health"));
    for (const auto& [pointer, value] : std::vector<std::pair<const char*, Json>>{
             {"/expires", "2026-04-12"},
             {"/on", "2026-04-14"},
             {"/on", "not-known"},
             {"/capacity", "lacks"},
             {"/capacity", "doubted"},
             {"/scope", json(R"({"purposes":["early-help"]})")},
             {"/scope", json(R"({"recipients":["early-help.hub@exampleshire"]})")}}) {
        auto document = given;
        set_at(document, std::string{"/consent/to_share"} + pointer, value);
        EXPECT_FALSE(is_released(first_of(decided(document)), "/people/0/mental_health")) << pointer << to_jcs(value);
        auto urgent = document;
        set_at(urgent, "/timing/urgency", "emergency");
        EXPECT_TRUE(is_withheld(first_of(decided(urgent)), "/people/0/mental_health", WithheldReason::condition_not_met))
            << pointer << to_jcs(value);
    }
    for (const auto* scope : {R"({"purposes":["school-transfer-cp-file"],"recipients":["school.dsl"]})",
                              R"({"recipients":["fernbank"]})", R"({"recipients":["school.dsl@fernbank"]})"}) {
        set_at(given, "/consent/to_share/scope", json(scope));
        EXPECT_TRUE(is_released(first_of(decided(given)), "/people/0/mental_health")) << scope;
    }
}

TEST(Requirement, CO_1_a_consent_that_ended_opens_no_condition_of_article_9_and_no_confidence) {
    auto document = referral();
    set_at(document, "/consent/to_share",
           json(R"({"who":"p1","state":"given","on":"2026-04-10","method":"spoken","expires":"2026-04-13"})"));
    set_at(document, "/basis/article9", "9.2.a");
    set_at(document, "/concerns/0/confidential", true);
    set_at(document, "/concerns/0/balance",
           json(R"({"if_shared":"trust is lost","if_not_shared":"more harm","on_whom":"Wren"})"));
    set_at(document, "/basis/confidence_gate", "consent");
    set_recipients(document, {"csc.front-door@exampleshire"});
    EXPECT_EQ(first_of(decided(document)).outcome, Outcome::permit)
        << ::testing::PrintToString(types_of(first_of(decided(document))));
    set_at(document, "/consent/to_share/expires", "2026-04-12");
    const auto decision = decided(document);
    EXPECT_TRUE(has_problem(first_of(decision), "basis/evidence-missing", "/case/basis/article9"));
    EXPECT_TRUE(has_problem(first_of(decision), "confidence/gate-missing", "/case/basis/confidence_gate"));
}

TEST(Requirement, CO_1_capacity_is_presumed_from_sixteen_and_looked_at_where_it_is_doubted) {
    auto document = child_in_need("given");
    for (const auto* capacity : {"presumed", "has-capacity"}) {
        set_at(document, "/consent/to_share/capacity", capacity);
        EXPECT_EQ(first_of(decided(document)).outcome, Outcome::permit) << capacity;
    }
    set_at(document, "/consent/to_share/capacity", "doubted");
    EXPECT_EQ(first_of(decided(document)).outcome, Outcome::review);
    EXPECT_TRUE(has_problem(first_of(decided(document)), "consent/capacity-not-assessed"));
    set_at(document, "/consent/to_share/capacity", "lacks");
    EXPECT_EQ(first_of(decided(document)).outcome, Outcome::deny);
    EXPECT_TRUE(has_problem(first_of(decided(document)), "consent/not-theirs-to-give"));
}

TEST(Requirement, CO_1_a_word_for_capacity_that_the_policy_does_not_know_is_looked_at) {
    auto document = child_in_need("given");
    for (const auto* word : {"Lacks", "lacks capacity", "none", "unable to decide", "No"}) {
        set_at(document, "/consent/to_share/capacity", word);
        const auto decision = decided(document);
        EXPECT_EQ(first_of(decision).outcome, Outcome::review) << word;
        EXPECT_TRUE(has_problem(first_of(decision), "consent/capacity-not-assessed", "/case/consent/to_share/capacity"))
            << word;
        EXPECT_NE(fix_of(first_of(decision), "consent/capacity-not-assessed").find("'lacks'"), std::string::npos);
    }
    for (const auto* word : {"not-known", "not-applicable", ""}) {
        set_at(document, "/consent/to_share/capacity", word);
        EXPECT_EQ(first_of(decided(document)).outcome, Outcome::permit) << "presumed: " << word;
    }
}

TEST(Requirement, CO_1_what_stands_in_for_consent_says_what_became_of_the_consent) {
    auto document = child_in_need("refused");
    set_at(document, "/override", json(R"({"reason":"CHILD_HARM_LIKELY","facts":["c1"],
        "text":"Two bruises and a child who is afraid to go home today."})"));
    set_at(document, "/risk/significant_harm", true);
    EXPECT_EQ(first_of(decided(document)).outcome, Outcome::permit);
    for (const auto* state : {"", "Refused", "perhaps", "not-known"}) {
        set_at(document, "/consent/to_share/state", state);
        EXPECT_EQ(first_of(decided(document)).outcome, Outcome::deny) << state;
        EXPECT_TRUE(has_problem(first_of(decided(document)), "consent/state-missing", "/case/consent/to_share/state"))
            << state;
    }
    remove_at(document, "/consent/to_share");
    EXPECT_TRUE(has_problem(first_of(decided(document)), "consent/state-missing"));
}

TEST(Requirement, CO_2_consent_from_before_the_explanation_is_not_informed) {
    auto document = early_help("given");
    set_at(document, "/consent/to_share/on", "2026-04-09");
    const auto decision = decided(document);
    EXPECT_EQ(first_of(decision).outcome, Outcome::deny);
    EXPECT_TRUE(has_problem(first_of(decision), "consent/not-informed", "/case/consent/to_share/on"));
    auto protection = referral();
    set_at(protection, "/consent/to_share/state", "given");
    EXPECT_EQ(first_of(decided(protection)).outcome, Outcome::permit);
    EXPECT_TRUE(has_warning(decided(protection), "consent/not-informed")) << "where consent is not needed, a warning";
}

TEST(Requirement, CO_2_somebody_else_having_been_told_does_not_inform_this_consent) {
    auto document = early_help("given");
    set_at(document, "/informing/told", "p2");
    EXPECT_TRUE(has_problem(first_of(decided(document)), "consent/not-informed", "/case/informing"));
    set_at(document, "/informing", json(R"({"people":[
        {"person":"p2","why_what_how_whom":"all four","on":"2026-04-10"},
        {"person":"p1","why_what_how_whom":"all four","on":"2026-04-10"}]})"));
    EXPECT_EQ(first_of(decided(document)).outcome, Outcome::permit);
}

TEST(Requirement, CO_2_the_hour_counts_where_it_is_written_down_and_any_earlier_explanation_will_do) {
    auto document = early_help("given");
    const auto outcome = [&](const char* given, const char* told) {
        set_at(document, "/consent/to_share/on", given);
        set_at(document, "/informing/on", told);
        return first_of(decided(document)).outcome;
    };
    EXPECT_EQ(outcome("2026-04-10T09:00:00Z", "2026-04-10T15:00:00Z"), Outcome::deny);
    EXPECT_EQ(outcome("2026-04-10T15:00:00Z", "2026-04-10T09:00:00Z"), Outcome::permit);
    EXPECT_EQ(outcome("2026-04-10", "2026-04-10T15:00:00Z"), Outcome::permit) << "on the same day";
    set_at(document, "/informing/told", "p2");
    set_at(document, "/informing/people", json(R"([
        {"person":"p1","why_what_how_whom":"all four","on":"2026-04-12","by":"DSL","how":"letter","reaction":"calm"},
        {"person":"p1","why_what_how_whom":"all four","on":"2026-04-09","by":"DSL","how":"visit","reaction":"calm"}])"));
    EXPECT_EQ(first_of(decided(document)).outcome, Outcome::permit) << "it was explained twice, once before";
}

TEST(Requirement, CO_3_a_refusal_is_respected) {
    const auto decision = decided(child_in_need("refused"));
    EXPECT_EQ(decision.outcome, Outcome::deny);
    EXPECT_TRUE(has_problem(first_of(decision), "consent/refused"));
    EXPECT_EQ(first_of(decision).reason_codes, std::vector<std::string>{"CONSENT_REFUSED"});
    EXPECT_TRUE(first_of(decision).view.is_null());
    EXPECT_TRUE(first_of(decision).released.empty());
    EXPECT_EQ(decided(early_help("refused")).outcome, Outcome::deny);
}

TEST(Requirement, CO_3_early_help_has_no_override) {
    auto document = early_help("refused");
    set_at(document, "/override", json(R"({"reason":"CHILD_HARM_LIKELY","facts":["c1"],
        "text":"Two bruises and a child who is afraid to go home today."})"));
    EXPECT_EQ(decided(document).outcome, Outcome::deny);
    EXPECT_TRUE(has_problem(first_of(decided(document)), "consent/refused"));
}

TEST(Requirement, CO_3_an_override_that_says_nothing_is_none) {
    for (const auto* nothing : {R"({})", R"({"reason":"not-applicable"})", R"({"reason":"","text":" ","facts":[]})"}) {
        auto document = child_in_need("refused");
        set_at(document, "/override", json(nothing));
        EXPECT_EQ(types_of(first_of(decided(document))), std::vector<std::string>{"consent/refused"}) << nothing;
        auto protection = referral();
        set_at(protection, "/consent/to_share/state", "refused");
        set_at(protection, "/override", json(nothing));
        EXPECT_TRUE(has_warning(decided(protection), "consent/refused")) << nothing;
    }
}

TEST(Requirement, CO_10_a_withdrawn_consent_stops_what_rests_on_it) {
    for (auto document : {child_in_need("withdrawn"), early_help("withdrawn")}) {
        EXPECT_EQ(decided(document).outcome, Outcome::deny);
        EXPECT_TRUE(has_problem(first_of(decided(document)), "consent/withdrawn"));
    }
}

TEST(Requirement, CO_10_a_withdrawal_that_the_agency_knows_of_beats_an_older_consent) {
    auto submission = parsed(early_help("given"));
    EXPECT_EQ(decided_under(example_pack(), submission).outcome, Outcome::permit);
    submission.known_withdrawals = {{"p1", at("2026-04-12T09:00:00Z")}};
    const auto decision = decided_under(example_pack(), submission);
    EXPECT_EQ(decision.outcome, Outcome::deny);
    EXPECT_TRUE(has_problem(first_of(decision), "consent/withdrawn"));
    EXPECT_EQ(decision.codes.consent_state, "withdrawn");
    submission.known_withdrawals = {{"p1", at("2026-04-09T09:00:00Z")}};
    EXPECT_EQ(decided_under(example_pack(), submission).outcome, Outcome::permit) << "she agreed again since";
    submission.known_withdrawals = {{"p2", at("2026-04-12T09:00:00Z")}};
    EXPECT_EQ(decided_under(example_pack(), submission).outcome, Outcome::permit) << "it was not hers";
}

TEST(Requirement, CO_10_on_the_same_day_the_withdrawal_counts_unless_the_times_say_otherwise) {
    auto document = early_help("given");
    const auto with = [&](const char* given, const char* withdrawn) {
        set_at(document, "/consent/to_share/on", given);
        auto submission = parsed(document);
        submission.known_withdrawals = {{"p1", at(withdrawn)}};
        return decided_under(example_pack(), submission).outcome;
    };
    EXPECT_EQ(with("2026-04-10", "2026-04-10T08:00:00Z"), Outcome::deny);
    EXPECT_EQ(with("2026-04-10T09:00:00Z", "2026-04-10T08:00:00Z"), Outcome::permit);
    EXPECT_EQ(with("2026-04-10T09:00:00Z", "2026-04-10T10:00:00Z"), Outcome::deny);
}

TEST(Requirement, CO_10_a_withdrawal_does_not_stop_what_never_rested_on_consent) {
    auto document = referral();
    set_at(document, "/consent/to_share/state", "given");
    auto submission = parsed(document);
    submission.known_withdrawals = {{"p1", at("2026-04-13T10:30:00Z")}};
    const auto decision = decided_under(example_pack(), submission);
    EXPECT_EQ(first_of(decision).outcome, Outcome::permit);
    EXPECT_TRUE(has_warning(decision, "consent/refused")) << "it is on file, and says so";
}

TEST(Requirement, CO_11_agreeing_to_a_service_is_no_consent_to_share) {
    for (const auto* agreed : {"given", "agreed", "yes", "accepted"}) {
        auto document = early_help("not_sought");
        set_at(document, "/consent/agreement_to_service", agreed);
        EXPECT_EQ(decided(document).outcome, Outcome::deny) << agreed;
        EXPECT_TRUE(has_problem(first_of(decided(document)), "consent/not-for-sharing")) << agreed;
    }
}

TEST(Requirement, CO_12_a_refusal_by_somebody_who_can_decide_does_not_fit_paragraph_18) {
    auto document = child_in_need("refused");
    set_at(document, "/override", json(R"({"reason":"CHILD_HARM_LIKELY","facts":["c1"],
        "text":"Two bruises and a child who is afraid to go home today."})"));
    set_at(document, "/risk/significant_harm", true);
    set_at(document, "/basis/article9", "9.2.g");
    set_at(document, "/consent/to_share/capacity", "presumed");
    for (const auto& [condition, outcome] : {std::pair{"S1.18", Outcome::review}, std::pair{"S1.10", Outcome::permit},
                                             std::pair{"S1.6", Outcome::permit}}) {
        set_at(document, "/basis/schedule1", condition);
        EXPECT_EQ(first_of(decided(document)).outcome, outcome) << condition;
        EXPECT_EQ(has_problem(first_of(decided(document)), "basis/evidence-missing", "/case/basis/schedule1"),
                  outcome == Outcome::review);
    }
}

TEST(Requirement, CO_12_taking_consent_back_is_a_refusal_and_an_odd_word_for_capacity_takes_nobody_theirs) {
    auto document = child_in_need("refused");
    set_at(document, "/override", json(R"({"reason":"CHILD_HARM_LIKELY","facts":["c1"],
        "text":"Two bruises and a child who is afraid to go home today."})"));
    set_at(document, "/risk/significant_harm", true);
    set_at(document, "/basis/article9", "9.2.g");
    set_at(document, "/basis/schedule1", "S1.18");
    set_at(document, "/basis/schedule1_reason", "c");
    for (const auto* state : {"refused", "withdrawn"}) {
        for (const auto* capacity : {"presumed", "Presumed", "not-known", "fine"}) {
            set_at(document, "/consent/to_share/state", state);
            set_at(document, "/consent/to_share/capacity", capacity);
            const auto decision = decided(document);
            EXPECT_EQ(first_of(decision).outcome, Outcome::review) << state << " " << capacity;
            EXPECT_TRUE(has_problem(first_of(decision), "basis/evidence-missing", "/case/basis/schedule1"));
        }
        set_at(document, "/consent/to_share/capacity", "lacks");
        EXPECT_EQ(first_of(decided(document)).outcome, Outcome::permit) << state;
    }
}

TEST(Requirement, CO_12_no_condition_is_ever_filled_in) {
    for (const auto* urgency : {"urgent", "emergency"}) {
        auto document = referral();
        set_at(document, "/timing/urgency", urgency);
        for (const auto* leaf :
             {"/basis/schedule1", "/basis/schedule1_reason", "/basis/article9", "/basis/confidence_gate"})
            remove_at(document, leaf);
        const auto decision = decided(document);
        EXPECT_EQ(decision.codes.schedule1 + decision.codes.schedule1_reason + decision.codes.article9 +
                      decision.codes.confidence_gate,
                  "")
            << urgency;
        EXPECT_TRUE(has_problem(first_of(decision), "basis/evidence-missing", "/case/basis/article9") ||
                    has_warning(decision, "basis/evidence-missing"))
            << urgency;
    }
}

}  // namespace
}  // namespace cg::policy::testing
