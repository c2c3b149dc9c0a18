#pragma once
/// Messages that are not a case: requests, answers, corrections without content, notices, advice.

#include "gateway/base/json.hpp"

#include <optional>
#include <string>

namespace cg::app {

/// What it says, and what the reader can do now. Empty: another kind.
[[nodiscard]] auto render_letter(const Json& view) -> std::optional<std::string>;

}  // namespace cg::app
