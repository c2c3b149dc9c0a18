// A look-up by number (IT-1) answers about the child that was asked for, or about nobody. And every decision knows the
// protocol of the child's home area (IT-4).
#include "policy/case_facts.hpp"
#include "policy/gate.hpp"
#include "policy/words.hpp"

namespace cg::policy {

void lookup_gate(const GateInput& in, Findings& findings) {
    if (!in.purpose.lookup) return;
    const auto& pointer = in.purpose.lookup->number;
    const auto* number = in.tree().at_pointer(pointer);
    const auto text = number == nullptr ? std::string_view{} : number->text();
    if (is_blank(number) || is_unknown_word(text)) {
        findings.deny_always(1, "adequacy/field-missing", in_case(pointer),
                             "Without this number nobody can find the child: fill it in.");
        return;
    }
    const auto* query = in.tree().find("query");
    const auto name = std::string_view{pointer}.substr(pointer.rfind('/') + 1);
    if (query != nullptr && !same_digits((*query)[name].text(), text))
        findings.deny_always(2, "identity/not-verified", in_case("/query/").append(name),
                             "Whoever asked named another number: check who they ask about before answering.");
}

void protocol_gate(const GateInput& in, Findings& findings) {
    if (!in.pack.areas.empty() && !in.pack.areas.contains(in.tree()["home_authority"].text()))
        findings.warn(1, "area/no-protocol", "/case/home_authority",
                      "This policy has no protocol for the child's home area: name the home authority, or ask it for "
                      "its protocol.");
}

}  // namespace cg::policy
