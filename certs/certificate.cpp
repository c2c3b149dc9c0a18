#include "certs/identity.hpp"
#include "certs/openssl.hpp"

#include <openssl/pem.h>

#include <algorithm>
#include <ctime>

namespace cg::certs {
namespace {

constexpr std::string_view scheme = "casegate:";
constexpr int security_bits_level = 2;  // OpenSSL's level for at least 112 bits

auto instant_of(const ASN1_TIME* time) -> std::optional<Instant> {
    std::tm parts{};
    if (time == nullptr || ASN1_TIME_to_tm(time, &parts) != 1) return {};
    return Instant{std::chrono::seconds{timegm(&parts)}};
}

auto is_casegate_uri(std::string_view uri) -> bool {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    return uri.size() >= scheme.size() && std::ranges::equal(uri.substr(0, scheme.size()), scheme, {}, lower);
}

auto identity_of(const X509* certificate) -> Result<Identity> {
    const NamesPtr names{static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr))};
    auto uris = read_names(names.get()).uris;
    std::erase_if(uris, [](const std::string& uri) { return !is_casegate_uri(uri); });
    if (uris.empty()) return fail(to_error(CertificateProblem::no_identity));
    if (uris.size() > 1) return fail(to_error(CertificateProblem::several_identities));
    auto identity = Identity::parse(uris.front());
    if (!identity) return fail(to_error(CertificateProblem::no_identity));
    return std::move(identity).value();
}

auto usage_allows(const X509* certificate, CertificateUsage usage) -> bool {
    // OpenSSL wants to cache what it reads, though it changes nothing that can be seen.
    auto* x509 = const_cast<X509*>(certificate);
    const bool has_purpose = (X509_get_extension_flags(x509) & EXFLAG_XKUSAGE) != 0;
    const auto purposes = has_purpose ? X509_get_extended_key_usage(x509) : 0;
    const bool signs = (X509_get_key_usage(x509) & KU_DIGITAL_SIGNATURE) != 0;
    const bool is_authority = X509_check_ca(x509) != 0;
    if (!signs || is_authority) return false;
    switch (usage) {
        case CertificateUsage::tls_server: return (purposes & XKU_SSL_SERVER) != 0;
        case CertificateUsage::tls_client: return (purposes & XKU_SSL_CLIENT) != 0;
        case CertificateUsage::signing: return (purposes & (XKU_SSL_SERVER | XKU_SSL_CLIENT)) == 0;
    }
    return false;
}

auto chain_problem(X509* certificate, X509_STORE* anchors, Instant now) -> std::optional<CertificateProblem> {
    const StoreContextPtr context{X509_STORE_CTX_new()};
    if (!context || X509_STORE_CTX_init(context.get(), anchors, certificate, nullptr) != 1) {
        forget_openssl_errors();
        return CertificateProblem::unknown_ca;
    }
    auto* rules = X509_STORE_CTX_get0_param(context.get());
    X509_VERIFY_PARAM_set_time(rules, std::chrono::system_clock::to_time_t(now));
    X509_VERIFY_PARAM_set_auth_level(rules, security_bits_level);
    const bool good = X509_verify_cert(context.get()) == 1;
    const int reason = X509_STORE_CTX_get_error(context.get());
    forget_openssl_errors();
    if (good) return {};
    return problem_of_verify_error(reason);
}

}  // namespace

struct TrustAnchors::State {
    StorePtr store;
    std::size_t count = 0;
};
struct TrustAccess {
    static auto store(const TrustAnchors& anchors) -> X509_STORE* { return anchors.state_ ? anchors.state_->store.get() : nullptr; }
};

auto read_certificate(ByteView pem_or_der) -> Result<Certificate> {
    const auto x509 = read_x509(pem_or_der);
    if (!x509) return fail(to_error(CertificateProblem::unreadable));
    Certificate out;
    const auto not_before = instant_of(X509_get0_notBefore(x509.get()));
    const auto not_after = instant_of(X509_get0_notAfter(x509.get()));
    std::uint8_t* der = nullptr;
    const int size = i2d_X509(x509.get(), &der);
    if (size > 0) {
        out.der.assign(der, der + size);
        OPENSSL_free(der);
    }
    if (!not_before || !not_after || size <= 0) return fail(to_error(CertificateProblem::unreadable));
    out.not_before = *not_before;
    out.not_after = *not_after;
    out.sha256 = crypto::sha256(out.der);
    auto key = crypto::VerifyKey::from_spki(spki_der(X509_get_X509_PUBKEY(x509.get())));
    if (!key) return fail(to_error(CertificateProblem::unsupported_key));
    out.key = std::move(key).value();
    CG_TRY(out.identity, identity_of(x509.get()));
    return out;
}

auto certificate_pem(const Certificate& certificate) -> std::string {
    const auto x509 = read_x509(certificate.der);
    const auto bio = memory_bio();
    CG_ENSURE(x509 && PEM_write_bio_X509(bio.get(), x509.get()) == 1);
    return take_text(bio.get());
}

auto TrustAnchors::from_pem(std::string_view bundle) -> Result<TrustAnchors> {
    auto state = std::make_shared<State>();
    state->store.reset(X509_STORE_new());
    const auto bio = view_bio(bundle);
    bool all_authorities = true;
    while (const X509Ptr one{PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr)}) {
        all_authorities = all_authorities && X509_check_ca(one.get()) == 1 && X509_STORE_add_cert(state->store.get(), one.get()) == 1;
        ++state->count;
    }
    forget_openssl_errors();
    std::size_t begun = 0;  // what did not parse ends the loop above, and would be passed over in silence
    for (auto at = bundle.find("-----BEGIN"); at != std::string_view::npos; at = bundle.find("-----BEGIN", at + 1)) ++begun;
    if (state->count == 0 || state->count != begun) return fail(Errc::malformed, "not a bundle of PEM certificates");
    if (!all_authorities) return fail(Errc::malformed, "a certificate of the bundle is not an authority's");
    TrustAnchors out;
    out.state_ = std::move(state);
    return out;
}

auto TrustAnchors::size() const noexcept -> std::size_t { return state_ ? state_->count : 0; }

auto certificate_problem(const Certificate& certificate, const CertificateRules& rules, Instant now)
    -> std::optional<CertificateProblem> {
    const auto x509 = read_x509(certificate.der);
    if (!x509) return CertificateProblem::unreadable;
    if (rules.anchors != nullptr) {
        auto* store = TrustAccess::store(*rules.anchors);
        if (store == nullptr) return CertificateProblem::unknown_ca;
        if (const auto problem = chain_problem(x509.get(), store, now)) return problem;
    }
    if (now < certificate.not_before) return CertificateProblem::not_yet_valid;
    if (now >= certificate.not_after) return CertificateProblem::expired;  // as OpenSSL has it in a handshake
    if (rules.usage && !usage_allows(x509.get(), *rules.usage)) return CertificateProblem::wrong_usage;
    if (rules.agency && certificate.identity.agency != *rules.agency) return CertificateProblem::wrong_agency;
    if (rules.kind && certificate.identity.kind != *rules.kind) return CertificateProblem::wrong_kind;
    return {};
}

}  // namespace cg::certs
