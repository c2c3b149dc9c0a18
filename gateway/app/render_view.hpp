#pragma once
/// What a recipient was given, as a person reads it.

#include "gateway/wire/view_payload.hpp"

#include <string>

namespace cg::app {

/// First what must not go wrong (do not tell the family, who is protected, what stayed behind and why), then the case.
[[nodiscard]] auto render_view(const wire::ViewPayload& payload) -> std::string;

}  // namespace cg::app
