// Acceptance of the override requirements: CO-4 to CO-7, CO-9 and FW-12.
#include "policy/compiled.hpp"

#include <gtest/gtest.h>

#include <set>

#include "variants.hpp"

namespace cg::policy::testing {
namespace {

constexpr std::string_view own_words = "Two round bruises, and Wren is afraid of going home to Dale this afternoon.";

/// The child in need pack with every override reason open.
auto every_reason() -> const Pack& {
    static const auto pack =
        pack_with({{"purposes/child-in-need-referral.toml",
                    R"(override_reasons = ["CHILD_HARM_LIKELY", "COERCION_DURESS", "LACKS_CAPACITY"])",
                    R"(override_reasons = ["PUBLIC_INTEREST_OTHER_ADULTS", "PUBLIC_INTEREST_STAFF", "PUBLIC_INTEREST",
             "VERY_SERIOUS_HARM", "SERIOUS_CRIME", "COERCION_DURESS", "LACKS_CAPACITY", "SAFETY_LAWFUL_BASIS",
             "CHILD_HARM_LIKELY", "EMERGENCY_DELAY"])"}});
    return *pack;
}

/// What an override reason needs; PrintTo keeps test output readable.
struct Reason {
    const char* code;
    const char* evidence;               ///< members of override
    std::vector<const char*> required;  ///< pointers into the case, each of which must be there
};

void PrintTo(const Reason& reason, std::ostream* out) {
    *out << reason.code;
}

auto reasons() -> const std::vector<Reason>& {
    static const std::vector<Reason> list{
        {"PUBLIC_INTEREST_OTHER_ADULTS",
         R"("who_else":"grandmother","how":"he lives with her too")",
         {"/override/who_else", "/override/how"}},
        {"PUBLIC_INTEREST_STAFF",
         R"("staff_role":"teaching assistant","lado_referral":"called at noon","line_manager_role":"head teacher")",
         {"/override/staff_role", "/override/lado_referral", "/override/line_manager_role"}},
        {"PUBLIC_INTEREST",
         R"("balance":"Her wish to be left alone weighs less than what Wren may suffer.")",
         {"/override/balance"}},
        {"VERY_SERIOUS_HARM",
         R"("whose_risk":"other: the child","harm":"injury","how_soon":"tonight")",
         {"/override/whose_risk", "/override/harm", "/override/how_soon"}},
        {"SERIOUS_CRIME", R"("nature":"assault")", {"/override/nature"}},
        {"COERCION_DURESS",
         R"("indicators":"he answers for her","suspected_person":"p2","safe_contact_plan":"at work, before noon")",
         {"/override/indicators", "/override/suspected_person", "/override/safe_contact_plan"}},
        {"LACKS_CAPACITY",
         R"("capacity_assessment":{"assessor_role":"social worker","on":"2026-04-12","decision":"sharing"},
            "best_interests":"Help now.")",
         {"/override/capacity_assessment/assessor_role", "/override/capacity_assessment/on",
          "/override/capacity_assessment/decision", "/override/best_interests"}},
        {"SAFETY_LAWFUL_BASIS", R"("how":"")", {"/basis/article6"}},
        {"CHILD_HARM_LIKELY", R"("how":"")", {"/risk/level"}},
        {"EMERGENCY_DELAY",
         R"("delay":"two days","risk":"he collects Wren today")",
         {"/override/delay", "/override/risk"}},
    };
    return list;
}

auto overriding(const Reason& reason) -> Json {
    auto document = child_in_need(std::string_view{reason.code} == "EMERGENCY_DELAY" ? "not_sought" : "refused");
    set_at(document, "/override",
           json(std::string{R"({"reason":")"} + reason.code + R"(","facts":["c1","a1"],)" + reason.evidence + "}"));
    set_at(document, "/override/text", own_words);
    set_at(document, "/risk/level", "high");
    set_at(document, "/risk/significant_harm", true);
    return document;
}
auto reason_named(std::string_view code) -> const Reason& {
    return *std::ranges::find_if(reasons(), [code](const Reason& one) { return code == one.code; });
}

class RequirementOverride : public ::testing::TestWithParam<Reason> {};

TEST_P(RequirementOverride, CO_4_opens_sharing_with_its_evidence) {
    const auto decision = decided_under(every_reason(), overriding(GetParam()));
    EXPECT_EQ(first_of(decision).outcome, Outcome::permit) << ::testing::PrintToString(types_of(first_of(decision)));
    EXPECT_EQ(decision.codes.override_reason, GetParam().code);
}

TEST_P(RequirementOverride, CO_4_each_item_of_its_evidence_is_asked_for) {
    for (const auto* item : GetParam().required) {
        for (const bool blank : {false, true}) {
            auto document = overriding(GetParam());
            if (blank)
                set_at(document, item, "not-known");
            else
                remove_at(document, item);
            const auto decision = decided_under(every_reason(), document);
            EXPECT_EQ(first_of(decision).outcome, Outcome::deny) << item;
            const std::string_view type = std::string_view{item}.find("capacity") == std::string_view::npos
                                              ? "override/evidence-missing"
                                              : "override/capacity-assessment-missing";
            EXPECT_TRUE(has_problem(first_of(decision), type, std::string{"/case"} + item)) << item;
        }
    }
}

TEST_P(RequirementOverride, CO_9_cites_a_concern) {
    auto document = overriding(GetParam());
    remove_at(document, "/override/facts");
    const auto decision = decided_under(every_reason(), document);
    EXPECT_EQ(first_of(decision).outcome, Outcome::deny);
    EXPECT_TRUE(has_problem(first_of(decision), "override/evidence-missing", "/case/override/facts"));
}

INSTANTIATE_TEST_SUITE_P(Reasons, RequirementOverride, ::testing::ValuesIn(reasons()),
                         [](const auto& info) { return std::string{info.param.code}; });

TEST(Requirement, RC_4_an_override_that_counts_is_among_the_rules_that_were_evaluated) {
    const auto result = [](const Decision& decision, std::string_view id) -> std::string {
        const auto rule = std::ranges::find(decision.rules, id, &RuleResult::id);
        return rule == decision.rules.end() ? "none" : rule->result;
    };
    auto document = child_in_need("refused");
    EXPECT_EQ(result(decided(document), "cin.consent"), "fail");
    EXPECT_EQ(result(decided(document), "cin.override"), "none") << "nobody gave a reason";
    set_at(document, "/override", json(R"({"reason":"CHILD_HARM_LIKELY","facts":["c1"]})"));
    set_at(document, "/override/text", own_words);
    const auto over = decided(document);
    EXPECT_EQ(result(over, "cin.override"), result(over, "cin.consent"));
    set_at(document, "/override/reason", "BECAUSE");
    EXPECT_EQ(result(decided(document), "cin.override"), "fail");
    auto given = child_in_need("given");
    set_at(given, "/override", json(R"({"reason":"CHILD_HARM_LIKELY","facts":["c1"]})"));
    EXPECT_EQ(result(decided(given), "cin.override"), "none") << "consent itself stands";
}

TEST(Requirement, CO_4_the_list_of_reasons_is_the_one_of_the_rules) {
    std::set<std::string> listed;
    for (const auto& reason : reasons()) listed.insert(reason.code);
    EXPECT_EQ(listed.size(), 10U);
    for (const auto& [code, rule] : example_pack().compiled().overrides) EXPECT_TRUE(listed.contains(code)) << code;
    EXPECT_EQ(example_pack().compiled().overrides.size(), listed.size());
}

TEST(Requirement, CO_4_only_the_reasons_that_the_purpose_names_open_it) {
    for (const auto& reason : reasons()) {
        const auto decision = decided(overriding(reason));
        const bool named = std::string_view{reason.code} == "CHILD_HARM_LIKELY" ||
                           std::string_view{reason.code} == "COERCION_DURESS" ||
                           std::string_view{reason.code} == "LACKS_CAPACITY";
        EXPECT_EQ(has_problem(first_of(decision), "override/reason-unknown"), !named) << reason.code;
        EXPECT_EQ(first_of(decision).outcome, named ? Outcome::permit : Outcome::deny) << reason.code;
    }
    auto document = overriding(reasons().front());
    set_at(document, "/override/reason", "BECAUSE");
    EXPECT_TRUE(has_problem(first_of(decided_under(every_reason(), document)), "override/reason-unknown"));
}

TEST(Requirement, CO_4_whoever_overrides_for_a_child_in_need_is_reminded_of_the_child_protection_referral) {
    const auto decision = decided(overriding(reason_named("CHILD_HARM_LIKELY")));
    EXPECT_EQ(decision.outcome, Outcome::permit);
    EXPECT_NE(warning_fix(decision, "override/other-purpose").find("child protection referral"), std::string::npos);
    EXPECT_FALSE(has_warning(decided(child_in_need("given")), "override/other-purpose"));
}

TEST(Requirement, CO_4_the_delay_of_an_emergency_fits_only_where_nobody_was_asked) {
    auto document = overriding(reason_named("EMERGENCY_DELAY"));
    for (const auto* state : {"refused", "withdrawn", "not_possible"}) {
        set_at(document, "/consent/to_share/state", state);
        EXPECT_TRUE(has_problem(first_of(decided_under(every_reason(), document)), "override/evidence-missing",
                                "/case/consent/to_share/state"))
            << state;
    }
}

TEST(Requirement, CO_4_the_manager_who_decides_is_not_the_member_of_staff_it_is_about) {
    auto document = overriding(reason_named("PUBLIC_INTEREST_STAFF"));
    set_at(document, "/override/line_manager_role", "Teaching  Assistant");
    const auto decision = decided_under(every_reason(), document);
    EXPECT_EQ(first_of(decision).outcome, Outcome::review);
    EXPECT_TRUE(has_problem(first_of(decision), "accuracy/contradictory", "/case/override/line_manager_role"));
}

TEST(Requirement, CO_4_a_value_that_says_the_opposite_is_looked_at) {
    auto likely = overriding(reason_named("CHILD_HARM_LIKELY"));
    set_at(likely, "/risk/significant_harm", false);
    auto serious = overriding(reason_named("VERY_SERIOUS_HARM"));
    set_at(serious, "/risk/level", "low");
    auto capacity = overriding(reason_named("LACKS_CAPACITY"));
    set_at(capacity, "/consent/to_share/capacity", "has-capacity");
    for (const auto& document : {likely, serious, capacity}) {
        EXPECT_EQ(first_of(decided_under(every_reason(), document)).outcome, Outcome::review);
        EXPECT_TRUE(has_problem(first_of(decided_under(every_reason(), document)), "accuracy/contradictory"));
    }
}

TEST(Requirement, CO_5_evidence_is_a_concern_or_a_file_of_this_case) {
    for (const auto& [facts, permitted] :
         {std::pair{R"(["c99"])", false}, std::pair{R"(["c1","c99"])", false}, std::pair{R"(["a1"])", false},
          std::pair{R"([])", false}, std::pair{R"(["the social worker said so"])", false}, std::pair{R"(["c1"])", true},
          std::pair{R"(["c1","a1"])", true}, std::pair{R"("c2")", true}}) {
        auto document = overriding(reason_named("CHILD_HARM_LIKELY"));
        set_at(document, "/override/facts", json(facts));
        const auto decision = decided(document);
        EXPECT_EQ(first_of(decision).outcome == Outcome::permit, permitted) << facts;
        EXPECT_EQ(has_problem(first_of(decision), "override/evidence-missing", "/case/override/facts"), !permitted)
            << facts;
    }
}

TEST(Requirement, CO_6_an_adult_who_can_decide_and_refuses_is_heard) {
    auto document = child_in_need("refused");
    set_at(document, "/consent/to_share/capacity", "presumed");
    EXPECT_EQ(decided(document).outcome, Outcome::deny);
    document = overriding(reason_named("LACKS_CAPACITY"));
    remove_at(document, "/override/capacity_assessment");
    const auto decision = decided(document);
    EXPECT_EQ(decision.outcome, Outcome::deny);
    EXPECT_TRUE(has_problem(first_of(decision), "override/capacity-assessment-missing"));
}

TEST(Requirement, CO_7_whoever_is_suspected_of_pressure_is_not_told_and_not_a_contact) {
    auto document = overriding(reason_named("COERCION_DURESS"));
    const auto decision = decided(document);
    const auto& recipient = first_of(decision);
    ASSERT_EQ(recipient.outcome, Outcome::permit);
    const auto& handling = recipient.view["handling"];
    EXPECT_EQ(texts_in(handling["do_not_inform"]), std::vector<std::string>{"p2"}) << "the others were told";
    EXPECT_TRUE(holds_text(handling["do_not_inform_reason"], "COERCION_DURESS"));
    EXPECT_TRUE(has_obligation(recipient.obligations, "do-not-inform"));
    for (const auto* leaf : {"/people/1/phone", "/people/1/safe_contact"})
        EXPECT_TRUE(is_withheld(recipient, leaf, WithheldReason::forbidden)) << leaf;
    EXPECT_TRUE(is_released(recipient, "/people/0/phone"));
    EXPECT_TRUE(is_released(recipient, "/people/0/safe_contact"));
}

TEST(Requirement, CO_7_the_same_telephone_under_another_name_or_in_a_text_does_not_leave_either) {
    auto document = overriding(reason_named("COERCION_DURESS"));
    set_at(document, "/people/0/phone", "07700-900-654");
    set_at(document, "/people/0/safe_contact", "ring Dale on 07700 900654");
    set_at(document, "/concerns/0/text", "He left his number, 07700900654, at the office.");
    const auto decision = decided(document);
    const auto& recipient = first_of(decision);
    EXPECT_TRUE(is_withheld(recipient, "/people/0/phone", WithheldReason::forbidden));
    const auto text = to_jcs(recipient.view);
    for (const auto* number : {"07700 900654", "07700900654", "07700-900-654"})
        EXPECT_EQ(text.find(number), std::string::npos) << number;
}

TEST(Requirement, CO_7_the_suspected_person_is_named_by_id_and_every_purpose_keeps_to_it) {
    auto document = overriding(reason_named("COERCION_DURESS"));
    set_at(document, "/override/suspected_person", "her partner");
    EXPECT_TRUE(
        has_problem(first_of(decided(document)), "override/evidence-missing", "/case/override/suspected_person"));
    auto protection = referral();
    set_at(protection, "/override", json(R"({"reason":"COERCION_DURESS","suspected_person":"p2"})"));
    for (const auto& recipient : decided(protection).recipients) {
        EXPECT_FALSE(is_released(recipient, "/people/1/phone")) << recipient.to_text;
        EXPECT_TRUE(holds_text(recipient.view["handling"]["do_not_inform"], "p2")) << recipient.to_text;
    }
}

TEST(Requirement, CO_4_where_consent_is_not_needed_a_poor_reason_against_a_refusal_is_said_and_holds_nothing_up) {
    auto document = referral();
    set_at(document, "/consent/to_share/state", "refused");
    set_at(document, "/basis/schedule1", "S1.10");
    set_at(document, "/override", json(R"({"reason":"CHILD_HARM_LIKELY","facts":["c1"]})"));
    set_at(document, "/override/text", own_words);
    const auto before = decided(document);
    EXPECT_EQ(before.outcome, Outcome::permit);
    for (const auto* type : {"consent/refused", "override/reason-unknown", "override/evidence-missing",
                             "override/boilerplate", "basis/evidence-missing"})
        EXPECT_FALSE(has_warning(before, type)) << type;
    for (const auto& [pointer, value, type] : std::vector<std::tuple<const char*, Json, const char*>>{
             {"/override/reason", "BECAUSE", "override/reason-unknown"},
             {"/override/facts", json(R"(["c99"])"), "override/evidence-missing"},
             {"/override/text", "Safeguarding.", "override/boilerplate"},
             {"/risk/significant_harm", false, "accuracy/contradictory"},
             {"/basis/schedule1", "S1.18", "basis/evidence-missing"}}) {
        auto changed = document;
        set_at(changed, pointer, value);
        EXPECT_EQ(decided(changed).outcome, Outcome::permit) << pointer;
        EXPECT_TRUE(has_warning(decided(changed), type)) << pointer;
    }
}

// ---- FW-12 ---------------------------------------------------------------------------------------------------------

auto with_history(std::string_view text, const std::vector<std::string>& recent) -> RecipientDecision {
    auto document = overriding(reason_named("CHILD_HARM_LIKELY"));
    set_at(document, "/override/text", text);
    auto submission = parsed(std::move(document));
    submission.recent_override_texts = recent;
    return decided_under(example_pack(), submission).recipients.at(0);
}

TEST(Requirement, FW_12_the_same_words_a_fourth_time_are_looked_at) {
    std::vector<std::string> recent;
    for (int i = 0; i < 3; ++i) {
        EXPECT_EQ(with_history(own_words, recent).outcome, Outcome::permit) << i;
        recent.emplace_back(own_words);
    }
    EXPECT_EQ(with_history(own_words, recent).outcome, Outcome::review);
    EXPECT_TRUE(has_problem(with_history(own_words, recent), "override/boilerplate"));
    EXPECT_EQ(with_history("Wren hid in the cupboard again, and the aunt saw new marks.", recent).outcome,
              Outcome::permit);
}

TEST(Requirement, FW_12_capitals_spaces_and_punctuation_make_no_other_words) {
    const std::vector<std::string> recent(3, std::string{own_words});
    for (const auto* variant :
         {"TWO ROUND BRUISES, AND WREN IS AFRAID OF GOING HOME TO DALE THIS AFTERNOON.",
          "  Two  round bruises,\tand Wren is\nafraid of going home to Dale this afternoon. ",
          "Two round bruises - and Wren is afraid of going home to Dale this afternoon!!",
          "Two\u00A0round\u2009bruises, and Wren is afraid of \u201Cgoing home\u201D to Dale this afternoon"})
        EXPECT_TRUE(has_problem(with_history(variant, recent), "override/boilerplate")) << variant;
}

TEST(Requirement, FW_12_an_empty_or_short_text_is_looked_at) {
    for (const auto* text : {"", "   ", "At risk.", "a                                                          b"})
        EXPECT_TRUE(has_problem(with_history(text, {}), "override/boilerplate")) << text;
}

TEST(Requirement, FW_12_each_child_is_a_decision_of_its_own) {
    std::vector<std::string> recent, children;
    std::vector<Outcome> outcomes;
    for (const auto* name : {"Wren", "Finn", "Robyn", "Jay"}) {
        auto document = overriding(reason_named("CHILD_HARM_LIKELY"));
        set_at(document, "/child/given_names", name);
        set_at(document, "/override/text", own_words);
        auto submission = parsed(std::move(document));
        submission.recent_override_texts = recent;
        outcomes.push_back(decided_under(example_pack(), submission).outcome);
        recent.emplace_back(own_words);
    }
    EXPECT_EQ(outcomes, (std::vector{Outcome::permit, Outcome::permit, Outcome::permit, Outcome::review}))
        << "one text for four children is not four decisions";
    auto together = referral();
    set_at(together, "/child", json(R"([{"id":"ch1"},{"id":"ch2"}])"));
    EXPECT_FALSE(parse_submission(together)) << "one submission is about one child";
}

TEST(Requirement, FW_12_an_earlier_permission_approves_nothing_later) {
    auto document = child_in_need("refused");
    document.set("follow_up_to", "dec-0001");
    document.set("supersedes", "dec-0001");
    EXPECT_EQ(decided(document).outcome, Outcome::deny);
}

}  // namespace
}  // namespace cg::policy::testing
