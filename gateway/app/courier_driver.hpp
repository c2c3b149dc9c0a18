#pragma once
/// Carries out what the courier asks for: sends over the peer client, writes to the ledger, sets timers, and brings the ends
/// of these back to it as events.

#include "config/schema.hpp"
#include "gateway/net/peer_client.hpp"
#include "gateway/net/runtime.hpp"
#include "gateway/net/timer.hpp"
#include "gateway/relay/courier.hpp"
#include "gateway/relay/gateway.hpp"

#include <memory>

namespace cg::app {

/// Threads  all may be called from any thread
class CourierDriver {
public:
    CourierDriver(net::Runtime& runtime, net::PeerClient& client, const config::Delivery& delivery);
    ~CourierDriver();
    CourierDriver(const CourierDriver&) = delete;
    auto operator=(const CourierDriver&) -> CourierDriver& = delete;

    /// Starts to deliver what the ledger holds. Call once. Lifetime: the gateway outlives stop().
    void start(const relay::Gateway& gateway);
    /// Something may be due. Cheap; many calls at once make one look.
    void wake();
    /// No further action is begun; what is under way ends unseen, and the ledger knows that it is still due.
    void stop();
    [[nodiscard]] auto open_circuits() const -> std::size_t;

private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace cg::app
