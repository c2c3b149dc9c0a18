#include "certs/identity.hpp"

#include "tests/unit/certs/federation.hpp"

#include <openssl/x509_vfy.h>

namespace cg::certs {
namespace {

TEST(Identity, PrintsWhatItReads) {
    for (const auto* uri : {"casegate://willow-7/gateway", "casegate://a/system/mis", "casegate://a/person/p.12-x"})
        EXPECT_EQ(Identity::parse(uri).value().str(), uri);
    EXPECT_EQ(Identity::parse("casegate://a/person/p1").value(), (Identity{testing::agency("a"), IdentityKind::person, "p1"}));
}

TEST(Identity, RefusesEverythingElse) {
    for (const auto* uri :
         {"", "casegate://", "casegate://a", "casegate://a/", "casegate:///gateway", "casegate://a/gateway/", "casegate://a/gateway/x",
          "casegate://a/system", "casegate://a/system/", "casegate://a/system/x/y", "casegate://a/person/x y", "casegate://A/gateway",
          "CASEGATE://a/gateway", "casegate://a/robot/x", "https://a/gateway", "casegate://a:80/gateway", "casegate://u@a/gateway",
          "casegate://a/gateway?x", "casegate://a/gateway#x", "casegate://a/person/..", "casegate://a/person/%61", " casegate://a/gateway"})
        EXPECT_FALSE(Identity::parse(uri).has_value()) << uri;
}

TEST(Identity, AnErrorDoesNotRepeatTheText) {
    const auto result = Identity::parse("casegate://CANARY/gateway");
    EXPECT_EQ(testing::all_words(result.error()).find("CANARY"), std::string::npos);
}

TEST(CertificateProblem, EveryReasonHasItsOwnName) {
    std::set<std::string_view> names;
    for (int i = 0; i <= static_cast<int>(CertificateProblem::missing); ++i)
        EXPECT_TRUE(names.insert(to_string(static_cast<CertificateProblem>(i))).second) << i;
    EXPECT_EQ(testing::first_type(to_error(CertificateProblem::unknown_ca)), "certificate/unknown-ca");
}

TEST(CertificateProblem, NamesWhatOpenSslFound) {
    EXPECT_EQ(problem_of_verify_error(X509_V_ERR_CERT_HAS_EXPIRED), CertificateProblem::expired);
    EXPECT_EQ(problem_of_verify_error(X509_V_ERR_CERT_NOT_YET_VALID), CertificateProblem::not_yet_valid);
    EXPECT_EQ(problem_of_verify_error(X509_V_ERR_INVALID_PURPOSE), CertificateProblem::wrong_usage);
    EXPECT_EQ(problem_of_verify_error(X509_V_ERR_EE_KEY_TOO_SMALL), CertificateProblem::unsupported_key);
    EXPECT_EQ(problem_of_verify_error(X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT), CertificateProblem::unknown_ca);
}

class Certificates : public ::testing::Test {
protected:
    Identity who_ = Identity::gateway_of(testing::agency("millbrook"));
    std::string pem_ = testing::authority().issue(who_, Issue::tls, testing::tls_key());
    Certificate certificate_ = read_certificate(pem_).value();
    TrustAnchors anchors_ = TrustAnchors::from_pem(testing::authority().certificate).value();

    auto problem(const CertificateRules& rules, Instant when = testing::now) const { return certificate_problem(certificate_, rules, when); }
};

TEST_F(Certificates, ReadAsPemAndAsDerAreTheSame) {
    EXPECT_EQ(certificate_.identity, who_);
    EXPECT_EQ(certificate_.not_before, testing::this_year.not_before);
    EXPECT_EQ(certificate_.not_after, testing::this_year.not_after);
    EXPECT_EQ(certificate_.sha256, crypto::sha256(certificate_.der));
    EXPECT_EQ(certificate_.key.alg(), crypto::SignatureAlg::es256);
    EXPECT_EQ(read_certificate(certificate_.der).value().sha256, certificate_.sha256);
    EXPECT_EQ(certificate_pem(certificate_), pem_);
}

TEST_F(Certificates, WhatIsNoCertificateIsUnreadable) {
    auto longer = certificate_.der;
    longer.push_back(0);
    auto cut = certificate_.der;
    cut.pop_back();
    for (const auto& bytes : {Bytes{}, to_bytes("CANARY"), longer, cut, to_bytes(pem_ + pem_), to_bytes(pem_.substr(0, pem_.size() / 2))}) {
        const auto result = read_certificate(bytes);
        ASSERT_FALSE(result.has_value());
        EXPECT_EQ(result.error().code, Errc::unauthenticated);
        EXPECT_EQ(testing::first_type(result.error()), "certificate/unreadable");
        EXPECT_EQ(testing::all_words(result.error()).find("CANARY"), std::string::npos);
    }
}

TEST_F(Certificates, AnAuthorityHasNoIdentity) {
    EXPECT_EQ(testing::first_type(read_certificate(testing::authority().certificate).error()), "certificate/no-identity");
}

TEST_F(Certificates, AGoodOneHasNoProblem) {
    EXPECT_EQ(problem({who_.agency, IdentityKind::gateway, CertificateUsage::tls_server, &anchors_}), std::nullopt);
    EXPECT_EQ(problem({who_.agency, IdentityKind::gateway, CertificateUsage::tls_client, &anchors_}), std::nullopt);
}

TEST_F(Certificates, AnotherAuthorityIsUnknown) {
    const testing::Authority other;
    const auto anchors = TrustAnchors::from_pem(other.certificate).value();
    EXPECT_EQ(problem({{}, {}, {}, &anchors}), CertificateProblem::unknown_ca);
    const TrustAnchors none;
    EXPECT_EQ(problem({{}, {}, {}, &none}), CertificateProblem::unknown_ca);
    // The same name and another key is another authority.
    const auto both = TrustAnchors::from_pem(other.certificate + testing::authority().certificate).value();
    EXPECT_EQ(both.size(), 2U);
    EXPECT_EQ(problem({{}, {}, {}, &both}), std::nullopt);
}

TEST_F(Certificates, AnAlteredOneIsNotBelieved) {
    auto altered = certificate_;
    altered.der.back() ^= 1;
    const auto refused = certificate_problem(altered, {{}, {}, {}, &anchors_}, testing::now);
    EXPECT_TRUE(refused == CertificateProblem::unknown_ca || refused == CertificateProblem::unreadable);
}

TEST_F(Certificates, TimeIsKeptWithAndWithoutAuthorities) {
    for (const auto* anchors : {static_cast<const TrustAnchors*>(nullptr), static_cast<const TrustAnchors*>(&anchors_)}) {
        const CertificateRules rules{{}, {}, {}, anchors};
        using std::chrono::seconds;
        EXPECT_EQ(problem(rules, certificate_.not_before), std::nullopt);
        EXPECT_EQ(problem(rules, certificate_.not_before - seconds{1}), CertificateProblem::not_yet_valid);
        EXPECT_EQ(problem(rules, certificate_.not_after - seconds{1}), std::nullopt);
        EXPECT_EQ(problem(rules, certificate_.not_after), CertificateProblem::expired);
    }
}

TEST_F(Certificates, AnotherAgencyOrKindIsRefused) {
    EXPECT_EQ(problem({testing::agency("northvale"), {}, {}, &anchors_}), CertificateProblem::wrong_agency);
    EXPECT_EQ(problem({{}, IdentityKind::person, {}, &anchors_}), CertificateProblem::wrong_kind);
}

TEST_F(Certificates, TlsAndSigningAreNotTheSameUse) {
    EXPECT_EQ(problem({{}, {}, CertificateUsage::signing, &anchors_}), CertificateProblem::wrong_usage);
    const auto signing = read_certificate(testing::authority().issue(who_, Issue::signing, testing::signing_key_pem())).value();
    EXPECT_EQ(signing.key.alg(), crypto::SignatureAlg::ed25519);
    const auto of = [&](CertificateUsage usage) { return certificate_problem(signing, {{}, {}, usage, &anchors_}, testing::now); };
    EXPECT_EQ(of(CertificateUsage::signing), std::nullopt);
    EXPECT_EQ(of(CertificateUsage::tls_client), CertificateProblem::wrong_usage);
    EXPECT_EQ(of(CertificateUsage::tls_server), CertificateProblem::wrong_usage);
}

TEST_F(Certificates, OnlyAuthoritiesCanBeTrustAnchors) {
    EXPECT_FALSE(TrustAnchors::from_pem(pem_).has_value());
    EXPECT_FALSE(TrustAnchors::from_pem("").has_value());
    EXPECT_FALSE(TrustAnchors::from_pem("CANARY").has_value());
    EXPECT_FALSE(TrustAnchors::from_pem(testing::authority().certificate + "-----BEGIN CERTIFICATE-----\nAAAA\n").has_value());
}

}  // namespace
}  // namespace cg::certs
