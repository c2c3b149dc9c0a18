#pragma once
/// View → signature → padding → seal, for one recipient; and the way back.

#include "certs/directory.hpp"
#include "crypto/age.hpp"
#include "gateway/ledger/ledger.hpp"
#include "gateway/relay/gateway.hpp"
#include "gateway/wire/view_payload.hpp"

#include <string>

namespace cg::relay {

struct SealRequest {
    AgencyId from;
    RecipientId to;
    certs::RoleKey key;
    PurposeId purpose;   ///< what the recipient is told the purpose is
    Json view;           ///< Secret: case content; moved in
    Instant now;
    Instant expires;
};

/// Signs the view with recipient and key inside (so that nobody can pass it on as meant for another), pads it (Padmé, at
/// least 4 KiB, so that its size does not tell what kind of message it is) and seals it to the recipient's key alone.
///
/// Returns   a release under a fresh message id, ready for the ledger
/// Errors    malformed (the directory's key is no age recipient), unsupported (a key that does not stand against a quantum
///           computer)
/// Threads   pure, but for randomness
[[nodiscard]] auto seal_view(SealRequest request, const Signer& signer) -> Result<ledger::Release>;

/// Opens an envelope as `me` and checks it: the seal, the sender's signature by a key of the directory, that it is for this
/// role and this key, and that it belongs to this routing.
///
/// Input     an age file, untrusted; `routing` as it came with it
/// Errors    unauthenticated (another recipient's, altered, or not signed by the agency it names), malformed, truncated
/// Secret    the result holds case content
[[nodiscard]] auto open_envelope(ByteView envelope, const wire::Routing& routing, const RecipientId& me,
                                 const crypto::AgeIdentity& identity, const certs::Directory& directory, Instant now)
    -> Result<wire::ViewPayload>;

}  // namespace cg::relay
