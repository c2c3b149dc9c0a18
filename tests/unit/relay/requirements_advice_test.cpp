// Requirements about the life of a consultation: its reply, its follow-up, and the referral that it becomes.
#include "tests/unit/relay/cases.hpp"
#include "tests/unit/relay/world.hpp"

#include "crypto/hash.hpp"
#include "crypto/jws.hpp"
#include "gateway/relay/seal.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace cg::relay::testing {
namespace {

const std::string desk = "advice.desk@exampleshire";

auto json_of(const wire::Response& response) -> Json {
    auto parsed = parse_json(response.body);
    EXPECT_TRUE(parsed.has_value()) << response.body;
    return parsed.has_value() ? std::move(parsed).value() : Json{};
}

auto open_as(World& world, std::string_view at, const std::string& role, std::size_t index = 0) -> Json {
    auto& here = world.agency(at);
    const auto items = here.ledger->inbox(0, 20).value();
    if (index >= items.size()) {
        ADD_FAILURE() << at << " got " << items.size() << " messages";
        return {};
    }
    const auto message = here.ledger->inbox_message(items[index].mid).value();
    const auto routing = wire::read_signed_routing(parse_json(message.routing).value()).value().claimed;
    const RecipientId me{RoleId::parse(role).value(), here.id};
    auto payload = open_envelope(message.envelope, routing, me, here.roles.at(me.role), world.directory(), world.now());
    EXPECT_TRUE(payload.has_value());
    return payload.has_value() ? std::move(payload).value().view : Json{};
}

auto question(std::string_view follow_up_to = {}, Json tree = referral_case()) -> std::string {
    auto out = parse_json(World::submission("advice", {desk}, std::move(tree))).value();
    auto advice = Json::object({{"question", "is this a child protection referral?"}});
    if (!follow_up_to.empty()) advice.set("follow_up_to", follow_up_to);
    out.set("advice", std::move(advice));
    return to_jcs(out);
}

auto ask(World& world, const std::string& key, std::string_view follow_up_to = {}) -> Json {
    const auto answer = world.office("willow", "POST", "/v1/messages", question(follow_up_to), key);
    EXPECT_EQ(answer.status, 201) << answer.body;
    world.deliver();
    return json_of(answer);
}

auto actor() -> Json { return Json::object({{"user", "u-77"}, {"role", "duty worker"}, {"auth", "passkey"}}); }

TEST(RequirementRelay, AD_6_a_consultation_becomes_a_referral_by_a_full_decision_and_both_are_linked) {
    World world;
    const auto asked = ask(world, "k1");
    const std::string id{asked["decision_id"].text()};
    const auto question_seen = open_as(world, "exampleshire", "advice.desk");
    EXPECT_EQ(to_jcs(question_seen).find("Maybury"), std::string::npos);
    EXPECT_EQ(to_jcs(question_seen).find("9990002118"), std::string::npos);

    auto refused = parse_json(World::submission("child-protection-referral", {"csc.front-door@exampleshire"}, referral_case())).value();
    refused.find("case")->find("basis")->set("article6", "");
    const auto no = world.office("willow", "POST", "/v1/messages/" + id + "/convert", to_jcs(refused), "k2");
    EXPECT_EQ(no.status, 422) << "the full gates run: " << no.body;
    world.deliver();
    EXPECT_EQ(world.agency("exampleshire").ledger->inbox(0, 9).value().size(), 1U) << "nothing but the question so far";

    const auto yes = world.office("willow", "POST", "/v1/messages/" + id + "/convert",
                                  World::submission("child-protection-referral", {"csc.front-door@exampleshire"}, referral_case()), "k3");
    ASSERT_EQ(yes.status, 201) << yes.body;
    const auto body = json_of(yes);
    EXPECT_EQ(body["action"].text(), "converted");
    const auto after = world.agency("willow").ledger->show(DecisionId::parse(body["decision_id"].text()).value()).value();
    EXPECT_EQ(after.dec["links"]["converted_from"].text(), id);
    EXPECT_EQ(after.dec["identity_disclosed_to"], Json::array({"csc.front-door@exampleshire"}));
    const auto before = json_of(world.office("willow", "GET", "/v1/messages/" + id));
    const auto& followed = *before["followed_by"].if_array();
    EXPECT_TRUE(std::ranges::any_of(followed, [&](const Json& one) { return one["decision_id"].text() == body["decision_id"].text(); }));
}

TEST(RequirementRelay, AD_6_another_question_is_no_conversion) {
    World world;
    const std::string id{ask(world, "k1")["decision_id"].text()};
    auto again = parse_json(question()).value();
    again.set("converted_from", id);
    for (const auto& path : {std::string{"/v1/messages"}, "/v1/messages/" + id + "/convert"}) {
        const auto answer = world.office("willow", "POST", path, to_jcs(again), "k" + path);
        EXPECT_EQ(answer.status, 422) << path << answer.body;
        EXPECT_NE(answer.body.find("advice/identity-requires-conversion"), std::string::npos) << path;
    }
}

TEST(RequirementRelay, FW_9_a_follow_up_is_shown_beforehand_with_the_names_that_it_will_have) {
    World world;
    const std::string id{ask(world, "k1")["decision_id"].text()};
    const auto shown = json_of(world.office("willow", "POST", "/v1/checks", question(id)))["recipients"].if_array()->front()["view"];
    EXPECT_EQ(shown["consultation"], open_as(world, "exampleshire", "advice.desk")["consultation"]);
    ask(world, "k2", id);
    EXPECT_EQ(shown, open_as(world, "exampleshire", "advice.desk", 1));
    EXPECT_EQ(world.office("willow", "POST", "/v1/checks", question("k-unheard-of")).status, 422);
}

auto convert(World& world, const std::string& consultation, Json tree, const std::string& key) -> wire::Response {
    return world.office("willow", "POST", "/v1/messages/" + consultation + "/convert",
                        World::submission("child-protection-referral", {"csc.front-door@exampleshire"}, std::move(tree)), key);
}
auto converted_events(World& world, const std::string& consultation) -> std::vector<ledger::LoggedEvent> {
    auto events = world.agency("willow").ledger->events_of(consultation).value();
    std::erase_if(events, [](const ledger::LoggedEvent& event) { return event.type != "converted/1"; });
    return events;
}
auto advice_heard(World& world, const std::string& consultation) {
    const auto kept = Json::object({{"schema", "advice-record/1"}, {"actor", actor()}, {"on", "2026-03-03T12:31:00Z"},
                                    {"adviser", Json::object({{"role", "csc.front-door"}, {"organisation", "exampleshire"}})},
                                    {"advice", "Please give us the name."}});
    EXPECT_EQ(world.office("willow", "POST", "/v1/messages/" + consultation + "/advice", to_jcs(kept)).status, 201);
}

TEST(RequirementRelay, AD_6_a_conversion_that_a_second_person_lets_go_is_linked_like_any_other) {
    World world;
    const std::string id{ask(world, "k1")["decision_id"].text()};
    advice_heard(world, id);
    auto tree = referral_case();
    tree.set("home_authority", "othershire");  // another area: somebody must look first
    const auto held = convert(world, id, std::move(tree), "k2");
    ASSERT_EQ(held.status, 202) << held.body;
    EXPECT_TRUE(converted_events(world, id).empty()) << "nobody was told yet";
    const std::string waiting{json_of(held)["decision_id"].text()};

    const std::string reason = "I have read the case and rung the school; the area is right.";
    auto review = Json::object({{"schema", "review/1"}, {"decision", "release"}, {"reason", reason}, {"actor", actor()}});
    crypto::JwsHeader header;
    header.typ = "casegate-review+jws";
    const auto statement = Json::object({{"review", waiting}, {"decision", "release"}, {"reason_sha256", to_hex(crypto::sha256(reason))}});
    review.set("signature", crypto::sign_jws(World::caller_key(), header, view_bytes(to_jcs(statement))));
    const auto released = world.office("willow", "POST", "/v1/reviews/" + waiting, to_jcs(review), "r1");
    ASSERT_EQ(released.status, 201) << released.body;

    const std::string after{json_of(released)["decision_id"].text()};
    const auto record = world.agency("willow").ledger->show(DecisionId::parse(after).value()).value();
    EXPECT_EQ(record.dec["action"].text(), "converted");
    EXPECT_EQ(record.dec["links"]["converted_from"].text(), id);
    EXPECT_EQ(record.dec["identity_disclosed_to"], Json::array({"csc.front-door@exampleshire"}));
    EXPECT_EQ(record.dec["review"]["of"].text(), waiting);
    ASSERT_EQ(record.dec["advice_sought"].size(), 1U) << "AD-8";
    EXPECT_EQ((*record.personal)["advice_sought"].if_array()->front()["advice"].text(), "Please give us the name.");
    const auto events = converted_events(world, id);
    ASSERT_EQ(events.size(), 1U);
    EXPECT_EQ(events.front().fields["by"].text(), after);
}

TEST(RequirementRelay, AD_6_where_nobody_gets_a_copy_the_record_does_not_say_that_identity_was_disclosed) {
    World world;
    const std::string id{ask(world, "k1")["decision_id"].text()};
    world.use_directory(world.directory_with("exampleshire", [](certs::Descriptor& d) {
        for (auto& role : d.roles) role.recipients.clear();
    }));
    const auto answer = convert(world, id, referral_case(), "k2");
    EXPECT_EQ(answer.status, 403) << answer.body;
    const auto record = world.agency("willow").ledger->show(DecisionId::parse(json_of(answer)["decision_id"].text()).value()).value();
    EXPECT_EQ(record.dec["action"].text(), "refused");
    EXPECT_TRUE(record.dec["identity_disclosed_to"].is_null());
    EXPECT_TRUE(converted_events(world, id).empty());
}

TEST(RequirementRelay, AD_6_no_call_by_the_adviser_returns_identity) {
    World world;
    static_cast<void>(ask(world, "k1"));
    const auto mid = world.agency("exampleshire").ledger->inbox(0, 9).value().front().mid.str();
    std::string all;
    for (const auto& path : {"/v1/inbox", "/v1/duties", "/v1/reviews"}) all += world.office("exampleshire", "GET", path).body;
    for (const auto& path : {"/v1/inbox/" + mid, "/v1/messages/" + mid, "/v1/reviews/" + mid, "/v1/messages/" + mid + "/convert"})
        all += world.office("exampleshire", "GET", path).body;
    all += to_jcs(open_as(world, "exampleshire", "advice.desk"));
    for (const char* identifier : {"Maybury", "Wren", "Tess", "9990002118", "07700 900201", "ZZ1 2ZZ", "C-1\""})
        EXPECT_EQ(all.find(identifier), std::string::npos) << identifier;
}

TEST(RequirementRelay, AD_8_what_the_adviser_said_is_kept_and_attached_to_the_later_decision) {
    World world;
    const auto asked = ask(world, "k1");
    const std::string id{asked["decision_id"].text()};
    const auto mid = world.agency("exampleshire").ledger->inbox(0, 9).value().front().mid.str();
    EXPECT_EQ(open_as(world, "exampleshire", "advice.desk")["reply_role"].text(), "school.dsl");
    const auto reply = Json::object({{"schema", "advice-reply/1"}, {"actor", actor()}, {"reply_to", "school.dsl@willow"},
                                     {"advice", "This meets the threshold. Please give us the name."}, {"name_requested", true}});
    ASSERT_EQ(world.office("exampleshire", "POST", "/v1/requests/" + mid + "/answer", to_jcs(reply), "a1").status, 201);
    world.deliver();
    const auto seen = open_as(world, "willow", "school.dsl");
    EXPECT_EQ(seen["schema"].text(), "advice-reply/1");
    EXPECT_TRUE(seen["name_requested"].is_true());

    const auto kept = Json::object({{"schema", "advice-record/1"}, {"actor", actor()}, {"on", "2026-03-03T12:31:00Z"},
                                    {"adviser", Json::object({{"role", "csc.front-door"}, {"organisation", "exampleshire"}})},
                                    {"advice", seen["advice"]}});
    ASSERT_EQ(world.office("willow", "POST", "/v1/messages/" + id + "/advice", to_jcs(kept)).status, 201);
    const auto yes = world.office("willow", "POST", "/v1/messages/" + id + "/convert",
                                  World::submission("child-protection-referral", {"csc.front-door@exampleshire"}, referral_case()), "k3");
    ASSERT_EQ(yes.status, 201) << yes.body;
    const auto record = world.agency("willow").ledger->show(DecisionId::parse(json_of(yes)["decision_id"].text()).value()).value();
    const auto& sought = record.dec["advice_sought"];
    ASSERT_EQ(sought.size(), 1U);
    EXPECT_EQ(sought.if_array()->front()["role"].text(), "csc.front-door");
    EXPECT_EQ(sought.if_array()->front()["on"].text(), "2026-03-03T12:31:00Z");
    EXPECT_EQ((*record.personal)["advice_sought"].if_array()->front()["advice"].text(), seen["advice"].text());
}

TEST(RequirementRelay, AD_10_two_consultations_share_no_token_and_a_follow_up_keeps_them) {
    World world;
    const auto first = ask(world, "k1");
    static_cast<void>(ask(world, "k2"));
    static_cast<void>(ask(world, "k3", first["decision_id"].text()));
    const auto view = [&](std::size_t index) { return open_as(world, "exampleshire", "advice.desk", index); };
    EXPECT_NE(view(0)["consultation"].text(), view(1)["consultation"].text());
    EXPECT_EQ(view(0)["consultation"].text(), view(2)["consultation"].text());
    EXPECT_EQ(world.office("willow", "POST", "/v1/messages", question("dec-aaaaaaaaaaaaaaaaaaaaaaaaaa"), "k4").status, 422);
}

TEST(RequirementRelay, AD_10_a_follow_up_calls_everybody_what_the_first_question_did) {
    const auto with = [](const char* siblings) {
        auto tree = referral_case();
        tree.set("people", parse_json(siblings).value());
        tree.set("concerns", Json::array());
        return tree;
    };
    const auto tokens = [](World& world, const wire::Response& answer) {
        std::map<std::string, std::string> out;
        const auto record = world.agency("willow").ledger->show(DecisionId::parse(json_of(answer)["decision_id"].text()).value()).value();
        for (const auto& one : *(*record.personal)["token_map"]["tokens"].if_array()) out[std::string{one["id"].text()}] = one["token"].text();
        return out;
    };
    for (int i = 0; i < 6; ++i) {
        World world;
        const auto one = world.office("willow", "POST", "/v1/messages",
                                      question({}, with(R"([{"id":"p1","relationship":"sibling","name":"Ash","household":true},
                                                            {"id":"p2","relationship":"sibling","name":"Elm","household":true}])")), "k1");
        ASSERT_EQ(one.status, 201) << one.body;
        const auto two = world.office("willow", "POST", "/v1/messages",
                                      question(json_of(one)["decision_id"].text(),
                                               with(R"([{"id":"p7","relationship":"sibling","name":"Oak","household":true},
                                                        {"id":"p1","relationship":"sibling","name":"Ash","household":true},
                                                        {"id":"p2","relationship":"sibling","name":"Elm","household":true}])")), "k2");
        ASSERT_EQ(two.status, 201) << two.body;
        auto before = tokens(world, one), after = tokens(world, two);
        EXPECT_EQ(before["p1"], after["p1"]);
        EXPECT_EQ(before["p2"], after["p2"]);
        EXPECT_EQ(after["p7"], "[SIBLING 3]");
    }
}

}  // namespace
}  // namespace cg::relay::testing
