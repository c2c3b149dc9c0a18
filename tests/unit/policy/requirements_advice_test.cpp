// Advice without identity: AD-1 … AD-5, AD-7, AD-9, AD-10 as they are written down.
#include <gtest/gtest.h>

#include "crypto/hash.hpp"
#include "policy/compiled.hpp"
#include "policy/scrub.hpp"
#include "policy/scrub_rules.hpp"
#include "support.hpp"

#include <set>

namespace cg::policy {
namespace {

using namespace cg::policy::testing;

constexpr const char* desk = "advice.desk@exampleshire";

/// The referral's family, a question about them, and no files.
auto question(std::string_view words = "Should we refer Wren, and may we speak to her mother first?") -> Json {
    auto document = referral();
    document.set("purpose", "advice");
    set_recipients(document, {desk});
    document.set("advice", Json::object({{"question", words}}));
    document.find("case")->erase("attachments");
    return document;
}
/// With a tick for every leftover of the first answer.
auto ticked(Json document) -> Json {
    const auto first = decided(document);
    Json ticks = Json::array();
    for (const auto& leftover : first.advice->leftovers)
        ticks.push(Json::object({{"pointer", leftover.pointer},
                                 {"offset", leftover.offset},
                                 {"length", leftover.length},
                                 {"text_sha256", leftover.text_sha256},
                                 {"decision", "not-identifying"}}));
    document.find("advice")->set("leftovers", std::move(ticks));
    return document;
}
auto asked(Json document, std::string id, std::string_view secret) -> Decision {
    auto submission = parsed(std::move(document));
    submission.consultation = {std::move(id), to_bytes(secret), {}};
    return decide(example_pack(), example_pack().agencies(), submission, willow(), that_day, view_bytes(salt_text));
}

TEST(Requirement, AD_1_advice_asks_for_no_basis_no_consent_and_no_informing_record) {
    auto document = question();
    for (const auto* block : {"basis", "consent", "informing", "timing"}) document.find("case")->erase(block);
    const auto out = decided(document);
    ASSERT_EQ(out.recipients[0].outcome, Outcome::permit) << to_pretty_json(to_json(out, true));
    EXPECT_EQ(out.action, "advice");
    EXPECT_EQ(out.basis, example_pack().compiled().purposes.at("advice").basis_standing);
    for (const auto& rule : out.rules)
        EXPECT_TRUE(rule.id.find("consent") == std::string::npos && rule.id.find("basis") == std::string::npos) << rule.id;
}

TEST(Requirement, AD_1_every_addressee_of_the_guidance_can_be_asked_and_nobody_else) {
    for (const auto* to : {desk, "advice.desk@examplepolice", "advice.desk@examplenhs"}) {
        auto document = question();
        set_recipients(document, {to});
        EXPECT_EQ(decided(document).outcome, Outcome::permit) << to;
    }
    auto document = question();
    set_recipients(document, {"csc.front-door@exampleshire", "advice.desk@nowhere"});
    const auto out = decided(document);
    EXPECT_TRUE(has_problem(out.recipients[0], "recipient/role-not-permitted", "/recipients/0"));
    EXPECT_TRUE(has_problem(out.recipients[1], "recipient/unknown", "/recipients/1"));
    EXPECT_TRUE(out.recipients[0].view.is_null());
}

TEST(Requirement, AD_2_the_view_is_built_by_allow_list) {
    auto document = question();
    set_at(document, "/child/send/need", "SLCN");
    document.find("case")->set("surprise", Json::object({{"deep", "Larkspur"}}));
    const auto view = decided(document).recipients[0].view;
    const std::set<std::string> allowed{"/schema", "/purpose", "/reply_role", "/question", "/child/token", "/child/age_band", "/child/need",
                                        "/people/*", "/concerns/*/category", "/concerns/*/kind", "/concerns/*/day",
                                        "/concerns/*/text", "/risk_level", "/handling/marking", "/handling/identity"};
    for (const auto& pointer : leaves_of(view)) EXPECT_TRUE(allowed.contains(pattern_of(pointer))) << pointer;
    EXPECT_EQ(view["schema"].text(), "advice/1");
    EXPECT_EQ(view["child"]["token"].text(), "[CHILD]");
    EXPECT_EQ(view["child"]["age_band"].text(), "8-10");
    EXPECT_EQ(view["child"]["need"].text(), "communication");
    EXPECT_EQ(view["handling"]["identity"].text(), "none");
    EXPECT_EQ(view["question"].text(), "Should we refer [CHILD], and may we speak to her mother first?");
}

TEST(Requirement, AD_2_no_leaf_of_an_identity_group_is_released) {
    const auto out = decided(question()).recipients[0];
    for (const auto& pointer : out.released) {
        const auto& pack = example_pack().compiled();
        const auto leaf = pack.trie.find(pattern_of(pointer));
        const auto& group = pack.groups[pack.leaves[leaf].group].name;
        EXPECT_TRUE(group == "concern" || group == "risk" || group == "send") << pointer;
    }
    for (const auto& leaf : out.withheld) EXPECT_FALSE(is_released(out, leaf.pointer)) << leaf.pointer;
}

/// The first concern, with what a sender says of it.
auto question_about(Json concern) -> Json {
    auto document = question();
    auto& items = *document.find("case")->find("concerns")->if_array();
    for (auto& member : *concern.if_object()) items[0].set(member.name, std::move(member.value));
    return document;
}
TEST(Requirement, NE_4_an_adviser_reads_no_words_whose_tag_is_not_on_its_list) {
    const auto out = decided(question_about(parse_json(R"({"text": "He was convicted of assault. She has a bruise.",
        "spans": [{"words": "He was convicted of assault.", "tag": "offence:p2"}]})").value()));
    ASSERT_EQ(out.outcome, Outcome::permit);
    EXPECT_EQ(out.recipients[0].view["concerns"].if_array()->front()["text"].text(), "[withheld] She has a bruise.");

    const auto whole = decided(question_about(parse_json(R"({"text": "Her mother takes lithium.", "tags": ["health:p1"]})").value()));
    EXPECT_EQ(to_jcs(whole.recipients[0].view).find("lithium"), std::string::npos);
    EXPECT_TRUE(is_withheld(whole.recipients[0], "/concerns/0/text", WithheldReason::sensitive_tag_not_allowed));
    const auto nowhere = decided(question_about(parse_json(R"({"text": "Her mother takes lithium.",
        "spans": [{"words": "Her mum takes lithium.", "tag": "health:p1"}]})").value()));
    EXPECT_EQ(to_jcs(nowhere.recipients[0].view).find("lithium"), std::string::npos) << "a tag that fits nowhere closes the text";
}
TEST(Requirement, AD_2_a_concern_about_somebody_whom_the_adviser_is_not_told_of_stays) {
    const auto out = decided(question_about(parse_json(R"({"about": "p99", "text": "An uncle has cancer."})").value()));
    EXPECT_EQ(to_jcs(out.recipients[0].view).find("cancer"), std::string::npos);
    EXPECT_FALSE(is_released(out.recipients[0], "/concerns/0/text"));
}

TEST(Requirement, AD_3_every_identifier_of_the_case_is_out_of_the_words) {
    auto document = question(
        "Wren Larkspur (Birdie, W.L., born 9th October 2016, NHS 999 000 2118, UPN B801200005001) of 3 Quillfeather Mews, "
        "ZZ47ZZ; mother on 07700900111.");
    const auto text = std::string{decided(document).recipients[0].view["question"].text()};
    for (const auto* word : {"Wren", "Larkspur", "Birdie", "W.L", "2016", "999", "B8012", "Quill", "ZZ4", "07700"})
        EXPECT_EQ(text.find(word), std::string::npos) << text;
}

TEST(Requirement, AD_4_an_unknown_name_waits_for_a_person_and_is_told_by_position_only) {
    const auto document = question("Aunty Bea knows. Should we ask her?");
    const auto out = decided(document);
    ASSERT_EQ(out.recipients[0].outcome, Outcome::review);
    EXPECT_TRUE(has_problem(out.recipients[0], "advice/possible-identifier", "/advice/question"));
    ASSERT_EQ(out.advice->leftovers.size(), 1U);
    EXPECT_EQ(out.advice->leftovers[0].offset, 6U);
    EXPECT_EQ(out.advice->leftovers[0].length, 3U);
    const auto record = record_fields(out, parsed(document), willow());
    EXPECT_EQ(to_jcs(record.dec).find("Bea"), std::string::npos);
    EXPECT_EQ(to_jcs(to_json(out, false)).find("Bea"), std::string::npos);
}

TEST(Requirement, AD_4_a_tick_releases_and_an_edited_text_needs_another) {
    auto document = ticked(question("Aunty Bea knows. Should we ask her?"));
    const auto out = decided(document);
    ASSERT_EQ(out.recipients[0].outcome, Outcome::permit);
    EXPECT_EQ(out.advice->leftovers_resolved, 1U);
    document.find("advice")->set("question", "Aunty Bee knows. Should we ask her?");
    EXPECT_EQ(decided(document).recipients[0].outcome, Outcome::review);
}

TEST(Requirement, AD_4_an_emergency_relaxes_nothing_here) {
    auto document = question("Aunty Bea knows.");
    set_at(document, "/timing/urgency", "emergency");
    const auto out = decided(document);
    EXPECT_EQ(out.recipients[0].outcome, Outcome::review);
    EXPECT_EQ(out.instructions.front(), example_pack().compiled().danger_text);
}

TEST(Requirement, AD_4_a_tick_that_is_not_one_is_refused_by_the_parser) {
    for (const auto* tick : {R"({"pointer":"/advice/question","offset":6,"length":3,"decision":"identifying","text_sha256":"00"})",
                             R"({"pointer":"/advice/question","offset":-1,"length":3,"decision":"not-identifying","text_sha256":"00"})",
                             R"({"pointer":"/advice/question","offset":6,"length":3,"decision":"not-identifying"})", R"("Bea")"}) {
        auto document = question();
        document.find("advice")->set("leftovers", Json::array({parse_json(tick).value()}));
        EXPECT_FALSE(parse_submission(document)) << tick;
    }
}

TEST(Requirement, AD_5_no_attachment_and_no_file_name) {
    auto document = question();
    set_at(document, "/attachments", referral()["case"]["attachments"]);
    const auto out = decided(document);
    EXPECT_EQ(out.recipients[0].outcome, Outcome::deny);
    EXPECT_TRUE(has_problem(out.recipients[0], "advice/attachment-not-allowed", "/case/attachments"));
    EXPECT_TRUE(out.recipients[0].view.is_null());
}

TEST(Requirement, AD_5_the_consultation_says_nothing_about_the_case) {
    const auto out = asked(question(), "k-aaaaaaaaaaaaaaaaaaaaaaaaaa", "0123456789abcdef");
    const auto text = to_jcs(out.recipients[0].view);
    EXPECT_EQ(out.recipients[0].view["consultation"].text(), "k-aaaaaaaaaaaaaaaaaaaaaaaaaa");
    for (const auto* word : {"HB/2026", "0311", "\"ch1\"", "\"p1\"", "willow"}) EXPECT_EQ(text.find(word), std::string::npos) << word;
}

TEST(Requirement, AD_9_who_is_in_doubt_is_offered_advice_that_must_not_delay_an_emergency) {
    auto draft = referral();
    draft.set("advice", Json::object({{"in_doubt", true}}));
    const auto out = decided(draft);
    const std::vector<std::string> golden{
        "You are in doubt: you can ask for advice without saying who it is about. Send the same case for the purpose 'advice'.",
        "Asking for advice must not delay an emergency. If a child is in immediate danger call 999 now; ask afterwards."};
    EXPECT_EQ(out.instructions, golden);
    EXPECT_EQ(out.outcome, decided(referral()).outcome);
    draft.find("case")->find("risk")->set("level", "low");
    EXPECT_EQ(decided(draft).instructions.front(), golden.front());
    EXPECT_EQ(std::ranges::count(decided(draft).instructions, golden.back()), 0);
    EXPECT_EQ(std::ranges::count(decided(question()).instructions, golden.back()), 1);
}

auto refs(const Decision& decision) -> std::set<std::string> {
    std::set<std::string> out;
    for (const auto& item : *decision.advice->token_map["tokens"].if_array()) out.emplace(item["ref"].text());
    return out;
}

TEST(Requirement, AD_10_two_consultations_share_no_token) {
    const auto one = asked(question(), "k-one", "the secret of one"), other = asked(question(), "k-two", "the secret of two"),
               again = asked(question(), "k-one", "the secret of one");
    std::set<std::string> both;
    std::ranges::set_intersection(refs(one), refs(other), std::inserter(both, both.end()));
    EXPECT_TRUE(both.empty());
    EXPECT_EQ(refs(one), refs(again)) << "a follow-up has the same";
    EXPECT_EQ(one.recipients[0].view["people"], again.recipients[0].view["people"]);
}

TEST(Requirement, AD_10_the_order_of_siblings_is_drawn_for_each_consultation) {
    auto document = question("Ash and Elm and Oak were there.");
    set_at(document, "/people", parse_json(R"([{"id":"p1","relationship":"sibling","name":"Ash","household":true},
        {"id":"p2","relationship":"sibling","name":"Elm","household":true},{"id":"p3","relationship":"sibling","name":"Oak","household":true}])").value());
    std::set<std::string> seen;
    for (int i = 0; i < 24; ++i) {
        const auto out = asked(document, "k-x", "a secret of its own, number " + std::to_string(i));
        const std::string text{out.recipients[0].view["question"].text()};
        EXPECT_NE(text.find("[SIBLING 3]"), std::string::npos) << text;
        seen.insert(text);
    }
    EXPECT_GT(seen.size(), 2U);
}

TEST(Requirement, AD_10_in_a_follow_up_everybody_keeps_the_token_though_the_case_has_grown) {
    const auto siblings = [](const char* list) {
        auto document = question("Ash and Elm and Oak and Yew were there.");
        set_at(document, "/people", parse_json(list).value());
        return parsed(std::move(document));
    };
    constexpr const char* two = R"([{"id":"p1","relationship":"sibling","name":"Ash"},{"id":"p2","relationship":"sibling","name":"Elm"}])";
    constexpr const char* four = R"([{"id":"p9","relationship":"sibling","name":"Yew"},{"id":"p8","relationship":"sibling","name":"Oak"},
        {"id":"p1","relationship":"sibling","name":"Ash"},{"id":"p2","relationship":"sibling","name":"Elm"}])";
    const auto token_of = [](const Decision& out, std::string_view id) {
        for (const auto& one : *out.advice->token_map["tokens"].if_array())
            if (one["id"].text() == id) return std::string{one["token"].text()};
        return std::string{};
    };
    for (int i = 0; i < 12; ++i) {
        const auto secret = to_bytes("a secret of its own, number " + std::to_string(i));
        auto first = siblings(two), later = siblings(four);
        first.consultation = {"k-x", secret, {}};
        const auto before = decide(example_pack(), example_pack().agencies(), first, willow(), that_day, view_bytes(salt_text));
        later.consultation = {"k-x", secret, {{"p1", token_of(before, "p1")}, {"p2", token_of(before, "p2")}}};
        const auto after = decide(example_pack(), example_pack().agencies(), later, willow(), that_day, view_bytes(salt_text));
        std::set<std::string> all;
        for (const auto* id : {"p1", "p2"}) EXPECT_EQ(token_of(before, id), token_of(after, id)) << i;
        for (const auto* id : {"p1", "p2", "p8", "p9"}) all.insert(token_of(after, id));
        EXPECT_EQ(all.size(), 4U);
    }
}

TEST(Requirement, AD_10_the_token_map_is_in_the_personal_half_of_the_record_alone) {
    const auto document = question();
    const auto out = asked(document, "k-aaaaaaaaaaaaaaaaaaaaaaaaaa", "0123456789abcdef");
    const auto record = record_fields(out, parsed(document), willow());
    EXPECT_EQ(record.id["token_map"]["tokens"].size(), out.advice->token_map["tokens"].size());
    EXPECT_EQ(record.dec["action"].text(), "advice");
    EXPECT_EQ(record.dec["advice"]["consultation"].text(), "k-aaaaaaaaaaaaaaaaaaaaaaaaaa");
    for (const auto* word : {"Wren", "Larkspur", "t-"})
        EXPECT_EQ(to_jcs(record.dec["advice"]).find(word), std::string::npos) << word;
    EXPECT_EQ(to_jcs(to_json(out, true)).find("token_map"), std::string::npos);
}

}  // namespace
}  // namespace cg::policy
