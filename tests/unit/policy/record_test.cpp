// The two halves of a record: what holds personal data, and what does not.
#include <gtest/gtest.h>

#include "support.hpp"

namespace cg::policy::testing {
namespace {

auto record_of(const Json& document) -> RecordFields {
    const auto submission = parsed(document);
    const auto decision =
        decide(example_pack(), example_pack().agencies(), submission, willow(), that_day, view_bytes(salt_text));
    return record_fields(decision, submission, willow());
}

void texts_in(const Json& value, std::vector<std::string>& out) {
    if (value.is_string() && value.text().size() > 4) out.emplace_back(value.text());
    if (const auto* items = value.if_array())
        for (const auto& item : *items) texts_in(item, out);
    if (const auto* members = value.if_object())
        for (const auto& member : *members) texts_in(member.value, out);
}

TEST(Record, TheDecisionHalfHoldsNoValueOfTheCase) {
    auto document = child_in_need("refused");
    set_at(
        document, "/override",
        parse_json(R"({"reason":"Wren Larkspur","facts":["c1"],"text":"Wren Larkspur of Quillfeather Mews"})").value());
    set_at(document, "/basis/confidence_gate", "Wren Larkspur");
    set_at(document, "/Wren Larkspur", "unknown");
    document.set("follow_up_to", "about Wren Larkspur");
    const auto dec = to_jcs(record_of(document).dec);
    const auto& tree = document["case"];
    std::vector<std::string> personal;
    for (const auto* block : {"child", "people", "concerns", "referrer", "network"}) texts_in(tree[block], personal);
    const auto role = parsed(document).actor.role;
    std::erase_if(personal, [&role](const std::string& text) {  // words of the format itself, and the sender's own role
        return text == role || text == "none-known" || text == "not-known" || text == "not-applicable" ||
               text == "reported";
    });
    for (const auto& text : personal) EXPECT_EQ(dec.find("\"" + text + "\""), std::string::npos) << text;
    for (const auto* word : {"Wren", "Larkspur", "Quill", "HB/2026", "u-204"})
        EXPECT_EQ(dec.find(word), std::string::npos) << word;
}

TEST(Record, TheDecisionHalfSaysWhoDecidedWhatUnderWhichRule) {
    const auto dec = record_of(referral()).dec;
    EXPECT_EQ(dec["record"].text(), "decision/1");
    EXPECT_EQ(dec["action"].text(), "partly-shared");
    EXPECT_EQ(dec["sender"]["organisation"].text(), "willow");
    EXPECT_EQ(dec["law"]["schedule1"].text(), "S1.18");
    EXPECT_EQ(dec["consent"]["state"].text(), "not_sought");
    EXPECT_EQ(to_jcs(dec["informing"]), R"({"exception":["RISK_TO_CHILD"],"told":"none"})");
    EXPECT_EQ(dec["times"]["phoned_at"].text(), "2026-04-13T10:15:00Z");
    EXPECT_EQ(dec["pack"]["agreement"].text(), "ISA-EX-014");
    EXPECT_EQ(dec["retention"]["class"].text(), "child-protection");
    EXPECT_EQ(dec["tests"].size(), 8U);
    EXPECT_EQ(dec["tests"]["accurate"].text(), "pass: 5 of 5 concerns typed, 1 historical explained");
    EXPECT_GT(dec["rules"].size(), 10U);
    EXPECT_EQ(dec["recipients"].size(), 3U);
    EXPECT_EQ(to_jcs(dec["recipients"].if_array()->at(0)["withheld"].if_array()->at(1)["pointers"]),
              R"(["/people/0/nino","/people/2/nhs_number"])");
}

TEST(Record, ThePersonalHalfHoldsWhatASearchForASubjectNeeds) {
    const auto id = record_of(referral()).id;
    EXPECT_EQ(id["case_ref"].text(), "HB/2026/0311");
    ASSERT_EQ(id["subjects"].size(), 6U);
    EXPECT_NE(to_jcs(id["subjects"].if_array()->at(0)["names"]).find("Wren Larkspur"), std::string::npos);
    EXPECT_TRUE(id["subjects"].if_array()->at(4)["identity_protected"].is_true());
    EXPECT_EQ(id["actor"]["user"].text(), "u-204");
    EXPECT_EQ(id["balance"].size(), 4U);
    EXPECT_EQ(id["informing"]["exception"].text(), "RISK_TO_CHILD");
}

TEST(Record, TheJsonOfADecisionHoldsViewsOnlyForTheSender) {
    const auto decision = decided(referral());
    const auto with = to_json(decision, true);
    const auto without = to_json(decision, false);
    EXPECT_TRUE(with["recipients"].if_array()->at(0)["view"].is_object());
    EXPECT_EQ(to_jcs(without).find("Wren"), std::string::npos);
    for (const auto* member : {"outcome", "recipients", "warnings", "instructions", "pack"})
        EXPECT_NE(without.find(member), nullptr) << member;
    for (const auto* member : {"to", "outcome", "released", "withheld", "problems", "obligations"})
        EXPECT_NE(without["recipients"].if_array()->at(0).find(member), nullptr) << member;
}

}  // namespace
}  // namespace cg::policy::testing
