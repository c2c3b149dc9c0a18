#include "policy/lint.hpp"

#include "policy/lint_parts.hpp"
#include "policy/pack_load.hpp"
#include "policy/pack_tests_read.hpp"

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

auto parse_all(const PackFiles& files) -> std::map<std::string, TomlNode, std::less<>> {
    std::map<std::string, TomlNode, std::less<>> out;
    Faults told_by_the_loader;
    for (const auto& [name, text] : files)
        if (auto root = parse_toml(name, text, told_by_the_loader)) out.emplace(name, std::move(*root));
    return out;
}

}  // namespace

auto lint(const PackFiles& files, Date today, LintUse use) -> std::vector<LintFinding> {
    CompiledPack pack;
    LintOutput found;
    load_parts(files, pack, found.errors);
    static_cast<void>(read_test_tables(files, found.errors));
    const auto roots = parse_all(files);
    // Where a file cannot be read, what follows from its absence would only hide the fault itself.
    if (roots.size() == files.size() && !pack.groups.empty()) {
        const LintInput input{pack, roots, today, use == LintUse::put_in_force};
        for (const auto check : pack_checks()) check(input, found);
        for (const auto& [id, purpose] : pack.purposes)
            for (const auto& [role, table] : purpose.roles)
                for (const auto check : role_checks()) check(input, purpose, table, found);
    }
    std::vector<LintFinding> out;
    for (const auto& problem : found.errors.take()) out.push_back(finding(true, problem));
    for (const auto& problem : found.notices.take()) out.push_back(finding(false, problem));
    return out;
}

}  // namespace cg::policy
