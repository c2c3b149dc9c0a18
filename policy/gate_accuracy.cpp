// The accuracy gate (AC-1 … AC-4, AQ-2): fact or opinion, whose, when, and why an old one still matters.
#include "policy/gate.hpp"
#include "policy/words.hpp"

#include <algorithm>

namespace cg::policy {
namespace {

/// Clocks differ a little; more than this into the future is an error.
constexpr std::chrono::minutes clock_tolerance{5};

void check_owner(const Json& concern, std::size_t i, Findings& findings) {
    const auto kind = concern["kind"].text();
    if (kind == "opinion" && is_blank(concern["opinion_basis"]))
        findings.deny(1, "accuracy/opinion-unowned", in_item("concerns", i, "opinion_basis"),
                      "Say what the opinion rests on.");
    if (kind == "reported" && is_blank(concern["speaker"]))
        findings.deny(1, "accuracy/opinion-unowned", in_item("concerns", i, "speaker"),
                      "Say who said it; a role will do.");
}

void check_source(const Json& concern, std::size_t i, Findings& findings) {
    constexpr std::pair<const char*, const char*> needed[] = {
        {"source_role", "Say in what role somebody saw or heard it."},
        {"observed_on", "Say when it was seen or heard."},
        {"recorded_on", "Say when it was written down."}};
    for (const auto& [leaf, fix] : needed)
        if (is_blank(concern[leaf])) findings.deny(2, "adequacy/concern-unsourced", in_item("concerns", i, leaf), fix);
}

void check_dates(const GateInput& in, const Json& concern, std::size_t i, Findings& findings) {
    const auto today = in.today();
    const auto observed = read_date(concern["observed_on"]);
    const auto recorded = read_date(concern["recorded_on"]);
    if (observed && *observed > today)
        findings.deny(3, "accuracy/date-in-future", in_item("concerns", i, "observed_on"),
                      "This day has not come yet: correct it.");
    if (recorded && *recorded > today)
        findings.deny(3, "accuracy/date-in-future", in_item("concerns", i, "recorded_on"),
                      "This day has not come yet: correct it.");
    if (observed && recorded && *recorded < *observed)
        findings.review(3, "accuracy/contradictory", in_item("concerns", i, "recorded_on"),
                        "It was written down before it was seen: correct one of the two days.");
    const bool old = observed && *observed < subtract_months(today, in.purpose.history_months);
    if ((old || concern["historical"].is_true()) && is_blank(concern["historical_note"]))
        findings.deny(4, "accuracy/historical-unexplained", in_item("concerns", i, "historical_note"),
                      "This is old: say what came of it and why it still matters.");
}

void check_moments(const GateInput& in, Findings& findings) {
    for (const auto* leaf : {"concern_arose", "phoned_at"}) {
        const auto at = read_instant(in.tree()["timing"][leaf]);
        if (at && *at > in.now + clock_tolerance)
            findings.deny(3, "accuracy/date-in-future", std::string{"/case/timing/"} + leaf,
                          "This moment has not come yet: correct it.");
    }
    const auto born = read_date(in.tree()["child"]["date_of_birth"]);
    if (born && *born > in.today())
        findings.deny(3, "accuracy/date-in-future", "/case/child/date_of_birth",
                      "This day has not come yet: correct it, or give the expected date in 'unborn'.");
}

}  // namespace

void kind_gate(const GateInput& in, Findings& findings) {
    for (std::size_t i = 0; i < in.facts.concerns.size(); ++i) {
        const auto kind = (*in.facts.concerns[i].tree)["kind"].text();
        if (std::ranges::find(in.pack.concern_kinds, kind) == in.pack.concern_kinds.end())
            findings.deny_always(1, "accuracy/kind-missing", in_item("concerns", i, "kind"),
                                 "Say whether it is a fact, an opinion, reported, or professional-judgement.");
    }
}

void accuracy_gate(const GateInput& in, Findings& findings) {
    for (std::size_t i = 0; i < in.facts.concerns.size(); ++i) {
        const auto& concern = *in.facts.concerns[i].tree;
        check_owner(concern, i, findings);
        check_source(concern, i, findings);
        check_dates(in, concern, i, findings);
    }
    check_moments(in, findings);
    const auto checked = read_date(in.tree()["child"]["address"]["checked_on"]);
    if (checked && *checked < subtract_months(in.today(), in.purpose.history_months))
        findings.warn(5, "accuracy/address-old", "/case/child/address/checked_on",
                      "The address was last checked long ago: check it.");
}

}  // namespace cg::policy
