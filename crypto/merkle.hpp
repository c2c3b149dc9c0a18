#pragma once
/// The Merkle tree of RFC 6962 section 2.1 (SHA-256, leaf prefix 0x00, node prefix 0x01).
///
/// A complete subtree is named by (level, index): level 0 are the leaf hashes, and node (l, i) covers leaves
/// [i·2^l, (i+1)·2^l). Whoever keeps those hashes can answer every proof; nothing here keeps anything.

#include "crypto/hash.hpp"
#include "gateway/base/result.hpp"

#include <cstdint>
#include <functional>
#include <vector>

namespace cg::crypto {

[[nodiscard]] auto merkle_leaf(ByteView leaf) -> Digest;
[[nodiscard]] auto merkle_node(const Digest& left, const Digest& right) -> Digest;
/// The root of the empty tree: SHA-256 of nothing.
[[nodiscard]] auto merkle_empty_root() -> Digest;

struct NodeId {
    unsigned level = 0;
    std::uint64_t index = 0;
    auto operator<=>(const NodeId&) const = default;
};
struct Node {
    NodeId id;
    Digest hash;
};

/// Reads the hash of a complete subtree from wherever they are kept.
using NodeReader = std::function<Result<Digest>(NodeId)>;

/// The right edge of a tree: enough to append and to know the root, O(log n) in size.
class CompactRange {
public:
    CompactRange() = default;
    /// Takes up again at `size` leaves. `peaks` are the complete subtrees from the largest (left) to the smallest.
    /// Errors  corrupt, when the count of peaks does not fit the size
    [[nodiscard]] static auto resume(std::uint64_t size, std::vector<Digest> peaks) -> Result<CompactRange>;

    /// Appends a leaf hash. Every subtree that became complete, the leaf itself first, goes to `completed`.
    void append(const Digest& leaf_hash, std::vector<Node>& completed);
    [[nodiscard]] auto size() const noexcept -> std::uint64_t { return size_; }
    [[nodiscard]] auto peaks() const noexcept -> const std::vector<Digest>& { return peaks_; }
    [[nodiscard]] auto root() const -> Digest;

private:
    std::uint64_t size_ = 0;
    std::vector<Digest> peaks_;
};

/// The names of the peaks of a tree of `size` leaves, left to right.
[[nodiscard]] auto peak_ids(std::uint64_t size) -> std::vector<NodeId>;

/// RFC 6962 section 2.1.1. Requires index < size. Errors: those of the reader.
[[nodiscard]] auto inclusion_proof(std::uint64_t index, std::uint64_t size, const NodeReader& read)
    -> Result<std::vector<Digest>>;
/// RFC 9162 section 2.1.3.2.
[[nodiscard]] auto verifies_inclusion(const Digest& leaf_hash, std::uint64_t index, std::uint64_t size,
                                      const std::vector<Digest>& proof, const Digest& root) -> bool;
/// RFC 6962 section 2.1.2. Requires old_size <= size.
[[nodiscard]] auto consistency_proof(std::uint64_t old_size, std::uint64_t size, const NodeReader& read)
    -> Result<std::vector<Digest>>;
/// RFC 9162 section 2.1.4.2.
[[nodiscard]] auto verifies_consistency(std::uint64_t old_size, const Digest& old_root, std::uint64_t size,
                                        const Digest& root, const std::vector<Digest>& proof) -> bool;

}  // namespace cg::crypto
