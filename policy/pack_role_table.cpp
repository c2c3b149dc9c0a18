// One role of a purpose: every field group decided once, compiled to one cell a leaf.
#include "policy/conditions.hpp"
#include "policy/pack_load.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace cg::policy {
namespace {

using Choice = std::pair<std::string_view, CellKind>;
constexpr std::array kinds{Choice{"require", CellKind::require}, Choice{"allow", CellKind::allow},
                           Choice{"forbid", CellKind::forbid}, Choice{"not_necessary", CellKind::not_necessary}};

class RoleLoader {
public:
    RoleLoader(TableReader& reader, const Purpose& purpose, std::string_view role, const CompiledPack& pack)
        : reader_(reader), pack_(pack), decided_(pack.groups.size()) {
        out_.role = role;
        out_.cells.resize(pack.leaves.size());
        out_.group_kinds.resize(pack.groups.size(), CellKind::not_necessary);
        for (const auto& group : pack.groups)
            out_.group_rules.push_back(purpose.short_name + "." + out_.role + "." + group.name);
    }

    auto load() -> RoleTable {
        read_settings();
        for (const auto& [key, kind] : kinds)
            for (const auto& name : reader_.texts_or_none(key)) decide(key, name, {kind, 0});
        read_when();
        always();
        every_group_decided();
        compile();
        read_exceptions();
        read_tasks();
        requirements();
        return std::move(out_);
    }

private:
    struct Decided {
        CellKind kind;
        std::uint8_t condition;
    };

    void read_settings() {
        const auto people = reader_.text("people");
        if (people == "all")
            out_.people = PeopleFilter::all;
        else if (people == "household")
            out_.people = PeopleFilter::household;
        else if (people == "mother")
            out_.people = PeopleFilter::mother;
        else if (people == "mother-consenting")
            out_.people = PeopleFilter::mother_consenting;
        else if (people == "parental-responsibility")
            out_.people = PeopleFilter::parental_responsibility;
        else if (!people.empty())
            reader_.fault_at("people", "pack/code-unknown",
                             "Say all, household, mother, mother-consenting or parental-responsibility.");
        out_.protected_identities = reader_.flag_or("protected", false);
        out_.tags = reader_.texts_or_none("tags");
        for (const auto& tag : out_.tags)
            if (!pack_.tags.contains(tag))
                reader_.fault_at("tags", "pack/tag-unknown", "There is no tag '" + tag + "' in information.toml.");
        out_.concern_kinds = reader_.texts_or_none("concern_categories");
        for (const auto& category : out_.concern_kinds)
            if (!pack_.concern_categories.contains(category))
                reader_.fault_at("concern_categories", "pack/code-unknown",
                                 "There is no category '" + category + "' in information.toml.");
        if (const auto role = pack_.roles.find(out_.role); role != pack_.roles.end())
            out_.trusted_with = role->second.trusted_with;
        out_.label = reader_.text_or("label", "");
        out_.change_note = reader_.text_or("change_note", "");
        static_cast<void>(reader_.flag_or("do_not_inform", true));  // OP-4: it travels whatever is written here
        out_.tell_basis = reader_.flag_or("tell_basis", true);
        out_.tell_consent = reader_.flag_or("tell_consent", true);
        out_.tell_family = reader_.flag_or("tell_family", true);
        out_.tell_withheld = reader_.flag_or("tell_withheld", true);
    }

    void decide(std::string_view key, const std::string& name, Decided choice) {
        const auto it = pack_.group_ids.find(name);
        if (it == pack_.group_ids.end())
            return reader_.fault_at(key, "pack/group-unknown",
                                    "There is no field group '" + name + "' in fields.toml.");
        if (pack_.groups[it->second].always)
            return reader_.fault_at(key, "pack/group-decided-twice", "'" + name + "' always goes; take it out here.");
        auto& decided = decided_[it->second];
        if (decided)
            return reader_.fault_at(key, "pack/group-decided-twice",
                                    "'" + name + "' is decided twice for this role; leave it in one list only.");
        decided = choice;
    }

    auto read_tests(TableReader& when, std::string_view key, Condition& condition) -> std::vector<ConditionTest> {
        std::vector<ConditionTest> out;
        for (const auto& name : when.texts_or_none(key)) {
            const auto* known = find_condition(name);
            if (known == nullptr) {
                when.fault_at(key, "pack/condition-unknown",
                              "There is no condition '" + name + "'; there are " + condition_names() + ".");
                continue;
            }
            out.push_back(known->test);
            condition.per_item = condition.per_item || known->per_item;
            condition.scope = condition.scope || name == "consent-scope";
            condition.text += (condition.text.empty() ? "" : ", ") + name;
        }
        return out;
    }

    void read_when() {
        for (const auto* node : reader_.tables("when")) {
            TableReader when{reader_.file(), *node, reader_.faults()};
            Condition condition;
            condition.all = read_tests(when, "all", condition);
            condition.any = read_tests(when, "any", condition);
            const auto groups = when.texts("groups");
            if (condition.all.empty() && condition.any.empty())
                when.fault("pack/condition-missing", "Name at least one condition in 'all' or 'any'.");
            else if (out_.conditions.size() >= 255)
                when.fault("pack/condition-missing", "A role can have at most 255 conditions.");
            else
                out_.conditions.push_back(std::move(condition));
            const auto index = static_cast<std::uint8_t>(out_.conditions.empty() ? 0 : out_.conditions.size() - 1);
            for (const auto& name : groups) decide_when(when, name, index);
            when.finish();
        }
    }
    void decide_when(TableReader& when, const std::string& name, std::uint8_t index) {
        if (pack_.group_ids.contains(name)) return decide("when", name, {CellKind::when, index});
        when.fault_at("groups", "pack/group-unknown", "There is no field group '" + name + "' in fields.toml.");
    }

    void always() {
        for (std::size_t i = 0; i < pack_.groups.size(); ++i)
            if (pack_.groups[i].always) decided_[i] = Decided{CellKind::require, 0};
    }

    void every_group_decided() {
        std::string missing;
        for (std::size_t i = 0; i < pack_.groups.size(); ++i) {
            if (decided_[i] || pack_.groups[i].part_of != no_group) continue;
            missing += (missing.empty() ? "" : ", ") + pack_.groups[i].name;
        }
        if (!missing.empty())
            reader_.fault("pack/group-undecided",
                          "Decide these groups too (require, allow, when, forbid or not_necessary): " + missing + ".");
    }

    /// Whole groups first, then groups that are part of another: a part may open what the whole leaves, never what it
    /// forbids.
    void compile() {
        for (const bool parts : {false, true}) {
            for (std::size_t i = 0; i < pack_.groups.size(); ++i) {
                const auto& group = pack_.groups[i];
                if (!decided_[i] || (group.part_of != no_group) != parts) continue;
                out_.group_kinds[i] = decided_[i]->kind;
                for (const auto leaf : group.leaves) set_cell(group, leaf, static_cast<GroupId>(i), *decided_[i]);
            }
        }
        for (std::size_t i = 0; i < pack_.groups.size(); ++i) {
            if (pack_.groups[i].part_of != no_group) continue;
            if (out_.group_kinds[i] == CellKind::forbid) out_.forbidden.push_back(pack_.groups[i].name);
            if (out_.group_kinds[i] == CellKind::not_necessary) out_.not_necessary.push_back(pack_.groups[i].name);
        }
    }
    void set_cell(const Group& group, LeafId leaf, GroupId id, Decided choice) {
        auto& cell = out_.cells[leaf];
        const bool opens = choice.kind != CellKind::forbid && choice.kind != CellKind::not_necessary;
        if (group.part_of != no_group && cell.kind == CellKind::forbid && opens)
            return reader_.fault("pack/allow-forbid-overlap",
                                 "'" + group.name + "' is allowed here but the group it is part of is forbidden.");
        cell = {choice.kind, choice.condition, id};
    }

    void read_exceptions() {
        const auto* table = reader_.table_if("leaves");
        if (table == nullptr) return;
        TableReader exceptions{reader_.file(), *table, reader_.faults()};
        for (const auto& [pattern, node] : table->members) {
            const auto word = exceptions.text(pattern);
            const auto leaf = pack_.trie.find(pattern);
            if (leaf == no_leaf) {
                exceptions.fault_at(pattern, "pack/leaf-unknown", "There is no value '" + pattern + "' in fields.toml.");
            } else if (word == "not_necessary" || word == "forbid") {
                out_.cells[leaf].kind = word == "forbid" ? CellKind::forbid : CellKind::not_necessary;
            } else if (word == "allow") {
                if (out_.cells[leaf].kind == CellKind::forbid)
                    exceptions.fault_at(pattern, "pack/allow-forbid-overlap",
                                        "This value is in a group that is forbidden here.");
                out_.cells[leaf].kind = CellKind::allow;
            } else {
                exceptions.fault_at(pattern, "pack/code-unknown", "Say 'allow', 'not_necessary' or 'forbid'.");
            }
        }
    }

    void read_tasks() {
        const auto* table = reader_.table_if("tasks");
        if (table == nullptr) return;
        TableReader tasks{reader_.file(), *table, reader_.faults()};
        for (const auto& [task, node] : table->members) {
            auto places = tasks.texts(task);
            for (const auto& place : places)
                if (!pack_.group_ids.contains(place) && pack_.trie.find(place) == no_leaf)
                    tasks.fault_at(task, "pack/group-unknown", "There is no field group or value '" + place + "' in fields.toml.");
            out_.tasks.emplace_back(task, std::move(places));
        }
    }

    void requirements() {
        for (std::size_t i = 0; i < pack_.groups.size(); ++i) {
            if (!decided_[i] || decided_[i]->kind != CellKind::require) continue;
            Requirement requirement{static_cast<GroupId>(i), {}};
            for (const auto leaf : pack_.groups[i].core)
                if (out_.cells[leaf].kind != CellKind::forbid && out_.cells[leaf].kind != CellKind::not_necessary)
                    requirement.core.set(leaf);
            out_.requirements.push_back(requirement);
        }
    }

    TableReader& reader_;
    const CompiledPack& pack_;
    std::vector<std::optional<Decided>> decided_;  // by group
    RoleTable out_;
};

}  // namespace

auto load_role_table(TableReader& reader, const Purpose& purpose, std::string_view role, const CompiledPack& pack)
    -> RoleTable {
    return RoleLoader{reader, purpose, role, pack}.load();
}

}  // namespace cg::policy
