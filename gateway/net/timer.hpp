#pragma once
/// One-shot wake-ups.

#include "gateway/base/time.hpp"
#include "gateway/net/runtime.hpp"

#include <chrono>
#include <functional>
#include <memory>

namespace cg::net {

/// Calls back once at a moment.
///
/// Cancel    what is pending when this is destroyed never runs; a call already running may end later
/// Threads   any; the call comes on a thread of the runtime
class Timers {
public:
    explicit Timers(Runtime& runtime);
    Timers(const Timers&) = delete;
    auto operator=(const Timers&) -> Timers& = delete;
    ~Timers();

    /// At wall-clock time `at` (soon, when it has passed); follows the clock when it is set.
    void wake_at(Instant at, std::function<void()> wake);
    /// At `at` whatever happens to the wall clock.
    void wake_at(std::chrono::steady_clock::time_point at, std::function<void()> wake);

private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace cg::net
