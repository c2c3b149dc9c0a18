#pragma once
/// The projection of a case for one recipient: default deny, leaf by leaf, then the leak check on what remains.

#include "gateway/base/bytes.hpp"
#include "gateway/base/json.hpp"
#include "policy/case_facts.hpp"
#include "policy/compiled.hpp"
#include "policy/decision.hpp"
#include "policy/flat_case.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cg::policy {

struct ProjectionInput {
    const CompiledPack& pack;
    const Purpose& purpose;
    const RoleTable& role;
    const CaseFacts& facts;
    const FlatCase& flat;
    std::string_view recipient;  ///< role@agency
    ByteView salt;
    Date today;
};

enum class Verdict : std::uint8_t { skip, release, withhold };

/// What one role may have of one case.
struct Projection {
    std::vector<Verdict> verdicts;  ///< by flat leaf
    std::vector<std::string> released;
    std::vector<Withheld> withheld;
    std::vector<bool> people;         ///< by index: is this person in the view?
    std::vector<bool> concerns;       ///< by index: is this concern in the view?
    std::vector<bool> concern_texts;  ///< by index: and its words?
    std::vector<std::string> conditions_met;
    std::vector<std::pair<WithheldReason, GroupId>>
        case_reasons;                     ///< withheld for a reason found in the case, not in the table
    bool special{false}, offence{false};  ///< such data of somebody living are released
    std::vector<MarkId> marks;            ///< of released leaves
    std::vector<std::string> old_checks;  ///< `address last checked 2024-01-10`
    std::vector<std::string> reworded;    ///< pointers of released free texts that read otherwise in the view
    bool restricted_shown{false};         ///< a restricted address is released
    bool protected_person_hidden{false};
    JsonObject blocks;  ///< the minimised case, without `schema`. Secret: personal data
};

/// Threads  pure
[[nodiscard]] auto project(const ProjectionInput& input) -> Projection;

/// How an id reads for this recipient.
[[nodiscard]] auto view_id(const ProjectionInput& input, std::string_view id) -> std::string;

}  // namespace cg::policy
