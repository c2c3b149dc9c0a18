#pragma once
/// The last signed checkpoint, outside the store: who restores an older store cannot restore this with it unnoticed.

#include "gateway/base/result.hpp"

#include <optional>
#include <string>

namespace cg::ledger {

/// Errors  unavailable
[[nodiscard]] auto read_checkpoint_file(const std::string& path) -> Result<std::optional<std::string>>;

/// Replaces the file: a reader sees the old note or the new one, never a part.
/// Durable  when it returns without an error, its folder's entry included
/// Errors   unavailable
[[nodiscard]] auto write_checkpoint_file(const std::string& path, const std::string& note) -> Result<>;

}  // namespace cg::ledger
