#pragma once
/// HKDF-SHA-256 (RFC 5869).

#include "crypto/secret.hpp"
#include "gateway/base/bytes.hpp"

#include <cstddef>

namespace cg::crypto {

/// Section 2.2: a pseudorandom key of 32 bytes. An empty salt stands for 32 zero bytes.
[[nodiscard]] auto hkdf_extract(ByteView salt, ByteView key_material) -> SecretBytes;
/// Section 2.3. `length` is at most 255 · 32.
[[nodiscard]] auto hkdf_expand(ByteView pseudorandom_key, ByteView info, std::size_t length) -> SecretBytes;
/// Both in turn, for a key of 32 bytes.
[[nodiscard]] auto hkdf(ByteView key_material, ByteView salt, ByteView info) -> SecretBytes;

}  // namespace cg::crypto
