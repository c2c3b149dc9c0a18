#include "crypto/note_text.hpp"

#include <algorithm>
#include <charconv>

namespace cg::crypto {
namespace {

/// The length of the well-formed UTF-8 sequence at the front of `text` (RFC 3629 section 4), or 0.
auto utf8_length(std::string_view text) noexcept -> std::size_t {
    const auto at = [text](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
    const auto lead = at(0);
    if (lead < 0x80) return 1;
    const std::size_t length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    if (lead < 0xc2 || lead > 0xf4 || text.size() < length) return 0;
    for (std::size_t i = 1; i < length; ++i)
        if ((at(i) & 0xc0U) != 0x80U) return 0;
    const bool overlong = (lead == 0xe0 && at(1) < 0xa0) || (lead == 0xf0 && at(1) < 0x90);
    const bool surrogate = lead == 0xed && at(1) > 0x9f;
    const bool beyond = lead == 0xf4 && at(1) > 0x8f;
    return overlong || surrogate || beyond ? 0 : length;
}

}  // namespace

auto is_note_text(std::string_view text) noexcept -> bool {
    while (!text.empty()) {
        const auto length = utf8_length(text);
        if (length == 0) return false;
        if (static_cast<std::uint8_t>(text.front()) < 0x20 && text.front() != '\n') return false;
        text.remove_prefix(length);
    }
    return true;
}

auto take_note_line(std::string_view& text) -> Result<std::string_view> {
    const auto end = text.find('\n');
    if (end == std::string_view::npos) return fail(Errc::malformed, "text ends in the middle of a line");
    const auto line = text.substr(0, end);
    text.remove_prefix(end + 1);
    return line;
}

auto parse_note_number(std::string_view digits) -> Result<std::uint64_t> {
    const auto bad = [] { return fail(Errc::malformed, "not a decimal number without leading zeros"); };
    std::uint64_t value = 0;
    if (digits.starts_with('0') && digits != "0") return bad();
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error != std::errc{} || end != digits.data() + digits.size() || value > INT64_MAX) return bad();
    return value;
}

auto parse_note_hash(std::string_view base64) -> Result<Digest> {
    CG_TRY(const auto bytes, from_base64(base64, Base64::standard));
    Digest out{};
    if (bytes.size() != out.size()) return fail(Errc::malformed, "a SHA-256 hash has 32 bytes");
    std::ranges::copy(bytes, out.begin());
    return out;
}

}  // namespace cg::crypto
