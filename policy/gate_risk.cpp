// The four risk answers (SW-1), the child's voice (OP-9, OP-10), and the emergency minimum (TI-4).
#include "policy/gate.hpp"
#include "policy/words.hpp"

#include <algorithm>
#include <array>

namespace cg::policy {
namespace {

auto says(const Json& value) -> bool {
    return !is_blank(value) && !is_unknown_word(value.text());
}

/// A child who is not born yet cannot be asked.
auto unborn(const Json& tree) -> bool {
    return read_date(tree["unborn"]["expected_date"]) && !read_date(tree["child"]["date_of_birth"]);
}

/// Does this place, in which * stands for each item of a list, say something?
auto filled(const Json& tree, std::string_view place) -> bool {
    const auto star = place.find("/*");
    if (star == std::string_view::npos) {
        const auto* value = tree.at_pointer(place);
        return value != nullptr && says(*value);
    }
    const auto* list = tree.at_pointer(place.substr(0, star));
    const auto* items = list == nullptr ? nullptr : list->if_array();
    return items != nullptr && std::ranges::any_of(*items, [rest = place.substr(star + 2)](const Json& item) {
               return filled(item, rest);
           });
}

}  // namespace

void risk_gate(const GateInput& in, Findings& findings) {
    static constexpr std::array answers{
        std::pair{"if_shared_person", "what happens to the person if this is shared"},
        std::pair{"if_shared_others", "what happens to others if this is shared"},
        std::pair{"if_not_shared_person", "what happens to the person if this is not shared"},
        std::pair{"if_not_shared_others", "what happens to others if this is not shared"},
    };
    const auto& risk = in.tree()["risk"];
    if (in.purpose.risk_answers) {
        for (const auto& [leaf, words] : answers)
            if (is_blank(risk[leaf]))
                findings.deny(1, "risk/unanswered", std::string{"/case/risk/"} + leaf,
                              std::string{"Say "} + words + "; write 'none identified' if that is the answer.");
    }
    const auto level = risk["level"].text();
    if (!level.empty() && !is_unknown_word(level) &&
        std::ranges::find(in.pack.risk_levels, level) == in.pack.risk_levels.end())
        findings.deny(2, "risk/level-unknown", "/case/risk/level", "Choose a level from the policy's list.");
}

void voice_gate(const GateInput& in, Findings& findings) {
    const auto& views = in.tree()["child"]["views"];
    const bool spoke = says(views["text"]);
    // A gap that somebody looks at, not a refusal: leaving the voice out must not be what stops a referral (OP-9).
    if (in.purpose.voice && !spoke && !says(views["reason_not"]) && !unborn(in.tree()))
        findings.review(
            1, "adequacy/voice", "/case/child/views/text",
            "Write down what the child says in the child's words, or why the child was not asked (reason_not).");
    if (in.purpose.voice && spoke && (is_blank(views["said_on"]) || is_blank(views["said_to"])))
        findings.warn(3, "voice/unattributed", "/case/child/views/said_on",
                      "Say when the child said it, and to whom.");
    if (views["asked_for_secrecy"].is_true() && views["told_cannot_promise"].if_bool() == nullptr)
        findings.warn(2, "voice/secrecy-not-answered", "/case/child/views/told_cannot_promise",
                      "Say whether the child was told that secrecy cannot be promised.");
}

void minimum_gate(const GateInput& in, Findings& findings) {
    if (!in.emergency) return;
    for (const auto& places : in.purpose.emergency_minimum) {
        if (std::ranges::none_of(places, [&in](const std::string& place) { return filled(in.tree(), place); }))
            findings.warn(1, "timeliness/minimum-not-met", in_case(places.front()),
                          "Even an emergency needs this: say it by telephone now, and add it here.");
    }
}

}  // namespace cg::policy
