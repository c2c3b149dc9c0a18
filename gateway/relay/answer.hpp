#pragma once
/// What the sender is told of a decision, and how it is kept so that a repeated submission gets it again byte for byte.

#include "gateway/ledger/ledger.hpp"
#include "gateway/wire/http.hpp"
#include "policy/decision.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace cg::relay {

/// The answer as text for the ledger: status, content type and body. No view and no value from the case.
///
/// Input     `mids`: the id of the copy for each recipient, empty where none was made
/// Status    201 when something leaves, 202 when nothing leaves yet and a person must look, 403 when policy refuses, 422 when
///           all that stands against it is information that the sender can add
///           `status`: that one instead, where the record itself is what was asked for; 0: by the outcome
[[nodiscard]] auto stored_answer(const policy::Decision& decision, const DecisionId& id, const std::vector<std::string>& mids,
                                 int status = 0) -> std::string;

/// The answer from what stored_answer made.
[[nodiscard]] auto answer_from(std::string_view stored) -> wire::Response;

/// What else the log says of a decision.
struct Aftermath {
    std::vector<ledger::DecisionRow> followed_by;
    std::vector<ledger::LoggedEvent> events;
    std::vector<ledger::Duty> duties;
};
/// Body of `GET /v1/messages/{id}`: {decision_id, decided_at, purpose, outcome, decision: the record's `dec` group,
/// deliveries: [{mid, to, state, attempts, last_error, receipts}], followed_by: [{decision_id, outcome, purpose}], events: [{type,
/// at, fields}], duties: [{kind, due, done}]}.
[[nodiscard]] auto status_body(const ledger::DecisionRecord& record, const Aftermath& aftermath) -> Json;

}  // namespace cg::relay
