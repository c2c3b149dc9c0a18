#pragma once
/// The threads that move bytes, timers and signals.

#include "gateway/base/time.hpp"

#include <chrono>
#include <functional>
#include <memory>

namespace cg::net {

/// Owns the event loop and its threads. Make it first, destroy it last.
class Runtime {
public:
    /// `threads` 0: as many as the machine has processors.
    explicit Runtime(unsigned threads = 0);
    Runtime(const Runtime&) = delete;
    auto operator=(const Runtime&) -> Runtime& = delete;
    /// Ends the loop, joins the threads, drops what is still pending.
    ~Runtime();

    /// Runs `work` soon on one of the threads. Threads: any.
    void post(std::function<void()> work);

    /// Runs `on_stop` at the first SIGTERM or SIGINT and `on_hangup` at each SIGHUP, on one of the threads. A second
    /// SIGTERM or SIGINT ends the process at once. Call once.
    void on_signals(std::function<void()> on_stop, std::function<void()> on_hangup);

    struct Core;
    [[nodiscard]] auto core() const noexcept -> const std::shared_ptr<Core>& { return core_; }

private:
    std::shared_ptr<Core> core_;
};

}  // namespace cg::net
