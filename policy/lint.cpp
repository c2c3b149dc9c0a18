#include "policy/lint.hpp"

#include <algorithm>

namespace cg::policy {
namespace {

auto finding(bool error, const Problem& problem) -> LintFinding {
    const auto& rules = lint_rules();
    const auto rule = std::ranges::find(rules, problem.type, &LintRule::id);
    LintFinding out{error, problem.type, problem.pointer, problem.fix, {}, problem.fix};
    if (rule != rules.end()) {
        out.what = rule->what;
        out.why = rule->why;
    }
    return out;
}

}  // namespace

auto lint(const PackFiles& files, Date today) -> std::vector<LintFinding> {
    static_cast<void>(today);
    std::vector<LintFinding> out;
    const auto loaded = load_pack(files);
    if (!loaded)
        for (const auto& problem : loaded.error().problems) out.push_back(finding(true, problem));
    return out;
}

}  // namespace cg::policy
