#pragma once
/// Which path is whose: the office API, the peer API, and who may call what.

#include "gateway/relay/gateway.hpp"
#include "gateway/wire/http.hpp"

#include <string>
#include <vector>

namespace cg::relay {

/// One operation of the office API, for whoever compares it with its description.
struct OfficeRoute {
    std::string method, path;  ///< "POST", "/v1/messages/{id}/correct"
    Permission permission;
};
[[nodiscard]] auto office_routes() -> std::vector<OfficeRoute>;

/// Lifetime  the gateway outlives the handler
[[nodiscard]] auto office_handler(const Gateway& gateway) -> wire::Handler;
[[nodiscard]] auto peer_handler(const Gateway& gateway) -> wire::Handler;

}  // namespace cg::relay
