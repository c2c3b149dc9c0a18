#pragma once
/// TLS 1.3 (RFC 8446), mutual, under our private CA alone: who may be at the other end of a connection.
///
/// A certificate is judged while the handshake runs, so that the other side is sent an alert and we keep the reason.

#include "certs/identity.hpp"
#include "crypto/secret.hpp"
#include "gateway/base/result.hpp"

#include <functional>
#include <memory>
#include <string>

namespace cg::net {

/// What a certificate that our CA vouches for says about its holder.
struct PeerCertificate {
    std::string uri;             ///< identity.str()
    certs::Identity identity;
    crypto::Digest sha256{};     ///< of the DER certificate
    Instant not_after;
    crypto::VerifyKey key;
};

/// Judges a certificate that our CA vouches for: "" for yes, or a named reason of ours such as "wrong-agency".
///
/// Threads   called on any thread, during a handshake; must not throw or block
using Authorise = std::function<std::string(const PeerCertificate&)>;

struct TlsOptions {
    std::string certificate_pem;       ///< own certificate, then intermediates if there are any
    crypto::SecretBytes key_pem;       ///< PKCS#8, encrypted or not
    crypto::SecretBytes passphrase;    ///< empty: the key is not encrypted
    std::string ca_pem;                ///< the only roots we trust; the system's are not
    std::string crl_pem;               ///< empty: revocation is not checked. Otherwise a CRL of each CA must be there
};

/// One side's TLS settings: TLS 1.3 only, X25519MLKEM768 where OpenSSL has it (3.5), else X25519 and P-256; no session
/// tickets, no resumption, no early data, so each connection judges a certificate anew.
///
/// Threads   immutable; share it
class TlsContext {
public:
    /// Both sides use it: a server asks for a client certificate and refuses when there is none.
    ///
    /// Errors    malformed        a PEM text does not hold what it should (the detail says which)
    ///           unauthenticated  the passphrase does not open the key, or the key is not the certificate's
    [[nodiscard]] static auto server(const TlsOptions& options, Authorise authorise)
        -> Result<std::shared_ptr<const TlsContext>>;
    /// Errors    as server()
    [[nodiscard]] static auto client(const TlsOptions& options) -> Result<std::shared_ptr<const TlsContext>>;

    struct Native;
    explicit TlsContext(std::unique_ptr<Native> native);
    TlsContext(const TlsContext&) = delete;
    auto operator=(const TlsContext&) -> TlsContext& = delete;
    ~TlsContext();
    [[nodiscard]] auto native() const noexcept -> Native& { return *native_; }

private:
    std::unique_ptr<Native> native_;
};

}  // namespace cg::net
