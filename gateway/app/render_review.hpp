#pragma once
/// A held decision as the second person reads it.

#include "gateway/base/json.hpp"
#include "gateway/base/time.hpp"

#include <string>

namespace cg::app {

/// What is asked and by whom, why somebody must look, what each recipient would get, and how much time is left.
///
/// Input   the body of `GET /v1/reviews/{id}`
[[nodiscard]] auto render_review(const Json& review, Instant at) -> std::string;

}  // namespace cg::app
