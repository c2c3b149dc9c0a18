#pragma once
/// Corrections that follow every copy (AC-5), and consent that is taken back (CO-10).

#include "gateway/relay/pending.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace cg::relay {

/// `POST /v1/messages/{id}/correct`: {schema: "correction/1", reason: CODE, submission: submission/1}. The corrected case goes
/// to everyone who has a copy of the message, whatever the submission names and by whichever decision it went: the first, a second
/// person's, an earlier correction. Who may not have it is told not to rely on the old copy. All records stay, linked.
void correct(const Gateway& gateway, std::string_view id, const wire::Request& request, const wire::Respond& respond);

/// `POST /v1/consents`: {schema: "withdrawal/1", …}. From now on no consent given earlier for this case by this person counts
/// here; past recipients that were given something on the strength of it are told, where that is safe. Nothing is erased.
void withdraw_consent(const Gateway& gateway, const wire::Request& request, const wire::Respond& respond);

/// Marks the copies as correcting those of the message that decision `of` belongs to. Errors: malformed (unknown reason), not_found
[[nodiscard]] auto mark_as_correction(const Gateway& gateway, Pending& pending, std::string_view reason, std::string_view of)
    -> Result<>;

/// Was the message that this record belongs to put right after it?
[[nodiscard]] auto corrected_since(const Gateway& gateway, const ledger::DecisionRecord& record) -> Result<bool>;

}  // namespace cg::relay
