#include "gateway/ledger/states.hpp"

#include <algorithm>
#include <array>

namespace cg::ledger {
namespace {

constexpr std::array<std::string_view, 9> names{"queued",       "sent",     "received", "opened",   "acknowledged",
                                                "rejected",     "expired",  "recalled", "dead-letter"};

auto progress(DeliveryState state) noexcept -> int {
    switch (state) {
        case DeliveryState::queued:
        case DeliveryState::expired:
        case DeliveryState::dead_letter: return 0;
        case DeliveryState::sent: return 1;
        case DeliveryState::received: return 2;
        case DeliveryState::opened: return 3;
        case DeliveryState::acknowledged:
        case DeliveryState::rejected:
        case DeliveryState::recalled: return 4;
    }
    return 4;
}

}  // namespace

auto to_string(DeliveryState state) noexcept -> std::string_view { return names[static_cast<std::size_t>(state)]; }

auto parse_delivery_state(std::string_view text) -> std::optional<DeliveryState> {
    const auto at = std::ranges::find(names, text);
    if (at == names.end()) return std::nullopt;
    return static_cast<DeliveryState>(at - names.begin());
}

auto receipt_moves(DeliveryState now, DeliveryState next) noexcept -> bool {
    return is_receipt_state(next) && progress(next) > progress(now);
}

auto is_receipt_state(DeliveryState state) noexcept -> bool {
    return state == DeliveryState::received || state == DeliveryState::opened || state == DeliveryState::acknowledged ||
           state == DeliveryState::rejected;
}

auto is_end_state(DeliveryState state) noexcept -> bool {
    return progress(state) == 4 || state == DeliveryState::expired || state == DeliveryState::dead_letter;
}

}  // namespace cg::ledger
