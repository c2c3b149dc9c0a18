#include "policy/verdict.hpp"

#include "policy/compatibility.hpp"
#include "policy/conditions.hpp"
#include "policy/consent_stands.hpp"
#include "policy/gate.hpp"
#include "policy/name_words.hpp"
#include "policy/spans.hpp"
#include "policy/words.hpp"

#include <algorithm>

namespace cg::policy {
namespace {

using enum WithheldReason;

/// PR-2: somebody outside the household of whom no concern speaks goes to nobody.
auto passes_filter(const ProjectionInput& in, const Person& person) -> bool {
    switch (in.role.people) {
        case PeopleFilter::all: return person.household || person.linked;
        case PeopleFilter::household: return person.household;
        case PeopleFilter::mother: return person.relationship == "mother";
        case PeopleFilter::mother_consenting:
            return person.relationship == "mother" && consent_stands(in.pack, in.purpose, in.facts);
        case PeopleFilter::parental_responsibility: return has_responsibility(person);
    }
    return false;
}

}  // namespace

auto is_restricted(const Json& case_tree, const Leaf& leaf) -> bool {
    if (leaf.restricted.empty() || leaf.restricted_when.empty()) return !leaf.restricted.empty();
    const auto* value = case_tree.at_pointer(leaf.restricted_when);
    return value != nullptr && !(value->if_bool() != nullptr && !*value->if_bool());
}

Judge::Judge(const ProjectionInput& input) : in_(input) {
    if (const auto* suspected = in_.facts.person(in_.facts.suspected))
        suspected_phone_ = (*suspected->tree)["phone"].text();
    const auto& referrer = (*in_.facts.tree)["referrer"];
    referrer_protected_ = names_protected(referrer["name"].text()) || reaches_protected(referrer["phone"].text());
    people_.reserve(in_.facts.people.size());
    for (const auto& person : in_.facts.people) people_.push_back(judge_person(person));
    concerns_.reserve(in_.facts.concerns.size());
    for (const auto& concern : in_.facts.concerns) concerns_.push_back(judge_concern(concern));
}

auto Judge::judge_person(const Person& person) const -> std::optional<WithheldReason> {
    if (person.identity_protected && !in_.role.protected_identities) return identity_protected;
    if (!passes_filter(in_, person)) return third_party_not_relevant;
    if (incompatible((*person.tree)["collected_for"].text())) return purpose_incompatible;
    return std::nullopt;
}

auto Judge::incompatible(std::string_view collected_for) const -> bool {
    return compatible(in_.pack, in_.purpose, collected_for) == Compatible::no;
}

auto Judge::tag_allowed(std::string_view tag) const -> bool {
    return std::ranges::find(in_.role.tags, tag.substr(0, tag.find(':'))) != in_.role.tags.end();
}

/// A concern goes where it is about the child or about somebody whom the recipient is told of.
auto Judge::judge_concern(const Concern& concern) const -> ConcernVerdict {
    const bool about_child = concern.about.empty() || concern.about == in_.facts.child_id;
    if (!about_child && judge_reference(concern.about)) return {not_about_this_child, false, false};
    // RE-1: a role may ask for some kinds of concern only.
    const auto& kinds = in_.role.concern_kinds;
    if (!kinds.empty() && std::ranges::find(kinds, (*concern.tree)["category"].text()) == kinds.end())
        return {not_necessary, false, false};
    const auto& tags = (*concern.tree)["tags"];
    const auto words = texts_of(tags);
    return {std::nullopt, std::ranges::all_of(words, [this](std::string_view tag) { return tag_allowed(tag); }),
            names_protected((*concern.tree)["source_name"].text())};
}

// NE-4: tagged words obey the same allow list as whole fields. A tag whose words are nowhere closes the whole text.
auto Judge::words_to_cut(const FlatLeaf& leaf) const -> std::vector<std::string_view> {
    std::vector<std::string_view> out;
    for (const auto& span : in_.flat.spans)
        if (in_.flat.within(leaf.mark, span.mark) && !tag_allowed(span.tag)) out.push_back(span.words);
    return out;
}

auto Judge::judge_narrative(const FlatLeaf& leaf) const -> std::optional<WithheldReason> {
    for (const auto& span : in_.flat.spans)
        if (!span.found && in_.flat.within(leaf.mark, span.mark) && !tag_allowed(span.tag))
            return sensitive_tag_not_allowed;
    const auto text = leaf.value->text();
    const auto words = words_to_cut(leaf);
    const auto cut = cut_words(text, words);
    return cut.size() != text.size() && nothing_left(cut) ? std::optional{sensitive_tag_not_allowed} : std::nullopt;
}

auto Judge::trusted_with(const std::string& restricted) const -> bool {
    return restricted.empty() || std::ranges::find(in_.role.trusted_with, restricted) != in_.role.trusted_with.end();
}

// SE-9: where somebody is kept safe, and how they can be reached safely, is for the roles that the pack names.
auto Judge::restricted(const FlatLeaf& leaf, const Leaf& known) const -> bool {
    if (!trusted_with(known.restricted)) {
        if (is_restricted(*in_.facts.tree, known)) return true;
    }
    if (known.only_with == no_leaf || leaf.list != ListKind::people) return false;
    // A telephone number without the note that says when it is safe to ring can do harm.
    const auto& other = in_.pack.leaves[known.only_with];
    const auto note = (*in_.facts.people[leaf.item].tree)[other.pattern.substr(other.pattern.rfind('/') + 1)].text();
    if (note.empty() || is_unknown_word(note)) return false;
    const auto kind = in_.role.cells[known.only_with].kind;
    return !trusted_with(other.restricted) || kind == CellKind::forbid || kind == CellKind::not_necessary;
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
        return person.identity_protected && may_be_same_name(person.name, name);
    });
}

auto Judge::reaches_protected(std::string_view phone) const -> bool {
    if (in_.role.protected_identities) return false;
    return std::ranges::any_of(in_.facts.people, [phone](const Person& person) {
        return person.identity_protected && same_phone((*person.tree)["phone"].text(), phone);
    });
}

/// Reasons that lie in the person, the concern or the file that the leaf belongs to.
auto Judge::judge_in_list(const FlatLeaf& leaf, const Leaf& known, CellKind kind) const
    -> std::optional<WithheldReason> {
    if (leaf.list == ListKind::people) return people_[leaf.item];
    if (leaf.list == ListKind::concerns) {
        const auto& concern = concerns_[leaf.item];
        if (concern.hidden) return concern.hidden;
        if (kind == CellKind::not_necessary) return std::nullopt;
        if (!concern.texts && known.use == LeafUse::narrative) return sensitive_tag_not_allowed;
        if (known.tag && (!concern.texts || !tag_allowed(leaf.value->text()))) return sensitive_tag_not_allowed;
    }
    if (leaf.list == ListKind::attachments) {
        const auto shows = (*in_.facts.tree)["attachments"].if_array()->at(leaf.item)["shows"].text();
        // A picture of somebody whom the case does not list may show anybody.
        if (!shows.empty()) return judge_reference(shows);
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
    const ConditionInput about{in_.pack, in_.purpose, in_.facts, in_.role.role, in_.recipient,
                               group,    person,      concern,   file};
    if (!holds(condition, about)) return condition_not_met;
    const auto starts = [&group](const std::string& text) {
        return text.starts_with(group) && text[group.size()] == ':';
    };
    if (std::ranges::none_of(met_, starts)) met_.push_back(group + ": " + condition.text);
    return std::nullopt;
}

auto Judge::reaches_suspected(const FlatLeaf& leaf, const Leaf& known) const -> bool {
    if (in_.facts.suspected.empty()) return false;
    if (leaf.list == ListKind::people && in_.facts.people[leaf.item].id == in_.facts.suspected &&
        (known.pattern.ends_with("/phone") || known.pattern.ends_with("/safe_contact")))
        return true;
    // The same telephone, written down as somebody else's.
    return known.pattern.ends_with("phone") && same_phone(leaf.value->text(), suspected_phone_);
}

auto Judge::judge(const FlatLeaf& leaf) -> std::optional<WithheldReason> {
    if (leaf.leaf == no_leaf) return not_necessary;
    const auto& known = in_.pack.leaves[leaf.leaf];
    const auto& cell = in_.role.cells[leaf.leaf];
    if (cell.kind == CellKind::forbid || reaches_suspected(leaf, known)) return forbidden;
    if (referrer_protected_ && known.pattern.starts_with("/referrer/")) return identity_protected;
    if (const auto reason = judge_in_list(leaf, known, cell.kind)) return reason;
    if (cell.kind == CellKind::not_necessary) return not_necessary;
    if (known.group != no_group && would_harm(in_.pack.groups[known.group], *in_.facts.tree)) return condition_not_met;
    if (leaf.mark != no_mark && incompatible(in_.flat.marks[leaf.mark].collected_for)) return purpose_incompatible;
    if (restricted(leaf, known)) return identity_protected;
    if (!in_.flat.spans.empty() && known.use == LeafUse::narrative)
        if (const auto reason = judge_narrative(leaf)) return reason;
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
