#pragma once
/// The header of an age v1 file (C2SP age, "Header"): bytes to and from stanzas. No keys here.

#include "gateway/base/bytes.hpp"
#include "gateway/base/result.hpp"

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cg::crypto {

/// No header may be longer: about 650 post-quantum recipients.
inline constexpr std::size_t max_age_header_bytes = 1U << 20U;

struct AgeStanza {
    std::vector<std::string> arguments;  ///< at least one; the first names the kind of recipient
    Bytes body;
};

struct AgeHeader {
    std::vector<AgeStanza> stanzas;  ///< at least one
    std::array<std::uint8_t, 32> mac{};
};

/// Where the header ends, if `file` begins with a whole one. Reads no more into it: parse_age_header judges.
[[nodiscard]] auto age_header_length(std::string_view file) noexcept -> std::optional<std::size_t>;
/// Whether `file`, or what there is of it so far, can be the beginning of an age v1 file.
[[nodiscard]] auto can_begin_age_file(std::string_view file) noexcept -> bool;

/// Input     exactly one header, untrusted
/// Returns   a header that encode_age_header writes as exactly `text`
/// Errors    malformed
/// Threads   pure
[[nodiscard]] auto parse_age_header(std::string_view text) -> Result<AgeHeader>;

/// The header up to and including `---`: what the MAC covers.
[[nodiscard]] auto encode_age_header_before_mac(const std::vector<AgeStanza>& stanzas) -> std::string;
[[nodiscard]] auto encode_age_header(const AgeHeader& header) -> std::string;
/// The part of a well-formed header's text that its MAC covers.
[[nodiscard]] auto age_header_before_mac(std::string_view text) noexcept -> std::string_view;

}  // namespace cg::crypto
