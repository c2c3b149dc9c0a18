#pragma once
/// Reading JSON objects of a fixed form: every member known, present and of its kind, and all that is wrong noted at once.

#include "gateway/base/json.hpp"
#include "gateway/base/time.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cg {

/// Reads the members of one object. Each read names a member that the form has; where it is missing or does not fit, a
/// Problem is noted and an empty value returned. `finish` notes members that nobody asked for.
///
/// Problem types: format/missing, format/kind, format/value, format/size, format/unknown-member
/// Secret    no problem holds a value, nor the name of an unknown member
/// Lifetime  borrows the value and the problems
class ObjectReader {
public:
    ObjectReader(const Json& value, std::string pointer, std::vector<Problem>& problems);

    /// Whether the member is there; an optional one is read only if it is.
    [[nodiscard]] auto has(std::string_view name) const -> bool { return value_.find(name) != nullptr; }
    [[nodiscard]] auto text(std::string_view name, std::size_t max_bytes, std::size_t min_bytes = 1) -> std::string;
    [[nodiscard]] auto boolean(std::string_view name) -> bool;
    [[nodiscard]] auto integer(std::string_view name, std::uint64_t least, std::uint64_t most) -> std::uint64_t;
    /// RFC 3339 exactly as to_rfc3339 writes it.
    [[nodiscard]] auto instant(std::string_view name) -> Instant;
    /// 64 lower-case hex digits.
    [[nodiscard]] auto hash(std::string_view name) -> std::array<std::uint8_t, 32>;
    [[nodiscard]] auto array(std::string_view name, std::size_t max_items, std::size_t min_items = 0) -> const JsonArray&;
    [[nodiscard]] auto object(std::string_view name) -> const Json&;
    /// A text that `T::parse` accepts.
    template <class T>
    [[nodiscard]] auto parsed(std::string_view name) -> T {
        const Json* member = take(name, &Json::is_string, "a text");
        if (member == nullptr) return T{};
        auto result = T::parse(member->text());
        if (result) return std::move(result).value();
        note("format/value", name, "give a text of the form that this member has");
        return T{};
    }

    /// Notes a problem with a member ("": the object itself).
    void note(std::string_view type, std::string_view name, std::string fix);
    [[nodiscard]] auto pointer_of(std::string_view name) const -> std::string;
    void finish();

private:
    auto take(std::string_view name, bool (Json::*is_kind)() const noexcept, std::string_view kind) -> const Json*;

    const Json& value_;
    std::string pointer_;
    std::vector<Problem>& problems_;
    std::vector<std::string_view> known_;
};

}  // namespace cg
