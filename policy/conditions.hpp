#pragma once
/// The named conditions of a pack's `when` tables. A new condition is one function and one line in conditions.cpp.

#include "policy/case_facts.hpp"
#include "policy/compiled.hpp"

#include <string_view>

namespace cg::policy {

/// What a condition may look at.
struct ConditionInput {
    const CompiledPack& pack;
    const Purpose& purpose;
    const CaseFacts& facts;
    std::string_view role;       ///< who would receive
    std::string_view recipient;  ///< the same, with the agency
    std::string_view group;      ///< the group that asks
    const Person* person;        ///< null outside /people
    const Concern* concern;      ///< null outside /concerns
    const Json* attachment;      ///< null outside /attachments
};

struct NamedCondition {
    std::string_view name;
    ConditionTest test;
    bool per_item;            ///< looks at the person, the concern or the attachment
    std::string_view list{};  ///< whose items those are; `advice`: never of a case as it stands
};

/// Can it hold for a value of this list of a case (`people`, `concerns`, `attachments`; empty: of none)? False where it
/// asks for an item of another list, or for what a case never holds.
[[nodiscard]] auto can_hold(const Condition& condition, std::string_view list) -> bool;

/// Whatever meets `a` meets `b`, as far as the names tell.
[[nodiscard]] auto implies(const Condition& a, const Condition& b) -> bool;

/// Null for an unknown name.
[[nodiscard]] auto find_condition(std::string_view name) -> const NamedCondition*;
[[nodiscard]] auto condition_names() -> std::string;
[[nodiscard]] auto holds(const Condition& condition, const ConditionInput& input) -> bool;

}  // namespace cg::policy
