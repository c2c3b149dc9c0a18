#include "policy/verdict.hpp"

#include "policy/conditions.hpp"
#include "policy/words.hpp"

#include <algorithm>

namespace cg::policy {
namespace {

using enum WithheldReason;

auto passes_filter(PeopleFilter filter, const Person& person, const Consent& consent) -> bool {
    switch (filter) {
        case PeopleFilter::all: return person.household || person.linked;
        case PeopleFilter::household: return person.household;
        case PeopleFilter::mother: return person.relationship == "mother";
        case PeopleFilter::mother_consenting: return person.relationship == "mother" && consent.state == "given";
        case PeopleFilter::parental_responsibility: return (*person.tree)["parental_responsibility"].text() == "yes";
    }
    return false;
}

}  // namespace

Judge::Judge(const ProjectionInput& input) : in_(input) {
    people_.reserve(in_.facts.people.size());
    for (const auto& person : in_.facts.people) people_.push_back(judge_person(person));
    concerns_.reserve(in_.facts.concerns.size());
    for (const auto& concern : in_.facts.concerns) concerns_.push_back(judge_concern(concern));
}

auto Judge::judge_person(const Person& person) const -> std::optional<WithheldReason> {
    if (person.identity_protected && !in_.role.protected_identities) return identity_protected;
    if (!passes_filter(in_.role.people, person, in_.facts.consent)) return third_party_not_relevant;
    return std::nullopt;
}

auto Judge::tag_allowed(std::string_view tag) const -> bool {
    return std::ranges::find(in_.role.tags, tag.substr(0, tag.find(':'))) != in_.role.tags.end();
}

/// A concern goes where it is about the child or about somebody whom the recipient is told of.
auto Judge::judge_concern(const Concern& concern) const -> ConcernVerdict {
    const bool about_child = concern.about.empty() || concern.about == in_.facts.child_id;
    if (!about_child && judge_reference(concern.about)) return {};
    const auto& tags = (*concern.tree)["tags"];
    const auto words = texts_of(tags);
    return {true, std::ranges::all_of(words, [this](std::string_view tag) { return tag_allowed(tag); })};
}

/// An id that names nobody in the case may be a name: it stays.
auto Judge::judge_reference(std::string_view id) const -> std::optional<WithheldReason> {
    if (id == in_.facts.child_id || is_unknown_word(id)) return std::nullopt;
    const auto* person = in_.facts.person(id);
    if (person == nullptr) return third_party_not_relevant;
    return people_[static_cast<std::size_t>(person - in_.facts.people.data())];
}

auto Judge::names_protected(std::string_view name) const -> bool {
    if (in_.role.protected_identities || name.empty()) return false;
    return std::ranges::any_of(in_.facts.people, [name](const Person& person) {
        return person.identity_protected && same_ignoring_case(person.name, name);
    });
}

/// Reasons that lie in the person, the concern or the file that the leaf belongs to.
auto Judge::judge_in_list(const FlatLeaf& leaf, const Leaf& known, CellKind kind) const
    -> std::optional<WithheldReason> {
    if (leaf.list == ListKind::people) return people_[leaf.item];
    if (leaf.list == ListKind::concerns) {
        const auto& concern = concerns_[leaf.item];
        if (!concern.shown) return not_about_this_child;
        if (kind == CellKind::not_necessary) return std::nullopt;
        if (!concern.texts && known.use == LeafUse::narrative) return sensitive_tag_not_allowed;
        if (known.tag && (!concern.texts || !tag_allowed(leaf.value->text()))) return sensitive_tag_not_allowed;
    }
    if (leaf.list == ListKind::attachments) {
        const auto shows = (*in_.facts.tree)["attachments"].if_array()->at(leaf.item)["shows"].text();
        if (const auto* person = in_.facts.person(shows))
            return people_[static_cast<std::size_t>(person - in_.facts.people.data())];
    }
    return std::nullopt;
}

auto Judge::outside_scope(const Cell& cell) const -> bool {
    const auto& consent = in_.facts.consent;
    if (in_.purpose.consent == ConsentGate::none || consent.state != "given" || consent.groups.empty()) return false;
    // What the purpose cannot do without was part of what was agreed to; the scope limits the rest.
    if (cell.kind != CellKind::allow && cell.kind != CellKind::when) return false;
    return std::ranges::find(consent.groups, in_.pack.groups[cell.group].name) == consent.groups.end();
}

auto Judge::judge_condition(const FlatLeaf& leaf, const Cell& cell) -> std::optional<WithheldReason> {
    const auto& condition = in_.role.conditions[cell.condition];
    const auto& group = in_.pack.groups[cell.group].name;
    const Json* file = nullptr;
    if (leaf.list == ListKind::attachments) file = &(*in_.facts.tree)["attachments"].if_array()->at(leaf.item);
    const auto* person = leaf.list == ListKind::people ? &in_.facts.people[leaf.item] : nullptr;
    const auto* concern = leaf.list == ListKind::concerns ? &in_.facts.concerns[leaf.item] : nullptr;
    if (!holds(condition, {in_.pack, in_.facts, in_.role.role, group, person, concern, file})) return condition_not_met;
    const auto starts = [&group](const std::string& text) {
        return text.starts_with(group) && text[group.size()] == ':';
    };
    if (std::ranges::none_of(met_, starts)) met_.push_back(group + ": " + condition.text);
    return std::nullopt;
}

auto Judge::judge(const FlatLeaf& leaf) -> std::optional<WithheldReason> {
    if (leaf.leaf == no_leaf) return not_necessary;
    const auto& known = in_.pack.leaves[leaf.leaf];
    const auto& cell = in_.role.cells[leaf.leaf];
    if (cell.kind == CellKind::forbid) return forbidden;
    if (const auto reason = judge_in_list(leaf, known, cell.kind)) return reason;
    if (cell.kind == CellKind::not_necessary) return not_necessary;
    if (known.use == LeafUse::reference)
        if (const auto reason = judge_reference(leaf.value->text())) return reason;
    if (known.use == LeafUse::name && leaf.list != ListKind::people && names_protected(leaf.value->text()))
        return identity_protected;
    if (cell.kind == CellKind::when)
        if (const auto reason = judge_condition(leaf, cell)) return reason;
    if (outside_scope(cell)) return outside_consent_scope;
    return std::nullopt;
}

auto Judge::group_of(const FlatLeaf& leaf) const -> GroupId {
    if (leaf.leaf == no_leaf) return no_group;
    const auto group = in_.role.cells[leaf.leaf].group;
    return group == no_group ? in_.pack.leaves[leaf.leaf].group : group;
}

}  // namespace cg::policy
