#pragma once
/// What comes after a decision: a second person lets go what was held, a copy that was sent is put right, consent is taken
/// back, something was told by telephone.

#include "policy/decide.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cg::policy {

/// Must a person look before something of it can leave, or it counts as settled?
[[nodiscard]] auto waits_for_a_person(const Decision& decision) -> bool;
/// By when. Empty where the pack sets no time.
[[nodiscard]] auto review_by(const Pack& pack, Instant held_at) -> std::optional<Instant>;

/// Forgets the answers for all other recipients: those have had theirs.
void keep_recipients(Decision& decision, const std::vector<std::string>& kept);
/// A second person looked at `seen` and lets it go: a recipient whose REVIEW problems are all among them becomes PERMIT, and
/// they become warnings. What is refused stays so. Where the policy asks about something else by now, nobody has looked at that,
/// and nothing is kept to look at later: DENY (`review/changed`), to be handed in again.
///
/// Input   the decision of the held submission, made anew; `seen` by type and pointer
void release_reviewed(Decision& decision, const std::vector<Problem>& seen, const Pack& pack, const Submission& submission,
                      const Caller& caller);
/// A second person lets nothing go: every recipient becomes DENY, also where the policy in force now would let it go.
void refuse_reviewed(Decision& decision);

/// What was handed in, and the policy in force cannot even decide on any more: DENY for everybody, and `problems` say why.
[[nodiscard]] auto not_decidable(const Pack& pack, const Submission& submission, const std::vector<Problem>& problems, Instant now)
    -> Decision;

/// AC-5: the copies of a correction say which copy they replace and why; a recipient who may not have the corrected copy is told
/// not to rely on the old one.
///
/// Input   `code` of the pack's list; `copies`: recipient → id of the copy that it got
/// Errors  malformed (`correction/reason-unknown`)
[[nodiscard]] auto mark_correction(Decision& decision, const Pack& pack, std::string_view code,
                                   const std::map<std::string, std::string>& copies) -> Result<>;

/// The action of a correction that goes out.
void mark_corrected(Decision& decision);
/// AD-6: the action of a referral that a consultation became, where somebody gets it.
void mark_converted(Decision& decision);

/// CO-10: consent that was withdrawn, and whom it is told.
struct ConsentWithdrawal {
    Actor actor;
    std::string case_ref;  ///< Secret
    std::string who;       ///< id of the person in the case, as in `consent.to_share.who`
    std::string on;        ///< the day, YYYY-MM-DD
    bool notify{true};     ///< past recipients are told, unless that would be unsafe
    std::string why_not;   ///< Secret  why they are not told
};
/// Reads {schema: "withdrawal/1", actor, case_ref, who, on, notify?, why_not?}.
/// Errors  malformed, with every problem at once
[[nodiscard]] auto parse_withdrawal(Json document) -> Result<ConsentWithdrawal>;
/// Action `consent-withdrawn`; every past recipient gets a `consent-notice/1` with its own reference of the case.
[[nodiscard]] auto decide_withdrawal(const Pack& pack, const ConsentWithdrawal& withdrawal, const std::vector<RecipientId>& past,
                                     Instant now, ByteView view_salt) -> Decision;
/// A submission that holds what a record of a withdrawal needs.
[[nodiscard]] auto as_submission(const ConsentWithdrawal& withdrawal) -> Submission;

/// RC-11: it was told by telephone already. Nothing is sent; what the policy would have refused is a warning, for the record says
/// what happened. Action `shared-by-phone`.
void mark_told_by_phone(Decision& decision);

}  // namespace cg::policy
