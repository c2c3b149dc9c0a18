#pragma once
/// Tagged words inside free text: only they stay behind (NE-4).

#include "policy/flat_case.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace cg::policy {

/// What stands for words that stay behind.
inline constexpr std::string_view withheld_words = "[withheld]";

/// The text with `words` cut out wherever they stand, overlaps too.
[[nodiscard]] auto cut_words(std::string_view text, const std::vector<std::string_view>& words) -> std::string;
/// Is there nothing left but what stands for cut words?
[[nodiscard]] auto nothing_left(std::string_view cut) noexcept -> bool;

}  // namespace cg::policy
