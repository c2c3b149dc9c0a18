#include "tests/unit/relay/cases.hpp"

namespace cg::relay::testing {
namespace {

constexpr std::string_view referral_text = R"json({
 "schema": "case/1", "case_ref": "C-1", "home_authority": "exampleshire",
 "child": {
  "id": "ch1", "given_names": "Wren", "family_name": "Maybury", "preferred_name": "Wrenny", "date_of_birth": "2018-09-21", "sex": "M",
  "ethnicity": "WBRI", "first_language": "eng", "interpreter": "not-needed", "nhs_number": "9990002118",
  "address": {"line1": "3 Invented Lane", "town": "Exampleton", "postcode": "ZZ1 2ZZ", "checked_on": "2026-02-02", "restricted": false},
  "education": {"setting": "Willow Test School", "urn": "999123", "year_group": "3", "attendance_pct": 88},
  "health": {"gp_practice": "Test Surgery", "conditions": "none-known", "medication": "none", "medication_with_child": "not-applicable"},
  "status": {"cp_plan": "none", "looked_after": "no", "legal": "none", "early_help": "none"},
  "views": {"text": "I like it at my nan's.", "said_on": "2026-03-03", "said_to": "teaching assistant", "spoken_to": true,
            "asked_for_secrecy": false, "told_cannot_promise": true}
 },
 "people": [
  {"id": "p1", "relationship": "mother", "parental_responsibility": "yes", "household": true, "name": "Tess Maybury",
   "date_of_birth": "1991-04-04", "phone": "07700 900201", "safe_contact": "any time", "mental_health": "none-known",
   "substance_use": "none-known", "offences": "none-known", "identity_protected": false},
  {"id": "p2", "relationship": "parents-partner", "parental_responsibility": "no", "household": true, "name": "Craig Fictional",
   "date_of_birth": "1988-07-07", "phone": "07700 900202", "safe_contact": "do not use", "substance_use": "not-known",
   "offences": "not-known", "poses_risk": true, "identity_protected": false}
 ],
 "concerns": [
  {"id": "c1", "about": "ch1", "concerning": "p2", "category": "PHY", "kind": "fact",
   "text": "A teaching assistant saw a graze on the child's cheek.", "source_role": "teaching assistant", "source_name": "Jo Nobody",
   "observed_on": "2026-03-03", "recorded_on": "2026-03-03", "historical": false},
  {"id": "c2", "about": "ch1", "concerning": "p2", "category": "PHY", "kind": "reported",
   "text": "The child said: 'Craig pushed me over.'", "speaker": "child", "source_role": "teaching assistant", "source_name": "Jo Nobody",
   "observed_on": "2026-03-03", "recorded_on": "2026-03-03", "historical": false}
 ],
 "referrer": {"name": "Sal Placeholder", "role": "designated safeguarding lead", "organisation": "Willow Test School",
              "phone": "01632 960301", "reply_to": "school.dsl@willow"},
 "network": [{"role": "GP", "organisation": "Test Surgery", "phone": "01632 960302"}],
 "risk": {"level": "high", "immediate_danger": false, "significant_harm": true,
          "if_shared_person": "Craig may be angry if he is told first.", "if_shared_others": "none identified",
          "if_not_shared_person": "Further injury is likely.", "if_not_shared_others": "none identified"},
 "consent": {"to_share": {"who": "p1", "state": "not_sought", "on": "2026-03-03", "why": "Asking could warn Craig."},
             "agreement_to_service": "not-applicable"},
 "informing": {"told": "none", "exception": "RISK_TO_CHILD", "exception_facts": "c2: the child names Craig, who collects him.",
               "expected_by_subject": "no", "inform_review_on": "2026-03-05"},
 "basis": {"article6": "6.1.e", "article6_ref": "Education Act 2002 s.175", "article9": "9.2.g", "schedule1": "S1.18",
           "schedule1_reason": "c", "confidence_gate": "overriding-public-interest"},
 "timing": {"urgency": "urgent", "concern_arose": "2026-03-03T11:20:00Z", "phoned_at": "2026-03-03T12:05:00Z", "phoned_role": "csc.front-door"}
})json";

auto parsed(std::string_view text) -> Json {
    auto json = parse_json(text);
    CG_ENSURE(json.has_value());
    return std::move(json).value();
}

}  // namespace

auto referral_case(const std::string& case_ref) -> Json {
    auto out = parsed(referral_text);
    out.set("case_ref", case_ref);
    return out;
}

auto refused_consent_case() -> Json {
    auto out = referral_case("C-refused");
    out.find("risk")->set("level", "low");
    out.find("risk")->set("significant_harm", false);
    out.set("concerns", parsed(R"json([{"id": "b1", "about": "ch1", "concerning": "p1", "category": "NEG", "kind": "fact",
        "text": "The child was late on seven days in February.", "source_role": "class teacher", "source_name": "Jo Nobody",
        "observed_on": "2026-02-27", "recorded_on": "2026-02-27", "historical": false}])json"));
    out.set("consent", parsed(R"json({"to_share": {"who": "p1", "state": "refused", "on": "2026-02-27", "method": "spoken",
        "words": "We do not want any help, thank you."}, "agreement_to_service": "declined"})json"));
    out.set("informing", parsed(R"json({"told": "p1", "why_what_how_whom": "all four", "by": "designated safeguarding lead",
        "on": "2026-02-27", "how": "meeting", "reaction": "declined", "agreement_sought": true, "agreement_result": "refused"})json"));
    return out;
}

auto consented_case() -> Json {
    auto out = refused_consent_case();
    out.set("case_ref", "C-consented");
    out.set("consent", parsed(R"json({"to_share": {"who": "p1", "state": "given", "on": "2026-02-27", "method": "written"},
        "agreement_to_service": "agreed"})json"));
    out.find("informing")->set("agreement_result", "agreed");
    return out;
}

}  // namespace cg::relay::testing
