#include "policy/refuse.hpp"

#include <algorithm>

namespace cg::policy {
namespace {

auto any(const Decision& decision, Outcome outcome) -> bool {
    return std::ranges::any_of(decision.recipients, [outcome](const auto& r) { return r.outcome == outcome; });
}

}  // namespace

void refuse_recipient(Decision& decision, std::size_t index, std::vector<Problem> problems) {
    CG_ENSURE(index < decision.recipients.size() && !problems.empty());
    auto& recipient = decision.recipients[index];
    recipient.outcome = Outcome::deny;
    // As for any refusal: nothing leaves, so nothing was released.
    recipient.released.clear();
    recipient.view = Json{};
    recipient.obligations.clear();
    recipient.conditions_met.clear();
    recipient.notes.clear();
    for (auto& problem : problems) {
        if (std::ranges::find(decision.what_would_change, problem.fix) == decision.what_would_change.end())
            decision.what_would_change.push_back(problem.fix);
        recipient.problems.push_back(std::move(problem));
    }
    if (any(decision, Outcome::permit)) {
        decision.outcome = Outcome::permit;
        decision.action = "partly-shared";
    } else if (any(decision, Outcome::review)) {
        decision.outcome = Outcome::review;
        decision.action = "held";
    } else {
        decision.outcome = Outcome::deny;
        decision.action = "refused";
    }
}

}  // namespace cg::policy
