#include "policy/compatibility.hpp"

#include <algorithm>

namespace cg::policy {
// FW-4: what forbids beats what allows, and a safeguarding purpose takes the rest.
auto compatible(const CompiledPack& pack, const Purpose& purpose, std::string_view collected_for) -> Compatible {
    if (collected_for.empty() || collected_for == purpose.id) return Compatible::yes;
    const auto known = pack.collected_for.find(collected_for);
    if (known != pack.collected_for.end()) {
        if (known->second.for_none) return Compatible::no;
        const bool named = std::ranges::find(purpose.compatible_with, collected_for) != purpose.compatible_with.end();
        if (named || known->second.for_any) return Compatible::yes;
    }
    return purpose.compatible_by_default ? Compatible::by_default : Compatible::no;
}

}  // namespace cg::policy
