#include "policy/compatibility.hpp"

#include "policy/words.hpp"

#include <algorithm>

namespace cg::policy {
namespace {

auto names(const std::vector<std::string>& purposes, const std::string& purpose) -> bool {
    return std::ranges::any_of(purposes, [&](const std::string& one) { return one == "*" || one == purpose; });
}

}  // namespace

// FW-4: what forbids beats what allows, and a safeguarding purpose takes the rest.
auto compatible(const CompiledPack& pack, const Purpose& purpose, std::string_view collected_for) -> Compatible {
    if (collected_for.empty() || collected_for == purpose.id) return Compatible::yes;
    const auto known = pack.collected_for.find(collected_for);
    if (known != pack.collected_for.end()) {
        if (names(known->second.incompatible, purpose.id)) return Compatible::no;
        if (names(known->second.compatible, purpose.id)) return Compatible::yes;
    }
    return purpose.compatible_by_default ? Compatible::by_default : Compatible::no;
}

}  // namespace cg::policy
