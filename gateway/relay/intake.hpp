#pragma once
/// From a back office's submission to a recorded decision: parse, decide, seal, record, answer.

#include "gateway/relay/pending.hpp"
#include "gateway/wire/http.hpp"

namespace cg::relay {

/// The submission/1 that stands in `submission` of a body: its problems point into that body.
/// Errors  malformed, with every problem at once
[[nodiscard]] auto inner_submission(const Gateway& gateway, const Json& body) -> Result<policy::Submission>;

/// Decides with what is in force here and now. Nothing is recorded. `held`: decides anew what that record held.
[[nodiscard]] auto decide_here(const Gateway& gateway, policy::Submission submission, Instant now,
                               const std::optional<DecisionId>& held = {}) -> Result<Pending>;

/// `POST /v1/checks`: the whole answer with its views, and nothing is sent. One event without personal data is observed.
void check(const Gateway& gateway, const wire::Request& request, const wire::Respond& respond);

/// `POST /v1/messages`: decides, and records share and refusal alike. Answers only once the record is durable.
/// Status  201 shared, also partly; 202 held for review; 403 denied by policy; 422 incomplete; 409 this key came with another
///         body. The same key and body get the same answer again, byte for byte
void submit(const Gateway& gateway, const wire::Request& request, const wire::Respond& respond);

/// `POST /v1/phone-shares`: {schema: "phone-share/1", told_at, submission: submission/1}. It was told by telephone already (RC-11):
/// nothing is sent, and the record says what was told, to which roles, and what the policy would have said.
void tell_by_phone(const Gateway& gateway, const wire::Request& request, const wire::Respond& respond);

/// `GET /v1/messages/{id}`: the recorded decision, without views, and where each copy is now.
void message_status(const Gateway& gateway, std::string_view id, const wire::Respond& respond);

}  // namespace cg::relay
