// Acceptance tests of what is said of single items: what they were collected for (FW-4), confidences (FW-5), the dead
// (FW-11), tagged words (NE-4) and restricted leaves (SE-9).
#include <gtest/gtest.h>

#include "support.hpp"

namespace cg::policy::testing {
namespace {

auto first(const Decision& decision) -> const RecipientDecision& {
    return decision.recipients.at(0);
}
auto has_note(const RecipientDecision& recipient, std::string_view code, std::string_view pointer) -> bool {
    return std::ranges::any_of(recipient.notes,
                               [&](const Note& note) { return note.code == code && note.pointer == pointer; });
}
auto json(std::string_view text) -> Json {
    return parse_json(text).value();
}

// ---- FW-4
// -------------------------------------------------------------------------------------------------------------

TEST(Requirement, FW_4_an_item_collected_for_fundraising_stays_out_of_a_child_protection_referral) {
    auto document = referral();
    set_at(document, "/people/0/collected_for", "fundraising");
    set_at(document, "/child/health/collected_for", "fundraising");
    const auto decision = decided(document);
    for (const auto* leaf : {"/people/0/name", "/people/0/phone", "/child/health/conditions"})
        EXPECT_TRUE(is_withheld(first(decision), leaf, WithheldReason::purpose_incompatible)) << leaf;
    EXPECT_TRUE(is_released(first(decision), "/people/1/name")) << "another item";
    EXPECT_EQ(to_jcs(first(decision).view).find("eczema"), std::string::npos);
    EXPECT_TRUE(std::ranges::none_of(first(decision).notes,
                                     [](const Note& note) { return note.code == "compatible-by-default"; }));
}

TEST(Requirement, FW_4_a_safeguarding_purpose_takes_an_item_collected_for_education_and_says_so) {
    for (auto document : {referral(), child_in_need("given")}) {
        set_at(document, "/child/education/collected_for", "education");
        const auto decision = decided(document);
        EXPECT_TRUE(is_released(first(decision), "/child/education/setting"));
        EXPECT_TRUE(has_note(first(decision), "compatible-by-default", "/child/education/collected_for"));
        const auto record = record_fields(decision, parsed(document), willow()).dec;
        EXPECT_EQ(to_jcs(record["recipients"].if_array()->at(0)["notes"].if_array()->front()),
                  R"({"code":"compatible-by-default","pointer":"/child/education/collected_for"})");
    }
}

TEST(Requirement, FW_4_another_purpose_takes_only_what_the_matrix_names) {
    auto document = early_help("given");
    set_at(document, "/child/education/collected_for", "education");
    set_at(document, "/child/send/collected_for", "health-care");
    set_at(document, "/child/status/collected_for", "no such code");
    set_at(document, "/child/views/collected_for", "early-help");
    const auto decision = decided(document);
    EXPECT_TRUE(is_released(first(decision), "/child/education/setting")) << "the matrix says so";
    EXPECT_TRUE(is_released(first(decision), "/child/views/text")) << "it was collected for this";
    EXPECT_TRUE(is_withheld(first(decision), "/child/send/need", WithheldReason::purpose_incompatible));
    EXPECT_TRUE(is_withheld(first(decision), "/child/status/legal", WithheldReason::purpose_incompatible));
    EXPECT_TRUE(std::ranges::none_of(first(decision).notes, [](const Note& note) {
        return note.code == "compatible-by-default";
    })) << "nothing went by default";
}

TEST(Requirement, FW_4_an_inner_item_inherits_what_the_outer_one_was_collected_for_unless_it_says_otherwise) {
    auto document = referral();
    set_at(document, "/child/collected_for", "research");
    set_at(document, "/child/address/collected_for", "safeguarding");
    const auto decision = decided(document);
    EXPECT_TRUE(is_withheld(first(decision), "/child/upn", WithheldReason::purpose_incompatible));
    EXPECT_TRUE(is_withheld(first(decision), "/child/health/conditions", WithheldReason::purpose_incompatible));
    EXPECT_FALSE(is_withheld(first(decision), "/child/address/town", WithheldReason::purpose_incompatible));
    EXPECT_TRUE(has_problem(first(decision), "adequacy/field-missing", "/case/child/given_names"))
        << "a referral without a child is not adequate";
}

TEST(Requirement, FW_4_FW_5_what_is_said_of_the_whole_case_or_of_who_refers_counts) {
    auto document = referral();
    set_at(document, "/collected_for", "research");
    const auto research = decided(document);
    for (const auto& recipient : research.recipients) {
        EXPECT_EQ(recipient.outcome, Outcome::deny);
        EXPECT_TRUE(is_withheld(recipient, "/child/given_names", WithheldReason::purpose_incompatible));
    }
    set_at(document, "/collected_for", "safeguarding");
    EXPECT_EQ(decided(document).outcome, Outcome::permit);
    document = referral();
    set_at(document, "/referrer/confidential", true);
    EXPECT_TRUE(has_problem(first(decided(document)), "confidence/balance-missing", "/case/referrer/balance/if_shared"));
    document = referral();
    set_at(document, "/confidential", true);
    EXPECT_TRUE(has_problem(first(decided(document)), "confidence/balance-missing", "/case/balance/if_shared"));
}

TEST(Requirement, FW_4_a_purpose_names_only_what_the_pack_knows) {
    auto files = example_files();
    auto& text = files.at("purposes/early-help.toml");
    text.replace(text.find("\"service-use\""), 13, "\"gossip\"");
    const auto pack = load_pack(files);
    ASSERT_FALSE(pack);
    EXPECT_EQ(pack.error().problems.at(0).type, "pack/code-unknown");
}

// ---- FW-5, FW-11
// --------------------------------------------------------------------------------------------------------

TEST(Requirement, FW_5_a_confidential_item_needs_a_balance_statement) {
    auto document = referral();
    set_at(document, "/concerns/1/confidential", true);
    const auto without = decided(document);
    for (const auto* part : {"if_shared", "if_not_shared", "on_whom"})
        EXPECT_TRUE(
            has_problem(first(without), "confidence/balance-missing", std::string{"/case/concerns/1/balance/"} + part))
            << part;
    EXPECT_EQ(first(without).outcome, Outcome::deny);
    set_at(
        document, "/concerns/1/balance",
        json(
            R"({"if_shared":"She may stop talking to us.","if_not_shared":"She may be hurt.","on_whom":"the child"})"));
    EXPECT_EQ(first(decided(document)).outcome, Outcome::permit);
    set_at(document, "/concerns/1/balance/on_whom", " ");
    EXPECT_EQ(types_of(first(decided(document))), (std::vector<std::string>{"confidence/balance-missing"}));
}

TEST(Requirement, FW_5_what_opens_the_confidence_is_recorded_apart_from_the_legal_basis) {
    auto document = referral();
    set_at(document, "/child/health/confidential", true);
    set_at(document, "/child/health/balance", json(R"({"if_shared":"a","if_not_shared":"b","on_whom":"c"})"));
    const auto dec = record_fields(decided(document), parsed(document), willow()).dec;
    EXPECT_EQ(dec["law"]["confidence_gate"].text(), "overriding-public-interest");
    EXPECT_EQ(dec["law"]["article6"].text(), "6.1.e");
    remove_at(document, "/basis/confidence_gate");
    EXPECT_TRUE(has_problem(first(decided(document)), "confidence/gate-missing", "/case/basis/confidence_gate"));
    set_at(document, "/basis/confidence_gate", "consent");
    EXPECT_TRUE(has_problem(first(decided(document)), "confidence/gate-missing")) << "nobody consented";
}

TEST(Requirement, FW_5_only_who_gets_the_item_needs_the_balance_and_no_balance_ever_leaves) {
    auto document = referral();
    set_at(document, "/child/health/confidential", "not-known");
    set_at(document, "/child/health/balance", json(R"({"if_shared":"BALANCE-CANARY"})"));
    const auto decision = decided(document);
    EXPECT_TRUE(has_problem(first(decision), "confidence/balance-missing")) << "what is not plainly open is not";
    EXPECT_EQ(decision.recipients[1].outcome, Outcome::permit) << "the police get no health data";
    EXPECT_EQ(to_jcs(to_json(decision, true)).find("BALANCE-CANARY"), std::string::npos);
}

TEST(Requirement, FW_5_in_an_emergency_the_balance_is_owed) {
    auto document = referral();
    set_at(document, "/concerns/1/confidential", true);
    set_at(document, "/timing/urgency", "emergency");
    const auto decision = decided(document);
    EXPECT_EQ(first(decision).outcome, Outcome::permit);
    EXPECT_TRUE(has_warning(decision, "confidence/balance-missing"));
    EXPECT_TRUE(decision.complete_by.has_value());
}

/// Everybody in the case has died.
auto review_of_deaths() -> Json {
    auto document = referral();
    set_at(document, "/child/deceased_on", "2026-03-02");
    for (std::size_t i = 0; i < document["case"]["people"].size(); ++i)
        set_at(document, "/people/" + std::to_string(i) + "/deceased_on", "2026-03-02");
    return document;
}

TEST(Requirement, FW_11_the_dead_need_no_data_protection_basis_but_a_confidence_stays_one) {
    auto document = review_of_deaths();
    for (const auto* leaf : {"/basis/article6", "/basis/article9", "/basis/schedule1"}) remove_at(document, leaf);
    set_at(document, "/concerns/1/confidential", true);
    const auto decision = decided(document);
    EXPECT_FALSE(has_problem(first(decision), "basis/missing"));
    EXPECT_FALSE(has_problem(first(decision), "basis/evidence-missing"));
    EXPECT_TRUE(has_problem(first(decision), "confidence/balance-missing"));
    EXPECT_TRUE(has_problem(decision.recipients[2], "confidence/balance-missing")) << "for everybody who gets the item";
    set_at(document, "/people/0/deceased_on", "not-known");
    EXPECT_TRUE(has_problem(first(decided(document)), "basis/missing")) << "one of them may be alive";
    set_at(document, "/people/0/deceased_on", "2026-05-01");
    EXPECT_TRUE(has_problem(first(decided(document)), "basis/missing")) << "a day that has not come";
}

TEST(Requirement, FW_11_only_the_dead_persons_own_health_data_need_no_condition) {
    auto document = referral();
    set_recipients(document, {"csc.front-door@exampleshire"});
    remove_at(document, "/basis/article9");
    for (const auto* leaf : {"/people/0/mental_health", "/people/0/substance_use", "/people/1/substance_use"})
        if (document["case"].at_pointer(leaf) != nullptr) remove_at(document, leaf);
    EXPECT_TRUE(has_problem(first(decided(document)), "basis/evidence-missing", "/case/basis/article9"));
    set_at(document, "/child/deceased_on", "2026-04-01");
    EXPECT_FALSE(has_problem(first(decided(document)), "basis/evidence-missing", "/case/basis/article9"));
    set_at(document, "/people/0/mental_health", "depression");
    EXPECT_TRUE(has_problem(first(decided(document)), "basis/evidence-missing", "/case/basis/article9"))
        << "the mother is alive";
}

TEST(Requirement, FW_11_the_record_says_under_which_regime_each_person_stands) {
    auto document = referral();
    const auto regimes = [&document] {
        const auto fields = record_fields(decided(document), parsed(document), willow());
        std::string out = to_jcs(fields.dec["regimes"]);
        for (const auto& subject : *fields.id["subjects"].if_array())
            out += " " + std::string{subject["regime"].text()}.substr(0, 4);
        return out;
    };
    EXPECT_EQ(regimes(), R"(["data-protection"] data data data data data data)");
    set_at(document, "/people/1/deceased_on", "2020-02-29");
    EXPECT_EQ(regimes(), R"(["data-protection","confidentiality-only"] data data conf data data data)");
    document = review_of_deaths();
    EXPECT_EQ(regimes(), R"(["confidentiality-only"] conf conf conf conf conf conf)");
}

// ---- NE-4
// -------------------------------------------------------------------------------------------------------------

constexpr std::string_view narrative =
    "Wren has no coat. Ash is under the GP for depression. Ash was cautioned in 2019. Wren is tired.";

auto tagged_case() -> Json {
    auto document = early_help("given");
    set_at(document, "/concerns/0/text", narrative);
    set_at(document, "/concerns/0/spans", json(R"([{"words":"Ash is under the GP for depression.","tag":"health:p1"},
                                                    {"words":"Ash was cautioned in 2019.","tag":"offence:p1"}])"));
    return document;
}
auto text_of(const RecipientDecision& recipient) -> std::string_view {
    return recipient.view["concerns"].if_array()->at(0)["text"].text();
}

TEST(Requirement, NE_4_two_tagged_sentences_stay_back_from_the_charity_and_the_rest_goes) {
    const auto decision = decided(tagged_case());
    const auto& worker = decision.recipients.at(1);
    ASSERT_EQ(worker.to_text, "charity.lead-worker@brightside");
    EXPECT_EQ(text_of(worker), "Wren has no coat. [withheld] [withheld] Wren is tired.");
    for (const auto* span : {"/concerns/0/spans/0/words", "/concerns/0/spans/1/words"})
        EXPECT_TRUE(is_withheld(worker, span, WithheldReason::sensitive_tag_not_allowed)) << span;
    EXPECT_NE(to_jcs(worker.view["handling"]["withheld"]).find(R"("SENSITIVE_TAG_NOT_ALLOWED":["concern"])"),
              std::string::npos);
    EXPECT_EQ(to_jcs(worker.view).find("spans"), std::string::npos);
}

TEST(Requirement, NE_4_a_tag_obeys_the_same_list_as_a_field) {
    auto document = tagged_case();
    document.set("purpose", "child-protection-referral");
    set_recipients(document, {"csc.front-door@exampleshire", "police.public-protection@examplepolice",
                              "health.safeguarding@examplenhs"});
    set_at(document, "/informing/exception", "RISK_TO_CHILD");
    set_at(document, "/informing/exception_facts", "c1");
    const auto decision = decided(document);
    EXPECT_EQ(text_of(decision.recipients.at(0)), narrative);
    EXPECT_EQ(text_of(decision.recipients.at(1)),
              "Wren has no coat. [withheld] Ash was cautioned in 2019. Wren is tired.");
    EXPECT_EQ(text_of(decision.recipients.at(2)),
              "Wren has no coat. Ash is under the GP for depression. [withheld] Wren is tired.");
    remove_at(document, "/basis/schedule1");
    remove_at(document, "/basis/article9");
    EXPECT_TRUE(has_problem(decided(document).recipients.at(2), "basis/evidence-missing", "/case/basis/article9"))
        << "tagged health data are health data";
}

TEST(Requirement, NE_4_a_tag_whose_words_are_nowhere_closes_the_whole_text) {
    auto document = tagged_case();
    set_at(document, "/concerns/0/spans/0/words", "Ash is under the G.P. for depression.");
    const auto worker = decided(document).recipients.at(1);
    EXPECT_TRUE(is_withheld(worker, "/concerns/0/text", WithheldReason::sensitive_tag_not_allowed));
    EXPECT_EQ(to_jcs(worker.view).find("depression"), std::string::npos);
    for (const auto* broken : {R"([{"words":"","tag":"health:p1"}])", R"([{"words":"Wren has no coat."}])",
                               R"([{"words":"Wren","tag":"no-such-tag"}])"}) {
        set_at(document, "/concerns/0/spans", json(broken));
        EXPECT_EQ(to_jcs(decided(document).recipients.at(1).view).find("Wren has no coat"), std::string::npos)
            << broken;
    }
}

TEST(Requirement, NE_4_overlapping_and_repeated_words_are_cut_wherever_they_stand) {
    auto document = tagged_case();
    set_at(document, "/concerns/0/text", "aXbXc. aXbXc again.");
    set_at(document, "/concerns/0/spans",
           json(R"([{"words":"aXb","tag":"health:p1"},{"words":"bXc","tag":"immigration"}])"));
    EXPECT_EQ(text_of(decided(document).recipients.at(1)), "[withheld]. [withheld] again.");
    set_at(document, "/concerns/0/text", "aXb. bXc.");
    EXPECT_TRUE(
        is_withheld(decided(document).recipients.at(1), "/concerns/0/text", WithheldReason::sensitive_tag_not_allowed))
        << "nothing would be left";
}

TEST(Requirement, NE_4_words_of_the_child_can_be_tagged_too) {
    auto document = early_help("given");
    set_at(document, "/child/views/text", "Mum takes tablets. I like school.");
    set_at(document, "/child/views/spans", json(R"([{"words":"Mum takes tablets.","tag":"health:p1"}])"));
    const auto decision = decided(document);
    EXPECT_EQ(first(decision).view["child"]["views"]["text"].text(), "[withheld] I like school.");
}

TEST(Requirement, NE_4_the_writer_is_asked_when_words_suggest_a_tag) {
    auto document = referral();
    set_at(document, "/concerns/0/text", "Dale was ARRESTED last week, and takes medication.");
    auto decision = decided(document);
    const auto prompts = std::ranges::count_if(decision.warnings, [](const Problem& p) {
        return p.type == "accuracy/untagged" && p.pointer == "/case/concerns/0/text";
    });
    EXPECT_EQ(prompts, 2) << "health, and offences";
    EXPECT_EQ(decision.outcome, Outcome::permit) << "a prompt holds nothing up";
    set_at(document, "/concerns/0/tags", json(R"(["health:p2"])"));
    set_at(document, "/concerns/0/spans", json(R"([{"words":"Dale was ARRESTED last week","tag":"offence:p2"}])"));
    EXPECT_FALSE(has_warning(decided(document), "accuracy/untagged"));
    set_at(document, "/concerns/0/text", "The chargedness of unarrested hospitality.");
    EXPECT_FALSE(has_warning(decided(document), "accuracy/untagged")) << "whole words only";
}

// ---- SE-9
// -------------------------------------------------------------------------------------------------------------

TEST(Requirement, SE_9_a_restricted_address_goes_only_to_the_roles_that_the_pack_names) {
    auto document = early_help("given");
    ASSERT_TRUE(is_released(first(decided(document)), "/child/address/line1"));
    for (const auto& restricted : {Json{true}, Json{"not-known"}}) {
        set_at(document, "/child/address/restricted", restricted);
        set_at(document, "/child/views/text", "We live at 3 Quillfeather Mews (ZZ47ZZ).");
        const auto decision = decided(document);
        for (const auto& recipient : decision.recipients) {
            for (const auto* leaf : {"/child/address/line1", "/child/address/town", "/child/address/postcode"})
                EXPECT_TRUE(is_withheld(recipient, leaf, WithheldReason::identity_protected)) << leaf;
            EXPECT_EQ(to_jcs(recipient.view).find("Quillfeather"), std::string::npos);
            EXPECT_EQ(to_jcs(recipient.view).find("ZZ4"), std::string::npos);
        }
    }
    document = referral();
    set_at(document, "/child/address/restricted", true);
    const auto council = first(decided(document));
    EXPECT_TRUE(is_released(council, "/child/address/line1"));
    EXPECT_TRUE(council.view["handling"]["address_restricted"].is_true()) << "and the recipient is told";
}

TEST(Requirement, SE_9_safe_contact_notes_go_only_to_the_roles_that_the_pack_names_and_no_number_goes_without_one) {
    auto files = example_files();
    auto& roles = files.at("roles.toml");
    const std::string trust = "trusted_with = [\"restricted-address\", \"safe-contact\"]\n";
    for (auto at = roles.find(trust); at != std::string::npos; at = roles.find(trust)) roles.erase(at, trust.size());
    const auto pack = load_pack(files);
    ASSERT_TRUE(pack);
    auto document = referral();
    const auto contact = [&](const Pack& by) {
        return decide(by, by.agencies(), parsed(document), willow(), that_day, view_bytes(salt_text)).recipients.at(0);
    };
    set_at(document, "/people/0/safe_contact", "text only, before noon");
    set_at(document, "/people/1/safe_contact", "not-known");
    EXPECT_TRUE(is_released(contact(example_pack()), "/people/0/safe_contact"));
    const auto council = contact(*pack.value());
    for (const auto* leaf : {"/people/0/safe_contact", "/people/0/phone"})
        EXPECT_TRUE(is_withheld(council, leaf, WithheldReason::identity_protected)) << leaf;
    EXPECT_TRUE(is_released(council, "/people/1/phone")) << "there is no note to go without";
}

}  // namespace
}  // namespace cg::policy::testing
