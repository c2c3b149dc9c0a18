#pragma once
/// What the signed formats of this room have in common. Not for use outside it.

#include "gateway/base/object_reader.hpp"
#include "gateway/wire/routing.hpp"

namespace cg::wire {



/// Parses payload bytes that must be JCS: what is accepted was written in exactly one way.
/// Errors  malformed, too_large
[[nodiscard]] auto parse_canonical(ByteView untrusted, std::size_t max_bytes) -> Result<Json>;

/// One signature of this `typ` that names a certificate, and nothing else in its header.
/// Errors  malformed, unsupported
struct SignedPayload {
    Bytes payload;
    crypto::Digest certificate_sha256{};
    crypto::JwsSignature signature;
};
[[nodiscard]] auto read_signed(const Json& jws, std::string_view typ) -> Result<SignedPayload>;

/// The end of every strict reader: the value, or all that was noted.
[[nodiscard]] auto refuse(std::string what, std::vector<Problem> problems) -> Error;

}  // namespace cg::wire
