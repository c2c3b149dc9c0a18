#pragma once
/// Danger, before anything else is known (SW-4): what whoever sent this does first, although it cannot be decided.

#include "gateway/base/json.hpp"
#include "policy/pack.hpp"
#include "policy/refusal.hpp"
#include "policy/submission.hpp"

#include <string>
#include <vector>

namespace cg::policy {

/// Danger is looked for wherever it may be meant: in the document's case, or in that of a submission inside; however
/// "emergency" is written. A null document: only what stands under every refusal.
[[nodiscard]] auto first_instructions(const Pack& pack, const Json& untrusted_document) -> std::vector<std::string>;
[[nodiscard]] auto first_instructions_for_case(const CompiledPack& pack, const Json& untrusted_case)
    -> std::vector<std::string>;

/// The same without a pack, but the error says what to do first.
[[nodiscard]] auto parse_submission(const Pack& pack, Json document) -> Result<Submission>;
[[nodiscard]] auto parse_refusal(const Pack& pack, Json document) -> Result<Refusal>;

}  // namespace cg::policy
