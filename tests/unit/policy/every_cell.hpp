#pragma once
// A complete case that every purpose and role of the example pack permits, and the list of these, read from the pack.

#include "policy/compiled.hpp"

#include <gtest/gtest.h>

#include "support.hpp"

namespace cg::policy::testing {

struct Address {
    std::string purpose, role, to;
};

/// Every purpose and role that receives cases, with an organisation that holds the role. Advice is no case (AD-2).
inline auto every_address() -> const std::vector<Address>& {
    static const std::vector<Address> all = [] {
        std::vector<Address> out;
        for (const auto& purpose : example_pack().purposes()) {
            if (example_pack().compiled().purposes.at(purpose).kind == PurposeKind::advice) continue;
            for (const auto& role : example_pack().roles_of(purpose)) {
                for (const auto& agency : example_pack().agency_list()) {
                    if (std::ranges::find(agency.roles, role, &RoleId::str) == agency.roles.end()) continue;
                    out.push_back({purpose, role, role + "@" + agency.id.str()});
                    break;
                }
            }
        }
        return out;
    }();
    return all;
}

/// Everything that any role asks for is there: the family was told, the mother consents, the risk is high.
inline auto complete_case(const std::string& purpose, const std::string& to) -> Json {
    auto document = child_in_need("given");
    document.set("purpose", purpose);
    document.set("recipients", Json::texts(std::vector<std::string>{to}));
    set_at(document, "/consent/to_share/scope/recipients", Json::texts(std::vector<std::string>{to}));
    const auto json = [](std::string_view text) { return parse_json(text).value(); };
    set_at(document, "/risk/level", "high");
    set_at(document, "/risk/significant_harm", true);
    set_at(document, "/child/send/sections", json(R"(["B","D"])"));
    set_at(document, "/da", json(R"({"victim":"p1","perpetrator":"p2","ric_score":15,"criteria":"escalation",
        "incidents_12m":4,"repeat":true,"wants":"to be safe","safe_to_call":"text only, mornings","leave_message":false,
        "current_address":"Flat 9, Made-up Court","flag":true})"));
    set_at(document, "/people/0/safe_contact", "text only, mornings");
    set_at(document, "/missing", json(R"({"last_seen_at":"2026-04-13T09:00:00Z","last_seen_place":"bus stop, east side",
        "circumstances":"Left after an argument.","child_phone":"07700 900177","associates":"a cousin in the next town","online":"a gaming platform",
        "previous":"none-known"})"));
    set_at(
        document, "/cp",
        json(
            R"({"plan_type":"child protection plan","start":"2025-11-03","end":"not-applicable","authority":"exampleshire",
        "office_phone":"01632 960100","emergency_phone":"01632 960199"})"));
    set_at(document, "/incident", json(R"({"date":"2026-04-12","time":"22:40","place":"at home","nature":"dispute",
        "severity":"medium","child_present":true,"involved_relationship":"mother"})"));
    set_at(document, "/query", json(R"({"nhs_number":"9990002118","date_of_birth":"2016-10-09"})"));
    set_at(document, "/third_parties",
           json(R"([{"person":"p1","role":"mother","effect":"may be blamed"},{"person":"p2","role":"partner",
        "effect":"may be interviewed"},{"person":"p3","role":"sibling","effect":"may be at risk"}])"));
    return document;
}

/// What the pack's table says of a leaf, read leaf by leaf and apart from the engine's walk.
inline auto cell_kind(const RecipientDecision& recipient, const std::string& purpose, const std::string& pointer)
    -> CellKind {
    const auto& pack = example_pack().compiled();
    const auto leaf = pack.trie.find(pattern_of(pointer));
    if (leaf == no_leaf) return CellKind::not_necessary;
    return pack.purposes.at(purpose).roles.at(recipient.to.role.str()).cells[leaf].kind;
}
inline auto may_leave(CellKind kind) -> bool {
    return kind != CellKind::forbid && kind != CellKind::not_necessary;
}

/// Leaves of a view that come from the case: all but what the view adds.
inline auto case_leaves(const Json& view) -> std::vector<std::string> {
    if (!view.is_object()) return {};  // refused: nothing leaves
    Json rest = view;
    for (const auto* own : {"schema", "purpose", "to", "handling", "codes"}) rest.erase(own);
    return leaves_of(rest);
}

}  // namespace cg::policy::testing
