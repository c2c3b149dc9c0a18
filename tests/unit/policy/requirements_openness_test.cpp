// Acceptance of the openness requirements: OP-1 to OP-7, OP-9, OP-10, and every reason for not telling the family.
#include "policy/informing.hpp"

#include <gtest/gtest.h>

#include "every_cell.hpp"
#include "variants.hpp"

namespace cg::policy::testing {
namespace {

/// The mother told, the step-father not, each in a record of their own.
auto told_apart() -> Json {
    auto document = referral();
    set_at(document, "/informing", json(R"({"first_contact_on":"2026-04-13","expected_by_subject":"no","people":[
        {"person":"p1","why_what_how_whom":["why","what","how","whom"],"by":"u-204","on":"2026-04-13","how":"meeting",
         "reaction":"worried, and glad of help"},
        {"person":"p2","exception":"RISK_TO_CHILD","exception_facts":"c1 and c2: Wren names him.",
         "inform_review_on":"2026-04-20"}]})"));
    return document;
}

TEST(Requirement, OP_1_each_person_has_a_record_of_what_they_were_told) {
    const auto decision = decided(told_apart());
    EXPECT_EQ(first_of(decision).outcome, Outcome::permit) << ::testing::PrintToString(types_of(first_of(decision)));
    EXPECT_FALSE(has_warning(decision, "informing/record-incomplete"));
    EXPECT_FALSE(has_warning(decision, "informing/first-contact-missing"));
    const auto& handling = first_of(decision).view["handling"];
    EXPECT_EQ(texts_in(handling["family_told"]), (std::vector<std::string>{"p1"}));
    EXPECT_TRUE(holds_text(handling["do_not_inform"], "p2"));
    EXPECT_FALSE(holds_text(handling["do_not_inform"], "p1")) << "she was told";
}

TEST(Requirement, OP_1_why_what_how_and_with_whom_each_gap_is_named) {
    const std::vector<std::string> parts{"why", "what", "how", "whom"};
    for (const auto& missing : parts) {
        auto said = parts;
        std::erase(said, missing);
        for (const auto& document : {told_apart(), child_in_need("given")}) {
            const bool apart = document["case"]["informing"].find("people") != nullptr;
            const std::string pointer = apart ? "/informing/people/0" : "/informing";
            auto changed = document;
            set_at(changed, pointer + "/why_what_how_whom", Json::texts(said));
            const auto decision = decided(changed);
            EXPECT_EQ(first_of(decision).outcome, Outcome::review);
            EXPECT_TRUE(
                has_problem(first_of(decision), "informing/incomplete", "/case" + pointer + "/why_what_how_whom"));
            EXPECT_TRUE(fix_of(first_of(decision), "informing/incomplete").ends_with("open: " + missing + "."))
                << fix_of(first_of(decision), "informing/incomplete");
        }
    }
}

TEST(Requirement, OP_1_by_whom_when_how_and_reaction_are_asked_for) {
    for (const auto& [leaf, words] : std::map<std::string, std::string>{
             {"by", "who told them"}, {"on", "when"}, {"how", "how"}, {"reaction", "what they said to it"}}) {
        auto document = told_apart();
        remove_at(document, "/informing/people/0/" + leaf);
        EXPECT_NE(warning_fix(decided(document), "informing/record-incomplete").find(words), std::string::npos) << leaf;
    }
}

TEST(Requirement, OP_1_from_the_outset_means_that_the_first_contact_is_dated) {
    auto document = told_apart();
    remove_at(document, "/informing/first_contact_on");
    EXPECT_TRUE(has_warning(decided(document), "informing/first-contact-missing"));
    set_at(document, "/informing/people/0/first_contact_on", "2026-04-13");
    EXPECT_FALSE(has_warning(decided(document), "informing/first-contact-missing"));
    const auto submission = parsed(document);
    const auto record = record_fields(decided_under(example_pack(), submission), submission, willow());
    EXPECT_EQ(record.id["informing"]["people"].if_array()->at(0)["first_contact_on"].text(), "2026-04-13");
}

TEST(Requirement, OP_2_nobody_told_and_no_reason_is_reviewed_and_owed_in_an_emergency) {
    auto document = referral();
    set_at(document, "/informing", json(R"({"told":"none"})"));
    EXPECT_EQ(first_of(decided(document)).outcome, Outcome::review);
    EXPECT_TRUE(has_problem(first_of(decided(document)), "informing/not-addressed"));
    set_at(document, "/timing/urgency", "emergency");
    const auto urgent = decided(document);
    EXPECT_EQ(first_of(urgent).outcome, Outcome::permit);
    EXPECT_TRUE(has_warning(urgent, "informing/not-addressed"));
    EXPECT_TRUE(urgent.complete_by.has_value()) << "a debt with a day";
}

TEST(Requirement, OP_2_every_reason_of_the_list_needs_its_facts) {
    const std::vector<std::string> codes{"RISK_TO_CHILD",        "RISK_TO_ADULT",    "SUSPECTED_SEXUAL_ABUSE",
                                         "SUSPECTED_FII",        "UNSAFE",           "PREJUDICE_SERIOUS_CRIME",
                                         "DELAY_INCREASES_RISK", "LOSS_OF_EVIDENCE", "UNJUSTIFIED_DELAY"};
    for (const auto& code : codes) {
        auto document = referral();
        set_at(document, "/informing/exception", code);
        const auto decision = decided(document);
        EXPECT_EQ(first_of(decision).outcome, Outcome::permit) << code;
        EXPECT_EQ(decision.codes.exceptions, std::vector<std::string>{code});
        EXPECT_TRUE(holds_text(first_of(decision).view["handling"]["do_not_inform_reason"], code)) << code;
        for (const auto* facts : {"", "  "}) {
            set_at(document, "/informing/exception_facts", facts);
            EXPECT_EQ(first_of(decided(document)).outcome, Outcome::review) << code;
            EXPECT_TRUE(has_problem(first_of(decided(document)), "informing/exception-facts-missing",
                                    "/case/informing/exception_facts"))
                << code;
        }
    }
}

TEST(Requirement, OP_2_inappropriate_alone_is_vague_and_an_unknown_reason_is_none) {
    auto document = referral();
    set_at(document, "/informing/exception", "INAPPROPRIATE");
    EXPECT_TRUE(has_problem(first_of(decided(document)), "informing/exception-too-vague"));
    set_at(document, "/informing/exception", json(R"(["INAPPROPRIATE","RISK_TO_ADULT"])"));
    EXPECT_EQ(first_of(decided(document)).outcome, Outcome::permit);
    set_at(document, "/informing/exception", "BUSY");
    EXPECT_TRUE(has_problem(first_of(decided(document)), "informing/exception-unknown"));
    EXPECT_FALSE(has_problem(first_of(decided(document)), "informing/exception-too-vague"));
}

TEST(Requirement, OP_2_words_for_nothing_are_neither_a_reason_nor_its_facts) {
    for (const auto& nothing : {Json{"not-applicable"}, Json{"none"}, json(R"(["not-applicable"])"), Json{""}}) {
        auto told = child_in_need("given");
        set_at(told, "/informing/exception", nothing);
        set_at(told, "/informing/exception_facts", "not-applicable");
        const auto decision = decided(told);
        EXPECT_EQ(first_of(decision).outcome, Outcome::permit) << to_jcs(nothing);
        EXPECT_FALSE(first_of(decision).view["handling"].find("do_not_inform")) << to_jcs(nothing);
        EXPECT_TRUE(may_inform_family(example_pack(), parsed(told))) << to_jcs(nothing);
        auto nobody = referral();
        set_at(nobody, "/informing/exception", nothing);
        EXPECT_TRUE(has_problem(first_of(decided(nobody)), "informing/not-addressed")) << to_jcs(nothing);
    }
    for (const auto* facts : {"not-known", "none"}) {
        auto document = referral();
        set_at(document, "/informing/exception_facts", facts);
        EXPECT_TRUE(has_problem(first_of(decided(document)), "informing/exception-facts-missing")) << facts;
    }
}

TEST(Requirement, OP_1_a_record_of_nobody_tells_nobody_and_an_unknown_id_is_said) {
    for (const auto* people : {R"([{}])", R"([{"person":"none","why_what_how_whom":"all four","on":"2026-04-13"}])",
                               R"([{"person":"not-known","why_what_how_whom":"all four"}])"}) {
        auto document = referral();
        set_at(document, "/informing", Json::object());
        set_at(document, "/informing/people", json(people));
        EXPECT_TRUE(has_problem(first_of(decided(document)), "informing/not-addressed")) << people;
    }
    auto document = child_in_need("given");
    EXPECT_FALSE(has_warning(decided(document), "informing/person-unknown"));
    set_at(document, "/informing/told", "the mother");
    EXPECT_TRUE(has_warning(decided(document), "informing/person-unknown"));
    set_at(document, "/informing/told", "all");
    EXPECT_FALSE(has_warning(decided(document), "informing/person-unknown"));
}

TEST(Requirement, OP_3_a_reason_that_the_policy_does_not_know_silences_the_household_as_well) {
    auto document = referral();
    set_at(document, "/informing/exception", "suspected_sexual_abuse");
    set_at(document, "/informing/told", "p1");
    set_at(document, "/informing/why_what_how_whom", "all four");
    for (const auto* urgency : {"urgent", "emergency"}) {
        set_at(document, "/timing/urgency", urgency);
        const auto decision = decided(document);
        const auto& list = first_of(decision).view["handling"]["do_not_inform"];
        for (const auto* who : {"p1", "p2", "p3", "anyone else at the address"})
            EXPECT_TRUE(holds_text(list, who)) << urgency << " " << who;
    }
}

TEST(Requirement, OP_3_suspected_abuse_or_made_up_illness_silences_the_household) {
    for (const auto* code : {"SUSPECTED_SEXUAL_ABUSE", "SUSPECTED_FII"}) {
        auto document = referral();
        set_at(document, "/informing/exception", code);
        set_at(document, "/informing/told", "p1");
        set_at(document, "/informing/why_what_how_whom", "all four");
        for (const auto& recipient : decided(document).recipients) {
            const auto& list = recipient.view["handling"]["do_not_inform"];
            for (const auto* who : {"p1", "p2", "p3", "anyone else at the address"})
                EXPECT_TRUE(holds_text(list, who)) << code << " " << recipient.to_text << " " << who;
            EXPECT_TRUE(has_obligation(recipient.obligations, "do-not-inform"));
        }
        const auto notice = may_inform_family(example_pack(), parsed(document));
        ASSERT_FALSE(notice) << code;
        EXPECT_EQ(notice.error().code, Errc::denied);
        EXPECT_EQ(notice.error().problems.at(0).type, "informing/suppressed");
    }
}

TEST(Requirement, OP_3_a_notice_may_be_written_where_no_reason_silences_the_household) {
    EXPECT_TRUE(may_inform_family(example_pack(), parsed(child_in_need("given"))));
    EXPECT_TRUE(may_inform_family(example_pack(), parsed(referral()))) << "a risk is weighed by a person";
    auto document = told_apart();
    set_at(document, "/informing/people/1/exception", "SUSPECTED_FII");
    EXPECT_FALSE(may_inform_family(example_pack(), parsed(document))) << "also where one person's record says so";
    set_at(document, "/informing/people/1/exception", "SOMETHING_ELSE");
    EXPECT_FALSE(may_inform_family(example_pack(), parsed(document))) << "unknown reasons are taken for the worst";
}

TEST(Requirement, OP_4_do_not_inform_travels_to_every_role_of_every_purpose) {
    for (const auto& [purpose, role, to] : every_address()) {
        auto document = complete_case(purpose, to);
        set_at(document, "/informing/exception", "RISK_TO_CHILD");
        set_at(document, "/informing/exception_facts", "c1: bruises.");
        const auto decision = decided(document);
        ASSERT_EQ(first_of(decision).outcome, Outcome::permit) << purpose << " " << role;
        const auto& handling = first_of(decision).view["handling"];
        EXPECT_FALSE(texts_in(handling["do_not_inform"]).empty()) << purpose << " " << role;
        EXPECT_TRUE(holds_text(handling["do_not_inform_reason"], "RISK_TO_CHILD")) << purpose << " " << role;
        EXPECT_TRUE(has_obligation(first_of(decision).obligations, "do-not-inform")) << purpose << " " << role;
    }
    EXPECT_EQ(every_address().size(), 19U) << "advice names nobody";
}

TEST(Requirement, OP_4_no_pack_can_strip_do_not_inform) {
    constexpr std::string_view role = "[roles.\"csc.front-door\"]\n";
    const auto pack = pack_with({{"purposes/child-protection-referral.toml", role,
                                  "[roles.\"csc.front-door\"]\ntell_family = false\ntell_consent = false\n"
                                  "tell_basis = false\n"}});
    const auto decision = decided_under(*pack, referral());
    const auto& handling = first_of(decision).view["handling"];
    EXPECT_FALSE(handling.find("family_told"));
    EXPECT_FALSE(texts_in(handling["do_not_inform"]).empty());
    EXPECT_TRUE(holds_text(handling["do_not_inform_reason"], "RISK_TO_CHILD"));
    EXPECT_TRUE(has_obligation(first_of(decision).obligations, "do-not-inform"));
}

TEST(Requirement, OP_5_agreement_is_not_the_same_as_being_told) {
    auto document = referral();
    set_at(document, "/informing", json(R"({"told":"p1","why_what_how_whom":"all four","agreement_sought":"no"})"));
    EXPECT_EQ(first_of(decided(document)).outcome, Outcome::permit) << "section 47";
    auto help = early_help("given");
    set_at(help, "/informing/agreement_sought", "no");
    EXPECT_EQ(first_of(decided(help)).outcome, Outcome::review);
    EXPECT_TRUE(has_problem(first_of(decided(help)), "informing/agreement-not-sought"));
    set_at(help, "/informing/agreement_sought", "yes");
    set_at(help, "/informing/agreement_result", "agreed");
    EXPECT_EQ(first_of(decided(help)).outcome, Outcome::permit);
}

TEST(Requirement, OP_6_informing_is_asked_for_on_any_basis) {
    for (const auto* code : {"6.1.c", "6.1.d", "6.1.e"}) {
        auto document = referral();
        set_at(document, "/basis/article6", code);
        set_at(document, "/basis/vital_interest_of", "ch1");
        set_at(document, "/informing", Json::object());
        EXPECT_EQ(first_of(decided(document)).outcome, Outcome::review) << code;
        EXPECT_TRUE(has_problem(first_of(decided(document)), "informing/not-addressed")) << code;
    }
}

TEST(Requirement, OP_7_without_consent_it_is_said_whether_the_person_expects_it) {
    auto document = referral();
    EXPECT_FALSE(has_warning(decided(document), "informing/expected-missing"));
    for (const auto* answer : {"perhaps", "not-known"}) {
        set_at(document, "/informing/expected_by_subject", answer);
        EXPECT_TRUE(has_warning(decided(document), "informing/expected-missing")) << answer;
    }
    EXPECT_FALSE(has_warning(decided(child_in_need("given")), "informing/expected-missing")) << "there is consent";
}

TEST(Requirement, OP_7_not_telling_is_looked_at_again_on_a_day) {
    const auto decision = decided(told_apart());
    const auto it = std::ranges::find(decision.obligations, "inform-review", &Obligation::type);
    ASSERT_NE(it, decision.obligations.end());
    EXPECT_EQ(it->due, at("2026-04-20T00:00:00Z"));
    auto document = referral();
    remove_at(document, "/informing/inform_review_on");
    EXPECT_TRUE(has_warning(decided(document), "informing/review-missing"));
    EXPECT_FALSE(has_obligation(decided(document).obligations, "inform-review"));
    set_at(document, "/informing/inform_review_on", "2026-04-12");
    EXPECT_TRUE(has_warning(decided(document), "informing/review-due"));
}

TEST(Requirement, OP_9_the_voice_of_the_child_or_why_not) {
    auto document = referral();
    remove_at(document, "/child/views/text");
    EXPECT_EQ(first_of(decided(document)).outcome, Outcome::review);
    EXPECT_TRUE(has_problem(first_of(decided(document)), "adequacy/voice", "/case/child/views/text"));
    set_at(document, "/child/views/reason_not", "Wren was already on the way home.");
    EXPECT_EQ(first_of(decided(document)).outcome, Outcome::permit);
    for (const auto* nothing : {"not-known", "none", "not-applicable"}) {
        auto neither = referral();
        set_at(neither, "/child/views/text", nothing);
        EXPECT_TRUE(has_problem(first_of(decided(neither)), "adequacy/voice")) << "no words of the child: " << nothing;
        set_at(neither, "/child/views/reason_not", nothing);
        EXPECT_TRUE(has_problem(first_of(decided(neither)), "adequacy/voice")) << "and no reason: " << nothing;
    }
    document = referral();
    remove_at(document, "/child/views/said_to");
    EXPECT_TRUE(has_warning(decided(document), "voice/unattributed")) << "by whom, and when";
}

TEST(Requirement, OP_10_a_secret_asked_for_never_lowers_sharing) {
    auto document = referral();
    const auto before = decided(document);
    set_at(document, "/child/views/asked_for_secrecy", true);
    for (const auto& answer : {Json{true}, Json{false}, Json{}}) {
        if (answer.is_null())
            remove_at(document, "/child/views/told_cannot_promise");
        else
            set_at(document, "/child/views/told_cannot_promise", answer);
        const auto after = decided(document);
        for (std::size_t i = 0; i < after.recipients.size(); ++i) {
            EXPECT_EQ(after.recipients[i].outcome, before.recipients[i].outcome);
            auto expected = before.recipients[i].released;
            if (answer.is_null()) std::erase(expected, "/child/views/told_cannot_promise");
            EXPECT_EQ(after.recipients[i].released, expected);
        }
        EXPECT_EQ(has_warning(after, "voice/secrecy-not-answered"), answer.is_null());
    }
}

}  // namespace
}  // namespace cg::policy::testing
