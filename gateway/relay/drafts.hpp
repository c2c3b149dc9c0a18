#pragma once
/// What somebody owes: drafts of concerns that are neither sent nor closed (FW-7), refusals to talk over (RC-9), families to be
/// told (OP-7), debts of an emergency. A duty is opened by an entry of the log and closed by one.

#include "gateway/relay/pending.hpp"

#include <set>
#include <string>
#include <string_view>

namespace cg::relay {

/// `POST /v1/drafts`: {schema: "draft/1", id, risk_level, actor}. A concern is being written; nothing of it is kept here but its
/// id. At a level of risk that the pack names it must be sent, or closed by a decision not to share, in time.
void open_draft(const Gateway& gateway, const wire::Request& request, const wire::Respond& respond);
/// `DELETE /v1/drafts/{id}`: refused (`draft/decision-required`) while a decision is owed.
void delete_draft(const Gateway& gateway, std::string_view id, const wire::Request& request, const wire::Respond& respond);
/// Notes which draft `?draft=` names.
void name_draft(const wire::Request& request, Pending& pending);
/// A message that is shared, or a decision not to share, closes its draft. A question for advice does not, nor does what was refused;
/// what is held leaves it open until a second person has decided. An id that nobody opened is a warning.
[[nodiscard]] auto settle_draft(const Gateway& gateway, Pending& pending) -> Result<>;

/// `GET /v1/duties?kind=&before=`: what is owed and not done, the oldest first; without `before`, what is overdue.
void list_duties(const Gateway& gateway, const wire::Request& request, const wire::Respond& respond);
/// `POST /v1/messages/{id}/done`: {schema: "done/1", duty, actor, on, note, with_whom?}. A discussion says with whom it was.
void close_duty(const Gateway& gateway, std::string_view id, const wire::Request& request, const wire::Respond& respond);

/// Observes `gw.duty.overdue` for each duty that passed and is not yet in `told`. Called now and then; after a restart what is
/// overdue is told again.
void tell_overdue(const Gateway& gateway, std::set<std::string>& told);

}  // namespace cg::relay
