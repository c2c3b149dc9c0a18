// roles.toml and agencies.toml: who can receive, and who they are.
#include "policy/pack_load.hpp"

#include <algorithm>
#include <string>

namespace cg::policy {
namespace {

auto read_agency(TableReader& reader, const std::string& name, const CompiledPack& pack) -> AgencyFacts {
    AgencyFacts out;
    if (auto id = AgencyId::parse(name))
        out.id = id.value();
    else
        reader.fault("pack/agency-id", "An organisation's id is made of a-z, 0-9 and '-'.");
    out.title = reader.text("title");
    if (const auto kind = parse_agency_kind(reader.text("kind")))
        out.kind = *kind;
    else
        reader.fault_at("kind", "pack/code-unknown", "Say statutory, charitable, independent or provider.");
    if (reader.node().find("public_authority") == nullptr)
        reader.fault("pack/key-missing", "Add 'public_authority' here; it is true or false.");
    out.public_authority = reader.flag_or("public_authority", false);
    out.competent_authority = reader.flag_or("competent_authority", false);
    out.closed_on = reader.date_if("closed_on");
    out.areas = reader.texts_or_none("areas");
    for (const auto& role : reader.texts_or_none("roles")) {
        if (!pack.roles.contains(role))
            reader.fault_at("roles", "pack/role-unknown", "There is no role '" + role + "' in roles.toml.");
        else
            out.roles.push_back(RoleId::trusted(role));
    }
    return out;
}

}  // namespace

void load_roles(std::string_view file, const TomlNode& root, CompiledPack& pack, Faults& faults) {
    TableReader reader{file, root, faults};
    if (const auto* roles = reader.table("roles")) {
        for (const auto& [name, node] : roles->members) {
            if (!RoleId::parse(name)) {
                faults.add(file, node, "pack/role-id", "A role's id is made of a-z, 0-9, '-' and '.'.");
                continue;
            }
            TableReader role{file, node, faults};
            pack.roles[name] = {role.text("title"), role.flag_or("area_bound", false),
                                role.flag_or("discloses", false), role.texts_or_none("trusted_with")};
            role.finish();
        }
    }
    reader.finish();
}

void load_agencies(std::string_view file, const TomlNode& root, CompiledPack& pack, Faults& faults) {
    TableReader reader{file, root, faults};
    if (const auto* agencies = reader.table("agencies")) {
        for (const auto& [name, node] : agencies->members) {
            TableReader agency{file, node, faults};
            pack.agencies.by_id[name] = read_agency(agency, name, pack);
            agency.finish();
        }
    }
    reader.finish();
}

}  // namespace cg::policy
