// Routing, receipts, views and transmissions: strict, and written in exactly one way.

#include "crypto/keys.hpp"
#include "tests/unit/wire/samples.hpp"

namespace cg::wire {
namespace {

using testing::all_words;
using testing::canary;
using testing::expect_strict;

auto problem_types_of(const Error& error) -> std::vector<std::string> {
    std::vector<std::string> out;
    for (const auto& problem : error.problems) out.push_back(problem.type + " " + problem.pointer);
    return out;
}

TEST(Routing, ReadsBackWhatItWrites) {
    const auto routing = testing::routing();
    EXPECT_EQ(routing_from_json(to_json(routing)).value(), routing);
    const auto text = to_jcs(to_json(routing));
    EXPECT_EQ(to_jcs(to_json(parse_routing(view_bytes(text)).value())), text);
}

TEST(Routing, IsStrictAboutEveryMember) {
    expect_strict(to_json(testing::routing()), [](const Json& json) { return routing_from_json(json); });
}

TEST(Routing, TellsAllProblemsAtOnce) {
    Json json = to_json(testing::routing());
    json.erase("mid");
    json.set("from", "Not An Agency");
    json.set("created", 5);
    json.set("extra", 1);
    const auto result = routing_from_json(json);
    EXPECT_EQ(problem_types_of(result.error()),
              (std::vector<std::string>{"format/missing /mid", "format/value /from", "format/kind /created", "format/unknown-member "}));
}

TEST(Routing, RefusesOtherSpellingsOfTheSameThing) {
    const auto text = to_jcs(to_json(testing::routing()));
    const auto refuses = [](std::string changed) { return !parse_routing(view_bytes(changed)).has_value(); };
    EXPECT_TRUE(refuses(" " + text));
    EXPECT_TRUE(refuses(text + "\n"));
    auto spelled = text;
    spelled.replace(spelled.find("08:00:00Z"), 9, "09:00:00+01:00");
    EXPECT_TRUE(refuses(spelled));
    spelled = text;
    spelled.replace(spelled.find("\"v\":1"), 5, "\"v\":1.0");
    EXPECT_TRUE(refuses(spelled));
    EXPECT_FALSE(refuses(text));
}

TEST(Routing, RefusesAnExpiryThatIsNotAfterTheCreation) {
    auto routing = testing::routing();
    routing.expires = routing.created;
    EXPECT_FALSE(routing_from_json(to_json(routing)).has_value());
}

TEST(Routing, RefusesABlobNamedTwiceAndTooManyBlobs) {
    auto routing = testing::routing();
    routing.blobs.push_back(routing.blobs.front());
    EXPECT_FALSE(routing_from_json(to_json(routing)).has_value());
    routing.blobs.clear();
    for (std::size_t i = 0; i <= max_blobs; ++i) routing.blobs.push_back({crypto::sha256(std::to_string(i)), 1});
    EXPECT_FALSE(routing_from_json(to_json(routing)).has_value());
    routing.blobs.pop_back();
    EXPECT_TRUE(routing_from_json(to_json(routing)).has_value());
}

TEST(Routing, HashLeavesOutTheEnvelopeAndNothingElse) {
    const auto hash = routing_sha256(testing::routing());
    auto changed = testing::routing();
    changed.envelope_sha256 = {};
    EXPECT_EQ(routing_sha256(changed), hash);
    changed.to = AgencyId::trusted("elsewhere");
    EXPECT_NE(routing_sha256(changed), hash);
    changed = testing::routing();
    changed.blobs.pop_back();
    EXPECT_NE(routing_sha256(changed), hash);
}

class Signed : public ::testing::Test {
protected:
    crypto::SigningKey key_ = crypto::SigningKey::generate(crypto::SignatureAlg::ed25519);
    crypto::SigningKey other_ = crypto::SigningKey::generate(crypto::SignatureAlg::ed25519);
    crypto::Digest certificate_ = crypto::sha256("certificate");
};

TEST_F(Signed, RoutingVerifiesWithItsKeyAlone) {
    const auto read = read_signed_routing(sign_routing(testing::routing(), key_, certificate_)).value();
    EXPECT_EQ(read.certificate_sha256, certificate_);
    EXPECT_EQ(read.verified_by(key_.verify_key()).value(), testing::routing());
    EXPECT_EQ(read.verified_by(other_.verify_key()).error().code, Errc::unauthenticated);
}

TEST_F(Signed, AnAlteredRoutingDoesNotVerify) {
    Json jws = sign_routing(testing::routing(), key_, certificate_);
    auto altered = testing::routing();
    altered.to = AgencyId::trusted("elsewhere");
    jws.set("payload", to_base64(view_bytes(to_jcs(to_json(altered))), Base64::url));
    const auto read = read_signed_routing(jws).value();
    EXPECT_FALSE(read.verified_by(key_.verify_key()).has_value());
}

TEST_F(Signed, OneKindOfSignatureIsNotTakenForAnother) {
    const auto routing = sign_routing(testing::routing(), key_, certificate_);
    const auto receipt = sign_receipt(testing::receipt(), key_, certificate_);
    EXPECT_FALSE(read_signed_receipt(routing).has_value());
    EXPECT_FALSE(read_signed_routing(receipt).has_value());
    EXPECT_FALSE(read_signed_view(receipt).has_value());
    const auto text = to_jcs(to_json(testing::routing()));
    for (const auto& typ : {receipt_typ, view_typ, std::string_view{"JWT"}, std::string_view{""}})
        EXPECT_FALSE(read_signed_routing(crypto::sign_jws(key_, {std::string{typ}, certificate_, ""}, view_bytes(text))).has_value());
}

TEST_F(Signed, TheHeaderNamesACertificateAndNothingElse) {
    const auto text = to_jcs(to_json(testing::routing()));
    const std::string typ{routing_typ};
    EXPECT_FALSE(read_signed_routing(crypto::sign_jws(key_, {typ, {}, ""}, view_bytes(text))).has_value());
    EXPECT_FALSE(read_signed_routing(crypto::sign_jws(key_, {typ, certificate_, "kid"}, view_bytes(text))).has_value());
}

TEST_F(Signed, TheGeneralFormIsRefused) {
    Json jws = crypto::general_jws(view_bytes(to_jcs(to_json(testing::routing()))));
    crypto::add_signature(jws, key_, {std::string{routing_typ}, certificate_, ""});
    EXPECT_FALSE(read_signed_routing(jws).has_value());
    crypto::add_signature(jws, other_, {std::string{routing_typ}, certificate_, ""});
    EXPECT_FALSE(read_signed_routing(jws).has_value());
}

TEST_F(Signed, ViewAndReceiptRoundTrip) {
    const auto receipt = read_signed_receipt(sign_receipt(testing::receipt(), key_, certificate_)).value();
    EXPECT_EQ(receipt.verified_by(key_.verify_key()).value(), testing::receipt());
    const auto view = read_signed_view(sign_view(testing::view_payload(), key_, certificate_)).value();
    EXPECT_EQ(to_json(view.verified_by(key_.verify_key()).value()), to_json(testing::view_payload()));
    EXPECT_FALSE(view.verified_by(other_.verify_key()).has_value());
}

TEST(Receipt, IsStrictAboutEveryMember) {
    expect_strict(to_json(testing::receipt()), [](const Json& json) { return receipt_from_json(json); });
}

TEST(Receipt, KnowsItsFourStates) {
    for (const auto* state : {"received", "opened", "acknowledged", "rejected"}) {
        Json json = to_json(testing::receipt());
        json.set("state", state);
        EXPECT_EQ(to_jcs(to_json(receipt_from_json(json).value())), to_jcs(json));
    }
    EXPECT_FALSE(parse_receipt_state("queued").has_value());
}

TEST(ViewPayload, IsStrictAboutEverythingButTheView) {
    expect_strict(to_json(testing::view_payload()), [](const Json& json) { return view_payload_from_json(json); }, "/view");
}

TEST(ViewPayload, RefusesAKeyIdThatIsNone) {
    for (const auto* rkid : {"0123456789ABCDEF", "0123456789abcde", "0123456789abcdeg"}) {
        Json json = to_json(testing::view_payload());
        json.set("rkid", rkid);
        EXPECT_FALSE(view_payload_from_json(json).has_value());
    }
}

auto parse_transmission_json(const Json& json) { return parse_transmission(view_bytes(to_jcs(json))); }

TEST(Transmission, ReadsBackWhatItWrites) {
    const auto text = to_text(testing::transmission());
    const auto read = parse_transmission(view_bytes(text)).value();
    EXPECT_EQ(read.envelope, testing::transmission().envelope);
    EXPECT_EQ(to_text(read), text);
}

TEST(Transmission, IsStrictAboutItsOwnMembers) {
    Json good = parse_json(to_text(testing::transmission())).value();
    good.set("routing", Json::object());  // read by read_signed_routing, not here
    good.find("opening")->set("fields", Json::object());
    for (const auto* name : {"routing", "envelope", "proof", "opening"}) {
        Json bad = good;
        bad.erase(name);
        EXPECT_EQ(problem_types_of(parse_transmission_json(bad).error()).front(), "format/missing /" + std::string{name});
        bad.set(name, 5);
        EXPECT_EQ(problem_types_of(parse_transmission_json(bad).error()).front(), "format/kind /" + std::string{name});
    }
    for (const auto* name : {"fields", "s", "salt"}) {
        Json bad = good;
        bad.find("opening")->erase(name);
        EXPECT_FALSE(parse_transmission_json(bad).has_value());
    }
    good.set(canary, 1);
    const auto result = parse_transmission_json(good);
    EXPECT_EQ(all_words(result.error()).find("CANARY"), std::string::npos);
}

TEST(Transmission, RefusesEnvelopesThatAreNotPaddedBase64OrTooLarge) {
    Json json = parse_json(to_text(testing::transmission())).value();
    for (const auto* text : {"YQ", "YQ==\n", "YR==", "Y Q=", "_-==", ""}) {
        json.set("envelope", text);
        EXPECT_FALSE(parse_transmission_json(json).has_value()) << text;
    }
    json.set("envelope", to_base64(Bytes(4096, 1), Base64::standard));
    EXPECT_TRUE(parse_transmission(view_bytes(to_jcs(json)), {.max_envelope_bytes = 4096}).has_value());
    EXPECT_FALSE(parse_transmission(view_bytes(to_jcs(json)), {.max_envelope_bytes = 4095}).has_value());
    EXPECT_EQ(parse_transmission(view_bytes(to_jcs(json)), {.max_body_bytes = 100}).error().code, Errc::too_large);
}

TEST(Transmission, RefusesDuplicateMembersAndDeepNesting) {
    const auto text = to_text(testing::transmission());
    const auto twice = "{\"proof\":\"x\"," + text.substr(1);
    EXPECT_FALSE(parse_transmission(view_bytes(twice)).has_value());
    const auto deep = std::string(10000, '[') + std::string(10000, ']');
    EXPECT_FALSE(parse_transmission(view_bytes(deep)).has_value());
}

}  // namespace
}  // namespace cg::wire
