#include "gateway/base/bytes.hpp"

#include <array>

namespace cg {
namespace {

constexpr std::string_view hex_digits = "0123456789abcdef";
constexpr std::string_view standard_digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view url_digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

constexpr std::uint8_t not_a_digit = 0xff;

constexpr auto reverse_table(std::string_view digits) {
    std::array<std::uint8_t, 256> table{};
    table.fill(not_a_digit);
    for (std::size_t i = 0; i < digits.size(); ++i)
        table[static_cast<std::uint8_t>(digits[i])] = static_cast<std::uint8_t>(i);
    return table;
}

constexpr auto hex_values = reverse_table(hex_digits);
constexpr auto standard_values = reverse_table(standard_digits);
constexpr auto url_values = reverse_table(url_digits);

}  // namespace

auto to_hex(ByteView bytes) -> std::string {
    std::string out;
    out.reserve(bytes.size() * 2);
    for (const auto byte : bytes) {
        out.push_back(hex_digits[byte >> 4U]);
        out.push_back(hex_digits[byte & 0x0fU]);
    }
    return out;
}

auto from_hex(std::string_view text) -> Result<Bytes> {
    if (text.size() % 2 != 0) return fail(Errc::malformed, "odd number of hexadecimal digits");
    Bytes out;
    out.reserve(text.size() / 2);
    for (std::size_t i = 0; i < text.size(); i += 2) {
        const auto high = hex_values[static_cast<std::uint8_t>(text[i])];
        const auto low = hex_values[static_cast<std::uint8_t>(text[i + 1])];
        if (high == not_a_digit || low == not_a_digit)
            return fail(Errc::malformed, "not a lower-case hexadecimal digit");
        out.push_back(static_cast<std::uint8_t>((high << 4U) | low));
    }
    return out;
}

auto to_base64(ByteView bytes, Base64 form) -> std::string {
    const auto digits = form == Base64::url ? url_digits : standard_digits;
    std::string out;
    out.reserve((bytes.size() + 2) / 3 * 4);
    std::uint32_t window = 0;
    unsigned bits = 0;
    for (const auto byte : bytes) {
        window = (window << 8U) | byte;
        bits += 8;
        while (bits >= 6) {
            bits -= 6;
            out.push_back(digits[(window >> bits) & 0x3fU]);
        }
    }
    if (bits > 0) out.push_back(digits[(window << (6 - bits)) & 0x3fU]);
    if (form == Base64::standard) out.append((4 - out.size() % 4) % 4, '=');
    return out;
}

auto from_base64(std::string_view text, Base64 form) -> Result<Bytes> {
    if (form == Base64::standard) {
        if (text.size() % 4 != 0) return fail(Errc::malformed, "base64 is not padded to a multiple of four");
        for (int pad = 0; pad < 2 && text.ends_with('='); ++pad) text.remove_suffix(1);
    }
    if (text.size() % 4 == 1) return fail(Errc::malformed, "base64 has an impossible length");
    const auto& values = form == Base64::url ? url_values : standard_values;
    Bytes out;
    out.reserve(text.size() * 3 / 4);
    std::uint32_t window = 0;
    unsigned bits = 0;
    for (const char c : text) {
        const auto value = values[static_cast<std::uint8_t>(c)];
        if (value == not_a_digit) return fail(Errc::malformed, "not a base64 digit");
        window = (window << 6U) | value;
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            out.push_back(static_cast<std::uint8_t>((window >> bits) & 0xffU));
        }
    }
    if ((window & ((1U << bits) - 1U)) != 0) return fail(Errc::malformed, "base64 has stray bits at its end");
    return out;
}

}  // namespace cg
