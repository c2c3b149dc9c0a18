#pragma once
/// The view: the minimised case and how to handle it.

#include "gateway/base/json.hpp"
#include "policy/gate.hpp"
#include "policy/minimise.hpp"

#include <optional>
#include <string_view>

namespace cg::policy {

struct ViewInput {
    const GateInput& common;
    const ProjectionInput& projection_input;
    std::string_view label;  ///< the purpose as told to this role
    std::string_view basis;
    std::optional<Instant> complete_by;
    const std::vector<Obligation>& obligations;  ///< of this recipient
};

/// `view/1`: {schema, purpose, to, handling, codes, and the blocks of the case}. Takes the blocks out of the projection.
///
/// `codes` = {pattern: {code: words}}: what the codes in this view mean, for systems that lack the list (AQ-3).
/// `handling` = {marking, basis, consent, family_told, onward, do_not_inform, do_not_inform_reason, identity_protected,
/// checked, address_restricted, withheld: {REASON: [group]}, complete_by, asked: [{type, due, text}]}. `asked` is what the
/// policy asks of this recipient and no other member says. Groups that this role never gets are named
/// whether or not the case held any, so that neither an empty field nor its listing says what there is to know.
/// do_not_inform stands wherever the family was not told for a reason, and no policy can take it out (OP-4).
///
/// Secret  personal data
[[nodiscard]] auto make_view(const ViewInput& input, Projection& projection) -> Json;

/// Does the case, or the purpose, say that somebody must not be told?
[[nodiscard]] auto has_do_not_inform(const Purpose& purpose, const CaseFacts& facts) -> bool;

/// The same for a message that shows nobody but the child, in words: a request tells the family of itself as well (OP-4).
void add_do_not_inform(Json& handling, const CompiledPack& pack, const Purpose& purpose, const CaseFacts& facts);

}  // namespace cg::policy
