#pragma once
/// One batch as SQL.

#include "gateway/ledger/sqlite/database.hpp"
#include "gateway/ledger/store.hpp"

namespace cg::ledger::sqlite {

/// Inside a transaction that the caller has begun, and rolls back when this fails.
/// Errors  conflict (the head moved on), unavailable, corrupt
[[nodiscard]] auto apply(Connection& connection, const Batch& batch) -> Result<>;

}  // namespace cg::ledger::sqlite
