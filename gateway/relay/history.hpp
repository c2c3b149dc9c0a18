#pragma once
/// What the log knows that a decision should: the same person's latest override texts, consent that was taken back.

#include "gateway/relay/gateway.hpp"
#include "policy/submission.hpp"

#include <optional>

namespace cg::relay {

/// Fills in what is not in the submission itself. Looks only where the submission makes it matter. `held`: the record of this
/// very submission, which was held; it is not its own history.
/// Errors  unavailable, corrupt
[[nodiscard]] auto add_history(const Gateway& gateway, policy::Submission& submission, const std::optional<DecisionId>& held)
    -> Result<>;

}  // namespace cg::relay
