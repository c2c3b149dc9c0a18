// Acceptance of SW-4, TI-1, TI-2, TI-4, FW-14 and FW-16, of contradictions, and the traps around them.
#include "policy/compiled.hpp"
#include "policy/uk_time.hpp"

#include <gtest/gtest.h>

#include "variants.hpp"

namespace cg::policy::testing {
namespace {

auto rule_result(const Decision& decision, std::string_view id) -> std::string {
    const auto it = std::ranges::find(decision.rules, id, &RuleResult::id);
    return it == decision.rules.end() ? "none" : it->result;
}

// ---- danger and time --------------------------------------------------------------------------------------------

TEST(Requirement, SW_4_call_999_stands_first_in_every_answer_in_danger) {
    auto permitted = referral();
    auto refused = child_in_need("refused");
    auto held = referral();
    set_at(held, "/informing", Json::object());
    auto nonsense = referral();
    nonsense.set("purpose", "marketing");
    auto nobody = referral();
    set_recipients(nobody, {"somebody"});
    for (auto document : {permitted, refused, held, nonsense, nobody}) {
        set_at(document, "/risk/immediate_danger", true);
        const auto decision = decided(document);
        ASSERT_FALSE(decision.instructions.empty());
        EXPECT_TRUE(decision.instructions.front().starts_with("Call 999.")) << decision.instructions.front();
        EXPECT_NE(decision.instructions.front().find("telephone the front door: 01632 960100"), std::string::npos);
        EXPECT_EQ(to_json(decision, false)["instructions"].if_array()->front().text(), decision.instructions.front());
        set_at(document, "/risk/immediate_danger", false);
        set_at(document, "/timing/urgency", "emergency");
        EXPECT_TRUE(decided(document).instructions.front().starts_with("Call 999.")) << "an emergency is danger";
    }
}

TEST(Requirement, SW_4_the_record_takes_when_and_whom_somebody_telephoned) {
    const auto submission = parsed(referral());
    const auto record = record_fields(decided_under(example_pack(), submission), submission, willow());
    EXPECT_EQ(record.dec["times"]["phoned_at"].text(), "2026-04-13T10:15:00Z");
    EXPECT_EQ(record.id["timing"]["phoned_role"].text(), "csc.front-door");
}

TEST(Requirement, TI_1_late_is_said_and_asked_about_and_never_held_up) {
    const auto in_time = decided(referral(), willow(), at("2026-04-14T10:15:00Z"));
    EXPECT_FALSE(in_time.late);
    auto document = referral();
    const auto late = decided(document, willow(), at("2026-04-14T10:15:01Z"));
    EXPECT_EQ(first_of(late).outcome, Outcome::permit);
    EXPECT_TRUE(late.late);
    EXPECT_TRUE(has_warning(late, "timeliness/late"));
    set_at(document, "/timing/late_reason", "The system was down until this morning.");
    const auto explained = decided(document, willow(), at("2026-04-14T10:15:01Z"));
    EXPECT_TRUE(explained.late);
    EXPECT_FALSE(has_warning(explained, "timeliness/late"));
    const auto submission = parsed(document);
    const auto record = record_fields(explained, submission, willow());
    EXPECT_TRUE(record.dec["timeliness"]["late"].is_true());
}

TEST(Requirement, TI_1_a_clock_that_never_started_is_no_message_in_time) {
    auto document = referral();
    const auto timely = [](const Json& one) {
        const auto submission = parsed(one);
        return std::string{
            record_fields(decided_under(example_pack(), submission), submission, willow()).dec["tests"]["timely"].text()};
    };
    EXPECT_EQ(timely(document), "pass");
    EXPECT_FALSE(has_warning(decided(document), "timeliness/start-missing"));
    for (const auto* start : {"", "not-known"}) {
        remove_at(document, "/timing/phoned_at");
        if (*start == '\0')
            remove_at(document, "/timing/concern_arose");
        else
            set_at(document, "/timing/concern_arose", start);
        EXPECT_EQ(first_of(decided(document)).outcome, Outcome::permit);
        EXPECT_TRUE(has_warning(decided(document), "timeliness/start-missing"));
        EXPECT_TRUE(timely(document).starts_with("not-tested")) << timely(document);
    }
}

TEST(Requirement, TI_2_an_emergency_turns_consent_and_openness_into_debts_and_says_so) {
    auto document = child_in_need("not_sought");
    set_at(document, "/informing", Json::object());
    EXPECT_NE(decided(document).outcome, Outcome::permit);
    set_at(document, "/timing/urgency", "emergency");
    const auto decision = decided(document);
    EXPECT_EQ(decision.outcome, Outcome::permit);
    EXPECT_EQ(rule_result(decision, "cin.consent"), "debt");
    EXPECT_EQ(rule_result(decision, "cin.informing"), "debt");
    EXPECT_TRUE(has_warning(decision, "consent/not-sought"));
    EXPECT_TRUE(has_warning(decision, "informing/not-addressed"));
    EXPECT_EQ(decision.complete_by, at("2026-04-13T15:00:00Z"));
    const auto submission = parsed(document);
    const auto record = record_fields(decision, submission, willow());
    EXPECT_TRUE(record.dec["emergency"].is_true());
    EXPECT_TRUE(has_obligation(decision.obligations, "complete-by"));
}

TEST(Requirement, TI_2_role_basis_in_use_and_the_kind_of_a_concern_are_not_relaxed) {
    auto document = referral();
    set_at(document, "/timing/urgency", "emergency");
    set_recipients(document, {"early-help.hub@exampleshire"});
    EXPECT_TRUE(has_problem(first_of(decided(document)), "recipient/role-not-permitted"));
    set_recipients(document, {"csc.front-door@exampleshire"});
    set_at(document, "/basis/article6", "6.1.a");
    EXPECT_TRUE(has_problem(first_of(decided(document)), "basis/not-for-purpose"));
    set_at(document, "/basis/article6", "6.1.e");
    remove_at(document, "/concerns/0/kind");
    EXPECT_TRUE(has_problem(first_of(decided(document)), "accuracy/kind-missing"));
}

TEST(Requirement, TI_2_a_mistyped_basis_is_owed_and_the_preset_of_the_purpose_stands_in) {
    auto document = referral();
    set_at(document, "/basis/article6", "6.1.q");
    EXPECT_TRUE(has_problem(first_of(decided(document)), "basis/missing"));
    set_at(document, "/timing/urgency", "emergency");
    const auto decision = decided(document);
    EXPECT_EQ(first_of(decision).outcome, Outcome::permit);
    EXPECT_TRUE(has_warning(decision, "basis/missing"));
    EXPECT_EQ(decision.basis, "6.1.d");
    EXPECT_TRUE(has_obligation(decision.obligations, "complete-by"));
}

TEST(Requirement, TI_4_below_even_the_emergency_minimum_it_goes_and_is_flagged) {
    auto document = referral();
    set_at(document, "/timing/urgency", "emergency");
    EXPECT_FALSE(has_warning(decided(document), "timeliness/minimum-not-met"));
    for (const auto* leaf : {"/referrer/phone", "/concerns"}) {
        auto less = document;
        remove_at(less, leaf);
        const auto decision = decided(less);
        EXPECT_EQ(first_of(decision).outcome, Outcome::permit) << leaf;
        EXPECT_TRUE(has_warning(decision, "timeliness/minimum-not-met")) << leaf;
        EXPECT_TRUE(decision.instructions.front().starts_with("Call 999.")) << leaf;
    }
    auto nameless = document;
    remove_at(nameless, "/child/given_names");
    EXPECT_FALSE(has_warning(decided(nameless), "timeliness/minimum-not-met")) << "a description will do";
    remove_at(nameless, "/child/description/clothing");
    EXPECT_TRUE(has_warning(decided(nameless), "timeliness/minimum-not-met"));
}

TEST(Requirement, TI_4_a_word_for_not_known_fills_no_minimum_and_any_concern_or_person_does) {
    auto document = referral();
    set_at(document, "/timing/urgency", "emergency");
    set_at(document, "/referrer/phone", "not-known");
    EXPECT_TRUE(has_warning(decided(document), "timeliness/minimum-not-met")) << "nobody can call back";
    document = referral();
    set_at(document, "/timing/urgency", "emergency");
    remove_at(document, "/concerns/0/text");
    EXPECT_FALSE(has_warning(decided(document), "timeliness/minimum-not-met")) << "another concern says what is feared";
    for (const auto* i : {"1", "2", "3", "4"}) remove_at(document, std::string{"/concerns/"} + i + "/text");
    const auto decision = decided(document);
    EXPECT_EQ(first_of(decision).outcome, Outcome::permit);
    EXPECT_TRUE(has_warning(decision, "timeliness/minimum-not-met"));
    auto meeting = child_in_need("given");
    meeting.set("purpose", "marac");
    set_recipients(meeting, {"marac.coordinator@exampleshire"});
    set_at(meeting, "/timing/urgency", "emergency");
    remove_at(meeting, "/people/0/name");
    EXPECT_FALSE(has_warning(decided(meeting), "timeliness/minimum-not-met")) << "the victim may stand anywhere";
}

/// Every purpose, sent to every role at every organisation that holds it.
auto every_submission(Json document) -> std::vector<Json> {
    std::vector<Json> out;
    for (const auto& purpose : example_pack().purposes())
        for (const auto& role : example_pack().roles_of(purpose))
            for (const auto& agency : example_pack().agency_list()) {
                if (std::ranges::find(agency.roles, RoleId::trusted(role)) == agency.roles.end()) continue;
                document.set("purpose", purpose);
                document.set("recipients", Json::texts(std::vector<std::string>{role + "@" + agency.id.str()}));
                set_at(document, "/consent/to_share/scope/recipients", document["recipients"]);
                out.push_back(document);
            }
    return out;
}

TEST(Requirement, TI_2_an_emergency_never_widens_what_leaves_for_any_purpose) {
    std::size_t compared = 0;
    for (const auto& base : {referral(), child_in_need("given")}) {
        for (auto document : every_submission(base)) {
            set_at(document, "/timing/urgency", "urgent");
            const auto calm = decided(document);
            set_at(document, "/timing/urgency", "emergency");
            const auto urgent = decided(document);
            // What a refusal would have released is not known, so compare what the rules of the role withhold.
            std::vector<std::string> kept;
            for (const auto& leaf : first_of(calm).withheld) kept.push_back(leaf.pointer);
            for (const auto& leaf : first_of(urgent).released)
                EXPECT_EQ(std::ranges::find(kept, leaf), kept.end())
                    << document["purpose"].text() << " " << first_of(urgent).to_text << " " << leaf;
            EXPECT_EQ(withheld_table(first_of(urgent)), withheld_table(first_of(calm)))
                << document["purpose"].text() << " " << first_of(urgent).to_text;
            ++compared;
        }
    }
    EXPECT_GE(compared, 2 * example_pack().purposes().size());
}

// ---- protected people -------------------------------------------------------------------------------------------

/// The lodger of the fixture is a neighbour now; the copy for health may not know who.
auto neighbour_source() -> Json {
    auto document = referral();
    set_recipients(document, {"health.safeguarding@examplenhs", "csc.front-door@exampleshire"});
    set_at(document, "/people/3/relationship", "neighbour");
    set_at(document, "/concerns/3/speaker", "neighbour");
    set_at(document, "/concerns/3/source_role", "neighbour");
    set_at(document, "/concerns/3/text", "A neighbour, Mo Guarded, told the school that Finn was alone at night.");
    return document;
}

TEST(Requirement, FW_14_the_concern_of_a_protected_neighbour_goes_and_the_neighbour_does_not) {
    const auto decision = decided(neighbour_source());
    const auto& health = first_of(decision);
    ASSERT_EQ(health.outcome, Outcome::permit);
    EXPECT_TRUE(is_released(health, "/concerns/3/text"));
    const auto& concern = health.view["concerns"].if_array()->at(3);
    EXPECT_EQ(concern["source_role"].text(), "member of the public");
    EXPECT_EQ(concern["speaker"].text(), "member of the public");
    const auto text = to_jcs(health.view);
    for (const auto* word : {"Mo Guarded", "Guarded", "neighbour", "01632 960555"})
        EXPECT_EQ(text.find(word), std::string::npos) << word;
    EXPECT_NE(concern["text"].text().find("Finn was alone"), std::string_view::npos);
    EXPECT_TRUE(holds_text(health.view["handling"]["identity_protected"], "a member of the public"));
    EXPECT_TRUE(has_obligation(health.obligations, "protect-identity"));
}

TEST(Requirement, FW_14_a_role_that_the_pack_names_learns_who_and_that_it_must_not_go_further) {
    const auto decision = decided(neighbour_source());
    const auto& front_door = decision.recipients.at(1);
    EXPECT_TRUE(is_released(front_door, "/people/3/name"));
    EXPECT_TRUE(holds_text(front_door.view["handling"]["identity_protected"], "p4"));
    EXPECT_TRUE(has_obligation(front_door.obligations, "protect-identity"));
}

TEST(Requirement, FW_14_a_protected_person_who_refers_is_hidden_and_the_referral_is_still_adequate) {
    auto document = neighbour_source();
    set_at(document, "/referrer", json(R"({"name":"Mo Guarded","role":"neighbour","organisation":"not-applicable",
        "phone":"01632 960555","reply_to":"school.dsl@willow"})"));
    const auto decision = decided(document);
    const auto& health = first_of(decision);
    EXPECT_EQ(health.outcome, Outcome::permit) << ::testing::PrintToString(types_of(health));
    for (const auto* leaf : {"/referrer/name", "/referrer/role", "/referrer/phone"})
        EXPECT_TRUE(is_withheld(health, leaf, WithheldReason::identity_protected)) << leaf;
    EXPECT_EQ(to_jcs(health.view).find("960555"), std::string::npos);
    EXPECT_TRUE(is_released(decision.recipients.at(1), "/referrer/name"));
}

TEST(Requirement, FW_14_a_flag_that_nobody_understands_protects) {
    auto document = neighbour_source();
    set_at(document, "/people/3/identity_protected", "not-known");
    EXPECT_FALSE(is_released(first_of(decided(document)), "/people/3/name"));
}

// ---- the consistent identifier ------------------------------------------------------------------------------------

auto note_codes(const RecipientDecision& recipient) -> std::vector<std::string> {
    std::vector<std::string> out;
    for (const auto& note : recipient.notes) out.push_back(note.code);
    return out;
}
auto has_note(const RecipientDecision& recipient, std::string_view code) -> bool {
    const auto codes = note_codes(recipient);
    return std::ranges::find(codes, code) != codes.end();
}

TEST(Requirement, FW_16_the_identifier_goes_where_it_is_known) {
    const auto decision = decided(referral());
    for (const auto i : {0U, 2U}) {
        EXPECT_TRUE(is_released(decision.recipients[i], "/child/nhs_number"));
        EXPECT_TRUE(has_note(decision.recipients[i], "IDENTIFIER_INCLUDED"));
    }
    EXPECT_FALSE(has_note(decision.recipients[1], "IDENTIFIER_INCLUDED")) << "this role has no use for it";
}

TEST(Requirement, FW_16_an_unknown_identifier_never_holds_a_message_up) {
    for (const auto* value : {"", "not-known"}) {
        auto document = referral();
        set_at(document, "/child/nhs_number", value);
        const auto decision = decided(document);
        for (const auto i : {0U, 2U}) {
            EXPECT_EQ(decision.recipients[i].outcome, Outcome::permit);
            EXPECT_TRUE(has_note(decision.recipients[i], "IDENTIFIER_UNKNOWN_NO_DELAY"));
        }
        const auto submission = parsed(document);
        const auto record = record_fields(decision, submission, willow());
        EXPECT_NE(to_jcs(record.dec).find("IDENTIFIER_UNKNOWN_NO_DELAY"), std::string::npos);
    }
    auto document = referral();
    remove_at(document, "/child/nhs_number");
    EXPECT_TRUE(has_note(decided(document).recipients[2], "IDENTIFIER_UNKNOWN_NO_DELAY"));
}

TEST(Requirement, FW_16_an_identifier_that_would_do_harm_stays_and_the_record_says_so) {
    auto document = referral();
    set_at(document, "/basis/identifier_harm", "The number is traced by a relative who works in records.");
    const auto decision = decided(document);
    for (const auto i : {0U, 2U}) {
        EXPECT_EQ(decision.recipients[i].outcome, Outcome::permit);
        EXPECT_FALSE(is_released(decision.recipients[i], "/child/nhs_number"));
        EXPECT_TRUE(has_note(decision.recipients[i], "IDENTIFIER_MORE_DETRIMENTAL"));
        EXPECT_FALSE(has_note(decision.recipients[i], "IDENTIFIER_UNKNOWN_NO_DELAY"));
    }
    EXPECT_FALSE(has_warning(decision, "adequacy/identifier-unknown"));
}

// ---- contradictions ------------------------------------------------------------------------------------------------

TEST(Requirement, SW_4_values_that_the_pack_says_cannot_all_be_true_are_looked_at) {
    auto document = referral();
    set_at(document, "/risk/immediate_danger", true);
    EXPECT_EQ(first_of(decided(document)).outcome, Outcome::permit);
    set_at(document, "/risk/level", "low");
    const auto decision = decided(document);
    EXPECT_EQ(first_of(decision).outcome, Outcome::review);
    EXPECT_TRUE(has_problem(first_of(decision), "accuracy/contradictory", "/case/risk/immediate_danger"));
    EXPECT_TRUE(decision.instructions.front().starts_with("Call 999."));
    set_at(document, "/timing/urgency", "emergency");
    EXPECT_EQ(first_of(decided(document)).outcome, Outcome::permit) << "and never holds an emergency up";
}

// ---- traps ---------------------------------------------------------------------------------------------------------

TEST(Trap, AnAnonymousReferralFromAMemberOfThePublicGoes) {
    auto document = referral();
    set_at(document, "/referrer", json(R"({"name":"not-known","role":"member of the public",
        "organisation":"not-applicable","phone":"not-known"})"));
    EXPECT_EQ(first_of(decided(document)).outcome, Outcome::permit)
        << ::testing::PrintToString(types_of(first_of(decided(document))));
}

TEST(Trap, AReferrerWhoIsAlsoTheAllegedPerpetratorIsReadBySomebodyElse) {
    auto document = referral();
    for (const auto* name : {"Mr Dale Quill", "QUILL, Dale", "Dale  Quill"}) {
        set_at(document, "/referrer/name", name);
        EXPECT_TRUE(has_problem(first_of(decided(document)), "referrer/alleged")) << name;
    }
    set_at(document, "/referrer/name", "dale quill");
    const auto decision = decided(document);
    EXPECT_EQ(first_of(decision).outcome, Outcome::review);
    EXPECT_TRUE(has_problem(first_of(decision), "referrer/alleged", "/case/referrer/name"));
    EXPECT_TRUE(holds_text(first_of(decision).view["handling"]["do_not_inform"], "p2"));
    set_at(document, "/timing/urgency", "emergency");
    EXPECT_EQ(first_of(decided(document)).outcome, Outcome::permit);
    EXPECT_TRUE(has_warning(decided(document), "referrer/alleged"));
}

TEST(Trap, TheChildOfAMemberOfStaffIsReadByAColleague) {
    auto document = referral();
    set_at(document, "/people/0/name", "Uma Imagined");
    set_at(document, "/concerns/3/concerning", "p2");
    set_at(document, "/concerns/4/concerning", "p2");
    const auto decision = decided(document);
    EXPECT_EQ(first_of(decision).outcome, Outcome::review);
    EXPECT_TRUE(has_problem(first_of(decision), "referrer/own-family"));
    set_at(document, "/referrer/role", "mother");
    EXPECT_FALSE(has_problem(first_of(decided(document)), "referrer/own-family")) << "a mother who asks for help";
}

/// Example areas: the child's authority, where the child lives, and where the school is.
void add_three_areas(AgencyTable& table) {
    for (const auto& facts : example_pack().agency_list()) table.by_id.emplace(facts.id.str(), facts);
    auto elsewhere = table.by_id.at("exampleshire");
    for (const auto* name : {"livingshire", "schoolshire"}) {
        elsewhere.id = AgencyId::trusted(name);
        elsewhere.areas = {name};
        table.by_id.emplace(name, elsewhere);
    }
}

TEST(Trap, AChildLookedAfterByOneAreaWhoLivesInAnotherAndLearnsInAThirdBelongsToTheFirst) {
    auto document = referral();
    set_at(document, "/home_authority", "exampleshire");
    set_at(document, "/child/status/looked_after", "yes");
    set_at(document, "/child/address/town", "Livington");
    set_at(document, "/child/education/setting", "Schoolshire Academy");
    set_recipients(document,
                   {"csc.front-door@exampleshire", "csc.front-door@livingshire", "csc.front-door@schoolshire"});
    AgencyTable table;
    add_three_areas(table);
    const auto decision = decide(example_pack(), table, parsed(document), willow(), that_day, view_bytes(salt_text));
    EXPECT_EQ(decision.recipients[0].outcome, Outcome::permit) << "its protocol is the one";
    for (const auto i : {1U, 2U}) {
        EXPECT_EQ(decision.recipients[i].outcome, Outcome::review);
        EXPECT_TRUE(has_problem(decision.recipients[i], "recipient/area-mismatch"));
    }
}

TEST(Trap, TheClocksChangeWhileAClockRuns) {
    const auto plus = [](const char* from, const char* period) {
        return to_rfc3339(add(at(from), parse_period(period).value(), {}));
    };
    // 29 March 2026, 01:00 UTC: forward. 25 October 2026, 01:00 UTC: back.
    EXPECT_EQ(plus("2026-03-28T16:30:00Z", "PT24H"), "2026-03-29T16:30:00Z") << "an hour is an hour";
    EXPECT_EQ(plus("2026-03-27T16:30:00Z", "P1D working"), "2026-03-30T15:30:00Z") << "half past four on the wall";
    EXPECT_EQ(plus("2026-10-23T15:30:00Z", "P1D working"), "2026-10-26T16:30:00Z");
    EXPECT_EQ(plus("2026-03-28T01:30:00Z", "P1D"), "2026-03-29T01:30:00Z") << "a time that is skipped moves past it";
    EXPECT_EQ(plus("2026-10-24T00:30:00Z", "P1D"), "2026-10-25T00:30:00Z") << "of two, the earlier";
    EXPECT_EQ(plus("2026-04-10T23:30:00Z", "P1D working"), "2026-04-12T23:30:00Z") << "it is Saturday on the wall";
    EXPECT_EQ(to_iso_date(uk_date(at("2026-06-30T23:30:00Z"))), "2026-07-01");
    EXPECT_EQ(to_iso_date(uk_date(at("2026-12-31T23:30:00Z"))), "2026-12-31");
}

TEST(Trap, WhatWasSeenAfterMidnightInSummerIsNotInTheFuture) {
    auto document = referral();
    set_at(document, "/concerns/0/observed_on", "2026-04-14");
    set_at(document, "/concerns/0/recorded_on", "2026-04-14");
    EXPECT_FALSE(
        has_problem(first_of(decided(document, willow(), at("2026-04-13T23:20:00Z"))), "accuracy/date-in-future"))
        << "it is twenty past midnight";
    EXPECT_TRUE(
        has_problem(first_of(decided(document, willow(), at("2026-04-13T22:50:00Z"))), "accuracy/date-in-future"));
}

TEST(Trap, ThePackInForceNowDecidesAndNotTheOneOfTheDraft) {
    const auto draft = pack_with(
        {{"pack.toml", "in_force_from = 2025-01-01", "in_force_from = 2025-01-01\nin_force_until = 2026-04-13"}});
    const auto sent = pack_with({{"pack.toml", "version = \"2026.2\"", "version = \"2026.3\""},
                                 {"pack.toml", "in_force_from = 2025-01-01", "in_force_from = 2026-04-13"}});
    const auto before = at("2026-04-12T11:00:00Z"), now = at("2026-04-13T11:00:00Z");
    auto document = referral();
    set_at(document, "/informing/inform_review_on", "2026-04-20");
    const auto drafted = decided_under(*draft, document, willow(), before);
    EXPECT_FALSE(has_problem(first_of(drafted), "pack/not-in-force"));
    const auto stale = decided_under(*draft, document, willow(), now);
    EXPECT_EQ(stale.outcome, Outcome::deny);
    EXPECT_TRUE(has_problem(first_of(stale), "pack/not-in-force"));
    const auto decision = decided_under(*sent, document, willow(), now);
    EXPECT_EQ(first_of(decision).outcome, Outcome::permit);
    EXPECT_EQ(decision.pack.version, "2026.3");
    EXPECT_EQ(decision.pack.hash, sent->hash());
    EXPECT_NE(decision.pack.hash, draft->hash());
    EXPECT_TRUE(has_problem(first_of(decided_under(*sent, document, willow(), before)), "pack/not-in-force"));
}

}  // namespace
}  // namespace cg::policy::testing
