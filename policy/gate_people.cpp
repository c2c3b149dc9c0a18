// Who else is affected (SW-2), whose number it is, and whether two rules for reaching somebody agree.
#include "policy/gate.hpp"
#include "policy/identifier.hpp"
#include "policy/words.hpp"

#include <algorithm>
#include <array>

namespace cg::policy {
namespace {

auto considered(const Json& tree, std::string_view person) -> bool {
    const auto* items = tree["third_parties"].if_array();
    return items != nullptr && std::ranges::any_of(*items, [person](const Json& item) {
               return item["person"].text() == person && !is_blank(item["effect"]);
           });
}

/// Is this number, however it is spaced, also somebody else's in the case?
auto belongs_to_other(const GateInput& in, const std::string& number, const Person* owner) -> bool {
    if (owner != nullptr && digits_of(in.tree()["child"]["nhs_number"].text()) == number) return true;
    return std::ranges::any_of(in.facts.people, [&](const Person& person) {
        return &person != owner && digits_of((*person.tree)["nhs_number"].text()) == number;
    });
}

void check_nhs_number(const GateInput& in, const Json& holder, const Person* owner, const std::string& pointer,
                      Findings& findings) {
    const auto text = holder["nhs_number"].text();
    if (text.empty() || is_unknown_word(text)) return;
    const auto number = digits_of(text);
    if (is_uln(number))
        findings.warn(1, "accuracy/number-mistaken", pointer,
                      "This is a learner's number (ULN), not an NHS number: put the NHS number here, or 'not-known'.");
    else if (!is_nhs_number(number))
        findings.warn(1, "accuracy/number-wrong", pointer,
                      "The check digit of this NHS number does not fit: compare it with the record it came from.");
    else if (belongs_to_other(in, number, owner))
        findings.warn(2, "accuracy/number-shared", pointer,
                      "Two people in this case have the same NHS number: one of them is somebody else's.");
}

auto in_person(std::size_t i, std::string_view leaf) -> std::string {
    return in_item("people", i, leaf);
}

/// An id that is nobody's: the sender has to know that whatever hangs on it stays behind.
void check_reference(const GateInput& in, std::string_view id, const std::string& pointer, Findings& findings) {
    if (is_blank(Json{id}) || is_unknown_word(id) || id == in.facts.child_id || in.facts.person(id) != nullptr) return;
    findings.warn(2, "accuracy/reference-unknown", pointer,
                  "Nobody in this case has this id, so this stays behind: write the id of the child or of somebody in people.");
}

void check_references(const GateInput& in, Findings& findings) {
    for (std::size_t i = 0; i < in.facts.concerns.size(); ++i)
        check_reference(in, in.facts.concerns[i].about, in_item("concerns", i, "about"), findings);
    const auto* files = in.tree()["attachments"].if_array();
    for (std::size_t i = 0; files != nullptr && i < files->size(); ++i)
        check_reference(in, (*files)[i]["shows"].text(), in_item("attachments", i, "shows"), findings);
}

/// Both say how to reach somebody, and not in the same words.
auto disagree(std::string_view note, std::string_view hours) -> bool {
    const auto says = [](std::string_view text) { return !is_blank(Json{text}) && !is_unknown_word(text); };
    return says(note) && says(hours) && same_words_form(note) != same_words_form(hours);
}

}  // namespace

// A wrong number still goes: it is what the sender's record says, and a person has to look.
void number_gate(const GateInput& in, Findings& findings) {
    const auto& child = in.tree()["child"];
    check_nhs_number(in, child, nullptr, "/case/child/nhs_number", findings);
    for (std::size_t i = 0; i < in.facts.people.size(); ++i)
        check_nhs_number(in, *in.facts.people[i].tree, &in.facts.people[i], in_person(i, "nhs_number"), findings);
    const auto upn = child["upn"].text();
    if (!upn.empty() && !is_unknown_word(upn) && !is_upn(upn))
        findings.warn(3, "accuracy/number-wrong", "/case/child/upn",
                      "The check letter of this pupil number does not fit: compare it with the school's record.");
}

void third_party_gate(const GateInput& in, Findings& findings) {
    check_references(in, findings);
    for (std::size_t i = 0; i < in.facts.concerns.size(); ++i) {
        const auto& concern = in.facts.concerns[i];
        for (const auto& [leaf, id] : {std::pair{"about", concern.about}, std::pair{"concerning", concern.concerning}})
            if (in.facts.person(id) != nullptr && !considered(in.tree(), id))
                findings.warn(1, "risk/third-party-not-considered", in_item("concerns", i, leaf),
                              "This concern is about somebody who is not in the list of affected people: add them to "
                              "third_parties with what sharing means for them.");
    }
}

// A victim who is called at the wrong time may be hurt: two rules that differ are held until the sender says which.
void contact_gate(const RecipientInput& in, Findings& findings) {
    const auto cell = [&in](std::string_view pattern) {
        const auto leaf = in.common.pack.trie.find(pattern);
        return leaf == no_leaf ? CellKind::not_necessary : in.role.cells[leaf].kind;
    };
    const auto kind = cell("/da/safe_to_call");
    const auto& da = in.common.tree()["da"];
    if (kind == CellKind::forbid || kind == CellKind::not_necessary || da["contact_confirmed"].is_true()) return;
    const auto victim = da["victim"].text();
    const bool named = in.common.facts.person(victim) != nullptr;
    for (std::size_t i = 0; i < in.common.facts.people.size(); ++i) {
        const auto& person = in.common.facts.people[i];
        if (named ? person.id != victim : person.poses_risk) continue;
        if (disagree((*person.tree)["safe_contact"].text(), da["safe_to_call"].text()))
            findings.review(1, "accuracy/contradictory", in_person(i, "safe_contact"),
                            "This and /da/safe_to_call say different things about when and how to make contact: make "
                            "them agree on the narrower one, or set /da/contact_confirmed once you have checked.");
    }
}

}  // namespace cg::policy
