// areas.toml: the authority areas and the local protocol of each (IT-4).
#include "policy/pack_load.hpp"

#include <algorithm>
#include <string>

namespace cg::policy {

void load_areas(std::string_view file, const TomlNode& root, CompiledPack& pack, Faults& faults) {
    TableReader reader{file, root, faults};
    if (const auto* areas = reader.table("areas")) {
        for (const auto& [name, node] : areas->members) {
            TableReader area{file, node, faults};
            auto& out = pack.areas[name];
            out.title = area.text("title");
            out.protocol = area.text("protocol");
            out.safety_planning = area.texts_or_none("safety_planning");
            if (!out.protocol.empty() && std::ranges::find(pack.documents, out.protocol) == pack.documents.end())
                area.fault_at("protocol", "pack/document-unknown",
                              "There is no document '" + out.protocol + "' in pack.toml: name another, or add this one there.");
            for (const auto& role : out.safety_planning)
                if (!pack.roles.contains(role))
                    area.fault_at("safety_planning", "pack/role-unknown",
                                  "There is no role '" + role + "' in roles.toml.");
            area.finish();
        }
    }
    reader.finish();
}

}  // namespace cg::policy
