#pragma once
/// One agency's entry in the directory: who it is, where it is reached, whom it receives for and which keys are its own.
///
/// The text is JCS; signed, it is a general JWS (`casegate-descriptor+jws`) with two signatures: the agency's, by one of the
/// signing certificates in the descriptor, and the registrar's, who vouches that the agency is the one it says it is.

#include "certs/identity.hpp"
#include "crypto/jws.hpp"
#include "gateway/base/json.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cg::certs {

enum class AgencyKind : std::uint8_t { statutory, charitable, independent, provider };
[[nodiscard]] auto to_string(AgencyKind kind) noexcept -> std::string_view;
[[nodiscard]] auto parse_agency_kind(std::string_view text) -> std::optional<AgencyKind>;

/// A key that a role's messages are sealed to.
struct RoleKey {
    std::string kid;        ///< recipient_kid(recipient)
    std::string recipient;  ///< `age1pq1…`
    Instant not_before;
    Instant expires;
    auto operator==(const RoleKey&) const -> bool = default;
};
/// The first 16 hex digits of SHA-256 over the recipient's text.
[[nodiscard]] auto recipient_kid(std::string_view recipient) -> std::string;

struct DirectoryRole {
    RoleId role;
    std::vector<RoleKey> recipients;  ///< may be empty: a role that cannot receive at present
    std::vector<Identity> holders;    ///< persons and systems of this agency
    auto operator==(const DirectoryRole&) const -> bool = default;
};

struct PeerEndpoint {
    std::string host;  ///< a DNS name or an IP address
    std::uint16_t port = 0;
    auto operator==(const PeerEndpoint&) const -> bool = default;
};

/// Whom to ring when a message waits too long. A function, not a person's name.
struct DutyContact {
    std::string role;   ///< "Duty manager, front door"
    std::string phone;  ///< digits, spaces, one leading '+'
    auto operator==(const DutyContact&) const -> bool = default;
};

struct Descriptor {
    AgencyId agency;
    std::string name;
    AgencyKind kind = AgencyKind::statutory;
    bool public_authority = false;
    std::vector<std::string> areas;
    PeerEndpoint peer;
    std::vector<DirectoryRole> roles;
    std::vector<Certificate> signing;  ///< at least one; all of this agency's gateway
    Identity tls;                      ///< what the peer endpoint's certificate must say
    std::string log;                   ///< vkey of the agency's log (C2SP signed-note)
    DutyContact duty;
    std::uint64_t seq = 0;             ///< never goes back
    Instant issued;
    Instant expires;
};

[[nodiscard]] auto to_json(const Descriptor& descriptor) -> Json;
/// Strict: every member known, present and of its form; all problems at once, each with its pointer.
/// Errors  malformed
[[nodiscard]] auto descriptor_from_json(const Json& json) -> Result<Descriptor>;

inline constexpr std::string_view descriptor_typ = "casegate-descriptor+jws";
inline constexpr std::string_view registrar_kid = "registrar";

/// The descriptor signed by its agency, still without the registrar. `certificate_sha256` is one of descriptor.signing, and
/// `key` is that certificate's.
/// Errors  malformed (the key is not that certificate's, or to_json(descriptor) would not be accepted)
[[nodiscard]] auto sign_descriptor(const Descriptor& descriptor, const crypto::SigningKey& key, const crypto::Digest& certificate_sha256)
    -> Result<Json>;
/// For the registrar: reads what an agency sent in and checks its own signature, so that a person can look at it.
/// Errors  malformed, unsupported, unauthenticated
[[nodiscard]] auto open_unregistered(const Json& jws) -> Result<Descriptor>;
/// For the registrar: adds its signature to what open_unregistered accepted (and removes one it gave before).
/// Errors  those of open_unregistered
[[nodiscard]] auto register_descriptor(const Json& jws, const crypto::SigningKey& registrar) -> Result<Json>;
/// Exactly two signatures, both good. Time is not looked at.
/// Input   untrusted
/// Errors  malformed, unsupported, unauthenticated (a Problem names which: `directory/agency-signature`,
///         `directory/registrar-signature`)
[[nodiscard]] auto open_descriptor(const Json& jws, const crypto::VerifyKey& registrar) -> Result<Descriptor>;

}  // namespace cg::certs
