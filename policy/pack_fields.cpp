// fields.toml: field groups, resolved against the leaves that case/1 knows.
#include "policy/case_schema.hpp"
#include "policy/pack_load.hpp"

#include <algorithm>
#include <string>

namespace cg::policy {
namespace {

/// What stands in free text for a withheld value of this leaf.
auto token_of(std::string_view pattern) -> std::string {
    if (pattern.ends_with("phone")) return "[PHONE]";
    if (pattern.find("address") != std::string_view::npos) return "[ADDRESS]";
    if (pattern == "/child/education/setting") return "[SCHOOL]";
    if (pattern.ends_with("organisation") || pattern.ends_with("gp_practice")) return "[ORGANISATION]";
    if (pattern.starts_with("/child/") && pattern.find("name") != std::string_view::npos) return "[CHILD]";
    if (pattern == "/concerns/*/source_name" || pattern == "/referrer/name") return "[STAFF]";
    return pattern.ends_with("name") ? "[PERSON]" : "[NUMBER]";
}

/// `people` of `/people/*/name`; empty where there is no `*`.
auto list_of(std::string_view pattern) -> std::string {
    const auto star = pattern.find("/*");
    return star == std::string_view::npos ? std::string{} : std::string{pattern.substr(1, star - 1)};
}

class FieldsLoader {
public:
    FieldsLoader(std::string_view file, CompiledPack& pack, Faults& faults)
        : file_(file), pack_(pack), faults_(faults) {}

    void declare(const std::string& name, const TomlNode& node) {
        if (node.kind != TomlNode::Kind::table)
            return faults_.add(file_, node, "pack/wrong-type", "A group must be a table.");
        pack_.group_ids.emplace(name, static_cast<GroupId>(pack_.groups.size()));
        pack_.groups.emplace_back();
        pack_.groups.back().name = name;
    }

    void read(const std::string& name, const TomlNode& node) {
        const auto found = pack_.group_ids.find(name);
        if (found == pack_.group_ids.end()) return;
        TableReader reader{file_, node, faults_};
        auto& group = pack_.groups[found->second];
        group.title = reader.text("title");
        group.always = reader.flag_or("always", false);
        group.discloses = reader.flag_or("discloses", false);
        group.any_item = reader.flag_or("any_item", false);
        group.gap_type = reader.text_or("gap", "adequacy/field-missing");
        group.note_if_missing = reader.text_or("note_if_missing", "");
        group.note_if_sent = reader.text_or("note_if_sent", "");
        group.note_if_harmful = reader.text_or("note_if_harmful", "");
        group.harmful = reader.text_or("harmful", "");
        if (!group.harmful.empty()) check_case_place(reader, "harmful", group.harmful);
        read_part_of(reader, group);
        for (const auto& pattern : reader.texts("leaves")) add_leaf(reader, group, found->second, pattern);
        if (!group.leaves.empty()) group.list = list_of(pack_.leaves[group.leaves.front()].pattern);
        read_core(reader, group);
        read_instead(reader, group);
        read_uses(reader, group);
        reader.finish();
    }

private:
    void read_part_of(TableReader& reader, Group& group) {
        const auto parent = reader.text_or("part_of", "");
        if (parent.empty()) return;
        const auto it = pack_.group_ids.find(parent);
        if (it == pack_.group_ids.end())
            reader.fault_at("part_of", "pack/group-unknown", "There is no group '" + parent + "'.");
        else
            group.part_of = it->second;
    }

    void add_leaf(TableReader& reader, Group& group, GroupId id, const std::string& pattern) {
        const auto& schema = case_schema();
        const auto known = schema.trie.find(pattern);
        if (known == no_leaf || schema.leaves[known].decision_input)
            return reader.fault_at("leaves", "pack/leaf-unknown",
                                   known == no_leaf
                                       ? "A case has no value at '" + pattern + "'."
                                       : "'" + pattern + "' is an input to the decision and never shared.");
        if (group.part_of != no_group) {  // its leaves are declared by the whole group
            if (const auto leaf = pack_.trie.find(pattern); leaf != no_leaf) return group.leaves.push_back(leaf);
            return reader.fault_at(
                "leaves", "pack/leaf-unknown",
                "'" + pattern + "' is not a leaf of the group that this is part of; put that group first.");
        }
        const auto leaf = static_cast<LeafId>(pack_.leaves.size());
        if (leaf >= max_leaves)
            return reader.fault_at("leaves", "pack/too-many-leaves", "A pack can name at most 512 leaves.");
        if (!pack_.trie.add(pattern, leaf))
            return reader.fault_at("leaves", "pack/leaf-repeated", "'" + pattern + "' is in another group already.");
        pack_.leaves.push_back(
            {.pattern = pattern, .group = id, .tag = pattern == "/concerns/*/tags/*", .token = token_of(pattern)});
        group.leaves.push_back(leaf);
    }

    /// A leaf of this group by its pattern, or no_leaf with a fault.
    auto own_leaf(TableReader& reader, const Group& group, std::string_view key, const std::string& pattern) -> LeafId {
        const auto leaf = pack_.trie.find(pattern);
        if (leaf != no_leaf && std::ranges::find(group.leaves, leaf) != group.leaves.end()) return leaf;
        reader.fault_at(key, "pack/leaf-unknown", "'" + pattern + "' is not among the leaves of this group.");
        return no_leaf;
    }

    void read_core(TableReader& reader, Group& group) {
        if (reader.node().find("core") == nullptr) {
            group.core = group.leaves;
            return;
        }
        for (const auto& pattern : reader.texts("core"))
            if (const auto leaf = own_leaf(reader, group, "core", pattern); leaf != no_leaf) group.core.push_back(leaf);
    }

    void read_instead(TableReader& reader, Group& group) {
        const auto* table = reader.table_if("instead");
        if (table == nullptr) return;
        TableReader pairs{reader.file(), *table, reader.faults()};
        for (const auto& [pattern, node] : table->members) {
            auto other = pairs.text(pattern);
            if (!other.empty()) check_case_place(pairs, pattern, other);
            if (const auto leaf = own_leaf(reader, group, "instead", pattern); leaf != no_leaf)
                group.instead.emplace_back(leaf, std::move(other));
        }
    }

    void read_uses(TableReader& reader, const Group& group) {
        constexpr std::pair<const char*, LeafUse> uses[] = {
            {"names", LeafUse::name},          {"numbers", LeafUse::number},
            {"narrative", LeafUse::narrative}, {"references", LeafUse::reference},
            {"labels", LeafUse::label},        {"case_references", LeafUse::case_reference}};
        for (const auto& [key, use] : uses) {
            for (const auto& pattern : reader.texts_or_none(key))
                if (const auto leaf = own_leaf(reader, group, key, pattern); leaf != no_leaf)
                    pack_.leaves[leaf].use = use;
        }
        read_flags(reader, group);
        read_restrictions(reader, group);
        read_checked(reader, group);
    }

    void read_flags(TableReader& reader, const Group& group) {
        for (const auto& pattern : reader.texts_or_none("special"))
            if (const auto leaf = own_leaf(reader, group, "special", pattern); leaf != no_leaf)
                pack_.leaves[leaf].special = true;
        for (const auto& pattern : reader.texts_or_none("offence"))
            if (const auto leaf = own_leaf(reader, group, "offence", pattern); leaf != no_leaf)
                pack_.leaves[leaf].offence = true;
    }

    /// SE-9: values for roles that the pack names, and values that go only together with another one.
    void read_restrictions(TableReader& reader, const Group& group) {
        const auto when = reader.text_or("restricted_when", "");
        if (!when.empty() && case_schema().trie.find(when) == no_leaf)
            reader.fault_at("restricted_when", "pack/leaf-unknown", "A case has no value at '" + when + "'.");
        const auto kind = reader.text_or("trusted", "");
        for (const auto& pattern : reader.texts_or_none("restricted")) {
            const auto leaf = own_leaf(reader, group, "restricted", pattern);
            if (leaf == no_leaf) continue;
            if (kind.empty())
                reader.fault_at("restricted", "pack/key-missing", "Add 'trusted': the word for it in roles.toml.");
            pack_.leaves[leaf].restricted = kind;
            pack_.leaves[leaf].restricted_when = when;
        }
        const auto* table = reader.table_if("only_with");
        if (table == nullptr) return;
        TableReader pairs{reader.file(), *table, reader.faults()};
        for (const auto& [pattern, node] : table->members) {
            const auto other = own_leaf(reader, group, "only_with", pairs.text(pattern));
            if (const auto leaf = own_leaf(reader, group, "only_with", pattern); leaf != no_leaf)
                pack_.leaves[leaf].only_with = other;
        }
    }

    /// AC-4: days on which something was last checked, and what.
    void read_checked(TableReader& reader, const Group& group) {
        const auto* table = reader.table_if("checked");
        if (table == nullptr) return;
        TableReader pairs{reader.file(), *table, reader.faults()};
        for (const auto& [pattern, node] : table->members) {
            auto words = pairs.text(pattern);
            if (const auto leaf = own_leaf(reader, group, "checked", pattern); leaf != no_leaf)
                pack_.leaves[leaf].checked = std::move(words);
        }
    }

    std::string_view file_;
    CompiledPack& pack_;
    Faults& faults_;
};

}  // namespace

void check_case_place(TableReader& reader, std::string_view key, std::string_view pointer) {
    if (!is_case_place(pointer))
        reader.fault_at(key, "pack/leaf-unknown",
                        "A case has nothing at '" + std::string{pointer} + "': write the place like \"/child/given_names\".");
}

void load_fields(std::string_view file, const TomlNode& root, CompiledPack& pack, Faults& faults) {
    TableReader reader{file, root, faults};
    const auto* groups = reader.table("groups");
    reader.finish();
    if (groups == nullptr) return;
    FieldsLoader loader{file, pack, faults};
    for (const auto& [name, node] : groups->members) loader.declare(name, node);
    for (const auto& [name, node] : groups->members) loader.read(name, node);
    pack.in_schema = pack.trie.beside(case_schema().trie);
}

}  // namespace cg::policy
