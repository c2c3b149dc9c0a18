#include "certs/pki.hpp"

#include "tests/unit/certs/federation.hpp"

namespace cg::certs {
namespace {

using testing::passphrase;

const Identity who = Identity::gateway_of(AgencyId::trusted("millbrook"));
const HostNames hosts{{"localhost", "gateway.millbrook.example"}, {"127.0.0.1", "::1"}};

auto wrong_passphrase() -> const crypto::SecretBytes& {
    static const auto secret = crypto::SecretBytes::copy_of(std::string_view{"eight brass kettles"});
    return secret;
}

TEST(Pki, KeyFilesAreEncryptedAndOpenWithTheirPassphraseOnly) {
    for (const auto alg : {crypto::SignatureAlg::es256, crypto::SignatureAlg::ed25519}) {
        const auto pem = make_key_file(alg, passphrase());
        EXPECT_NE(pem.find("-----BEGIN ENCRYPTED PRIVATE KEY-----"), std::string::npos);
        EXPECT_TRUE(make_request(who, hosts, {pem, passphrase()}).has_value());
        EXPECT_EQ(make_request(who, hosts, {pem, wrong_passphrase()}).error().code, Errc::unauthenticated);
    }
    EXPECT_EQ(make_request(who, hosts, {"not a key", passphrase()}).error().code, Errc::malformed);
}

TEST(Pki, ARequestSaysWhatWasAskedFor) {
    const auto pem = make_request(who, hosts, {testing::tls_key(), passphrase()}).value();
    const auto facts = read_request(pem).value();
    EXPECT_EQ(facts.identity, who);
    EXPECT_EQ(facts.hosts.dns, hosts.dns);
    EXPECT_EQ(facts.hosts.ip, hosts.ip);
    EXPECT_EQ(facts.key.alg(), crypto::SignatureAlg::es256);
    EXPECT_EQ(read_request("").error().code, Errc::malformed);
    EXPECT_EQ(read_request(testing::authority().certificate).error().code, Errc::malformed);
}

TEST(Pki, AnAlteredRequestIsNoticed) {
    const auto pem = make_request(who, hosts, {testing::tls_key(), passphrase()}).value();
    const std::string begin = "-----BEGIN CERTIFICATE REQUEST-----\n";
    std::string base64;
    for (const char c : pem.substr(begin.size(), pem.find("-----END") - begin.size()))
        if (c != '\n') base64 += c;
    auto der = from_base64(base64, Base64::standard).value();
    der.back() ^= 1;
    const auto again = begin + to_base64(der, Base64::standard) + "\n-----END CERTIFICATE REQUEST-----\n";
    EXPECT_FALSE(read_request(again).has_value());
}

TEST(Pki, HostNamesThatACertificateCannotHoldAreRefused) {
    for (const HostNames& bad : {HostNames{{"a,URI:casegate://b/gateway"}, {}}, HostNames{{""}, {}}, HostNames{{"a..b"}, {}}, HostNames{{"A"}, {}},
                                 HostNames{{"*"}, {}}, HostNames{{std::string(254, 'a')}, {}}, HostNames{{}, {"300.1.1.1"}}, HostNames{{}, {"x"}},
                                 HostNames{std::vector<std::string>(17, "a"), {}}})
        EXPECT_EQ(make_request(who, bad, {testing::tls_key(), passphrase()}).error().code, Errc::malformed);
}

TEST(Pki, TheAuthorityAnswersOnlyForWhomItWasTold) {
    const auto& authority = testing::authority();
    const auto request = make_request(who, hosts, {testing::tls_key(), passphrase()}).value();
    const auto issue = [&](const Identity& expected, std::string_view key) {
        return issue_certificate(request, expected, Issue::tls, testing::this_year, authority.certificate, {key, passphrase()});
    };
    EXPECT_TRUE(issue(who, authority.key).has_value());
    EXPECT_EQ(issue(Identity::gateway_of(AgencyId::trusted("northvale")), authority.key).error().code, Errc::denied);
    EXPECT_EQ(issue(Identity{who.agency, IdentityKind::system, "mis"}, authority.key).error().code, Errc::denied);
    EXPECT_EQ(issue(who, testing::tls_key()).error().code, Errc::malformed);  // not the authority's key
}

TEST(Pki, NobodyElseCanIssue) {
    // An end certificate used as if it were an authority: what it "issues" has no chain.
    const auto& authority = testing::authority();
    const auto rogue = authority.issue(who, Issue::tls, testing::tls_key());
    const Identity victim = Identity::gateway_of(AgencyId::trusted("northvale"));
    const auto request = make_request(victim, hosts, {testing::tls_key(), passphrase()}).value();
    const auto forged = issue_certificate(request, victim, Issue::tls, testing::this_year, rogue, {testing::tls_key(), passphrase()}).value();
    const auto anchors = TrustAnchors::from_pem(authority.certificate).value();
    EXPECT_EQ(certificate_problem(read_certificate(forged).value(), {{}, {}, {}, &anchors}, testing::now), CertificateProblem::unknown_ca);
}

TEST(Pki, AnAuthorityHasAName) {
    EXPECT_FALSE(make_authority("", {testing::authority().key, passphrase()}, testing::this_year).has_value());
    EXPECT_FALSE(make_authority(std::string(65, 'a'), {testing::authority().key, passphrase()}, testing::this_year).has_value());
}

TEST(Pki, PublicKeysRoundTrip) {
    const auto pem = public_key_pem(testing::registrar().verify_key());
    EXPECT_EQ(read_public_key(pem).value().spki(), testing::registrar().verify_key().spki());
    EXPECT_FALSE(read_public_key("").has_value());
    EXPECT_FALSE(read_public_key(testing::authority().certificate).has_value());
}

}  // namespace
}  // namespace cg::certs
