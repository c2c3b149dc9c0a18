#include "gateway/relay/intake.hpp"

#include "gateway/relay/answer.hpp"
#include "gateway/relay/consultations.hpp"
#include "gateway/relay/drafts.hpp"
#include "gateway/relay/history.hpp"
#include "gateway/wire/problem.hpp"
#include "policy/danger.hpp"
#include "policy/decide.hpp"
#include "policy/followup.hpp"
#include "policy/members.hpp"

#include <algorithm>

namespace cg::relay {
namespace {

constexpr std::size_t most_followed = 1000;

auto read_submission(const Gateway& gateway, const wire::Request& request) -> Result<policy::Submission> {
    const auto pack = gateway.pack();
    auto document = parse_json(request.body);
    if (document.has_value()) return policy::parse_submission(*pack, std::move(document).value());
    auto error = std::move(document).error();
    error.instructions = policy::first_instructions(*pack, Json{});
    return boost::outcome_v2::failure(std::move(error));
}

auto when_told(const Json& document, Instant now) -> Result<Instant> {
    std::vector<Problem> problems;
    policy::refuse_unknown_members(document, "", {"schema", "told_at", "submission"}, problems);
    if (document["schema"].text() != "phone-share/1")
        problems.push_back({"submission/schema", "/schema", "Set the schema to \"phone-share/1\".", "phone"});
    const auto told_at = parse_instant(document["told_at"].text());
    if (!told_at.has_value() || told_at.value() > now)
        problems.push_back({"phone/time-missing", "/told_at",
                            "Say when it was told, such as 2026-03-05T14:30:00Z; not in the future.", "phone"});
    if (!problems.empty()) return fail(Errc::malformed, "not a record of a telephone call", std::move(problems));
    return told_at.value();
}

}  // namespace

auto inner_submission(const Gateway& gateway, const Json& body) -> Result<policy::Submission> {
    auto parsed = policy::parse_submission(*gateway.pack(), Json{body["submission"]});
    if (parsed.has_value()) return parsed;
    auto error = std::move(parsed).error();
    for (auto& problem : error.problems) problem.pointer = "/submission" + problem.pointer;
    return boost::outcome_v2::failure(std::move(error));
}

auto decide_here(const Gateway& gateway, policy::Submission submission, Instant now, const std::optional<DecisionId>& held)
    -> Result<Pending> {
    const auto directory = gateway.directory();
    const auto pack = gateway.pack();
    const DirectoryFacts agencies{*directory, *pack};
    CG_TRY(add_history(gateway, submission, held));
    Pending out;
    CG_TRY(out.caller, own_caller(gateway, agencies));
    out.submission = std::move(submission);
    const policy::SeenAgencies seen{agencies};
    out.decision = policy::decide(*pack, seen, out.submission, out.caller, now, gateway.view_salt());
    out.context = {seen.seen(), out.caller, out.submission.consultation, out.submission.recent_override_of,
                   out.submission.known_withdrawals, {}};
    return out;
}

// FW-9: the whole answer, nothing sent, and one event that holds no personal data.
void check(const Gateway& gateway, const wire::Request& request, const wire::Respond& respond) {
    auto submission = read_submission(gateway, request);
    if (!submission.has_value()) return respond(wire::error_response(submission.error()));
    // A follow-up is shown with the tokens of the first question; nothing is begun.
    if (submission.value().advice && !submission.value().advice->follow_up_to.empty())
        if (const auto found = begin_consultation(gateway, submission.value()); !found.has_value())
            return respond(wire::error_response(found.error()));
    const auto considered = decide_here(gateway, std::move(submission).value(), gateway.now());
    if (!considered.has_value()) return respond(wire::error_response(considered.error()));
    const auto& decision = considered.value().decision;
    gateway.observe({"gw.message.checked", {{"outcome", std::string{to_string(decision.outcome)}}, {"dry_run", "1"}}});
    respond(wire::json_response(200, policy::to_json(decision, true)));
}

void submit(const Gateway& gateway, const wire::Request& request, const wire::Respond& respond) {
    record_made(gateway, request, respond, [&](Instant now) -> Result<Pending> {
        CG_TRY(auto submission, read_submission(gateway, request));
        CG_TRY(begin_consultation(gateway, submission));
        CG_TRY(auto pending, decide_here(gateway, std::move(submission), now));
        keep_consultation(pending);
        name_draft(request, pending);
        pending.hold = true;
        return pending;
    });
}

void tell_by_phone(const Gateway& gateway, const wire::Request& request, const wire::Respond& respond) {
    record_made(gateway, request, respond, [&](Instant now) -> Result<Pending> {
        CG_TRY(auto document, parse_json(request.body));
        CG_TRY(const auto told_at, when_told(document, now));
        CG_TRY(auto submission, inner_submission(gateway, document));
        CG_TRY(begin_consultation(gateway, submission));
        CG_TRY(auto pending, decide_here(gateway, std::move(submission), now));
        keep_consultation(pending);
        policy::mark_told_by_phone(pending.decision);
        pending.dec_extra = Json::object({{"channel", "phone"}, {"told_at", to_rfc3339(told_at)}, {"recorded_late", true}});
        name_draft(request, pending);
        pending.status = 201;
        return pending;
    });
}

void message_status(const Gateway& gateway, std::string_view id, const wire::Respond& respond) {
    const auto decision = DecisionId::parse(id);
    if (!decision.has_value()) return respond(wire::problem_response("request/not-found"));
    const auto record = gateway.ledger().show(decision.value());
    if (!record.has_value()) return respond(wire::error_response(record.error()));
    ledger::Query query;
    query.link = id;
    query.limit = most_followed;
    const auto followed = gateway.ledger().search(query);
    if (!followed.has_value()) return respond(wire::error_response(followed.error()));
    const auto events = gateway.ledger().events_of(id);
    if (!events.has_value()) return respond(wire::error_response(events.error()));
    const auto duties = gateway.ledger().duties_of(id);
    if (!duties.has_value()) return respond(wire::error_response(duties.error()));
    respond(wire::json_response(200, status_body(record.value(), {followed.value(), events.value(), duties.value()})));
}

}  // namespace cg::relay
