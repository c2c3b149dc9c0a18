#pragma once
/// What a back office asks: send this case, for this purpose, to these roles (`submission/1` with a `case/1` inside).

#include "gateway/base/json.hpp"
#include "gateway/base/result.hpp"
#include "gateway/base/time.hpp"
#include "policy/advice.hpp"

#include <optional>
#include <string>
#include <vector>

namespace cg::policy {

/// The person who asks, as the sending system vouches for them.
struct Actor {
    std::string user;  ///< Secret  personal data
    std::string role;
    std::string auth;  ///< how they signed in, e.g. `passkey`
};

/// Consent that somebody took back, as the agency has it on file.
struct Withdrawal {
    std::string who;  ///< id of a person in the case
    Instant on{};
};

struct Submission {
    std::string purpose;                  ///< text: an unknown purpose is answered by the decision, not by the parser
    std::vector<std::string> recipients;  ///< `role@agency` texts; a bad one is answered alone
    Actor actor;
    std::string urgency;  ///< from /case/timing/urgency: `routine` (default), `urgent` or `emergency`
    Json case_tree;       ///< the `case` object. Secret: personal data
    std::string follow_up_to, request, supersedes;  ///< empty when absent
    std::string converted_from, advice_of;  ///< AD-6: consultation or decision ids; empty when absent
    std::optional<AdviceBlock> advice;
    Consultation consultation;  ///< of an advice message, from the relay. Not part of the JSON
    /// The same user's latest override texts, from the ledger, for the boiler-plate test. Not part of the JSON.
    std::vector<std::string> recent_override_texts;
    std::vector<std::string> recent_override_of;  ///< the decisions that those are from, by index. Not part of the JSON
    /// Withdrawals known to the agency: each beats consent that was given before it (CO-10). Not part of the JSON.
    std::vector<Withdrawal> known_withdrawals;
};

/// A link is one of the gateway's own ids (dec-…, msg-…, k-…); any other text is the sender's own (RC-12).
[[nodiscard]] auto is_link(std::string_view text) -> bool;

/// Reads a submission. Leaves of the case that `case/1` does not know are kept: the decision withholds them.
///
/// Input     a parsed document, moved in; untrusted
/// Errors    malformed, with every problem at once: schema missing or another; a member missing, unknown or of the
///           wrong type; no recipient, more than 64, or the same twice; `case` not an object of schema `case/1`; a
///           known leaf of the wrong type or no date where a date belongs; the same id used twice in people, concerns
///           or attachments. Pointers are into the document. Never a value from it.
/// Threads   pure
[[nodiscard]] auto parse_submission(Json document) -> Result<Submission>;

}  // namespace cg::policy
