#pragma once
/// Which rules of a pack decided something.

#include "policy/compiled.hpp"
#include "policy/decision.hpp"
#include "policy/pack_tests.hpp"

#include <set>
#include <string>

namespace cg::policy {

class RuleCounter {
public:
    explicit RuleCounter(const CompiledPack& pack);
    void add(const Decision& decision);
    [[nodiscard]] auto coverage() const -> RuleCoverage;

private:
    void add_recipient(const Purpose& purpose, const RecipientDecision& recipient);

    const CompiledPack& pack_;
    std::set<std::string> all_, hit_;
};

}  // namespace cg::policy
