#pragma once
/// What is wrong with a pack, all at once, and what its authors should look at, in words for people who do not program.

#include "gateway/base/time.hpp"
#include "policy/pack.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cg::policy {

struct LintFinding {
    bool error{true};   ///< the pack cannot be used; false: a notice
    std::string id;     ///< stable, e.g. `pack/group-undecided`
    std::string place;  ///< `file:line:column`
    std::string what;   ///< what is wrong
    std::string why;    ///< why that matters
    std::string fix;    ///< what to do here
};

/// Is the pack only looked at, or is it to be in force on that day? Then a day outside its own is an error.
enum class LintUse : std::uint8_t { look, put_in_force };

/// Checks a pack as its loader does, and for what loads but should not be so (domain 3.2, OP-4, NE-1).
///
/// Input     the texts of a pack, and a day
/// Returns   every finding of every file, by place; errors before notices. No error: the pack can be used
/// Threads   pure
[[nodiscard]] auto lint(const PackFiles& files, Date today, LintUse use = LintUse::look) -> std::vector<LintFinding>;

/// What a finding of this kind means and why it matters.
struct LintRule {
    std::string_view id, what, why;
};
/// Every kind of finding there is. Lifetime: static
[[nodiscard]] auto lint_rules() -> const std::vector<LintRule>&;

}  // namespace cg::policy
