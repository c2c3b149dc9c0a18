#include "crypto/merkle.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <bit>
#include <map>

namespace {

using cg::Errc;
using cg::crypto::CompactRange;
using cg::crypto::Digest;
using cg::crypto::Node;
using cg::crypto::NodeId;

/// A log that keeps the hash of every complete subtree, as the ledger does, and every root it ever had.
class Log {
public:
    explicit Log(std::uint64_t leaves) {
        roots.push_back(range.root());
        for (std::uint64_t i = 0; i < leaves; ++i) {
            leaf_hashes.push_back(cg::crypto::merkle_leaf(cg::view_bytes("entry " + std::to_string(i))));
            std::vector<Node> completed;
            range.append(leaf_hashes.back(), completed);
            for (const auto& node : completed) {
                EXPECT_TRUE(nodes.emplace(node.id, node.hash).second) << "a subtree became complete twice";
            }
            roots.push_back(range.root());
        }
    }
    [[nodiscard]] auto reader() const -> cg::crypto::NodeReader {
        return [this](NodeId id) -> cg::Result<Digest> {
            const auto it = nodes.find(id);
            if (it == nodes.end()) return cg::fail(Errc::not_found, "no such subtree");
            return it->second;
        };
    }
    [[nodiscard]] auto inclusion(std::uint64_t index, std::uint64_t size) const {
        return cg::crypto::inclusion_proof(index, size, reader()).value();
    }
    [[nodiscard]] auto consistency(std::uint64_t old_size, std::uint64_t size) const {
        return cg::crypto::consistency_proof(old_size, size, reader()).value();
    }

    CompactRange range;
    std::map<NodeId, Digest> nodes;
    std::vector<Digest> leaf_hashes;
    std::vector<Digest> roots;  ///< by size
};

/// MTH(D[n]) of RFC 6962 section 2.1, written down as it stands there.
auto definition(const std::vector<Digest>& leaves, std::size_t first, std::size_t last) -> Digest {
    if (first == last) return cg::crypto::merkle_empty_root();
    if (last - first == 1) return leaves[first];
    const auto k = std::bit_floor(last - first - 1);
    return cg::crypto::merkle_node(definition(leaves, first, first + k), definition(leaves, first + k, last));
}

constexpr std::uint64_t most = 300;

auto big_log() -> const Log& {
    static const Log log{most};
    return log;
}

auto included(const Log& log, std::uint64_t index, std::uint64_t size, const std::vector<Digest>& proof) -> bool {
    return cg::crypto::verifies_inclusion(log.leaf_hashes[index], index, size, proof, log.roots[size]);
}

auto consistent(const Log& log, std::uint64_t old_size, std::uint64_t size, const std::vector<Digest>& proof) -> bool {
    return cg::crypto::verifies_consistency(old_size, log.roots[old_size], size, log.roots[size], proof);
}

auto altered(Digest hash) -> Digest {
    hash[*rc::gen::inRange<std::size_t>(0, 32)] ^= static_cast<std::uint8_t>(1U << *rc::gen::inRange(0U, 8U));
    return hash;
}

TEST(MerkleTree, HashesWithThePrefixesOfRfc6962) {
    EXPECT_EQ(cg::to_hex(cg::crypto::merkle_empty_root()), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    EXPECT_EQ(cg::to_hex(cg::crypto::merkle_leaf({})), "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
    const cg::Bytes prefixed{0x00, 'a', 'b'};
    EXPECT_EQ(cg::crypto::merkle_leaf(cg::view_bytes("ab")), cg::crypto::sha256(cg::ByteView{prefixed}));
    cg::Bytes joined{0x01};
    joined.insert(joined.end(), 64, 0x07);
    Digest sevens;
    sevens.fill(0x07);
    EXPECT_EQ(cg::crypto::merkle_node(sevens, sevens), cg::crypto::sha256(cg::ByteView{joined}));
}

TEST(MerkleTree, TheCompactRangeHasTheRootOfTheDefinition) {
    const auto& log = big_log();
    for (std::uint64_t size = 0; size <= most; ++size) EXPECT_EQ(log.roots[size], definition(log.leaf_hashes, 0, size)) << size;
}

TEST(MerkleTree, EveryCompleteSubtreeIsReportedOnce) {
    const auto& log = big_log();
    std::size_t expected = 0;
    for (std::uint64_t width = 1; width <= most; width *= 2) expected += most / width;
    EXPECT_EQ(log.nodes.size(), expected);
    for (const auto& [id, hash] : log.nodes) {
        const auto width = std::uint64_t{1} << id.level;
        EXPECT_EQ(hash, definition(log.leaf_hashes, id.index * width, (id.index + 1) * width));
    }
}

TEST(MerkleTree, ARangeIsTakenUpAgainAtEverySize) {
    const auto& log = big_log();
    for (std::uint64_t size = 0; size < most; ++size) {
        std::vector<Digest> peaks;
        for (const auto& id : cg::crypto::peak_ids(size)) peaks.push_back(log.nodes.at(id));
        auto range = CompactRange::resume(size, peaks).value();
        EXPECT_EQ(range.root(), log.roots[size]);
        std::vector<Node> completed;
        range.append(log.leaf_hashes[size], completed);
        EXPECT_EQ(range.root(), log.roots[size + 1]);
        EXPECT_EQ(range.size(), size + 1);
        EXPECT_EQ(completed.front().id, (NodeId{0, size}));
    }
}

TEST(MerkleTree, ARangeThatDoesNotFitItsSizeIsCorrupt) {
    for (const std::size_t peaks : {0U, 1U, 3U}) {
        const auto result = CompactRange::resume(6, std::vector<Digest>(peaks));
        ASSERT_TRUE(result.has_error());
        EXPECT_EQ(result.error().code, Errc::corrupt);
    }
    EXPECT_TRUE(CompactRange::resume(6, std::vector<Digest>(2)).has_value());
}

TEST(MerkleTree, NamesThePeaksLeftToRight) {
    EXPECT_TRUE(cg::crypto::peak_ids(0).empty());
    EXPECT_EQ(cg::crypto::peak_ids(13), (std::vector<NodeId>{{3, 0}, {2, 2}, {0, 12}}));
    EXPECT_EQ(cg::crypto::peak_ids(UINT64_MAX).size(), 64U);
    EXPECT_EQ(cg::crypto::peak_ids(std::uint64_t{1} << 63U), (std::vector<NodeId>{{63, 0}}));
}

TEST(MerkleInclusion, EveryProofOfEveryTreeVerifies) {
    const auto& log = big_log();
    for (std::uint64_t size = 1; size <= most; ++size)
        for (std::uint64_t index = 0; index < size; ++index)
            ASSERT_TRUE(included(log, index, size, log.inclusion(index, size))) << index << " of " << size;
}

TEST(MerkleInclusion, NoProofFitsAnotherIndexOrSize) {
    const Log log{40};
    for (std::uint64_t size = 1; size <= 40; ++size) {
        for (std::uint64_t index = 0; index < size; ++index) {
            const auto proof = log.inclusion(index, size);
            for (std::uint64_t other = 0; other <= 41; ++other) {
                const auto fits = cg::crypto::verifies_inclusion(log.leaf_hashes[index], other, size, proof, log.roots[size]);
                ASSERT_EQ(fits, other == index) << index << " as " << other << " of " << size;
                if (other <= 40 && other != size) {
                    ASSERT_FALSE(included(log, index, std::max<std::uint64_t>(other, 0), proof) && other != size);
                }
            }
        }
    }
}

TEST(MerkleInclusion, AnyAlteredHashFails) {
    EXPECT_TRUE(rc::check([] {
        const auto& log = big_log();
        const auto size = *rc::gen::inRange<std::uint64_t>(2, most + 1);
        const auto index = *rc::gen::inRange<std::uint64_t>(0, size);
        const auto leaf = log.leaf_hashes[index];
        const auto& root = log.roots[size];
        const auto proof = log.inclusion(index, size);
        RC_ASSERT_FALSE(cg::crypto::verifies_inclusion(altered(leaf), index, size, proof, root));
        RC_ASSERT_FALSE(cg::crypto::verifies_inclusion(leaf, index, size, proof, altered(root)));
        auto bad = proof;
        auto& hash = bad[*rc::gen::inRange<std::size_t>(0, bad.size())];
        hash = altered(hash);
        RC_ASSERT_FALSE(cg::crypto::verifies_inclusion(leaf, index, size, bad, root));
    }));
}

TEST(MerkleInclusion, AHashMoreOrFewerOrInAnotherPlaceFails) {
    EXPECT_TRUE(rc::check([] {
        const auto& log = big_log();
        const auto size = *rc::gen::inRange<std::uint64_t>(3, most + 1);
        const auto index = *rc::gen::inRange<std::uint64_t>(0, size);
        const auto proof = log.inclusion(index, size);
        auto longer = proof;
        longer.insert(longer.begin() + *rc::gen::inRange<std::ptrdiff_t>(0, std::ssize(proof) + 1), proof.front());
        RC_ASSERT_FALSE(included(log, index, size, longer));
        auto shorter = proof;
        shorter.erase(shorter.begin() + *rc::gen::inRange<std::ptrdiff_t>(0, std::ssize(proof)));
        RC_ASSERT_FALSE(included(log, index, size, shorter));
        auto turned = proof;
        std::ranges::reverse(turned);
        RC_ASSERT(turned == proof || !included(log, index, size, turned));
    }));
}

TEST(MerkleInclusion, NothingIsInTheEmptyTree) {
    EXPECT_FALSE(cg::crypto::verifies_inclusion(cg::crypto::merkle_empty_root(), 0, 0, {}, cg::crypto::merkle_empty_root()));
}

TEST(MerkleInclusion, TheLargestNumbersDoNotOverflow) {
    const Digest hash{};
    EXPECT_FALSE(cg::crypto::verifies_inclusion(hash, UINT64_MAX - 1, UINT64_MAX, std::vector<Digest>(63), hash));
    EXPECT_FALSE(cg::crypto::verifies_inclusion(hash, UINT64_MAX, UINT64_MAX, {}, hash));
    EXPECT_FALSE(cg::crypto::verifies_consistency(UINT64_MAX - 1, hash, UINT64_MAX, hash, std::vector<Digest>(64)));
    EXPECT_FALSE(cg::crypto::verifies_consistency(std::uint64_t{1} << 63U, hash, UINT64_MAX, hash, std::vector<Digest>(63)));
}

TEST(MerkleConsistency, EveryProofBetweenTwoSizesVerifies) {
    const auto& log = big_log();
    for (std::uint64_t size = 0; size <= most; ++size)
        for (std::uint64_t old_size = 0; old_size <= size; ++old_size)
            ASSERT_TRUE(consistent(log, old_size, size, log.consistency(old_size, size))) << old_size << " to " << size;
}

TEST(MerkleConsistency, NoProofFitsOtherSizes) {
    const Log log{24};
    for (std::uint64_t size = 1; size <= 24; ++size) {
        for (std::uint64_t old_size = 1; old_size < size; ++old_size) {
            const auto proof = log.consistency(old_size, size);
            for (std::uint64_t other = 0; other <= 25; ++other) {
                const auto as_old = cg::crypto::verifies_consistency(other, log.roots[old_size], size, log.roots[size], proof);
                ASSERT_EQ(as_old, other == old_size) << old_size << " as " << other << " to " << size;
                if (other <= 24 && other != size) {
                    ASSERT_FALSE(cg::crypto::verifies_consistency(old_size, log.roots[old_size], other, log.roots[other], proof));
                }
            }
        }
    }
}

TEST(MerkleConsistency, AnyAlterationFails) {
    EXPECT_TRUE(rc::check([] {
        const auto& log = big_log();
        const auto size = *rc::gen::inRange<std::uint64_t>(2, most + 1);
        const auto old_size = *rc::gen::inRange<std::uint64_t>(1, size);
        const auto& old_root = log.roots[old_size];
        const auto& root = log.roots[size];
        const auto proof = log.consistency(old_size, size);
        RC_ASSERT_FALSE(cg::crypto::verifies_consistency(old_size, altered(old_root), size, root, proof));
        RC_ASSERT_FALSE(cg::crypto::verifies_consistency(old_size, old_root, size, altered(root), proof));
        RC_ASSERT_FALSE(cg::crypto::verifies_consistency(size, root, old_size, old_root, proof));
        auto bad = proof;
        auto& hash = bad[*rc::gen::inRange<std::size_t>(0, bad.size())];
        hash = altered(hash);
        RC_ASSERT_FALSE(consistent(log, old_size, size, bad));
        auto longer = proof;
        longer.push_back(proof.back());
        RC_ASSERT_FALSE(consistent(log, old_size, size, longer));
        auto shorter = proof;
        shorter.erase(shorter.begin() + *rc::gen::inRange<std::ptrdiff_t>(0, std::ssize(proof)));
        RC_ASSERT_FALSE(consistent(log, old_size, size, shorter));
    }));
}

TEST(MerkleConsistency, ARewrittenLogIsNotConsistent) {
    const Log honest{100};
    Log forged{50};
    std::vector<Node> completed;
    auto range = Log{49}.range;  // the fiftieth entry is another one
    range.append(cg::crypto::merkle_leaf(cg::view_bytes("a changed entry")), completed);
    EXPECT_NE(range.root(), forged.range.root());
    EXPECT_FALSE(cg::crypto::verifies_consistency(50, range.root(), 100, honest.roots[100], honest.consistency(50, 100)));
}

TEST(MerkleConsistency, EveryTreeContinuesTheEmptyOne) {
    const auto& log = big_log();
    EXPECT_TRUE(cg::crypto::verifies_consistency(0, cg::crypto::merkle_empty_root(), 7, log.roots[7], {}));
    EXPECT_TRUE(cg::crypto::verifies_consistency(0, cg::crypto::merkle_empty_root(), 0, cg::crypto::merkle_empty_root(), {}));
    EXPECT_FALSE(cg::crypto::verifies_consistency(0, log.roots[1], 7, log.roots[7], {})) << "no empty tree has that root";
    EXPECT_FALSE(cg::crypto::verifies_consistency(0, log.roots[1], 0, log.roots[1], {}));
    EXPECT_FALSE(cg::crypto::verifies_consistency(0, cg::crypto::merkle_empty_root(), 7, log.roots[7], {log.roots[7]}));
}

TEST(MerkleProofs, HandOnTheErrorOfTheReader) {
    const auto broken = [](NodeId) -> cg::Result<Digest> { return cg::fail(Errc::unavailable, "disk"); };
    EXPECT_EQ(cg::crypto::inclusion_proof(3, 8, broken).error().code, Errc::unavailable);
    EXPECT_EQ(cg::crypto::consistency_proof(3, 8, broken).error().code, Errc::unavailable);
}

TEST(MerkleProofs, ReadNoMoreThanTheyMust) {
    const auto& log = big_log();
    for (const std::uint64_t index : {std::uint64_t{0}, std::uint64_t{150}, most - 1}) {
        std::size_t reads = 0;
        const auto counting = [&](NodeId id) {
            ++reads;
            return log.reader()(id);
        };
        ASSERT_TRUE(cg::crypto::inclusion_proof(index, most, counting).has_value());
        EXPECT_LE(reads, 2U * 9U) << "two for each level of a tree of 300 leaves";
    }
}

}  // namespace
