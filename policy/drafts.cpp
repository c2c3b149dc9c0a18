#include "policy/drafts.hpp"

#include "policy/compiled.hpp"

#include <algorithm>

namespace cg::policy {

// FW-7: a worry that was written down is decided about, one way or the other.
auto draft_by(const Pack& whole, std::string_view risk_level, Instant opened_at) -> std::optional<Instant> {
    const auto& pack = whole.compiled();
    const auto& levels = pack.answers.draft_levels;
    if (!pack.answers.draft_within || std::ranges::find(levels, risk_level) == levels.end()) return std::nullopt;
    return add(opened_at, *pack.answers.draft_within, pack.holidays);
}

auto is_risk_level(const Pack& whole, std::string_view level) -> bool {
    const auto& levels = whole.compiled().risk_levels;
    return std::ranges::find(levels, level) != levels.end();
}

}  // namespace cg::policy
