#include "crypto/age.hpp"

#include <algorithm>

namespace cg::crypto {
namespace {

constexpr std::string_view begin_line = "-----BEGIN AGE ENCRYPTED FILE-----";
constexpr std::string_view end_line = "-----END AGE ENCRYPTED FILE-----";
constexpr std::string_view white_space = " \t\r\n";
constexpr std::size_t columns = 64;

auto refuse(std::string detail) {
    return fail(Errc::malformed, "age armor: " + std::move(detail));
}

auto trimmed(std::string_view text) -> std::string_view {
    const auto first = text.find_first_not_of(white_space);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(white_space) - first + 1);
}

/// The digits of all lines. Every line but the last has 64 of them, the last at least one.
auto join_lines(std::string_view body, std::string_view line_end) -> Result<std::string> {
    std::string out;
    out.reserve(body.size());
    while (!body.empty()) {
        const auto end = body.find(line_end);
        if (end == std::string_view::npos) return refuse("a line does not end as the first one does");
        const auto line = body.substr(0, end);
        body.remove_prefix(end + line_end.size());
        if (line.empty() || line.size() > columns || (line.size() < columns && !body.empty())) {
            return refuse("lines are of 64 columns, but for the last");
        }
        out += line;
    }
    return out;
}

}  // namespace

auto age_armor(ByteView sealed) -> std::string {
    const auto digits = to_base64(sealed, Base64::standard);
    std::string out;
    out.reserve(digits.size() + digits.size() / columns + begin_line.size() + end_line.size() + 4);
    out.append(begin_line).push_back('\n');
    for (std::string_view left{digits}; !left.empty(); left.remove_prefix(std::min(columns, left.size()))) {
        out.append(left.substr(0, columns)).push_back('\n');
    }
    out.append(end_line).push_back('\n');
    return out;
}

auto is_age_armored(ByteView file) noexcept -> bool {
    const auto text = view_text(file);
    const auto first = text.find_first_not_of(white_space);
    return first != std::string_view::npos && text.substr(first).starts_with(begin_line);
}

auto age_dearmor(std::string_view armored) -> Result<Bytes> {
    auto body = trimmed(armored);
    if (!body.starts_with(begin_line)) return refuse("does not begin with its BEGIN line");
    body.remove_prefix(begin_line.size());
    const std::string_view line_end = body.starts_with("\r\n") ? "\r\n" : "\n";
    if (!body.starts_with(line_end)) return refuse("does not begin with its BEGIN line");
    body.remove_prefix(line_end.size());
    if (!body.ends_with(end_line)) return refuse("does not end with its END line");
    body.remove_suffix(end_line.size());
    CG_TRY(const auto digits, join_lines(body, line_end));
    auto bytes = from_base64(digits, Base64::standard);
    if (!bytes) return refuse("is not canonical base64");
    return bytes;
}

}  // namespace cg::crypto
