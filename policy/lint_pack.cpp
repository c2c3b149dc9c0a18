// Lint rules about a pack as a whole and about the gates of its purposes.
#include "policy/case_schema.hpp"
#include "policy/lint_parts.hpp"
#include "policy/pack_words.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace cg::policy {
namespace {

void check_days(const LintInput& in, LintOutput& out) {
    auto& faults = in.for_use ? out.errors : out.notices;
    const auto day = to_iso_date(in.today);
    if (in.pack.in_force_from > in.today)
        faults.add("pack.toml", in.at("pack.toml", {"in_force_from"}), "pack/not-yet-in-force",
                   "It cannot be used on " + day + ": keep the policy in force until this one's first day.");
    if (in.pack.in_force_until && *in.pack.in_force_until <= in.today)
        faults.add("pack.toml", in.at("pack.toml", {"in_force_until"}), "pack/no-longer-in-force",
                   "It cannot be used on " + day + ": put a newer policy in force.");
}

void check_signatories(const LintInput& in, LintOutput& out) {
    const std::set<std::string> different{in.pack.signatories.begin(), in.pack.signatories.end()};
    if (different.size() < 2 && in.files.contains("pack.toml"))
        out.errors.add(
            "pack.toml", in.at("pack.toml", {"signatories"}), "pack/signatories-too-few",
            "Name two different people or offices in 'signatories', one of them outside the technical team.");
}

/// What no group names never leaves; the policy has to say so itself.
void check_every_leaf_has_a_group(const LintInput& in, LintOutput& out) {
    if (in.pack.groups.empty()) return;
    std::string missing;
    for (const auto& leaf : case_schema().leaves)
        if (!leaf.decision_input && in.pack.trie.find(leaf.pattern) == no_leaf)
            missing += (missing.empty() ? "" : ", ") + std::string{leaf.pattern};
    if (!missing.empty())
        out.errors.add("fields.toml", in.at("fields.toml", {"groups"}), "pack/field-unclassified",
                       "Put these values in a field group: " + missing + ".");
}

void check_roles_are_used(const LintInput& in, LintOutput& out) {
    for (const auto& [role, rule] : in.pack.roles)
        if (std::ranges::none_of(in.pack.purposes,
                                 [&role = role](const auto& one) { return one.second.roles.contains(role); }))
            out.notices.add("roles.toml", in.at("roles.toml", {"roles", role}), "pack/role-unused",
                            "Let a purpose send to '" + role + "', or take the role out.");
}

void check_codes_are_used(const LintInput& in, LintOutput& out) {
    const auto unused = [&in](const std::string& code, auto list) {
        return std::ranges::none_of(in.pack.purposes, [&](const auto& one) {
            const std::vector<std::string>& codes = one.second.*list;
            return std::ranges::find(codes, code) != codes.end();
        });
    };
    for (const auto& [code, rule] : in.pack.basis)
        if (unused(code, &Purpose::basis_allowed))
            out.notices.add("codes.toml", in.at("codes.toml", {"basis", code}), "pack/code-unused",
                            "Let a purpose rest on '" + code + "', or take it out.");
    for (const auto& [code, rule] : in.pack.overrides)
        if (unused(code, &Purpose::override_reasons))
            out.notices.add("codes.toml", in.at("codes.toml", {"override", code}), "pack/code-unused",
                            "Let a purpose accept '" + code + "', or take it out.");
}

void check_basis(const LintInput& in, LintOutput& out) {
    for (const auto& [id, purpose] : in.pack.purposes)
        if (purpose.basis_allowed.empty())
            out.errors.add(in.file_of(purpose), in.at(in.file_of(purpose), {"basis", "allowed"}), "pack/basis-missing",
                           "Name in 'allowed' the legal bases that this purpose can rest on.");
}

/// An empty list says that nothing less will do; no list says that nobody thought of it.
void check_emergency(const LintInput& in, LintOutput& out) {
    for (const auto& [id, purpose] : in.pack.purposes) {
        const auto& emergency = in.at(in.file_of(purpose), {"emergency"});
        if (!purpose.basis_emergency.empty() && emergency.find("minimum") == nullptr)
            out.errors.add(
                in.file_of(purpose), emergency, "pack/emergency-minimum-missing",
                "Add 'minimum': what an emergency message should say at the least; [] if it has no emergencies "
                "of its own.");
    }
}

void check_override(const LintInput& in, LintOutput& out) {
    for (const auto& [id, purpose] : in.pack.purposes)
        if (purpose.consent == ConsentGate::consent && !purpose.override_reasons.empty())
            out.errors.add(in.file_of(purpose), in.at(in.file_of(purpose), {"consent", "override_reasons"}),
                           "pack/rule-unreachable",
                           "With gate = \"consent\" nothing can stand in for consent: take these reasons out, or write "
                           "gate = \"consent-or-override\".");
}

/// OP-9. Writing `voice = false` says that somebody thought of it.
void check_voice(const LintInput& in, LintOutput& out) {
    const auto views = in.pack.group_ids.find("views");
    if (views == in.pack.group_ids.end()) return;
    for (const auto& [id, purpose] : in.pack.purposes) {
        const auto kind_for = [&](const auto& one) { return one.second.group_kinds[views->second]; };
        const bool required =
            std::ranges::any_of(purpose.roles, [&](const auto& one) { return kind_for(one) == CellKind::require; });
        const bool open = std::ranges::any_of(purpose.roles, [&](const auto& one) { return opens(kind_for(one)); });
        const auto& root = in.at(in.file_of(purpose), {});
        if (purpose.voice && !open)
            out.errors.add(in.file_of(purpose), in.at(in.file_of(purpose), {"voice"}), "pack/rule-unreachable",
                           "The child's view is asked for, but no role may have it: let a role have 'views', or take "
                           "'voice' out.");
        else if (!purpose.voice && !required && open && root.find("voice") == nullptr)
            out.notices.add(in.file_of(purpose), root, "pack/voice-not-asked",
                            "Write 'voice = true', or 'voice = false' if this purpose can do without.");
    }
}

void check_records(const LintInput& in, LintOutput& out) {
    if (in.pack.records.controller.empty())
        out.notices.add("pack.toml", in.at("pack.toml", {}), "pack/records-missing",
                        "Add [records]: controller, contact, data_protection_officer and so on.");
}

constexpr std::array<LintCheck, 10> checks{
    &check_days,           &check_signatories,    &check_every_leaf_has_a_group,
    &check_roles_are_used, &check_codes_are_used, &check_basis,
    &check_emergency,      &check_override,       &check_voice,
    &check_records,
};

}  // namespace

auto pack_checks() -> std::span<const LintCheck> {
    return checks;
}

auto LintInput::at(std::string_view file, std::initializer_list<std::string_view> keys) const -> const TomlNode& {
    static const TomlNode nowhere;
    const auto it = files.find(file);
    if (it == files.end()) return nowhere;
    const auto* node = &it->second;
    for (const auto key : keys) {
        const auto* next = node->find(key);
        if (next == nullptr) break;
        node = next;
    }
    return *node;
}

auto LintInput::file_of(const Purpose& purpose) const -> std::string_view {
    for (const auto& [file, root] : files) {
        const auto* id = root.find("id");
        if (file.starts_with("purposes/") && id != nullptr && id->text == purpose.id) return file;
    }
    return "purposes/";
}

}  // namespace cg::policy
