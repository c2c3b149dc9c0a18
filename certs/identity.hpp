#pragma once
/// Who a certificate speaks for, and why one is refused.
///
/// An identity is one SAN URI (RFC 5280 section 4.2.1.6) of the form `casegate://<agency>/gateway`,
/// `casegate://<agency>/system/<name>` or `casegate://<agency>/person/<id>`. Nothing else of a certificate names anybody.

#include "crypto/hash.hpp"
#include "crypto/keys.hpp"
#include "gateway/base/bytes.hpp"
#include "gateway/base/ids.hpp"
#include "gateway/base/time.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace cg::certs {

enum class IdentityKind : std::uint8_t { gateway, system, person };
[[nodiscard]] auto to_string(IdentityKind kind) noexcept -> std::string_view;

struct Identity {
    AgencyId agency;
    IdentityKind kind = IdentityKind::gateway;
    std::string name;  ///< of the system or person (a-z, 0-9, inner '-' and '.'); empty for the gateway

    /// Errors  malformed; exactly what str() writes is accepted
    [[nodiscard]] static auto parse(std::string_view uri) -> Result<Identity>;
    [[nodiscard]] static auto gateway_of(AgencyId agency) -> Identity { return {std::move(agency), IdentityKind::gateway, {}}; }
    [[nodiscard]] auto str() const -> std::string;
    auto operator<=>(const Identity&) const = default;
};

/// Why a certificate is refused. The name is for our own log and metrics; the other end sees a plain TLS alert.
enum class CertificateProblem : std::uint8_t {
    unreadable,           ///< not a certificate, or bytes after its end
    unknown_ca,           ///< no chain to one of our authorities
    expired,
    not_yet_valid,
    no_identity,          ///< no casegate SAN URI, or one that is not of the three forms
    several_identities,
    wrong_agency,
    wrong_kind,           ///< a person's where a gateway's is asked for, and the like
    wrong_usage,          ///< key usage or extended key usage does not allow it
    unsupported_key,      ///< neither Ed25519 nor P-256
    missing,              ///< the other end sent none
};
/// "unknown-ca", "expired", …
[[nodiscard]] auto to_string(CertificateProblem problem) noexcept -> std::string_view;
/// The reason for an OpenSSL verification result (X509_V_ERR_…), for the one who runs the handshake.
[[nodiscard]] auto problem_of_verify_error(int x509_verify_error) noexcept -> CertificateProblem;
/// An unauthenticated Error whose Problem type is "certificate/<name>".
[[nodiscard]] auto to_error(CertificateProblem problem) -> Error;

/// A certificate that was read, and is not yet believed.
struct Certificate {
    Identity identity;
    Bytes der;
    crypto::Digest sha256{};  ///< of the DER bytes: `x5t#S256`
    Instant not_before;
    Instant not_after;        ///< from this moment on it is expired
    crypto::VerifyKey key;
};

/// Reads one certificate, PEM (exactly one block) or DER, with exactly one casegate SAN URI.
///
/// Input     untrusted bytes
/// Errors    unauthenticated, with one Problem `certificate/unreadable`, `/no-identity`, `/several-identities` or
///           `/unsupported-key`
[[nodiscard]] auto read_certificate(ByteView pem_or_der) -> Result<Certificate>;
[[nodiscard]] inline auto read_certificate(std::string_view pem) -> Result<Certificate> { return read_certificate(view_bytes(pem)); }
[[nodiscard]] auto certificate_pem(const Certificate& certificate) -> std::string;

/// The authorities that we believe. Cheap to copy; immutable.
class TrustAnchors {
public:
    /// Input   one or more PEM certificates of authorities (basicConstraints CA)
    /// Errors  malformed
    [[nodiscard]] static auto from_pem(std::string_view bundle) -> Result<TrustAnchors>;
    [[nodiscard]] auto size() const noexcept -> std::size_t;

private:
    friend struct TrustAccess;
    struct State;
    std::shared_ptr<const State> state_;
};

enum class CertificateUsage : std::uint8_t {
    tls_server,
    tls_client,
    signing,  ///< digitalSignature, and no TLS purpose
};

/// What a certificate must be. What is left empty is not asked.
struct CertificateRules {
    std::optional<AgencyId> agency;
    std::optional<IdentityKind> kind;
    std::optional<CertificateUsage> usage;
    const TrustAnchors* anchors = nullptr;  ///< lifetime: borrowed for the call
};

/// The first reason to refuse, or none. Chains of one step: an authority and what it issued.
[[nodiscard]] auto certificate_problem(const Certificate& certificate, const CertificateRules& rules, Instant now)
    -> std::optional<CertificateProblem>;

}  // namespace cg::certs
