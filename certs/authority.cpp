// The small authority: its own certificate, and answers to requests.

#include "certs/pki_parts.hpp"

#include <openssl/pem.h>

#include <array>

namespace cg::certs {
namespace {

constexpr std::size_t serial_bytes = 16;
constexpr std::size_t max_common_name_bytes = 64;

auto set_time(ASN1_TIME* field, Instant at) -> bool {
    return ASN1_TIME_set(field, std::chrono::system_clock::to_time_t(at)) != nullptr;
}

auto set_serial(X509* certificate) -> bool {
    auto bytes = crypto::random_bytes(serial_bytes);
    bytes.front() = static_cast<std::uint8_t>((bytes.front() & 0x3fU) | 0x40U);  // positive, and always of this length
    const std::unique_ptr<BIGNUM, FreeWith<BN_free>> number{BN_bin2bn(bytes.data(), static_cast<int>(bytes.size()), nullptr)};
    return number && BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate)) != nullptr;
}

auto add_extension(X509* certificate, X509* issuer, int nid, const char* value) -> bool {
    X509V3_CTX context{};
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    const std::unique_ptr<X509_EXTENSION, FreeWith<X509_EXTENSION_free>> extension{
        X509V3_EXT_conf_nid(nullptr, &context, nid, value)};
    return extension && X509_add_ext(certificate, extension.get(), -1) == 1;
}

auto begin(const Validity& validity, EVP_PKEY* key) -> X509Ptr {
    X509Ptr out{X509_new()};
    const bool good = out && X509_set_version(out.get(), X509_VERSION_3) == 1 && set_serial(out.get()) &&
                      set_time(X509_getm_notBefore(out.get()), validity.not_before) &&
                      set_time(X509_getm_notAfter(out.get()), validity.not_after) && X509_set_pubkey(out.get(), key) == 1;
    return good ? std::move(out) : X509Ptr{};
}

auto finish(X509* certificate, EVP_PKEY* key) -> Result<std::string> {
    const auto bio = memory_bio();
    const bool good = X509_sign(certificate, key, digest_for(key)) > 0 && PEM_write_bio_X509(bio.get(), certificate) == 1;
    forget_openssl_errors();
    if (!good) return fail(Errc::malformed, "the certificate cannot be written");
    return take_text(bio.get());
}

auto add_usage(X509* certificate, X509* issuer, Issue usage) -> bool {
    bool good = add_extension(certificate, issuer, NID_basic_constraints, "critical,CA:FALSE") &&
                add_extension(certificate, issuer, NID_key_usage, "critical,digitalSignature") &&
                add_extension(certificate, issuer, NID_subject_key_identifier, "hash") &&
                add_extension(certificate, issuer, NID_authority_key_identifier, "keyid:always");
    if (usage == Issue::tls) good = good && add_extension(certificate, issuer, NID_ext_key_usage, "serverAuth,clientAuth");
    return good;
}

}  // namespace

auto make_authority(std::string_view common_name, const KeyFile& key_file, const Validity& validity) -> Result<std::string> {
    if (common_name.empty() || common_name.size() > max_common_name_bytes)
        return fail(Errc::malformed, "the authority's name is 1 to 64 bytes");
    CG_TRY(const auto key, load_key(key_file));
    const auto certificate = begin(validity, key.get());
    bool good = certificate && set_subject(X509_get_subject_name(certificate.get()), "", std::string{common_name});
    good = good && X509_set_issuer_name(certificate.get(), X509_get_subject_name(certificate.get())) == 1;
    good = good && add_extension(certificate.get(), certificate.get(), NID_basic_constraints, "critical,CA:TRUE,pathlen:0");
    good = good && add_extension(certificate.get(), certificate.get(), NID_key_usage, "critical,keyCertSign,cRLSign");
    good = good && add_extension(certificate.get(), certificate.get(), NID_subject_key_identifier, "hash");
    if (!good) return fail(Errc::malformed, "the certificate cannot be written");
    return finish(certificate.get(), key.get());
}

auto issue_certificate(std::string_view request_pem, const Identity& expected, Issue usage, const Validity& validity,
                       std::string_view authority_pem, const KeyFile& authority_key) -> Result<std::string> {
    CG_TRY(auto facts, read_request(request_pem));
    if (facts.identity != expected) return fail(Errc::denied, "the request asks for another identity");
    if (usage == Issue::signing) facts.hosts = {};
    CG_TRY(const auto key, load_key(authority_key));
    const auto authority = read_x509(view_bytes(authority_pem));
    if (!authority || X509_check_private_key(authority.get(), key.get()) != 1) {
        forget_openssl_errors();
        return fail(Errc::malformed, "the authority's certificate and key do not belong together");
    }
    CG_TRY(const auto names, make_names(facts.identity, facts.hosts));
    const auto request = parse_request(request_pem);
    const auto certificate = begin(validity, X509_REQ_get0_pubkey(request.get()));
    bool good = certificate && set_subject(X509_get_subject_name(certificate.get()), expected.agency.str(),
                                           std::string{to_string(expected.kind)});
    good = good && X509_set_issuer_name(certificate.get(), X509_get_subject_name(authority.get())) == 1;
    good = good && X509_add1_ext_i2d(certificate.get(), NID_subject_alt_name, names.get(), 0, X509V3_ADD_APPEND) == 1;
    good = good && add_usage(certificate.get(), authority.get(), usage);
    if (!good) return fail(Errc::malformed, "the certificate cannot be written");
    return finish(certificate.get(), key.get());
}

}  // namespace cg::certs
