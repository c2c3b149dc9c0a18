#pragma once
/// Which state of a delivery may follow which.

#include "gateway/ledger/ledger.hpp"

namespace cg::ledger {

/// Whether a receipt that says `next` moves a copy in state `now` on. Never back, and never out of an end state, except that a
/// late receipt corrects what we had given up.
[[nodiscard]] auto receipt_moves(DeliveryState now, DeliveryState next) noexcept -> bool;
/// Whether a receipt can say this at all.
[[nodiscard]] auto is_receipt_state(DeliveryState state) noexcept -> bool;
/// Nothing that happens in the ordinary way changes it any more.
[[nodiscard]] auto is_end_state(DeliveryState state) noexcept -> bool;

}  // namespace cg::ledger
