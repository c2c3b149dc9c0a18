#pragma once
/// X25519 (RFC 7748 sections 5 and 6.1).

#include "crypto/secret.hpp"
#include "gateway/base/bytes.hpp"
#include "gateway/base/result.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace cg::crypto {

inline constexpr std::size_t x25519_bytes = 32;
using X25519Public = std::array<std::uint8_t, x25519_bytes>;

/// A secret scalar and its public point.
class X25519Key {
public:
    /// `secret` is 32 bytes; section 5 says how they become the scalar.
    explicit X25519Key(ByteView secret);
    X25519Key(X25519Key&&) noexcept;
    auto operator=(X25519Key&&) noexcept -> X25519Key&;
    ~X25519Key();
    [[nodiscard]] auto public_key() const noexcept -> const X25519Public&;
    /// Errors  malformed (`peer` is not 32 bytes, or a point of low order: the secret would be all zero)
    [[nodiscard]] auto agree(ByteView peer) const -> Result<SecretBytes>;

private:
    struct State;
    std::unique_ptr<const State> state_;
};

}  // namespace cg::crypto
