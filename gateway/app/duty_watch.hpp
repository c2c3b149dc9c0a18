#pragma once
/// Looks once a minute for what is owed and overdue, and says so once in the log of operations: drafts that nobody decided
/// about, families to be told, refusals to talk over, reviews that wait.

#include "gateway/net/timer.hpp"
#include "gateway/relay/gateway.hpp"

#include <memory>
#include <set>
#include <string>

namespace cg::app {

/// Lifetime  the gateway and the runtime outlive it
class DutyWatch {
public:
    DutyWatch(net::Runtime& runtime, const relay::Gateway& gateway);
    DutyWatch(const DutyWatch&) = delete;
    auto operator=(const DutyWatch&) -> DutyWatch& = delete;
    ~DutyWatch();

private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace cg::app
