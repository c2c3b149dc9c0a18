#include "crypto/merkle.hpp"

#include <algorithm>
#include <bit>
#include <span>

namespace cg::crypto {
namespace {

/// Leaves [first, last) of a tree, the `MTH(D[first:last])` of RFC 6962.
struct Range {
    std::uint64_t first;
    std::uint64_t last;

    [[nodiscard]] auto size() const noexcept -> std::uint64_t { return last - first; }
    /// Where RFC 6962 splits the range: the largest power of two below its size. Requires size() > 1.
    [[nodiscard]] auto split() const noexcept -> std::uint64_t { return first + std::bit_floor(size() - 1); }
    [[nodiscard]] auto left() const noexcept -> Range { return {first, split()}; }
    [[nodiscard]] auto right() const noexcept -> Range { return {split(), last}; }
};

auto hash_of(Range range, const NodeReader& read) -> Result<Digest> {
    if (std::has_single_bit(range.size())) {
        const auto level = static_cast<unsigned>(std::countr_zero(range.size()));
        return read(NodeId{level, range.first >> level});
    }
    CG_TRY(const auto left, hash_of(range.left(), read));
    CG_TRY(const auto right, hash_of(range.right(), read));
    return merkle_node(left, right);
}

/// PATH(m, D[n]) of RFC 6962 section 2.1.1.
auto add_path(std::uint64_t index, Range range, const NodeReader& read, std::vector<Digest>& proof) -> Result<> {
    if (range.size() == 1) return ok();
    const bool in_left = index < range.split();
    CG_TRY(add_path(index, in_left ? range.left() : range.right(), read, proof));
    CG_TRY(const auto sibling, hash_of(in_left ? range.right() : range.left(), read));
    proof.push_back(sibling);
    return ok();
}

/// SUBPROOF(m, D[n], b) of RFC 6962 section 2.1.2; `old_last` is the absolute end of the old tree, and `known` says that the
/// verifier holds the hash of the range already.
auto add_subproof(std::uint64_t old_last, Range range, bool known, const NodeReader& read, std::vector<Digest>& proof)
    -> Result<> {
    if (old_last == range.last) {
        if (known) return ok();
        CG_TRY(const auto hash, hash_of(range, read));
        proof.push_back(hash);
        return ok();
    }
    const bool in_left = old_last <= range.split();
    CG_TRY(add_subproof(old_last, in_left ? range.left() : range.right(), known && in_left, read, proof));
    CG_TRY(const auto sibling, hash_of(in_left ? range.right() : range.left(), read));
    proof.push_back(sibling);
    return ok();
}

auto is_odd(std::uint64_t n) noexcept -> bool { return (n & 1U) != 0; }

/// Climbs from a node (`fn` in RFC 9162) towards the root (`sn` counts the levels left) along a proof. `on_left` and
/// `on_right` take each hash that stands to the left or to the right of the way.
template <class OnLeft, class OnRight>
auto climb(std::uint64_t fn, std::uint64_t sn, std::span<const Digest> proof, OnLeft on_left, OnRight on_right) -> bool {
    for (const auto& hash : proof) {
        if (sn == 0) return false;  // the proof is too long
        if (is_odd(fn) || fn == sn) {
            on_left(hash);
            while (!is_odd(fn) && fn != 0) {
                fn >>= 1U;
                sn >>= 1U;
            }
        } else {
            on_right(hash);
        }
        fn >>= 1U;
        sn >>= 1U;
    }
    return sn == 0;
}

}  // namespace

auto merkle_leaf(ByteView leaf) -> Digest {
    thread_local Sha256Stream hash;
    constexpr std::uint8_t prefix = 0x00;
    hash.update({&prefix, 1});
    hash.update(leaf);
    return hash.finish();
}

auto merkle_node(const Digest& left, const Digest& right) -> Digest {
    std::array<std::uint8_t, 65> input{};
    input[0] = 0x01;
    std::ranges::copy(left, input.begin() + 1);
    std::ranges::copy(right, input.begin() + 33);
    return sha256(ByteView{input});
}

auto merkle_empty_root() -> Digest { return sha256(ByteView{}); }

auto peak_ids(std::uint64_t size) -> std::vector<NodeId> {
    std::vector<NodeId> out;
    std::uint64_t first = 0;
    for (std::uint64_t rest = size; rest != 0;) {
        const auto largest = std::bit_floor(rest);
        const auto level = static_cast<unsigned>(std::countr_zero(largest));
        out.push_back({level, first >> level});
        first += largest;
        rest -= largest;
    }
    return out;
}

auto CompactRange::resume(std::uint64_t size, std::vector<Digest> peaks) -> Result<CompactRange> {
    if (static_cast<std::size_t>(std::popcount(size)) != peaks.size())
        return fail(Errc::corrupt, "the peaks of the log's tree do not fit its size");
    CompactRange range;
    range.size_ = size;
    range.peaks_ = std::move(peaks);
    return range;
}

void CompactRange::append(const Digest& leaf_hash, std::vector<Node>& completed) {
    CG_ENSURE(size_ != UINT64_MAX);
    Node node{{0, size_}, leaf_hash};
    completed.push_back(node);
    // Every trailing one-bit of the size is a peak that this leaf completes a larger subtree with.
    for (std::uint64_t rest = size_; is_odd(rest); rest >>= 1U) {
        node = {{node.id.level + 1, node.id.index >> 1U}, merkle_node(peaks_.back(), node.hash)};
        peaks_.pop_back();
        completed.push_back(node);
    }
    peaks_.push_back(node.hash);
    ++size_;
}

auto CompactRange::root() const -> Digest {
    if (peaks_.empty()) return merkle_empty_root();
    Digest root = peaks_.back();
    for (auto peak = std::next(peaks_.rbegin()); peak != peaks_.rend(); ++peak) root = merkle_node(*peak, root);
    return root;
}

auto inclusion_proof(std::uint64_t index, std::uint64_t size, const NodeReader& read) -> Result<std::vector<Digest>> {
    CG_ENSURE(index < size);
    std::vector<Digest> proof;
    CG_TRY(add_path(index, {0, size}, read, proof));
    return proof;
}

auto verifies_inclusion(const Digest& leaf_hash, std::uint64_t index, std::uint64_t size,
                        const std::vector<Digest>& proof, const Digest& root) -> bool {
    if (index >= size) return false;
    Digest hash = leaf_hash;
    const bool fits = climb(
        index, size - 1, proof, [&hash](const Digest& left) { hash = merkle_node(left, hash); },
        [&hash](const Digest& right) { hash = merkle_node(hash, right); });
    return fits && hash == root;
}

auto consistency_proof(std::uint64_t old_size, std::uint64_t size, const NodeReader& read)
    -> Result<std::vector<Digest>> {
    CG_ENSURE(old_size <= size);
    std::vector<Digest> proof;
    if (old_size == 0 || old_size == size) return proof;
    CG_TRY(add_subproof(old_size, {0, size}, true, read, proof));
    return proof;
}

auto verifies_consistency(std::uint64_t old_size, const Digest& old_root, std::uint64_t size, const Digest& root,
                          const std::vector<Digest>& proof) -> bool {
    if (old_size > size) return false;
    if (old_size == 0 && old_root != merkle_empty_root()) return false;
    if (old_size == size) return proof.empty() && old_root == root;
    if (old_size == 0) return proof.empty();  // every tree continues the empty one
    if (proof.empty()) return false;
    std::span<const Digest> rest{proof};
    Digest old_hash = old_root;  // the start of the climb, which a complete old tree itself is
    if (!std::has_single_bit(old_size)) {
        old_hash = rest.front();
        rest = rest.subspan(1);
    }
    Digest new_hash = old_hash;
    const auto shift = std::countr_one(old_size - 1);
    const bool fits = climb(
        (old_size - 1) >> shift, (size - 1) >> shift, rest,
        [&](const Digest& left) {
            old_hash = merkle_node(left, old_hash);
            new_hash = merkle_node(left, new_hash);
        },
        [&](const Digest& right) { new_hash = merkle_node(new_hash, right); });
    return fits && old_hash == old_root && new_hash == root;
}

}  // namespace cg::crypto
