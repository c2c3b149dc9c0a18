#pragma once
/// Everything that is asked of a pack before it may come into force, in one place: the gateway asks it, and so does
/// whoever wants to know beforehand.

#include "config/pack_store.hpp"
#include "config/schema.hpp"
#include "policy/pack_trust.hpp"

#include <memory>
#include <string>
#include <vector>

namespace cg::app {

/// Reads the public keys that the configuration names. Errors: not_found, malformed; the name of the signatory is told.
[[nodiscard]] auto read_signatories(const config::Config& config) -> Result<std::vector<policy::Signatory>>;

struct PackCheck {
    std::shared_ptr<const policy::Pack> pack;  ///< null where it could not be read
    std::string hash;
    std::vector<std::string> signed_by;
    policy::PackStep step;          ///< from the pack in force; nothing in it where there is none
    std::vector<Problem> problems;  ///< all of them; empty: it may come into force
};

struct PackRules {
    bool require_signatures = true;
    std::vector<policy::Signatory> signatories;
};

/// What lint calls an error: such a policy loads, and yet it does not say what its authors believe.
[[nodiscard]] auto lint_errors(const policy::PackFiles& files, Instant now) -> std::vector<Problem>;
/// Faults of the files, signatures and dates.
[[nodiscard]] auto check_pack(const config::SignedPack& candidate, const PackRules& rules, Instant now) -> PackCheck;
/// The same, no error of lint, and that whatever it widens against the pack `in_force` (null: none) was countersigned.
[[nodiscard]] auto check_successor(const config::SignedPack& candidate, const policy::Pack* in_force,
                                   const PackRules& rules, Instant now) -> PackCheck;

/// pack/no-comparison: what is in force cannot be read, so nobody can tell what another policy widens.
[[nodiscard]] auto no_comparison() -> Problem;

/// A pack as the log, the events and answers name it.
[[nodiscard]] auto pack_json(const PackCheck& check) -> Json;

}  // namespace cg::app
