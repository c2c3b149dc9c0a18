#pragma once
/// The states of a receipt on the wire, and the ledger's states of a delivery: the same words, where both have them.

#include "gateway/ledger/ledger.hpp"
#include "gateway/wire/receipt.hpp"

namespace cg::relay {

[[nodiscard]] inline auto delivery_state(wire::ReceiptState state) -> ledger::DeliveryState {
    const auto same = ledger::parse_delivery_state(to_string(state));
    CG_ENSURE(same.has_value());
    return *same;
}

/// Requires a state that a receipt can state.
[[nodiscard]] inline auto receipt_state(ledger::DeliveryState state) -> wire::ReceiptState {
    const auto same = wire::parse_receipt_state(to_string(state));
    CG_ENSURE(same.has_value());
    return *same;
}

}  // namespace cg::relay
