#pragma once
/// Authenticated encryption of what fits in memory, under random nonces: ChaCha20-Poly1305 (RFC 8439).

#include "crypto/secret.hpp"
#include "gateway/base/bytes.hpp"
#include "gateway/base/result.hpp"

#include <cstddef>

namespace cg::crypto {

inline constexpr std::size_t aead_key_bytes = 32;

/// Input    a key of 32 bytes; at most 2^32 messages under one key, since nonces are random
/// Returns  nonce (12 fresh random bytes) ‖ ciphertext ‖ tag (16)
[[nodiscard]] auto aead_seal(const SecretBytes& key, ByteView plaintext, ByteView associated) -> Bytes;

/// Errors  unauthenticated: another key, other associated data, altered or cut short: which one is not told
[[nodiscard]] auto aead_open(const SecretBytes& key, ByteView sealed, ByteView associated) -> Result<SecretBytes>;

}  // namespace cg::crypto
