#pragma once
/// Log entries: a leaf holds salted commitments only, so that a proof tells nothing that was not opened on purpose.
///
/// Threads   pure, but for fresh salts

#include "crypto/hash.hpp"
#include "gateway/base/json.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace cg::ledger {

using Salt = std::array<std::uint8_t, 32>;

namespace entry_type {
inline constexpr std::string_view decision = "decision/1";
inline constexpr std::string_view release = "release/1";
inline constexpr std::string_view receipt = "receipt/1";
inline constexpr std::string_view erasure = "erasure/1";
}  // namespace entry_type

/// The names of the commitment groups, after what is kept for how long.
namespace group {
inline constexpr std::string_view id = "id";    ///< personal: erasable
inline constexpr std::string_view dec = "dec";  ///< the decision, and of other types of entry what they say
inline constexpr std::string_view out = "out";  ///< what left, or arrived
}  // namespace group

/// The public group of a type of entry: `out` for release/1 and receipt/1, otherwise `dec`.
[[nodiscard]] auto public_group(std::string_view type) noexcept -> std::string_view;
/// A type that an entry may have: `name/1`, letters only.
[[nodiscard]] auto is_entry_type(std::string_view type) noexcept -> bool;

[[nodiscard]] auto fresh_salt() -> Salt;

/// HMAC-SHA256(salt, "casegate.commit/1" ‖ 0 ‖ type ‖ 0 ‖ group ‖ 0 ‖ fields), fields in JCS.
[[nodiscard]] auto commitment(ByteView salt, std::string_view type, std::string_view group, std::string_view fields)
    -> crypto::Digest;

struct Commitment {
    std::string_view group;
    crypto::Digest value;
};

/// The leaf's bytes: JCS of {"c":{group:hex…},"s":seq,"t":type}.
/// Input  commitments in ascending order of their group's name
[[nodiscard]] auto leaf_bytes(std::string_view type, std::uint64_t seq, std::span<const Commitment> commitments)
    -> std::string;

}  // namespace cg::ledger
