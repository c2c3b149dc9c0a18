#pragma once
/// `casegate log verify`: says that the whole log holds, or names the record that does not.

#include "gateway/app/ledger_view.hpp"

namespace cg::app {

/// Returns  0, or 1 when something does not fit; 69 when it could not be read to the end
[[nodiscard]] auto verify_log(const Session& session, const LedgerView& view) -> int;

/// A ledger that cannot even be opened because of what is in it is a finding, too.
[[nodiscard]] auto report_unreadable_log(const Session& session, const Error& error) -> int;

}  // namespace cg::app
