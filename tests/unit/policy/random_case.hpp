#pragma once
// Cases that a purpose and role of the example pack would permit, and then varied.

#include <rapidcheck.h>

#include "every_cell.hpp"

namespace cg::policy::testing {

inline auto any_of(std::initializer_list<Json> values) -> rc::Gen<Json> {
    return rc::gen::elementOf(std::vector<Json>(values));
}

/// Changes that a case may come with: people in and out of the household, protected or not, at any risk, tagged or not.
inline void vary(Json& document) {
    for (const auto* i : {"0", "1", "2", "3", "4"}) {
        const auto person = std::string{"/people/"} + i;
        set_at(document, person + "/household", *any_of({true, false, "not-known"}));
        set_at(document, person + "/identity_protected", *any_of({true, false, false}));
        set_at(document, person + "/poses_risk", *any_of({true, false}));
    }
    set_at(document, "/risk/level", *any_of({"low", "medium", "high", "imminent"}));
    set_at(document, "/timing/urgency", *any_of({"routine", "urgent", "emergency"}));
    if (*rc::gen::arbitrary<bool>())
        set_at(document, "/concerns/2/tags",
               Json::texts(*rc::gen::container<std::vector<std::string>>(
                   rc::gen::element<std::string>("health:p1", "offence:p2", "immigration", "sexual-life:ch1"))));
    if (*rc::gen::arbitrary<bool>())
        set_at(document, "/consent/to_share/scope/groups",
               Json::texts(*rc::gen::container<std::vector<std::string>>(
                   rc::gen::element<std::string>("school", "send", "addr", "views", "fam_health"))));
    if (*rc::gen::arbitrary<bool>())
        set_at(
            document, "/concerns/1/spans",
            parse_json(R"([{"words":"Dale throws things","tag":"offence:p2"},{"words":"nowhere","tag":"health:p1"}])")
                .value());
    for (const auto* place : {"/people/2", "/child/health", "/concerns/3"})
        set_at(document, std::string{place} + "/collected_for",
               *any_of({"education", "fundraising", "safeguarding", "?"}));
    set_at(document, "/child/address/restricted", *any_of({true, false, "not-known"}));
    const auto leaves = leaves_of(document["case"]);
    for (const auto& leaf :
         *rc::gen::resize(6, rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(leaves))))
        if (document["case"].at_pointer(leaf) != nullptr && leaf.find("/tags/") == std::string::npos &&
            leaf.find("/groups/") == std::string::npos && leaf != "/schema")
            remove_at(document, leaf);
}

/// A case that the purpose and role would permit, and then varied.
inline auto random_document(const std::string& purpose, const std::vector<std::string>& to) -> Json {
    auto document = complete_case(purpose, to.front());
    document.set("recipients", Json::texts(to));
    set_at(document, "/consent/to_share/scope/recipients", Json::texts(to));
    set_at(document, "/consent/to_share/state", *rc::gen::element("given", "given", "given", "refused", "not_sought"));
    vary(document);
    return document;
}
inline auto random_document(std::string& to) -> Json {
    const auto address = *rc::gen::elementOf(every_address());
    to = address.to;
    return random_document(address.purpose, {address.to});
}

}  // namespace cg::policy::testing
