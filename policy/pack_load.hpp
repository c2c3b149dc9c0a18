#pragma once
/// The steps of loading a pack, one a file. Each reads its table, fills its part, and adds every fault it finds.

#include "policy/compiled.hpp"
#include "policy/pack.hpp"
#include "policy/toml_tree.hpp"

#include <string_view>

namespace cg::policy {

void load_pack_file(std::string_view file, const TomlNode& root, CompiledPack& pack, Faults& faults);
/// What is said and done if something is not shared, asked for, put right or taken back.
void load_answers(std::string_view file, const TomlNode& root, CompiledPack& pack, Faults& faults);
void load_codes(std::string_view file, const TomlNode& root, CompiledPack& pack, Faults& faults);
void load_fields(std::string_view file, const TomlNode& root, CompiledPack& pack, Faults& faults);
void load_roles(std::string_view file, const TomlNode& root, CompiledPack& pack, Faults& faults);
/// After load_fields.
void load_displays(std::string_view file, const TomlNode& root, CompiledPack& pack, Faults& faults);
/// After load_pack_file and load_roles.
void load_areas(std::string_view file, const TomlNode& root, CompiledPack& pack, Faults& faults);
void load_information(std::string_view file, const TomlNode& root, CompiledPack& pack, Faults& faults);
/// After load_roles.
void load_agencies(std::string_view file, const TomlNode& root, CompiledPack& pack, Faults& faults);
void load_scrub(std::string_view file, const TomlNode& root, CompiledPack& pack, Faults& faults);
/// After all others.
void load_purpose(std::string_view file, const TomlNode& root, CompiledPack& pack, Faults& faults);
/// All of the above, as far as the texts allow.
void load_parts(const PackFiles& files, CompiledPack& pack, Faults& faults);
/// After all purposes.
void load_overlay(std::string_view file, const TomlNode& root, CompiledPack& pack, Faults& faults);
/// A fault where a case has nothing at this pointer: a rule about it would silently never apply, or always.
void check_case_place(TableReader& reader, std::string_view key, std::string_view pointer);
/// One role of a purpose: which groups it may have.
[[nodiscard]] auto load_role_table(TableReader& reader, const Purpose& purpose, std::string_view role,
                                   const CompiledPack& pack) -> RoleTable;

}  // namespace cg::policy
