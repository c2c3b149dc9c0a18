#pragma once
/// A file key wrapped for one recipient, and unwrapped again (C2SP age, "Native recipient types").

#include "crypto/age.hpp"
#include "crypto/age_header.hpp"
#include "crypto/secret.hpp"
#include "gateway/base/result.hpp"

#include <optional>
#include <span>

namespace cg::crypto {

inline constexpr std::size_t age_file_key_bytes = 16;

[[nodiscard]] auto wrap_age_file_key(const SecretBytes& file_key, const AgeRecipient& to) -> AgeStanza;

/// Returns   the file key of the first stanza that one of the identities opens
/// Errors    malformed        a stanza of an identity's kind that is not well formed, or scrypt beside another stanza
///           unsupported      scrypt
///           unauthenticated  no identity fits
[[nodiscard]] auto unwrap_age_file_key(std::span<const AgeStanza> stanzas,
                                       std::span<const AgeIdentity* const> identities) -> Result<SecretBytes>;

}  // namespace cg::crypto
