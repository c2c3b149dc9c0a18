#pragma once
/// Bytes, views of bytes, and their text forms.

#include "gateway/base/result.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cg {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;

/// The same bytes, seen as the other kind. Lifetime: borrows the argument.
[[nodiscard]] inline auto view_bytes(std::string_view text) noexcept -> ByteView {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
[[nodiscard]] inline auto view_text(ByteView bytes) noexcept -> std::string_view {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}
[[nodiscard]] inline auto to_bytes(std::string_view text) -> Bytes { return {text.begin(), text.end()}; }
[[nodiscard]] inline auto to_text(ByteView bytes) -> std::string { return {bytes.begin(), bytes.end()}; }

/// Lower-case hexadecimal.
[[nodiscard]] auto to_hex(ByteView bytes) -> std::string;
/// Accepts an even number of lower-case digits only. Errors: malformed.
[[nodiscard]] auto from_hex(std::string_view text) -> Result<Bytes>;

/// The alphabets of RFC 4648.
enum class Base64 : std::uint8_t {
    standard,     ///< section 4, padded
    unpadded,     ///< section 4, no padding (age)
    url,          ///< section 5, no padding (JOSE)
};

[[nodiscard]] auto to_base64(ByteView bytes, Base64 form) -> std::string;
/// Strict: exactly what to_base64 would write, so no two texts stand for the same bytes. White space, wrong padding and
/// non-zero trailing bits are refused.
/// Errors  malformed
[[nodiscard]] auto from_base64(std::string_view text, Base64 form) -> Result<Bytes>;

}  // namespace cg
