#include "policy/identifier.hpp"

#include <algorithm>

namespace cg::policy {
namespace {

auto is_digit(char c) noexcept -> bool {
    return c >= '0' && c <= '9';
}

/// Sum of digit times weight, the weights falling from 10.
auto weighted(std::string_view digits) noexcept -> int {
    int sum = 0;
    int weight = 10;
    for (const char c : digits) sum += (c - '0') * weight--;
    return sum;
}

auto is_ten_digits(std::string_view text) noexcept -> bool {
    return text.size() == 10 && std::ranges::all_of(text, is_digit);
}

constexpr std::string_view upn_letters = "ABCDEFGHJKLMNPQRTUVWXYZ";

/// Digits count as themselves; the letter at the end of a temporary number by its place.
auto upn_value(char c) noexcept -> int {
    if (is_digit(c)) return c - '0';
    const auto at = upn_letters.find(c);
    return at == std::string_view::npos ? -1 : static_cast<int>(at);
}

}  // namespace

auto digits_of(std::string_view text) -> std::string {
    std::string out;
    for (const char c : text)
        if (c != ' ' && c != '-' && c != '\t') out.push_back(c);
    return out;
}

auto is_nhs_number(std::string_view digits) noexcept -> bool {
    if (!is_ten_digits(digits)) return false;
    const int check = 11 - weighted(digits.substr(0, 9)) % 11;
    return check != 10 && check % 11 == digits[9] - '0';
}

auto is_uln(std::string_view digits) noexcept -> bool {
    return is_ten_digits(digits) && digits[0] != '0' && weighted(digits) % 11 == 10;
}

auto is_upn(std::string_view text) noexcept -> bool {
    if (text.size() != 13) return false;
    int sum = 0;
    for (std::size_t i = 1; i < text.size(); ++i) {
        const int value = upn_value(text[i]);
        if (value < 0 || (!is_digit(text[i]) && i + 1 != text.size())) return false;
        sum += value * static_cast<int>(i + 1);
    }
    return upn_letters[static_cast<std::size_t>(sum % 23)] == text[0];
}

}  // namespace cg::policy
