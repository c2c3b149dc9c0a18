// Requests, answers and decisions not to share, where callers repeat themselves, mistake themselves or pretend.
#include "tests/unit/relay/life.hpp"

namespace cg::relay::testing {
namespace {

using namespace life;

TEST(Office, an_idempotency_key_belongs_to_one_address) {
    World world;
    ASSERT_EQ(world.office("exampleshire", "POST", "/v1/requests", to_jcs(information_request()), "q1").status, 201);
    ASSERT_EQ(world.office("exampleshire", "POST", "/v1/requests", to_jcs(information_request()), "q2").status, 201);
    world.deliver();
    const auto holding = to_jcs(Json::object({{"schema", "holding-reply/1"}, {"actor", actor("u-3")}, {"reply_to", front_door}}));
    std::vector<std::string> decisions;
    for (std::size_t i = 0; i < 2; ++i) {
        const auto answer = world.office("examplepolice", "POST", "/v1/requests/" + inbox_mid(world, "examplepolice", i) + "/answer",
                                         holding, "same");
        ASSERT_EQ(answer.status, 201) << answer.body;
        decisions.push_back(id_of(answer));
    }
    EXPECT_NE(decisions[0], decisions[1]) << "the second request is answered, too";
    world.deliver();
    EXPECT_EQ(inbox_of(world, "exampleshire").size(), 2U);
    EXPECT_EQ(open_as(world, "exampleshire", "csc.front-door", 1)["request"].text(), inbox_mid(world, "examplepolice", 1));
    const auto again = world.office("examplepolice", "POST", "/v1/requests/" + inbox_mid(world, "examplepolice", 1) + "/answer",
                                    holding, "same");
    EXPECT_EQ(id_of(again), decisions[1]) << "and only once";
}

TEST(RequirementRelay, RC_9_a_talk_with_nobody_or_in_the_future_is_no_talk) {
    World world;
    auto body = no_share({"NOT_NECESSARY"}, good_reason);
    ASSERT_EQ(world.office("exampleshire", "POST", "/v1/requests", to_jcs(information_request()), "q1").status, 201);
    world.deliver();
    body.set("reply_to", front_door);
    const auto refused = world.office("examplepolice", "POST", "/v1/requests/" + inbox_mid(world, "examplepolice") + "/answer",
                                      to_jcs(body), "a1");
    ASSERT_EQ(refused.status, 201) << refused.body;
    const auto talk = [&](const char* member, std::string_view value) {
        auto done = Json::object({{"schema", "done/1"}, {"duty", "discuss-refusal"}, {"actor", actor("u-3")},
                                  {"on", "2026-03-03T12:30:00Z"}, {"with_whom", "social worker"}, {"note", "They ask the school."}});
        done.set(member, value);
        return world.office("examplepolice", "POST", "/v1/messages/" + id_of(refused) + "/done", to_jcs(done));
    };
    EXPECT_EQ(talk("with_whom", "  ").status, 422);
    EXPECT_EQ(talk("note", " \n ").status, 422);
    EXPECT_EQ(talk("on", "2026-04-01T10:00:00Z").status, 422);
    EXPECT_EQ(talk("note", "They ask the school.").status, 201);
}

TEST(Office, what_is_no_id_is_no_link_and_stays_out_of_what_the_log_says_openly) {
    World world;
    auto body = no_share({"NOT_NECESSARY"}, good_reason);
    for (const char* member : {"request", "supersedes", "advice_of"}) body.set(member, "the call about Wren Maybury");
    const auto answer = world.office("willow", "POST", "/v1/no-share", to_jcs(body), "n1");
    ASSERT_EQ(answer.status, 201) << answer.body;
    auto asked = information_request();
    asked.set("reconsiders", "what we asked about Wren Maybury");
    const auto request = world.office("exampleshire", "POST", "/v1/requests", to_jcs(asked), "q1");
    ASSERT_EQ(request.status, 201) << request.body;
    for (const auto* at : {"willow", "exampleshire"}) {
        ledger::Query query;
        query.link = at == std::string_view{"willow"} ? "the call about Wren Maybury" : "what we asked about Wren Maybury";
        EXPECT_TRUE(world.agency(at).ledger->search(query).value().empty()) << at;
    }
    EXPECT_TRUE(has(warnings_of(answer), "link/not-an-id")) << "and whoever wrote it learns that nothing was linked";
    EXPECT_TRUE(has(warnings_of(request), "link/not-an-id"));
}

TEST(RequirementRelay, RC_9_a_refusal_that_nobody_is_told_is_no_answer) {
    World world;
    ASSERT_EQ(world.office("exampleshire", "POST", "/v1/requests", to_jcs(information_request()), "q1").status, 201);
    world.deliver();
    const auto answer = world.office("examplepolice", "POST", "/v1/requests/" + inbox_mid(world, "examplepolice") + "/answer",
                                     to_jcs(no_share({"NOT_NECESSARY"}, good_reason)), "a1");
    EXPECT_EQ(answer.status, 422) << answer.body;
    EXPECT_NE(answer.body.find("/reply_to"), std::string::npos) << answer.body;
}

TEST(Office, a_decision_not_to_share_that_names_a_request_tells_nobody_but_whoever_asked) {
    World world;
    const auto mid = hidden_request(world);
    auto body = hidden_refusal();
    body.set("request", mid);
    body.set("reply_to", police);
    const auto answer = world.office("willow", "POST", "/v1/no-share", to_jcs(body), "n1");
    EXPECT_EQ(answer.status, 422) << answer.body;
    EXPECT_TRUE(has(codes_of(answer), "request/other-agency")) << answer.body;
}

TEST(RequirementRelay, RC_9_no_way_of_refusing_tells_anything_by_its_hour) {
    using namespace std::chrono_literals;
    const auto refuse = [](World& world, const std::string& path, const Json& body, bool with_review) {
        const auto answer = world.office("willow", "POST", path, to_jcs(body), "n1");
        ASSERT_EQ(answer.status, with_review ? 202 : 201) << answer.body;
        if (!with_review) return;
        const auto confirmed = reviewed(world, id_of(answer), "release");
        ASSERT_EQ(confirmed.status, 201) << confirmed.body;
        EXPECT_EQ((*record_of(world, "willow", id_of(confirmed)).personal)["reasons"]["text"].text(), organisational_reason);
    };
    for (const bool as_answer : {true, false}) {
        for (const bool with_review : {true, false}) {
            World world;
            const auto mid = hidden_request(world);
            auto body = hidden_refusal(with_review ? organisational_reason : good_reason);
            if (!as_answer) body.set("request", mid);
            refuse(world, as_answer ? "/v1/requests/" + mid + "/answer" : "/v1/no-share", body, with_review);
            world.advance(59min);
            world.deliver();
            EXPECT_TRUE(inbox_of(world, "exampleshire").empty()) << as_answer << with_review;
            world.advance(2min);
            world.deliver();
            EXPECT_EQ(inbox_of(world, "exampleshire").size(), 1U) << as_answer << with_review;
        }
    }
}

TEST(RequirementRelay, RC_9_a_refusal_that_tells_nothing_names_nobody_to_ring) {
    using namespace std::chrono_literals;
    World world;
    const auto mid = hidden_request(world);
    auto body = hidden_refusal();
    body.set("contact", Json::object({{"role", "children's protection unit"}, {"phone", "01632 960111"}}));
    ASSERT_EQ(world.office("willow", "POST", "/v1/requests/" + mid + "/answer", to_jcs(body), "n1").status, 201);
    world.advance(61min);
    world.deliver();
    const auto said = open_as(world, "exampleshire", "csc.front-door");
    EXPECT_EQ(said["schema"].text(), "refusal-reply/1");
    EXPECT_EQ(said.find("contact"), nullptr) << to_jcs(said);
}

TEST(Office, a_reply_that_waits_for_its_hour_holds_up_nothing_that_comes_after_it) {
    World world;
    const auto mid = hidden_request(world);
    ASSERT_EQ(world.office("willow", "POST", "/v1/requests/" + mid + "/answer", to_jcs(hidden_refusal()), "n1").status, 201);
    const auto referral = world.office("willow", "POST", "/v1/messages",
                                       World::submission("child-protection-referral", {front_door}, referral_case()), "k1");
    ASSERT_EQ(referral.status, 201) << referral.body;
    world.deliver();
    ASSERT_EQ(inbox_of(world, "exampleshire").size(), 1U) << "the referral of the same case";
    EXPECT_EQ(open_as(world, "exampleshire", "csc.front-door")["schema"].text(), "view/1");
}

TEST(RequirementRelay, RC_12_a_refused_request_is_asked_again_with_new_facts_and_both_sides_find_the_first) {
    World world;
    const auto first = world.office("exampleshire", "POST", "/v1/requests", to_jcs(information_request()), "q1");
    world.deliver();
    auto refusal = no_share({"NOT_NECESSARY"}, good_reason);
    refusal.set("reply_to", front_door);
    const auto refused = world.office("examplepolice", "POST", "/v1/requests/" + inbox_mid(world, "examplepolice") + "/answer",
                                      to_jcs(refusal), "a1");
    ASSERT_EQ(refused.status, 201) << refused.body;
    auto again = information_request();
    again.set("reconsiders", id_of(first));
    again.set("why", "A neighbour saw him push Wren over on Sunday.");
    const auto second = world.office("exampleshire", "POST", "/v1/requests", to_jcs(again), "q2");
    ASSERT_EQ(second.status, 201) << second.body;
    world.deliver();
    EXPECT_EQ(open_as(world, "examplepolice", "police.public-protection", 1)["reconsiders"].text(), inbox_mid(world, "examplepolice", 0))
        << "whoever refused is told which request this takes up, by the id that they know it under";
    const auto status = json_of(world.office("exampleshire", "GET", "/v1/messages/" + id_of(first)));
    EXPECT_EQ(status["followed_by"].if_array()->front()["decision_id"].text(), id_of(second));
    EXPECT_EQ(record_of(world, "exampleshire", id_of(second)).dec["links"]["supersedes"].text(), id_of(first));
    again.set("reconsiders", "dec-aaaaaaaaaaaaaaaaaaaaaaaaaa");
    const auto unknown = world.office("exampleshire", "POST", "/v1/requests", to_jcs(again), "q3");
    EXPECT_TRUE(has(warnings_of(unknown), "request/earlier-unknown")) << unknown.body;
}

TEST(RequirementRelay, CO_8_in_an_emergency_what_a_request_lacks_is_owed_by_a_time_and_a_word_that_is_no_group_goes_nowhere) {
    World world;
    auto body = information_request();
    body.set("urgency", "emergency");
    body.set("policy", "");
    body.set("asked", Json::array({"fam_crime", "whether Craig Fictional is known"}));
    const auto asked = world.office("exampleshire", "POST", "/v1/requests", to_jcs(body), "q1");
    ASSERT_EQ(asked.status, 201) << asked.body;
    const auto record = record_of(world, "exampleshire", id_of(asked));
    EXPECT_EQ(record.dec["request"]["asked"], Json::array({"fam_crime"})) << to_jcs(record.dec["request"]);
    const auto duties = world.agency("exampleshire").ledger->duties_of(id_of(asked)).value();
    EXPECT_EQ(std::ranges::count(duties, "complete-by", &ledger::Duty::kind), 1);
    world.deliver();
    EXPECT_EQ(open_as(world, "examplepolice", "police.public-protection")["asked"], Json::array({"fam_crime"}));
}

struct Slip {
    const char* path;
    const char* body;
    const char* pointer;
};

TEST(Office, a_member_that_no_format_has_is_a_slip_that_may_matter_and_is_refused) {
    World world;
    const Slip slips[] = {
        {"/v1/consents", R"({"schema": "withdrawal/1", "actor": {"user": "u", "role": "r", "auth": "a"}, "case_ref": "C-1", "who": "p1",
            "on": "2026-03-03", "notifiy": false})", "/notifiy"},
        {"/v1/consents", R"({"schema": "withdrawal/1", "actor": {"user": "u", "role": "r", "auth": "a"}, "case_ref": "C-1", "who": "p1",
            "on": "2026-03-03", "notify": "no", "why_not": "It would be unsafe."})", "/notify"},
        {"/v1/drafts", R"({"schema": "draft/1", "id": "D-1", "risk_level": "high", "risk": "low", "actor": {"user": "u", "role": "r"}})", "/risk"},
        {"/v1/no-share", R"({"schema": "no-share/1", "recipients": ["csc.front-door@exampleshire"]})", "/recipients"},
        {"/v1/no-share", R"({"schema": "no-share/1", "reply_to": ["csc.front-door@exampleshire"]})", "/reply_to"},
        {"/v1/no-share", R"({"schema": "no-share/1", "contact": {"role": "r", "tel": "01632 960555"}})", "/contact/tel"},
        {"/v1/phone-shares", R"({"schema": "phone-share/1", "told_at": "2026-03-03T12:05:00Z", "told": "x", "submission": {}})", "/told"},
        {"/v1/messages/dec-aaaaaaaaaaaaaaaaaaaaaaaaaa/done", R"({"schema": "done/1", "duty": "answer", "with": "x"})", "/with"},
        {"/v1/messages/dec-aaaaaaaaaaaaaaaaaaaaaaaaaa/correct", R"({"schema": "correction/1", "recipients": []})", "/recipients"},
        {"/v1/requests", R"({"schema": "request/1", "person": {"name": "Wren Maybury"}})", "/person/name"},
    };
    for (const auto& slip : slips) {
        const auto answer = world.office("willow", "POST", slip.path, slip.body, slip.pointer);
        EXPECT_EQ(answer.status, 422) << slip.path << answer.body;
        EXPECT_NE(answer.body.find("\"" + std::string{slip.pointer} + "\""), std::string::npos) << answer.body;
    }
    EXPECT_EQ(world.agency("willow").ledger->counts().value().entries, 0U);
}

}  // namespace
}  // namespace cg::relay::testing
