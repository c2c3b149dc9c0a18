// What single organisations narrow for what they send (RC-10), as it comes out: their tables as a decision uses them.
#include "policy/pack_diff_parts.hpp"

#include <algorithm>
#include <set>
#include <string>

namespace cg::policy {
namespace {

/// A purpose as this organisation uses it.
auto purpose_of(const CompiledPack& pack, const std::string& agency, const std::string& id) -> const Purpose* {
    if (const auto overlay = pack.overlays.find(agency); overlay != pack.overlays.end())
        if (const auto own = overlay->second.purposes.find(id); own != overlay->second.purposes.end())
            return &own->second;
    const auto shared = pack.purposes.find(id);
    return shared == pack.purposes.end() ? nullptr : &shared->second;
}

auto agencies_of(const CompiledPack& before, const CompiledPack& after) -> std::set<std::string> {
    std::set<std::string> out;
    for (const auto* pack : {&before, &after})
        for (const auto& [agency, overlay] : pack->overlays) out.insert(agency);
    return out;
}

}  // namespace

void diff_overlays(const CompiledPack& before, const CompiledPack& after, std::vector<Change>& out) {
    const auto told = out;  // of everybody
    for (const auto& agency : agencies_of(before, after)) {
        std::vector<Change> own;
        for (const auto& [id, shared] : after.purposes) {
            const auto* from = purpose_of(before, agency, id);
            const auto* to = purpose_of(after, agency, id);
            if (from == nullptr) continue;
            for (const auto& [role, table] : to->roles)
                if (const auto old = from->roles.find(role); old != from->roles.end())
                    diff_role(before, after, *to, old->second, table, own);
        }
        for (auto& change : own) {
            const auto same = [&change](const Change& one) {
                return one.widening == change.widening && one.text == change.text && one.purpose == change.purpose;
            };
            if (std::ranges::any_of(told, same)) continue;
            change.text += ", in what " + agency + " sends";
            out.push_back(std::move(change));
        }
    }
}

}  // namespace cg::policy
