#pragma once
/// Start-up is recovery: what the store holds is checked against what was signed, and taken up again from there.

#include "gateway/ledger/batch_builder.hpp"

#include <string>

namespace cg::ledger {

/// Checks head, signature, tree edge, last entry, store secret and the checkpoint kept outside against one another, writes the
/// first commit into an empty store, and brings an older checkpoint file forward.
///
/// Errors  corrupt (the text says what contradicts what), unauthenticated (another log key or store secret), unavailable
[[nodiscard]] auto recover(const BatchContext& context, const std::string& checkpoint_file) -> Result<LogState>;

}  // namespace cg::ledger
