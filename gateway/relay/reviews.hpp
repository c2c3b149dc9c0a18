#pragma once
/// The review queue: what a second person must look at before it leaves, or counts as settled.

#include "gateway/relay/gateway.hpp"
#include "gateway/wire/http.hpp"

#include <string_view>

namespace cg::relay {

/// `GET /v1/reviews?after=&limit=`: what waits, the oldest first, without case content.
void list_reviews(const Gateway& gateway, const wire::Request& request, const wire::Respond& respond);

/// `GET /v1/reviews/{id}`: what was submitted, what the policy says of it now, and what each recipient would get. The reading is
/// logged before the answer.
void read_review(const Gateway& gateway, std::string_view id, const wire::Request& request, const wire::Respond& respond);

/// `POST /v1/reviews/{id}`: {schema: "review/1", decision: release|refuse|return, reason, actor, signature}.
///
/// Not by whoever submitted it. The reason is mandatory. `signature` is a JWS (typ `casegate-review+jws`) by the key of the
/// caller's certificate over {review, decision, reason_sha256}, kept with the record. A release is decided anew by the policy in
/// force; only what the reviewer could see is let go. The decision is a record of its own, linked both ways, and what was held
/// is destroyed with its recording.
/// Status  201 released; 200 refused or returned; 403 and 422 as for a submission; 409 somebody else was faster
void decide_review(const Gateway& gateway, std::string_view id, const wire::Request& request, const wire::Respond& respond);

}  // namespace cg::relay
