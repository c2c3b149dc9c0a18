#include "gateway/net/runtime.hpp"

#include "gateway/net/runtime_core.hpp"
#include "gateway/obs/log.hpp"

#include <boost/asio/signal_set.hpp>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <utility>

namespace cg::net {
namespace {

/// A callback that throws must not take the other connections with it.
void run_loop(asio::io_context& io) {
    for (;;) {
        try {
            io.run();
            return;
        } catch (const std::exception&) {
            obs::event("net.callback-failed", {}, obs::Level::error);
        }
    }
}

/// Waits for signals for as long as the loop runs.
struct Signals : std::enable_shared_from_this<Signals> {
    Signals(asio::io_context& io, std::function<void()> stop, std::function<void()> hangup)
        : set(io, SIGTERM, SIGINT, SIGHUP), on_stop(std::move(stop)), on_hangup(std::move(hangup)) {}

    void wait() {
        set.async_wait([self = shared_from_this()](const boost::system::error_code& ec, int number) {
            if (!ec) self->arrived(number);
        });
    }
    void arrived(int number) {
        if (number == SIGHUP) {
            wait();
            return on_hangup();
        }
        if (std::exchange(stopping, true)) std::_Exit(128 + number);
        wait();
        on_stop();
    }

    asio::signal_set set;
    std::function<void()> on_stop;
    std::function<void()> on_hangup;
    bool stopping = false;
};

}  // namespace

Runtime::Runtime(unsigned threads) : core_(std::make_shared<Core>()) {
    const auto count = threads != 0 ? threads : std::max(1U, std::thread::hardware_concurrency());
    for (unsigned i = 0; i < count; ++i) core_->threads.emplace_back([&io = core_->io] { run_loop(io); });
}

Runtime::~Runtime() {
    core_->busy.reset();
    core_->io.stop();
    for (auto& thread : core_->threads) thread.join();
}

void Runtime::post(std::function<void()> work) { asio::post(core_->io, std::move(work)); }

void Runtime::on_signals(std::function<void()> on_stop, std::function<void()> on_hangup) {
    const auto signals = std::make_shared<Signals>(core_->io, std::move(on_stop), std::move(on_hangup));
    signals->wait();
}

}  // namespace cg::net
