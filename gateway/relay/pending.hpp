#pragma once
/// A decision on its way into the ledger: what every kind of message has in common, from policy's answer to the caller's.

#include "certs/directory.hpp"
#include "gateway/relay/gateway.hpp"
#include "gateway/wire/http.hpp"
#include "gateway/wire/problem.hpp"
#include "policy/decide.hpp"
#include "policy/repeat.hpp"

#include <optional>
#include <string>
#include <vector>

namespace cg::relay {

struct Pending {
    policy::Submission submission;  ///< Secret
    policy::Caller caller;
    policy::Decision decision;
    std::optional<policy::DecisionContext> context{};  ///< what the decision rested on (RC-4); none where nothing was decided anew
    Json dec_extra, personal_extra;           ///< members that this kind of record adds; null: none
    std::vector<std::string> links;           ///< decisions and messages that it follows from
    bool hold = false;                        ///< keep the body until a second person has looked at it, where one must
    std::optional<DecisionId> settles;
    std::vector<ledger::NewEvent> events;     ///< filed under `settles` or a link
    std::vector<ledger::NewDuty> duties;      ///< beside those that the decision's obligations are
    std::vector<std::string> duties_done;
    std::optional<Instant> not_before;        ///< replies wait until then
    std::string draft;                        ///< the office's draft that this may close; empty: none
    bool draft_given_up = false;              ///< a second person decided that nothing comes of it
    bool by_caller = true;                    ///< the submission's actor is who calls; a reviewer settles another person's
    int status = 0;                           ///< of the answer, where the record itself is what was asked for; 0: by the outcome
};

/// Our own organisation as policy sees it. Errors: unavailable (not in the directory)
[[nodiscard]] auto own_caller(const Gateway& gateway, const DirectoryFacts& agencies) -> Result<policy::Caller>;

/// A person's certificate speaks for that person alone; an office system vouches for its users.
/// Errors  denied (`request/actor-mismatch`)
[[nodiscard]] auto check_own_name(const wire::Request& request, std::string_view user) -> Result<>;

/// The answer that was given before to this caller, key and body, if any: then there is nothing left to do.
/// Errors  malformed (no Idempotency-Key), conflict
[[nodiscard]] auto answered_before(const Gateway& gateway, const wire::Request& request) -> Result<std::optional<wire::Response>>;

/// Refuses recipients without a key in force, seals a copy or reply for each of the others, records all of it, answers.
///
/// Durable  the answer comes after the record
/// Status   201 when something was shared or the record is what was asked for, 202 when a person must look first, 403 and 422 as
///          for a submission
void record(const Gateway& gateway, const wire::Request& request, Pending pending, Instant now, const wire::Respond& respond);

/// What every such endpoint does: the answer given before, or `make(now)` decided and recorded.
template <class Make>
void record_made(const Gateway& gateway, const wire::Request& request, const wire::Respond& respond, const Make& make) {
    const auto before = answered_before(gateway, request);
    if (!before.has_value()) return respond(wire::error_response(before.error()));
    if (before.value()) return respond(*before.value());
    const auto now = gateway.now();
    auto pending = make(now);
    if (!pending.has_value()) return respond(wire::error_response(pending.error()));
    if (pending.value().by_caller)
        if (const auto own = check_own_name(request, pending.value().submission.actor.user); !own.has_value())
            return respond(wire::error_response(own.error()));
    record(gateway, request, std::move(pending).value(), now, respond);
}

}  // namespace cg::relay
