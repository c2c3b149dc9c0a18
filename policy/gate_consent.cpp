// The consent gate (CO-1 … CO-3, CO-10, CO-11). Consent to share is one fact; agreeing to a service and having been
// told are others, and neither stands in for it.
#include "policy/gate.hpp"
#include "policy/words.hpp"

#include <algorithm>

namespace cg::policy {
namespace {

constexpr std::string_view state_pointer = "/case/consent/to_share/state";

auto agreed_to_service(const GateInput& in) -> bool {
    const auto& value = in.tree()["consent"]["agreement_to_service"];
    if (value.is_true()) return true;
    const auto text = value.text();
    return text == "given" || text == "agreed" || text == "yes" || text == "accepted";
}

auto was_told(const GateInput& in, std::string_view person) -> bool {
    return std::ranges::any_of(in.facts.told,
                               [person](std::string_view told) { return told == "all" || told == person; });
}

void check_informed_first(const GateInput& in, Findings& findings) {
    const auto told_on = read_date(in.tree()["informing"]["on"]);
    if (!was_told(in, in.facts.consent.who) || !told_on)
        findings.deny(
            4, "consent/not-informed", "/case/informing",
            "Explain why, what, how and with whom you would share, write down whom you told and when, and ask again.");
    else if (in.facts.consent.on && *in.facts.consent.on < *told_on)
        findings.deny(
            4, "consent/not-informed", "/case/consent/to_share/on",
            "The consent is older than the explanation: ask again, now that the person knows what it is about.");
}

void check_age(const GateInput& in, Findings& findings) {
    const auto& consent = in.facts.consent;
    const auto today = in.today();
    if (!consent.on)
        return findings.deny(1, "consent/state-missing", "/case/consent/to_share/on",
                             "Write down the day on which consent was given.");
    if (*consent.on > today)
        findings.deny(5, "accuracy/date-in-future", "/case/consent/to_share/on",
                      "This day has not come yet: correct it.");
    const auto& max_age = in.purpose.consent_max_age;
    const auto oldest = max_age ? uk_date(add(Instant{std::chrono::sys_days{*consent.on}}, *max_age, {})) : Date{};
    if ((consent.expires && *consent.expires < today) || (max_age && oldest < today))
        findings.deny(5, "consent/expired", "/case/consent/to_share/on",
                      "The consent is too old or has ended: ask again.");
}

void check_given(const GateInput& in, Findings& findings) {
    const auto& consent = in.facts.consent;
    if (consent.who.empty())
        findings.deny(1, "consent/state-missing", "/case/consent/to_share/who",
                      "Write down who consented, by their id in people.");
    check_age(in, findings);
    if (!consent.purposes.empty() && std::ranges::find(consent.purposes, in.purpose.id) == consent.purposes.end())
        findings.deny(2, "consent/outside-scope", "/case/consent/to_share/scope",
                      "The consent is for another purpose: ask for this one.");
    const auto* person = in.facts.person(consent.who);
    if (person != nullptr && (*person->tree)["parental_responsibility"].text() == "no")
        findings.review(
            3, "consent/not-theirs-to-give", "/case/consent/to_share/who",
            "This person does not have parental responsibility: ask somebody who has, or the child if old enough.");
    if (in.purpose.informed_first) check_informed_first(in, findings);
}

void check_state(const GateInput& in, Findings& findings) {
    const auto state = in.facts.consent.state;
    if (state == "given") return check_given(in, findings);
    if (state == "refused")
        findings.deny(1, "consent/refused", state_pointer,
                      "The person has refused and this purpose needs consent: respect it, or give an override reason "
                      "with facts.");
    else if (state == "withdrawn")
        findings.deny(1, "consent/withdrawn", state_pointer, "The consent was withdrawn: respect it, or ask again.");
    else if (agreed_to_service(in))
        findings.deny(1, "consent/not-for-sharing", "/case/consent/to_share",
                      "Agreeing to a service is not consent to share: ask for consent to share as well.");
    else if (state == "not_sought")
        findings.deny(1, "consent/not-sought", state_pointer, "This purpose needs consent: explain, and ask.");
    else if (state == "not_possible")
        findings.deny(1, "consent/not-possible", state_pointer,
                      "This purpose needs consent: give an override reason with facts, or use another purpose.");
    else
        findings.deny(1, "consent/state-missing", state_pointer,
                      "Say whether consent was given, refused, withdrawn, not_sought or not_possible.");
}

/// Not needed here, but recorded.
void note_state(const GateInput& in, Findings& findings) {
    const auto state = in.facts.consent.state;
    if (std::ranges::find(in.pack.consent_states, state) == in.pack.consent_states.end())
        findings.warn(1, "consent/state-missing", state_pointer,
                      "Say for the record whether consent was given, refused, withdrawn, not_sought or not_possible.");
    else if ((state == "refused" || state == "withdrawn") && in.tree().find("override") == nullptr)
        findings.warn(1, "consent/refused", state_pointer,
                      "A refusal is on file: write down in 'override' why you share all the same.");
}

}  // namespace

void consent_gate(const GateInput& in, Findings& findings) {
    if (in.purpose.consent == ConsentGate::none) return note_state(in, findings);
    Findings probe{false};
    check_state(in, probe);
    if (probe.total() == 0) return;
    if (offers_override(in)) return override_gate(in, findings);
    check_state(in, findings);
}

void consent_scope_gate(const RecipientInput& in, Findings& findings) {
    const auto& consent = in.common.facts.consent;
    if (in.common.purpose.consent == ConsentGate::none || consent.state != "given" || consent.recipients.empty())
        return;
    const auto whole = in.to.str();
    const auto covers = [&](std::string_view text) {
        return text == whole || text == in.to.role.str() || text == in.to.agency.str();
    };
    if (std::ranges::none_of(consent.recipients, covers))
        findings.deny(1, "consent/outside-scope", "/case/consent/to_share/scope/recipients",
                      "The consent does not name this recipient: ask for it, or leave the recipient out.");
}

}  // namespace cg::policy
