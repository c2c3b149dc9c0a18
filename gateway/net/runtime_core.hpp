#pragma once
/// Internal to net: what a Runtime is made of.

#include "gateway/net/asio.hpp"
#include "gateway/net/runtime.hpp"

#include <boost/asio/executor_work_guard.hpp>

#include <thread>
#include <vector>

namespace cg::net {

struct Runtime::Core {
    asio::io_context io;
    asio::executor_work_guard<asio::io_context::executor_type> busy{io.get_executor()};
    std::vector<std::thread> threads;
};

}  // namespace cg::net
