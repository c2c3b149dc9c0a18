#include "crypto/age_header.hpp"

#include <algorithm>

namespace cg::crypto {
namespace {

constexpr std::string_view version_line = "age-encryption.org/v1\n";
constexpr std::string_view stanza_mark = "-> ";
constexpr std::string_view mac_mark = "---";
constexpr std::size_t columns = 64;
constexpr std::size_t bytes_a_line = 48;
constexpr std::size_t mac_digits = 43;

auto refuse(std::string detail) {
    return fail(Errc::malformed, "age header: " + std::move(detail));
}

/// Takes the first line off `text`, without its line feed.
auto take_line(std::string_view& text) -> Result<std::string_view> {
    const auto end = text.find('\n');
    if (end == std::string_view::npos) return refuse("ends in the middle of a line");
    const auto line = text.substr(0, end);
    text.remove_prefix(end + 1);
    return line;
}

auto parse_arguments(std::string_view line) -> Result<std::vector<std::string>> {
    std::vector<std::string> out;
    for (;;) {
        const auto end = std::min(line.find(' '), line.size());
        const auto argument = line.substr(0, end);
        if (argument.empty()) return refuse("a recipient line holds an empty argument");
        if (std::ranges::any_of(argument, [](char c) { return c < '!' || c > '~'; })) {
            return refuse("a recipient line holds a character that may not be there");
        }
        out.emplace_back(argument);
        if (end == line.size()) return out;
        line.remove_prefix(end + 1);
    }
}

auto parse_body(std::string_view& text) -> Result<Bytes> {
    Bytes out;
    for (;;) {
        CG_TRY(const auto line, take_line(text));
        if (line.size() > columns) return refuse("a line is longer than 64 columns");
        auto bytes = from_base64(line, Base64::unpadded);
        if (!bytes) return refuse("a line is not canonical base64");
        out.insert(out.end(), bytes.value().begin(), bytes.value().end());
        if (line.size() < columns) return out;  // the last line of a body is always short, and may be empty
    }
}

auto parse_mac(std::string_view line) -> Result<std::array<std::uint8_t, 32>> {
    line.remove_prefix(mac_mark.size());
    if (line.size() != 1 + mac_digits || line.front() != ' ') return refuse("the MAC line is not well formed");
    const auto bytes = from_base64(line.substr(1), Base64::unpadded);
    if (!bytes) return refuse("the MAC is not canonical base64");
    std::array<std::uint8_t, 32> mac{};
    CG_ENSURE(bytes.value().size() == mac.size());
    std::ranges::copy(bytes.value(), mac.begin());
    return mac;
}

}  // namespace

auto age_header_length(std::string_view file) noexcept -> std::optional<std::size_t> {
    const auto mark = file.find("\n---");  // no other line can begin so
    if (mark == std::string_view::npos) return std::nullopt;
    const auto end = file.find('\n', mark + 1);
    if (end == std::string_view::npos) return std::nullopt;
    return end + 1;
}

auto can_begin_age_file(std::string_view file) noexcept -> bool {
    const auto shared = std::min(file.size(), version_line.size());
    return file.substr(0, shared) == version_line.substr(0, shared);
}

auto parse_age_header(std::string_view text) -> Result<AgeHeader> {
    if (!text.starts_with(version_line)) return refuse("does not begin with the line of version 1");
    text.remove_prefix(version_line.size());
    AgeHeader out;
    for (;;) {
        CG_TRY(auto line, take_line(text));
        if (line.starts_with(mac_mark)) {
            CG_TRY(out.mac, parse_mac(line));
            break;
        }
        if (!line.starts_with(stanza_mark)) return refuse("a line is neither of a recipient nor the MAC");
        line.remove_prefix(stanza_mark.size());
        CG_TRY(auto arguments, parse_arguments(line));
        CG_TRY(auto body, parse_body(text));
        out.stanzas.push_back({std::move(arguments), std::move(body)});
    }
    if (out.stanzas.empty()) return refuse("names no recipient");
    if (!text.empty()) return refuse("goes on after its MAC");
    return out;
}

auto encode_age_header_before_mac(const std::vector<AgeStanza>& stanzas) -> std::string {
    std::string out{version_line};
    for (const auto& stanza : stanzas) {
        out += "->";
        for (const auto& argument : stanza.arguments) out.append(" ").append(argument);
        out.push_back('\n');
        for (ByteView left{stanza.body};;) {
            const auto line = left.first(std::min(left.size(), bytes_a_line));
            out.append(to_base64(line, Base64::unpadded)).push_back('\n');
            left = left.subspan(line.size());
            if (line.size() < bytes_a_line) break;
        }
    }
    return out.append(mac_mark);
}

auto encode_age_header(const AgeHeader& header) -> std::string {
    auto out = encode_age_header_before_mac(header.stanzas);
    out.append(" ").append(to_base64(header.mac, Base64::unpadded)).push_back('\n');
    return out;
}

auto age_header_before_mac(std::string_view text) noexcept -> std::string_view {
    CG_ENSURE(text.size() > 1 + mac_digits + 1);
    return text.substr(0, text.size() - (1 + mac_digits + 1));
}

}  // namespace cg::crypto
