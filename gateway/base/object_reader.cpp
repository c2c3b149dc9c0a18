#include "gateway/base/object_reader.hpp"

#include "gateway/base/bytes.hpp"

#include <algorithm>

namespace cg {
namespace {

const Json nothing;
const JsonArray no_items;

}  // namespace

ObjectReader::ObjectReader(const Json& value, std::string pointer, std::vector<Problem>& problems)
    : value_(value), pointer_(std::move(pointer)), problems_(problems) {
    if (!value.is_object()) note("format/kind", "", "give an object here");
}

auto ObjectReader::pointer_of(std::string_view name) const -> std::string {
    std::string pointer = pointer_;
    if (!name.empty()) append_pointer(pointer, name);
    return pointer;
}

void ObjectReader::note(std::string_view type, std::string_view name, std::string fix) {
    problems_.push_back({std::string{type}, pointer_of(name), std::move(fix), ""});
}

auto ObjectReader::take(std::string_view name, bool (Json::*is_kind)() const noexcept, std::string_view kind) -> const Json* {
    known_.push_back(name);
    if (!value_.is_object()) return nullptr;  // said once, for the object
    const Json* member = value_.find(name);
    if (member == nullptr) {
        note("format/missing", name, "add this member");
        return nullptr;
    }
    if (!(member->*is_kind)()) {
        note("format/kind", name, "give " + std::string{kind} + " here");
        return nullptr;
    }
    return member;
}

auto ObjectReader::text(std::string_view name, std::size_t max_bytes, std::size_t min_bytes) -> std::string {
    const Json* member = take(name, &Json::is_string, "a text");
    if (member == nullptr) return {};
    const auto text = member->text();
    if (text.size() >= min_bytes && text.size() <= max_bytes) return std::string{text};
    note("format/size", name,
         "give a text of " + std::to_string(min_bytes) + " to " + std::to_string(max_bytes) + " bytes");
    return {};
}

auto ObjectReader::boolean(std::string_view name) -> bool {
    const Json* member = take(name, &Json::is_bool, "true or false");
    return member != nullptr && member->is_true();
}

auto ObjectReader::integer(std::string_view name, std::uint64_t least, std::uint64_t most) -> std::uint64_t {
    const Json* member = take(name, &Json::is_number, "a whole number");
    if (member == nullptr) return 0;
    const auto number = member->integer_or(-1);
    const auto value = static_cast<std::uint64_t>(number);
    if (number >= 0 && value >= least && value <= most) return value;
    note("format/value", name,
         "give a whole number from " + std::to_string(least) + " to " + std::to_string(most));
    return 0;
}

auto ObjectReader::instant(std::string_view name) -> Instant {
    const Json* member = take(name, &Json::is_string, "a text");
    if (member == nullptr) return {};
    const auto at = parse_instant(member->text());
    if (at && to_rfc3339(at.value()) == member->text()) return at.value();
    note("format/value", name, "give a moment such as 2026-03-01T09:30:00Z, in UTC");
    return {};
}

auto ObjectReader::hash(std::string_view name) -> std::array<std::uint8_t, 32> {
    std::array<std::uint8_t, 32> out{};
    const Json* member = take(name, &Json::is_string, "a text");
    if (member == nullptr) return out;
    const auto bytes = from_hex(member->text());
    if (bytes && bytes.value().size() == out.size())
        std::ranges::copy(bytes.value(), out.begin());
    else
        note("format/value", name, "give a SHA-256 as 64 lower-case hex digits");
    return out;
}

auto ObjectReader::array(std::string_view name, std::size_t max_items, std::size_t min_items) -> const JsonArray& {
    const Json* member = take(name, &Json::is_array, "an array");
    if (member == nullptr) return no_items;
    if (member->size() >= min_items && member->size() <= max_items) return *member->if_array();
    note("format/size", name,
         "give " + std::to_string(min_items) + " to " + std::to_string(max_items) + " items");
    return no_items;
}

auto ObjectReader::object(std::string_view name) -> const Json& {
    const Json* member = take(name, &Json::is_object, "an object");
    return member == nullptr ? nothing : *member;
}

void ObjectReader::finish() {
    const auto* members = value_.if_object();
    if (members == nullptr) return;
    const auto unknown = std::ranges::count_if(*members, [this](const JsonMember& member) {
        return std::ranges::find(known_, member.name) == known_.end();
    });
    if (unknown == 0) return;
    std::string names;
    for (const auto name : known_) names += (names.empty() ? "" : ", ") + std::string{name};
    note("format/unknown-member", "", "remove the members that are none of: " + names);
}

}  // namespace cg
