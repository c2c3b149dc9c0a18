// What another gateway may not do: each alteration of a good transmission is refused, by name, and nothing is stored.

#include "tests/unit/relay/cases.hpp"
#include "tests/unit/relay/world.hpp"

#include "gateway/wire/receipt.hpp"
#include "gateway/wire/transmission.hpp"

#include <gtest/gtest.h>

namespace cg::relay::testing {
namespace {

auto type_of(const wire::Response& response) -> std::string {
    const auto parsed = parse_json(response.body);
    return parsed.has_value() ? std::string{parsed.value()["type"].text()} : response.body;
}

/// One transmission that willow made for exampleshire, and that has not arrived yet.
class Inbound : public ::testing::Test {
protected:
    void SetUp() override {
        const auto sent = world.office("willow", "POST", "/v1/messages",
                                       World::submission("child-protection-referral", {"csc.front-door@exampleshire"}, referral_case()), "k");
        ASSERT_EQ(sent.status, 201) << sent.body;
        auto& ledger = *world.agency("willow").ledger;
        item = ledger.due(world.now(), 1).value().at(0);
        const auto made = ledger.transmission(item).value();
        good.routing = parse_json(made.routing).value();
        good.envelope = made.envelope;
        good.proof = made.proof;
        good.opening = made.opening;
    }

    auto arrive(const wire::Transmission& transmission, std::string_view from = "willow", std::string_view at = "exampleshire") {
        return world.peer(at, from, "/v1/envelopes", to_text(transmission));
    }
    auto stored() -> std::size_t { return world.agency("exampleshire").ledger->inbox(0, 10).value().size(); }

    void expect_refused(const wire::Transmission& transmission, const char* type) {
        const auto answer = arrive(transmission);
        EXPECT_GE(answer.status, 400);
        EXPECT_LT(answer.status, 500);
        EXPECT_EQ(type_of(answer), std::string{"urn:casegate:problem:"} + type) << answer.body;
        EXPECT_EQ(stored(), 0U);
    }

    /// The same transmission under a routing that willow signs anew after `change`.
    auto with_routing(const std::function<void(wire::Routing&)>& change) -> wire::Transmission {
        auto routing = wire::read_signed_routing(good.routing).value().claimed;
        change(routing);
        auto out = good;
        const auto& signer = world.agency("willow").signer;
        out.routing = wire::sign_routing(routing, signer.key, signer.certificate_sha256);
        return out;
    }

    World world;
    ledger::OutboxItem item;
    wire::Transmission good;
};

TEST_F(Inbound, AGoodTransmissionIsStoredAndReceipted) {
    const auto answer = arrive(good);
    EXPECT_EQ(answer.status, 201) << answer.body;
    EXPECT_EQ(stored(), 1U);
}

TEST_F(Inbound, AReplayGetsTheFirstReceiptAgain) {
    const auto first = arrive(good);
    world.advance(std::chrono::minutes{3});
    const auto again = arrive(good);
    EXPECT_EQ(again.status, 200);
    EXPECT_EQ(first.body, again.body);
    EXPECT_EQ(stored(), 1U);
}

TEST_F(Inbound, AnAlteredEnvelopeIsRefused) {
    auto bad = good;
    bad.envelope.at(bad.envelope.size() / 2) ^= 1U;
    expect_refused(bad, "security/digest-mismatch");
}

TEST_F(Inbound, AnAlteredProofIsRefused) {
    auto bad = good;
    bad.opening.set("salt", std::string(64, '0'));
    expect_refused(bad, "security/proof-invalid");
    bad = good;
    bad.opening.find("fields")->set("kid", "0000000000000000");
    expect_refused(bad, "security/proof-invalid");
    bad = good;
    const auto line = bad.proof.find("\n\n") + 2;  // the checkpoint's origin
    bad.proof[line] = bad.proof[line] == 'x' ? 'y' : 'x';
    expect_refused(bad, "security/proof-invalid");
}

TEST_F(Inbound, UnsignedRoutingIsRefused) {
    auto bad = good;
    auto signature = std::string{bad.routing["signature"].text()};
    signature.at(10) = signature.at(10) == 'A' ? 'B' : 'A';
    bad.routing.set("signature", signature);
    expect_refused(bad, "security/signature-invalid");
    bad = good;
    bad.routing.erase("signature");
    const auto answer = arrive(bad);
    EXPECT_GE(answer.status, 400);
    EXPECT_EQ(stored(), 0U);
}

TEST_F(Inbound, AnEnvelopeForAnotherAgencyIsRefused) {
    const auto answer = arrive(good, "willow", "examplepolice");
    EXPECT_EQ(answer.status, 421);
    EXPECT_EQ(type_of(answer), "urn:casegate:problem:security/wrong-recipient");
    EXPECT_TRUE(world.agency("examplepolice").ledger->inbox(0, 10).value().empty());
}

TEST_F(Inbound, AnotherGatewayCannotSendInTheSendersName) {
    const auto answer = arrive(good, "examplenhs");
    EXPECT_EQ(answer.status, 403);
    EXPECT_EQ(type_of(answer), "urn:casegate:problem:security/wrong-sender");
    EXPECT_EQ(stored(), 0U);
}

TEST_F(Inbound, AnExpiredOrFutureMessageIsRefused) {
    auto late = with_routing([&](wire::Routing& r) { r.expires = world.now(); r.created = world.now() - std::chrono::hours{1}; });
    expect_refused(late, "security/expired");
    auto early = with_routing([&](wire::Routing& r) { r.created = world.now() + std::chrono::hours{1}; });
    expect_refused(early, "security/clock-skew");
}

TEST_F(Inbound, TheSameIdWithAnotherEnvelopeNeedsItsOwnProof) {
    ASSERT_EQ(arrive(good).status, 201);
    auto bad = with_routing([](wire::Routing& r) { r.envelope_sha256 = crypto::sha256("another"); });
    bad.envelope = to_bytes("another");
    const auto answer = arrive(bad);
    EXPECT_GE(answer.status, 400);
    EXPECT_EQ(stored(), 1U);
}

TEST_F(Inbound, ASenderWhoseDescriptorExpiredIsRefused) {
    world.use_directory(world.directory_with("willow", [&](certs::Descriptor& d) { d.expires = world.now() - std::chrono::seconds{1}; }));
    expect_refused(good, "directory/descriptor-expired");
}

TEST_F(Inbound, AnOfficeCertificateIsNoGateway) {
    world.agency("willow").gateway_uri = "casegate://willow/system/cases";
    expect_refused(good, "security/not-a-gateway");
}

TEST_F(Inbound, AReceiptCountsOnlyFromWhomItWentTo) {
    const auto receipt = arrive(good).body;
    // Somebody else's gateway, with its own signature, claims to have got it.
    const auto parsed = wire::read_signed_receipt(parse_json(receipt).value()).value().claimed;
    const auto& stranger = world.agency("examplenhs").signer;
    const auto forged = to_jcs(wire::sign_receipt(parsed, stranger.key, stranger.certificate_sha256));
    EXPECT_EQ(world.peer("willow", "examplenhs", "/v1/receipts", forged).status, 404);
    EXPECT_GE(world.peer("willow", "exampleshire", "/v1/receipts", forged).status, 400);
    EXPECT_EQ(world.peer("willow", "exampleshire", "/v1/receipts", receipt).status, 200);
}

TEST_F(Inbound, GarbageIsRefusedWithAProblem) {
    for (const char* body : {"", "{", "[]", "{}", R"({"routing":{},"envelope":"","proof":"","opening":{}})"}) {
        const auto answer = world.peer("exampleshire", "willow", "/v1/envelopes", body);
        EXPECT_GE(answer.status, 400) << body;
        EXPECT_LT(answer.status, 500) << body;
        EXPECT_EQ(answer.content_type, "application/problem+json") << body;
    }
}

}  // namespace
}  // namespace cg::relay::testing
