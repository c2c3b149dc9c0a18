// What comes after a decision: duties, drafts, corrections, withdrawals.
#include "tests/unit/relay/life.hpp"

#include "gateway/relay/drafts.hpp"

namespace cg::relay::testing {
namespace {

using namespace life;
using namespace std::chrono_literals;

auto duties(World& world, const std::string& query) -> Json {
    return json_of(world.office("willow", "GET", "/v1/duties?" + query))["duties"];
}

/// A draft that a decision is owed about; how many are owed.
void open_draft(World& world, const std::string& id) {
    const auto draft = Json::object({{"schema", "draft/1"}, {"id", id}, {"risk_level", "high"}, {"actor", actor("u-204")}});
    ASSERT_EQ(world.office("willow", "POST", "/v1/drafts", to_jcs(draft)).status, 201);
}
auto drafts_open(World& world) -> std::size_t { return duties(world, "kind=draft&before=2026-04-01T00:00:00Z").size(); }

auto send_draft(World& world, const std::string& id, Json tree, const std::string& key) -> wire::Response {
    return world.office("willow", "POST", "/v1/messages?draft=" + id,
                        World::submission("child-protection-referral", {front_door}, std::move(tree)), key);
}

TEST(RequirementRelay, FW_7_a_draft_whose_message_was_refused_still_waits_for_a_decision) {
    World world;
    open_draft(world, "D-1");
    auto incomplete = referral_case();
    incomplete.find("basis")->set("article6", "");
    const auto refused = send_draft(world, "D-1", std::move(incomplete), "k1");
    ASSERT_EQ(refused.status, 422) << refused.body;
    EXPECT_EQ(drafts_open(world), 1U);
    EXPECT_NE(refused.body.find("draft/still-open"), std::string::npos) << refused.body;
    EXPECT_EQ(world.office("willow", "DELETE", "/v1/drafts/D-1").status, 409);
    ASSERT_EQ(send_draft(world, "D-1", referral_case(), "k2").status, 201);
    EXPECT_EQ(drafts_open(world), 0U);
    open_draft(world, "D-1");
    EXPECT_EQ(drafts_open(world), 1U) << "taken up again, it is owed again";
}

TEST(RequirementRelay, FW_7_a_draft_whose_message_is_held_waits_until_the_second_person_has_decided) {
    for (const auto& [decision, left] : {std::pair{"release", 0U}, std::pair{"refuse", 0U}, std::pair{"return", 1U}}) {
        World world;
        open_draft(world, "D-1");
        const auto held = send_draft(world, "D-1", foreign_case(), "k1");
        ASSERT_EQ(held.status, 202) << held.body;
        EXPECT_EQ(drafts_open(world), 1U);
        const auto answer = reviewed(world, id_of(held), decision);
        EXPECT_LT(answer.status, 300) << answer.body;
        EXPECT_EQ(drafts_open(world), left) << decision;
    }
}

TEST(RequirementRelay, FW_7_a_draft_id_that_is_mistaken_closes_nothing_and_says_so) {
    World world;
    open_draft(world, "D-1");
    const auto sent = send_draft(world, "D-2", referral_case(), "k1");
    ASSERT_EQ(sent.status, 201) << "nothing is held up by it: " << sent.body;
    EXPECT_TRUE(has(warnings_of(sent), "draft/unknown")) << sent.body;
    EXPECT_EQ(drafts_open(world), 1U);
    const auto organisational = world.office("willow", "POST", "/v1/no-share?draft=D-1", to_jcs(no_share({"NOT_NECESSARY"}, organisational_reason)), "n1");
    ASSERT_EQ(organisational.status, 202) << organisational.body;
    ASSERT_EQ(reviewed(world, id_of(organisational), "refuse").status, 200);
    EXPECT_EQ(drafts_open(world), 1U) << "the refusal was not confirmed";
}

TEST(RequirementRelay, CO_10_only_those_who_relied_on_that_persons_consent_are_told_and_a_mistaken_case_is_noticed) {
    World world;
    const auto tree = consented_case();
    ASSERT_EQ(world.office("willow", "POST", "/v1/messages", World::submission("child-in-need-referral", {front_door}, Json{tree}), "k1").status, 201);
    const auto withdraw = [&](std::string_view case_ref, std::string_view who) {
        const auto body = Json::object({{"schema", "withdrawal/1"}, {"actor", actor("u-204")}, {"case_ref", case_ref}, {"who", who}, {"on", "2026-03-03"}});
        const auto answer = world.office("willow", "POST", "/v1/consents", to_jcs(body), std::string{case_ref} + std::string{who});
        EXPECT_EQ(answer.status, 201) << answer.body;
        return answer;
    };
    const auto told = [](const wire::Response& answer) { return json_of(answer)["recipients"].size(); };
    const auto by_another = withdraw(tree["case_ref"].text(), "p2");
    EXPECT_EQ(told(by_another), 0U) << "nobody relied on the partner's consent";
    EXPECT_TRUE(has(warnings_of(by_another), "withdrawal/nobody-told")) << by_another.body;
    const auto mistaken = withdraw("Wren Maybury", "p1");
    EXPECT_EQ(told(mistaken), 0U) << "a name is no case";
    EXPECT_TRUE(has(warnings_of(mistaken), "withdrawal/nobody-told")) << mistaken.body;
    const auto right = withdraw(tree["case_ref"].text(), "p1");
    EXPECT_EQ(told(right), 1U);
    EXPECT_FALSE(has(warnings_of(right), "withdrawal/nobody-told")) << right.body;
}

TEST(RequirementRelay, OP_7_each_day_on_which_somebody_is_to_be_told_is_listed) {
    World world;
    auto tree = referral_case();
    tree.find("informing")->set("inform_review_on", "2026-03-05");
    tree.find("informing")->set("people", parse_json(R"([{"person": "p2", "told": "none", "exception": "RISK_TO_CHILD",
        "exception_facts": "c2: the child names him.", "inform_review_on": "2026-03-12"}])").value());
    const auto answer = world.office("willow", "POST", "/v1/messages",
                                     World::submission("child-protection-referral", {front_door}, std::move(tree)), "k");
    ASSERT_EQ(answer.status, 201) << answer.body;
    EXPECT_EQ(duties(world, "kind=inform-review&before=2026-04-01T00:00:00Z").size(), 2U);
    world.advance(24h * 3);
    const auto done = Json::object({{"schema", "done/1"}, {"duty", "inform-review"}, {"actor", actor("u-204")},
                                    {"on", "2026-03-06T09:00:00Z"}, {"note", "The mother was told at the clinic."}});
    ASSERT_EQ(world.office("willow", "POST", "/v1/messages/" + id_of(answer) + "/done", to_jcs(done)).status, 201);
    const auto left = duties(world, "kind=inform-review&before=2026-04-01T00:00:00Z");
    ASSERT_EQ(left.size(), 1U);
    EXPECT_EQ(left.if_array()->front()["due"].text(), "2026-03-12T00:00:00.000Z");
}

}  // namespace
}  // namespace cg::relay::testing
