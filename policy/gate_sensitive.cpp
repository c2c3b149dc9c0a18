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

void check_schedule1(const GateInput& in, Findings& findings) {
    const auto& basis = in.tree()["basis"];
    const auto rule = in.pack.schedule1.find(basis["schedule1"].text());
    if (rule == in.pack.schedule1.end())
        return findings.deny(2, "basis/evidence-missing", "/case/basis/schedule1",
                             "This condition needs one of Schedule 1 beside it: name it.");
    if (!rule->second.in_force.holds(in.today()))
        findings.deny(4, "basis/not-in-force", "/case/basis/schedule1", std::string{not_in_force});
    const auto& reasons = rule->second.reasons;
    if (!reasons.empty() && std::ranges::find(reasons, basis["schedule1_reason"].text()) == reasons.end())
        findings.deny(2, "basis/evidence-missing", "/case/basis/schedule1_reason",
                      "Say which reason of this condition holds: a, b or c.");
}

void check_article9(const GateInput& in, Findings& findings) {
    const auto rule = in.pack.article9.find(in.tree()["basis"]["article9"].text());
    if (rule == in.pack.article9.end())
        return findings.deny(1, "basis/evidence-missing", "/case/basis/article9",
                             "Health, ethnicity and the like need a condition of Article 9: name it.");
    if (!rule->second.in_force.holds(in.today()))
        findings.deny(4, "basis/not-in-force", "/case/basis/article9", std::string{not_in_force});
    if (rule->second.consent && !consent_stands(in.pack, in.purpose, in.facts))
        findings.deny(1, "basis/evidence-missing", "/case/basis/article9",
                      "This condition is explicit consent, and none stands: name another one.");
    if (rule->second.schedule1) check_schedule1(in, findings);
}

}  // namespace

void sensitive_data_gate(const RecipientInput& in, Findings& findings) {
    if (under_part3(in.common)) return;
    if (in.projection.special) check_article9(in.common, findings);
    const auto& basis = in.common.tree()["basis"];
    if (in.projection.offence && !in.common.pack.schedule1.contains(basis["schedule1"].text()) &&
        is_blank(basis["article10"]))
        findings.deny(3, "basis/evidence-missing", "/case/basis/schedule1",
                      "Data about offences need a condition of Schedule 1 (Article 10): name it.");
}

}  // namespace cg::policy
