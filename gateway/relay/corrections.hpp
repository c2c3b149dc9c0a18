#pragma once
/// Corrections that follow every copy (AC-5), and consent that is taken back (CO-10).

#include "gateway/relay/pending.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace cg::relay {

/// `POST /v1/messages/{id}/correct`: {schema: "correction/1", reason: CODE, submission: submission/1}. The corrected case goes
/// to everyone who was sent the first one, whatever the submission names; who may not have it is told not to rely on the old copy.
/// Both records stay, linked.
void correct(const Gateway& gateway, std::string_view id, const wire::Request& request, const wire::Respond& respond);

/// `POST /v1/consents`: {schema: "withdrawal/1", …}. From now on no consent given earlier for this case by this person counts
/// here; past recipients that were given something on the strength of it are told, where that is safe. Nothing is erased.
void withdraw_consent(const Gateway& gateway, const wire::Request& request, const wire::Respond& respond);

/// Everyone who was sent a copy by that decision.
[[nodiscard]] auto corrected_recipients(const ledger::DecisionRecord& record) -> std::vector<std::string>;
/// Marks the copies as correcting those of decision `of`. Errors: malformed (unknown reason), not_found
[[nodiscard]] auto mark_as_correction(const Gateway& gateway, Pending& pending, std::string_view reason, std::string_view of)
    -> Result<>;

}  // namespace cg::relay
