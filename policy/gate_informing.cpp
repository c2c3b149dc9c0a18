// The openness gate (OP-1, OP-2, OP-5 … OP-7): the family was told why, what, how and with whom, or there is a reason
// why not. Asked for on whatever basis the message goes (OP-6).
#include "policy/gate.hpp"
#include "policy/words.hpp"

#include <algorithm>
#include <array>

namespace cg::policy {
namespace {

constexpr std::array<std::string_view, 4> parts{"why", "what", "how", "whom"};
constexpr std::array details{std::pair{"by", "who told them"}, std::pair{"on", "when"}, std::pair{"how", "how"},
                             std::pair{"reaction", "what they said to it"}};

void check_review(const GateInput& in, const Json& record, const std::string& pointer, Findings& findings) {
    const auto day = read_date(record["inform_review_on"]);
    if (!day)
        findings.warn(3, "informing/review-missing", pointer + "/inform_review_on",
                      "Say when you will look again at whether the family can be told.");
    else if (*day < in.today())
        findings.warn(3, "informing/review-due", pointer + "/inform_review_on",
                      "This day has passed: look again at whether the family can be told.");
}

/// OP-1: one person's record: the four parts, and by whom, when and how.
void check_told(const InformingRecord& record, Findings& findings) {
    const auto& tree = *record.tree;
    const auto said = texts_of(tree["why_what_how_whom"]);
    const auto pointer = "/case" + record.pointer;
    std::string missing;
    if (std::ranges::find(said, std::string_view{"all four"}) == said.end())
        for (const auto part : parts)
            if (std::ranges::find(said, part) == said.end())
                missing += (missing.empty() ? "" : ", ") + std::string{part};
    if (!missing.empty())
        findings.review(1, "informing/incomplete", pointer + "/why_what_how_whom",
                        "Tell them the rest and write it down; still open: " + missing + ".");
    std::string unrecorded;
    for (const auto& [leaf, words] : details)
        if (is_blank(tree[leaf])) unrecorded += (unrecorded.empty() ? "" : ", ") + std::string{words};
    if (!unrecorded.empty())
        findings.warn(1, "informing/record-incomplete", pointer, "Write down for the record: " + unrecorded + ".");
}

/// Told whom? A word that is nobody's id is kept from the recipients, and consent cannot be matched with it.
void check_person(const GateInput& in, const InformingRecord& record, Findings& findings) {
    if (record.person == "all" || record.person == in.facts.child_id || in.facts.person(record.person) != nullptr) return;
    findings.warn(1, "informing/person-unknown",
                  "/case" + record.pointer + (record.pointer == "/informing" ? "/told" : "/person"),
                  "Nobody in this case has this id: write the person's id in people, 'all', or 'none'.");
}

/// "From the outset" can be shown only where the first contact is dated.
void check_first_contact(const GateInput& in, const InformingRecord& record, Findings& findings) {
    if (is_blank((*record.tree)["first_contact_on"]) && is_blank(in.tree()["informing"]["first_contact_on"]))
        findings.warn(1, "informing/first-contact-missing", "/case" + record.pointer + "/first_contact_on",
                      "Write down the day of the first contact, to show that they were told from the outset.");
}

/// Reasons for not telling one person, or the family.
void check_exceptions(const GateInput& in, const Json& record, const std::string& pointer, Findings& findings) {
    const auto codes = answers_of(record["exception"]);
    if (codes.empty()) return;
    bool plain = false, vague = false;
    for (const auto code : codes) {
        const auto rule = in.pack.exceptions.find(code);
        if (rule == in.pack.exceptions.end()) {
            findings.review(2, "informing/exception-unknown", pointer + "/exception",
                            "This is no reason for not telling the family: choose one from the policy's list.");
            continue;
        }
        if (!rule->second.in_force.holds(in.today()))
            findings.review(2, "informing/exception-not-in-force", pointer + "/exception",
                            "This reason is not in force on this day: choose another one.");
        (rule->second.vague ? vague : plain) = true;
    }
    if (vague && !plain)
        findings.review(2, "informing/exception-too-vague", pointer + "/exception",
                        "This says too little on its own: add the reason behind it.");
    if (is_blank(record["exception_facts"]) || is_unknown_word(record["exception_facts"].text()))
        findings.review(2, "informing/exception-facts-missing", pointer + "/exception_facts",
                        "Write down the facts behind not telling the family.");
    check_review(in, record, pointer, findings);
}

/// OP-7: without consent, could they expect it? Asked once; a record of one person may answer for that person.
void check_expected(const GateInput& in, Findings& findings) {
    if (in.facts.consent.state == "given") return;
    const auto answered = [](const Json& record) {
        const auto& value = record["expected_by_subject"];
        return value.is_bool() || value.text() == "yes" || value.text() == "no";
    };
    const auto& informing = in.tree()["informing"];
    if (answered(informing) ||
        std::ranges::any_of(in.facts.informed, [&](const InformingRecord& one) { return answered(*one.tree); }))
        return;
    findings.warn(3, "informing/expected-missing", "/case/informing/expected_by_subject",
                  "Say yes or no: would the person expect this to be shared?");
}

void check_agreement(const GateInput& in, Findings& findings) {
    const auto& sought = in.tree()["informing"]["agreement_sought"];
    const auto state = in.facts.consent.state;
    const bool asked =
        sought.is_true() || sought.text() == "yes" || state == "given" || state == "refused" || state == "withdrawn";
    const bool said_no = sought.text() == "no" || (sought.if_bool() != nullptr && !sought.is_true());
    if (!asked || said_no)
        findings.review(4, "informing/agreement-not-sought", "/case/informing/agreement_sought",
                        "Ask the family whether they agree, and write down what they said.");
}

}  // namespace

void informing_gate(const GateInput& in, Findings& findings) {
    if (in.purpose.informing == InformingGate::none) return;
    bool told = false;
    for (const auto& record : in.facts.informed) {
        if (!record.told) {
            check_exceptions(in, *record.tree, "/case" + record.pointer, findings);
            continue;
        }
        told = true;
        check_person(in, record, findings);
        check_told(record, findings);
        check_first_contact(in, record, findings);
    }
    check_exceptions(in, in.tree()["informing"], "/case/informing", findings);
    if (!told && in.facts.exceptions.empty())
        findings.review(2, "informing/not-addressed", "/case/informing",
                        "Say whom you told, or why telling the family would be unsafe.");
    check_expected(in, findings);
    if (in.purpose.agreement_sought) check_agreement(in, findings);
}

}  // namespace cg::policy
