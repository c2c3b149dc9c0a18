#pragma once
/// What a pack says, in words for people: values, roles, people filters, conditions, periods.

#include "policy/compiled.hpp"

#include <string>
#include <string_view>

namespace cg::policy {

/// "/people/*/phone" as "the mother's phone" where only she may appear, else as "people's phone".
[[nodiscard]] auto leaf_words(std::string_view pattern, PeopleFilter people = PeopleFilter::all) -> std::string;
/// The same without whose it is: "phone".
[[nodiscard]] auto leaf_name(std::string_view pattern) -> std::string;
/// The title of a field group with a small first letter, e.g. "how to reach the family".
[[nodiscard]] auto group_words(const Group& group) -> std::string;
/// "only if risk is high or imminent and the person matters to a concern".
[[nodiscard]] auto condition_words(const Condition& condition) -> std::string;
/// One named condition, e.g. `risk-high`.
[[nodiscard]] auto condition_words(std::string_view name) -> std::string;
/// Who among the people of a case may appear at all.
[[nodiscard]] auto people_words(PeopleFilter people) -> std::string_view;
/// "P5D working" as "5 working days". Text that is no period comes back as it is.
[[nodiscard]] auto period_words(std::string_view period) -> std::string;
[[nodiscard]] auto period_words(const Period& period) -> std::string;
/// The title of a role, or its id where roles.toml has none.
[[nodiscard]] auto role_words(const CompiledPack& pack, std::string_view role) -> std::string;
/// The title of an override reason, exception, basis or condition of law; the code itself where there is none.
[[nodiscard]] auto code_title(const CompiledPack& pack, std::string_view code) -> std::string;

/// May a leaf of this kind ever leave?
[[nodiscard]] constexpr auto opens(CellKind kind) noexcept -> bool {
    return kind == CellKind::allow || kind == CellKind::require || kind == CellKind::when;
}

}  // namespace cg::policy
