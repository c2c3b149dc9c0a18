#include "gateway/relay/corrections.hpp"

#include "gateway/relay/consultations.hpp"
#include "gateway/relay/intake.hpp"
#include "gateway/wire/problem.hpp"
#include "policy/followup.hpp"
#include "policy/members.hpp"
#include "policy/words.hpp"

#include <algorithm>
#include <map>

namespace cg::relay {
namespace {

constexpr std::size_t most_past_records = 1000;
using Copies = std::vector<std::pair<std::string, std::string>>;  ///< recipient, and the id of its copy

auto problem(std::string type, std::string pointer, std::string fix) -> Problem {
    return {std::move(type), std::move(pointer), std::move(fix), "correction"};
}

auto record_by(const Gateway& gateway, std::string_view id_text) -> Result<ledger::DecisionRecord> {
    const auto id = DecisionId::parse(id_text);
    if (!id.has_value()) return fail(Errc::not_found, "no such decision");
    return gateway.ledger().show(id.value());
}

/// The decision that this one lets go after a review, or puts right. Empty: it is the first.
auto earlier_of(const ledger::DecisionRecord& record) -> std::string_view {
    const auto reviewed = record.dec["review"]["of"].text();
    return reviewed.empty() ? record.dec["correction"]["of"].text() : reviewed;
}

/// All records of one message, the oldest first: its first decision, what a second person let go, and its corrections.
auto records_of_message(const Gateway& gateway, const ledger::DecisionRecord& any) -> Result<std::vector<ledger::DecisionRecord>> {
    auto first = any;
    for (std::size_t steps = 0; !earlier_of(first).empty() && steps < most_past_records; ++steps) {
        CG_TRY(first, record_by(gateway, earlier_of(first)));
    }
    std::vector<ledger::DecisionRecord> out{std::move(first)};
    for (std::size_t i = 0; i < out.size() && out.size() < most_past_records; ++i) {
        ledger::Query query;
        query.link = out[i].row.id.str();
        query.limit = most_past_records;
        CG_TRY(const auto rows, gateway.ledger().search(query));
        for (const auto& row : rows) {
            CG_TRY(auto record, gateway.ledger().show(row.id));
            if (earlier_of(record) == query.link) out.push_back(std::move(record));
        }
    }
    std::ranges::sort(out, {}, [](const ledger::DecisionRecord& record) { return record.row.seq; });
    return out;
}

/// Who has a copy of the message, and the id of the latest that each has.
auto copies_of(const std::vector<ledger::DecisionRecord>& records) -> Copies {
    Copies out;
    for (const auto& record : records) {
        if (record.dec.find("request") != nullptr) continue;  // asking is not telling
        for (const auto& delivery : record.deliveries) {
            const bool shared = std::ranges::any_of(record.row.recipients, [&](const auto& recipient) {
                return recipient.first == delivery.to && recipient.second == to_string(policy::Outcome::permit);
            });
            if (!shared) continue;  // a notice or a reply
            const auto to = delivery.to.str();
            const auto known = std::ranges::find(out, to, &Copies::value_type::first);
            if (known == out.end()) out.emplace_back(to, delivery.mid.str());
            else known->second = delivery.mid.str();
        }
    }
    return out;
}

auto correction(const Gateway& gateway, std::string_view id, const wire::Request& request, Instant now) -> Result<Pending> {
    CG_TRY(const auto body, parse_json(request.body));
    std::vector<Problem> problems;
    policy::refuse_unknown_members(body, "", {"schema", "reason", "submission"}, problems);
    if (body["schema"].text() != "correction/1")
        problems.push_back(problem("submission/schema", "/schema", "Set the schema to \"correction/1\"."));
    if (!problems.empty()) return fail(Errc::malformed, "not a correction", std::move(problems));
    CG_TRY(const auto record, record_by(gateway, id));
    CG_TRY(const auto records, records_of_message(gateway, record));
    const auto copies = copies_of(records);
    if (copies.empty())
        return fail(Errc::malformed, "nothing was sent",
                    {problem("correction/nothing-sent", "", "Nobody was sent anything by this decision: send the right one instead.")});
    CG_TRY(auto submission, inner_submission(gateway, body));
    if (submission.purpose != record.row.purpose.str())
        return fail(Errc::malformed, "another purpose",
                    {problem("correction/other-purpose", "/submission/purpose", "Correct under the purpose of the first message.")});
    submission.recipients.clear();
    for (const auto& [to, mid] : copies) submission.recipients.push_back(to);
    submission.supersedes = record.row.id.str();
    if (submission.advice && submission.advice->follow_up_to.empty()) submission.advice->follow_up_to = records.front().row.id.str();
    CG_TRY(begin_consultation(gateway, submission));
    CG_TRY(auto pending, decide_here(gateway, std::move(submission), now));
    keep_consultation(pending);
    CG_TRY(policy::mark_correction(pending.decision, *gateway.pack(), body["reason"].text(), {copies.begin(), copies.end()}));
    pending.hold = true;
    pending.links.push_back(record.row.id.str());
    if (!pending.dec_extra.is_object()) pending.dec_extra = Json::object();
    pending.dec_extra.set("correction", Json::object({{"of", record.row.id.str()}, {"reason", body["reason"]}}));
    ledger::NewEvent event;
    event.type = "correction/1";
    event.ref = record.row.id.str();
    event.fields = Json::object();
    event.fields.set("reason", body["reason"]);
    pending.events.push_back(std::move(event));
    return pending;
}

/// Does this record rest on the consent that was taken back: of this case, given by this person?
auto rests_on(const ledger::DecisionRecord& record, const policy::ConsentWithdrawal& withdrawal) -> bool {
    if (!record.personal || record.dec["consent"]["state"].text() != "given") return false;
    const auto& personal = *record.personal;
    return policy::same_words_form(personal["case_ref"].text()) == policy::same_words_form(withdrawal.case_ref) &&
           personal["consent"]["to_share"]["who"].text() == withdrawal.who;
}

/// Who was sent something on the strength of that consent, in any message.
auto told_on_consent(const Gateway& gateway, const policy::ConsentWithdrawal& withdrawal) -> Result<std::vector<RecipientId>> {
    ledger::Query query;
    query.subject = withdrawal.case_ref;
    query.limit = most_past_records;
    CG_TRY(const auto rows, gateway.ledger().search(query));
    std::vector<RecipientId> out;
    for (const auto& row : rows) {
        CG_TRY(const auto record, gateway.ledger().show(row.id));
        if (!rests_on(record, withdrawal)) continue;
        for (const auto& [to, outcome] : row.recipients)
            if (outcome == to_string(policy::Outcome::permit) && std::ranges::find(out, to) == out.end()) out.push_back(to);
    }
    return out;
}

auto withdrawal(const Gateway& gateway, const wire::Request& request, Instant now) -> Result<Pending> {
    CG_TRY(auto body, parse_json(request.body));
    CG_TRY(const auto parsed, policy::parse_withdrawal(std::move(body)));
    CG_TRY(const auto past, told_on_consent(gateway, parsed));
    const auto pack = gateway.pack();
    Pending out;
    CG_TRY(out.caller, own_caller(gateway, DirectoryFacts{*gateway.directory(), *pack}));
    out.submission = as_submission(parsed);
    out.decision = policy::decide_withdrawal(*pack, parsed, past, now, gateway.view_salt());
    if (past.empty())
        out.decision.warnings.push_back(problem("withdrawal/nobody-told", "/case_ref",
                                                "Nothing was ever sent on this person's consent in this case: if you expected it, "
                                                "check the case's reference and who."));
    out.personal_extra = Json::object({{"withdrawal", Json::object({{"who", parsed.who},
                                                                    {"on", parsed.on},
                                                                    {"why_not_told", parsed.why_not}})}});
    out.status = 201;
    return out;
}

}  // namespace

auto mark_as_correction(const Gateway& gateway, Pending& pending, std::string_view reason, std::string_view of) -> Result<> {
    CG_TRY(const auto record, record_by(gateway, of));
    CG_TRY(const auto records, records_of_message(gateway, record));
    const auto copies = copies_of(records);
    return policy::mark_correction(pending.decision, *gateway.pack(), reason, {copies.begin(), copies.end()});
}

auto corrected_since(const Gateway& gateway, const ledger::DecisionRecord& record) -> Result<bool> {
    CG_TRY(const auto records, records_of_message(gateway, record));
    return std::ranges::any_of(records, [&record](const ledger::DecisionRecord& later) {
        return later.row.seq > record.row.seq && later.dec.find("correction") != nullptr;
    });
}

void correct(const Gateway& gateway, std::string_view id, const wire::Request& request, const wire::Respond& respond) {
    record_made(gateway, request, respond, [&](Instant now) { return correction(gateway, id, request, now); });
}

void withdraw_consent(const Gateway& gateway, const wire::Request& request, const wire::Respond& respond) {
    record_made(gateway, request, respond, [&](Instant now) { return withdrawal(gateway, request, now); });
}

}  // namespace cg::relay
