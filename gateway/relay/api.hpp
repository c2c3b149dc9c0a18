#pragma once
/// Which path is whose: the office API, the peer API, and who may call what.

#include "gateway/relay/gateway.hpp"
#include "gateway/wire/http.hpp"

namespace cg::relay {

/// Lifetime  the gateway outlives the handler
[[nodiscard]] auto office_handler(const Gateway& gateway) -> wire::Handler;
[[nodiscard]] auto peer_handler(const Gateway& gateway) -> wire::Handler;

}  // namespace cg::relay
