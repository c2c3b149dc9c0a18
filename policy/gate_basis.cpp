// The law gate (FW-2, FW-3, FW-13): which law allows it, may this organisation use it, and is what it asks for written
// down.
#include "policy/consent_stands.hpp"
#include "policy/gate.hpp"
#include "policy/words.hpp"

#include <algorithm>

namespace cg::policy {
namespace {

constexpr std::string_view article6 = "/case/basis/article6";

/// FW-10: no rule asks for the kind of an organisation; only the law asks whether it is a public authority (FW-13).
auto is_open(const GateInput& in, const BasisRule& rule) -> bool {
    return in.caller.public_authority ? rule.public_authority : rule.others;
}
auto is_competent(const GateInput& in) -> bool {
    const auto* known = in.pack.agencies.find(in.caller.agency);
    return in.caller.competent_authority || (known != nullptr && known->competent_authority);
}

/// "6.1.e (public task)": what this purpose takes and this organisation may use.
auto choices(const GateInput& in) -> std::string {
    std::string out;
    for (const auto& code : in.purpose.basis_allowed) {
        const auto& rule = in.pack.basis.find(code)->second;
        if (!is_open(in, rule) || !rule.in_force.holds(in.today()) || (rule.law_enforcement && !is_competent(in))) continue;
        out += (out.empty() ? "" : ", ") + code + " (" + rule.title + ")";
    }
    return out.empty() ? "ask your information governance lead, for none of its bases is open to you" : out;
}

void check_evidence(const GateInput& in, const BasisRule& rule, Findings& findings) {
    for (const auto& evidence : rule.evidence)
        if (!is_shown(in, evidence))
            findings.deny(6, "basis/evidence-missing", in_case(evidence.pointer),
                          "This legal basis needs it: write down " + evidence.what + ".");
    if (rule.consent && !consent_stands(in.pack, in.purpose, in.facts))
        findings.deny(7, "basis/evidence-missing", "/case/consent/to_share/state",
                      "Consent is a basis only while it stands: name another basis, or record the consent.");
}

/// Disclosure in answer to a request (UK GDPR Annex 1, paragraph 1) needs the request.
void check_request(const GateInput& in, const BasisRule& rule, Findings& findings) {
    const auto paragraph = in.tree()["basis"]["annex1_paragraph"].text();
    if (std::ranges::find(rule.request_for, paragraph) != rule.request_for.end() && in.submission.request.empty())
        findings.deny(9, "basis/annex1-request-not-linked", "/request",
                      "This paragraph is for answering a request: link the request, or name another paragraph.");
}

/// Part 3 processing is for the police and other competent authorities; everybody else is under the UK GDPR.
void check_regime(const GateInput& in, const BasisRule& rule, Findings& findings) {
    if (rule.law_enforcement && !is_competent(in))
        findings.deny_always(8, "basis/regime-mismatch", article6,
                             "Law enforcement processing is for competent authorities such as the police: name a basis "
                             "of Article 6.");
}

void check_code(const GateInput& in, std::string_view code, const BasisRule& rule, Findings& findings) {
    if (!rule.in_force.holds(in.today()))
        findings.deny_always(3, "basis/not-in-force", article6,
                             "This law is not in force on this day: name another basis.");
    if (std::ranges::find(in.purpose.basis_allowed, code) == in.purpose.basis_allowed.end())
        findings.deny_always(4, "basis/not-for-purpose", article6,
                             "This purpose is agreed on another basis: " + choices(in) + ".");
    if (!is_open(in, rule))
        findings.deny_always(
            5, in.caller.public_authority ? "basis/not-available-to-public-authority" : "basis/not-available", article6,
            "This basis is not open to your kind of organisation: name another one.");
}

}  // namespace

void basis_gate(const GateInput& in, Findings& findings) {
    const auto code = in.tree()["basis"]["article6"].text();
    if (code.empty() || is_unknown_word(code)) {
        if (!in.facts.living) return;  // FW-11: no living person's data
        // In an emergency the pack's preset stands in, and the paperwork is owed.
        return findings.deny(1, "basis/missing", article6,
                             "Say which legal basis you share on: " + choices(in) + ".");
    }
    const auto rule = in.pack.basis.find(code);
    if (rule == in.pack.basis.end())
        return findings.deny(
            2, "basis/missing", article6,
            "There is no such legal basis; this purpose takes " + choices(in) + ".");
    check_code(in, code, rule->second, findings);
    check_regime(in, rule->second, findings);
    check_request(in, rule->second, findings);
    check_evidence(in, rule->second, findings);
}

void in_force_gate(const GateInput& in, Findings& findings) {
    const auto today = in.today();
    if (today < in.pack.in_force_from || (in.pack.in_force_until && today >= *in.pack.in_force_until))
        findings.deny_always(1, "pack/not-in-force", "",
                             "This policy is not in force on this day: load the one that is.");
}

}  // namespace cg::policy
