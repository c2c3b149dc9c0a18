// The confidentiality gate (FW-5): apart from data protection law, and for the dead as well (FW-11).
#include "policy/consent_stands.hpp"
#include "policy/gate.hpp"
#include "policy/words.hpp"

#include <algorithm>

namespace cg::policy {
namespace {

/// The objects that hold something confidential which this recipient gets.
auto confidences(const RecipientInput& in) -> std::vector<MarkId> {
    std::vector<MarkId> out;
    for (const auto mark : in.projection.marks) {
        const auto at = in.flat.marks[mark].confidential_at;
        if (at != no_mark && std::ranges::find(out, at) == out.end()) out.push_back(at);
    }
    std::ranges::sort(out);
    return out;
}

void check_balance(const Mark& mark, Findings& findings) {
    static constexpr std::pair<const char*, const char*> parts[] = {
        {"if_shared", "This was told in confidence: say what sharing it does."},
        {"if_not_shared", "This was told in confidence: say what happens if it is not shared."},
        {"on_whom", "This was told in confidence: say whom sharing, or not sharing, affects."}};
    const auto& balance = (*mark.tree)["balance"];
    for (const auto& [part, fix] : parts)
        if (is_blank(balance[part]))
            findings.deny(1, "confidence/balance-missing", in_case(mark.pointer + "/balance/" + part), fix);
}

}  // namespace

void confidence_gate(const RecipientInput& in, Findings& findings) {
    const auto items = confidences(in);
    for (const auto item : items) check_balance(in.flat.marks[item], findings);
    if (items.empty()) return;
    // The duty of confidence is no part of Articles 6 and 9: what opens it is recorded apart.
    const auto gate = in.common.tree()["basis"]["confidence_gate"].text();
    const auto& known = in.common.pack.confidence_gates;
    if (std::ranges::find(known, gate) == known.end())
        return findings.deny(2, "confidence/gate-missing", "/case/basis/confidence_gate",
                             "Something here was told in confidence: say what lets you share it all the same.");
    if (gate == "consent" && !consent_stands(in.common.pack, in.common.purpose, in.common.facts))
        findings.deny(3, "confidence/gate-missing", "/case/basis/confidence_gate",
                      "Consent opens a confidence only while it stands: name what else does.");
}

}  // namespace cg::policy
