#include "gateway/relay/corrections.hpp"

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

auto problem(std::string type, std::string pointer, std::string fix) -> Problem {
    return {std::move(type), std::move(pointer), std::move(fix), "correction"};
}

auto sent_record(const Gateway& gateway, std::string_view id_text) -> Result<ledger::DecisionRecord> {
    CG_TRY(const auto id, DecisionId::parse(id_text));
    CG_TRY(auto record, gateway.ledger().show(id));
    if (record.deliveries.empty())
        return fail(Errc::malformed, "nothing was sent",
                    {problem("correction/nothing-sent", "", "Nothing was sent by this decision: send the right one instead.")});
    return record;
}

auto correction(const Gateway& gateway, std::string_view id, const wire::Request& request, Instant now) -> Result<Pending> {
    CG_TRY(const auto body, parse_json(request.body));
    std::vector<Problem> problems;
    policy::refuse_unknown_members(body, "", {"schema", "reason", "submission"}, problems);
    if (body["schema"].text() != "correction/1")
        problems.push_back(problem("submission/schema", "/schema", "Set the schema to \"correction/1\"."));
    if (!problems.empty()) return fail(Errc::malformed, "not a correction", std::move(problems));
    CG_TRY(const auto record, sent_record(gateway, id));
    CG_TRY(auto submission, policy::parse_submission(Json{body["submission"]}));
    if (submission.purpose != record.row.purpose.str())
        return fail(Errc::malformed, "another purpose",
                    {problem("correction/other-purpose", "/submission/purpose", "Correct under the purpose of the first message.")});
    submission.recipients = corrected_recipients(record);
    submission.supersedes = record.row.id.str();
    CG_TRY(auto pending, decide_here(gateway, std::move(submission), now));
    CG_TRY(mark_as_correction(gateway, pending, body["reason"].text(), record.row.id.str()));
    pending.hold = true;
    pending.links.push_back(record.row.id.str());
    pending.dec_extra = Json::object();
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

auto corrected_recipients(const ledger::DecisionRecord& record) -> std::vector<std::string> {
    std::vector<std::string> out;
    for (const auto& delivery : record.deliveries) out.push_back(delivery.to.str());
    return out;
}

auto mark_as_correction(const Gateway& gateway, Pending& pending, std::string_view reason, std::string_view of) -> Result<> {
    CG_TRY(const auto record, sent_record(gateway, of));
    std::map<std::string, std::string> copies;
    for (const auto& delivery : record.deliveries) copies.emplace(delivery.to.str(), delivery.mid.str());
    return policy::mark_correction(pending.decision, *gateway.pack(), reason, copies);
}

void correct(const Gateway& gateway, std::string_view id, const wire::Request& request, const wire::Respond& respond) {
    record_made(gateway, request, respond, [&](Instant now) { return correction(gateway, id, request, now); });
}

void withdraw_consent(const Gateway& gateway, const wire::Request& request, const wire::Respond& respond) {
    record_made(gateway, request, respond, [&](Instant now) { return withdrawal(gateway, request, now); });
}

}  // namespace cg::relay
