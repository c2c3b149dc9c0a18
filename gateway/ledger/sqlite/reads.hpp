#pragma once
/// The reads that take more than one simple statement.

#include "gateway/ledger/sqlite/database.hpp"
#include "gateway/ledger/store.hpp"

namespace cg::ledger::sqlite {

[[nodiscard]] auto find_decisions(Connection& db, const Find& find) -> Result<std::vector<DecisionIndexRow>>;
[[nodiscard]] auto decision_by_id(Connection& db, std::string_view id) -> Result<std::optional<DecisionIndexRow>>;
[[nodiscard]] auto due_rows(Connection& db, Instant now, std::size_t limit, const std::vector<std::string>& except)
    -> Result<std::vector<OutboxRow>>;
[[nodiscard]] auto next_due_of(Connection& db, const std::vector<std::string>& except) -> Result<std::optional<Instant>>;
/// In one read transaction.
[[nodiscard]] auto read_slice(Connection& db, std::uint64_t first, std::uint64_t last) -> Result<Slice>;

}  // namespace cg::ledger::sqlite
