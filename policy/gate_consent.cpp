// The consent gate (CO-1 … CO-3, CO-10, CO-11). Consent to share is one fact; agreeing to a service and having been
// told are others, and neither stands in for it. Whose consent counts: gate_giver.cpp.
#include "policy/consent_stands.hpp"
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

/// Was it given before this? By the clock where both have a time, else by the day.
auto given_before(const GateInput& in, const Json& told) -> bool {
    const auto& given = in.tree()["consent"]["to_share"]["on"];
    const auto given_at = read_instant(given), told_at = read_instant(told);
    if (given_at && told_at) return *given_at < *told_at;
    return in.facts.consent.on && *in.facts.consent.on < *read_date(told);
}

/// CO-2: nobody told why, what and whom, or only afterwards: empty pointer where the consent was informed.
auto not_informed_at(const GateInput& in) -> std::string_view {
    std::string_view out = "/case/informing";
    for (const auto& record : in.facts.informed) {
        if (!record.told || (record.person != "all" && record.person != in.facts.consent.who)) continue;
        const auto& told = (*record.tree)["on"];
        if (!read_date(told)) continue;
        if (!given_before(in, told)) return "";
        out = "/case/consent/to_share/on";
    }
    return out;
}

auto not_informed_fix(std::string_view pointer) -> std::string {
    return pointer == "/case/informing" ? "Explain why, what, how and with whom you would share, write down whom you "
                                          "told and when, and ask again."
                                        : "The consent is older than the explanation: ask again, now that the person "
                                          "knows what it is about.";
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
    if (has_ended(in.purpose, consent, today))
        findings.deny(5, "consent/expired", "/case/consent/to_share/on",
                      "The consent is too old or has ended: ask again.");
}

/// A kind of information that the policy has no word for stays, and nobody would know why.
void check_scope_words(const GateInput& in, Findings& findings) {
    const auto known = [&in](std::string_view word) { return in.pack.group_ids.contains(word); };
    if (std::ranges::all_of(in.facts.consent.groups, known)) return;
    std::string names;
    for (const auto& group : in.pack.groups)
        if (!group.always) names += (names.empty() ? "" : ", ") + group.name;
    findings.warn(2, "consent/scope-unknown", "/case/consent/to_share/scope",
                  "The scope names a kind of information that the policy has no word for, and opens nothing by it. The "
                  "words are: " + names + ".");
}

/// The consent that counts, once it is said to be given.
void check_given(const GateInput& in, Findings& findings) {
    check_age(in, findings);
    check_scope_words(in, findings);
    if (!covers_purpose(in.purpose, in.facts.consent))
        findings.deny(2, "consent/outside-scope", "/case/consent/to_share/scope",
                      "The consent is for another purpose: ask for this one.");
    check_giver(in, findings);
    if (is_blank(in.tree()["consent"]["to_share"]["method"]))
        findings.warn(1, "consent/method-missing", "/case/consent/to_share/method",
                      "Write down how consent was given: spoken, written or otherwise.");
    const auto pointer = not_informed_at(in);
    if (in.purpose.informed_first && !pointer.empty())
        findings.deny(4, "consent/not-informed", pointer, not_informed_fix(pointer));
}

void check_state(const GateInput& in, Findings& findings) {
    const auto state = in.facts.consent.state;
    if (state == "given") return check_given(in, findings);
    if (state == "refused")
        findings.deny(1, "consent/refused", state_pointer,
                      "The person has refused and this purpose needs consent: respect it, or give an override reason "
                      "with facts.");
    else if (state == "withdrawn")
        findings.deny(1, "consent/withdrawn", state_pointer,
                      in.facts.consent.withdrawn_elsewhere
                          ? "Your organisation has a later withdrawal on file: respect it, or ask again and write down "
                            "the new consent with its time."
                          : "The consent was withdrawn: respect it, or ask again.");
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

auto is_state(const GateInput& in) -> bool {
    const auto& states = in.pack.consent_states;
    return std::ranges::find(states, in.facts.consent.state) != states.end();
}

/// Not needed here, but recorded.
void note_state(const GateInput& in, Findings& findings) {
    const auto state = in.facts.consent.state;
    if (!is_state(in))
        findings.warn(1, "consent/state-missing", state_pointer,
                      "Say for the record whether consent was given, refused, withdrawn, not_sought or not_possible.");
    else if (state == "refused" || state == "withdrawn")
        note_refusal(in, findings);
    if (state == "given") check_scope_words(in, findings);
    const auto pointer = not_informed_at(in);
    if (state == "given" && !pointer.empty())
        findings.warn(4, "consent/not-informed", pointer, not_informed_fix(pointer));
}

}  // namespace

void apply_withdrawals(const Submission& submission, CaseFacts& facts) {
    auto& consent = facts.consent;
    if (consent.state != "given") return;
    const auto given_at = read_instant((*facts.tree)["consent"]["to_share"]["on"]);
    const auto beats = [&](const Withdrawal& withdrawal) {
        if (withdrawal.who != consent.who) return false;
        // A bare day does not say what came first: then the withdrawal counts.
        return !consent.on || (given_at ? withdrawal.on >= *given_at : uk_date(withdrawal.on) >= *consent.on);
    };
    if (std::ranges::none_of(submission.known_withdrawals, beats)) return;
    consent.state = "withdrawn";
    consent.withdrawn_elsewhere = true;
}

auto rests_on_override(const GateInput& in) -> bool {
    if (!offers_override(in)) return false;
    Findings probe{false};
    check_state(in, probe);
    return !probe.denied.empty() || !probe.reviews.empty();
}

void consent_gate(const GateInput& in, Findings& findings) {
    if (in.purpose.consent == ConsentGate::none) return note_state(in, findings);
    if (rests_on_override(in)) {
        // CO-1: what stands in for consent says first what became of it.
        if (!is_state(in)) check_state(in, findings);
        return override_gate(in, findings);
    }
    check_state(in, findings);
}

void consent_scope_gate(const RecipientInput& in, Findings& findings) {
    const auto& consent = in.common.facts.consent;
    if (in.common.purpose.consent == ConsentGate::none || consent.state != "given") return;
    const bool unnamed = consent.recipients.empty() && in.common.purpose.consent_per_recipient;
    if (unnamed || !covers_recipient(consent, in.to.str()))
        findings.deny(1, "consent/outside-scope", "/case/consent/to_share/scope/recipients",
                      unnamed ? "Write down to which recipients the person agreed: this purpose asks about each of them."
                              : "The consent does not name this recipient: ask for it, or leave the recipient out.");
}

}  // namespace cg::policy
