// Sharing without or against consent (CO-4 … CO-7, CO-9, CO-12, FW-12): only for a closed list of reasons, each with
// its evidence.
#include "policy/gate.hpp"
#include "policy/words.hpp"

#include <algorithm>

namespace cg::policy {
namespace {

/// CO-5, CO-9: what it rests on is in this case, and a concern is among it.
void check_facts(const GateInput& in, Findings& findings) {
    const auto facts = texts_of(in.tree()["override"]["facts"]);
    const auto* files = in.tree()["attachments"].if_array();
    bool cites_concern = false;
    bool all_known = true;
    for (const auto fact : facts) {
        const bool concern = std::ranges::find(in.facts.concerns, fact, &Concern::id) != in.facts.concerns.end();
        const bool file =
            files != nullptr && std::ranges::any_of(*files, [fact](const Json& f) { return f["id"].text() == fact; });
        cites_concern = cites_concern || concern;
        all_known = all_known && (concern || file);
    }
    if (!cites_concern || !all_known)
        findings.deny(2, "override/evidence-missing", "/case/override/facts",
                      "Cite the ids of the concerns this rests on; each must be in this case.");
}

void check_evidence(const GateInput& in, const OverrideRule& rule, Findings& findings) {
    if (rule.cites_facts) check_facts(in, findings);
    for (const auto& evidence : rule.evidence)
        if (!is_shown(in, evidence))
            findings.deny(2,
                          evidence.pointer.find("capacity") == std::string::npos
                              ? "override/evidence-missing"
                              : "override/capacity-assessment-missing",
                          in_case(evidence.pointer), "This reason needs it: write down " + evidence.what + ".");
    if (!rule.consent_state.empty() && in.facts.consent.state != rule.consent_state)
        findings.deny(2, "override/evidence-missing", "/case/consent/to_share/state",
                      "This reason fits only where consent is '" + rule.consent_state + "': choose another reason.");
}

/// The same words again and again are not a decision about this family.
void check_text(const GateInput& in, Findings& findings) {
    const auto text = in.tree()["override"]["text"].text();
    const auto& recent = in.submission.recent_override_texts;
    const auto words = same_words_form(text);
    const auto repeats =
        std::ranges::count_if(recent, [&](const std::string& old) { return same_words_form(old) == words; });
    if (useful_length(text) < in.pack.override_text_min)
        findings.review(3, "override/boilerplate", "/case/override/text",
                        "Say in at least " + std::to_string(in.pack.override_text_min) +
                            " characters why this family, and why now.");
    else if (static_cast<std::size_t>(repeats) >= in.pack.boilerplate_k)
        findings.review(3, "override/boilerplate", "/case/override/text",
                        "You have used these very words before: say why this family, and why now.");
}

auto same_text(const Json& a, const Json& b) -> bool {
    return a.is_string() && b.is_string() && !is_blank(a) && same_words_form(a.text()) == same_words_form(b.text());
}

void check_contradictions(const GateInput& in, const OverrideRule& rule, Findings& findings) {
    for (const auto& contradiction : rule.contradicted_by) {
        const auto* value = in.tree().at_pointer(contradiction.pointer);
        const auto* other =
            contradiction.same_as.empty() ? &contradiction.value : in.tree().at_pointer(contradiction.same_as);
        if (value != nullptr && other != nullptr && (*value == *other || same_text(*value, *other)))
            findings.review(4, "accuracy/contradictory", in_case(contradiction.pointer),
                            contradiction.text + " Correct one, or ask your safeguarding lead.");
    }
}

/// Taking a consent back is a refusal, too.
auto said_no(const GateInput& in) -> bool {
    return in.facts.consent.state == "refused" || in.facts.consent.state == "withdrawn";
}

/// CO-12: a refusal by somebody who can decide fits none of the three reasons of that condition.
void check_condition(const GateInput& in, Findings& findings) {
    const auto rule = in.pack.schedule1.find(in.tree()["basis"]["schedule1"].text());
    if (rule != in.pack.schedule1.end() && rule->second.not_after_refusal && said_no(in) && can_decide(in))
        findings.review(5, "basis/evidence-missing", "/case/basis/schedule1",
                        "The person can decide and refused: this condition does not plainly fit. Name another one, or "
                        "ask your information governance lead.");
}

/// Is a reason given? Words for "nothing" are none.
auto says_why(const GateInput& in) -> bool {
    const auto& given = in.tree()["override"];
    const auto says = [&given](const char* name) { return !is_blank(given[name]) && !is_unknown_word(given[name].text()); };
    return says("reason") || says("text") || !texts_of(given["facts"]).empty();
}

/// Reasons that the purpose takes; every one of the list where it asks for none, since a refusal is only noted there.
auto open_reasons(const GateInput& in) -> std::vector<std::string> {
    if (in.purpose.consent != ConsentGate::none) return in.purpose.override_reasons;
    std::vector<std::string> out;
    for (const auto& [code, rule] : in.pack.overrides) out.push_back(code);
    return out;
}

}  // namespace

auto offers_override(const GateInput& in) -> bool {
    return in.purpose.consent == ConsentGate::consent_or_override && says_why(in);
}

void override_gate(const GateInput& in, Findings& findings) {
    findings.begin(in.purpose.short_name + ".override");
    if (!in.purpose.override_hint.empty())
        findings.warn(6, "override/other-purpose", "/purpose", in.purpose.override_hint);
    const auto code = in.tree()["override"]["reason"].text();
    const auto rule = in.pack.overrides.find(code);
    const auto open = open_reasons(in);
    const bool accepted = std::ranges::find(open, code) != open.end();
    if (!accepted) {
        std::string known;
        for (const auto& reason : open) known += (known.empty() ? "" : ", ") + reason;
        findings.deny(1, "override/reason-unknown", "/case/override/reason",
                      "This purpose takes only these reasons: " + known + ".");
    }
    check_text(in, findings);
    if (rule != in.pack.overrides.end() && !rule->second.in_force.holds(in.today()))
        findings.deny(1, "override/not-in-force", "/case/override/reason",
                      "This reason is not in force on this day: choose another one.");
    if (!accepted || rule == in.pack.overrides.end()) return check_facts(in, findings);
    check_evidence(in, rule->second, findings);
    check_contradictions(in, rule->second, findings);
    check_condition(in, findings);
}

void note_refusal(const GateInput& in, Findings& findings) {
    Findings probe{false};
    probe.begin(in.purpose.short_name + ".override");
    if (says_why(in)) {
        override_gate(in, probe);
    } else {
        findings.warn(1, "consent/refused", "/case/consent/to_share/state",
                      "A refusal is on file: write down in 'override' why you share all the same.");
        check_condition(in, probe);
    }
    for (auto* list : {&probe.denied, &probe.reviews})
        for (auto& problem : *list) findings.warnings.push_back(std::move(problem));
}

}  // namespace cg::policy
