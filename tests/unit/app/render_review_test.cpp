// What a second person sees: the question, why they are asked, what was said for it, and what would leave.
#include "gateway/app/render_review.hpp"

#include <gtest/gtest.h>

namespace cg::app {
namespace {

auto review(std::string_view submission) -> Json {
    auto out = parse_json(R"({"decision_id": "dec-aaaaaaaaaaaaaaaaaaaaaaaaaa", "due": "2026-03-04T12:00:00Z",
        "recorded": {"times": {"decided_at": "2026-03-03T12:00:00Z"}, "links": {"supersedes": null, "request": null}},
        "now": {"action": "held", "purpose": "child-in-need-referral", "instructions": [], "warnings": [],
            "recipients": [{"to": "csc.front-door@exampleshire", "outcome": "REVIEW",
                "problems": [{"type": "override/boilerplate", "pointer": "/case/override/text", "rule": "cin.override.3",
                              "fix": "You have used these very words before: say why this family, and why now."}],
                "withheld": [{"pointer": "/people/0/offences", "group": "fam_crime", "reason": "FORBIDDEN", "rule": "cin.2"}],
                "view": {"schema": "view/1", "child": {"given_names": "Wren"}}}]}})")
                   .value();
    out.set("submission", parse_json(submission).value());
    return out;
}

const auto now = parse_instant("2026-03-03T13:00:00Z").value();

TEST(RenderReview, shows_what_was_said_about_consent_and_why_it_was_overridden) {
    const auto text = render_review(review(R"({"schema": "submission/1", "actor": {"user": "u-204", "role": "lead"}, "case": {
        "consent": {"to_share": {"who": "p1", "state": "refused", "words": "We do not want any help."}},
        "informing": {"told": "none", "exception": "RISK_TO_CHILD", "exception_facts": "c2: the child names him."},
        "override": {"reason": "CHILD_HARM_LIKELY", "text": "Late on seven days and hungry each time.", "facts": ["b1", "b2"]},
        "risk": {"significant_harm": true}, "timing": {"phoned_role": "csc.front-door"}}})"), now);
    for (const char* words : {"We do not want any help.", "state: refused", "risk to child", "c2: the child names him.",
                              "child harm likely", "Late on seven days and hungry each time.", "b1, b2", "significant harm: yes", "csc.front-door",
                              "You have used these very words before", "23 h 0 min left", "family members' offences"})
        EXPECT_NE(text.find(words), std::string::npos) << words << "\n" << text;
}

TEST(RenderReview, a_decision_not_to_share_shows_the_balance_that_it_rests_on) {
    const auto text = render_review(review(R"({"schema": "no-share/1", "actor": {"user": "u-204", "role": "lead"},
        "reasons": {"codes": ["NOT_NECESSARY"], "text": "It would harm our reputation."},
        "case": {"risk": {"level": "high", "if_not_shared_person": "Further injury is likely."}}})"), now);
    for (const char* words : {"It would harm our reputation.", "level: high", "Further injury is likely."})
        EXPECT_NE(text.find(words), std::string::npos) << words << "\n" << text;
}

}  // namespace
}  // namespace cg::app
