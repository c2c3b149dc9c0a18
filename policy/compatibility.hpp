#pragma once
/// May what was collected for one thing be used for this purpose (FW-4)?

#include "policy/compiled.hpp"

#include <cstdint>
#include <string_view>

namespace cg::policy {

enum class Compatible : std::uint8_t { yes, by_default, no };

/// `collected_for`: a code of the pack, or the purpose itself; empty: nothing was said, which is `yes`. A code that the
/// pack does not know is compatible with nothing but a purpose that is compatible by default.
[[nodiscard]] auto compatible(const CompiledPack& pack, const Purpose& purpose, std::string_view collected_for)
    -> Compatible;

}  // namespace cg::policy
