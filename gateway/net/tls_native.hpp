#pragma once
/// Internal to net: the OpenSSL side of a TlsContext.

#include "gateway/net/tls.hpp"

#include <openssl/ssl.h>

#include <optional>

namespace cg::net {

struct Deleter {
    void operator()(SSL_CTX* p) const noexcept { SSL_CTX_free(p); }
    void operator()(SSL* p) const noexcept { SSL_free(p); }
    void operator()(BIO* p) const noexcept { BIO_free_all(p); }
    void operator()(X509* p) const noexcept { X509_free(p); }
    void operator()(X509_CRL* p) const noexcept { X509_CRL_free(p); }
    void operator()(EVP_PKEY* p) const noexcept { EVP_PKEY_free(p); }
};
template <class T>
using Owned = std::unique_ptr<T, Deleter>;

struct TlsContext::Native {
    Owned<SSL_CTX> ctx;
    Authorise authorise;  ///< of a server; a client's is given with each connection
};

/// What the handshake of one connection found out. Stays where it is while the connection lives.
struct Verdict {
    const Authorise* authorise = nullptr;        ///< lifetime: outlives the handshake
    std::optional<PeerCertificate> peer;      ///< once its certificate was accepted
    std::string reason;                          ///< why it was refused; empty: it was not
};

/// A connection's TLS state that tells `verdict`. Returns null when OpenSSL has no memory.
[[nodiscard]] auto make_connection(const TlsContext& context, Verdict& verdict) -> Owned<SSL>;

/// A named reason for an error code of OpenSSL's library that ended a handshake or a connection.
[[nodiscard]] auto tls_reason(unsigned long openssl_error) -> std::string;

}  // namespace cg::net
