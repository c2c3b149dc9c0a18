#pragma once
/// What the receiver of a transmission learns of the sender's log: one release leaf, opened.
///
/// Threads   pure

#include "crypto/hash.hpp"
#include "gateway/base/ids.hpp"
#include "gateway/base/json.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace cg::ledger {

struct OpenedRelease {
    std::uint64_t seq = 0;           ///< the leaf's index in the sender's log
    MessageId mid;
    crypto::Digest envelope_sha256{};
    std::string kid;
    std::uint64_t bytes = 0;         ///< of the envelope
    std::string leaf;                ///< the leaf's bytes, recomputed: what the tlog-proof must be over
};

/// {"s":seq,"salt":hex,"fields":{"bytes","envelope_sha256","kid","mid"}}.
[[nodiscard]] auto make_opening(std::uint64_t seq, ByteView salt, Json fields) -> Json;

/// Recomputes the release leaf that an opening opens. The result means nothing until
///   crypto::check_tlog_proof(proof, view_bytes(opened.leaf), sender's log) holds and proof.index == opened.seq,
/// and says which envelope was recorded: compare mid, envelope_sha256 and bytes with what arrived.
///
/// Input   untrusted
/// Errors  malformed: other members, or values that are not of their kind
[[nodiscard]] auto check_opening(const Json& opening) -> Result<OpenedRelease>;

}  // namespace cg::ledger
