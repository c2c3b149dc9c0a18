#pragma once
/// From one TOML file to one Config.

#include "config/schema.hpp"

#include <filesystem>
#include <string>
#include <string_view>

namespace cg::config {

/// Reads a configuration. All errors at once; each Problem has as its pointer "file:line:column" and a fix. A key that is not
/// known is an error: a misspelt limit must not be silently ignored. Relative paths are relative to the file.
/// Errors  not_found, malformed, too_large
[[nodiscard]] auto load_config(const std::filesystem::path& file) -> Result<Config>;
/// The same from text. `label` names it in errors; relative paths are relative to `base`.
[[nodiscard]] auto parse_config(std::string_view toml, std::string_view label, const std::filesystem::path& base) -> Result<Config>;

/// The effective configuration, defaults included, one "key = value" a line in fixed order. Paths and names, no secrets.
[[nodiscard]] auto describe(const Config& config) -> std::string;
/// TOML that parse_config reads back to the same Config (paths as they are).
[[nodiscard]] auto to_toml(const Config& config) -> std::string;

}  // namespace cg::config
