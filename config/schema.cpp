#include "config/schema.hpp"

#include <algorithm>

namespace cg::config {

auto HostPort::str() const -> std::string {
    const bool is_ip6 = host.find(':') != std::string::npos;
    return (is_ip6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

auto to_string(Right right) noexcept -> std::string_view {
    switch (right) {
        case Right::send: return "send";
        case Right::check: return "check";
        case Right::read_inbox: return "read-inbox";
        case Right::review: return "review";
        case Right::ack: return "ack";
    }
    return "";
}

auto to_string(LogLevel level) noexcept -> std::string_view {
    switch (level) {
        case LogLevel::debug: return "debug";
        case LogLevel::info: return "info";
        case LogLevel::warn: return "warn";
        case LogLevel::error: return "error";
    }
    return "";
}

auto Config::find_caller(std::string_view uri) const -> const Caller* {
    const auto found = std::ranges::find_if(callers, [uri](const Caller& caller) { return caller.identity.str() == uri; });
    return found == callers.end() ? nullptr : &*found;
}

}  // namespace cg::config
