// The Merkle proof vectors of transparency-dev/merkle: what must verify does, what must not does not.
#include "crypto/merkle.hpp"
#include "gateway/base/json.hpp"
#include "tests/oracles/oracle.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>

namespace cg::crypto {
namespace {

const std::filesystem::path folder = std::filesystem::path{CG_SHARED_DIR} / "vectors/merkle";

/// A hash, or nothing where the vector holds something of another size: our types have no such value.
auto digest(const Json& json) -> std::optional<Digest> {
    const auto bytes = from_base64(json.text(), Base64::standard);
    Digest out{};
    if (bytes.has_error() || bytes.value().size() != out.size()) return std::nullopt;
    std::ranges::copy(bytes.value(), out.begin());
    return out;
}

auto proof(const Json& json) -> std::optional<std::vector<Digest>> {
    std::vector<Digest> out;
    if (json.is_null()) return out;
    for (const auto& item : *json.if_array()) {
        const auto hash = digest(item);
        if (!hash) return std::nullopt;
        out.push_back(*hash);
    }
    return out;
}

auto number(const Json& json) -> std::uint64_t {
    const auto value = json.integer_or(-1);
    EXPECT_GE(value, 0);
    return static_cast<std::uint64_t>(value);
}

template <class Verify>
void check_all(const char* kind, const Verify& verify) {
    if (!std::filesystem::exists(folder)) GTEST_SKIP() << "the shared Merkle vectors are not on this machine: " << folder;
    std::size_t good = 0;
    std::size_t bad = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder / kind)) {
        if (entry.path().extension() != ".json") continue;
        const auto parsed = parse_json(ByteView{oracle::read_file(entry.path())});
        ASSERT_TRUE(parsed.has_value()) << entry.path();
        const auto& json = parsed.value();
        ASSERT_NE(json.find("wantErr"), nullptr) << entry.path();
        const bool want = !json["wantErr"].is_true();
        EXPECT_EQ(verify(json), want) << entry.path() << ": " << json["desc"].text();
        (want ? good : bad) += 1;
    }
    EXPECT_GT(good, 0U);
    EXPECT_GT(bad, 20U);
    std::cout << kind << ": " << good << " verify, " << bad << " are refused\n";
}

TEST(MerkleVectors, Inclusion) {
    check_all("inclusion", [](const Json& json) {
        const auto leaf = digest(json["leafHash"]);
        const auto root = digest(json["root"]);
        const auto hashes = proof(json["proof"]);
        return leaf && root && hashes && verifies_inclusion(*leaf, number(json["leafIdx"]), number(json["treeSize"]), *hashes, *root);
    });
}

TEST(MerkleVectors, Consistency) {
    check_all("consistency", [](const Json& json) {
        const auto old_root = digest(json["root1"]);
        const auto root = digest(json["root2"]);
        const auto hashes = proof(json["proof"]);
        // One vector that must verify gives roots of 21 bytes: of equal sizes, where nothing but equality is asked.
        if (!old_root && !root && json["root1"] == json["root2"]) {
            Digest same{};
            const auto bytes = from_base64(json["root1"].text(), Base64::standard).value();
            std::ranges::copy_n(bytes.begin(), std::min<std::ptrdiff_t>(std::ssize(bytes), 32), same.begin());
            return verifies_consistency(number(json["size1"]), same, number(json["size2"]), same, *hashes);
        }
        return old_root && root && hashes && verifies_consistency(number(json["size1"]), *old_root, number(json["size2"]), *root, *hashes);
    });
}

}  // namespace
}  // namespace cg::crypto
