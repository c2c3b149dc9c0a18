#include "policy/informing.hpp"

#include "policy/compiled.hpp"
#include "policy/words.hpp"

#include <algorithm>

namespace cg::policy {
namespace {

/// Brothers and sisters are not the ones who are told; a parent under 18 is.
auto looks_after(const Person& person) -> bool {
    const auto responsibility = (*person.tree)["parental_responsibility"].text();
    return !person.minor || (!responsibility.empty() && responsibility != "no" && responsibility != "not-applicable");
}

}  // namespace

auto nobody_at_home(const CompiledPack& pack, const CaseFacts& facts) -> bool {
    return std::ranges::any_of(facts.exceptions, [&pack](std::string_view code) {
        const auto rule = pack.exceptions.find(code);
        return rule == pack.exceptions.end() || rule->second.household;  // an unknown reason may be the worst
    });
}

auto must_not_know(const CompiledPack& pack, const CaseFacts& facts, const Person& person) -> bool {
    if (!person.id.empty() && person.id == facts.suspected) return true;
    if (facts.exceptions.empty()) return false;
    if (person.poses_risk || (person.household && nobody_at_home(pack, facts))) return true;
    const bool was_told = std::ranges::find(facts.told, person.id) != facts.told.end();
    return person.household && looks_after(person) && !was_told;
}

auto may_inform_family(const Pack& pack, const Submission& submission) -> Result<> {
    const auto& compiled = pack.compiled();
    const auto facts = read_case_facts(submission.case_tree, Date{});
    if (!nobody_at_home(compiled, facts)) return ok();
    return fail(Errc::denied, "no notice to the family",
                {{"informing/suppressed", "/case/informing/exception",
                  "Write no notice: the reason for not telling the family says that nobody at home may learn of this. "
                  "Talk to your safeguarding lead about what can be said, and when.",
                  "informing.suppressed"}});
}

}  // namespace cg::policy
