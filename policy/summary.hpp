#pragma once
/// The parts of a decision that sum up: obligations, instructions, the eight tests, what would change the answer.

#include "policy/decision.hpp"
#include "policy/gate.hpp"

#include <optional>
#include <vector>

namespace cg::policy {

/// What is known before any gate. `purpose` may be null.
void start_decision(Decision& out, const CompiledPack& pack, const Purpose* purpose, const Submission& submission,
                    Instant now);
/// Overall outcome, action, refusal codes, instructions, what would change the answer.
void finish_decision(Decision& out, const CompiledPack& pack, const CaseFacts& facts, const Submission& submission);

/// Adds those that are not there yet.
void add_warnings(std::vector<Problem>& to, std::vector<Problem> from);
void sender_obligations(Decision& out, const Purpose& purpose, const CompiledPack& pack, const Json& case_tree);
/// What would change the answers that are not PERMIT, in the pack's words or the problems' own.
void set_what_would_change(Decision& out, const CompiledPack& pack);
/// What is owed once something leaves.
void sharing_obligations(Decision& out, const Purpose& purpose, const CompiledPack& pack, const Json& case_tree);
/// The purpose as this organisation's own, narrower rules have it (RC-10). Null: the pack has no such purpose.
[[nodiscard]] auto purpose_for(const CompiledPack& pack, std::string_view id, const AgencyId& sender) -> const Purpose*;
void recipient_obligations(RecipientDecision& recipient, const Purpose& purpose, const CompiledPack& pack,
                           const CaseFacts& facts, Instant now, std::optional<Instant> complete_by,
                           const Projection& projection);
void describe_tests(Decision& out, const GateInput& input);

}  // namespace cg::policy
