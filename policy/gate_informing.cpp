// The openness gate (OP-1, OP-2, OP-5, OP-7): the family was told why, what, how and with whom, or there is a reason
// why not.
#include "policy/gate.hpp"
#include "policy/words.hpp"

#include <algorithm>
#include <array>

namespace cg::policy {
namespace {

constexpr std::array<std::string_view, 4> parts{"why", "what", "how", "whom"};

void check_told(const GateInput& in, Findings& findings) {
    const auto said = texts_of(in.tree()["informing"]["why_what_how_whom"]);
    if (std::ranges::find(said, std::string_view{"all four"}) != said.end()) return;
    std::string missing;
    for (const auto part : parts)
        if (std::ranges::find(said, part) == said.end()) missing += (missing.empty() ? "" : ", ") + std::string{part};
    if (!missing.empty())
        findings.review(1, "informing/incomplete", "/case/informing/why_what_how_whom",
                        "Tell them the rest and write it down; still open: " + missing + ".");
}

void check_exceptions(const GateInput& in, Findings& findings) {
    bool plain = false;
    for (const auto code : in.facts.exceptions) {
        const auto rule = in.pack.exceptions.find(code);
        if (rule == in.pack.exceptions.end())
            findings.review(2, "informing/exception-unknown", "/case/informing/exception",
                            "This is no reason for not telling the family: choose one from the policy's list.");
        else
            plain = plain || !rule->second.vague;
    }
    if (!plain)
        findings.review(2, "informing/exception-too-vague", "/case/informing/exception",
                        "This says too little on its own: add the reason behind it.");
    if (is_blank(in.tree()["informing"]["exception_facts"]))
        findings.review(2, "informing/exception-facts-missing", "/case/informing/exception_facts",
                        "Write down the facts behind not telling the family.");
    if (is_blank(in.tree()["informing"]["inform_review_on"]))
        findings.warn(3, "informing/review-missing", "/case/informing/inform_review_on",
                      "Say when you will look again at whether the family can be told.");
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
    const auto is_somebody = [](std::string_view told) { return !is_unknown_word(told); };
    const bool told = std::ranges::any_of(in.facts.told, is_somebody);
    if (told) check_told(in, findings);
    if (!in.facts.exceptions.empty()) check_exceptions(in, findings);
    if (!told && in.facts.exceptions.empty())
        findings.review(2, "informing/not-addressed", "/case/informing",
                        "Say whom you told, or why telling the family would be unsafe.");
    if (in.purpose.agreement_sought) check_agreement(in, findings);
}

}  // namespace cg::policy
