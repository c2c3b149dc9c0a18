#include "gateway/net/tls.hpp"

#include "gateway/net/tls_native.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <cstring>
#include <exception>
#include <span>
#include <string_view>
#include <utility>

namespace cg::net {
namespace {

auto verdict_slot() -> int {
    static const int index = SSL_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
    return index;
}

auto reader_of(ByteView bytes) -> Owned<BIO> {
    return Owned<BIO>{BIO_new_mem_buf(bytes.data(), static_cast<int>(bytes.size()))};
}

/// Gives OpenSSL the passphrase from memory; never asks on a terminal.
extern "C" int give_passphrase(char* out, int size, int, void* from) {
    const auto secret = static_cast<const crypto::SecretBytes*>(from)->reveal();
    if (secret.empty() || secret.size() > static_cast<std::size_t>(size)) return -1;
    std::memcpy(out, secret.data(), secret.size());
    return static_cast<int>(secret.size());
}

void accept_leaf(X509* leaf, Verdict& verdict) {
    unsigned char* der = nullptr;
    const int size = i2d_X509(leaf, &der);
    if (size <= 0) {
        verdict.reason = "unreadable";
        return;
    }
    auto read = certs::read_certificate(ByteView{der, static_cast<std::size_t>(size)});
    OPENSSL_free(der);
    if (read.has_error()) {
        const auto& problems = read.error().problems;
        const std::string type = problems.empty() ? "certificate/unreadable" : problems.front().type;
        verdict.reason = type.substr(type.find('/') + 1);
        return;
    }
    auto& certificate = read.value();
    PeerCertificate peer{certificate.identity.str(), certificate.identity, certificate.sha256, certificate.not_after, certificate.key};
    if (verdict.authorise != nullptr && *verdict.authorise) verdict.reason = (*verdict.authorise)(peer);
    if (verdict.reason.empty()) verdict.peer = std::move(peer);
}

auto verify_reason(int error) -> std::string {
    if (error == X509_V_ERR_CERT_REVOKED) return "revoked";
    if (error == X509_V_ERR_UNABLE_TO_GET_CRL || error == X509_V_ERR_CRL_HAS_EXPIRED) return "no-revocation-list";
    return std::string{certs::to_string(certs::problem_of_verify_error(error))};
}

/// Called for each certificate of the chain, the leaf last. A 0 ends the handshake with an alert to the other side.
extern "C" int judge(int good, X509_STORE_CTX* store) noexcept {
    auto* ssl = static_cast<SSL*>(X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx()));
    auto* verdict = ssl != nullptr ? static_cast<Verdict*>(SSL_get_ex_data(ssl, verdict_slot())) : nullptr;
    if (verdict == nullptr) return 0;
    try {
        if (good == 0) verdict->reason = verify_reason(X509_STORE_CTX_get_error(store));
        else if (X509_STORE_CTX_get_error_depth(store) == 0) accept_leaf(X509_STORE_CTX_get_current_cert(store), *verdict);
        if (verdict->reason.empty()) return 1;
    } catch (const std::exception&) {
        verdict->reason.assign("no-memory");  // short enough to need none
    }
    if (good != 0) X509_STORE_CTX_set_error(store, X509_V_ERR_CERT_REJECTED);
    return 0;
}

auto use_certificate(SSL_CTX* ctx, const std::string& pem) -> Result<> {
    const auto bio = reader_of(view_bytes(pem));
    Owned<X509> leaf{PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr)};
    if (!leaf || SSL_CTX_use_certificate(ctx, leaf.get()) != 1) return fail(Errc::malformed, "tls certificate");
    while (X509* issuer = PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr)) {
        if (SSL_CTX_add0_chain_cert(ctx, issuer) == 1) continue;
        X509_free(issuer);
        return fail(Errc::malformed, "tls certificate chain");
    }
    return ok();
}

auto use_key(SSL_CTX* ctx, const crypto::SecretBytes& pem, const crypto::SecretBytes& passphrase) -> Result<> {
    const auto bio = reader_of(pem.reveal());
    // OpenSSL takes the user data as void*; the callback only reads it.
    auto* secret = const_cast<crypto::SecretBytes*>(&passphrase);
    const Owned<EVP_PKEY> key{PEM_read_bio_PrivateKey(bio.get(), nullptr, give_passphrase, secret)};
    if (!key) return fail(Errc::unauthenticated, "tls key: wrong passphrase or not a key");
    if (SSL_CTX_use_PrivateKey(ctx, key.get()) != 1 || SSL_CTX_check_private_key(ctx) != 1)
        return fail(Errc::unauthenticated, "tls key does not belong to the certificate");
    return ok();
}

auto trust(SSL_CTX* ctx, const TlsOptions& options) -> Result<> {
    auto* store = SSL_CTX_get_cert_store(ctx);
    std::size_t authorities = 0;
    const auto bio = reader_of(view_bytes(options.ca_pem));
    while (const Owned<X509> ca{PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr)}) {
        if (X509_check_ca(ca.get()) != 1 || X509_STORE_add_cert(store, ca.get()) != 1)
            return fail(Errc::malformed, "tls authority");
        ++authorities;
    }
    if (authorities == 0) return fail(Errc::malformed, "tls authority");
    unsigned long flags = X509_V_FLAG_X509_STRICT;
    if (!options.crl_pem.empty()) {
        const auto lists = reader_of(view_bytes(options.crl_pem));
        while (const Owned<X509_CRL> crl{PEM_read_bio_X509_CRL(lists.get(), nullptr, nullptr, nullptr)})
            if (X509_STORE_add_crl(store, crl.get()) != 1) return fail(Errc::malformed, "tls revocation list");
        flags |= X509_V_FLAG_CRL_CHECK;
    }
    X509_STORE_set_flags(store, flags);
    return ok();
}

auto settle(SSL_CTX* ctx) -> Result<> {
    SSL_CTX_set_options(ctx, SSL_OP_NO_TICKET | SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
    SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_mode(ctx, SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, judge);
    std::string hybrid = "X25519MLKEM768:X25519:P-256";  // known from OpenSSL 3.5 on
    std::string classical = "X25519:P-256";              // texts of our own: OpenSSL's macro casts const away
    const bool ready = SSL_CTX_set_min_proto_version(ctx, TLS1_3_VERSION) == 1 && SSL_CTX_set_num_tickets(ctx, 0) == 1 &&
                       SSL_CTX_set_max_early_data(ctx, 0) == 1 &&
                       (SSL_CTX_set1_groups_list(ctx, hybrid.data()) == 1 ||
                        SSL_CTX_set1_groups_list(ctx, classical.data()) == 1);
    return ready ? Result<>{ok()} : Result<>{fail(Errc::unsupported, "tls settings")};
}

auto make_context(const SSL_METHOD* method, const TlsOptions& options, Authorise authorise)
    -> Result<std::shared_ptr<const TlsContext>> {
    auto native = std::make_unique<TlsContext::Native>();
    native->ctx.reset(SSL_CTX_new(method));
    native->authorise = std::move(authorise);
    auto* ctx = native->ctx.get();
    if (ctx == nullptr) return fail(Errc::unavailable, "tls library");
    auto made = settle(ctx);
    if (made.has_value()) made = use_certificate(ctx, options.certificate_pem);
    if (made.has_value()) made = use_key(ctx, options.key_pem, options.passphrase);
    if (made.has_value()) made = trust(ctx, options);
    ERR_clear_error();
    if (made.has_error()) return fail(std::move(made).error());
    return std::make_shared<const TlsContext>(std::move(native));
}

}  // namespace

TlsContext::TlsContext(std::unique_ptr<Native> native) : native_(std::move(native)) {}
TlsContext::~TlsContext() = default;

auto TlsContext::server(const TlsOptions& options, Authorise authorise) -> Result<std::shared_ptr<const TlsContext>> {
    return make_context(TLS_server_method(), options, std::move(authorise));
}

auto TlsContext::client(const TlsOptions& options) -> Result<std::shared_ptr<const TlsContext>> {
    return make_context(TLS_client_method(), options, {});
}

auto make_connection(const TlsContext& context, Verdict& verdict) -> Owned<SSL> {
    Owned<SSL> ssl{SSL_new(context.native().ctx.get())};
    if (ssl) SSL_set_ex_data(ssl.get(), verdict_slot(), &verdict);
    return ssl;
}

auto tls_reason(unsigned long openssl_error) -> std::string {
    if (ERR_GET_LIB(openssl_error) != ERR_LIB_SSL) return "tls-failed";
    const int reason = ERR_GET_REASON(openssl_error);
    if (reason == SSL_R_TLSV1_ALERT_PROTOCOL_VERSION) return "tls-version";
    if (reason > SSL_AD_REASON_OFFSET) return "tls-refused-by-peer";
    switch (reason) {
        case SSL_R_UNSUPPORTED_PROTOCOL:
        case SSL_R_VERSION_TOO_LOW:
        case SSL_R_WRONG_SSL_VERSION:
            return "tls-version";
        case SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE:
            return std::string{"tls-"} + std::string{certs::to_string(certs::CertificateProblem::missing)};
        case SSL_R_HTTP_REQUEST:
        case SSL_R_HTTPS_PROXY_REQUEST:
        case SSL_R_WRONG_VERSION_NUMBER:
            return "tls-not-spoken";
        case SSL_R_NO_SUITABLE_KEY_SHARE:
        case SSL_R_NO_SUITABLE_GROUPS:
        case SSL_R_NO_SHARED_CIPHER:
            return "tls-nothing-in-common";
        default:
            return "tls-failed";
    }
}

}  // namespace cg::net
