// Acceptance tests of "necessary, proportionate, relevant, adequate" over every purpose and role of the pack.
#include <gtest/gtest.h>

#include <set>

#include "every_cell.hpp"
#include "variants.hpp"

namespace cg::policy::testing {
namespace {

auto table_of(const Address& address) -> const RoleTable& {
    return example_pack().compiled().purposes.at(address.purpose).roles.at(address.role);
}
auto only(const Decision& decision) -> const RecipientDecision& {
    return decision.recipients.at(0);
}

// ---- NE
// -----------------------------------------------------------------------------------------------------------------

TEST(Requirement, NE_1_an_unknown_leaf_is_withheld_for_every_purpose_and_role) {
    EXPECT_GE(every_address().size(), 19U);
    const std::vector<std::string> unknown{
        "/canary",         "/child/canary",         "/people/0/canary",      "/concerns/0/canary",
        "/risk/canary",    "/consent/canary",       "/child/address/canary", "/da/canary",
        "/missing/canary", "/attachments/0/canary", "/incident/canary",      "/canaries/a/b"};
    for (const auto& address : every_address()) {
        auto document = complete_case(address.purpose, address.to);
        for (const auto& leaf : unknown) set_at(document, leaf, "CANARY");
        const auto decision = decided(document);
        EXPECT_EQ(only(decision).outcome, Outcome::permit) << address.purpose << " " << address.to;
        for (const auto& problem : only(decision).problems)
            ADD_FAILURE() << address.purpose << " " << problem.type << " " << problem.pointer;
        for (const auto& leaf : unknown)
            EXPECT_TRUE(std::ranges::any_of(only(decision).withheld,
                                            [&leaf](const Withheld& one) {
                                                return one.pointer == leaf && one.group == "unknown" &&
                                                       (one.reason == WithheldReason::not_necessary ||
                                                        leaf.starts_with("/people") || leaf.starts_with("/concerns"));
                                            }))
                << address.purpose << " " << address.role << " " << leaf;
        EXPECT_EQ(to_jcs(only(decision).view).find("CANARY"), std::string::npos);
    }
}

TEST(Requirement, NE_2_the_sender_sees_fields_reasons_and_bytes_for_each_recipient_before_anything_goes) {
    const auto answer = to_json(decided(referral()), true);
    const auto& recipients = *answer["recipients"].if_array();
    ASSERT_EQ(recipients.size(), 3U);
    for (const auto& recipient : recipients) {
        const auto& size = recipient["size"];
        EXPECT_EQ(size["fields"].integer_or(-1), static_cast<std::int64_t>(recipient["released"].size()));
        EXPECT_EQ(size["withheld"].integer_or(-1), static_cast<std::int64_t>(recipient["withheld"].size()));
        EXPECT_EQ(size["bytes"].integer_or(-1), static_cast<std::int64_t>(to_jcs(recipient["view"]).size()));
        EXPECT_GT(size["bytes"].integer_or(0), 1000);
        for (const auto& leaf : *recipient["withheld"].if_array()) {
            EXPECT_FALSE(leaf["reason"].text().empty());
            EXPECT_FALSE(leaf["rule"].text().empty());
        }
    }
    EXPECT_EQ(to_jcs(to_json(decided(referral()), false)["recipients"].if_array()->at(0)["size"]),
              to_jcs(recipients[0]["size"]))
        << "also where the views themselves are left out";
    const auto refused = to_json(decided(child_in_need("refused")), true);
    const auto& size = refused["recipients"].if_array()->at(0)["size"];
    EXPECT_EQ(size["fields"].integer_or(-1), 0);
    EXPECT_EQ(size["bytes"].integer_or(-1), 0);
}

TEST(Requirement, NE_2_the_sender_is_told_where_a_recipient_reads_other_words_than_were_written) {
    auto document = referral();
    const auto told = [&document] {
        const auto decision = decided(document);
        return std::ranges::any_of(first_of(decision).notes, [](const Note& note) {
            return note.code == "words-replaced" && note.pointer == "/concerns/0/text";
        });
    };
    set_at(document, "/concerns/0/text", "The child was at school and said nothing.");
    EXPECT_FALSE(told());
    auto people = *document["case"]["people"].if_array();
    people.push_back(json(R"({"id":"p77","name":"Zebedee Unconnected","relationship":"neighbour"})"));
    set_at(document, "/people", Json{std::move(people)});
    set_at(document, "/concerns/0/text", "Zebedee Unconnected saw it.");
    EXPECT_TRUE(told());
}

TEST(Requirement, NE_3_a_street_that_is_called_like_a_withheld_partner_keeps_its_name_in_the_address) {
    auto document = early_help("given");
    set_recipients(document, {"charity.lead-worker@brightside"});
    set_at(document, "/people/1/name", "Dale Quillfeather");
    set_at(document, "/concerns/0/text", "Quillfeather came to the gate; Dale shouted.");
    const auto decision = decided(document);
    ASSERT_TRUE(is_withheld(only(decision), "/people/1/name", WithheldReason::third_party_not_relevant));
    EXPECT_EQ(only(decision).view["child"]["address"]["line1"].text(), "3 Quillfeather Mews")
        << "structured leaves are never rewritten";
    const auto text = only(decision).view["concerns"].if_array()->at(0)["text"].text();
    EXPECT_EQ(text.find("Quillfeather"), std::string_view::npos) << text;
    EXPECT_EQ(text.find("Dale"), std::string_view::npos) << text;
}

TEST(Requirement, NE_3_the_neighbour_is_gone_from_text_speaker_and_source_role) {
    const auto decision = decided(referral());
    const auto& c4 = decision.recipients.at(2).view["concerns"].if_array()->at(3);
    for (const auto* leaf : {"speaker", "source_role"}) EXPECT_EQ(c4[leaf].text(), "member of the public");
    for (const auto* trace : {"Guarded", "Mo ", "odger", "960555"})
        EXPECT_EQ(to_jcs(decision.recipients.at(2).view).find(trace), std::string::npos) << trace;
}

TEST(Requirement, NE_3_free_text_about_associates_loses_the_listed_people_who_stay_behind) {
    auto document = complete_case("missing-child", "police.missing@examplepolice");
    set_at(document, "/missing/associates", "Petra Unmentioned, and Mr GUARDED on 01632 960555");
    const auto decision = decided(document);
    ASSERT_EQ(only(decision).outcome, Outcome::permit);
    const auto text = std::string{only(decision).view["missing"]["associates"].text()};
    for (const auto* trace : {"Petra", "Unmentioned", "GUARDED", "960555"})
        EXPECT_EQ(text.find(trace), std::string::npos) << text;
}

TEST(Requirement, NE_5_two_projections_of_a_case_share_no_reference) {
    auto document = referral();
    set_at(document, "/child/id", "child-70331");
    set_at(document, "/people/0/id", "person-88120");
    for (const auto* i : {"0", "1", "2", "4"})
        set_at(document, std::string{"/concerns/"} + i + "/about", "child-70331");
    set_at(document, "/concerns/3/concerning", "person-88120");
    set_at(document, "/concerns/4/concerning", "person-88120");
    set_at(document, "/attachments/0/id", "scan-4711");
    const auto decision = decided(document);
    const auto& pack = example_pack().compiled();
    std::map<std::string, std::size_t> owner;
    std::size_t references = 0;
    for (std::size_t i = 0; i < decision.recipients.size(); ++i) {
        const auto& recipient = decision.recipients[i];
        ASSERT_EQ(recipient.outcome, Outcome::permit);
        for (const auto& leaf : case_leaves(recipient.view)) {
            const auto use = pack.leaves[pack.trie.find(pattern_of(leaf))].use;
            const auto value = std::string{recipient.view.at_pointer(leaf)->text()};
            const bool reference = use == LeafUse::reference || use == LeafUse::label || use == LeafUse::case_reference;
            if (!reference || value.size() < 5) continue;  // p1, a2: labels that say nothing outside the message
            ++references;
            EXPECT_EQ(owner.emplace(value, i).first->second, i) << leaf << " is the same for two recipients";
        }
        for (const auto* own : {"HB/2026/0311", "child-70331", "person-88120", "scan-4711"})
            EXPECT_EQ(to_jcs(recipient.view).find(own), std::string::npos) << own;
    }
    EXPECT_GT(references, 15U);
}

// ---- PR, RE
// -------------------------------------------------------------------------------------------------------------

TEST(Requirement, PR_1_offences_go_to_the_police_at_high_risk_and_not_at_low) {
    auto document = referral();
    set_recipients(document, {"police.public-protection@examplepolice"});
    for (const auto& [level, goes] : {std::pair{"high", true}, {"imminent", true}, {"medium", false}, {"low", false}}) {
        set_at(document, "/risk/level", level);
        const auto decision = decided(document);
        EXPECT_EQ(is_released(only(decision), "/people/1/offences"), goes) << level;
        EXPECT_EQ(is_withheld(only(decision), "/people/1/offences", WithheldReason::condition_not_met), !goes) << level;
    }
}

TEST(Requirement, PR_2_an_uncle_whom_no_concern_mentions_stays_out_unless_he_lives_there) {
    auto document = referral();
    ASSERT_EQ(document["case"]["people"].if_array()->at(4)["id"].text(), "p5");
    set_at(document, "/people/4/relationship", "aunt-uncle");
    for (std::size_t i = 0; i < 3; ++i)
        EXPECT_TRUE(is_withheld(decided(document).recipients.at(i), "/people/4/name",
                                WithheldReason::third_party_not_relevant));
    set_at(document, "/concerns/0/concerning", "p5");
    EXPECT_TRUE(is_released(decided(document).recipients.at(0), "/people/4/name")) << "a concern is about him";
    set_at(document, "/concerns/0/concerning", "p2");
    set_at(document, "/people/4/household", true);
    EXPECT_TRUE(is_released(decided(document).recipients.at(0), "/people/4/name")) << "he lives there";
}

TEST(Requirement, RE_1_the_transfer_of_a_plan_carries_no_text_of_a_concern) {
    const auto decision = decided(complete_case("send-transfer", "la.send-team@exampleshire"));
    ASSERT_EQ(only(decision).outcome, Outcome::permit);
    EXPECT_EQ(only(decision).view.find("concerns"), nullptr);
    EXPECT_EQ(to_jcs(only(decision).view).find("bruises"), std::string::npos);
}

TEST(Requirement, RE_1_a_role_that_asks_for_some_categories_gets_concerns_of_no_other) {
    const auto pack = pack_with({{"purposes/child-protection-referral.toml", "tags = [\"health\"]\n",
                                  "tags = [\"health\"]\nconcern_categories = [\"NEG\"]\n"}});
    auto document = referral();
    const auto decision = decided_under(*pack, document);
    const auto& health = decision.recipients.at(2);
    EXPECT_EQ(health.outcome, Outcome::permit);
    EXPECT_TRUE(is_withheld(health, "/concerns/0/text", WithheldReason::not_necessary));
    EXPECT_TRUE(is_released(health, "/concerns/3/text"));
    EXPECT_EQ(health.view["concerns"].size(), 2U);
    EXPECT_EQ(decision.recipients.at(0).view["concerns"].size(), 5U);
    auto files = example_files();
    auto& text = files.at("purposes/early-help.toml");
    text.replace(text.find("tags = []"), 9, "tags = []\nconcern_categories = [\"GOSSIP\"]");
    const auto wrong = load_pack(files);
    ASSERT_FALSE(wrong);
    EXPECT_EQ(wrong.error().problems.at(0).type, "pack/code-unknown");
}

TEST(Requirement, RE_2_recipients_are_roles_of_the_directory_and_never_typed_addresses) {
    auto document = referral();
    for (const auto& [to, type] : {std::pair{"housing.officer@hearthstone", "recipient/role-not-permitted"},
                                   {"no.such-role@exampleshire", "recipient/role-not-permitted"},
                                   {"uma@example.org, please", "recipient/unknown"},
                                   {"csc.front-door@nowhere", "recipient/unknown"},
                                   {"csc.front-door@willow", "recipient/role-unheld"}}) {
        set_recipients(document, {to});
        const auto decision = decided(document);
        EXPECT_EQ(only(decision).outcome, Outcome::deny) << to;
        EXPECT_TRUE(has_problem(only(decision), type, "/recipients/0")) << to;
        EXPECT_TRUE(only(decision).view.is_null());
    }
}

// ---- AQ
// -----------------------------------------------------------------------------------------------------------------

/// A required leaf in a case: `/people/*/name` stands for one person.
auto place_of(const std::string& pattern, const std::string& item) -> std::string {
    auto out = pattern;
    if (const auto star = out.find('*'); star != std::string::npos) out.replace(star, 1, item);
    return out;
}

/// What has to be taken away so that a group has a gap, and the pointer of the gap.
struct Gap {
    std::vector<std::string> leaves;
    std::string pointer, type;
};

auto gaps_of(const Address& address, const Json& document) -> std::vector<Gap> {
    const auto& pack = example_pack().compiled();
    const auto& table = table_of(address);
    std::vector<Gap> out;
    for (const auto& requirement : table.requirements) {
        const auto& group = pack.groups[requirement.group];
        if (!group.note_if_missing.empty() || group.always) continue;
        Gap all{{}, "/case/" + group.list, group.gap_type};
        for (const auto leaf : group.core) {
            if (!requirement.core.test(leaf)) continue;
            const auto& pattern = pack.leaves[leaf].pattern;
            if (group.any_item) {
                for (std::size_t i = 0; i < document["case"][group.list].size(); ++i)
                    all.leaves.push_back(place_of(pattern, std::to_string(i)));
            } else if (!pattern.ends_with("/id")) {  // without its id an item is another item
                Gap one{{place_of(pattern, "0")}, "/case" + place_of(pattern, "0"), group.gap_type};
                for (const auto& [stood_for, instead] : group.instead)
                    if (stood_for == leaf) one.leaves.push_back(instead);
                out.push_back(std::move(one));
            }
        }
        if (group.any_item) out.push_back(std::move(all));
    }
    return out;
}

void take_away(Json& document, const std::vector<std::string>& leaves) {
    for (const auto& leaf : leaves)
        if (document["case"].at_pointer(leaf) != nullptr) remove_at(document, leaf);
}

TEST(Requirement, AQ_1_each_required_field_that_is_taken_away_is_named) {
    std::size_t tried = 0;
    for (const auto& address : every_address()) {
        const auto whole = complete_case(address.purpose, address.to);
        for (const auto& gap : gaps_of(address, whole)) {
            auto document = whole;
            take_away(document, gap.leaves);
            const auto decision = decided(document);
            // Nobody knows who that is: then the person stays out, and nothing is required of them.
            const bool left_out =
                is_withheld(only(decision), "/people/0/name", WithheldReason::third_party_not_relevant);
            const auto where = address.purpose + " " + address.role + " " + gap.pointer;
            if (left_out) {
                EXPECT_TRUE(gap.pointer.ends_with("/household") || gap.pointer.ends_with("/relationship")) << where;
                continue;
            }
            EXPECT_EQ(only(decision).outcome, Outcome::deny) << where;
            EXPECT_TRUE(has_problem(only(decision), gap.type, gap.pointer)) << where;
            ++tried;
        }
    }
    EXPECT_GT(tried, 150U);
}

TEST(Requirement, AQ_1_every_gap_is_listed_at_once_and_an_emergency_owes_them) {
    const Address address{"child-protection-referral", "csc.front-door", "csc.front-door@exampleshire"};
    auto document = complete_case(address.purpose, address.to);
    std::set<std::string> expected;
    for (const auto& gap : gaps_of(address, document)) {
        if (gap.pointer.starts_with("/case/people") || gap.pointer.starts_with("/case/concerns")) continue;
        take_away(document, gap.leaves);
        expected.insert(gap.pointer);
    }
    ASSERT_GE(expected.size(), 10U);
    auto decision = decided(document);
    EXPECT_EQ(only(decision).outcome, Outcome::deny);
    for (const auto& pointer : expected)
        EXPECT_TRUE(has_problem(only(decision), "adequacy/field-missing", pointer)) << pointer;
    set_at(document, "/timing/urgency", "emergency");
    decision = decided(document);
    EXPECT_EQ(only(decision).outcome, Outcome::permit);
    ASSERT_TRUE(decision.complete_by.has_value());
    EXPECT_EQ(only(decision).view["handling"]["complete_by"].text(), to_rfc3339(*decision.complete_by));
    for (const auto& pointer : expected)
        EXPECT_TRUE(std::ranges::any_of(decision.warnings, [&](const Problem& one) { return one.pointer == pointer; }))
            << pointer;
}

TEST(Requirement, AQ_1_adequacy_is_judged_on_what_goes_and_not_on_what_was_written) {
    auto document = referral();
    set_recipients(document, {"health.safeguarding@examplenhs"});
    set_at(document, "/concerns/0/collected_for", "research");
    for (const auto* i : {"1", "2", "3", "4"})
        set_at(document, std::string{"/concerns/"} + i + "/collected_for", "research");
    const auto decision = decided(document);
    EXPECT_EQ(only(decision).outcome, Outcome::deny) << "the words were filled in, but may not go";
    EXPECT_TRUE(has_problem(only(decision), "adequacy/field-missing"));
    EXPECT_EQ(decision.tests[3], "fail");
}

TEST(Requirement, AQ_2_a_concern_says_who_saw_it_and_when_and_when_it_was_written_down) {
    for (const auto* leaf : {"source_role", "observed_on", "recorded_on"}) {
        auto document = referral();
        remove_at(document, std::string{"/concerns/0/"} + leaf);
        const auto decision = decided(document);
        for (const auto& recipient : decision.recipients)
            EXPECT_TRUE(has_problem(recipient, "adequacy/concern-unsourced", std::string{"/case/concerns/0/"} + leaf));
    }
}

TEST(Requirement, AQ_2_codes_have_words) {
    for (const auto& [code, words] : example_pack().compiled().concern_categories) EXPECT_GT(words.size(), 4U) << code;
    auto document = referral();
    EXPECT_FALSE(has_warning(decided(document), "adequacy/code-unknown"));
    set_at(document, "/concerns/0/category", "XYZ");
    EXPECT_TRUE(has_warning(decided(document), "adequacy/code-unknown"));
}

}  // namespace
}  // namespace cg::policy::testing
