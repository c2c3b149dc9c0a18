// Need to know (RE-2): a role, held at an organisation, that serves the child's area.
#include "policy/gate.hpp"
#include "policy/words.hpp"

#include <algorithm>

namespace cg::policy {

void recipient_gate(const GateInput& in, const RecipientId& to, const AgencyFacts* to_facts, std::size_t index,
                    Findings& findings) {
    const auto pointer = "/recipients/" + std::to_string(index);
    if (to_facts == nullptr)
        return findings.deny_always(1, "recipient/unknown", pointer,
                                    "No such organisation is in the directory: check its id.");
    if (to_facts->closed_on && in.today() >= *to_facts->closed_on)
        return findings.deny_always(4, "recipient/closed", pointer,
                                    "This organisation has closed: send to the one that took over its work.");
    if (std::ranges::find(to_facts->roles, to.role) == to_facts->roles.end())
        findings.deny_always(2, "recipient/role-unheld", pointer,
                             "Nobody holds this role there: choose a role that the directory lists.");
    const auto role = in.pack.roles.find(to.role.str());
    const auto area = in.tree()["home_authority"].text();
    const bool bound = role != in.pack.roles.end() && role->second.area_bound && !to_facts->areas.empty();
    if (bound && !area.empty() && !is_unknown_word(area) &&
        std::ranges::find(to_facts->areas, area) == to_facts->areas.end())
        findings.review(3, "recipient/area-mismatch", pointer,
                        "This organisation does not serve the child's home authority: send to the one that does.");
}

}  // namespace cg::policy
