// Acceptance of the law requirements: FW-2, FW-3, FW-10, FW-13, the Part 3 regime, and law that is dated.
#include <gtest/gtest.h>

#include "variants.hpp"

namespace cg::policy::testing {
namespace {

struct BasisCase {
    std::string code;
    Json document;
    Caller caller;
    std::vector<std::string> evidence;  ///< pointers into the case
};

auto police() -> Caller {
    return {AgencyId::trusted("examplepolice"), AgencyKind::statutory, true};
}

auto on_basis(Json document, std::string_view code, std::initializer_list<std::pair<const char*, const char*>> leaves)
    -> Json {
    set_at(document, "/basis/article6", code);
    remove_at(document, "/basis/article6_ref");
    for (const auto& [pointer, value] : leaves) set_at(document, pointer, value);
    return document;
}

/// One complete submission for each basis of the pack, and what the law asks to be written down for it.
auto basis_cases() -> std::vector<BasisCase> {
    auto consented = on_basis(early_help("given"), "6.1.a", {});
    set_at(consented, "/consent/to_share/scope", json(R"({"purposes":["early-help"],"recipients":["early-help.hub","brightside"]})"));
    return {
        {"6.1.a",
         consented,
         charity(),
         {"/consent/to_share/who", "/consent/to_share/on", "/consent/to_share/method", "/consent/to_share/scope"}},
        {"6.1.c",
         on_basis(referral(), "6.1.c", {{"/basis/article6_ref", "Children Act 2004 s.11"}}),
         willow(),
         {"/basis/article6_ref"}},
        {"6.1.d",
         on_basis(referral(), "6.1.d", {{"/basis/vital_interest_of", "ch1"}}),
         willow(),
         {"/basis/vital_interest_of"}},
        {"6.1.e",
         on_basis(referral(), "6.1.e", {{"/basis/article6_ref", "Education Act 2002 s.175"}}),
         willow(),
         {"/basis/article6_ref"}},
        {"6.1.ea",
         on_basis(referral(), "6.1.ea",
                  {{"/basis/annex1_paragraph", "6"}, {"/basis/necessity", "Nobody else can keep the child safe."}}),
         charity(),
         {"/basis/annex1_paragraph", "/basis/necessity"}},
        {"6.1.f",
         on_basis(referral(), "6.1.f", {{"/basis/assessment_ref", "LIA-17"}}),
         charity(),
         {"/basis/assessment_ref"}},
        {"P3",
         on_basis(referral(), "P3",
                  {{"/basis/article6_ref", "Police common law powers"}, {"/basis/schedule8", "S8.4"}}),
         police(),
         {"/basis/article6_ref", "/basis/schedule8"}},
    };
}

TEST(Requirement, FW_2_basis_is_mandatory_on_every_identified_message) {
    EXPECT_EQ(first_of(decided(referral())).outcome, Outcome::permit)
        << "6.1.e, consent not_sought and a valid exception";
    auto document = referral();
    remove_at(document, "/basis/article6");
    const auto decision = decided(document);
    for (const auto& recipient : decision.recipients) {
        EXPECT_EQ(recipient.outcome, Outcome::deny);
        EXPECT_TRUE(has_problem(recipient, "basis/missing", "/case/basis/article6"));
    }
    EXPECT_FALSE(decision.what_would_change.empty());
}

TEST(Requirement, FW_2_an_unknown_word_or_code_is_no_basis) {
    for (const auto* code : {"not-known", "none", "7.1.x", " "}) {
        auto document = referral();
        set_at(document, "/basis/article6", code);
        EXPECT_TRUE(has_problem(first_of(decided(document)), "basis/missing")) << code;
    }
}

TEST(Requirement, FW_2_the_bases_to_choose_from_have_words_and_are_open_to_whoever_asks) {
    auto document = referral();
    remove_at(document, "/basis/article6");
    const auto school = fix_of(first_of(decided(document)), "basis/missing");
    EXPECT_NE(school.find("6.1.e (public task)"), std::string::npos) << school;
    for (const auto* other : {"6.1.f", "P3"}) EXPECT_EQ(school.find(other), std::string::npos) << school;
    const auto force = fix_of(first_of(decided(document, police())), "basis/missing");
    EXPECT_NE(force.find("P3 ("), std::string::npos) << force;
    const auto private_help = fix_of(first_of(decided(document, charity())), "basis/missing");
    EXPECT_NE(private_help.find("6.1.f (legitimate interests)"), std::string::npos) << private_help;
}

void PrintTo(const BasisCase& one, std::ostream* out) {
    *out << one.code;
}
class RequirementBasis : public ::testing::TestWithParam<BasisCase> {};

TEST_P(RequirementBasis, FW_2_consent_is_one_basis_among_several) {
    const auto decision = decided(GetParam().document, GetParam().caller);
    EXPECT_EQ(first_of(decision).outcome, Outcome::permit) << ::testing::PrintToString(types_of(first_of(decision)));
    EXPECT_EQ(decision.basis, GetParam().code);
}

TEST_P(RequirementBasis, FW_3_each_item_of_evidence_is_asked_for_by_name) {
    for (const auto& item : GetParam().evidence) {
        for (const bool blank : {false, true}) {
            auto document = GetParam().document;
            if (blank && item != "/consent/to_share/scope")
                set_at(document, item, "not-known");
            else
                remove_at(document, item);
            const auto decision = decided(document, GetParam().caller);
            EXPECT_EQ(first_of(decision).outcome, Outcome::deny) << item;
            EXPECT_TRUE(has_problem(first_of(decision), "basis/evidence-missing", "/case" + item)) << item;
        }
    }
    EXPECT_FALSE(GetParam().evidence.empty());
}

INSTANTIATE_TEST_SUITE_P(Bases, RequirementBasis, ::testing::ValuesIn(basis_cases()), [](const auto& info) {
    auto name = info.param.code;
    std::ranges::replace(name, '.', '_');
    return name;
});

TEST(Requirement, FW_3_an_empty_scope_a_blank_and_a_paragraph_that_is_none_are_no_evidence) {
    const auto cases = basis_cases();
    auto scope = cases[0].document;
    set_at(scope, "/consent/to_share/scope", Json::object());
    EXPECT_TRUE(
        has_problem(first_of(decided(scope, charity())), "basis/evidence-missing", "/case/consent/to_share/scope"));
    auto statute = cases[1].document;
    set_at(statute, "/basis/article6_ref", "  ");
    EXPECT_TRUE(has_problem(first_of(decided(statute)), "basis/evidence-missing"));
    auto paragraph = cases[4].document;
    set_at(paragraph, "/basis/annex1_paragraph", "99");
    EXPECT_TRUE(
        has_problem(first_of(decided(paragraph, charity())), "basis/evidence-missing", "/case/basis/annex1_paragraph"));
}

TEST(Requirement, FW_3_consent_is_a_basis_only_while_it_stands) {
    auto document = basis_cases()[0].document;
    for (const auto* state : {"withdrawn", "refused", "not_sought"}) {
        set_at(document, "/consent/to_share/state", state);
        EXPECT_TRUE(has_problem(first_of(decided(document, charity())), "basis/evidence-missing",
                                "/case/consent/to_share/state"))
            << state;
    }
}

TEST(Requirement, FW_3_answering_a_request_needs_the_linked_request) {
    auto document = basis_cases()[4].document;
    set_at(document, "/basis/annex1_paragraph", "1");
    const auto without = decided(document, charity());
    EXPECT_EQ(first_of(without).outcome, Outcome::deny);
    EXPECT_TRUE(has_problem(first_of(without), "basis/annex1-request-not-linked", "/request"));
    document.set("request", "req-2026-0004");
    EXPECT_EQ(first_of(decided(document, charity())).outcome, Outcome::permit);
}

TEST(Requirement, FW_3_each_condition_of_article_9_takes_only_the_conditions_of_schedule_1_that_go_with_it) {
    const std::map<std::string, std::vector<std::string>> together{
        {"9.2.b", {"S1.1"}}, {"9.2.g", {"S1.6", "S1.10", "S1.18"}}, {"9.2.h", {"S1.2"}}};
    for (const auto& [article, conditions] : together) {
        for (const auto* condition : {"S1.1", "S1.2", "S1.6", "S1.10", "S1.18"}) {
            auto document = referral();
            set_at(document, "/basis/article9", article);
            set_at(document, "/basis/schedule1", condition);
            const bool fits = std::ranges::find(conditions, condition) != conditions.end();
            const auto decision = decided(document);
            EXPECT_EQ(first_of(decision).outcome, fits ? Outcome::permit : Outcome::deny) << article << condition;
            EXPECT_EQ(has_problem(first_of(decision), "basis/evidence-missing", "/case/basis/schedule1"), !fits);
        }
    }
    auto codes = example_files().at("codes.toml");
    codes.replace(codes.find("[\"S1.2\"]"), 8, "[\"S1.99\"]");
    auto files = example_files();
    files["codes.toml"] = codes;
    EXPECT_FALSE(load_pack(files)) << "a condition that the list does not have";
}

/// A copy with offences and no health data.
auto offences_only() -> Json {
    auto document = referral();
    set_recipients(document, {"police.public-protection@examplepolice"});
    remove_at(document, "/child/ethnicity");
    remove_at(document, "/basis/article9");
    return document;
}

TEST(Requirement, FW_3_for_offences_a_word_for_nothing_is_no_evidence_and_the_condition_is_one_of_its_day) {
    EXPECT_EQ(first_of(decided(offences_only())).outcome, Outcome::permit);
    auto document = offences_only();
    remove_at(document, "/basis/schedule1");
    for (const auto* nothing : {"", "not-known", "not-applicable", "none"}) {
        set_at(document, "/basis/article10", nothing);
        EXPECT_TRUE(has_problem(first_of(decided(document)), "basis/evidence-missing", "/case/basis/schedule1"))
            << nothing;
    }
    set_at(document, "/basis/article10", "official authority: Police Act 1996 s.30");
    EXPECT_EQ(first_of(decided(document)).outcome, Outcome::permit);
    const auto later =
        pack_with({{"codes.toml", "[schedule1.\"S1.18\"]", "[schedule1.\"S1.18\"]\nin_force_from = 2026-04-14"}});
    EXPECT_TRUE(
        has_problem(first_of(decided_under(*later, offences_only())), "basis/not-in-force", "/case/basis/schedule1"));
    auto reasonless = offences_only();
    remove_at(reasonless, "/basis/schedule1_reason");
    EXPECT_TRUE(
        has_problem(first_of(decided(reasonless)), "basis/evidence-missing", "/case/basis/schedule1_reason"));
}

TEST(Requirement, FW_10_any_kind_of_organisation_may_send_and_receive) {
    for (const auto kind :
         {AgencyKind::statutory, AgencyKind::charitable, AgencyKind::independent, AgencyKind::provider}) {
        for (const auto authority : {true, false}) {
            const Caller caller{AgencyId::trusted("brightside"), kind, authority};
            const auto document = basis_cases()[authority ? 3 : 4].document;
            EXPECT_EQ(first_of(decided(document, caller)).outcome, Outcome::permit)
                << to_string(kind) << (authority ? " authority" : "");
        }
    }
    EXPECT_EQ(first_of(decided(early_help("given"), charity())).outcome, Outcome::permit);
    EXPECT_EQ(decided(early_help("given")).recipients.at(1).outcome, Outcome::permit) << "and a charity receives";
}

TEST(Requirement, FW_10_the_kind_of_the_recipient_changes_nothing) {
    std::vector<std::vector<std::string>> released;
    for (const auto* kind : {"statutory", "charitable", "independent", "provider"}) {
        const auto pack = pack_with({{"agencies.toml", "title = \"Example Health Trust\"\nkind = \"statutory\"",
                                      std::string{"title = \"Example Health Trust\"\nkind = \""} + kind + "\""}});
        released.push_back(decided_under(*pack, referral()).recipients.at(2).released);
    }
    for (const auto& list : released) EXPECT_EQ(list, released.front());
    EXPECT_FALSE(released.front().empty());
}

TEST(Requirement, FW_13_legitimate_interests_are_not_for_public_authorities_performing_their_tasks) {
    const auto cases = basis_cases();
    for (const auto i : {4U, 5U}) {
        const auto refused = decided(cases[i].document, willow());
        EXPECT_EQ(first_of(refused).outcome, Outcome::deny);
        EXPECT_TRUE(has_problem(first_of(refused), "basis/not-available-to-public-authority")) << cases[i].code;
        EXPECT_EQ(first_of(decided(cases[i].document, charity())).outcome, Outcome::permit) << cases[i].code;
        auto urgent = cases[i].document;
        set_at(urgent, "/timing/urgency", "emergency");
        EXPECT_EQ(first_of(decided(urgent, willow())).outcome, Outcome::deny) << "not relaxed in an emergency";
    }
}

TEST(Requirement, FW_13_law_enforcement_processing_is_for_competent_authorities) {
    const auto document = basis_cases()[6].document;
    for (const auto& caller : {willow(), charity()}) {
        const auto decision = decided(document, caller);
        EXPECT_EQ(first_of(decision).outcome, Outcome::deny);
        EXPECT_TRUE(has_problem(first_of(decision), "basis/regime-mismatch", "/case/basis/article6"));
    }
    auto flagged = willow();
    flagged.competent_authority = true;
    EXPECT_EQ(first_of(decided(document, flagged)).outcome, Outcome::permit);
    EXPECT_EQ(first_of(decided(document, police())).outcome, Outcome::permit) << "the pack says who";
}

TEST(Requirement, FW_13_under_part_3_a_condition_of_schedule_8_stands_in_the_place_of_article_9) {
    auto document = basis_cases()[6].document;
    remove_at(document, "/basis/article9");
    remove_at(document, "/basis/schedule1");
    EXPECT_EQ(first_of(decided(document, police())).outcome, Outcome::permit);
    set_at(document, "/basis/schedule8", "S8.99");
    EXPECT_TRUE(has_problem(first_of(decided(document, police())), "basis/evidence-missing", "/case/basis/schedule8"));
}

// ---- law that is dated -------------------------------------------------------------------------------------------

TEST(Requirement, FW_3_a_decision_sees_only_the_law_of_its_day) {
    auto overridden = child_in_need("refused");
    set_at(overridden, "/override", json(R"({"reason":"LACKS_CAPACITY","facts":["c2"],
        "text":"She could not say back what sharing would mean for her and for Wren.","best_interests":"Support now.",
        "capacity_assessment":{"assessor_role":"social worker","on":"2026-04-12","decision":"sharing with the council"}})"));
    const std::vector<std::tuple<std::string, Json, std::string, std::string>> rules{
        {"[basis.\"6.1.e\"]", referral(), "basis/not-in-force", "/case/basis/article6"},
        {"[article9.\"9.2.g\"]", referral(), "basis/not-in-force", "/case/basis/article9"},
        {"[schedule1.\"S1.18\"]", referral(), "basis/not-in-force", "/case/basis/schedule1"},
        {"[override.LACKS_CAPACITY]", overridden, "override/not-in-force", "/case/override/reason"},
        {"[exception.RISK_TO_CHILD]", referral(), "informing/exception-not-in-force", "/case/informing/exception"},
    };
    for (const auto& [line, document, type, pointer] : rules) {
        const auto started = line + "\nin_force_from = 2026-04-14", ended = line + "\nin_force_until = 2026-04-13",
                   holds = line + "\nin_force_from = 2026-04-13\nin_force_until = 2026-04-14";
        for (const auto& changed : {started, ended}) {
            const auto decision = decided_under(*pack_with({{"codes.toml", line, changed}}), document);
            EXPECT_NE(first_of(decision).outcome, Outcome::permit) << changed;
            EXPECT_TRUE(has_problem(first_of(decision), type, pointer)) << changed;
            EXPECT_NE(fix_of(first_of(decision), type).find("in force"), std::string::npos) << changed;
        }
        EXPECT_EQ(first_of(decided_under(*pack_with({{"codes.toml", line, holds}}), document)).outcome, Outcome::permit)
            << holds;
    }
}

}  // namespace
}  // namespace cg::policy::testing
