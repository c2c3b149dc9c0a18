#pragma once
/// The life of a consultation without identity: a fresh one for each question, what the adviser said (AD-8), and the referral
/// that it becomes (AD-6).

#include "gateway/relay/pending.hpp"

#include <string_view>

namespace cg::relay {

/// Gives an advice submission its consultation: a new one, or the one that it follows up (AD-10).
/// Errors  malformed (`advice/unknown-consultation`)
[[nodiscard]] auto begin_consultation(const Gateway& gateway, policy::Submission& submission) -> Result<>;
/// What the record of an advice message keeps so that a later one can follow up, and the referral be linked.
void keep_consultation(Pending& pending);

/// For a message that a consultation became, once it is decided: the links both ways, the advice, and to whom the name is given.
/// Errors  malformed (`advice/unknown-consultation`; `advice/identity-requires-conversion`: another question is no conversion)
[[nodiscard]] auto note_conversion(const Gateway& gateway, Pending& pending) -> Result<>;
/// For any other decision that names the advice it rests on (`advice_of`): its record carries it. A consultation that is not
/// known is a warning.
[[nodiscard]] auto note_advice(const Gateway& gateway, Pending& pending) -> Result<>;

/// `POST /v1/messages/{id}/advice`: {schema: "advice-record/1", adviser: {role, organisation}, on, advice, actor}. What the adviser
/// said, kept with the consultation; later decisions carry it as `advice_sought`.
void record_advice(const Gateway& gateway, std::string_view id, const wire::Request& request, const wire::Respond& respond);

/// `POST /v1/messages/{id}/outcome`: {schema: "outcome-record/1", mid, outcome, on, actor}. What a recipient did with its copy, kept
/// with the decision that it came from (IT-2).
void record_outcome(const Gateway& gateway, std::string_view id, const wire::Request& request, const wire::Respond& respond);

/// `POST /v1/messages/{id}/convert` with a submission/1: the adviser asked for the name. A full decision is made; where it
/// permits, identity is disclosed, and both records are linked. The adviser has no way to fetch it.
void convert(const Gateway& gateway, std::string_view id, const wire::Request& request, const wire::Respond& respond);

}  // namespace cg::relay
