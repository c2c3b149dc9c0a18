#pragma once
/// SHA-256 (FIPS 180-4), HMAC-SHA-256 (RFC 2104) and random bytes.

#include "crypto/secret.hpp"
#include "gateway/base/bytes.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace cg::crypto {

using Digest = std::array<std::uint8_t, 32>;

[[nodiscard]] auto sha256(ByteView bytes) -> Digest;
[[nodiscard]] inline auto sha256(std::string_view text) -> Digest { return sha256(view_bytes(text)); }
[[nodiscard]] auto hmac_sha256(ByteView key, ByteView message) -> Digest;
/// The message is the parts one after another.
[[nodiscard]] auto hmac_sha256(ByteView key, std::initializer_list<ByteView> parts) -> Digest;

/// SHA-256 of what arrives in pieces.
class Sha256Stream {
public:
    Sha256Stream();
    Sha256Stream(Sha256Stream&&) noexcept;
    auto operator=(Sha256Stream&&) noexcept -> Sha256Stream&;
    ~Sha256Stream();
    void update(ByteView bytes);
    /// The digest of all so far; starts again from nothing.
    [[nodiscard]] auto finish() -> Digest;

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// From the operating system. Ends the process if the system gives none: nothing safe can follow.
void random_fill(std::span<std::uint8_t> out);
[[nodiscard]] auto random_bytes(std::size_t count) -> Bytes;
[[nodiscard]] auto random_secret(std::size_t count) -> SecretBytes;
/// `prefix` and 26 characters of lower-case base32: 128 random bits. For message and decision ids.
[[nodiscard]] auto random_id(std::string_view prefix) -> std::string;

}  // namespace cg::crypto
