#pragma once
/// Internal to net: a request target taken apart (RFC 3986).

#include "gateway/wire/http.hpp"

#include <string_view>

namespace cg::net {

/// Sets path and query of `into`. False: a broken escape, an escaped '/', '\' or control character in the path, or a
/// control character in the query: what two readers could take for two different routes.
///
/// Input     untrusted; `target` is in origin form and printable ASCII (wire::HeadGuard has seen to it)
[[nodiscard]] auto read_target(std::string_view target, wire::Request& into) -> bool;

}  // namespace cg::net
