#include "gateway/net/http_target.hpp"

#include <optional>
#include <string>
#include <utility>

namespace cg::net {
namespace {

auto nibble(char c) -> int {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

auto decode(std::string_view text, bool in_path) -> std::optional<std::string> {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            out += text[i];
            continue;
        }
        if (text.size() - i < 3) return std::nullopt;
        const int high = nibble(text[i + 1]);
        const int low = nibble(text[i + 2]);
        if (high < 0 || low < 0) return std::nullopt;
        const auto c = static_cast<char>(high * 16 + low);
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return std::nullopt;
        if (in_path && (c == '/' || c == '\\')) return std::nullopt;
        out += c;
        i += 2;
    }
    return out;
}

}  // namespace

auto read_target(std::string_view target, wire::Request& into) -> bool {
    const auto mark = target.find('?');
    auto path = decode(target.substr(0, mark), true);
    if (!path || !path->starts_with('/')) return false;
    into.path = *std::move(path);
    into.query.clear();
    if (mark == std::string_view::npos) return true;
    auto rest = target.substr(mark + 1);
    while (!rest.empty()) {
        const auto pair = rest.substr(0, rest.find('&'));
        rest.remove_prefix(std::min(rest.size(), pair.size() + 1));
        if (pair.empty()) continue;
        const auto equals = pair.find('=');
        auto name = decode(pair.substr(0, equals), false);
        auto value = decode(equals == std::string_view::npos ? std::string_view{} : pair.substr(equals + 1), false);
        if (!name || !value) return false;
        into.query.emplace_back(*std::move(name), *std::move(value));
    }
    return true;
}

}  // namespace cg::net
