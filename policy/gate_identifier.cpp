// The consistent identifier (FW-16; Children Act 2004 s.16LC): it goes where it is known, its absence never delays, and
// it stays where sending it would harm the child more.
#include "policy/gate.hpp"
#include "policy/words.hpp"

#include <algorithm>

namespace cg::policy {
namespace {

auto open_to(const RoleTable& role, LeafId leaf) -> bool {
    const auto kind = role.cells[leaf].kind;
    return kind != CellKind::forbid && kind != CellKind::not_necessary;
}

}  // namespace

auto would_harm(const Group& group, const Json& case_tree) -> bool {
    if (group.harmful.empty()) return false;
    const auto* why = case_tree.at_pointer(group.harmful);
    return !is_blank(why) && !is_unknown_word(why->text());
}

auto identifier_notes(const RecipientInput& in) -> std::vector<Note> {
    std::vector<Note> out;
    const auto& tree = in.common.tree();
    for (const auto& group : in.common.pack.groups) {
        if (group.note_if_missing.empty() || group.leaves.empty() || !open_to(in.role, group.leaves.front())) continue;
        const auto& pointer = in.common.pack.leaves[group.leaves.front()].pattern;
        const auto* value = tree.at_pointer(pointer);
        const bool known = !is_blank(value) && !is_unknown_word(value->text());
        const auto& released = in.projection.released;
        if (!known)
            out.push_back({group.note_if_missing, pointer});
        else if (would_harm(group, tree))
            out.push_back({group.note_if_harmful, pointer});
        else if (!group.note_if_sent.empty() && std::ranges::find(released, pointer) != released.end())
            out.push_back({group.note_if_sent, pointer});
    }
    return out;
}

}  // namespace cg::policy
