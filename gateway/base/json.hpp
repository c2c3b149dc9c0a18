#pragma once
/// JSON as Casegate reads and writes it: one strict parser, one tree, one canonical form.
///
/// Reads     I-JSON (RFC 7493): see parse_json
/// Writes    JCS (RFC 8785) where bytes are hashed or signed, and wherever else nobody needs line breaks

#include "gateway/base/bytes.hpp"
#include "gateway/base/result.hpp"

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace cg {

class Json;
struct JsonMember;

using JsonArray = std::vector<Json>;
/// Members in the order they came; names are unique.
using JsonObject = std::vector<JsonMember>;

/// A JSON value. A number is a double (I-JSON), exact for integers within ±2^53.
class Json {
public:
    Json() noexcept;  ///< null
    Json(std::nullptr_t) noexcept;
    Json(std::string text);
    Json(std::string_view text);
    Json(const char* text);
    Json(JsonArray items);
    Json(JsonObject members);
    template <class Number>
        requires std::is_arithmetic_v<Number>
    Json(Number number);
    Json(const Json&);
    Json(Json&&) noexcept;
    auto operator=(const Json&) -> Json&;
    auto operator=(Json&&) noexcept -> Json&;
    ~Json();

    [[nodiscard]] static auto object(std::initializer_list<JsonMember> members = {}) -> Json;
    [[nodiscard]] static auto array(std::initializer_list<Json> items = {}) -> Json;
    /// An array of texts from any range of things that a text can be made of.
    template <class Range>
    [[nodiscard]] static auto texts(const Range& range) -> Json {
        Json out = array();
        for (const auto& item : range) out.push(Json{std::string_view{item}});
        return out;
    }

    [[nodiscard]] auto is_null() const noexcept -> bool { return value_.index() == 0; }
    [[nodiscard]] auto is_bool() const noexcept -> bool { return std::holds_alternative<bool>(value_); }
    [[nodiscard]] auto is_number() const noexcept -> bool { return std::holds_alternative<double>(value_); }
    [[nodiscard]] auto is_string() const noexcept -> bool { return std::holds_alternative<std::string>(value_); }
    [[nodiscard]] auto is_array() const noexcept -> bool { return std::holds_alternative<JsonArray>(value_); }
    [[nodiscard]] auto is_object() const noexcept -> bool { return std::holds_alternative<JsonObject>(value_); }
    /// Neither an array nor an object.
    [[nodiscard]] auto is_leaf() const noexcept -> bool { return !is_array() && !is_object(); }
    /// "null", "boolean", "number", "string", "array" or "object".
    [[nodiscard]] auto kind() const noexcept -> std::string_view;

    /// The value, or null where it is of another kind. Lifetime: borrows this.
    [[nodiscard]] auto if_bool() const noexcept -> const bool* { return std::get_if<bool>(&value_); }
    [[nodiscard]] auto if_number() const noexcept -> const double* { return std::get_if<double>(&value_); }
    [[nodiscard]] auto if_string() const noexcept -> const std::string* { return std::get_if<std::string>(&value_); }
    [[nodiscard]] auto if_array() const noexcept -> const JsonArray* { return std::get_if<JsonArray>(&value_); }
    [[nodiscard]] auto if_object() const noexcept -> const JsonObject* { return std::get_if<JsonObject>(&value_); }
    [[nodiscard]] auto if_array() noexcept -> JsonArray* { return std::get_if<JsonArray>(&value_); }
    [[nodiscard]] auto if_object() noexcept -> JsonObject* { return std::get_if<JsonObject>(&value_); }
    [[nodiscard]] auto if_string() noexcept -> std::string* { return std::get_if<std::string>(&value_); }

    /// The text, or "" where this is not a string.
    [[nodiscard]] auto text() const noexcept -> std::string_view;
    /// The integer, or `otherwise` where this is not a whole number within ±2^53.
    [[nodiscard]] auto integer_or(std::int64_t otherwise) const noexcept -> std::int64_t;
    [[nodiscard]] auto is_true() const noexcept -> bool;

    /// The member's value, or null where this is no object or has no such member. Lifetime: borrows this.
    [[nodiscard]] auto find(std::string_view name) const noexcept -> const Json*;
    [[nodiscard]] auto find(std::string_view name) noexcept -> Json*;
    /// The member's value, or a JSON null.
    [[nodiscard]] auto operator[](std::string_view name) const noexcept -> const Json&;
    /// The value at an RFC 6901 pointer, or null.
    [[nodiscard]] auto at_pointer(std::string_view pointer) const -> const Json*;
    /// Items of an array or members of an object; 0 for a leaf.
    [[nodiscard]] auto size() const noexcept -> std::size_t;

    /// Adds or replaces a member. A null becomes an object first. Returns the stored value.
    auto set(std::string_view name, Json value) -> Json&;
    /// Appends an item. A null becomes an array first. Returns the stored value.
    auto push(Json value) -> Json&;
    void erase(std::string_view name);

    /// Equal as I-JSON: the order of members does not count.
    auto operator==(const Json& other) const -> bool;

private:
    std::variant<std::nullptr_t, bool, double, std::string, JsonArray, JsonObject> value_;
};

struct JsonMember {
    std::string name;
    Json value;
};

// Below JsonMember, since making a Json may have to unmake one.
inline Json::Json() noexcept = default;
inline Json::Json(std::nullptr_t) noexcept {}
inline Json::Json(std::string text) : value_(std::move(text)) {}
inline Json::Json(std::string_view text) : value_(std::string{text}) {}
inline Json::Json(const char* text) : value_(std::string{text}) {}
template <class Number>
    requires std::is_arithmetic_v<Number>
Json::Json(Number number) {
    if constexpr (std::is_same_v<Number, bool>)
        value_ = number;
    else
        value_ = static_cast<double>(number);
}

/// Limits of a parse. What is over a limit is refused before it is stored.
struct JsonLimits {
    std::size_t max_bytes = 8U << 20U;
    std::size_t max_depth = 32;
};

/// Parses exactly one JSON text.
///
/// Input     untrusted bytes
/// Errors    malformed or too_large, with one Problem whose pointer is the place: RFC 8259 syntax, invalid UTF-8, a lone
///           surrogate, a byte-order mark, a duplicate member at any depth, an integer beyond ±2^53 (also one that only JCS
///           would write as an integer: 1e20), a number that overflows a double, depth over the limit, bytes after the end
/// Threads   pure
[[nodiscard]] auto parse_json(ByteView untrusted, const JsonLimits& limits = {}) -> Result<Json>;
[[nodiscard]] auto parse_json(std::string_view untrusted, const JsonLimits& limits = {}) -> Result<Json>;

/// RFC 8785 canonical form (JCS).
///
/// Input  finite numbers; whole numbers within ±2^53, or parse_json will not read them back
[[nodiscard]] auto to_jcs(const Json& value) -> std::string;
/// Indented by one space a level, members in stored order; for people.
[[nodiscard]] auto to_pretty_json(const Json& value) -> std::string;
/// A double as ECMAScript writes it (RFC 8785 section 3.2.2.3). The number is finite.
[[nodiscard]] auto to_es_number(double number) -> std::string;

/// Appends one reference token to an RFC 6901 pointer, escaped.
void append_pointer(std::string& pointer, std::string_view token);

}  // namespace cg
