#pragma once
/// What one pack lets happen that another does not, in words; what lets more leave comes first.

#include "policy/pack.hpp"

#include <string>
#include <vector>

namespace cg::policy {

struct Change {
    /// Some case may now have a value leave that stayed behind before, or the change cannot be judged: a different
    /// signatory has to sign the pack.
    bool widening{false};
    /// `released`, `withheld`, `condition`, `required`, `people`, `identities`, `tags`, `purpose`, `role`, `consent`,
    /// `informing`, `basis`, `check`, `emergency`, `deadline`, `retention`, `handling`, `law`, `list`, `field`,
    /// `agency`, `text` or `unclassified`.
    std::string kind;
    std::string purpose, role;  ///< ids; empty where the change is not about one
    std::string subject;        ///< group, leaf or setting
    std::string text;           ///< a sentence, in words
    std::string reason;         ///< the legal reason the new pack gives (`change_note`), where it gives one
};

struct PackDiff {
    std::vector<Change> changes;  ///< widenings first, then by purpose and role
    [[nodiscard]] auto widens() const -> bool;
};

/// Threads   pure
[[nodiscard]] auto diff(const Pack& before, const Pack& after) -> PackDiff;

}  // namespace cg::policy
