#pragma once
/// Asking for information (CO-8). The names follow the draft `Request` of the Multi-agency Information Sharing work:
/// identifier, time, requester, person, purpose, policy.

#include "policy/decide.hpp"

#include <string>
#include <vector>

namespace cg::policy {

/// `request/1`: who asks whom about whom, for what purpose, on what basis, under which agreement.
struct InformationRequest {
    Submission base;          ///< purpose, actor, urgency and recipients; its case holds the person asked about, the basis, and why
    std::string identifier;   ///< the asker's own reference; empty: none
    std::string requester_role;
    std::string policy;       ///< the agreement relied on
    std::vector<std::string> asked;  ///< field groups
    bool why_given{false};
};

/// Reads {schema, identifier?, time?, requester: {role}, to: [role@agency], actor, purpose, policy, basis, person, asked, why,
/// urgency?, reconsiders?, informing?}. `person` is {nhs_number, given_names, family_name, date_of_birth, gender, address, uprn}
/// as far as known; `informing` is that of case/1: why the family may not be told travels with the question (OP-4).
///
/// Errors  malformed, with every problem at once
[[nodiscard]] auto parse_request(Json document) -> Result<InformationRequest>;

/// Decides a request: asking discloses who is asked about, so each recipient is told only what its role may have of that.
///
/// Returns  action `requested`; views are `request/1`. Problems: `request/basis-missing` (purpose, basis and agreement must be
///          stated), `request/policy-mismatch`, `request/purpose-unknown`, `request/person-unclear`, and those of any recipient
/// Threads  pure
[[nodiscard]] auto decide_request(const Pack& pack, const AgencyLookup& agencies, const InformationRequest& request,
                                  const Caller& caller, Instant now, ByteView view_salt) -> Decision;

/// Those of the field groups that the pack has. Any other word is the asker's own and may name somebody.
[[nodiscard]] auto known_groups(const Pack& pack, const std::vector<std::string>& groups) -> std::vector<std::string>;

/// An answer that is not a submission and not a refusal: `holding-reply/1` (it takes more time), `advice-reply/1` (what an adviser
/// says, AD-8) and `outcome-reply/1` (what was done with a message, IT-2).
struct Reply {
    Submission base;      ///< actor; its one recipient is whoever asked
    std::string request;  ///< id of the message that is answered
    std::string advice;   ///< Secret  what the adviser says; empty: a holding reply
    bool name_requested{false};
    std::string outcome;  ///< a code of the pack's list; empty: none is told
};
/// Reads {schema: "holding-reply/1", "advice-reply/1" or "outcome-reply/1", actor, reply_to, advice?, name_requested?, outcome?}.
/// Errors  malformed, with every problem at once
[[nodiscard]] auto parse_reply(Json document) -> Result<Reply>;
/// Action `considering`, `advised` or `outcome`.
/// Errors  malformed (`recipient/unknown`, `outcome/unknown`)
[[nodiscard]] auto decide_reply(const Pack& pack, const AgencyLookup& agencies, const Reply& reply, Instant now) -> Result<Decision>;

/// By when an answer is expected.
[[nodiscard]] auto answer_by(const Pack& pack, Instant asked_at) -> std::optional<Instant>;

}  // namespace cg::policy
