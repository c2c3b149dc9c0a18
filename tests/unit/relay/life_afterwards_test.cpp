// What comes after a decision: duties, drafts, corrections, withdrawals.
#include "tests/unit/relay/life.hpp"

#include "gateway/relay/drafts.hpp"

#include <future>
#include <set>

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

auto correction(Json tree, std::string_view purpose = "child-protection-referral") -> std::string {
    auto body = Json::object({{"schema", "correction/1"}, {"reason", "WRONG_FACT"}});
    body.set("submission", parse_json(World::submission(purpose, {front_door}, std::move(tree))).value());
    return to_jcs(body);
}

auto corrected_case(std::string_view home = "exampleshire") -> Json {
    auto tree = referral_case();
    tree.set("home_authority", home);
    tree.find("concerns")->if_array()->front().set("text", "The bruise was on the right arm, not the left.");
    return tree;
}

TEST(RequirementRelay, AC_5_a_correction_follows_the_copy_that_a_second_person_let_go) {
    World world;
    const auto first = held_referral(world, "k1", {police, front_door});  // the police at once, the council after a review
    ASSERT_EQ(reviewed(world, first, "release").status, 201);
    world.deliver();
    ASSERT_EQ(inbox_of(world, "exampleshire").size(), 1U);
    serve_othershire(world);
    const auto corrected = world.office("willow", "POST", "/v1/messages/" + first + "/correct", correction(corrected_case("othershire")), "c1");
    ASSERT_EQ(corrected.status, 201) << corrected.body;
    world.deliver();
    for (const auto& [at, role] : {std::pair{"exampleshire", "csc.front-door"}, std::pair{"examplepolice", "police.public-protection"}}) {
        ASSERT_EQ(inbox_of(world, at).size(), 2U) << at;
        EXPECT_EQ(open_as(world, at, role, 1)["correction"]["of"].text(), inbox_mid(world, at, 0)) << at;
    }
    const auto again = world.office("willow", "POST", "/v1/messages/" + id_of(corrected) + "/correct", correction(corrected_case("othershire")), "c2");
    ASSERT_EQ(again.status, 201) << again.body;
    world.deliver();
    EXPECT_EQ(open_as(world, "exampleshire", "csc.front-door", 2)["correction"]["of"].text(), inbox_mid(world, "exampleshire", 1))
        << "the latest copy that it has";
}

TEST(RequirementRelay, AC_5_what_was_put_right_meanwhile_is_not_let_go_as_it_was) {
    World world;
    const auto first = held_referral(world, "k1", {police, front_door});
    const auto corrected = world.office("willow", "POST", "/v1/messages/" + first + "/correct", correction(corrected_case("othershire")), "c1");
    ASSERT_EQ(corrected.status, 201) << corrected.body;
    const auto released = reviewed(world, first, "release");
    EXPECT_EQ(released.status, 422) << released.body;
    EXPECT_TRUE(has(codes_of(released), "review/corrected-since")) << released.body;
    EXPECT_EQ(reviewed(world, first, "return", "r2").status, 200);
    world.deliver();
    EXPECT_TRUE(inbox_of(world, "exampleshire").empty());
}

TEST(RequirementRelay, AC_5_a_correction_that_waits_goes_to_each_whose_copy_it_replaces_once_it_is_let_go) {
    World world;
    serve_othershire(world);
    const auto sent = world.office("willow", "POST", "/v1/messages",
                                   World::submission("child-protection-referral", {police, front_door}, foreign_case()), "k1");
    ASSERT_EQ(sent.status, 201) << sent.body;
    world.deliver();
    world.use_directory(world.directory_with("willow", [](certs::Descriptor&) {}));  // the council serves one area again
    const auto corrected = world.office("willow", "POST", "/v1/messages/" + id_of(sent) + "/correct", correction(corrected_case("othershire")), "c1");
    ASSERT_EQ(corrected.status, 201) << corrected.body;
    const auto released = reviewed(world, id_of(corrected), "release");
    ASSERT_EQ(released.status, 201) << released.body;
    world.deliver();
    ASSERT_EQ(inbox_of(world, "exampleshire").size(), 3U) << "the first copy, the notice, and the right copy";
    EXPECT_EQ(open_as(world, "exampleshire", "csc.front-door", 1)["schema"].text(), "correction-notice/1");
    EXPECT_EQ(open_as(world, "exampleshire", "csc.front-door", 2)["correction"]["of"].text(), inbox_mid(world, "exampleshire", 0));
}

TEST(Office, only_a_message_that_somebody_has_can_be_put_right) {
    World world;
    const auto asked = world.office("exampleshire", "POST", "/v1/requests", to_jcs(information_request()), "q1");
    ASSERT_EQ(asked.status, 201);
    const auto tell = [&](const std::string& id) {
        return world.office("exampleshire", "POST", "/v1/messages/" + id + "/correct", correction(corrected_case()), "c" + id);
    };
    EXPECT_TRUE(has(codes_of(tell(id_of(asked))), "correction/nothing-sent")) << "a question becomes no referral by being corrected";
    EXPECT_EQ(tell("dec-aaaaaaaaaaaaaaaaaaaaaaaaaa").status, 404);
    EXPECT_EQ(tell("none").status, 404);
    auto body = parse_json(correction(corrected_case())).value();
    body.find("submission")->set("actor", Json{});
    const auto sent = world.office("willow", "POST", "/v1/messages",
                                   World::submission("child-protection-referral", {front_door}, referral_case()), "k1");
    const auto wrong = world.office("willow", "POST", "/v1/messages/" + id_of(sent) + "/correct", to_jcs(body), "c1");
    EXPECT_EQ(wrong.status, 422) << wrong.body;
    EXPECT_NE(wrong.body.find("\"/submission/actor"), std::string::npos) << "the place in what was sent: " << wrong.body;
}

TEST(RequirementRelay, AD_10_a_question_that_is_put_right_stays_one_consultation) {
    World world;
    auto question = parse_json(World::submission("advice", {"advice.desk@exampleshire"}, referral_case())).value();
    question.set("advice", Json::object({{"question", "is this a child protection referral?"}}));
    const auto asked = world.office("willow", "POST", "/v1/messages", to_jcs(question), "k1");
    ASSERT_EQ(asked.status, 201) << asked.body;
    auto body = Json::object({{"schema", "correction/1"}, {"reason", "WRONG_FACT"}});
    body.set("submission", question);
    const auto corrected = world.office("willow", "POST", "/v1/messages/" + id_of(asked) + "/correct", to_jcs(body), "k2");
    ASSERT_EQ(corrected.status, 201) << corrected.body;
    world.deliver();
    const auto first = open_as(world, "exampleshire", "advice.desk", 0), second = open_as(world, "exampleshire", "advice.desk", 1);
    EXPECT_FALSE(first["consultation"].text().empty());
    EXPECT_EQ(first["consultation"], second["consultation"]);
    EXPECT_EQ(second["correction"]["of"].text(), inbox_mid(world, "exampleshire", 0));
}

TEST(RequirementRelay, FW_7_a_draft_is_told_of_though_a_thousand_older_things_were_never_closed) {
    World world;
    auto& willow = world.agency("willow");
    ledger::NewEvent old;
    old.type = "draft/1";
    old.ref = "draft/old";
    old.fields = Json::object();
    for (int i = 0; i < 1001; ++i) old.duties.push_back({"inform-review", world.now() + std::chrono::minutes{i % 60}});
    std::promise<bool> logged;
    willow.ledger->record_event(std::move(old), [&logged](Result<std::uint64_t> done) { logged.set_value(done.has_value()); });
    ASSERT_TRUE(logged.get_future().get());
    open_draft(world, "D-1");
    world.advance(2h);
    std::set<std::string> told;
    tell_overdue(*willow.gateway, told);
    EXPECT_EQ(told.size(), 1001U);
    world.advance(3h);
    tell_overdue(*willow.gateway, told);
    EXPECT_TRUE(told.contains("draft:draft/D-1")) << "the safeguarding lead hears of it";
    const auto listed = json_of(world.office("willow", "GET", "/v1/duties"));
    EXPECT_EQ(listed["duties"].size(), 1000U);
    EXPECT_TRUE(listed["more"].is_true());
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
    EXPECT_EQ(left.if_array()->front()["due"].text(), "2026-03-12T00:00:00Z");
    // A client that heard nothing says it again: it is not the other day that is done.
    ASSERT_EQ(world.office("willow", "POST", "/v1/messages/" + id_of(answer) + "/done", to_jcs(done)).status, 201);
    EXPECT_EQ(duties(world, "kind=inform-review&before=2026-04-01T00:00:00Z").size(), 1U);
    EXPECT_EQ(world.agency("willow").ledger->events_of(id_of(answer)).value().size(), 1U);
}

}  // namespace
}  // namespace cg::relay::testing
