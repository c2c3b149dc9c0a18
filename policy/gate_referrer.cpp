// Whoever refers and is part of the story: a second person looks. The referral goes on all the same where nothing else
// is wrong, once somebody without an interest has read it.
#include "policy/gate.hpp"
#include "policy/name_words.hpp"
#include "policy/words.hpp"

#include <algorithm>

namespace cg::policy {
namespace {

/// Is a concern about what this person does to somebody, or may they pose a risk?
auto is_alleged(const GateInput& in, const Person& person) -> bool {
    return person.poses_risk || (!person.id.empty() && person.id == in.facts.suspected) ||
           std::ranges::any_of(in.facts.concerns, [&person](const Concern& concern) {
               return !person.id.empty() && concern.concerning == person.id;
           });
}

auto is_family(const Person& person) -> bool {
    const auto responsibility = (*person.tree)["parental_responsibility"].text();
    return person.household || (!responsibility.empty() && responsibility != "no" && !is_unknown_word(responsibility));
}

}  // namespace

void referrer_gate(const GateInput& in, Findings& findings) {
    const auto& referrer = in.tree()["referrer"];
    const auto name = referrer["name"].text();
    if (name.empty() || is_unknown_word(name)) return;  // somebody who stays anonymous
    const auto person =
        std::ranges::find_if(in.facts.people, [name](const Person& one) { return same_name(one.name, name); });
    if (person == in.facts.people.end()) return;
    if (is_alleged(in, *person))
        return findings.review(1, "referrer/alleged", "/case/referrer/name",
                               "A concern is about the person who refers: let somebody else read it before it goes.");
    // A family member who asks for help speaks as family; with a post in an organisation it is the own child of staff.
    if (is_family(*person) && !same_ignoring_case(referrer["role"].text(), person->relationship))
        findings.review(2, "referrer/own-family", "/case/referrer/name",
                        "The person who refers belongs to the family: let a colleague read it before it goes.");
}

void contradiction_gate(const GateInput& in, Findings& findings) {
    const auto stands = [&in](const std::pair<std::string, Json>& one) {
        const auto* value = in.tree().at_pointer(one.first);
        return value != nullptr && *value == one.second;
    };
    for (const auto& rule : in.pack.contradictions)
        if (std::ranges::all_of(rule.all, stands))
            findings.review(1, "accuracy/contradictory", in_case(rule.all.front().first),
                            rule.text + " Correct one, or ask your safeguarding lead.");
}

}  // namespace cg::policy
