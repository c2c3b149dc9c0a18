#include "gateway/app/duty_watch.hpp"

#include "gateway/relay/drafts.hpp"

#include <mutex>

namespace cg::app {
namespace {

constexpr std::chrono::seconds pause{60};

}  // namespace

struct DutyWatch::State : std::enable_shared_from_this<State> {
    State(net::Runtime& runtime, const relay::Gateway& the_gateway) : gateway(the_gateway), timers(runtime) {}

    void look() {
        const std::lock_guard lock{mutex};
        if (stopped) return;
        relay::tell_overdue(gateway, told);
        timers.wake_at(std::chrono::steady_clock::now() + pause, [weak = weak_from_this()] {
            if (const auto self = weak.lock()) self->look();
        });
    }

    const relay::Gateway& gateway;
    std::mutex mutex;
    bool stopped = false;        // by mutex
    std::set<std::string> told;  // by mutex
    net::Timers timers;
};

DutyWatch::DutyWatch(net::Runtime& runtime, const relay::Gateway& gateway)
    : state_(std::make_shared<State>(runtime, gateway)) {
    runtime.post([weak = std::weak_ptr<State>{state_}] {
        if (const auto self = weak.lock()) self->look();
    });
}

DutyWatch::~DutyWatch() {
    const std::lock_guard lock{state_->mutex};
    state_->stopped = true;
}

}  // namespace cg::app
