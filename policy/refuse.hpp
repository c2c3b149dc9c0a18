#pragma once
/// A refusal that the decision itself could not know of, such as a recipient without a key in force.

#include "policy/decision.hpp"

#include <vector>

namespace cg::policy {

/// Turns one recipient's answer into DENY for `problems`, as if it had been one all along: nothing released, no view. Draws the
/// whole anew: outcome, action, what would change it. The other recipients' answers stay as they are.
///
/// Input     an index within decision.recipients; at least one problem
void refuse_recipient(Decision& decision, std::size_t index, std::vector<Problem> problems);

}  // namespace cg::policy
