// What sensitive data ask of the law, where they are in what would be sent (UK GDPR Articles 9 and 10). The conditions
// are the sender's to name: nothing here fills one in (CO-12).
#include "policy/consent_stands.hpp"
#include "policy/gate.hpp"
#include "policy/words.hpp"

#include <algorithm>

namespace cg::policy {
namespace {

constexpr std::string_view not_in_force = "This condition is not in force on this day: name another one.";

/// In Part 3 a condition of Schedule 8, which is evidence of the basis itself, stands in the place of Article 9.
auto under_part3(const GateInput& in) -> bool {
    const auto basis = in.pack.basis.find(in.tree()["basis"]["article6"].text());
    return basis != in.pack.basis.end() && basis->second.law_enforcement;
}

auto named_condition(const GateInput& in) -> std::string_view {
    return in.tree()["basis"]["schedule1"].text();
}

/// Is the condition in force, and is its reason named?
void check_condition(const GateInput& in, const Schedule1Rule& rule, Findings& findings) {
    if (!rule.in_force.holds(in.today()))
        findings.deny(4, "basis/not-in-force", "/case/basis/schedule1", std::string{not_in_force});
    const auto& reasons = rule.reasons;
    if (!reasons.empty() && std::ranges::find(reasons, in.tree()["basis"]["schedule1_reason"].text()) == reasons.end())
        findings.deny(2, "basis/evidence-missing", "/case/basis/schedule1_reason",
                      "Say which reason of this condition holds: a, b or c.");
}

auto fits(const std::vector<std::string>& conditions, std::string_view code) -> bool {
    return std::ranges::find(conditions, code) != conditions.end();
}

/// True: it rests on the condition of Schedule 1 that is named beside it.
auto check_article9(const GateInput& in, Findings& findings) -> bool {
    const auto rule = in.pack.article9.find(in.tree()["basis"]["article9"].text());
    if (rule == in.pack.article9.end()) {
        findings.deny(1, "basis/evidence-missing", "/case/basis/article9",
                      "Health, ethnicity and the like need a condition of Article 9: name it.");
        return false;
    }
    if (!rule->second.in_force.holds(in.today()))
        findings.deny(4, "basis/not-in-force", "/case/basis/article9", std::string{not_in_force});
    if (rule->second.consent && !consent_stands(in.pack, in.purpose, in.facts))
        findings.deny(1, "basis/evidence-missing", "/case/basis/article9",
                      "This condition is explicit consent, and none stands: name another one.");
    const auto& beside = rule->second.schedule1;
    if (beside.empty() || fits(beside, named_condition(in))) return !beside.empty();
    std::string names;
    for (const auto& name : beside) names += (names.empty() ? "" : ", ") + name;
    findings.deny(2, "basis/evidence-missing", "/case/basis/schedule1",
                  "This condition needs one of Schedule 1 beside it: " + names + ".");
    return false;
}

/// UK GDPR Article 10: what is written down for it, or the condition of Schedule 1. True: it rests on the latter.
auto check_article10(const GateInput& in, Findings& findings) -> bool {
    const auto& own = in.tree()["basis"]["article10"];
    if (!is_blank(own) && !is_unknown_word(own.text())) return false;
    if (in.pack.schedule1.contains(named_condition(in))) return true;
    findings.deny(3, "basis/evidence-missing", "/case/basis/schedule1",
                  "Data about offences need a condition of Schedule 1 (Article 10): name it.");
    return false;
}

}  // namespace

void sensitive_data_gate(const RecipientInput& in, Findings& findings) {
    if (under_part3(in.common)) return;
    bool rests_on_it = in.projection.special && check_article9(in.common, findings);
    if (in.projection.offence) rests_on_it = check_article10(in.common, findings) || rests_on_it;
    if (rests_on_it)
        check_condition(in.common, in.common.pack.schedule1.find(named_condition(in.common))->second, findings);
}

}  // namespace cg::policy
