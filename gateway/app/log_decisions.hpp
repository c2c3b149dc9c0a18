#pragma once
/// The recorded decisions of a ledger, one after another, without their personal part.

#include "gateway/app/ledger_view.hpp"

#include <functional>

namespace cg::app {

struct LoggedDecision {
    std::string id;
    Instant recorded_at;
    Instant decided_at;
    Json dec;
};

/// Gives each decision recorded at or after `since`, oldest first. The store is read in pieces, whatever its size.
/// Errors  unavailable, corrupt
[[nodiscard]] auto each_decision(const LedgerView& view, std::optional<Instant> since,
                                 const std::function<void(const LoggedDecision&)>& see) -> Result<>;

/// "90d", "12h", a day (2026-03-03) or a moment. Errors: malformed.
[[nodiscard]] auto parse_since(const std::string& text, Instant now) -> Result<Instant>;

}  // namespace cg::app
