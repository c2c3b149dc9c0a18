// Requirements that are pack data: reasons, documents, agreements, areas, alerts, markings, and each organisation's own rules.
#include "policy/compiled.hpp"

#include <gtest/gtest.h>

#include "purpose_cases.hpp"

namespace cg::policy::testing {
namespace {

auto faults_with(const std::string& file, const std::string& text) -> std::vector<Problem> {
    auto files = example_files();
    files[file] = text;
    const auto result = load_pack(files);
    return result ? std::vector<Problem>{} : result.error().problems;
}
auto names(const std::vector<Problem>& faults, std::string_view type) -> bool {
    return std::ranges::find(faults, type, &Problem::type) != faults.end();
}
auto pack_and(const std::string& file, const std::string& text) -> std::shared_ptr<const Pack> {
    auto files = example_files();
    files[file] = text;
    auto pack = load_pack(files);
    EXPECT_TRUE(pack) << (pack ? "" : pack.error().problems.front().type + pack.error().problems.front().fix);
    return pack ? pack.value() : nullptr;
}

// ---- FW: the law is a framework, and a refusal says what would change it -----------------------------------------------------

TEST(Requirement, FW_1_a_pack_that_refuses_for_data_protection_does_not_load) {
    for (const auto* refusal : {"[refusal.DATA_PROTECTION]\ntext = \"It is confidential.\"\n",
                                "[refusal.DATAPROTECTION]\ntext = \"It is confidential.\"\n",
                                "[refusal.RULES]\ntext = \"This is against data  protection.\"\n",
                                "[refusal.OTHER]\ntext = \"We would rather not.\"\n",
                                "[refusal.RULES]\ntext = \"For reasons of GDPR.\"\n",
                                "[refusal.IMAGE]\ntext = \"It would harm our reputation.\"\n"}) {
        auto codes = example_files()["codes.toml"];
        codes.insert(codes.find("[refusal.CONSENT_REFUSED]"), refusal);
        EXPECT_TRUE(names(faults_with("codes.toml", codes), "pack/reason-too-vague")) << refusal;
    }
}

TEST(Requirement, FW_1_every_refusal_names_its_rule_and_what_would_change_it) {
    auto document = child_in_need("refused");
    const auto decision = decided(document);
    ASSERT_EQ(decision.outcome, Outcome::deny);
    for (const auto& problem : first_of(decision).problems) EXPECT_FALSE(problem.rule.empty());
    EXPECT_FALSE(decision.what_would_change.empty());
    for (const auto& code : first_of(decision).reason_codes) EXPECT_EQ(code.find("PROTECTION"), std::string::npos);
}

TEST(Requirement, FW_6_no_refusal_code_puts_the_organisation_first_and_the_phrases_are_pack_data) {
    const auto& pack = example_pack().compiled();
    for (const auto* phrase : {"reputation", "liability", "workload", "complaint"}) {
        EXPECT_NE(std::ranges::find(pack.answers.organisational_interest, phrase),
                  pack.answers.organisational_interest.end())
            << phrase;
        for (const auto& refusal : pack.refusals) EXPECT_EQ(refusal.text.find(phrase), std::string::npos);
    }
}

TEST(Requirement, FW_8_a_pack_without_a_governing_document_does_not_load) {
    auto text = example_files()["pack.toml"];
    const auto begin = text.find("[[documents]]");
    text.erase(begin, text.find("[emergency]") - begin);
    EXPECT_TRUE(names(faults_with("pack.toml", text), "pack/no-governing-document"));
}

TEST(Requirement, FW_8_decisions_and_their_records_embed_the_documents) {
    const auto submission = parsed(referral());
    const auto decision = decided_under(example_pack(), submission);
    EXPECT_NE(std::ranges::find(decision.documents, "ICO-10-step-2023"), decision.documents.end());
    const auto record = record_fields(decision, submission, willow());
    EXPECT_TRUE(holds_text(record.dec["pack"]["documents"], "ICO-10-step-2023"));
    for (const auto& document : example_pack().compiled().document_list) {
        EXPECT_FALSE(document.title.empty());
        EXPECT_NE(document.read_on, Date{});
    }
}

// 2024 edition of the rules, and section 16LA(3): a refusal that is the child's own interest says why.
TEST(Requirement, FW_15_more_detrimental_to_the_child_is_a_code_of_the_pack_and_not_said_to_whoever_asked) {
    const auto& refusals = example_pack().compiled().refusals;
    const auto it = std::ranges::find(refusals, "MORE_DETRIMENTAL_TO_CHILD", &RefusalCode::code);
    ASSERT_NE(it, refusals.end());
    EXPECT_FALSE(it->said);
    EXPECT_GE(example_pack().compiled().answers.refusal_text_min, 20U) << "a code alone is no reason";
}

// ---- IT: named systems and documents --------------------------------------------------------------------------------------------

TEST(Requirement, IT_1_an_alert_holds_plan_facts_and_never_a_story) {
    const auto decision = decided(alert(), council());
    const auto& ward = first_of(decision);
    ASSERT_EQ(ward.outcome, Outcome::permit) << (ward.problems.empty() ? "" : ward.problems.front().type);
    for (const auto& pointer : ward.released)
        EXPECT_TRUE(pointer.starts_with("/cp/") || pointer.starts_with("/child/") || pointer == "/case_ref" ||
                    pointer == "/home_authority" || pointer == "/schema")
            << pointer;
    EXPECT_TRUE(is_released(ward, "/cp/emergency_phone"));
    for (const auto* block : {"concerns", "people", "risk", "referrer", "attachments"})
        EXPECT_TRUE(ward.view[block].is_null()) << block;
    EXPECT_TRUE(ward.view["child"]["address"].is_null());
}

TEST(Requirement, IT_1_a_name_is_given_back_only_to_somebody_who_named_the_same_child) {
    EXPECT_TRUE(is_released(first_of(decided(alert(), council())), "/child/family_name"));
    for (const auto& [pointer, value] : {std::pair{"/query/family_name", "Somebody"},
                                         std::pair{"/query/date_of_birth", "2016-10-10"}}) {
        auto other = alert();
        set_at(other, pointer, value);
        const auto decision = decided(other, council());
        EXPECT_EQ(first_of(decision).outcome, Outcome::permit);
        EXPECT_TRUE(is_withheld(first_of(decision), "/child/family_name", WithheldReason::condition_not_met)) << pointer;
    }
    auto number_only = alert();
    remove_at(number_only, "/query/family_name");
    remove_at(number_only, "/query/date_of_birth");
    EXPECT_FALSE(is_released(first_of(decided(number_only, council())), "/child/given_names"));
}

TEST(Requirement, IT_1_a_look_up_is_by_number_and_answers_for_that_number_only) {
    auto other = alert();
    set_at(other, "/query/nhs_number", "9990001006");
    for (const auto* urgency : {"routine", "emergency"}) {
        set_at(other, "/timing/urgency", urgency);
        const auto decision = decided(other, council());
        EXPECT_EQ(first_of(decision).outcome, Outcome::deny);
        EXPECT_TRUE(has_problem(first_of(decision), "identity/not-verified", "/case/query/nhs_number"));
        EXPECT_EQ(first_of(decision).reason_codes, (std::vector<std::string>{"IDENTITY_NOT_VERIFIED"}));
    }
    auto none = alert();
    remove_at(none, "/child/nhs_number");
    EXPECT_TRUE(has_problem(first_of(decided(none, council())), "adequacy/field-missing", "/case/child/nhs_number"));
}

TEST(Requirement, IT_1_the_responsible_authority_is_told_of_unscheduled_care_and_not_of_planned_care) {
    auto document = alert();
    EXPECT_TRUE(has_obligation(decided(document, council()).obligations, "notify-authority"));
    set_at(document, "/query/care_setting", "scheduled");
    EXPECT_FALSE(has_obligation(decided(document, council()).obligations, "notify-authority"));
    remove_at(document, "/query/care_setting");
    EXPECT_TRUE(has_obligation(decided(document, council()).obligations, "notify-authority")) << "when in doubt, told";
    remove_at(document, "/query");
    EXPECT_FALSE(has_obligation(decided(document, council()).obligations, "notify-authority")) << "nobody looked";
}

TEST(Requirement, IT_3_the_send_transfer_names_its_agreement) {
    constexpr const char* file = "purposes/send-transfer.toml";
    const auto found = example_pack().compiled().purposes.find("send-transfer");
    ASSERT_NE(found, example_pack().compiled().purposes.end());
    EXPECT_EQ(found->second.agreement, "EX-SEND-ISA-2");
    auto text = example_files()[file];
    const auto begin = text.find("agreement = ");
    text.erase(begin, text.find('\n', begin) - begin);
    EXPECT_TRUE(names(faults_with(file, text), "pack/agreement-missing"));
}

TEST(Requirement, IT_4_the_protocol_is_that_of_the_childs_home_area) {
    auto document = referral();
    auto decision = decided(document);
    EXPECT_EQ(decision.protocol, "EXSCP-protocol-2025");
    EXPECT_EQ(std::ranges::find(decision.documents, "SMPSCP-protocol-2024"), decision.documents.end());

    set_at(document, "/home_authority", "sampleshire");  // the school is still in the other area
    set_recipients(document, {"csc.front-door@sampleshire"});
    const auto submission = parsed(document);
    decision = decided_under(example_pack(), submission);
    EXPECT_EQ(first_of(decision).outcome, Outcome::permit);
    EXPECT_EQ(decision.protocol, "SMPSCP-protocol-2024");
    EXPECT_EQ(std::ranges::find(decision.documents, "EXSCP-protocol-2025"), decision.documents.end());
    EXPECT_EQ(record_fields(decision, submission, willow()).dec["pack"]["protocol"].text(), "SMPSCP-protocol-2024");
}

TEST(Requirement, IT_4_an_area_without_a_protocol_is_said_and_a_protocol_must_be_a_document) {
    auto document = referral();
    set_at(document, "/home_authority", "elsewhere");
    const auto decision = decided(document);
    EXPECT_TRUE(decision.protocol.empty());
    EXPECT_TRUE(has_warning(decision, "area/no-protocol"));
    EXPECT_FALSE(has_warning(decided(referral()), "area/no-protocol"));
    EXPECT_TRUE(names(faults_with("areas.toml", "[areas.x]\ntitle = \"X\"\nprotocol = \"none-such\"\n"),
                      "pack/document-unknown"));
}

// ---- SE: marked ----------------------------------------------------------------------------------------------------------------

TEST(Requirement, SE_4_every_purpose_has_a_marking_and_every_view_carries_it) {
    for (const auto& [id, purpose] : example_pack().compiled().purposes) EXPECT_FALSE(purpose.marking.empty()) << id;
    const auto decision = decided(referral());
    for (const auto& recipient : decision.recipients)
        EXPECT_EQ(recipient.view["handling"]["marking"].text(), "OFFICIAL-SENSITIVE");
    auto text = example_files()["purposes/early-help.toml"];
    const auto begin = text.find("marking = ");
    text.erase(begin, text.find('\n', begin) - begin);
    EXPECT_TRUE(names(faults_with("purposes/early-help.toml", text), "pack/key-missing"));
}

// ---- RC-10: each organisation's own procedures -----------------------------------------------------------------------------

constexpr const char* overlay_file = "overlays/willow.toml";
constexpr const char* overlay = R"(
[record]
add = ["file number"]

[retention.child-protection]
period = "P30Y"
then = "review"

[purposes.child-protection-referral]
procedure = "WILLOW-7"
[purposes.child-protection-referral.roles."csc.front-door"]
forbid = ["attach"]
not_necessary = ["attendance"]
)";

TEST(Requirement, RC_10_an_organisation_adds_to_the_record_narrows_and_keeps_by_its_own_procedure) {
    const auto pack = pack_and(overlay_file, overlay);
    ASSERT_NE(pack, nullptr);
    auto document = referral();
    auto decision = decided_under(*pack, document);
    EXPECT_TRUE(has_problem(first_of(decision), "record/field-missing", "/case/record_fields"));
    set_at(document, "/record_fields", json(R"([{"name":"file number","value":"W-12"}])"));
    const auto submission = parsed(document);
    decision = decided_under(*pack, submission);
    ASSERT_EQ(first_of(decision).outcome, Outcome::permit);
    EXPECT_TRUE(is_withheld(first_of(decision), "/attachments/0/kind", WithheldReason::forbidden));
    EXPECT_TRUE(is_withheld(first_of(decision), "/child/education/attendance_pct", WithheldReason::not_necessary));
    EXPECT_EQ(decision.procedure, "WILLOW-7");
    EXPECT_EQ(decision.retention.period, "P30Y");
    const auto record = record_fields(decision, submission, willow());
    EXPECT_EQ(record.dec["pack"]["procedure"].text(), "WILLOW-7");
    EXPECT_EQ((*record.id["record_fields"].if_array())[0]["value"].text(), "W-12");
}

TEST(Requirement, RC_10_what_one_organisation_adds_changes_nothing_for_another) {
    const auto pack = pack_and(overlay_file, overlay);
    ASSERT_NE(pack, nullptr);
    const auto theirs = decided_under(*pack, referral(), charity());
    const auto plain = decided_under(example_pack(), referral(), charity());
    EXPECT_EQ(to_jcs(to_json(theirs, true)["recipients"]), to_jcs(to_json(plain, true)["recipients"]));
    EXPECT_EQ(theirs.procedure, "WSP-CP-7");
}

TEST(Requirement, RC_10_an_overlay_that_removes_a_core_field_or_widens_does_not_load) {
    const std::string head = "[purposes.early-help.roles.\"charity.lead-worker\"]\n";
    const std::pair<std::string, const char*> bad[] = {
        {"[record]\nremove = [\"actor\"]\n", "pack/core-field-removed"},
        {head + "forbid = [\"concern\"]\n", "pack/core-field-removed"},
        {head + "forbid = [\"envelope\"]\n", "pack/core-field-removed"},
        {head + "forbid = [\"id\"]\n", "pack/core-field-removed"},  // the first name is required
        {head + "allow = [\"health\"]\n", "pack/overlay-widens"},
        {head + "tags = [\"health\"]\n", "pack/overlay-widens"},
        {head + "people = \"all\"\n", "pack/overlay-widens"},
        {head + "not_necessary = [\"fam_crime\"]\n", "pack/overlay-widens"},
        {"[purposes.early-help.roles.\"police.missing\"]\nforbid = [\"id\"]\n", "pack/overlay-widens"},
        {head + "forbid = [\"shoe-size\"]\n", "pack/group-unknown"},
        {"[purposes.party]\nprocedure = \"X\"\n", "pack/code-unknown"},
        {"[retention.early-help]\nperiod = \"long\"\nthen = \"destroy\"\n", "pack/period"},
        {"[purposes.early-help]\nconsent = \"none\"\n", "pack/key-unknown"},
    };
    for (const auto& [text, type] : bad) {
        const auto faults = faults_with(overlay_file, text);
        EXPECT_TRUE(names(faults, type)) << text;
        for (const auto& fault : faults) EXPECT_TRUE(fault.pointer.starts_with(overlay_file)) << fault.pointer;
    }
    EXPECT_TRUE(names(faults_with("overlays/nobody.toml", overlay), "pack/agency-id"));
}

}  // namespace
}  // namespace cg::policy::testing
