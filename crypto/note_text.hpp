#pragma once
/// The text forms that notes, checkpoints and proofs have in common. For crypto/ only.

#include "crypto/hash.hpp"
#include "gateway/base/result.hpp"

#include <cstdint>
#include <string_view>

namespace cg::crypto {

/// UTF-8 (RFC 3629) without control characters other than new line (C2SP signed-note).
[[nodiscard]] auto is_note_text(std::string_view text) noexcept -> bool;
/// Takes the first line off `text` and returns it without its new line. Errors: malformed, where no new line ends it.
[[nodiscard]] auto take_note_line(std::string_view& text) -> Result<std::string_view>;
/// ASCII decimal without leading zeros, below 2^63 so that every tool can hold it. Errors: malformed.
[[nodiscard]] auto parse_note_number(std::string_view digits) -> Result<std::uint64_t>;
/// Padded base64 of 32 bytes. Errors: malformed.
[[nodiscard]] auto parse_note_hash(std::string_view base64) -> Result<Digest>;

}  // namespace cg::crypto
