#pragma once
/// The decision: one pure function.

#include "gateway/base/bytes.hpp"
#include "gateway/base/time.hpp"
#include "policy/agency.hpp"
#include "policy/decision.hpp"
#include "policy/pack.hpp"
#include "policy/submission.hpp"

namespace cg::policy {

/// Decides a submission for each of its recipients.
///
/// Input     any submission, also a hostile one. `view_salt` is a secret of the sending agency (at least 16 bytes,
///           the same for every message): case references in views are derived from it per recipient, so that two
///           recipients cannot join what they were given, and one recipient sees the same reference again
/// Returns   total: an answer for every recipient, in order, with every problem at once and one reason for each
///           withheld leaf. The same arguments give the same bytes
/// Bounds    time grows with the case and the number of recipients, not with the pack
/// Threads   pure
[[nodiscard]] auto decide(const Pack& pack, const AgencyLookup& agencies, const Submission& submission,
                          const Caller& caller, Instant now, ByteView view_salt) -> Decision;

}  // namespace cg::policy
