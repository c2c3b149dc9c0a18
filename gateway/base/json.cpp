#include "gateway/base/json.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

namespace cg {
namespace {

constexpr double largest_exact_integer = 9007199254740992.0;  // 2^53
const Json null_value{};

/// Undoes RFC 6901 escapes; nothing where a '~' is no escape.
auto unescape_token(std::string_view token) -> std::optional<std::string> {
    std::string out;
    for (std::size_t i = 0; i < token.size(); ++i) {
        if (token[i] != '~') {
            out.push_back(token[i]);
            continue;
        }
        if (++i == token.size() || (token[i] != '0' && token[i] != '1')) return std::nullopt;
        out.push_back(token[i] == '0' ? '~' : '/');
    }
    return out;
}

/// The members sorted, so that two large objects compare in good time.
auto by_name(const JsonObject& members) -> std::vector<const JsonMember*> {
    std::vector<const JsonMember*> out;
    out.reserve(members.size());
    for (const auto& member : members) out.push_back(&member);
    std::ranges::sort(out, {}, [](const auto* member) -> const std::string& { return member->name; });
    return out;
}

auto step(const Json& from, std::string_view token) -> const Json* {
    if (const auto* items = from.if_array()) {
        std::size_t index = 0;
        if (token.size() > 1 && token.front() == '0') return nullptr;  // RFC 6901 section 4: no leading zeros
        const auto [end, error] = std::from_chars(token.data(), token.data() + token.size(), index);
        if (error != std::errc{} || end != token.data() + token.size() || index >= items->size()) return nullptr;
        return &(*items)[index];
    }
    const auto name = unescape_token(token);
    return name ? from.find(*name) : nullptr;
}

}  // namespace

Json::Json(JsonArray items) : value_(std::move(items)) {}
Json::Json(JsonObject members) : value_(std::move(members)) {}
Json::Json(const Json&) = default;
Json::Json(Json&&) noexcept = default;
auto Json::operator=(const Json&) -> Json& = default;
auto Json::operator=(Json&&) noexcept -> Json& = default;
Json::~Json() = default;

auto Json::object(std::initializer_list<JsonMember> members) -> Json { return Json{JsonObject(members)}; }
auto Json::array(std::initializer_list<Json> items) -> Json { return Json{JsonArray(items)}; }

auto Json::kind() const noexcept -> std::string_view {
    switch (value_.index()) {
        case 0: return "null";
        case 1: return "boolean";
        case 2: return "number";
        case 3: return "string";
        case 4: return "array";
        default: return "object";
    }
}

auto Json::text() const noexcept -> std::string_view {
    const auto* text = if_string();
    return text != nullptr ? std::string_view{*text} : std::string_view{};
}

auto Json::integer_or(std::int64_t otherwise) const noexcept -> std::int64_t {
    const auto* number = if_number();
    if (number == nullptr || std::abs(*number) > largest_exact_integer || std::trunc(*number) != *number)
        return otherwise;
    return static_cast<std::int64_t>(*number);
}

auto Json::is_true() const noexcept -> bool {
    const auto* value = if_bool();
    return value != nullptr && *value;
}

auto Json::find(std::string_view name) const noexcept -> const Json* {
    const auto* members = if_object();
    if (members == nullptr) return nullptr;
    const auto it = std::ranges::find(*members, name, &JsonMember::name);
    return it == members->end() ? nullptr : &it->value;
}

auto Json::find(std::string_view name) noexcept -> Json* {
    return const_cast<Json*>(std::as_const(*this).find(name));
}

auto Json::operator[](std::string_view name) const noexcept -> const Json& {
    const auto* found = find(name);
    return found != nullptr ? *found : null_value;
}

auto Json::at_pointer(std::string_view pointer) const -> const Json* {
    const Json* here = this;
    while (!pointer.empty() && here != nullptr) {
        if (pointer.front() != '/') return nullptr;
        pointer.remove_prefix(1);
        const auto slash = std::min(pointer.find('/'), pointer.size());
        here = step(*here, pointer.substr(0, slash));
        pointer.remove_prefix(slash);
    }
    return here;
}

auto Json::size() const noexcept -> std::size_t {
    if (const auto* items = if_array()) return items->size();
    if (const auto* members = if_object()) return members->size();
    return 0;
}

auto Json::set(std::string_view name, Json value) -> Json& {
    if (is_null()) value_ = JsonObject{};
    auto* members = if_object();
    CG_ENSURE(members != nullptr);
    if (auto* existing = find(name)) return *existing = std::move(value);
    return members->emplace_back(JsonMember{std::string{name}, std::move(value)}).value;
}

auto Json::push(Json value) -> Json& {
    if (is_null()) value_ = JsonArray{};
    auto* items = if_array();
    CG_ENSURE(items != nullptr);
    return items->emplace_back(std::move(value));
}

void Json::erase(std::string_view name) {
    if (auto* members = if_object()) std::erase_if(*members, [name](const auto& m) { return m.name == name; });
}

auto Json::operator==(const Json& other) const -> bool {
    const auto* mine = if_object();
    const auto* theirs = other.if_object();
    if (mine == nullptr || theirs == nullptr) {
        if (const auto* a = if_array(); a != nullptr)
            return other.if_array() != nullptr && std::ranges::equal(*a, *other.if_array());
        if (value_.index() != other.value_.index()) return false;
        if (is_number()) return *if_number() == *other.if_number();
        if (is_string()) return *if_string() == *other.if_string();
        if (is_bool()) return *if_bool() == *other.if_bool();
        return is_null();
    }
    if (mine->size() != theirs->size()) return false;
    const auto a = by_name(*mine);
    const auto b = by_name(*theirs);
    return std::ranges::equal(a, b, [](const auto* x, const auto* y) { return x->name == y->name && x->value == y->value; });
}

void append_pointer(std::string& pointer, std::string_view token) {
    pointer.push_back('/');
    for (const char c : token) {
        if (c == '~')
            pointer += "~0";
        else if (c == '/')
            pointer += "~1";
        else
            pointer.push_back(c);
    }
}

}  // namespace cg
