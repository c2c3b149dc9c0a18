#pragma once
/// The office API's own description, as it is served at `/v1/openapi.json`.

#include <string_view>

namespace cg::relay {

/// gateway/doc/openapi.json (OpenAPI 3.1), built in.
[[nodiscard]] auto openapi_document() noexcept -> std::string_view;

}  // namespace cg::relay
