#pragma once
/// Padmé padding lengths (Nikitin et al., "Reducing Metadata Leakage from Encrypted Files", PETS 2019): at most 12 % more,
/// and a length tells O(log log n) bits of what is inside.

#include <cstddef>

namespace cg::crypto {

/// The padded length of `length` bytes, at least `floor`.
[[nodiscard]] auto padme_length(std::size_t length, std::size_t floor = 4096) noexcept -> std::size_t;

}  // namespace cg::crypto
