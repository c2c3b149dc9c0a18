#pragma once
/// JSON Web Signatures (RFC 7515), JSON serialization, with Ed25519 (RFC 8037, `EdDSA`) and `ES256` only.
///
/// Keys are found by the caller, by thumbprint or because it knows who must have signed: `jku`, `x5u`, `jwk`, `x5c` and
/// `crit` in a header are refused, and so is any header outside the protected one.

#include "crypto/hash.hpp"
#include "crypto/keys.hpp"
#include "gateway/base/json.hpp"

#include <optional>
#include <string>
#include <vector>

namespace cg::crypto {

/// What a protected header says besides `alg`.
struct JwsHeader {
    std::string typ;                     ///< media type without "application/", e.g. "casegate-view+jws"
    std::optional<Digest> x5t_s256;      ///< SHA-256 of the signer's certificate (RFC 7515 section 4.1.8)
    std::string kid;                     ///< empty: absent
};

/// One signature, parsed and not yet believed.
struct JwsSignature {
    SignatureAlg alg{};
    JwsHeader header;
    std::string signing_input;           ///< ASCII(protected) "." ASCII(payload)
    Bytes signature;

    [[nodiscard]] auto verifies(const VerifyKey& key) const -> bool;
};

/// A parsed JWS. The payload means nothing until a signature over it was checked.
struct Jws {
    Bytes payload;
    std::vector<JwsSignature> signatures;  ///< at least one; exactly one in the flattened form
};

/// Flattened JSON serialization: {"payload","protected","signature"}.
[[nodiscard]] auto sign_jws(const SigningKey& key, const JwsHeader& header, ByteView payload) -> Json;
/// General JSON serialization: {"payload","signatures":[{"protected","signature"}…]}. A further signature over the same
/// payload is appended to `jws`, which is in the general form and was parsed before.
void add_signature(Json& jws, const SigningKey& key, const JwsHeader& header);
[[nodiscard]] auto general_jws(ByteView payload) -> Json;

/// Reads the flattened or the general form, strictly: exactly those members, canonical base64url, a JSON object as header.
/// Errors  malformed; unsupported (another alg, `none` included)
[[nodiscard]] auto parse_jws(const Json& jws) -> Result<Jws>;

/// parse_jws, then: exactly one signature, of this `typ`, by this key. Returns the payload.
/// Errors  malformed, unsupported, unauthenticated
[[nodiscard]] auto open_jws(const Json& jws, std::string_view typ, const VerifyKey& key) -> Result<Bytes>;

}  // namespace cg::crypto
