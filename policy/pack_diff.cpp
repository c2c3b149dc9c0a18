#include "policy/pack_diff.hpp"

#include "policy/pack_diff_parts.hpp"

#include <algorithm>
#include <tuple>

namespace cg::policy {
namespace {

/// The reason that the new pack gives, where it is not the old one's.
auto reason_of(const CompiledPack& before, const CompiledPack& after, const Change& change) -> std::string {
    const auto purpose = after.purposes.find(change.purpose);
    if (purpose == after.purposes.end()) return {};
    const auto former = before.purposes.find(change.purpose);
    const auto fresh = [](const std::string& note, const std::string& old) {
        return note == old ? std::string{} : note;
    };
    if (const auto role = purpose->second.roles.find(change.role); role != purpose->second.roles.end()) {
        std::string old;
        if (former != before.purposes.end())
            if (const auto it = former->second.roles.find(change.role); it != former->second.roles.end())
                old = it->second.change_note;
        if (auto note = fresh(role->second.change_note, old); !note.empty()) return note;
    }
    return fresh(purpose->second.change_note,
                 former == before.purposes.end() ? std::string{} : former->second.change_note);
}

/// A text of a pack stands in the middle of ours: a line end in it would make lines that nobody wrote.
void on_one_line(std::string& text) {
    std::ranges::replace_if(text, [](char c) { return c == '\n' || c == '\r' || c == '\t'; }, ' ');
}

}  // namespace

auto PackDiff::widens() const -> bool {
    return std::ranges::any_of(changes, &Change::widening);
}

auto diff(const Pack& before, const Pack& after) -> PackDiff {
    PackDiff out;
    diff_tables(before.compiled(), after.compiled(), out.changes);
    diff_overlays(before.compiled(), after.compiled(), out.changes);
    diff_leaves(before.compiled(), after.compiled(), out.changes);
    diff_settings(before.compiled(), after.compiled(), out.changes);
    for (auto& change : out.changes) {
        change.reason = reason_of(before.compiled(), after.compiled(), change);
        on_one_line(change.text);
        on_one_line(change.reason);
    }
    std::ranges::sort(out.changes, {}, [](const Change& c) {
        return std::tuple{!c.widening, c.purpose, c.role, c.kind, c.subject, c.text};
    });
    return out;
}

}  // namespace cg::policy
