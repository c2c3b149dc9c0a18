#pragma once
/// The ledger in one SQLite file: WAL, synchronous=FULL, file mode 0600, one writing process.

#include "gateway/ledger/store.hpp"

#include <memory>
#include <string>

namespace cg::ledger::sqlite {

/// Opens for writing; makes the file when there is none. Holds `<path>.lock` until the store goes.
///
/// Errors  unavailable  another process has it open, the file is read-only, no disk
///         corrupt      not a database, damaged, or with foreign tables or triggers
///         unsupported  a database of something else, or a ledger of another version
[[nodiscard]] auto open(const std::string& path) -> Result<std::unique_ptr<Store>>;

/// Opens for looking, also while a gateway writes; commit() gives `unavailable`. Errors: as above, and not_found.
[[nodiscard]] auto open_read_only(const std::string& path) -> Result<std::unique_ptr<Store>>;

}  // namespace cg::ledger::sqlite
