#pragma once
/// Who may be told. One place, so that messages and notices cannot disagree.

#include "gateway/base/result.hpp"
#include "policy/case_facts.hpp"
#include "policy/pack.hpp"
#include "policy/submission.hpp"

namespace cg::policy {

/// May a notice for the family be written for this case (OP-8)?
///
/// Errors    denied, `informing/suppressed`: a reason for not telling them says that nobody at home may learn of it
///           (OP-3), or is one that the pack does not know
/// Threads   pure
[[nodiscard]] auto may_inform_family(const Pack& pack, const Submission& submission) -> Result<>;

/// Does a reason say that nobody at home may learn of it, without further choice (OP-3)? One that the pack does not know
/// is taken for such a reason.
[[nodiscard]] auto nobody_at_home(const CompiledPack& pack, const CaseFacts& facts) -> bool;
/// Is this one of the people who must not learn of the message? Whoever is suspected of pressure (CO-7); and where
/// there is a reason for not being open: whoever may pose a risk, and at home everyone who looks after the child and
/// was not told, or everyone where the reason says so.
[[nodiscard]] auto must_not_know(const CompiledPack& pack, const CaseFacts& facts, const Person& person) -> bool;

}  // namespace cg::policy
