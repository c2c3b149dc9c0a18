#pragma once
/// Random JSON trees: odd names, odd numbers, every plane of Unicode.

#include "gateway/base/json.hpp"

#include <rapidcheck.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <string>

namespace cg::testing {

inline void append_utf8(std::string& out, std::uint32_t c) {
    const auto tail = [&out, c](unsigned shift) { out.push_back(static_cast<char>(0x80U | ((c >> shift) & 0x3fU))); };
    if (c < 0x80) {
        out.push_back(static_cast<char>(c));
    } else if (c < 0x800) {
        out.push_back(static_cast<char>(0xc0U | (c >> 6U)));
        tail(0);
    } else if (c < 0x10000) {
        out.push_back(static_cast<char>(0xe0U | (c >> 12U)));
        tail(6);
        tail(0);
    } else {
        out.push_back(static_cast<char>(0xf0U | (c >> 18U)));
        tail(12);
        tail(6);
        tail(0);
    }
}

/// A Unicode scalar value, with the edges of each length and of the surrogates often.
inline auto any_scalar() -> rc::Gen<std::uint32_t> {
    return rc::gen::map(rc::gen::oneOf(rc::gen::inRange<std::uint32_t>(0, 0x80), rc::gen::inRange<std::uint32_t>(0x20, 0x7f),
                                       rc::gen::inRange<std::uint32_t>(0x80, 0x800), rc::gen::inRange<std::uint32_t>(0x800, 0x110000),
                                       rc::gen::element<std::uint32_t>(0, 0x1f, 0x22, 0x5c, 0x7f, 0x80, 0x7ff, 0x800, 0xd7ff, 0xe000,
                                                                       0xfeff, 0xfffe, 0xffff, 0x10000, 0x10ffff, 0x2028, 0x2029)),
                        [](std::uint32_t c) { return c >= 0xd800 && c < 0xe000 ? c + 0x2000 : c; });
}

inline auto any_text() -> rc::Gen<std::string> {
    return rc::gen::map(rc::gen::container<std::vector<std::uint32_t>>(any_scalar()), [](const auto& scalars) {
        std::string out;
        for (const auto c : scalars) append_utf8(out, c);
        return out;
    });
}

/// A finite double: by its bits, near a power of ten, or a plain integer.
inline auto any_number() -> rc::Gen<double> {
    const auto by_bits = rc::gen::map(rc::gen::arbitrary<std::uint64_t>(), [](std::uint64_t bits) {
        const double value = std::bit_cast<double>(bits);
        return std::isfinite(value) ? value : 0.1;
    });
    const auto near_power = rc::gen::map(rc::gen::pair(rc::gen::inRange(-320, 309), rc::gen::inRange(-3, 4)), [](auto pair) {
        double value = std::pow(10.0, pair.first);
        for (int i = 0; i < std::abs(pair.second); ++i) value = std::nextafter(value, pair.second < 0 ? 0.0 : 1e308);
        return value;
    });
    const auto integer = rc::gen::map(rc::gen::inRange<std::int64_t>(-(std::int64_t{1} << 53), (std::int64_t{1} << 53) + 1),
                                      [](std::int64_t i) { return static_cast<double>(i); });
    const auto small = rc::gen::map(rc::gen::inRange(-1000, 1000), [](int i) { return i / 8.0; });
    return rc::gen::oneOf(by_bits, near_power, integer, small);
}

/// Of those, what the parser takes: between 2^53 and 10^21 JCS writes integers that are not I-JSON.
inline auto any_readable_number() -> rc::Gen<double> {
    return rc::gen::map(any_number(), [](double d) { return std::abs(d) > 9007199254740992.0 && std::abs(d) < 1e21 ? d / 1e21 : d; });
}

inline auto any_leaf() -> rc::Gen<Json> {
    return rc::gen::oneOf(rc::gen::just(Json{}), rc::gen::map(rc::gen::arbitrary<bool>(), [](bool b) { return Json{b}; }),
                          rc::gen::map(any_readable_number(), [](double d) { return Json{d}; }),
                          rc::gen::map(any_text(), [](const std::string& s) { return Json{s}; }));
}

inline auto any_json(int depth) -> rc::Gen<Json> {
    if (depth == 0) return any_leaf();
    const auto items = rc::gen::scale(0.4, rc::gen::container<std::vector<Json>>(any_json(depth - 1)));
    const auto members =
        rc::gen::scale(0.4, rc::gen::container<std::vector<std::pair<std::string, Json>>>(rc::gen::pair(any_text(), any_json(depth - 1))));
    return rc::gen::oneOf(any_leaf(), rc::gen::map(items, [](const auto& list) { return Json{JsonArray(list.begin(), list.end())}; }),
                          rc::gen::map(members, [](const auto& list) {
                              Json out = Json::object();
                              for (const auto& [name, value] : list) out.set(name, value);
                              return out;
                          }));
}

}  // namespace cg::testing
