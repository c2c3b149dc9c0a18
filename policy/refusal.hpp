#pragma once
/// The decision not to share: a first-class answer with reasons, recorded as carefully as a share (RC-3, RC-9, FW-6, FW-15,
/// SW-3).

#include "policy/decide.hpp"

#include <string>
#include <vector>

namespace cg::policy {

/// What a person decided not to share, and why (`no-share/1`).
struct Refusal {
    Submission base;                 ///< purpose, actor, case and links; its recipients: whoever asked, or none
    std::vector<std::string> codes;  ///< reasons of the pack's list
    std::string text;                ///< Secret  the reasons in the person's own words
    std::string contact_role, contact_phone;  ///< whom the requester can talk to about it
};

/// Reads {schema, purpose, actor, reasons: {codes, text}, case, request?, reply_to?, contact?, supersedes?, advice_of?}.
///
/// Errors  malformed, with every problem at once, as parse_submission
[[nodiscard]] auto parse_refusal(Json document) -> Result<Refusal>;

/// Decides a decision not to share.
///
/// Returns  action `no-share`, outcome DENY; REVIEW (`refusal/organisational-interest`) where the text puts the organisation
///          before the child, so that a second person looks first. For whoever asked: `reply`, a `refusal-reply/1` with
///          only those reasons that may be told, and the one wording of the pack where it neither confirms nor denies
/// Errors   malformed with every problem: `refusal/reason-missing`, `refusal/reason-unknown`, `refusal/welfare-overrides`
///          (significant harm is feared, and confidentiality is all that stands against sharing), `risk/unanswered`,
///          `request/purpose-unknown`, `recipient/unknown`
/// Threads  pure
/// Input    `reviewed`: a second person has looked and agrees
[[nodiscard]] auto decide_refusal(const Pack& pack, const AgencyLookup& agencies, const Refusal& refusal, Instant now,
                                  bool reviewed = false) -> Result<Decision>;

/// Must a reply to a request for this purpose wait, so that its hour tells nothing? The earliest time it may leave.
[[nodiscard]] auto reply_not_before(const Pack& pack, std::string_view purpose, Instant asked_at) -> std::optional<Instant>;


}  // namespace cg::policy
