#pragma once
/// The ops listener (loopback): is it alive, is it ready, what does it count.

#include "gateway/app/courier_driver.hpp"
#include "gateway/relay/gateway.hpp"
#include "gateway/wire/http.hpp"

#include <atomic>
#include <memory>
#include <mutex>
#include <string>

namespace cg::app {

/// What the last reload of pack and directory came to; empty: it went well.
class ReloadState {
public:
    void set(std::string what, std::string problem);
    /// One line for each thing that could not be reloaded, in codes.
    [[nodiscard]] auto problems() const -> std::map<std::string, std::string>;

private:
    mutable std::mutex mutex_;
    std::map<std::string, std::string> problems_;
};

/// `GET /healthz` (the process answers), `GET /readyz` (200, or 503 with every reason), `GET /metrics` (Prometheus text).
/// Lifetime  what it is given outlives the handler
[[nodiscard]] auto ops_handler(const relay::Gateway& gateway, const CourierDriver& courier, const ReloadState& reload)
    -> wire::Handler;

/// Counts an event and writes it to the operational log.
void observe(const relay::Event& event);

}  // namespace cg::app
