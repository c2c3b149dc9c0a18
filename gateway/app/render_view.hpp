#pragma once
/// An opened message as a person reads it.

#include "gateway/wire/view_payload.hpp"

#include <string>

namespace cg::app {

/// What must be known before anything else, then who wrote it and why, then what it says.
[[nodiscard]] auto render_view(const wire::ViewPayload& payload) -> std::string;

/// What it says alone: a case, a request, a refusal, a correction, advice. Also of a view that was not sent yet.
[[nodiscard]] auto render_content(const Json& view) -> std::string;

/// What comes before everything else: call 999, do not tell the family. Empty: nothing of the kind.
[[nodiscard]] auto render_alarms(const Json& view) -> std::string;

}  // namespace cg::app
