#include "policy/conditions.hpp"

#include "policy/consent_stands.hpp"
#include "policy/words.hpp"

#include <algorithm>
#include <array>

namespace cg::policy {
namespace {

auto contains(const auto& list, std::string_view text) -> bool {
    return std::ranges::find(list, text) != list.end();
}

/// PR-1: more goes at a higher risk, where the pack says so.
auto risk_high(const ConditionInput& in) -> bool {
    return contains(in.pack.high_risk_levels, (*in.facts.tree)["risk"]["level"].text());
}

auto person_linked(const ConditionInput& in) -> bool {
    return in.person != nullptr && in.person->linked;
}

auto poses_risk(const ConditionInput& in) -> bool {
    return in.person != nullptr && in.person->poses_risk;
}

/// The consent on file stands, for this purpose and this recipient.
auto consented(const ConditionInput& in) -> bool {
    return consent_stands(in.pack, in.purpose, in.facts) && covers_recipient(in.facts.consent, in.recipient);
}

/// It is that person's own, nobody doubts that they can give it, and it covers the group where it names groups.
auto own_consent(const ConditionInput& in) -> bool {
    const auto& consent = in.facts.consent;
    if (in.person == nullptr || in.person->id.empty() || consent.who != in.person->id || !consented(in)) return false;
    const auto capacity = capacity_of(in.pack.capacity, consent.capacity);
    return (capacity == Capacity::presumed || capacity == Capacity::assessed) &&
           (consent.groups.empty() || contains(consent.groups, in.group));
}

/// It names the group.
auto consent_scope(const ConditionInput& in) -> bool {
    return consented(in) && contains(in.facts.consent.groups, in.group);
}

/// The file is of a kind that shows injuries, and a concern is about one.
auto injury_evidence(const ConditionInput& in) -> bool {
    return in.attachment != nullptr && contains(in.pack.attachment_evidence, (*in.attachment)["kind"].text()) &&
           std::ranges::any_of(in.facts.concerns, [&in](const Concern& concern) {
               return contains(in.pack.evidence_categories, (*concern.tree)["category"].text());
           });
}

/// A concern about this person warns officers who go there.
auto officer_safety(const ConditionInput& in) -> bool {
    if (in.person == nullptr || in.person->id.empty()) return false;
    return std::ranges::any_of(in.facts.concerns, [&in](const Concern& concern) {
        return contains(in.pack.officer_safety_categories, (*concern.tree)["category"].text()) &&
               (concern.about == in.person->id || concern.concerning == in.person->id);
    });
}

auto exploitation(const ConditionInput& in) -> bool {
    return in.concern != nullptr && contains(in.pack.exploitation_categories, (*in.concern->tree)["category"].text());
}

/// The concern is about the victim of abuse or the person who harms them.
auto abuse_linked(const ConditionInput& in) -> bool {
    if (in.concern == nullptr) return false;
    const auto& da = (*in.facts.tree)["da"];
    const auto is_party = [&da](std::string_view id) {
        return !id.empty() && (id == da["victim"].text() || id == da["perpetrator"].text());
    };
    return is_party(in.concern->about) || is_party(in.concern->concerning);
}

/// The protocol of the child's home area asks this role to plan for the victim's safety.
auto safety_planning(const ConditionInput& in) -> bool {
    const auto area = in.pack.areas.find((*in.facts.tree)["home_authority"].text());
    return area != in.pack.areas.end() && contains(area->second.safety_planning, in.role);
}

auto says_something(const Json& value) -> bool {
    return !is_blank(value) && !is_unknown_word(value.text());
}

auto health_raises_risk(const ConditionInput& in) -> bool {
    const auto& health = (*in.facts.tree)["child"]["health"];
    return says_something(health["conditions"]) || says_something(health["medication"]);
}

auto social_care_sections(const ConditionInput& in) -> bool {
    const auto sections = texts_of((*in.facts.tree)["child"]["send"]["sections"]);
    return std::ranges::any_of(
        sections, [&in](std::string_view section) { return contains(in.pack.social_care_sections, section); });
}

auto plan_document(const ConditionInput& in) -> bool {
    return in.attachment != nullptr && contains(in.pack.plan_files, (*in.attachment)["kind"].text());
}

/// Whoever looked the child up named the same child: the number, and one thing more that only fits this child (IT-1).
auto query_matches(const ConditionInput& in) -> bool {
    const auto& query = (*in.facts.tree)["query"];
    const auto& child = (*in.facts.tree)["child"];
    if (!same_digits(query["nhs_number"].text(), child["nhs_number"].text())) return false;
    bool more = false;
    for (const char* name : {"family_name", "date_of_birth"}) {
        if (is_blank(query[name])) continue;
        if (!same_ignoring_case(query[name].text(), child[name].text())) return false;
        more = true;
    }
    return more;
}

/// An adult whom the notice says was involved.
auto involved_adult(const ConditionInput& in) -> bool {
    if (in.person == nullptr || in.person->minor || in.person->relationship.empty()) return false;
    const auto involved = texts_of((*in.facts.tree)["incident"]["involved_relationship"]);
    return std::ranges::any_of(
        involved, [&in](std::string_view one) { return same_ignoring_case(one, in.person->relationship); });
}

/// Data that leave only as the advice view makes them, never as they stand in a case (AD-2).
auto without_identity(const ConditionInput&) -> bool {
    return false;
}

constexpr std::array conditions{
    NamedCondition{"risk-high", &risk_high, false},
    NamedCondition{"person-linked", &person_linked, true, "people"},
    NamedCondition{"poses-risk", &poses_risk, true, "people"},
    NamedCondition{"own-consent", &own_consent, true, "people"},
    NamedCondition{"consent-scope", &consent_scope, false},
    NamedCondition{"injury-evidence", &injury_evidence, true, "attachments"},
    NamedCondition{"officer-safety", &officer_safety, true, "people"},
    NamedCondition{"exploitation", &exploitation, true, "concerns"},
    NamedCondition{"abuse-linked", &abuse_linked, true, "concerns"},
    NamedCondition{"safety-planning", &safety_planning, false},
    NamedCondition{"health-raises-risk", &health_raises_risk, false},
    NamedCondition{"social-care-sections", &social_care_sections, false},
    NamedCondition{"plan-document", &plan_document, true, "attachments"},
    NamedCondition{"query-matches", &query_matches, false},
    NamedCondition{"involved-adult", &involved_adult, true, "people"},
    NamedCondition{"without-identity", &without_identity, false, "advice"},
};

}  // namespace

auto find_condition(std::string_view name) -> const NamedCondition* {
    const auto it = std::ranges::find(conditions, name, &NamedCondition::name);
    return it == conditions.end() ? nullptr : &*it;
}

auto can_hold(const Condition& condition, std::string_view list) -> bool {
    const auto fits = [list](ConditionTest test) {
        const auto it = std::ranges::find(conditions, test, &NamedCondition::test);
        return it == conditions.end() || it->list.empty() || it->list == list;
    };
    return std::ranges::all_of(condition.all, fits) &&
           (condition.any.empty() || std::ranges::any_of(condition.any, fits));
}

auto implies(const Condition& a, const Condition& b) -> bool {
    const auto contains_all = [](const std::vector<ConditionTest>& of, const std::vector<ConditionTest>& in) {
        return std::ranges::all_of(of, [&in](ConditionTest test) { return std::ranges::find(in, test) != in.end(); });
    };
    if (!contains_all(b.all, a.all)) return false;
    if (b.any.empty() || (!a.any.empty() && contains_all(a.any, b.any))) return true;
    return std::ranges::any_of(b.any,
                               [&a](ConditionTest test) { return std::ranges::find(a.all, test) != a.all.end(); });
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
