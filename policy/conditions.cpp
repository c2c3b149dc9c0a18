#include "policy/conditions.hpp"

#include <algorithm>
#include <array>

namespace cg::policy {
namespace {

auto contains(const auto& list, std::string_view text) -> bool {
    return std::ranges::find(list, text) != list.end();
}

auto risk_high(const ConditionInput& in) -> bool {
    return contains(in.pack.high_risk_levels, (*in.facts.tree)["risk"]["level"].text());
}

auto person_linked(const ConditionInput& in) -> bool {
    return in.person != nullptr && in.person->linked;
}

auto poses_risk(const ConditionInput& in) -> bool {
    return in.person != nullptr && in.person->poses_risk;
}

/// The consent on file is that person's own, stands, and covers the group where it names groups.
auto own_consent(const ConditionInput& in) -> bool {
    const auto& consent = in.facts.consent;
    return in.person != nullptr && !in.person->id.empty() && consent.who == in.person->id && consent.state == "given" &&
           (consent.groups.empty() || contains(consent.groups, in.group));
}

/// The consent on file names the group.
auto consent_scope(const ConditionInput& in) -> bool {
    return in.facts.consent.state == "given" && contains(in.facts.consent.groups, in.group);
}

/// The file is of a kind that shows injuries, and a concern is about one.
auto injury_evidence(const ConditionInput& in) -> bool {
    return in.attachment != nullptr && contains(in.pack.attachment_evidence, (*in.attachment)["kind"].text()) &&
           std::ranges::any_of(in.facts.concerns, [&in](const Concern& concern) {
               return contains(in.pack.evidence_categories, (*concern.tree)["category"].text());
           });
}

constexpr std::array conditions{
    NamedCondition{"risk-high", &risk_high, false},         NamedCondition{"person-linked", &person_linked, true},
    NamedCondition{"poses-risk", &poses_risk, true},        NamedCondition{"own-consent", &own_consent, true},
    NamedCondition{"consent-scope", &consent_scope, false}, NamedCondition{"injury-evidence", &injury_evidence, true},
};

}  // namespace

auto find_condition(std::string_view name) -> const NamedCondition* {
    const auto it = std::ranges::find(conditions, name, &NamedCondition::name);
    return it == conditions.end() ? nullptr : &*it;
}

auto condition_names() -> std::string {
    std::string out;
    for (const auto& condition : conditions) {
        if (!out.empty()) out += ", ";
        out += condition.name;
    }
    return out;
}

auto holds(const Condition& condition, const ConditionInput& input) -> bool {
    const auto passes = [&input](ConditionTest test) { return test(input); };
    return std::ranges::all_of(condition.all, passes) &&
           (condition.any.empty() || std::ranges::any_of(condition.any, passes));
}

}  // namespace cg::policy
