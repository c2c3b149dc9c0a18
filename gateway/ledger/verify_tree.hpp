#pragma once
/// The hashes of the tree, computed anew from its leaves and compared with those that are kept.

#include "gateway/ledger/verify_chunk.hpp"

namespace cg::ledger {

/// Stretches are aligned, so that each complete one is a subtree.
inline constexpr unsigned chunk_level = 10;
inline constexpr std::uint64_t chunk_size = std::uint64_t{1} << chunk_level;

/// Hashes of the complete subtrees above `row`, which holds those of `level` from index `first` on, compared with the store's.
/// Returns  the complete subtrees that are left at the end, from the largest (left) to the smallest, of at most `top` level
[[nodiscard]] auto check_subtrees(Store& store, unsigned level, std::uint64_t first, std::vector<crypto::Digest> row,
                                  unsigned top, Findings& findings) -> Result<std::vector<crypto::Digest>>;

}  // namespace cg::ledger
