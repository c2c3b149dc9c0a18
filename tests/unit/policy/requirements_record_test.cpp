// Acceptance tests of dry runs (FW-9), safety (SW), security of the answer (SE) and the record of a decision (RC).
#include <gtest/gtest.h>

#include <set>

#include "every_cell.hpp"
#include "variants.hpp"

namespace cg::policy::testing {
namespace {

auto record_of(const Json& document) -> RecordFields {
    return record_fields(decided(document), parsed(document), willow());
}

// ---- FW-9
// ---------------------------------------------------------------------------------------------------------------

TEST(Requirement, FW_9_check_and_send_get_the_same_answer_for_every_purpose_and_role) {
    for (const auto& [purpose, role, to] : every_address()) {
        const auto submission = parsed(complete_case(purpose, to));
        const auto ask = [&submission] {
            return decide(example_pack(), example_pack().agencies(), submission, willow(), that_day,
                          view_bytes(salt_text));
        };
        const auto check = ask();
        const auto send = ask();
        EXPECT_EQ(to_jcs(to_json(check, true)), to_jcs(to_json(send, true))) << purpose << " " << role;
        EXPECT_EQ(to_jcs(record_fields(check, submission, willow()).dec),
                  to_jcs(record_fields(send, submission, willow()).dec));
    }
}

// ---- SW
// -----------------------------------------------------------------------------------------------------------------

TEST(Requirement, SW_1_four_answers_and_none_of_them_blank) {
    const std::vector<std::string> answers{"if_shared_person", "if_shared_others", "if_not_shared_person",
                                           "if_not_shared_others"};
    for (const auto& [purpose, role, to] : every_address()) {
        if (!example_pack().compiled().purposes.at(purpose).risk_answers) continue;
        for (const auto& answer : answers) {
            for (const auto* blank : {"", "  \t\n", "\xC2\xA0", "\xE2\x80\x8B"}) {
                auto document = complete_case(purpose, to);
                set_at(document, "/risk/" + answer, blank);
                const auto decision = decided(document);
                EXPECT_EQ(decision.outcome, Outcome::deny) << purpose;
                EXPECT_TRUE(has_problem(decision.recipients[0], "risk/unanswered", "/case/risk/" + answer)) << purpose;
            }
            auto document = complete_case(purpose, to);
            set_at(document, "/risk/" + answer, "none identified");
            EXPECT_EQ(decided(document).outcome, Outcome::permit) << purpose << " " << answer;
        }
    }
}

TEST(Requirement, SW_2_somebody_whom_a_concern_is_about_and_nobody_considered_is_a_warning) {
    auto document = referral();
    remove_at(document, "/third_parties");
    auto decision = decided(document);
    EXPECT_EQ(decision.outcome, Outcome::permit) << "a warning, no bar";
    std::set<std::string> named;
    for (const auto& warning : decision.warnings)
        if (warning.type == "risk/third-party-not-considered") named.insert(warning.pointer);
    EXPECT_TRUE(named.contains("/case/concerns/0/concerning"));
    EXPECT_TRUE(named.contains("/case/concerns/3/about"));
    EXPECT_FALSE(named.contains("/case/concerns/0/about")) << "the child is no third party";
    set_at(document, "/third_parties",
           json(R"([{"person":"p1","role":"mother","effect":"may be blamed"},{"person":"p2","effect":"may be arrested"},
                    {"person":"p3","role":"sibling","effect":" "}])"));
    decision = decided(document);
    const auto left = std::ranges::count(decision.warnings, "risk/third-party-not-considered", &Problem::type);
    EXPECT_EQ(left, 1) << "of p3 no effect is written down";
    EXPECT_FALSE(has_warning(decided(referral()), "risk/third-party-not-considered"));
    for (const auto& recipient : decision.recipients)
        EXPECT_EQ(to_jcs(recipient.view).find("may be blamed"), std::string::npos) << "the list stays with the sender";
}

TEST(Requirement, SW_5_a_search_for_the_mother_finds_the_case) {
    auto document = referral();
    set_at(document, "/concerns/4/about", "p1");
    const auto id = record_of(document).id;
    const auto& subjects = *id["subjects"].if_array();
    const auto mother = std::ranges::find_if(subjects, [](const Json& one) { return one["id"].text() == "p1"; });
    ASSERT_NE(mother, subjects.end());
    EXPECT_EQ((*mother)["relationship"].text(), "mother");
    EXPECT_TRUE(holds_text((*mother)["names"], "Ash Larkspur"));
    EXPECT_TRUE(
        holds_text((*mother)["identifiers"], std::string{document["case"]["people"].if_array()->at(0)["nino"].text()}));
    EXPECT_EQ(subjects.size(), 1 + document["case"]["people"].size()) << "everybody is a subject with rights";
}

// ---- SE
// -----------------------------------------------------------------------------------------------------------------

TEST(Requirement, SE_2_each_recipient_has_a_view_of_its_own_and_nothing_of_the_others) {
    auto document = referral();
    set_at(document, "/child/health/conditions", "HEALTH-ONLY");
    set_at(document, "/people/1/offences", "OFFENCE-ONLY");
    const auto decision = decided(document);
    const auto view = [&decision](std::size_t i) { return to_jcs(decision.recipients.at(i).view); };
    EXPECT_NE(view(1).find("OFFENCE-ONLY"), std::string::npos);
    EXPECT_EQ(view(1).find("HEALTH-ONLY"), std::string::npos);
    EXPECT_NE(view(2).find("HEALTH-ONLY"), std::string::npos);
    EXPECT_EQ(view(2).find("OFFENCE-ONLY"), std::string::npos);
    for (std::size_t i = 0; i < 3; ++i)
        EXPECT_EQ(decision.recipients[i].view["to"].text(), decision.recipients[i].to_text);
}

TEST(Requirement, SE_4_every_view_is_marked) {
    for (const auto& [purpose, role, to] : every_address()) {
        const auto decision = decided(complete_case(purpose, to));
        const auto& marking = decision.recipients.at(0).view["handling"]["marking"];
        EXPECT_EQ(marking.text(), example_pack().compiled().purposes.at(purpose).marking) << purpose;
        EXPECT_FALSE(marking.text().empty()) << purpose;
    }
}

TEST(Requirement, SE_5_no_problem_warning_or_record_repeats_a_value_of_the_case) {
    // Every leaf in turn holds a name where it belongs least, and every gate finds something to say about it.
    const std::string canary = "Canary Wren Larkspur 9990002118";
    for (const auto& [purpose, role, to] : every_address()) {
        const auto whole = complete_case(purpose, to);
        for (const auto& leaf : leaves_of(whole["case"])) {
            if (leaf == "/schema" || leaf == "/timing/urgency") continue;
            auto document = whole;
            set_at(document, leaf, canary);
            const auto submission = parse_submission(document);
            std::string said;
            if (!submission) {
                for (const auto& problem : submission.error().problems)
                    said += problem.type + problem.pointer + problem.rule + problem.fix + "\n";
            } else {
                const auto decision = decide(example_pack(), example_pack().agencies(), submission.value(), willow(),
                                             that_day, view_bytes(salt_text));
                said = to_jcs(to_json(decision, false)) +
                       to_jcs(record_fields(decision, submission.value(), willow()).dec);
            }
            ASSERT_EQ(said.find("Canary"), std::string::npos) << purpose << " " << leaf;
        }
    }
}

TEST(Requirement, SE_5_names_of_members_are_no_way_around_it) {
    auto document = referral();
    set_at(document, "/Wren Larkspur/collected_for", "fundraising");
    set_at(document, "/child/Wren Larkspur", "x");
    set_at(document, "/concerns/0/Wren Larkspur", Json::object({{"confidential", true}}));
    EXPECT_EQ(to_jcs(record_of(document).dec).find("Wren"), std::string::npos);
    for (const auto& recipient : decided(document).recipients)
        for (const auto& problem : recipient.problems) EXPECT_EQ(problem.pointer.find("Wren"), std::string::npos);
}

// ---- RC
// -----------------------------------------------------------------------------------------------------------------

TEST(Requirement, RC_2_the_record_says_what_went_to_whom_and_why) {
    for (const auto& [purpose, role, to] : every_address()) {
        const auto document = complete_case(purpose, to);
        const auto decision = decided(document);
        const auto dec = record_fields(decision, parsed(document), willow()).dec;
        EXPECT_EQ(dec["purpose"].text(), purpose);
        const auto& recipient = dec["recipients"].if_array()->at(0);
        EXPECT_EQ(recipient["to"].text(), to);
        EXPECT_EQ(to_jcs(recipient["released"]), to_jcs(Json::texts(decision.recipients[0].released)));
        EXPECT_EQ(recipient["released_count"].integer_or(0),
                  static_cast<std::int64_t>(decision.recipients[0].released.size()));
        std::size_t withheld = 0;
        for (const auto& entry : *recipient["withheld"].if_array()) {
            withheld += static_cast<std::size_t>(entry["count"].integer_or(0));
            EXPECT_FALSE(entry["reason"].text().empty());
        }
        EXPECT_EQ(withheld, decision.recipients[0].withheld.size()) << purpose << " " << role;
    }
}

TEST(Requirement, RC_4_every_rule_that_was_evaluated_is_recorded_with_its_result) {
    static const std::set<std::string_view> results{"pass", "fail", "review", "warning", "debt", "not-applicable"};
    for (const auto& [purpose, role, to] : every_address()) {
        const auto dec = record_of(complete_case(purpose, to)).dec;
        const auto& short_name = example_pack().compiled().purposes.at(purpose).short_name;
        std::set<std::string> rules;
        for (const auto& rule : *dec["rules"].if_array()) {
            EXPECT_TRUE(results.contains(rule["result"].text())) << rule["result"].text();
            rules.emplace(rule["id"].text());
        }
        for (const auto* gate : {"basis", "consent", "informing", "risk", "kind", "accuracy", "voice", "timeliness",
                                 "minimum", "numbers", "third-parties", "untagged", "recipient"})
            EXPECT_TRUE(rules.contains(short_name + "." + gate)) << purpose << " " << gate;
        for (const auto* gate : {"consent-scope", "sensitive-data", "confidence", "contact", "adequacy"})
            EXPECT_TRUE(rules.contains(short_name + "." + role + "." + gate)) << purpose << " " << gate;
        EXPECT_EQ(dec["pack"]["id"].text(), example_pack().id());
        EXPECT_EQ(dec["pack"]["version"].text(), example_pack().version());
        EXPECT_EQ(dec["pack"]["hash"].text(), example_pack().hash());
    }
}

TEST(Requirement, RC_4_a_replay_with_the_stored_inputs_gives_the_same_record_bit_for_bit) {
    auto document = child_in_need("refused");
    const auto stored = to_jcs(document);
    const auto first = record_of(parse_json(stored).value());
    const auto again = record_of(parse_json(stored).value());
    EXPECT_EQ(to_jcs(first.dec), to_jcs(again.dec));
    EXPECT_EQ(to_jcs(first.id), to_jcs(again.id));
}

TEST(Requirement, RC_5_the_record_says_who_asked_in_what_role_for_which_organisation_and_how_they_signed_in) {
    for (const auto& [purpose, role, to] : every_address()) {
        const auto fields = record_of(complete_case(purpose, to));
        for (const auto* part : {"user", "role", "organisation", "auth"})
            EXPECT_FALSE(fields.id["actor"][part].text().empty()) << purpose << " " << part;
        EXPECT_EQ(fields.id["actor"]["organisation"].text(), "willow");
        EXPECT_EQ(fields.dec["sender"]["organisation"].text(), "willow");
    }
    for (const auto* part : {"user", "role", "auth"}) {
        auto document = referral();
        document.find("actor")->erase(part);
        EXPECT_FALSE(parse_submission(document)) << "nobody may ask without saying " << part;
    }
}

TEST(Requirement, RC_4_the_eight_tests_are_recorded_with_their_results) {
    for (const auto& [purpose, role, to] : every_address()) {
        const auto dec = record_of(complete_case(purpose, to)).dec;
        ASSERT_EQ(dec["tests"].size(), 8U);
        for (const auto name : test_names)
            EXPECT_TRUE(dec["tests"][name].text().starts_with("pass") ||
                        dec["tests"][name].text().starts_with("warning") || dec["tests"][name].text() == "late")
                << purpose << " " << name << " " << dec["tests"][name].text();
    }
    const auto whole = record_of(referral()).dec["tests"];
    EXPECT_TRUE(whole["necessary"].text().ends_with(" held back"));
    EXPECT_NE(whole["proportionate"].text().find("risk high"), std::string_view::npos);
    EXPECT_EQ(whole["adequate"].text(), "pass");
    auto document = referral();
    remove_at(document, "/referrer/phone");
    EXPECT_EQ(record_of(document).dec["tests"]["adequate"].text(), "fail");
    set_at(document, "/timing/urgency", "emergency");
    EXPECT_EQ(record_of(document).dec["tests"]["adequate"].text(), "debt");
    set_at(document, "/concerns/0/recorded_on", "2026-04-01");
    EXPECT_TRUE(record_of(document).dec["tests"]["accurate"].text().starts_with("debt"));
    document.set("purpose", "no-such-purpose");
    EXPECT_EQ(record_of(document).dec["tests"]["necessary"].text(), "not-tested");
}

}  // namespace
}  // namespace cg::policy::testing
