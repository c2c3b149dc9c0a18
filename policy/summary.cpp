#include "policy/summary.hpp"

#include "policy/handling.hpp"
#include "policy/words.hpp"

#include <algorithm>
#include <array>

namespace cg::policy {
namespace {

/// Is this problem type named by a list of types and areas (`consent/`)?
auto names_type(const std::vector<std::string>& list, std::string_view type) -> bool {
    return std::ranges::any_of(list, [type](const std::string& entry) {
        return entry.ends_with('/') ? type.starts_with(entry) : type == entry;
    });
}

template <class Text>
void add_once(std::vector<std::string>& list, const Text& text) {
    if (std::ranges::find(list, text) == list.end()) list.emplace_back(text);
}

void set_refusal_codes(RecipientDecision& recipient, const CompiledPack& pack) {
    for (const auto& problem : recipient.problems)
        for (const auto& refusal : pack.refusals)
            if (names_type(refusal.problems, problem.type)) add_once(recipient.reason_codes, refusal.code);
}

template <class Map>
auto known(const Map& map, std::string_view code) -> std::string {
    return map.contains(code) ? std::string{code} : std::string{};
}
template <class... Words>
auto one_of(std::string_view text, Words... words) -> std::string {
    return ((text == words) || ...) ? std::string{text} : std::string{};
}

void set_codes(CodesUsed& out, const CompiledPack& pack, const CaseFacts& facts) {
    const auto& tree = *facts.tree;
    const auto& basis = tree["basis"];
    out.article9 = known(pack.article9, basis["article9"].text());
    out.schedule1 = known(pack.schedule1, basis["schedule1"].text());
    out.schedule1_reason = one_of(basis["schedule1_reason"].text(), "a", "b", "c");
    const auto gate = std::ranges::find(pack.confidence_gates, basis["confidence_gate"].text());
    if (gate != pack.confidence_gates.end()) out.confidence_gate = *gate;
    const auto state = std::ranges::find(pack.consent_states, facts.consent.state);
    out.consent_state = state == pack.consent_states.end() ? "not-recorded" : *state;
    out.override_reason = known(pack.overrides, tree["override"]["reason"].text());
    for (const auto code : facts.exceptions)
        if (pack.exceptions.contains(code)) out.exceptions.emplace_back(code);
    const auto said = [&facts](std::string_view word) {
        return std::ranges::find(facts.told, word) != facts.told.end();
    };
    const bool somebody = std::ranges::any_of(facts.told, [](std::string_view told) { return !is_unknown_word(told); });
    out.told = facts.told.empty() ? "not-recorded" : said("all") ? "all" : somebody ? "some" : "none";
}

void set_regimes(Decision& out, const CaseFacts& facts) {
    if (facts.living) out.regimes.emplace_back(regime_words[0]);
    if (facts.child_deceased || std::ranges::any_of(facts.people, &Person::deceased))
        out.regimes.emplace_back(regime_words[1]);
}

void set_outcome(Decision& out) {
    const auto any = [&out](Outcome outcome) {
        return std::ranges::any_of(out.recipients, [=](const auto& r) { return r.outcome == outcome; });
    };
    const auto all = [&out](Outcome outcome) {
        return std::ranges::all_of(out.recipients, [=](const auto& r) { return r.outcome == outcome; });
    };
    out.outcome = any(Outcome::permit) ? Outcome::permit : any(Outcome::review) ? Outcome::review : Outcome::deny;
    const bool whole =
        all(Outcome::permit) && std::ranges::all_of(out.recipients, [](const auto& r) { return r.withheld.empty(); });
    switch (out.outcome) {
        case Outcome::permit: out.action = whole ? "shared" : "partly-shared"; break;
        case Outcome::review: out.action = "held"; break;
        case Outcome::deny: out.action = "refused"; break;
    }
}

/// The worst result of the gates whose ids end so.
auto worst(const Decision& out, std::initializer_list<std::string_view> gates) -> std::string {
    static constexpr std::array<std::string_view, 5> results{"fail", "review", "debt", "warning", "pass"};
    auto found = results.size() - 1;
    for (const auto& rule : out.rules) {
        if (rule.result == results.back()) continue;
        const auto rank = static_cast<std::size_t>(std::ranges::find(results, rule.result) - results.begin());
        if (rank < found && std::ranges::any_of(gates, [&](auto gate) { return rule.id.ends_with(gate); })) found = rank;
    }
    return std::string{results[found]};
}

/// A test that holds by construction, and what it kept back: everything else is withheld leaf by leaf.
auto held_back(const Decision& out, std::initializer_list<WithheldReason> reasons) -> std::string {
    std::size_t count = 0;
    for (const auto& recipient : out.recipients)
        count += static_cast<std::size_t>(std::ranges::count_if(recipient.withheld, [reasons](const Withheld& leaf) {
            return std::ranges::find(reasons, leaf.reason) != reasons.end();
        }));
    return "pass: " + std::to_string(count) + " held back";
}

/// IT-4: the local protocol is that of the child's home authority, and no other area's.
void cite_documents(Decision& out, const CompiledPack& pack, std::string_view home) {
    const auto area = pack.areas.find(home);
    if (area != pack.areas.end()) out.protocol = area->second.protocol;
    const auto other_area = [&](const std::string& document) {
        return document != out.protocol && std::ranges::any_of(pack.areas, [&document](const auto& entry) {
                   return entry.second.protocol == document;
               });
    };
    for (const auto& document : pack.documents)
        if (!other_area(document)) out.documents.push_back(document);
}

}  // namespace

void set_what_would_change(Decision& out, const CompiledPack& pack) {
    out.what_would_change.clear();
    for (const auto& recipient : out.recipients) {
        for (const auto& problem : recipient.problems) {
            const auto it = pack.what_would_change.find(problem.type);
            if (it == pack.what_would_change.end())
                add_once(out.what_would_change, problem.fix);
            else
                for (const auto& words : it->second) add_once(out.what_would_change, words);
        }
    }
}

void start_decision(Decision& out, const CompiledPack& pack, const Purpose* purpose, const Submission& submission,
                    Instant now) {
    out.purpose = submission.purpose;
    out.pack = {pack.id, pack.version, pack.hash};
    out.urgency = submission.urgency;
    out.decided_at = now;
    cite_documents(out, pack, submission.case_tree["home_authority"].text());
    out.policy_document = pack.policy_document;
    out.rules_edition = pack.rules_edition;
    if (purpose == nullptr) return;
    out.agreement = purpose->agreement;
    out.procedure = purpose->procedure;
    out.retention = {purpose->retention_class, purpose->retention_anchor, purpose->retention_period,
                     purpose->retention_then};
}

namespace {

/// What was meant as a link and is none leads nowhere: whoever wrote it is told.
void warn_of_lost_links(Decision& out, const Submission& s) {
    for (const auto& [member, link] :
         {std::pair{"/follow_up_to", &s.follow_up_to}, std::pair{"/request", &s.request},
          std::pair{"/supersedes", &s.supersedes}, std::pair{"/converted_from", &s.converted_from},
          std::pair{"/advice_of", &s.advice_of}})
        if (!link->empty() && !is_link(*link))
            out.warnings.push_back({"link/not-an-id", member,
                                    "Give the id of the decision (dec-…), message (msg-…) or consultation (k-…): nothing "
                                    "was linked.",
                                    ""});
}

}  // namespace

void finish_decision(Decision& out, const CompiledPack& pack, const CaseFacts& facts, const Submission& submission) {
    for (auto& test : out.tests)
        if (test.empty()) test = "not-tested";
    for (auto& recipient : out.recipients) set_refusal_codes(recipient, pack);
    set_codes(out.codes, pack, facts);
    set_regimes(out, facts);
    set_outcome(out);
    set_what_would_change(out, pack);
    warn_of_lost_links(out, submission);
    const bool danger = (*facts.tree)["risk"]["immediate_danger"].is_true() || submission.urgency == "emergency";
    if (danger) out.instructions.push_back(pack.danger_text);  // SW-4: first in every answer, whatever it says
    const bool refused =
        std::ranges::any_of(out.recipients, [](const auto& r) { return r.outcome != Outcome::permit; });
    if (refused) out.instructions.push_back(pack.refusal_instruction);
    if (refused && out.outcome == Outcome::permit)
        out.warnings.push_back(
            {"recipient/not-all", "/recipients", "Not every recipient gets this: see the answer for each.", ""});
}

void add_warnings(std::vector<Problem>& to, std::vector<Problem> from) {
    for (auto& problem : from)
        if (std::ranges::find(to, problem) == to.end()) to.push_back(std::move(problem));
}

namespace {

/// OP-7: not telling somebody is looked at again, once on each day that was named.
void inform_reviews(Decision& out, const Json& informing) {
    std::vector<Date> days;
    const auto note = [&days](const Json& record) {
        const auto day = read_date(record["inform_review_on"]);
        if (day && std::ranges::find(days, *day) == days.end()) days.push_back(*day);
    };
    note(informing);
    if (const auto* people = informing["people"].if_array()) std::ranges::for_each(*people, note);
    std::ranges::sort(days);
    for (const auto day : days)
        out.obligations.push_back(
            {"inform-review", Instant{std::chrono::sys_days{day}}, "Look again at whether the family can be told."});
}

}  // namespace

auto purpose_for(const CompiledPack& pack, std::string_view id, const AgencyId& sender) -> const Purpose* {
    if (const auto own = pack.overlays.find(sender.str()); own != pack.overlays.end())
        if (const auto narrowed = own->second.purposes.find(id); narrowed != own->second.purposes.end())
            return &narrowed->second;
    const auto it = pack.purposes.find(id);
    return it == pack.purposes.end() ? nullptr : &it->second;
}

void sender_obligations(Decision& out, const Purpose& purpose, const CompiledPack& pack, const Json& case_tree) {
    if (std::ranges::any_of(out.recipients, [](const auto& r) { return r.outcome == Outcome::permit; }))
        sharing_obligations(out, purpose, pack, case_tree);
    inform_reviews(out, case_tree["informing"]);
}

void sharing_obligations(Decision& out, const Purpose& purpose, const CompiledPack& pack, const Json& case_tree) {
    if (purpose.acknowledge_within) {
        out.ack_by = add(out.decided_at, *purpose.acknowledge_within, pack.holidays);
        out.obligations.push_back({"ack-by", out.ack_by, "Expect an acknowledgement by then; ask if none comes."});
    }
    // IT-1: unscheduled care is told of, and so is a look-up that does not say; planned care is not.
    if (purpose.lookup && case_tree.find("query") != nullptr) {
        const auto setting = case_tree["query"]["care_setting"].text();
        if (std::ranges::find(purpose.lookup->not_notified, setting) == purpose.lookup->not_notified.end())
            out.obligations.push_back({"notify-authority", std::nullopt, purpose.lookup->notice});
    }
}

void recipient_obligations(RecipientDecision& recipient, const Purpose& purpose, const CompiledPack& pack,
                           const CaseFacts& facts, Instant now, std::optional<Instant> complete_by,
                           const Projection& projection) {
    auto& out = recipient.obligations;
    if (has_do_not_inform(purpose, facts))
        out.push_back(
            {"do-not-inform", std::nullopt, "Do not tell the people listed in 'handling' about this message."});
    if (projection.protected_person_hidden ||
        std::ranges::any_of(facts.people, [](const Person& person) { return person.identity_protected; }))
        out.push_back(
            {"protect-identity", std::nullopt, "Do not disclose, or try to find out, who asked to be protected."});
    if (purpose.onward == "ask-sender")
        out.push_back({"ask-sender", std::nullopt, "Ask the sender before passing this on."});
    if (purpose.onward == "no-onward") out.push_back({"no-onward", std::nullopt, "Do not pass this on."});
    if (purpose.acknowledge_within)
        out.push_back({"ack-by", add(now, *purpose.acknowledge_within, pack.holidays), "Acknowledge this message."});
    for (const auto& follow_up : purpose.follow_ups)
        if (std::ranges::find(follow_up.roles, recipient.to.role.str()) != follow_up.roles.end())
            out.push_back(
                {follow_up.type,
                 follow_up.within ? std::optional{add(now, *follow_up.within, pack.holidays)} : std::nullopt,
                 follow_up.text});
    if (complete_by)
        out.push_back(
            {"complete-by", complete_by, "The sender completes this by then; do not read a gap as 'nothing known'."});
}

void describe_tests(Decision& out, const GateInput& input) {
    using enum WithheldReason;
    const auto typed =
        static_cast<std::size_t>(std::ranges::count_if(input.facts.concerns, [&](const Concern& concern) {
            return std::ranges::find(input.pack.concern_kinds, (*concern.tree)["kind"].text()) !=
                   input.pack.concern_kinds.end();
        }));
    const auto explained = std::ranges::count_if(
        input.facts.concerns, [](const Concern& concern) { return !is_blank((*concern.tree)["historical_note"]); });
    const auto level = input.tree()["risk"]["level"].text();
    const bool known_level = std::ranges::find(input.pack.risk_levels, level) != input.pack.risk_levels.end();
    const bool projected = std::ranges::any_of(out.recipients, [](const auto& r) { return !r.purpose_label.empty(); });
    const std::string by_default = projected ? "pass" : "not-tested";
    out.tests = {
        projected ? held_back(out, {not_necessary, forbidden, purpose_incompatible}) : by_default,
        (projected ? held_back(out, {condition_not_met}) : by_default) +
            (known_level ? ", risk " + std::string{level} : ""),
        projected ? held_back(out, {third_party_not_relevant, not_about_this_child, sensitive_tag_not_allowed,
                                    identity_protected})
                  : by_default,
        projected ? worst(out, {"adequacy", "voice"}) : by_default,
        worst(out, {".kind", ".accuracy", ".contradiction", ".contact"}) + ": " + std::to_string(typed) + " of " +
            std::to_string(input.facts.concerns.size()) + " concerns typed, " + std::to_string(explained) +
            " historical explained",
        out.late                                ? "late"
        : has_limit(input) && !send_by(input) ? "not-tested: it is not written down when the concern arose"
                                              : "pass",
        "pass",  // secure: nothing leaves but sealed to the recipient's key
        "pass",  // recorded: nothing leaves before the record is durable
    };
}

}  // namespace cg::policy
