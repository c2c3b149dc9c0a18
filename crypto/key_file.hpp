#pragma once
/// How key files are protected: scrypt (RFC 7914) over the passphrase. Used by keys.hpp, which is what others call.

#include "crypto/secret.hpp"
#include "gateway/base/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace cg::crypto {

/// The price of one guess at a passphrase.
struct ScryptCost {
    std::uint64_t n = 0;
    std::uint64_t r = 0;
    std::uint64_t p = 0;
};

/// What we write: 16 MiB and about a tenth of a second. More memory than that OpenSSL refuses to read.
inline constexpr ScryptCost scrypt_cost{16384, 8, 5};

/// Whether a file may ask for this: at most 64 MiB, and no more work than eight times our own. A file is no place to let a
/// stranger choose how much memory we allocate.
[[nodiscard]] auto is_bearable(const ScryptCost& cost) noexcept -> bool;

/// Requires is_bearable(cost).
[[nodiscard]] auto scrypt_key(const SecretBytes& passphrase, ByteView salt, const ScryptCost& cost) -> SecretBytes;

/// A PKCS#8 PrivateKeyInfo as PEM `ENCRYPTED PRIVATE KEY`: PBES2 (RFC 8018) with scrypt and AES-256-CBC.
[[nodiscard]] auto pkcs8_seal(ByteView private_key_info, const SecretBytes& passphrase) -> std::string;
/// Not authenticated: what comes out may be noise.
/// Errors  malformed, unsupported (other algorithms), unauthenticated
[[nodiscard]] auto pkcs8_open(std::string_view pem, const SecretBytes& passphrase) -> Result<SecretBytes>;

}  // namespace cg::crypto
