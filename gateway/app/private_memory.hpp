#pragma once
/// What this process holds in memory stays there: commands see case content and keys in the clear.

namespace cg::app {

/// No core dumps, and no other process of the same user may look in. For the life of the process; of programs that
/// it runs, only the former holds.
/// Returns  false where the system refuses
[[nodiscard]] auto keep_memory_private() noexcept -> bool;

}  // namespace cg::app
