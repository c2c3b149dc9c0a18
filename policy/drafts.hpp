#pragma once
/// Drafts of concerns (FW-7): by when one at this level of risk must be sent or closed.

#include "gateway/base/time.hpp"
#include "policy/pack.hpp"

#include <optional>
#include <string_view>

namespace cg::policy {

/// Empty: nothing is owed at this level.
[[nodiscard]] auto draft_by(const Pack& pack, std::string_view risk_level, Instant opened_at) -> std::optional<Instant>;
/// Is this a level of risk that the pack knows?
[[nodiscard]] auto is_risk_level(const Pack& pack, std::string_view level) -> bool;

}  // namespace cg::policy
