#pragma once
/// ChaCha20-Poly1305 (RFC 8439) for one short message.

#include "crypto/secret.hpp"
#include "gateway/base/bytes.hpp"
#include "gateway/base/result.hpp"

#include <cstddef>

namespace cg::crypto {

inline constexpr std::size_t chacha_key_bytes = 32;
inline constexpr std::size_t chacha_nonce_bytes = 12;
inline constexpr std::size_t chacha_tag_bytes = 16;

/// Returns   ciphertext and tag
/// Secret    never use the same key and nonce for two messages
[[nodiscard]] auto chacha_seal(ByteView key, ByteView nonce, ByteView associated, ByteView plaintext) -> Bytes;
/// Errors    unauthenticated
[[nodiscard]] auto chacha_open(ByteView key, ByteView nonce, ByteView associated, ByteView sealed)
    -> Result<SecretBytes>;

}  // namespace cg::crypto
