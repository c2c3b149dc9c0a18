// The accuracy gate (AC-1 … AC-4, AQ-2): fact or opinion, whose, when, and why an old one still matters.
#include "policy/gate.hpp"
#include "policy/words.hpp"

#include <algorithm>
#include <array>

namespace cg::policy {
namespace {

/// Clocks differ a little; more than this into the future is an error.
constexpr std::chrono::minutes clock_tolerance{5};

void check_owner(const Json& concern, std::size_t i, Findings& findings) {
    const auto kind = concern["kind"].text();
    // AC-2: an opinion is somebody's and rests on something; what somebody said has a speaker.
    if (kind == "opinion" && is_blank(concern["source_role"]))
        findings.deny(1, "accuracy/opinion-unowned", in_item("concerns", i, "source_role"), "Say whose opinion it is.");
    if (kind == "opinion" && (is_blank(concern["opinion_basis"]) || is_unknown_word(concern["opinion_basis"].text())))
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
    // AC-3: what is old says why it still matters.
    const bool old = observed && *observed < subtract_months(today, in.purpose.history_months);
    if ((old || concern["historical"].is_true()) && is_blank(concern["historical_note"]))
        findings.deny(4, "accuracy/historical-unexplained", in_item("concerns", i, "historical_note"),
                      "This is old: say what came of it and why it still matters.");
}

/// Days that cannot lie ahead, wherever they stand.
constexpr std::array past_days{"/child/deceased_on",
                               "/child/address/checked_on",
                               "/child/views/said_on",
                               "/consent/to_share/on",
                               "/informing/on",
                               "/informing/first_contact_on",
                               "/override/capacity_assessment/on",
                               "/incident/date",
                               "/missing/last_seen_at"};
constexpr std::array past_days_of_people{"date_of_birth", "deceased_on", "contact_checked_on"};
constexpr std::array past_moments{"/timing/concern_arose", "/timing/phoned_at"};

template <class Pointer>
void check_day(const GateInput& in, const Json* value, const Pointer& pointer, Findings& findings) {
    const auto day = value == nullptr ? std::nullopt : read_date(*value);
    if (day && *day > in.today())
        findings.deny(3, "accuracy/date-in-future", pointer(), "This day has not come yet: correct it.");
}

void check_days(const GateInput& in, Findings& findings) {
    for (const auto* pointer : past_days) check_day(in, in.tree().at_pointer(pointer), [=] { return in_case(pointer); }, findings);
    for (std::size_t i = 0; i < in.facts.people.size(); ++i)
        for (const auto* leaf : past_days_of_people)
            check_day(in, in.facts.people[i].tree->find(leaf), [=] { return in_item("people", i, leaf); }, findings);
    for (const auto* pointer : past_moments) {
        const auto* value = in.tree().at_pointer(pointer);
        const auto at = value == nullptr ? std::nullopt : read_instant(*value);
        if (at && *at > in.now + clock_tolerance)
            findings.deny(3, "accuracy/date-in-future", in_case(pointer), "This moment has not come yet: correct it.");
    }
    const auto born = read_date(in.tree()["child"]["date_of_birth"]);
    if (born && *born > in.today())
        findings.deny(3, "accuracy/date-in-future", "/case/child/date_of_birth",
                      "This day has not come yet: correct it, or give the expected date in 'unborn'.");
}

/// AC-4: an old check is no fault, but somebody should look, and the recipient is told how old it is.
void check_age(const GateInput& in, const Json& day, std::string_view type, const std::string& pointer, std::string fix,
               Findings& findings) {
    const auto checked = read_date(day);
    if (checked && *checked < subtract_months(in.today(), in.pack.checked_months))
        findings.warn(5, type, pointer, std::move(fix));
}

void check_category(const GateInput& in, const Json& concern, std::size_t i, Findings& findings) {
    const auto& known = in.pack.concern_categories;
    const auto category = concern["category"].text();
    if (!known.empty() && !category.empty() && !known.contains(category))
        findings.warn(6, "adequacy/code-unknown", in_item("concerns", i, "category"),
                      "The policy has no words for this category: choose one of its list.");
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
        check_category(in, concern, i, findings);
    }
    check_days(in, findings);
    check_age(in, in.tree()["child"]["address"]["checked_on"], "accuracy/address-old", "/case/child/address/checked_on",
              "The address was last checked long ago: check it.", findings);
    for (std::size_t i = 0; i < in.facts.people.size(); ++i)
        check_age(in, (*in.facts.people[i].tree)["contact_checked_on"], "accuracy/contact-old",
                  in_item("people", i, "contact_checked_on"),
                  "This way to reach them was last checked long ago: check it.", findings);
}

}  // namespace cg::policy
