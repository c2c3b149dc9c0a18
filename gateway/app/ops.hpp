#pragma once
/// The ops listener (loopback): is it alive, is it ready, what does it count.

#include "gateway/app/courier_driver.hpp"
#include "gateway/relay/gateway.hpp"
#include "gateway/wire/http.hpp"

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace cg::app {

/// What the last reload of pack and directory came to. What was in force before stays so: the gateway goes on, degraded.
class ReloadState {
public:
    /// None: it went well.
    void set(std::string what, std::optional<Error> trouble);
    [[nodiscard]] auto troubles() const -> std::map<std::string, Error>;

private:
    mutable std::mutex mutex_;
    std::map<std::string, Error> troubles_;
};

/// `GET /healthz` (the process answers), `GET /readyz` (200, or 503 with every reason), `GET /metrics` (Prometheus text).
/// A policy or directory that could not be reloaded leaves the old one in force, so /readyz stays 200 and says `degraded`
/// with every reason: taking the gateway out of service would hold up messages for nothing.
/// Lifetime  what it is given outlives the handler
[[nodiscard]] auto ops_handler(const relay::Gateway& gateway, const CourierDriver& courier, const ReloadState& reload)
    -> wire::Handler;

/// Counts an event and writes it to the operational log.
void observe(const relay::Event& event);

}  // namespace cg::app
