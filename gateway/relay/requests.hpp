#pragma once
/// Asking another agency, and answering one that asks.

#include "gateway/relay/pending.hpp"
#include "policy/refusal.hpp"

#include <string_view>

namespace cg::relay {

/// `POST /v1/requests` (`request/1`): decided like any sharing, for asking tells whom one asks about. Sealed, recorded, sent.
void ask(const Gateway& gateway, const wire::Request& request, const wire::Respond& respond);

/// `POST /v1/requests/{mid}/answer`, where `mid` is the request as it stands in our inbox. By the body's schema:
///   submission/1       PERMIT: decided as any message, to whoever asked
///   no-share/1         DENY: the reasons are recorded, a refusal reply goes back, a discussion is owed
///   holding-reply/1    REVIEW: it takes more time
///   advice-reply/1     what an adviser says to a consultation
///   outcome-reply/1    what was done with a message (IT-2)
/// Only the agency that asked is answered.
void answer(const Gateway& gateway, std::string_view mid, const wire::Request& request, const wire::Respond& respond);

/// `POST /v1/no-share` (`no-share/1`): a decision not to share, mostly one that nobody asked about. Whoever did ask, by whatever
/// way, is told with `reply_to`; where `request` names a message of our inbox, only the agency that it came from.
void decline(const Gateway& gateway, const wire::Request& request, const wire::Respond& respond);

/// A decision not to share, on its way into the ledger. A reply that may not tell anything by its hour waits, counted from the
/// request in our inbox if there is one, else from `decided_at`.
/// Errors  malformed, as decide_refusal
[[nodiscard]] auto refuse_to_share(const Gateway& gateway, policy::Refusal refusal, Instant decided_at, Instant now, bool reviewed)
    -> Result<Pending>;

}  // namespace cg::relay
