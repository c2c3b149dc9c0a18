#pragma once
// Packs with one thing changed: the role tables of a purpose as values that can be moved about and written again.

#include "policy/compiled.hpp"
#include "policy/toml_tree.hpp"

#include <functional>
#include <set>

#include "support.hpp"

namespace cg::policy::testing {

inline auto replace_once(std::string& text, const std::string& from, const std::string& to) -> bool {
    const auto at = text.find(from);
    if (at != std::string::npos) text.replace(at, from.size(), to);
    return at != std::string::npos;
}

/// Fails the test, and stops, where the pack has faults.
inline auto loaded(const PackFiles& files) -> std::shared_ptr<const Pack> {
    auto pack = load_pack(files);
    if (!pack) {
        for (const auto& problem : pack.error().problems)
            ADD_FAILURE() << problem.pointer << " " << problem.type << ": " << problem.fix;
        std::abort();
    }
    return pack.value();
}

/// One role of a purpose, as TOML says it.
struct RoleText {
    struct When {
        std::set<std::string> groups, all, any;
    };
    std::string name, people;
    bool protected_identities{false};
    std::set<std::string> tags;
    std::map<std::string, std::set<std::string>> lists;  ///< require, allow, forbid, not_necessary
    std::vector<When> whens;
    std::map<std::string, std::string> leaves;
    std::map<std::string, std::string> other;  ///< TOML of values

    void drop(const std::string& group) {
        for (auto& [key, groups] : lists) groups.erase(group);
        for (auto& one : whens) one.groups.erase(group);
        std::erase_if(whens, [](const When& one) { return one.groups.empty(); });
    }
    void move(const std::string& group, const std::string& list) {
        drop(group);
        lists[list].insert(group);
    }
    void when(const std::string& group, const std::set<std::string>& all, const std::set<std::string>& any = {}) {
        drop(group);
        whens.push_back({{group}, all, any});
    }
};

inline auto quoted(const std::string& text) -> std::string {
    return "\"" + text + "\"";
}
inline auto toml_list(const std::set<std::string>& items) -> std::string {
    std::string out = "[";
    for (const auto& item : items) out += (out.size() > 1 ? ", " : "") + quoted(item);
    return out + "]";
}
inline auto text_set(const TomlNode* list) -> std::set<std::string> {
    std::set<std::string> out;
    if (list != nullptr)
        for (const auto& item : list->items) out.insert(item.text);
    return out;
}

inline auto read_role(const std::string& name, const TomlNode& table) -> RoleText {
    RoleText out;
    out.name = name;
    for (const auto& [key, node] : table.members) {
        if (key == "people")
            out.people = node.text;
        else if (key == "protected")
            out.protected_identities = node.flag;
        else if (key == "tags")
            out.tags = text_set(&node);
        else if (key == "when")
            for (const auto& one : node.items)
                out.whens.push_back(
                    {text_set(one.find("groups")), text_set(one.find("all")), text_set(one.find("any"))});
        else if (key == "leaves")
            for (const auto& [pattern, word] : node.members) out.leaves[pattern] = word.text;
        else if (node.kind == TomlNode::Kind::list)
            out.lists[key] = text_set(&node);
        else
            out.other[key] = node.kind == TomlNode::Kind::flag ? (node.flag ? "true" : "false") : quoted(node.text);
    }
    return out;
}

inline auto write_role(const RoleText& role) -> std::string {
    const auto head = "roles." + quoted(role.name);
    auto out = "\n[" + head + "]\npeople = " + quoted(role.people) +
               "\nprotected = " + (role.protected_identities ? "true" : "false") + "\ntags = " + toml_list(role.tags) +
               "\n";
    for (const auto& [key, groups] : role.lists) out += key + " = " + toml_list(groups) + "\n";
    for (const auto& [key, value] : role.other) out += key + " = " + value + "\n";
    for (const auto& one : role.whens) {
        out += "[[" + head + ".when]]\ngroups = " + toml_list(one.groups) + "\n";
        if (!one.all.empty()) out += "all = " + toml_list(one.all) + "\n";
        if (!one.any.empty()) out += "any = " + toml_list(one.any) + "\n";
    }
    if (!role.leaves.empty()) out += "[" + head + ".leaves]\n";
    for (const auto& [pattern, word] : role.leaves) out += quoted(pattern) + " = " + quoted(word) + "\n";
    return out;
}

inline auto roles_in(const std::string& purpose_text) -> std::vector<RoleText> {
    Faults faults;
    const auto root = parse_toml("purpose", purpose_text, faults);
    std::vector<RoleText> out;
    for (const auto& [name, node] : root->find("roles")->members) out.push_back(read_role(name, node));
    return out;
}

/// The example pack with one role of one purpose changed.
inline auto edited(const std::string& file, const std::string& role, const std::function<void(RoleText&)>& edit,
                   PackFiles files = example_files()) -> PackFiles {
    auto& text = files[file];
    auto roles = roles_in(text);
    text.resize(text.find("\n[roles."));
    for (auto& one : roles) {
        if (one.name == role) edit(one);
        text += write_role(one);
    }
    return files;
}

}  // namespace cg::policy::testing
