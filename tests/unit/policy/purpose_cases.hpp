#pragma once
// For every purpose of the example pack a submission that is complete, and who sends it. The family is that of referral().

#include <gtest/gtest.h>

#include "variants.hpp"

namespace cg::policy::testing {

struct PurposeCase {
    std::string purpose;
    Json document;
    Caller sender;
};

inline auto council() -> Caller {
    return {AgencyId::trusted("exampleshire"), AgencyKind::statutory, true};
}
inline auto police() -> Caller {
    return {AgencyId::trusted("examplepolice"), AgencyKind::statutory, true};
}

inline auto for_purpose(Json document, std::string_view purpose, std::initializer_list<const char*> to) -> Json {
    document.set("purpose", purpose);
    set_recipients(document, to);
    return document;
}

inline auto safety_meeting() -> Json {
    auto document = for_purpose(child_in_need("given"), "marac",
                                {"marac.coordinator@exampleshire", "idva.service@harbour", "school.dsl@fernbank",
                                 "housing.officer@hearthstone"});
    set_at(document, "/risk/level", "high");
    set_at(document, "/risk/significant_harm", true);
    set_at(document, "/da", json(R"({"victim":"p1","perpetrator":"p2","ric_score":16,"criteria":"visible high risk",
        "incidents_12m":4,"repeat":true,"wants":"to stay in her home","safe_to_call":"before noon","leave_message":false,
        "current_address":"Room 4, Otter House","flag":true})"));
    set_at(document, "/basis/article9", "9.2.g");
    set_at(document, "/basis/schedule1", "S1.10");
    set_at(document, "/people/0/safe_contact", "before noon");
    return document;
}

inline auto missing_child() -> Json {
    auto document = for_purpose(referral(), "missing-child", {"police.missing@examplepolice", "csc.front-door@exampleshire"});
    set_at(document, "/missing", json(R"({"last_seen_at":"2026-04-13T08:10:00Z","last_seen_place":"bus stop, Quay Road",
        "circumstances":"Did not arrive at school.","child_phone":"none","associates":"none-known","online":"not-known",
        "previous":"none-known"})"));
    set_at(document, "/concerns/0/category", "CSE");
    return document;
}

inline auto alert() -> Json {
    auto document = for_purpose(referral(), "health-safeguarding-alert", {"health.unscheduled-care@examplenhs"});
    set_at(document, "/cp", json(R"({"plan_type":"child protection plan","start":"2026-01-05","end":"none",
        "authority":"exampleshire","office_phone":"01632 960110","emergency_phone":"01632 960111"})"));
    set_at(document, "/query", json(R"({"nhs_number":"999 000 2118","family_name":"LARKSPUR",
        "date_of_birth":"2016-10-09","care_setting":"unscheduled"})"));
    return document;
}

inline auto school_notice() -> Json {
    auto document = for_purpose(referral(), "domestic-abuse-notice-to-school", {"school.dsl@willow"});
    set_at(document, "/incident", json(R"({"date":"2026-04-12","time":"21:40","place":"at home","nature":"raised voices",
        "severity":"no injury","child_present":"upstairs","involved_relationship":"step-parent"})"));
    return document;
}

inline auto plan_transfer() -> Json {
    auto document = for_purpose(child_in_need("given"), "send-transfer", {"la.send-team@sampleshire"});
    set_at(document, "/child/send", json(R"({"status":"EHCP","need":"SLCN","disabilities":"COMM","plan_ref":"EHC-77",
        "sections":["B","D"]})"));
    set_at(document, "/home_authority", "sampleshire");
    return document;
}

/// One for each purpose that is about an identified person.
inline auto purpose_cases() -> std::vector<PurposeCase> {
    return {
        {"child-protection-referral", referral(), willow()},
        {"child-in-need-referral", child_in_need("given"), willow()},
        {"early-help", early_help("given"), willow()},
        {"marac", safety_meeting(), council()},
        {"missing-child", missing_child(), willow()},
        {"strategy-discussion",
         for_purpose(referral(), "strategy-discussion", {"csc.chair@exampleshire", "school.dsl@willow"}), council()},
        {"send-transfer", plan_transfer(), council()},
        {"school-transfer-cp-file", for_purpose(referral(), "school-transfer-cp-file", {"school.dsl@fernbank"}),
         willow()},
        {"health-safeguarding-alert", alert(), council()},
        {"adult-safeguarding-concern",
         for_purpose(child_in_need("given"), "adult-safeguarding-concern", {"asc.safeguarding@exampleshire"}), willow()},
        {"domestic-abuse-notice-to-school", school_notice(), police()},
    };
}

}  // namespace cg::policy::testing
