// Lint rules about who may have what.
#include "policy/conditions.hpp"
#include "policy/lint_parts.hpp"
#include "policy/pack_words.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <set>

namespace cg::policy {
namespace {

/// The list whose items a condition looks at, where it looks at one.
auto list_of(std::string_view condition) -> std::string_view {
    const auto* known = find_condition(condition);
    return known == nullptr || known->list == "advice" ? std::string_view{} : known->list;
}

/// Can it never hold for values of this group, whatever the case?
auto never_holds(const TomlNode& when, const Group& group) -> std::optional<std::string> {
    const auto misses = [&group](const TomlNode& name) {
        const auto list = list_of(name.text);
        return !list.empty() && list != group.list;
    };
    if (const auto* all = when.find("all"))
        for (const auto& name : all->items)
            if (misses(name)) return name.text;
    const auto* any = when.find("any");
    if (any != nullptr && !any->items.empty() && std::ranges::all_of(any->items, misses))
        return any->items.front().text;
    return std::nullopt;
}

void check_conditions(const LintInput& in, const Purpose& purpose, const RoleTable& table, LintOutput& out) {
    const auto* whens = in.at(in.file_of(purpose), {"roles", table.role}).find("when");
    if (whens == nullptr) return;
    for (const auto& when : whens->items) {
        const auto* groups = when.find("groups");
        if (groups == nullptr) continue;
        for (const auto& name : groups->items) {
            const auto id = in.pack.group_ids.find(name.text);
            if (id == in.pack.group_ids.end()) continue;
            const auto& group = in.pack.groups[id->second];
            if (const auto condition = never_holds(when, group))
                out.errors.add(in.file_of(purpose), when, "pack/rule-unreachable",
                               "'" + *condition + "' can never hold for '" + group.name +
                                   "': name another condition, or put the group in another list.");
            const bool closed = std::ranges::none_of(
                group.leaves, [&](LeafId leaf) { return table.cells[leaf].kind == CellKind::when; });
            if (closed && !group.leaves.empty())
                out.errors.add(in.file_of(purpose), when, "pack/rule-unreachable",
                               "Every value of '" + group.name +
                                   "' has an answer of its own below, so this condition is never asked.");
        }
    }
}

auto kind_of(std::string_view word) -> CellKind {
    return word == "forbid" ? CellKind::forbid : word == "allow" ? CellKind::allow : CellKind::not_necessary;
}

/// A value whose own answer is its group's.
void check_exceptions(const LintInput& in, const Purpose& purpose, const RoleTable& table, LintOutput& out) {
    const auto* leaves = in.at(in.file_of(purpose), {"roles", table.role}).find("leaves");
    if (leaves == nullptr) return;
    for (const auto& [pattern, word] : leaves->members) {
        const auto leaf = in.pack.trie.find(pattern);
        if (leaf == no_leaf || table.cells[leaf].group == no_group) continue;
        const auto& group = in.pack.groups[table.cells[leaf].group];
        if (table.group_kinds[table.cells[leaf].group] == kind_of(word.text))
            out.errors.add(in.file_of(purpose), word, "pack/rule-redundant",
                           "'" + group.name + "' says the same: take this line out.");
    }
}

/// A group of some values of another, with the answer that these have anyway.
void check_parts(const LintInput& in, const Purpose& purpose, const RoleTable& table, LintOutput& out) {
    for (GroupId id = 0; id < in.pack.groups.size(); ++id) {
        const auto& group = in.pack.groups[id];
        const bool decided =
            std::ranges::any_of(group.leaves, [&](LeafId leaf) { return table.cells[leaf].group == id; });
        if (group.part_of == no_group || !decided || table.group_kinds[id] == CellKind::when) continue;
        if (table.group_kinds[id] == table.group_kinds[group.part_of])
            out.errors.add(in.file_of(purpose), in.at(in.file_of(purpose), {"roles", table.role}),
                           "pack/rule-redundant",
                           "'" + in.pack.groups[group.part_of].name + "' decides '" + group.name +
                               "' the same way: take '" + group.name + "' out here.");
    }
}

void check_tags(const LintInput& in, const Purpose& purpose, const RoleTable& table, LintOutput& out) {
    const bool reads = std::ranges::any_of(in.pack.leaves, [&](const Leaf& leaf) {
        const auto id = static_cast<std::size_t>(&leaf - in.pack.leaves.data());
        return leaf.use == LeafUse::narrative && opens(table.cells[id].kind);  // words are tagged in any of them
    });
    if (!table.tags.empty() && !reads)
        out.errors.add(in.file_of(purpose), in.at(in.file_of(purpose), {"roles", table.role, "tags"}),
                       "pack/rule-unreachable", "This role reads no free text: write 'tags = []'.");
}

/// NE-1: what a role receives and no task of it needs. Only for roles that say what their tasks are.
void check_tasks(const LintInput& in, const Purpose& purpose, const RoleTable& table, LintOutput& out) {
    if (table.tasks.empty()) return;
    std::set<LeafId> named;
    for (const auto& [task, places] : table.tasks) {
        for (const auto& place : places) {
            if (const auto leaf = in.pack.trie.find(place); leaf != no_leaf) named.insert(leaf);
            if (const auto group = in.pack.group_ids.find(place); group != in.pack.group_ids.end())
                for (const auto leaf : in.pack.groups[group->second].leaves) named.insert(leaf);
        }
    }
    std::string spare;
    for (LeafId leaf = 0; leaf < in.pack.leaves.size(); ++leaf) {
        const bool always = in.pack.groups[in.pack.leaves[leaf].group].always;
        if (!always && opens(table.cells[leaf].kind) && !named.contains(leaf))
            spare += (spare.empty() ? "" : ", ") + in.pack.leaves[leaf].pattern;
    }
    if (!spare.empty())
        out.notices.add(
            in.file_of(purpose), in.at(in.file_of(purpose), {"roles", table.role, "tasks"}), "pack/value-without-task",
            "Name the task that needs these values, or write \"not_necessary\" for them in 'leaves': " + spare + ".");
}

/// OP-4: nothing that a pack says takes it out of a view.
void check_do_not_inform(const LintInput& in, const Purpose& purpose, const RoleTable& table, LintOutput& out) {
    const auto* line = in.at(in.file_of(purpose), {"roles", table.role}).find("do_not_inform");
    if (line != nullptr && !line->flag)
        out.notices.add(in.file_of(purpose), *line, "pack/do-not-inform-removed",
                        "Take this line out: it does nothing, and a reader may believe that it does.");
}

constexpr std::array<RoleCheck, 6> checks{&check_conditions, &check_exceptions, &check_parts,
                                          &check_tags,       &check_tasks,      &check_do_not_inform};

}  // namespace

auto role_checks() -> std::span<const RoleCheck> {
    return checks;
}

}  // namespace cg::policy
