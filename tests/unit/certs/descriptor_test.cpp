#include "certs/descriptor.hpp"

#include "tests/unit/certs/federation.hpp"

namespace cg::certs {
namespace {

using testing::all_words;
using testing::descriptor;
using testing::first_type;

const std::string canary = "CANARY Orla Fennimore";

void collect_pointers(const Json& value, const std::string& here, std::vector<std::string>& out) {
    if (!here.empty()) out.push_back(here);
    if (const auto* members = value.if_object())
        for (const auto& member : *members) collect_pointers(member.value, here + "/" + member.name, out);
    if (const auto* items = value.if_array())
        for (std::size_t i = 0; i < items->size(); ++i) collect_pointers((*items)[i], here + "/" + std::to_string(i), out);
}
auto edit(Json& root, const std::string& pointer) -> Json& { return const_cast<Json&>(*root.at_pointer(pointer)); }

TEST(Descriptor, ReadsBackWhatItWrites) {
    const auto json = to_json(descriptor());
    EXPECT_EQ(to_jcs(to_json(descriptor_from_json(json).value())), to_jcs(json));
}

TEST(Descriptor, IsStrictAtEveryPlace) {
    const auto good = to_json(descriptor());
    std::vector<std::string> pointers;
    collect_pointers(good, "", pointers);
    for (const auto& pointer : pointers) {
        const auto refused = [&](const Json& bad, const char* what) {
            const auto result = descriptor_from_json(bad);
            ASSERT_FALSE(result.has_value()) << what << " at " << pointer;
            EXPECT_FALSE(result.error().problems.empty());
            EXPECT_EQ(all_words(result.error()).find("CANARY"), std::string::npos) << what << " at " << pointer;
        };
        Json bad = good;
        edit(bad, pointer) = Json{nullptr};
        refused(bad, "null");
        const auto slash = pointer.rfind('/');
        if (bad.at_pointer(pointer.substr(0, slash))->is_object()) {
            bad = good;
            edit(bad, pointer.substr(0, slash)).erase(pointer.substr(slash + 1));
            refused(bad, "missing");
        }
        if (good.at_pointer(pointer)->is_object()) {
            bad = good;
            edit(bad, pointer).set(canary, 1);
            refused(bad, "unknown member");
        }
    }
    EXPECT_GT(pointers.size(), 40U);
}

TEST(Descriptor, RefusesWhatDoesNotFitTogether) {
    const auto own = descriptor();
    const auto other = AgencyId::trusted("northvale");
    const std::vector<std::function<void(Descriptor&)>> changes{
        [&](Descriptor& d) { d.tls = Identity::gateway_of(other); },
        [&](Descriptor& d) { d.tls = Identity{d.agency, IdentityKind::system, "x"}; },
        [&](Descriptor& d) { d.signing = {testing::signing_certificate(other)}; },
        [&](Descriptor& d) { d.signing.front().sha256[0] ^= 1; },
        [&](Descriptor& d) { d.signing.clear(); },
        [&](Descriptor& d) { d.signing.push_back(d.signing.front()); },
        [&](Descriptor& d) { d.roles.front().holders = {Identity{other, IdentityKind::person, "p"}}; },
        [&](Descriptor& d) { d.roles.front().holders = {Identity::gateway_of(d.agency)}; },
        [&](Descriptor& d) { d.roles.front().recipients.front().kid = "0000000000000000"; },
        [&](Descriptor& d) { d.roles.front().recipients.front().expires = d.roles.front().recipients.front().not_before; },
        [&](Descriptor& d) { d.roles.front().recipients.push_back(d.roles.front().recipients.front()); },
        [&](Descriptor& d) {
            auto& key = d.roles.front().recipients.front();
            key.recipient = crypto::AgeIdentity::generate(crypto::AgeKind::x25519).recipient().str();  // classical alone
            key.kid = recipient_kid(key.recipient);
        },
        [&](Descriptor& d) { d.roles.push_back(d.roles.front()); },
        [&](Descriptor& d) { d.expires = d.issued; },
        [&](Descriptor& d) { d.seq = 0; },
        [&](Descriptor& d) { d.peer.port = 0; },
        [&](Descriptor& d) { d.peer.host = "Host Name"; },
        [&](Descriptor& d) { d.duty.phone = "ask Orla"; },
        [&](Descriptor& d) { d.name = "Mill\x1b[2Jbrook"; },
        [&](Descriptor& d) { d.areas = {""}; },
        [&](Descriptor& d) { d.log = "x+00000000+AAAA"; },
        [&](Descriptor& d) { d.log += " "; },
    };
    EXPECT_TRUE(descriptor_from_json(to_json(own)).has_value());
    for (std::size_t i = 0; i < changes.size(); ++i) {
        auto changed = own;
        changes[i](changed);
        EXPECT_FALSE(descriptor_from_json(to_json(changed)).has_value()) << "change " << i;
    }
}

TEST(Descriptor, TheKeyIdIsTheHashOfTheRecipientsText) {
    EXPECT_EQ(recipient_kid("age1pq1abc"), to_hex(crypto::sha256("age1pq1abc")).substr(0, 16));
}

TEST(DescriptorSignatures, BothAreNeeded) {
    const auto own = testing::signed_by_agency(descriptor());
    const auto& key = testing::registrar().verify_key();
    EXPECT_TRUE(open_unregistered(own).has_value());
    EXPECT_EQ(first_type(open_descriptor(own, key).error()), "directory/registrar-signature");
    const auto both = register_descriptor(own, testing::registrar()).value();
    EXPECT_EQ(open_descriptor(both, key).value().agency.str(), "millbrook");
    // The registrar's alone.
    Json alone = both;
    alone.find("signatures")->if_array()->erase(alone.find("signatures")->if_array()->begin());
    EXPECT_EQ(first_type(open_descriptor(alone, key).error()), "directory/agency-signature");
}

TEST(DescriptorSignatures, AnotherRegistrarIsNotBelieved) {
    const auto other = crypto::SigningKey::generate(crypto::SignatureAlg::ed25519);
    const auto result = open_descriptor(testing::registered(descriptor()), other.verify_key());
    EXPECT_EQ(first_type(result.error()), "directory/registrar-signature");
    EXPECT_EQ(result.error().code, Errc::unauthenticated);
}

TEST(DescriptorSignatures, AlteredContentIsNoticed) {
    auto changed = descriptor();
    Json jws = testing::registered(changed);
    changed.peer.host = "elsewhere.example";
    jws.set("payload", to_base64(view_bytes(to_jcs(to_json(changed))), Base64::url));
    EXPECT_EQ(first_type(open_descriptor(jws, testing::registrar().verify_key()).error()), "directory/agency-signature");
}

TEST(DescriptorSignatures, TheRegistrarCannotSpeakForAnAgency) {
    // Signed twice by the registrar, with the agency's certificate named.
    const auto d = descriptor();
    Json jws = crypto::general_jws(view_bytes(to_jcs(to_json(d))));
    crypto::add_signature(jws, testing::registrar(), {std::string{descriptor_typ}, d.signing.front().sha256, ""});
    crypto::add_signature(jws, testing::registrar(), {std::string{descriptor_typ}, {}, std::string{registrar_kid}});
    EXPECT_EQ(first_type(open_descriptor(jws, testing::registrar().verify_key()).error()), "directory/agency-signature");
}

TEST(DescriptorSignatures, AThirdSignatureIsRefused) {
    Json jws = testing::registered(descriptor());
    crypto::add_signature(jws, testing::registrar(), {std::string{descriptor_typ}, {}, std::string{registrar_kid}});
    EXPECT_FALSE(open_descriptor(jws, testing::registrar().verify_key()).has_value());
    jws = testing::registered(descriptor());
    crypto::add_signature(jws, testing::registrar(), {std::string{descriptor_typ}, {}, "someone"});
    EXPECT_FALSE(open_descriptor(jws, testing::registrar().verify_key()).has_value());
}

TEST(DescriptorSignatures, ASignatureOfAnotherTypeIsRefused) {
    const auto d = descriptor();
    Json jws = crypto::general_jws(view_bytes(to_jcs(to_json(d))));
    crypto::add_signature(jws, testing::signing_key(), {"casegate-view+jws", d.signing.front().sha256, ""});
    EXPECT_FALSE(open_unregistered(jws).has_value());
}

TEST(DescriptorSignatures, ThePayloadIsWrittenInOneWay) {
    const auto d = descriptor();
    Json jws = crypto::general_jws(view_bytes(to_pretty_json(to_json(d))));
    crypto::add_signature(jws, testing::signing_key(), {std::string{descriptor_typ}, d.signing.front().sha256, ""});
    EXPECT_EQ(first_type(open_unregistered(jws).error()), "format/not-canonical");
}

TEST(DescriptorSignatures, RegisteringTwiceGivesOneSignature) {
    const auto once = testing::registered(descriptor());
    const auto other = crypto::SigningKey::generate(crypto::SignatureAlg::ed25519);
    const auto twice = register_descriptor(once, other).value();
    EXPECT_TRUE(open_descriptor(twice, other.verify_key()).has_value());
    EXPECT_FALSE(open_descriptor(twice, testing::registrar().verify_key()).has_value());
}

TEST(DescriptorSignatures, AnAgencySignsWithACertificateOfItsOwn) {
    const auto d = descriptor();
    const auto other = crypto::SigningKey::generate(crypto::SignatureAlg::ed25519);
    EXPECT_FALSE(sign_descriptor(d, other, d.signing.front().sha256).has_value());
    EXPECT_FALSE(sign_descriptor(d, testing::signing_key(), crypto::sha256("another")).has_value());
    auto bad = d;
    bad.seq = 0;
    EXPECT_FALSE(sign_descriptor(bad, testing::signing_key(), d.signing.front().sha256).has_value());
}

}  // namespace
}  // namespace cg::certs
