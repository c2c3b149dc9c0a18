#pragma once
/// Reads a policy pack's folder. What is in the files is policy/'s business.

#include "gateway/base/result.hpp"
#include "policy/pack.hpp"

#include <filesystem>

namespace cg::config {

/// Reads `*.toml` of a folder and of its sub-folders `purposes/` and `tests/`.
///
/// Bounds    1 MiB a file, 16 MiB and 1 000 files in all
/// Errors    not_found    no such folder, or no pack.toml in it
///           too_large    over a bound
///           unavailable  a file could not be read
[[nodiscard]] auto read_pack_dir(const std::filesystem::path& folder) -> Result<policy::PackFiles>;

}  // namespace cg::config
