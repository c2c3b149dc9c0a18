#pragma once
/// The routing of an envelope: all that the way needs to know, and nothing about the child, the purpose or the kind of message.
/// On the wire it is a flattened JWS (`casegate-routing+jws`) whose payload is JCS.

#include "crypto/jws.hpp"
#include "gateway/base/ids.hpp"
#include "gateway/base/json.hpp"
#include "gateway/base/time.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cg::wire {

inline constexpr std::string_view routing_typ = "casegate-routing+jws";
inline constexpr std::size_t max_blobs = 64;

/// An attachment as it travels: ciphertext under its own hash.
struct BlobRef {
    crypto::Digest sha256{};
    std::uint64_t bytes = 0;
    auto operator==(const BlobRef&) const -> bool = default;
};

struct Routing {
    MessageId mid;
    AgencyId from;
    AgencyId to;                        ///< the agency; the role is inside the envelope
    Instant created;
    Instant expires;                    ///< after `created`
    crypto::Digest envelope_sha256{};
    std::vector<BlobRef> blobs;
    auto operator==(const Routing&) const -> bool = default;
};

[[nodiscard]] auto to_json(const Routing& routing) -> Json;
/// Strict; all problems at once. Errors: malformed.
[[nodiscard]] auto routing_from_json(const Json& json) -> Result<Routing>;
/// The same from payload bytes, which must be JCS: what is accepted prints to the same bytes.
[[nodiscard]] auto parse_routing(ByteView untrusted) -> Result<Routing>;

/// SHA-256 over the JCS of the routing without `envelope_sha256`: the signed view inside the envelope holds it, so that an
/// envelope cannot be given another routing. `envelope_sha256` need not be set yet.
[[nodiscard]] auto routing_sha256(const Routing& routing) -> crypto::Digest;

/// The signed form. `certificate_sha256` names the signing certificate.
[[nodiscard]] auto sign_routing(const Routing& routing, const crypto::SigningKey& key, const crypto::Digest& certificate_sha256) -> Json;

/// A signed thing whose payload was read and whose signature was not checked yet: the key is found with what it says.
template <class Payload>
struct Unverified {
    Payload claimed;
    crypto::Digest certificate_sha256{};
    crypto::JwsSignature signature;

    /// The payload, if `key` signed it. Errors: unauthenticated.
    [[nodiscard]] auto verified_by(const crypto::VerifyKey& key) const -> Result<Payload> {
        if (!signature.verifies(key)) return fail(Errc::unauthenticated, "the signature does not fit");
        return claimed;
    }
};

/// Input   untrusted
/// Errors  malformed, unsupported: not one signature, another typ, no x5t#S256, a kid, or a payload that parse_routing refuses
[[nodiscard]] auto read_signed_routing(const Json& jws) -> Result<Unverified<Routing>>;

}  // namespace cg::wire
