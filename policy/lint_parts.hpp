#pragma once
/// The rules of lint, one small function each, and what they look at.

#include "policy/compiled.hpp"
#include "policy/pack.hpp"
#include "policy/toml_tree.hpp"

#include <initializer_list>
#include <map>
#include <span>
#include <string>
#include <string_view>

namespace cg::policy {

/// A pack as far as it could be read, also where it has faults.
struct LintInput {
    const CompiledPack& pack;
    const std::map<std::string, TomlNode, std::less<>>& files;
    Date today;
    bool for_use;  ///< is it to be used that day, or only looked at?

    /// The node at these keys, or as far as they go.
    [[nodiscard]] auto at(std::string_view file, std::initializer_list<std::string_view> keys) const -> const TomlNode&;
    /// The file that describes a purpose.
    [[nodiscard]] auto file_of(const Purpose& purpose) const -> std::string_view;
};

struct LintOutput {
    Faults errors, notices;
};

using LintCheck = void (*)(const LintInput&, LintOutput&);
/// Of the pack, its codes and roles, and the gates of its purposes.
[[nodiscard]] auto pack_checks() -> std::span<const LintCheck>;
/// Of the table of one role in one purpose.
using RoleCheck = void (*)(const LintInput&, const Purpose&, const RoleTable&, LintOutput&);
[[nodiscard]] auto role_checks() -> std::span<const RoleCheck>;

}  // namespace cg::policy
