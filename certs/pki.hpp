#pragma once
/// Making certificates: a request by whoever owns the key, and a small authority that answers it. The authority is meant for
/// development and for the demonstration; a federation uses its own, which reads the same requests.
///
/// TLS keys are P-256 (every TLS stack and hardware module takes them); keys that sign messages are Ed25519. Key files are
/// crypto::SigningKey's encrypted PEM, which OpenSSL reads with a passphrase callback.
///
/// Secret    a private key is in clear only in memory that is wiped; what is returned is public or encrypted

#include "certs/identity.hpp"
#include "crypto/secret.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace cg::certs {

/// An encrypted key file and the passphrase that opens it. Lifetime: borrows both.
struct KeyFile {
    std::string_view pem;
    const crypto::SecretBytes& passphrase;
};

/// Host names of a TLS certificate.
struct HostNames {
    std::vector<std::string> dns;  ///< "localhost"
    std::vector<std::string> ip;   ///< "127.0.0.1", "::1"
};

struct Validity {
    Instant not_before;
    Instant not_after;
};

/// A new key, as an encrypted key file. P-256 for TLS and authorities, Ed25519 for signing.
[[nodiscard]] auto make_key_file(crypto::SignatureAlg alg, const crypto::SecretBytes& passphrase) -> std::string;

/// A self-signed authority certificate (PEM). It may issue end certificates only (pathLenConstraint 0).
/// Errors  malformed, unauthenticated (key file)
[[nodiscard]] auto make_authority(std::string_view common_name, const KeyFile& key, const Validity& validity) -> Result<std::string>;

/// A PKCS#10 request (PEM, RFC 2986) for an identity and its host names.
/// Errors  malformed (a host name), unauthenticated (key file)
[[nodiscard]] auto make_request(const Identity& identity, const HostNames& hosts, const KeyFile& key) -> Result<std::string>;

/// What a request asks for. Its self-signature was checked.
struct RequestFacts {
    Identity identity;
    HostNames hosts;
    crypto::VerifyKey key;
};
/// Errors  malformed; unauthenticated (the request is not signed with its own key)
[[nodiscard]] auto read_request(std::string_view pem) -> Result<RequestFacts>;

enum class Issue : std::uint8_t {
    tls,      ///< server and client authentication
    signing,  ///< digital signature only; host names are left out
};

/// Answers a request whose identity is `expected` and no other: whoever runs the authority says whom they mean.
/// Returns  the certificate (PEM)
/// Errors   malformed; unauthenticated; denied (the request asks for another identity)
[[nodiscard]] auto issue_certificate(std::string_view request_pem, const Identity& expected, Issue usage, const Validity& validity,
                                     std::string_view authority_pem, const KeyFile& authority_key) -> Result<std::string>;

/// PEM `PUBLIC KEY` (SubjectPublicKeyInfo): how a registrar's key is handed over.
[[nodiscard]] auto public_key_pem(const crypto::VerifyKey& key) -> std::string;
/// Errors  malformed, unsupported
[[nodiscard]] auto read_public_key(std::string_view pem) -> Result<crypto::VerifyKey>;

}  // namespace cg::certs
