// Requirements about the record and about who may read, seen through the whole relay.
#include "tests/unit/relay/cases.hpp"
#include "tests/unit/relay/world.hpp"

#include "gateway/ledger/opening.hpp"
#include "gateway/relay/seal.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace cg::relay::testing {
namespace {

const std::string front_door = "csc.front-door@exampleshire";

auto json_of(const wire::Response& response) -> Json {
    auto parsed = parse_json(response.body);
    EXPECT_TRUE(parsed.has_value()) << response.body;
    return parsed.has_value() ? std::move(parsed).value() : Json{};
}

auto open_as(World& world, std::string_view at, const std::string& role, std::size_t index = 0) -> Result<wire::ViewPayload> {
    auto& here = world.agency(at);
    const auto message = here.ledger->inbox_message(here.ledger->inbox(0, 20).value().at(index).mid).value();
    const auto routing = wire::read_signed_routing(parse_json(message.routing).value()).value().claimed;
    const RecipientId me{RoleId::parse(role).value(), here.id};
    return open_envelope(message.envelope, routing, me, here.roles.at(me.role), world.directory(), world.now());
}

auto sent(World& world) -> Json {
    const auto answer = world.office("willow", "POST", "/v1/messages",
                                     World::submission("child-protection-referral", {front_door}, referral_case()), "k1");
    EXPECT_EQ(answer.status, 201) << answer.body;
    world.deliver();
    return json_of(answer);
}

auto actor() -> Json { return Json::object({{"user", "u-901"}, {"role", "social worker"}, {"auth", "passkey"}}); }

TEST(RequirementRelay, FW_9_a_dry_run_says_what_sending_would_and_leaves_no_record) {
    World world;
    const auto body = World::submission("child-protection-referral", {front_door}, referral_case());
    const auto dry = json_of(world.office("willow", "POST", "/v1/checks", body));
    auto& willow = world.agency("willow");
    EXPECT_EQ(willow.ledger->counts().value().entries, 0U);
    EXPECT_EQ(willow.events, std::vector<std::string>{"gw.message.checked"});
    const auto real = json_of(world.office("willow", "POST", "/v1/messages", body, "k1"));
    const auto& before = dry["recipients"].if_array()->front();
    const auto& after = real["recipients"].if_array()->front();
    for (const char* member : {"outcome", "released", "withheld", "problems"}) EXPECT_EQ(before[member], after[member]) << member;
    EXPECT_TRUE(before["view"].is_object());
    EXPECT_TRUE(after["view"].is_null()) << "the stored answer keeps no case content";
}

TEST(RequirementRelay, RC_2_the_record_says_what_was_sent_to_whom_and_the_bytes_are_those) {
    World world;
    const auto told = sent(world);
    const auto record = world.agency("willow").ledger->show(DecisionId::parse(told["decision_id"].text()).value()).value();
    const auto& recipient = record.dec["recipients"].if_array()->front();
    EXPECT_EQ(recipient["to"].text(), front_door);
    EXPECT_EQ(recipient["released"].size(), static_cast<std::size_t>(recipient["released_count"].integer_or(-1)));
    EXPECT_EQ(record.dec["purpose"].text(), "child-protection-referral");
    const auto delivered = world.agency("exampleshire").ledger->inbox_message(record.deliveries.front().mid).value();
    const auto release = world.agency("willow").ledger->tail(100).value();
    const auto line = std::ranges::find(release, record.deliveries.front().mid.str(), &ledger::LogEntry::ref);
    ASSERT_NE(line, release.end());
    ledger::OutboxItem item;
    item.id = record.deliveries.front().mid.str();
    item.mid = record.deliveries.front().mid;
    const auto opening = world.agency("willow").ledger->transmission(item).value().opening;
    EXPECT_EQ(opening["fields"]["envelope_sha256"].text(), to_hex(crypto::sha256(ByteView{delivered.envelope})));
}

TEST(RequirementRelay, RC_5_every_record_names_the_person_their_role_organisation_and_how_they_signed_in) {
    World world;
    const auto record = world.agency("willow").ledger->show(DecisionId::parse(sent(world)["decision_id"].text()).value()).value();
    const auto& person = (*record.personal)["actor"];
    for (const char* member : {"user", "role", "auth"}) EXPECT_FALSE(person[member].text().empty()) << member;
    EXPECT_EQ(record.dec["sender"]["organisation"].text(), "willow");
}

TEST(RequirementRelay, RE_3_only_the_named_role_opens_and_the_opening_is_logged_on_both_sides) {
    World world;
    const auto told = sent(world);
    const auto other = open_as(world, "exampleshire", "early-help.hub");
    ASSERT_FALSE(other.has_value());
    EXPECT_EQ(other.error().code, Errc::unauthenticated);
    ASSERT_TRUE(open_as(world, "exampleshire", "csc.front-door").has_value());
    const auto mid = world.agency("exampleshire").ledger->inbox(0, 9).value().front().mid.str();
    ASSERT_EQ(world.office("exampleshire", "POST", "/v1/inbox/" + mid + "/ack", R"({"state":"opened"})").status, 200);
    world.deliver();
    EXPECT_TRUE(std::ranges::count(world.agency("exampleshire").events, "gw.inbox.acknowledged") == 1);
    const auto status = json_of(world.office("willow", "GET", "/v1/messages/" + std::string{told["decision_id"].text()}));
    EXPECT_EQ(status["deliveries"].if_array()->front()["state"].text(), "opened");
}

TEST(RequirementRelay, SE_2_two_recipients_of_one_case_cannot_read_each_others_copy) {
    World world;
    const auto answer = world.office("willow", "POST", "/v1/messages",
                                     World::submission("child-protection-referral",
                                                       {front_door, "police.public-protection@examplepolice"}, referral_case()), "k1");
    ASSERT_EQ(answer.status, 201);
    world.deliver();
    auto& council = world.agency("exampleshire");
    const auto message = council.ledger->inbox_message(council.ledger->inbox(0, 9).value().front().mid).value();
    const auto routing = wire::read_signed_routing(parse_json(message.routing).value()).value().claimed;
    const auto& police = world.agency("examplepolice");
    const RecipientId me{RoleId::parse("police.public-protection").value(), police.id};
    const auto opened = open_envelope(message.envelope, routing, me, police.roles.at(me.role), world.directory(), world.now());
    ASSERT_FALSE(opened.has_value());
    EXPECT_EQ(opened.error().code, Errc::unauthenticated);
}

TEST(RequirementRelay, IT_2_what_a_recipient_did_comes_back_and_is_linked_to_the_decision) {
    World world;
    const std::string id{sent(world)["decision_id"].text()};
    const auto mid = world.agency("exampleshire").ledger->inbox(0, 9).value().front().mid.str();
    auto outcome = Json::object({{"schema", "outcome-reply/1"}, {"actor", actor()}, {"reply_to", "school.dsl@willow"},
                                 {"outcome", "SOMETHING"}});
    const auto path = "/v1/requests/" + mid + "/answer";
    EXPECT_EQ(world.office("exampleshire", "POST", path, to_jcs(outcome), "o1").status, 422);
    outcome.set("outcome", "STRATEGY_DISCUSSION");
    ASSERT_EQ(world.office("exampleshire", "POST", path, to_jcs(outcome), "o2").status, 201);
    world.deliver();
    const auto seen = open_as(world, "willow", "school.dsl").value().view;
    EXPECT_EQ(seen["outcome_code"].text(), "STRATEGY_DISCUSSION");
    EXPECT_EQ(seen["request"].text(), mid);
    auto kept = Json::object({{"schema", "outcome-record/1"}, {"mid", "msg-other"}, {"outcome", seen["outcome_code"]},
                              {"on", "2026-03-03T15:00:00Z"}, {"actor", actor()}});
    EXPECT_EQ(world.office("willow", "POST", "/v1/messages/" + id + "/outcome", to_jcs(kept)).status, 422);
    kept.set("mid", seen["request"]);
    ASSERT_EQ(world.office("willow", "POST", "/v1/messages/" + id + "/outcome", to_jcs(kept)).status, 201);
    const auto events = json_of(world.office("willow", "GET", "/v1/messages/" + id))["events"];
    ASSERT_EQ(events.size(), 1U);
    EXPECT_EQ(events.if_array()->front()["fields"]["outcome"].text(), "STRATEGY_DISCUSSION");
}

}  // namespace
}  // namespace cg::relay::testing
