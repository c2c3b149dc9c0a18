#include "crypto/bech32.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

namespace cg::crypto {
namespace {

constexpr std::string_view alphabet = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
constexpr std::size_t checksum_digits = 6;

/// The running checksum of BIP 173 over 5-bit digits.
class Checksum {
public:
    explicit Checksum(std::string_view lower_prefix) {
        for (const char c : lower_prefix) add(static_cast<std::uint8_t>(c) >> 5U);
        add(0);
        for (const char c : lower_prefix) add(static_cast<std::uint8_t>(c) & 31U);
    }
    void add(std::uint32_t digit) {
        constexpr std::array<std::uint32_t, 5> generator{0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3};
        const auto top = state_ >> 25U;
        state_ = ((state_ & 0x1ffffffU) << 5U) ^ digit;
        for (std::size_t i = 0; i < generator.size(); ++i) {
            if (((top >> i) & 1U) != 0) state_ ^= generator[i];
        }
    }
    [[nodiscard]] auto value() const -> std::uint32_t { return state_; }

private:
    std::uint32_t state_ = 1;
};

auto lower(char c) -> char {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

auto has_mixed_case(std::string_view text) -> bool {
    const auto is_upper = [](char c) { return c >= 'A' && c <= 'Z'; };
    const auto is_lower = [](char c) { return c >= 'a' && c <= 'z'; };
    return std::ranges::any_of(text, is_upper) && std::ranges::any_of(text, is_lower);
}

auto digit_of(char c) -> std::optional<std::uint32_t> {
    const auto at = alphabet.find(lower(c));
    if (at == std::string_view::npos) return std::nullopt;
    return static_cast<std::uint32_t>(at);
}

auto checksum_fits(std::string_view prefix, std::string_view digits) -> bool {
    std::string lowered{prefix};
    std::ranges::transform(lowered, lowered.begin(), lower);
    Checksum sum{lowered};
    for (const char c : digits) {
        const auto digit = digit_of(c);
        if (!digit) return false;
        sum.add(*digit);
    }
    return sum.value() == 1;
}

/// 5-bit digits, already known to be of the alphabet, to bytes. Nothing when the digits are more than the bytes need,
/// or the bits left over are not zero: another text would stand for the same bytes.
auto regroup(std::string_view digits) -> std::optional<SecretBytes> {
    SecretBytes out(digits.size() * 5 / 8);
    std::uint32_t window = 0;
    unsigned bits = 0;
    std::size_t filled = 0;
    for (const char c : digits) {
        window = ((window << 5U) | *digit_of(c)) & 0xfffU;
        bits += 5;
        if (bits < 8) continue;
        bits -= 8;
        out.fill()[filled++] = static_cast<std::uint8_t>((window >> bits) & 0xffU);
    }
    if (bits >= 5 || (window & ((1U << bits) - 1U)) != 0) return std::nullopt;
    return out;
}

}  // namespace

auto bech32_encode(std::string_view prefix, ByteView data) -> std::string {
    std::string out;
    out.reserve(prefix.size() + 1 + (data.size() * 8 + 4) / 5 + checksum_digits);  // no copy left behind by growth
    out.append(prefix).push_back('1');
    Checksum sum{prefix};
    const auto put = [&](std::uint32_t digit) {
        sum.add(digit);
        out.push_back(alphabet[digit]);
    };
    std::uint32_t window = 0;
    unsigned bits = 0;
    for (const auto byte : data) {
        window = ((window << 8U) | byte) & 0xfffU;
        for (bits += 8; bits >= 5;) {
            bits -= 5;
            put((window >> bits) & 31U);
        }
    }
    if (bits > 0) put((window << (5 - bits)) & 31U);
    for (std::size_t i = 0; i < checksum_digits; ++i) sum.add(0);
    const auto check = sum.value() ^ 1U;
    for (std::size_t i = 0; i < checksum_digits; ++i) out.push_back(alphabet[(check >> (5 * (5 - i))) & 31U]);
    return out;
}

auto bech32_decode(std::string_view text) -> Result<Bech32> {
    if (has_mixed_case(text)) return fail(Errc::malformed, "Bech32: mixes upper and lower case");
    const auto separator = text.rfind('1');
    if (separator == std::string_view::npos || separator == 0) return fail(Errc::malformed, "Bech32: no prefix");
    const auto prefix = text.substr(0, separator);
    if (std::ranges::any_of(prefix, [](char c) { return c < '!' || c > '~'; })) {
        return fail(Errc::malformed, "Bech32: the prefix holds a character that may not be there");
    }
    const auto digits = text.substr(separator + 1);
    if (digits.size() < checksum_digits || !checksum_fits(prefix, digits)) {
        return fail(Errc::malformed, "Bech32: wrong character or checksum; was it copied whole?");
    }
    auto data = regroup(digits.substr(0, digits.size() - checksum_digits));
    if (!data) return fail(Errc::malformed, "Bech32: not the one way to write these bytes");
    return Bech32{std::string{prefix}, std::move(*data)};
}

}  // namespace cg::crypto
