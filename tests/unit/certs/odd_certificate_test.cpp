// Certificates that our own authority would never issue, made with OpenSSL by hand.

#include "certs/openssl.hpp"
#include "tests/unit/certs/federation.hpp"

#include <openssl/pem.h>

namespace cg::certs {
namespace {

auto odd_certificate(EVP_PKEY* key, const char* names, const char* usage = "critical,digitalSignature") -> std::string {
    const X509Ptr out{X509_new()};
    X509_set_version(out.get(), X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(out.get()), 7);
    X509_gmtime_adj(X509_getm_notBefore(out.get()), -60);
    X509_gmtime_adj(X509_getm_notAfter(out.get()), 3600);
    X509_set_pubkey(out.get(), key);
    X509V3_CTX context{};
    X509V3_set_ctx(&context, out.get(), out.get(), nullptr, nullptr, 0);
    const auto add = [&](int nid, const char* value) {
        if (value == nullptr) return;
        auto* extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value);
        ASSERT_NE(extension, nullptr);
        X509_add_ext(out.get(), extension, -1);
        X509_EXTENSION_free(extension);
    };
    add(NID_subject_alt_name, names);
    add(NID_key_usage, usage);
    X509_sign(out.get(), key, EVP_sha256());
    const auto bio = memory_bio();
    PEM_write_bio_X509(bio.get(), out.get());
    return take_text(bio.get());
}

auto p256() -> PkeyPtr { return PkeyPtr{EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256")}; }

auto refusal(const std::string& pem) -> std::string {
    const auto read = read_certificate(pem);
    return read ? "none" : testing::first_type(read.error());
}

TEST(OddCertificate, NeedsExactlyOneIdentity) {
    const auto key = p256();
    EXPECT_EQ(refusal(odd_certificate(key.get(), nullptr)), "certificate/no-identity");
    EXPECT_EQ(refusal(odd_certificate(key.get(), "DNS:casegate.example")), "certificate/no-identity");
    EXPECT_EQ(refusal(odd_certificate(key.get(), "URI:https://a/gateway")), "certificate/no-identity");
    EXPECT_EQ(refusal(odd_certificate(key.get(), "URI:casegate://a/robot/x")), "certificate/no-identity");
    EXPECT_EQ(refusal(odd_certificate(key.get(), "URI:casegate://a/gateway,URI:casegate://b/gateway")), "certificate/several-identities");
    EXPECT_EQ(refusal(odd_certificate(key.get(), "URI:casegate://a/gateway,URI:CaseGate://b/gateway")), "certificate/several-identities");
    EXPECT_EQ(refusal(odd_certificate(key.get(), "URI:casegate://a/gateway,URI:casegate://a/gateway")), "certificate/several-identities");
    EXPECT_EQ(refusal(odd_certificate(key.get(), "DNS:a,URI:https://a/,URI:casegate://a/gateway")), "none");
}

TEST(OddCertificate, NeedsAKeyThatWeUse) {
    const PkeyPtr rsa{EVP_RSA_gen(2048)};
    EXPECT_EQ(refusal(odd_certificate(rsa.get(), "URI:casegate://a/gateway")), "certificate/unsupported-key");
    const PkeyPtr p384{EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-384")};
    EXPECT_EQ(refusal(odd_certificate(p384.get(), "URI:casegate://a/gateway")), "certificate/unsupported-key");
}

TEST(OddCertificate, MustBeAllowedToSign) {
    const auto key = p256();
    const auto certificate = read_certificate(odd_certificate(key.get(), "URI:casegate://a/gateway", "critical,keyAgreement")).value();
    const auto within = certificate.not_before + std::chrono::minutes{1};
    EXPECT_EQ(certificate_problem(certificate, {{}, {}, CertificateUsage::signing, nullptr}, within), CertificateProblem::wrong_usage);
}

TEST(OddCertificate, ASelfSignedOneHasNoAuthority) {
    const auto key = p256();
    const auto certificate = read_certificate(odd_certificate(key.get(), "URI:casegate://a/gateway")).value();
    const auto anchors = TrustAnchors::from_pem(testing::authority().certificate).value();
    EXPECT_EQ(certificate_problem(certificate, {{}, {}, {}, &anchors}, testing::now), CertificateProblem::unknown_ca);
}

}  // namespace
}  // namespace cg::certs
