#include "policy/followup.hpp"

#include "policy/compiled.hpp"
#include "policy/members.hpp"
#include "policy/reference.hpp"
#include "policy/summary.hpp"
#include "policy/uk_time.hpp"
#include "policy/words.hpp"

#include <algorithm>
#include <array>

namespace cg::policy {
namespace {

auto same_place(const Problem& a, const Problem& b) -> bool {
    return a.type == b.type && a.pointer == b.pointer;
}

void settle(Decision& decision, std::string_view action_of_permit) {
    const auto any = [&decision](Outcome outcome) {
        return std::ranges::any_of(decision.recipients, [outcome](const auto& r) { return r.outcome == outcome; });
    };
    decision.outcome = any(Outcome::permit) ? Outcome::permit : any(Outcome::review) ? Outcome::review : Outcome::deny;
    decision.action = any(Outcome::permit) ? std::string{action_of_permit} : any(Outcome::review) ? "held" : "refused";
}

void move_problems(std::vector<Problem>& from, std::vector<Problem>& to) {
    for (auto& problem : from)
        if (std::ranges::find(to, problem) == to.end()) to.push_back(std::move(problem));
    from.clear();
}

/// Nothing leaves to this recipient, not even a notice.
void refuse(RecipientDecision& recipient, Problem problem) {
    recipient.outcome = Outcome::deny;
    recipient.view = Json{};
    recipient.reply = Json{};
    recipient.released.clear();
    recipient.obligations.clear();
    recipient.conditions_met.clear();
    recipient.problems.push_back(std::move(problem));
}

auto fault(std::string type, std::string pointer, std::string fix) -> Problem {
    return {std::move(type), std::move(pointer), std::move(fix), "consent.withdrawal"};
}

}  // namespace

auto waits_for_a_person(const Decision& decision) -> bool {
    if (decision.advice) return false;  // AD-4: what may identify is ticked item by item, by whoever sends it again
    return decision.outcome == Outcome::review ||
           std::ranges::any_of(decision.recipients, [](const auto& r) { return r.outcome == Outcome::review; });
}

auto review_by(const Pack& pack, Instant held_at) -> std::optional<Instant> {
    const auto& within = pack.compiled().answers.review_within;
    return within ? std::optional{add(held_at, *within, pack.compiled().holidays)} : std::nullopt;
}

void keep_recipients(Decision& decision, const std::vector<std::string>& kept) {
    std::erase_if(decision.recipients, [&kept](const RecipientDecision& recipient) {
        return std::ranges::find(kept, recipient.to_text) == kept.end();
    });
    settle(decision, "partly-shared");
}

void release_reviewed(Decision& decision, const std::vector<Problem>& seen, const Pack& whole, const Submission& submission,
                      const Caller& caller) {
    const auto& pack = whole.compiled();
    const bool left_at_once = decision.outcome == Outcome::permit;
    const auto was_seen = [&seen](const Problem& problem) {
        return std::ranges::any_of(seen, [&problem](const Problem& one) { return same_place(one, problem); });
    };
    for (auto& recipient : decision.recipients) {
        if (recipient.outcome != Outcome::review) continue;
        if (!std::ranges::all_of(recipient.problems, was_seen)) {
            refuse(recipient, {"review/changed", "",
                               "The policy has changed since this was handed in, and asks about something that nobody has looked "
                               "at: hand it in again.",
                               "review.2"});
            continue;
        }
        recipient.outcome = Outcome::permit;
        recipient.reason_codes.clear();
        move_problems(recipient.problems, decision.warnings);
    }
    settle(decision, "partly-shared");
    set_what_would_change(decision, pack);
    if (decision.outcome != Outcome::permit) return;
    const auto* purpose = purpose_for(pack, submission.purpose, caller.agency);
    if (!left_at_once && purpose != nullptr) sharing_obligations(decision, *purpose, pack, submission.case_tree);
}

void refuse_reviewed(Decision& decision) {
    for (auto& recipient : decision.recipients)
        refuse(recipient, {"review/refused", "", "A second person decided against it: see the reasons in the record.", "review.1"});
    std::erase_if(decision.obligations, [](const Obligation& owed) { return owed.type != "inform-review"; });
    decision.ack_by.reset();
    settle(decision, "partly-shared");
}

auto not_decidable(const Pack& whole, const Submission& submission, const std::vector<Problem>& problems, Instant now) -> Decision {
    const auto& pack = whole.compiled();
    const auto purpose = pack.purposes.find(submission.purpose);
    Decision out;
    start_decision(out, pack, purpose == pack.purposes.end() ? nullptr : &purpose->second, submission, now);
    out.problems = problems;
    for (const auto& text : submission.recipients) {
        auto& recipient = out.recipients.emplace_back();
        recipient.to_text = text;
        if (auto to = RecipientId::parse(text)) recipient.to = std::move(to).value();
        recipient.problems = problems;
    }
    finish_decision(out, pack, read_case_facts(submission.case_tree, uk_date(now)), submission);
    return out;
}

auto mark_correction(Decision& decision, const Pack& whole, std::string_view code,
                     const std::map<std::string, std::string>& copies) -> Result<> {
    const auto& answers = whole.compiled().answers;
    const auto words = answers.corrections.find(code);
    if (words == answers.corrections.end())
        return fail(Errc::malformed, "no such reason for a correction",
                    {{"correction/reason-unknown", "/reason", "Choose a reason for corrections that the policy lists.",
                      "correction.1"}});
    for (auto& recipient : decision.recipients) {
        const auto copy = copies.find(recipient.to_text);
        if (copy == copies.end()) continue;
        if (recipient.outcome == Outcome::permit) {
            recipient.view.set("correction", Json::object({{"of", copy->second}, {"reason", code}, {"said", words->second}}));
        } else {
            recipient.reply = Json::object(
                {{"schema", "correction-notice/1"}, {"of", copy->second}, {"said", answers.correction_notice}});
            if (recipient.purpose_label.empty()) recipient.purpose_label = "answer";
        }
    }
    mark_corrected(decision);
    return ok();
}

void mark_corrected(Decision& decision) {
    if (decision.outcome == Outcome::permit) decision.action = "corrected";
}

void mark_converted(Decision& decision) {
    if (decision.outcome == Outcome::permit) decision.action = "converted";
}

auto parse_withdrawal(Json document) -> Result<ConsentWithdrawal> {
    std::vector<Problem> problems;
    ConsentWithdrawal out;
    const auto text = [&](const Json& from, std::string_view base, std::string_view name) -> std::string {
        const auto value = from[name].text();
        if (value.empty())
            problems.push_back(fault("submission/member-missing", std::string{base} + "/" + std::string{name},
                                     "Add this member; it is a text."));
        return std::string{value};
    };
    refuse_unknown_members(document, "", {"schema", "actor", "case_ref", "who", "on", "notify", "why_not"}, problems);
    refuse_unknown_members(document["actor"], "/actor", {"user", "role", "auth"}, problems);
    if (document["schema"].text() != "withdrawal/1")
        problems.push_back(fault("submission/schema", "/schema", "Set the schema to \"withdrawal/1\"."));
    out.actor = {text(document["actor"], "/actor", "user"), text(document["actor"], "/actor", "role"),
                 text(document["actor"], "/actor", "auth")};
    out.case_ref = text(document, "", "case_ref");
    out.who = text(document, "", "who");
    out.on = text(document, "", "on");
    if (!out.on.empty() && !read_date(document["on"]))
        problems.push_back(fault("case/date", "/on", "Write the day as YYYY-MM-DD."));
    const auto* notify = document.find("notify");
    out.notify = notify == nullptr || notify->is_true();
    if (notify != nullptr && !notify->is_bool())
        problems.push_back(fault("submission/wrong-type", "/notify", "Give true or false here."));
    out.why_not = document["why_not"].text();
    if (!out.notify && is_blank(document["why_not"]))
        problems.push_back(fault("submission/member-missing", "/why_not",
                                 "Say why past recipients are not told: telling them would be unsafe for whom?"));
    if (!problems.empty()) return fail(Errc::malformed, "not a complete withdrawal", std::move(problems));
    return out;
}

auto as_submission(const ConsentWithdrawal& withdrawal) -> Submission {
    Submission out;
    out.purpose = "consent-withdrawal";
    out.actor = withdrawal.actor;
    out.urgency = "routine";
    out.case_tree = Json::object({{"schema", "case/1"},
                                  {"case_ref", withdrawal.case_ref},
                                  {"consent", Json::object({{"to_share", Json::object({{"who", withdrawal.who},
                                                                                       {"state", "withdrawn"},
                                                                                       {"on", withdrawal.on}})}})}});
    return out;
}

auto decide_withdrawal(const Pack& whole, const ConsentWithdrawal& withdrawal, const std::vector<RecipientId>& past, Instant now,
                       ByteView view_salt) -> Decision {
    const auto& pack = whole.compiled();
    Decision out;
    out.purpose = "consent-withdrawal";
    out.pack = {pack.id, pack.version, pack.hash};
    out.urgency = "routine";
    out.decided_at = now;
    out.documents = pack.documents;
    out.rules_edition = pack.rules_edition;
    out.codes.consent_state = "withdrawn";
    out.codes.told = "not-recorded";
    const auto& kept = pack.answers;
    out.retention = {kept.retention_class, kept.retention_anchor, kept.retention_period, kept.retention_then};
    for (const auto& to : past) {
        auto& recipient = out.recipients.emplace_back();
        recipient.to_text = to.str();
        recipient.to = to;
        recipient.outcome = Outcome::deny;
        recipient.purpose_label = "answer";
        if (withdrawal.notify)
            recipient.reply =
                Json::object({{"schema", "consent-notice/1"},
                              {"case_ref", pairwise_reference(view_salt, to.str(), withdrawal.case_ref, "r-")},
                              {"withdrawn_on", withdrawal.on},
                              {"said", pack.answers.withdrawal_notice}});
    }
    out.outcome = Outcome::deny;
    out.action = "consent-withdrawn";
    out.tests.fill("not-tested");
    return out;
}

void mark_told_by_phone(Decision& decision) {
    for (auto& recipient : decision.recipients) {
        recipient.outcome = Outcome::permit;
        recipient.view = Json{};
        move_problems(recipient.problems, decision.warnings);
        recipient.reason_codes.clear();
    }
    decision.outcome = Outcome::permit;
    decision.action = "shared-by-phone";
    decision.what_would_change.clear();
}

}  // namespace cg::policy
