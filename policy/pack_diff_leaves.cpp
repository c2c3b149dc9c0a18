// What fields.toml says of each value, value by value: one that changes its group, or whose group changes its name, keeps its
// marks or loses them, and only that counts.
#include "policy/pack_diff_parts.hpp"
#include "policy/pack_words.hpp"

#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>

namespace cg::policy {
namespace {

struct Mark {
    std::string kind, title;
    auto operator<(const Mark& other) const -> bool { return std::tie(kind, title) < std::tie(other.kind, other.title); }
};

auto use_title(LeafUse use) -> std::string {
    switch (use) {
        case LeafUse::name: return "names that are also taken out of free text";
        case LeafUse::number: return "numbers that are also taken out of free text";
        case LeafUse::narrative: return "free text that is searched for names";
        case LeafUse::reference: return "references that go only with their person";
        case LeafUse::label: return "ids that differ for each recipient";
        case LeafUse::case_reference: return "case references that differ for each recipient";
        case LeafUse::plain: break;
    }
    return {};
}

/// What keeps this value back, or keeps something out of it; but for what it is restricted to.
auto marks_of(const CompiledPack& pack, const Leaf& leaf) -> std::set<Mark> {
    std::set<Mark> out;
    if (auto title = use_title(leaf.use); !title.empty()) out.insert({"field", std::move(title)});
    if (leaf.special) out.insert({"law", "special-category data"});
    if (leaf.offence) out.insert({"law", "criminal-offence data"});
    if (leaf.only_with != no_leaf)
        out.insert({"field", "values that go only together with " +
                                 leaf_words(pack.leaves[leaf.only_with].pattern, PeopleFilter::all)});
    if (const auto& harmful = pack.groups[leaf.group].harmful; !harmful.empty())
        out.insert({"field", "values that stay where " + harmful + " says that they would do harm"});
    return out;
}

auto restriction(const Leaf& leaf) -> std::string {
    if (leaf.restricted.empty()) return {};
    return leaf.restricted + (leaf.restricted_when.empty() ? "" : ", unless " + leaf.restricted_when + " is false");
}

class LeavesDiff {
public:
    LeavesDiff(const CompiledPack& before, const CompiledPack& after) : before_(before), after_(after) {}

    void run(std::vector<Change>& out) {
        for (const auto& leaf : after_.leaves) {
            const auto id = before_.trie.find(leaf.pattern);
            if (id == no_leaf) continue;  // who may have it is told role by role
            compare(before_.leaves[id], leaf);
        }
        for (const auto& [line, values] : lines_) {
            const auto& [first, mark, group] = line;
            const bool widening = first == 0;
            out.push_back({widening,
                           mark.kind,
                           {},
                           {},
                           group,
                           (widening ? "RELAXED: " : "TIGHTENED: ") + mark.title + ", in " + group +
                               (widening ? ": no longer " : ": now also ") + values,
                           {}});
        }
    }

private:
    void compare(const Leaf& old, const Leaf& now) {
        const auto had = marks_of(before_, old), has = marks_of(after_, now);
        for (const auto& mark : had)
            if (!has.contains(mark)) note(true, mark, now);
        for (const auto& mark : has)
            if (!had.contains(mark)) note(false, mark, now);
        const auto was = restriction(old), is = restriction(now);
        if (was == is) return;
        const bool tighter = was.empty() || (old.restricted == now.restricted && now.restricted_when.empty());
        const std::string title = "values that go only to roles trusted with them (";
        if (tighter)
            note(false, {"field", title + is + ")"}, now);
        else
            note(true, {"field", title + was + (is.empty() ? "" : "; now " + is) + ")"}, now);
    }

    void note(bool widening, const Mark& mark, const Leaf& leaf) {
        auto& values = lines_[{widening ? 0 : 1, mark, after_.groups[leaf.group].name}];
        values += (values.empty() ? "" : ", ") + leaf_words(leaf.pattern, PeopleFilter::all);
    }

    const CompiledPack &before_, &after_;
    std::map<std::tuple<int, Mark, std::string>, std::string> lines_;
};

}  // namespace

void diff_leaves(const CompiledPack& before, const CompiledPack& after, std::vector<Change>& out) {
    LeavesDiff{before, after}.run(out);
}

}  // namespace cg::policy
