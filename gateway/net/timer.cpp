#include "gateway/net/timer.hpp"

#include "gateway/net/runtime_core.hpp"

#include <boost/asio/system_timer.hpp>

#include <atomic>
#include <utility>

namespace cg::net {

struct Timers::State {
    std::shared_ptr<Runtime::Core> core;
    std::shared_ptr<std::atomic<bool>> open = std::make_shared<std::atomic<bool>>(true);
};

namespace {

/// The pending wait keeps the timer, and the timer nothing: what is destroyed with the loop is destroyed once.
template <class Timer>
void wait_for(asio::io_context& io, typename Timer::time_point at, std::shared_ptr<std::atomic<bool>> open,
              std::function<void()> wake) {
    auto timer = std::make_shared<Timer>(io, at);
    auto& waiting = *timer;
    waiting.async_wait([timer = std::move(timer), open = std::move(open), wake = std::move(wake)](
                           const boost::system::error_code& ec) {
        if (!ec && open->load()) wake();
    });
}

}  // namespace

Timers::Timers(Runtime& runtime) : state_(std::make_shared<State>()) { state_->core = runtime.core(); }

Timers::~Timers() { state_->open->store(false); }

void Timers::wake_at(Instant at, std::function<void()> wake) {
    wait_for<asio::system_timer>(state_->core->io, at, state_->open, std::move(wake));
}

void Timers::wake_at(std::chrono::steady_clock::time_point at, std::function<void()> wake) {
    wait_for<asio::steady_timer>(state_->core->io, at, state_->open, std::move(wake));
}

}  // namespace cg::net
