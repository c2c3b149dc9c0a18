#pragma once
/// What an administrator with the database open could do, for the demonstration and for tests: verification must notice
/// it.

#include "gateway/base/result.hpp"

#include <string>

namespace cg::ledger::sqlite {

/// A whole and consistent copy of a ledger, also while a gateway writes to it. `to` must not exist.
/// Errors  conflict (`to` exists), unavailable, corrupt
[[nodiscard]] auto copy_ledger(const std::string& from, const std::string& to) -> Result<>;

/// Rewrites history in a ledger that no gateway uses: in the record of one decision `before` becomes `after`, as somebody
/// would who knows the tables and not the keys.
/// Errors  not_found (no such decision, or its record does not hold `before`), unavailable, corrupt
[[nodiscard]] auto rewrite_record(const std::string& ledger, const std::string& decision_id, const std::string& before,
                                  const std::string& after) -> Result<>;

}  // namespace cg::ledger::sqlite
