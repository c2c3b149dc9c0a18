// A message's whole way through two gateways, without a socket: what each side records, and who can read what.

#include "tests/unit/relay/cases.hpp"
#include "tests/unit/relay/world.hpp"

#include "gateway/relay/seal.hpp"

#include <gtest/gtest.h>

namespace cg::relay::testing {
namespace {

auto json_of(const wire::Response& response) -> Json {
    auto parsed = parse_json(response.body);
    EXPECT_TRUE(parsed.has_value()) << response.body;
    return parsed.has_value() ? parsed.value() : Json{};
}

const std::vector<std::string> three{"csc.front-door@exampleshire", "police.public-protection@examplepolice",
                                     "health.safeguarding@examplenhs"};

auto referral(const std::vector<std::string>& recipients) -> std::string {
    return World::submission("child-protection-referral", recipients, referral_case());
}

/// The one message in an agency's inbox, opened as `role`; an error where it cannot be.
auto open_as(World& world, std::string_view at, const std::string& role, std::size_t index = 0) -> Result<wire::ViewPayload> {
    auto& here = world.agency(at);
    const auto items = here.ledger->inbox(0, 10).value();
    const auto message = here.ledger->inbox_message(items.at(index).mid).value();
    const auto routing = wire::read_signed_routing(parse_json(message.routing).value()).value().claimed;
    const RecipientId me{RoleId::parse(role).value(), here.id};
    return open_envelope(message.envelope, routing, me, here.roles.at(me.role), world.directory(), world.now());
}

TEST(Exchange, EachRecipientGetsItsOwnCopyOnceAndBothSidesLogIt) {
    World world;
    const auto answer = world.office("willow", "POST", "/v1/messages", referral(three), "key-1");
    ASSERT_EQ(answer.status, 201) << answer.body;
    const auto body = json_of(answer);
    EXPECT_EQ(body["outcome"].text(), "PERMIT");
    ASSERT_EQ(body["recipients"].size(), 3U);

    world.deliver();
    for (const char* agency : {"exampleshire", "examplepolice", "examplenhs"})
        EXPECT_EQ(world.agency(agency).ledger->inbox(0, 10).value().size(), 1U) << agency;
    const auto record = world.agency("willow").ledger->show(DecisionId::parse(body["decision_id"].text()).value()).value();
    ASSERT_EQ(record.deliveries.size(), 3U);
    for (const auto& delivery : record.deliveries) {
        EXPECT_EQ(delivery.state, ledger::DeliveryState::received);
        EXPECT_EQ(delivery.receipts.size(), 1U);
    }
    world.deliver();  // nothing is due again
    EXPECT_EQ(world.agency("exampleshire").ledger->inbox(0, 10).value().size(), 1U);
}

TEST(Exchange, Invariant4ARecipientOpensItsOwnViewAndNoOther) {
    World world;
    ASSERT_EQ(world.office("willow", "POST", "/v1/messages", referral(three), "key-1").status, 201);
    world.deliver();
    const auto council = open_as(world, "exampleshire", "csc.front-door");
    ASSERT_TRUE(council.has_value()) << council.error().detail;
    EXPECT_EQ(council.value().from.str(), "willow");
    EXPECT_EQ(council.value().to.str(), "csc.front-door@exampleshire");
    EXPECT_TRUE(council.value().view.is_object());

    const auto other_role = open_as(world, "exampleshire", "early-help.hub");
    ASSERT_FALSE(other_role.has_value());
    EXPECT_EQ(other_role.error().code, Errc::unauthenticated);

    // Nothing that the receiving gateway holds names the other recipients or the role.
    auto& here = world.agency("exampleshire");
    const auto message = here.ledger->inbox_message(here.ledger->inbox(0, 1).value().front().mid).value();
    for (const char* word : {"examplepolice", "examplenhs", "front-door", "child-protection"})
        EXPECT_EQ(message.routing.find(word), std::string::npos) << word;
}

TEST(Exchange, APassedOnEnvelopeIsNotBelieved) {
    World world;
    ASSERT_EQ(world.office("willow", "POST", "/v1/messages", referral({three[0]}), "key-1").status, 201);
    world.deliver();
    auto& here = world.agency("exampleshire");
    const auto message = here.ledger->inbox_message(here.ledger->inbox(0, 1).value().front().mid).value();
    auto routing = wire::read_signed_routing(parse_json(message.routing).value()).value().claimed;
    const RecipientId me{RoleId::parse("csc.front-door").value(), here.id};
    const auto& key = here.roles.at(me.role);

    const RecipientId somebody_else{RoleId::parse("early-help.hub").value(), here.id};
    EXPECT_FALSE(open_envelope(message.envelope, routing, somebody_else, key, world.directory(), world.now()).has_value());
    auto other_routing = routing;
    other_routing.created += std::chrono::seconds{1};
    EXPECT_FALSE(open_envelope(message.envelope, other_routing, me, key, world.directory(), world.now()).has_value());
    auto altered = message.envelope;
    altered.back() ^= 1U;
    EXPECT_FALSE(open_envelope(altered, routing, me, key, world.directory(), world.now()).has_value());
    EXPECT_TRUE(open_envelope(message.envelope, routing, me, key, world.directory(), world.now()).has_value());
}

TEST(Exchange, ARefusalIsRecordedAsCarefullyAndNothingLeaves) {
    World world;
    const auto answer = world.office("willow", "POST", "/v1/messages",
                                     World::submission("child-in-need-referral", {three[0]}, refused_consent_case()), "key-1");
    EXPECT_EQ(answer.status, 403) << answer.body;
    EXPECT_EQ(answer.content_type, "application/problem+json");
    const auto body = json_of(answer);
    EXPECT_EQ(body["type"].text(), "urn:casegate:problem:consent/refused");
    EXPECT_EQ(body["outcome"].text(), "DENY");
    EXPECT_FALSE(body["what_would_change_this"].text().empty());
    const auto rows = world.agency("willow").ledger->search({}).value();
    ASSERT_EQ(rows.size(), 1U);
    EXPECT_EQ(rows.front().outcome, "DENY");
    EXPECT_EQ(rows.front().id.str(), body["decision_id"].text());
    world.deliver();
    EXPECT_TRUE(world.last_sent().empty());
    EXPECT_TRUE(world.agency("exampleshire").ledger->inbox(0, 10).value().empty());
}

TEST(Exchange, TheSameKeyAndBodyGetTheSameAnswerAndOneRecord) {
    World world;
    const auto body = referral({three[0]});
    const auto first = world.office("willow", "POST", "/v1/messages", body, "key-1");
    const auto again = world.office("willow", "POST", "/v1/messages", body, "key-1");
    EXPECT_EQ(first.status, 201);
    EXPECT_EQ(again.status, 201);
    EXPECT_EQ(first.body, again.body);
    EXPECT_EQ(world.agency("willow").ledger->search({}).value().size(), 1U);
    world.deliver();
    EXPECT_EQ(world.agency("exampleshire").ledger->inbox(0, 10).value().size(), 1U);
}

TEST(Exchange, TheSameKeyWithAnotherBodyIsAConflict) {
    World world;
    ASSERT_EQ(world.office("willow", "POST", "/v1/messages", referral({three[0]}), "key-1").status, 201);
    EXPECT_EQ(world.office("willow", "POST", "/v1/messages", referral({three[1]}), "key-1").status, 409);
    EXPECT_EQ(world.agency("willow").ledger->search({}).value().size(), 1U);
}

TEST(Exchange, ACheckAnswersLikeASendAndRecordsNothing) {
    World world;
    const auto checked = world.office("willow", "POST", "/v1/checks", referral(three));
    ASSERT_EQ(checked.status, 200) << checked.body;
    EXPECT_TRUE(world.agency("willow").ledger->search({}).value().empty());
    const auto sent = json_of(world.office("willow", "POST", "/v1/messages", referral(three), "key-1"));
    const auto dry = json_of(checked);
    for (std::size_t i = 0; i < three.size(); ++i) {
        const auto& a = (*dry["recipients"].if_array())[i];
        const auto& b = (*sent["recipients"].if_array())[i];
        EXPECT_EQ(a["outcome"], b["outcome"]);
        EXPECT_EQ(a["released"], b["released"]);
        EXPECT_EQ(a["withheld"], b["withheld"]);
        EXPECT_TRUE(a["view"].is_object());
        EXPECT_EQ(b.find("view"), nullptr) << "an answer that is kept holds no case content";
    }
}

TEST(Exchange, AnAcknowledgementReachesTheSenderSigned) {
    World world;
    const auto sent = json_of(world.office("willow", "POST", "/v1/messages", referral({three[0]}), "key-1"));
    world.deliver();
    const auto mid = world.agency("exampleshire").ledger->inbox(0, 1).value().front().mid.str();
    const auto acked = world.office("exampleshire", "POST", "/v1/inbox/" + mid + "/ack", R"({"state":"acknowledged"})");
    ASSERT_EQ(acked.status, 200) << acked.body;
    const auto twice = world.office("exampleshire", "POST", "/v1/inbox/" + mid + "/ack", R"({"state":"acknowledged"})");
    EXPECT_EQ(acked.body, twice.body);
    world.deliver();
    const auto status = json_of(world.office("willow", "GET", "/v1/messages/" + std::string{sent["decision_id"].text()}));
    const auto& delivery = status["deliveries"].if_array()->front();
    EXPECT_EQ(delivery["state"].text(), "acknowledged");
    EXPECT_EQ(delivery["receipts"].size(), 2U);
}

TEST(Exchange, ARecipientWithoutAKeyInForceHoldsUpNobodyElse) {
    World world;
    world.use_directory(world.directory_with("examplenhs", [](certs::Descriptor& d) { d.roles.front().recipients.clear(); }));
    const auto answer = world.office("willow", "POST", "/v1/messages", referral(three), "key-1");
    ASSERT_EQ(answer.status, 201) << answer.body;
    const auto body = json_of(answer);
    const auto& recipients = *body["recipients"].if_array();
    EXPECT_EQ(recipients[0]["outcome"].text(), "PERMIT");
    EXPECT_EQ(recipients[2]["outcome"].text(), "DENY");
    EXPECT_EQ(recipients[2]["problems"].if_array()->front()["type"].text(), "recipient/key-missing");
    world.deliver();
    EXPECT_TRUE(world.agency("examplenhs").ledger->inbox(0, 10).value().empty());
    EXPECT_EQ(world.agency("exampleshire").ledger->inbox(0, 10).value().size(), 1U);
}

TEST(Exchange, AnExpiredDescriptorIsNamedAsTheReason) {
    World world;
    world.use_directory(world.directory_with("exampleshire", [&](certs::Descriptor& d) { d.expires = world.now() - std::chrono::seconds{1}; }));
    const auto answer = world.office("willow", "POST", "/v1/messages", referral({three[0]}), "key-1");
    EXPECT_EQ(answer.status, 403) << answer.body;
    EXPECT_EQ(json_of(answer)["type"].text(), "urn:casegate:problem:directory/descriptor-expired");
}

struct BadRequest {
    const char* name;
    const char* method;
    const char* path;
    std::string body;
    const char* key;
    int status;
    const char* type;
};

class OfficeRefuses : public ::testing::TestWithParam<BadRequest> {};

TEST_P(OfficeRefuses, WithOneClearProblemAndNothingRecorded) {
    World world;
    const auto& bad = GetParam();
    const auto answer = world.office("willow", bad.method, bad.path, bad.body, bad.key);
    EXPECT_EQ(answer.status, bad.status) << answer.body;
    EXPECT_EQ(answer.content_type, "application/problem+json");
    EXPECT_EQ(json_of(answer)["type"].text(), std::string{"urn:casegate:problem:"} + bad.type);
    EXPECT_TRUE(world.agency("willow").ledger->search({}).value().empty());
}

auto nested(std::size_t depth) -> std::string { return std::string(depth, '[') + std::string(depth, ']'); }

INSTANTIATE_TEST_SUITE_P(
    Bad, OfficeRefuses,
    ::testing::Values(
        BadRequest{"MalformedJson", "POST", "/v1/messages", "{\"schema\":", "k", 400, "request/malformed"},
        BadRequest{"DuplicateMember", "POST", "/v1/messages", R"({"schema":"submission/1","schema":"submission/1"})", "k", 400, "request/malformed"},
        BadRequest{"Depth10000", "POST", "/v1/messages", nested(10000), "k", 400, "request/malformed"},
        BadRequest{"WrongTypes", "POST", "/v1/messages", R"({"schema":"submission/1","purpose":7,"recipients":"x","actor":[],"case":1})", "k", 422, "request/invalid"},
        BadRequest{"NoIdempotencyKey", "POST", "/v1/messages", "{}", "", 400, "request/idempotency-key-missing"},
        BadRequest{"UnknownPath", "GET", "/v1/nothing", "", "", 404, "request/not-found"},
        BadRequest{"WrongMethod", "PUT", "/v1/messages", "{}", "k", 405, "request/method-not-allowed"},
        BadRequest{"UnknownMessage", "GET", "/v1/messages/dec-aaaaaaaaaaaaaaaaaaaaaaaaaa", "", "", 404, "request/not-found"},
        BadRequest{"BadMessageId", "GET", "/v1/messages/7", "", "", 404, "request/not-found"}),
    [](const auto& info) { return info.param.name; });

TEST(Office, ACallerWithoutTheRightIsRefused) {
    World world;
    auto& willow = world.agency("willow");
    willow.system_uri = "casegate://willow/system/reader";
    EXPECT_EQ(world.office("willow", "POST", "/v1/messages", referral({three[0]}), "k").status, 403);
    EXPECT_EQ(world.office("willow", "GET", "/v1/inbox").status, 200);
}

TEST(Office, UnknownPurposeAndUnknownRoleAreAnsweredAndRecorded) {
    World world;
    const auto purpose = world.office("willow", "POST", "/v1/messages",
                                      World::submission("no-such-purpose", {three[0]}, referral_case()), "k1");
    EXPECT_EQ(purpose.status, 403) << purpose.body;
    const auto role = world.office("willow", "POST", "/v1/messages", referral({"no.such-role@exampleshire"}), "k2");
    EXPECT_EQ(role.status, 403) << role.body;
    EXPECT_EQ(world.agency("willow").ledger->search({}).value().size(), 2U);
}

}  // namespace
}  // namespace cg::relay::testing
