#pragma once
/// Asking again until there is an answer, within a bound.

#include "gateway/base/json.hpp"
#include "gateway/base/result.hpp"

#include <chrono>
#include <functional>
#include <optional>
#include <string_view>

namespace cg::app {

/// Calls `ask` until it gives a value or fails, with a short pause between.
/// Errors  timed_out when `bound` has passed; those of `ask`
[[nodiscard]] auto poll(std::chrono::milliseconds bound, const std::function<Result<std::optional<Json>>()>& ask)
    -> Result<Json>;

/// Whether every delivery in the body of `GET /v1/messages/{id}` has at least this state (received, opened,
/// acknowledged).
[[nodiscard]] auto all_delivered(const Json& status, std::string_view least = "received") -> bool;

}  // namespace cg::app
