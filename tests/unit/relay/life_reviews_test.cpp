// Reviews under strain: the world changes between the holding and the look, several people look, people pretend.
#include "tests/unit/relay/life.hpp"

#include "config/pack_dir.hpp"

#include <future>

namespace cg::relay::testing {
namespace {

using namespace life;

TEST(Review, what_a_reviewer_refuses_does_not_leave_though_the_policy_would_let_it_go_by_now) {
    for (const char* decision : {"refuse", "return"}) {
        World world;
        const auto id = held_referral(world);
        serve_othershire(world);
        const auto answer = reviewed(world, id, decision);
        EXPECT_EQ(answer.status, 200) << answer.body;
        EXPECT_EQ(json_of(answer)["outcome"].text(), "DENY") << decision;
        world.deliver();
        EXPECT_TRUE(inbox_of(world, "exampleshire").empty()) << decision;
        const auto duties = world.agency("willow").ledger->duties_of(id_of(answer)).value();
        EXPECT_EQ(std::ranges::count(duties, "complete-by", &ledger::Duty::kind), 0);
    }
}

TEST(Review, of_two_reviewers_at_once_the_second_learns_that_somebody_else_was_faster) {
    World world;
    const auto id = held_referral(world);
    auto& willow = world.agency("willow");
    std::promise<void> both_asked;
    auto wait = std::make_shared<std::future<void>>(both_asked.get_future());
    ledger::NewEvent pause;
    pause.type = "read/1";
    pause.ref = "pause";
    pause.fields = Json::object();
    willow.ledger->record_event(std::move(pause), [wait](Result<std::uint64_t>) { wait->wait(); });  // nothing is written meanwhile
    std::vector<std::future<wire::Response>> answers;
    for (const char* user : {"u-head", "u-deputy"}) {
        wire::Request request;
        request.method = "POST";
        request.path = "/v1/reviews/" + id;
        request.body = to_bytes(to_jcs(review(id, "release", review_reason, user)));
        request.content_type = "application/json";
        request.idempotency_key = user;
        request.peer.uri = willow.system_uri;
        request.peer.key = World::caller_key().verify_key();
        auto answer = std::make_shared<std::promise<wire::Response>>();
        answers.push_back(answer->get_future());
        willow.office(std::move(request), [answer](wire::Response response) { answer->set_value(std::move(response)); });
    }
    both_asked.set_value();
    EXPECT_EQ(answers[0].get().status, 201);
    const auto second = answers[1].get();
    EXPECT_EQ(second.status, 409) << second.body;
    EXPECT_TRUE(type_of(second).ends_with("review/settled")) << second.body;
    world.deliver();
    EXPECT_EQ(inbox_of(world, "exampleshire").size(), 1U);
}

TEST(Review, blanks_are_no_reason_and_another_spelling_is_no_other_person) {
    World world;
    const auto id = held_referral(world);
    const auto path = "/v1/reviews/" + id;
    for (const std::string& reason : {std::string(40, ' '), std::string(40, '.'), std::string{"\xC2\xA0\xC2\xA0\xC2\xA0\xC2\xA0\xC2\xA0\xC2\xA0\xC2\xA0\xC2\xA0\xC2\xA0\xC2\xA0\xC2\xA0"}}) {
        const auto answer = world.office("willow", "POST", path, to_jcs(review(id, "release", reason, "u-head")), "r" + reason.substr(0, 2));
        EXPECT_EQ(answer.status, 422) << answer.body;
        EXPECT_TRUE(has(codes_of(answer), "review/reason-missing")) << answer.body;
    }
    for (const char* user : {"U-204", " u-204", "u-204 "}) {
        const auto answer = world.office("willow", "POST", path, to_jcs(review(id, "release", review_reason, user)), user);
        EXPECT_EQ(answer.status, 403) << user << answer.body;
        EXPECT_TRUE(type_of(answer).ends_with("review/by-sender")) << answer.body;
    }
}

TEST(Review, what_was_owed_while_it_waited_is_owed_once_afterwards) {
    World world;
    const auto id = held_referral(world);
    ASSERT_EQ(reviewed(world, id, "release").status, 201);
    const auto owed = json_of(world.office("willow", "GET", "/v1/duties?kind=inform-review&before=2026-04-01T00:00:00Z"));
    EXPECT_EQ(owed["duties"].size(), 1U) << to_jcs(owed);
    EXPECT_EQ(json_of(world.office("willow", "GET", "/v1/duties?kind=review&before=2026-04-01T00:00:00Z"))["duties"].size(), 0U);
}

TEST(Review, only_a_review_settles_what_waits_for_one) {
    World world;
    const auto id = held_referral(world);
    const auto done = Json::object({{"schema", "done/1"}, {"duty", "review"}, {"actor", actor("u-204")},
                                    {"on", "2026-03-03T12:00:00Z"}, {"note", "Nothing to see here."}});
    const auto answer = world.office("willow", "POST", "/v1/messages/" + id + "/done", to_jcs(done));
    EXPECT_EQ(answer.status, 422) << answer.body;
    const auto duties = world.agency("willow").ledger->duties_of(id).value();
    EXPECT_FALSE(std::ranges::find(duties, "review", &ledger::Duty::kind)->done) << "it is still overdue when nobody looks";
}

TEST(Review, a_person_with_a_certificate_acts_under_that_name_alone_and_so_cannot_review_their_own) {
    World world;
    const std::string head = "casegate://willow/person/u-head";
    auto body = parse_json(World::submission("child-protection-referral", {front_door}, foreign_case())).value();
    const auto under_another_name = world.office("willow", "POST", "/v1/messages", to_jcs(body), "k1", head);
    EXPECT_EQ(under_another_name.status, 403) << under_another_name.body;
    EXPECT_TRUE(type_of(under_another_name).ends_with("request/actor-mismatch")) << under_another_name.body;
    body.set("actor", actor("u-head"));
    const auto held = world.office("willow", "POST", "/v1/messages", to_jcs(body), "k2", head);
    ASSERT_EQ(held.status, 202) << held.body;
    const auto path = "/v1/reviews/" + id_of(held);
    const auto own = world.office("willow", "POST", path, to_jcs(review(id_of(held), "release", review_reason, "u-head")), "r1", head);
    EXPECT_TRUE(type_of(own).ends_with("review/by-sender")) << own.body;
    const auto as_other = world.office("willow", "POST", path, to_jcs(review(id_of(held), "release", review_reason, "u-1")), "r2", head);
    EXPECT_TRUE(type_of(as_other).ends_with("review/actor-mismatch")) << as_other.body;
    const auto draft = Json::object({{"schema", "draft/1"}, {"id", "D-1"}, {"risk_level", "high"}, {"actor", actor("u-204")}});
    EXPECT_EQ(world.office("willow", "POST", "/v1/drafts", to_jcs(draft), {}, head).status, 403);
}

TEST(Review, what_the_policy_in_force_cannot_decide_on_can_still_be_read_and_given_back) {
    World world;
    const auto held = world.office("willow", "POST", "/v1/no-share", to_jcs(no_share({"NOT_NECESSARY"}, organisational_reason)), "n1");
    ASSERT_EQ(held.status, 202) << held.body;
    auto files = config::read_pack_dir(CG_SOURCE_DIR "/config/packs/exampleshire").value();
    auto& answers = files.at("answers.toml");
    const std::string before = "text_min = 40";
    ASSERT_NE(answers.find(before), std::string::npos);
    answers.replace(answers.find(before), before.size(), "text_min = 400");
    world.agency("willow").gateway->replace(policy::load_pack(files).value());
    const auto path = "/v1/reviews/" + id_of(held);
    const auto read = world.office("willow", "GET", path);
    EXPECT_EQ(read.status, 200) << read.body;
    EXPECT_NE(read.body.find("refusal/reason-missing"), std::string::npos) << "and why it cannot be confirmed: " << read.body;
    EXPECT_EQ(reviewed(world, id_of(held), "release", "r1").status, 422);
    EXPECT_EQ(reviewed(world, id_of(held), "return", "r2").status, 200);
    EXPECT_EQ(world.office("willow", "GET", path).status, 404);
}

/// A question without identity, answered by the desk and written down.
auto advised(World& world) -> std::string {
    auto question = parse_json(World::submission("advice", {"advice.desk@exampleshire"}, referral_case())).value();
    question.set("advice", Json::object({{"question", "is this a child protection referral?"}}));
    const auto asked = world.office("willow", "POST", "/v1/messages", to_jcs(question), "question");
    EXPECT_EQ(asked.status, 201) << asked.body;
    const auto said = Json::object({{"schema", "advice-record/1"}, {"actor", actor("u-204")}, {"on", "2026-03-03T12:31:00Z"},
                                    {"adviser", Json::object({{"role", "advice.desk"}, {"organisation", "exampleshire"}})},
                                    {"advice", "Offer early help first."}});
    EXPECT_EQ(world.office("willow", "POST", "/v1/messages/" + id_of(asked) + "/advice", to_jcs(said)).status, 201);
    return id_of(asked);
}

TEST(RequirementRelay, AD_6_a_consultation_that_becomes_a_referral_by_way_of_a_review_is_linked_like_any_other) {
    World world;
    const auto question = advised(world);
    const auto held = held_referral(world, "convert", {front_door}, "/v1/messages/" + question + "/convert");
    const auto released = reviewed(world, held, "release");
    ASSERT_EQ(released.status, 201) << released.body;
    const auto record = record_of(world, "willow", id_of(released));
    EXPECT_EQ(record.dec["action"].text(), "converted");
    EXPECT_EQ(record.dec["links"]["converted_from"].text(), question);
    EXPECT_EQ(record.dec["identity_disclosed_to"], Json::array({front_door}));
    EXPECT_EQ(record.dec["advice_sought"].size(), 1U);
    EXPECT_EQ(record.dec["review"]["of"].text(), held);
    const auto events = world.agency("willow").ledger->events_of(question).value();
    EXPECT_EQ(std::ranges::count(events, "converted/1", &ledger::LoggedEvent::type), 1) << "the question says what became of it";
}

TEST(RequirementRelay, AD_8_advice_stands_in_the_record_of_whatever_was_decided_on_it) {
    World world;
    const auto question = advised(world);
    auto body = no_share({"NOT_NECESSARY"}, good_reason);
    body.set("advice_of", question);
    const auto declined = world.office("willow", "POST", "/v1/no-share", to_jcs(body), "n1");
    ASSERT_EQ(declined.status, 201) << declined.body;
    auto referral = parse_json(World::submission("child-protection-referral", {front_door}, referral_case())).value();
    referral.set("advice_of", question);
    const auto sent = world.office("willow", "POST", "/v1/messages", to_jcs(referral), "k1");
    ASSERT_EQ(sent.status, 201) << sent.body;
    for (const auto& id : {id_of(declined), id_of(sent)}) {
        const auto record = record_of(world, "willow", id);
        ASSERT_EQ(record.dec["advice_sought"].size(), 1U);
        EXPECT_EQ((*record.personal)["advice_sought"].if_array()->front()["advice"].text(), "Offer early help first.");
        EXPECT_FALSE((*record.personal)["reasons"].is_null() && id == id_of(declined)) << "and nothing else is lost";
    }
    referral.set("advice_of", "dec-aaaaaaaaaaaaaaaaaaaaaaaaaa");
    const auto unknown = world.office("willow", "POST", "/v1/messages", to_jcs(referral), "k2");
    EXPECT_EQ(unknown.status, 201) << unknown.body;
    EXPECT_TRUE(has(warnings_of(unknown), "advice/unknown-consultation")) << unknown.body;
}

/// A child-in-need referral over a refusal, for these words.
auto overriding(const std::string& case_ref, const std::string& home, std::string_view words) -> std::string {
    auto tree = refused_consent_case();
    tree.set("case_ref", case_ref);
    tree.set("home_authority", home);
    tree.find("risk")->set("level", "high");
    tree.find("risk")->set("significant_harm", true);
    tree.find("basis")->set("schedule1", "S1.6");
    tree.set("override", Json::object({{"reason", "CHILD_HARM_LIKELY"}, {"text", words}, {"facts", Json::array({"b1"})}}));
    return World::submission("child-in-need-referral", {front_door}, std::move(tree));
}
constexpr std::string_view own_words = "The child was late on seven days, hungry each time, and says nobody is at home in the mornings.";

TEST(RequirementRelay, FW_12_what_waits_for_a_person_is_not_its_own_repetition_and_counts_once) {
    World world;
    const auto send = [&](const std::string& key, const std::string& home = "exampleshire") {
        return world.office("willow", "POST", "/v1/messages", overriding("C-" + key, home, own_words), key);
    };
    ASSERT_EQ(send("1").status, 201) << send("1").body;
    ASSERT_EQ(send("2").status, 201);
    const auto held = send("3", "othershire");  // the third use of these words, and another area
    ASSERT_EQ(held.status, 202) << held.body;
    const auto released = reviewed(world, id_of(held), "release");
    EXPECT_EQ(released.status, 201) << released.body;
    const auto fourth = send("4");
    EXPECT_EQ(fourth.status, 202) << "used three times before: " << fourth.body;
}

TEST(Review, what_nobody_looked_at_is_refused_with_words_and_not_lost) {
    World world;
    const auto held = world.office("willow", "POST", "/v1/messages", overriding("C-0", "othershire", own_words), "k0");
    ASSERT_EQ(held.status, 202) << held.body;
    for (const char* key : {"1", "2", "3"})  // by now these words have been used too often
        ASSERT_LT(world.office("willow", "POST", "/v1/messages", overriding(std::string{"C-"} + key, "exampleshire", own_words), key).status, 300);
    world.deliver();
    const auto before = inbox_of(world, "exampleshire").size();
    const auto answer = reviewed(world, id_of(held), "release");
    EXPECT_EQ(answer.status, 403) << answer.body;
    EXPECT_TRUE(has(codes_of(answer), "review/changed")) << answer.body;
    EXPECT_EQ(record_of(world, "willow", id_of(answer)).row.outcome, "DENY");
    world.deliver();
    EXPECT_EQ(inbox_of(world, "exampleshire").size(), before);
}

TEST(Review, what_is_let_go_is_to_be_acknowledged_like_anything_else) {
    World world;
    const auto released = reviewed(world, held_referral(world), "release");
    ASSERT_EQ(released.status, 201) << released.body;
    const auto body = json_of(released);
    const auto& owed = *body["obligations"].if_array();
    EXPECT_TRUE(std::ranges::any_of(owed, [](const Json& one) { return one["type"].text() == "ack-by"; })) << released.body;
}

}  // namespace
}  // namespace cg::relay::testing
