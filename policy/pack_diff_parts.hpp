#pragma once
/// The parts of a comparison of packs.

#include "policy/compiled.hpp"
#include "policy/pack_diff.hpp"

#include <vector>

namespace cg::policy {

/// Who may have what: values, conditions, people, identities and tags for every purpose and role.
void diff_tables(const CompiledPack& before, const CompiledPack& after, std::vector<Change>& out);

/// The same for what single organisations narrow (RC-10): only what the policy's own tables do not tell already.
void diff_overlays(const CompiledPack& before, const CompiledPack& after, std::vector<Change>& out);
/// One role of one purpose against its former self.
void diff_role(const CompiledPack& before, const CompiledPack& after, const Purpose& new_purpose,
               const RoleTable& old_table, const RoleTable& new_table, std::vector<Change>& out);

/// What is said of each value whoever gets it: what keeps it back, and what is taken out of free text because of it.
void diff_leaves(const CompiledPack& before, const CompiledPack& after, std::vector<Change>& out);

/// Everything else that a pack's texts say, key by key, against the list of pack_diff_rules.cpp.
void diff_settings(const CompiledPack& before, const CompiledPack& after, std::vector<Change>& out);

/// How a change of a setting is judged.
enum class Direction : std::uint8_t {
    elsewhere,  ///< diff_tables looks at it
    neutral,    ///< lets nothing more leave
    any,        ///< cannot be judged: counts as a widening
    more,       ///< a list: what is added widens
    fewer,      ///< a list: what is taken out widens
    choices,    ///< a list of which one is needed; an empty one asks for nothing
    on,         ///< a flag: true widens
    off,        ///< a flag: false widens
    greater,    ///< a number
    less,
    longer,   ///< a period or a day: longer, later or without end widens
    earlier,  ///< a day
    order,    ///< words: a later one of `values` widens
};

/// One setting that a pack can have. The first that fits counts; what fits none counts as a widening.
struct SettingRule {
    std::string_view scope;  ///< `pack`, `codes`, `fields`, `roles`, `agencies` or `purpose`
    std::string_view path;   ///< keys with `/`; `*` is any one key, and `**` at the end is all that follows
    Direction direction;
    std::string_view kind;     ///< Change::kind
    std::string_view title;    ///< in words; `%` is what stands for `*`
    std::string_view value{};  ///< where it is missing; for `order` all values, narrowest first, with ';'
};
[[nodiscard]] auto setting_rule(std::string_view scope, const std::vector<std::string>& path) -> const SettingRule*;

/// A table with a name of its own, e.g. `override/COERCION_DURESS`: comes and goes as a whole.
struct EntryRule {
    std::string_view scope, path;
    bool added_widens;
    std::string_view kind, title;
    std::string_view keys{};  ///< compared all the same, with ';'
};
[[nodiscard]] auto entry_rule(std::string_view scope, const std::vector<std::string>& path) -> const EntryRule*;

}  // namespace cg::policy
