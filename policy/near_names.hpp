#pragma once
/// Names of a case that a text nearly writes: a letter wrong, inside a longer word, in pieces. For policy/ only.
///
/// Nobody can tell "robyn" from a word that is not in the list, so these are never replaced: they are shown to the sender.

#include "policy/scrub_rules.hpp"

#include <string>
#include <string_view>

namespace cg::policy {

/// Secret  holds names
class NearNames {
public:
    /// A part of a name: folded, letters only. `of_a_person`: also looked for with one letter wrong.
    void add(std::string_view part, bool of_a_person);

    [[nodiscard]] auto is_name(std::string_view word) const -> bool { return names_.contains(word); }
    /// One letter too many, too few, another, or in another place.
    [[nodiscard]] auto is_misspelt(std::string_view word) const -> bool;
    /// "mrrobin", "robintest"
    [[nodiscard]] auto holds_one(std::string_view word) const -> bool;
    /// "r0b1n", "j0rd4n", "$am"
    [[nodiscard]] auto is_disguised(std::string_view word) const -> bool;
    /// Of the longest name that `is_name` knows.
    [[nodiscard]] auto longest() const noexcept -> std::size_t { return longest_; }

private:
    WordSet names_;    // three letters and more
    WordSet persons_;  // five letters and more
    WordSet shorter_;  // of those, each without one of its letters
    std::size_t longest_{0};
};

}  // namespace cg::policy
