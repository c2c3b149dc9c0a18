#include "gateway/net/timer.hpp"

#include "tests/unit/net/support.hpp"

#include <csignal>

namespace cg::net {
namespace {

using namespace test;

TEST(TimersTest, WakesAtEitherClock) {
    Runtime runtime{1};
    Timers timers{runtime};
    Gate steady;
    Gate wall;
    Gate past;
    timers.wake_at(std::chrono::steady_clock::now() + 5ms, [&] { steady.open(); });
    timers.wake_at(std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()) + 5ms, [&] { wall.open(); });
    timers.wake_at(Instant{}, [&] { past.open(); });
    EXPECT_TRUE(steady.wait());
    EXPECT_TRUE(wall.wait());
    EXPECT_TRUE(past.wait());
}

TEST(TimersTest, WhatIsPendingWhenTheyGoNeverRuns) {
    Runtime runtime{1};
    bool woke = false;
    const auto at = std::chrono::steady_clock::now() + 20ms;
    {
        Timers timers{runtime};
        timers.wake_at(at, [&] { woke = true; });
    }
    Gate later;
    Timers others{runtime};
    others.wake_at(at + 5ms, [&] { later.open(); });
    ASSERT_TRUE(later.wait());
    EXPECT_FALSE(woke);
}

TEST(RuntimeTest, SignalsAreHandledOnItsThreads) {
    Runtime runtime{1};
    Gate stopped;
    Gate hung_up;
    runtime.on_signals([&] { stopped.open(); }, [&] { hung_up.open(); });
    std::raise(SIGHUP);
    EXPECT_TRUE(hung_up.wait());
    std::raise(SIGTERM);
    EXPECT_TRUE(stopped.wait());
}

TEST(RuntimeTest, ACallbackThatThrowsDoesNotEndTheLoop) {
    LogCapture log;
    Runtime runtime{1};
    runtime.post([] { throw std::runtime_error{"x"}; });
    Gate after;
    runtime.post([&] { after.open(); });
    EXPECT_TRUE(after.wait());
    EXPECT_TRUE(log.saw("net.callback-failed"));
}

}  // namespace
}  // namespace cg::net
