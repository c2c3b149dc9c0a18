// Whose consent counts (CO-1, CO-6): somebody with parental responsibility, the child once they can decide, or an adult
// for themselves; and what the others said.
#include "policy/consent_stands.hpp"
#include "policy/gate.hpp"
#include "policy/words.hpp"

#include <algorithm>

namespace cg::policy {
namespace {

constexpr std::string_view who_pointer = "/case/consent/to_share/who";
constexpr std::string_view capacity_pointer = "/case/consent/to_share/capacity";

auto listed(std::initializer_list<const std::vector<std::string>*> lists) -> std::string {
    std::string out;
    for (const auto* list : lists)
        for (const auto& word : *list) out += (out.empty() ? "'" : ", '") + word + "'";
    return out;
}

/// Old enough that it is presumed, or somebody found that they can decide this.
auto can_decide_young(const GateInput& in, const Json& person, std::string_view word) -> bool {
    const auto age = age_on(person, in.today());
    const bool old_enough = age && *age >= in.pack.capacity.presumed_from_age;
    const auto capacity = capacity_of(in.pack.capacity, word);
    return capacity == Capacity::assessed || (old_enough && capacity == Capacity::presumed);
}

void check_capacity(const GateInput& in, const Json& person, bool is_child, Findings& findings) {
    const auto& words = in.pack.capacity;
    const auto capacity = capacity_of(words, in.facts.consent.capacity);
    if (capacity == Capacity::lacking)
        return findings.deny(
            6, "consent/not-theirs-to-give", capacity_pointer,
            "Somebody who cannot make this decision cannot consent to it: find who decides for them, or "
            "write down their best interests as a reason to share.");
    if (capacity == Capacity::unclear)
        return findings.review(6, "consent/capacity-not-assessed", capacity_pointer,
                               "The policy has no such word for whether somebody can decide: write one of " +
                                   listed({&words.able, &words.doubted, &words.lacking}) + ".");
    const auto age = age_on(person, in.today());
    const bool young = is_child ? !can_decide_young(in, person, in.facts.consent.capacity)
                                : age && *age < words.presumed_from_age && capacity != Capacity::assessed;
    if (capacity == Capacity::doubted || young)
        findings.review(
            6, "consent/capacity-not-assessed", capacity_pointer,
            "Find out, and write down, whether this person understands the decision well enough to make it.");
}

/// A victim's consent is the victim's to give, and nobody else's.
void check_whose(const GateInput& in, std::string_view who, Findings& findings) {
    const auto* one = in.tree().at_pointer(in.purpose.consent_of);
    if (one == nullptr || one->text() != who)
        findings.deny(3, "consent/not-theirs-to-give", who_pointer,
                      "Here only the consent of the person named in " + in.purpose.consent_of +
                          " counts: ask them, or give an override reason with facts.");
}

void check_responsibility(const GateInput& in, const Person& person, Findings& findings) {
    if (in.purpose.own_consent) {
        if (person.poses_risk)
            findings.review(3, "consent/not-theirs-to-give", who_pointer,
                            "This person may pose a risk: make sure that the consent is that of the adult it is about.");
        return;
    }
    const auto responsibility = (*person.tree)["parental_responsibility"].text();
    if (responsibility.empty())
        return findings.warn(3, "consent/responsibility-unknown", who_pointer,
                             "Write down whether this person has parental responsibility.");
    if (!has_responsibility(person))
        findings.review(
            3, "consent/not-theirs-to-give", who_pointer,
            "This person's parental_responsibility does not say 'yes' or 'shared-with-LA': ask somebody who has it, or the "
            "child if old enough.");
}

auto says_no(const Consent& consent) -> bool {
    return consent.state == "refused" || consent.state == "withdrawn";
}

/// A state of consent, or nothing: a refusal in other words must not pass for none.
auto is_readable(const GateInput& in, std::string_view state) -> bool {
    return is_blank(Json{state}) || is_unknown_word(state) ||
           std::ranges::find(in.pack.consent_states, state) != in.pack.consent_states.end();
}

/// A child who can decide is not overruled by a parent, nor a parent's consent enough against such a child.
void check_others(const GateInput& in, bool child_decides, Findings& findings) {
    const auto& child = in.tree()["child"];
    for (std::size_t i = 0; i < in.facts.others.size(); ++i) {
        const auto& other = in.facts.others[i];
        const auto pointer = "/case/consent/others/" + std::to_string(i) + "/state";
        if (!is_readable(in, other.state))
            findings.review(7, "consent/state-missing", pointer,
                            "The policy has no such word for what somebody said: write one of " +
                                listed({&in.pack.consent_states}) + ".");
        if (!says_no(other)) continue;
        const bool is_child = !other.who.empty() && other.who == in.facts.child_id;
        if (is_child && can_decide_young(in, child, other.capacity))
            findings.deny(7, "consent/refused", pointer,
                          "The child can decide and said no: respect it, or give an override reason with facts.");
        else if (child_decides)
            findings.warn(7, "consent/refused-by-another", pointer,
                          "The child can decide, so their consent counts; note that somebody else refused.");
        else
            findings.review(7, "consent/disputed", pointer,
                            "One person agreed and another refused: let somebody else look before it goes.");
    }
}

}  // namespace

void check_giver(const GateInput& in, Findings& findings) {
    const auto who = in.facts.consent.who;
    if (who.empty() || is_unknown_word(who))
        return findings.deny(1, "consent/state-missing", who_pointer,
                             "Write down who consented, by their id in people.");
    const bool is_child = who == in.facts.child_id;
    const auto* person = in.facts.person(who);
    if (!in.purpose.consent_of.empty()) check_whose(in, who, findings);
    if (!is_child && person == nullptr)
        return findings.review(3, "consent/not-theirs-to-give", who_pointer,
                               "Nobody in this case has this id: add the person to people, with their responsibility.");
    const auto& tree = is_child ? in.tree()["child"] : *person->tree;
    check_capacity(in, tree, is_child, findings);
    if (!is_child) check_responsibility(in, *person, findings);
    check_others(in, is_child && can_decide_young(in, tree, in.facts.consent.capacity), findings);
}

auto can_decide(const GateInput& in) -> bool {
    const auto capacity = capacity_of(in.pack.capacity, in.facts.consent.capacity);
    return capacity != Capacity::doubted && capacity != Capacity::lacking;
}

}  // namespace cg::policy
