// Who may have what: one role's table against its former self.
#include "policy/conditions.hpp"
#include "policy/pack_diff_parts.hpp"
#include "policy/pack_words.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <tuple>

namespace cg::policy {
namespace {

/// What a table says of one leaf.
struct State {
    CellKind kind{CellKind::not_necessary};
    const Condition* condition{nullptr};
    std::string_view group;
};

auto state_of(const CompiledPack& pack, const RoleTable& table, const std::string& pattern) -> State {
    const auto leaf = pack.trie.find(pattern);
    if (leaf == no_leaf) return {};
    const auto& cell = table.cells[leaf];
    State out{cell.kind, nullptr, cell.group == no_group ? std::string_view{} : pack.groups[cell.group].name};
    if (cell.kind == CellKind::when) out.condition = &table.conditions[cell.condition];
    // A condition that cannot hold releases nothing.
    const auto star = pattern.find("/*");
    const auto list = star == std::string::npos ? std::string_view{} : std::string_view{pattern}.substr(1, star - 1);
    if (out.condition != nullptr && !can_hold(*out.condition, list))
        return {CellKind::not_necessary, nullptr, out.group};
    // What is for trusted roles alone, always, goes to no other (SE-9).
    const auto& known = pack.leaves[leaf];
    const bool trusted = std::ranges::find(table.trusted_with, known.restricted) != table.trusted_with.end();
    if (opens(out.kind) && !known.restricted.empty() && known.restricted_when.empty() && !trusted)
        return {CellKind::not_necessary, nullptr, out.group};
    return out;
}

auto was_words(const State& state) -> std::string {
    switch (state.kind) {
        case CellKind::forbid: return "was withheld: never allowed";
        case CellKind::not_necessary: return "was withheld: not needed";
        case CellKind::allow: return "was allowed";
        case CellKind::require: return "was required";
        case CellKind::when: return "was released " + condition_words(*state.condition);
    }
    return {};
}

struct Judged {
    bool widening;
    const char* kind;
    std::string headline, tail;
    auto operator<(const Judged& other) const -> bool {
        return std::tie(widening, kind, headline, tail) <
               std::tie(other.widening, other.kind, other.headline, other.tail);
    }
};

class RoleDiff {
public:
    RoleDiff(const CompiledPack& before, const CompiledPack& after, const Purpose& new_purpose,
             const RoleTable& old_table, const RoleTable& new_table, std::vector<Change>& out)
        : before_(before), after_(after), new_purpose_(new_purpose), old_(old_table), new_(new_table), out_(out) {
        for (const auto& leaf : before_.leaves) patterns_.insert(leaf.pattern);
        for (const auto& leaf : after_.leaves) patterns_.insert(leaf.pattern);
        // A consent's scope, and the conditions that ask for it, name field groups.
        scoped_ = new_purpose_.consent != ConsentGate::none;
    }

    void run() {
        for (const auto& pattern : patterns_) {
            const auto from = state_of(before_, old_, pattern), to = state_of(after_, new_, pattern);
            if (auto judged = judge(from, to)) buckets_[std::move(*judged)].insert(pattern);
        }
        requirements();
        for (const auto& [judged, leaves] : buckets_) tell(judged, leaves);
        people();
        identities();
        tags();
    }

private:
    auto judge(const State& from, const State& to) const -> std::optional<Judged> {
        const auto now = to.condition != nullptr ? ", " + condition_words(*to.condition) : std::string{};
        if (!opens(from.kind) && opens(to.kind))
            return Judged{true, "released", "NOW RELEASED", now + " (" + was_words(from) + ")"};
        if (opens(from.kind) && !opens(to.kind))
            return Judged{false, "withheld",
                          to.kind == CellKind::forbid ? "NO LONGER RELEASED, NOW FORBIDDEN" : "NO LONGER RELEASED",
                          " (" + was_words(from) + ")"};
        if (!opens(from.kind)) return judge_closed(from, to);
        return judge_open(from, to, now);
    }

    static auto judge_closed(const State& from, const State& to) -> std::optional<Judged> {
        if (from.kind == to.kind) return std::nullopt;
        if (to.kind == CellKind::forbid)
            return Judged{false, "withheld", "NOW FORBIDDEN", " (" + was_words(from) + ")"};
        return Judged{false, "withheld", "NO LONGER FORBIDDEN", ", still withheld as not needed"};
    }

    auto judge_open(const State& from, const State& to, const std::string& now) const -> std::optional<Judged> {
        if (from.condition != nullptr && to.condition == nullptr)
            return Judged{true, "condition", "NOW RELEASED WITHOUT CONDITION", " (" + was_words(from) + ")"};
        if (from.condition == nullptr && to.condition != nullptr)
            return Judged{false, "condition", "NOW RELEASED CONDITIONALLY", now + " (" + was_words(from) + ")"};
        if (from.condition != nullptr) {
            const bool wider = !implies(*to.condition, *from.condition);
            if (wider || !implies(*from.condition, *to.condition))
                return Judged{wider, "condition", wider ? "CONDITION WEAKENED OR CHANGED" : "CONDITION TIGHTENED",
                              now + " (" + was_words(from) + ")"};
        }
        return judge_scope(from, to);
    }

    /// A consent can name the groups it covers: what a purpose requires goes all the same, the rest does not.
    auto judge_scope(const State& from, const State& to) const -> std::optional<Judged> {
        const bool asks = to.condition != nullptr || (scoped_ && to.kind != CellKind::require);
        if (from.group != to.group && asks)
            return Judged{true, "field", "COUNTS AS ANOTHER FIELD GROUP", " where a consent names field groups"};
        if (from.kind == to.kind || !scoped_) return std::nullopt;
        if (to.kind == CellKind::require)
            return Judged{true, "released", "NOW RELEASED",
                          ", also where the consent names other things (was not then)"};
        return Judged{false, "withheld", "NO LONGER RELEASED", " where the consent names other things"};
    }

    /// What a required value may be replaced by: a value of another list item, or another value.
    struct Need {
        bool any_item{false};
        std::set<std::string> instead;
        auto operator==(const Need&) const -> bool = default;
        [[nodiscard]] auto at_most(const Need& other) const -> bool {
            return any_item <= other.any_item && std::ranges::includes(other.instead, instead);
        }
    };
    /// Values without which a message is refused.
    static auto required(const CompiledPack& pack, const RoleTable& table) -> std::map<std::string, Need> {
        std::map<std::string, Need> out;
        for (const auto& requirement : table.requirements) {
            const auto& group = pack.groups[requirement.group];
            if (!group.note_if_missing.empty()) continue;
            for (LeafId leaf = 0; leaf < pack.leaves.size(); ++leaf) {
                if (!requirement.core.test(leaf)) continue;
                auto& need = out[pack.leaves[leaf].pattern];
                need.any_item = group.any_item;
                for (const auto& [own, other] : group.instead)
                    if (own == leaf) need.instead.insert(other);
            }
        }
        return out;
    }
    void requirements() {
        const auto from = required(before_, old_), to = required(after_, new_);
        const auto note = [this](bool widening, const char* head, const char* tail, const std::string& pattern) {
            buckets_[{widening, "required", head, tail}].insert(pattern);
        };
        for (const auto& pattern : patterns_) {
            const auto was = from.find(pattern), is = to.find(pattern);
            if (was != from.end() && is == to.end())
                note(true, "NO LONGER REQUIRED", ": a message that lacks it is no longer refused", pattern);
            else if (was == from.end() && is != to.end())
                note(false, "NOW REQUIRED", ": a message that lacks it is refused", pattern);
            else if (was != from.end() && !(was->second == is->second) && is->second.at_most(was->second))
                note(false, "REQUIRED MORE STRICTLY", ": less may stand in for it", pattern);
            else if (was != from.end() && !(was->second == is->second))
                note(true, "REQUIRED LESS STRICTLY", ": something else, or that of somebody else, may stand in for it",
                     pattern);
        }
    }

    /// One line for each field group: its title where all of it changed, else the values.
    void tell(const Judged& judged, const std::set<std::string>& leaves) {
        std::map<std::string, std::vector<std::string>> by_group;
        for (const auto& pattern : leaves) by_group[group_name(pattern)].push_back(pattern);
        for (const auto& [name, patterns] : by_group) {
            const auto& pack = after_.group_ids.contains(name) ? after_ : before_;
            const auto& group = pack.groups[pack.group_ids.find(name)->second];
            const bool whole = patterns.size() == group.leaves.size() && patterns.size() > 1;
            std::string values;
            for (const auto& pattern : patterns)
                values +=
                    (values.empty() ? "" : ", ") + (whole ? leaf_name(pattern) : leaf_words(pattern, new_.people));
            add({judged.widening,
                 judged.kind,
                 {},
                 {},
                 name,
                 judged.headline + ": " + (whole ? group_words(group) + " (" + values + ")" : values) + to_whom() +
                     judged.tail,
                 {}});
        }
    }
    auto group_name(const std::string& pattern) const -> std::string {
        const auto leaf = after_.trie.find(pattern);
        if (leaf != no_leaf) return after_.groups[after_.leaves[leaf].group].name;
        return before_.groups[before_.leaves[before_.trie.find(pattern)].group].name;
    }
    auto to_whom() const -> std::string { return " to " + new_.role + " for " + new_purpose_.id; }

    /// Does the new table open a value that this asks for?
    template <class Ask>
    auto opens_one(Ask ask) const -> bool {
        for (std::size_t i = 0; i < after_.leaves.size(); ++i)
            if (opens(new_.cells[i].kind) && ask(after_.leaves[i])) return true;
        return false;
    }
    /// Values that come and go with a person, or in which that person is named or not.
    static auto hangs_on_people(const Leaf& leaf) -> bool {
        return leaf.pattern.starts_with("/people/") || leaf.pattern.starts_with("/concerns/") ||
               leaf.pattern.starts_with("/attachments/") || leaf.use == LeafUse::reference ||
               leaf.use == LeafUse::narrative;
    }

    /// Everybody of the first is in the second. A mother may live elsewhere, so she is part of neither household nor
    /// all.
    static auto is_part(PeopleFilter part, PeopleFilter whole) -> bool {
        return (part == PeopleFilter::household && whole == PeopleFilter::all) ||
               (part == PeopleFilter::mother_consenting && whole == PeopleFilter::mother);
    }
    void people() {
        if (old_.people == new_.people) return;
        const bool narrower = is_part(new_.people, old_.people), wider = is_part(old_.people, new_.people);
        const bool widening = !narrower && opens_one(hangs_on_people);
        add({widening,
             "people",
             {},
             {},
             "people",
             std::string{narrower ? "FEWER PEOPLE"
                         : wider  ? "MORE PEOPLE"
                                  : "OTHER PEOPLE"} +
                 ": " + new_.role + " for " + new_purpose_.id + " may now be told of " +
                 std::string{people_words(new_.people)} + " (was: " + std::string{people_words(old_.people)} + ")",
             {}});
    }

    void identities() {
        if (old_.protected_identities == new_.protected_identities) return;
        const bool widening = new_.protected_identities && opens_one([](const Leaf& leaf) {
                                  return hangs_on_people(leaf) || leaf.use == LeafUse::name;
                              });
        add({widening,
             "identities",
             {},
             {},
             "protected",
             std::string{new_.protected_identities ? "NOW RELEASED" : "NO LONGER RELEASED"} +
                 ": the identity of people who asked to be protected" + to_whom(),
             {}});
    }

    void tags() {
        // Words are tagged in any free text; whole concerns are, too.
        const auto texts = [](const Leaf& leaf) { return leaf.use == LeafUse::narrative || leaf.tag; };
        const auto missing_from = [](const std::vector<std::string>& list, const std::string& tag) {
            return std::ranges::find(list, tag) == list.end();
        };
        for (const auto& tag : new_.tags)
            if (missing_from(old_.tags, tag))
                add({opens_one(texts),
                     "tags",
                     {},
                     {},
                     tag,
                     "NOW RELEASED: concerns that speak of " + tag + to_whom() + " (was withheld: too sensitive)",
                     {}});
        for (const auto& tag : old_.tags)
            if (missing_from(new_.tags, tag))
                add({false, "tags", {}, {}, tag, "NO LONGER RELEASED: concerns that speak of " + tag + to_whom(), {}});
    }

    void add(Change change) {
        change.purpose = new_purpose_.id;
        change.role = new_.role;
        out_.push_back(std::move(change));
    }

    const CompiledPack &before_, &after_;
    const Purpose& new_purpose_;
    const RoleTable &old_, &new_;
    std::vector<Change>& out_;
    std::set<std::string> patterns_;
    std::map<Judged, std::set<std::string>> buckets_;
    bool scoped_{false};
};

}  // namespace

void diff_role(const CompiledPack& before, const CompiledPack& after, const Purpose& new_purpose,
               const RoleTable& old_table, const RoleTable& new_table, std::vector<Change>& out) {
    RoleDiff{before, after, new_purpose, old_table, new_table, out}.run();
}

namespace {

auto open_values(const RoleTable& table) -> std::size_t {
    return static_cast<std::size_t>(std::ranges::count_if(table.cells, [](const Cell& c) { return opens(c.kind); }));
}

auto role_comes(const CompiledPack& pack, const Purpose& purpose, const RoleTable& table) -> Change {
    return {open_values(table) > 0,
            "role",
            purpose.id,
            table.role,
            table.role,
            "NEW RECIPIENT: " + table.role + " (" + role_words(pack, table.role) + ") may now be sent messages for " +
                purpose.id + ", with up to " + std::to_string(open_values(table)) + " kinds of value",
            {}};
}

void diff_purpose(const CompiledPack& before, const CompiledPack& after, const Purpose& from, const Purpose& to,
                  std::vector<Change>& out) {
    for (const auto& [role, table] : to.roles) {
        const auto it = from.roles.find(role);
        if (it == from.roles.end())
            out.push_back(role_comes(after, to, table));
        else
            diff_role(before, after, to, it->second, table, out);
    }
    for (const auto& [role, table] : from.roles)
        if (!to.roles.contains(role))
            out.push_back({false,
                           "role",
                           to.id,
                           role,
                           role,
                           "NO LONGER A RECIPIENT: " + role + " can be sent nothing for " + to.id,
                           {}});
}

}  // namespace

void diff_tables(const CompiledPack& before, const CompiledPack& after, std::vector<Change>& out) {
    for (const auto& [id, purpose] : after.purposes) {
        const auto it = before.purposes.find(id);
        if (it != before.purposes.end()) {
            diff_purpose(before, after, it->second, purpose, out);
            continue;
        }
        out.push_back({true,
                       "purpose",
                       id,
                       {},
                       id,
                       "NEW PURPOSE: information may now be shared for " + id + " (" + purpose.title + ")",
                       {}});
        for (const auto& [role, table] : purpose.roles) out.push_back(role_comes(after, purpose, table));
    }
    for (const auto& [id, purpose] : before.purposes)
        if (!after.purposes.contains(id))
            out.push_back({false, "purpose", id, {}, id, "NO LONGER A PURPOSE: nothing can be shared for " + id, {}});
}

}  // namespace cg::policy
