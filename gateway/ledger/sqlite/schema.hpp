#pragma once
/// The tables. One version; another one is refused and never converted in silence.

#include "gateway/ledger/sqlite/database.hpp"

namespace cg::ledger::sqlite {

/// Makes the tables in an empty file.
/// Errors  unsupported (a database of something else, or of another version), corrupt, unavailable
[[nodiscard]] auto prepare_schema(Connection& connection) -> Result<>;
/// The file holds exactly the tables of this version. Errors: as above.
[[nodiscard]] auto check_schema(Connection& connection) -> Result<>;

}  // namespace cg::ledger::sqlite
