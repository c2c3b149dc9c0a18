// The two written forms of JSON: canonical (RFC 8785) and indented.

#include "gateway/base/json.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>

namespace cg {
namespace {

void write_string(std::string& out, std::string_view text) {
    constexpr std::string_view hex = "0123456789abcdef";
    out.push_back('"');
    for (const char c : text) {
        switch (c) {
            case '"': out += "\\\""; break;
            case '\\': out += "\\\\"; break;
            case '\b': out += "\\b"; break;
            case '\f': out += "\\f"; break;
            case '\n': out += "\\n"; break;
            case '\r': out += "\\r"; break;
            case '\t': out += "\\t"; break;
            default:
                if (static_cast<unsigned char>(c) < 0x20U) {
                    out += "\\u00";
                    out.push_back(hex[static_cast<unsigned char>(c) >> 4U]);
                    out.push_back(hex[static_cast<unsigned char>(c) & 0x0fU]);
                } else {
                    out.push_back(c);
                }
        }
    }
    out.push_back('"');
}

/// RFC 8785 sorts names by UTF-16 code units. That is the order of the UTF-8 bytes, except that code points of
/// U+E000..U+FFFF sort after those that need surrogates (U+10000 and up).
auto utf16_less(std::string_view a, std::string_view b) noexcept -> bool {
    const auto [pa, pb] = std::ranges::mismatch(a, b);
    if (pa == a.end() || pb == b.end()) return pa == a.end() && pb != b.end();
    const auto rank = [](char c) -> unsigned {
        const auto byte = static_cast<unsigned char>(c);
        if (byte >= 0xf0U) return 0xeeU;                    // four bytes: a surrogate pair, below U+E000
        if (byte >= 0xeeU) return static_cast<unsigned>(byte) + 1U;  // U+E000..U+FFFF
        return byte;
    };
    // 0xee is the lead byte of U+E000..U+EFFF: both moved up one, so that 0xee stands for every surrogate pair.
    const unsigned ra = rank(*pa);
    const unsigned rb = rank(*pb);
    if (ra != rb) return ra < rb;
    return static_cast<unsigned char>(*pa) < static_cast<unsigned char>(*pb);
}

void write_leaf(std::string& out, const Json& value) {
    if (const auto* text = value.if_string()) return write_string(out, *text);
    if (const auto* number = value.if_number()) {
        out += to_es_number(*number);
        return;
    }
    if (const auto* flag = value.if_bool()) {
        out += *flag ? "true" : "false";
        return;
    }
    out += "null";
}

void write_jcs(std::string& out, const Json& value) {
    if (const auto* items = value.if_array()) {
        out.push_back('[');
        for (std::size_t i = 0; i < items->size(); ++i) {
            if (i > 0) out.push_back(',');
            write_jcs(out, (*items)[i]);
        }
        out.push_back(']');
        return;
    }
    const auto* members = value.if_object();
    if (members == nullptr) return write_leaf(out, value);
    std::vector<const JsonMember*> sorted;
    sorted.reserve(members->size());
    for (const auto& member : *members) sorted.push_back(&member);
    std::ranges::sort(sorted, [](const auto* a, const auto* b) { return utf16_less(a->name, b->name); });
    out.push_back('{');
    for (std::size_t i = 0; i < sorted.size(); ++i) {
        if (i > 0) out.push_back(',');
        write_string(out, sorted[i]->name);
        out.push_back(':');
        write_jcs(out, sorted[i]->value);
    }
    out.push_back('}');
}

void new_line(std::string& out, std::size_t depth) {
    out.push_back('\n');
    out.append(depth, ' ');
}

void write_pretty(std::string& out, const Json& value, std::size_t depth) {
    if (value.is_leaf()) return write_leaf(out, value);
    const bool is_array = value.is_array();
    out.push_back(is_array ? '[' : '{');
    for (std::size_t i = 0; i < value.size(); ++i) {
        if (i > 0) out.push_back(',');
        new_line(out, depth + 1);
        if (is_array) {
            write_pretty(out, (*value.if_array())[i], depth + 1);
        } else {
            const auto& member = (*value.if_object())[i];
            write_string(out, member.name);
            out += ": ";
            write_pretty(out, member.value, depth + 1);
        }
    }
    if (value.size() > 0) new_line(out, depth);
    out.push_back(is_array ? ']' : '}');
}

}  // namespace

auto to_es_number(double number) -> std::string {
    CG_ENSURE(std::isfinite(number));
    if (number == 0) return "0";  // also for -0
    // to_chars gives the shortest digits that read back the same, as ECMAScript asks; only the layout differs.
    std::array<char, 40> buffer{};
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), std::abs(number),
                                   std::chars_format::scientific);
    const std::string_view text{buffer.data(), static_cast<std::size_t>(end.ptr - buffer.data())};
    const auto e = text.find('e');
    std::string digits{text.substr(0, 1)};
    if (e > 2) digits += text.substr(2, e - 2);
    const int exponent = std::atoi(std::string{text.substr(e + 1)}.c_str());
    const int count = static_cast<int>(digits.size());
    const int point = exponent + 1;  // where the decimal point stands, counted from the first digit

    std::string out = number < 0 ? "-" : "";
    if (point >= count && point <= 21) {
        out += digits + std::string(static_cast<std::size_t>(point - count), '0');
    } else if (point > 0 && point <= 21) {
        out += digits.substr(0, static_cast<std::size_t>(point)) + "." + digits.substr(static_cast<std::size_t>(point));
    } else if (point > -6 && point <= 0) {
        out += "0." + std::string(static_cast<std::size_t>(-point), '0') + digits;
    } else {
        out += digits.substr(0, 1);
        if (count > 1) out += "." + digits.substr(1);
        out += std::string{"e"} + (point - 1 < 0 ? "-" : "+") + std::to_string(std::abs(point - 1));
    }
    return out;
}

auto to_jcs(const Json& value) -> std::string {
    std::string out;
    write_jcs(out, value);
    return out;
}

auto to_pretty_json(const Json& value) -> std::string {
    std::string out;
    write_pretty(out, value, 0);
    return out;
}

}  // namespace cg
