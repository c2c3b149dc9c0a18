#include "gateway/relay/consultations.hpp"

#include "crypto/secret.hpp"
#include "gateway/relay/intake.hpp"
#include "gateway/relay/notes.hpp"
#include "policy/danger.hpp"
#include "policy/followup.hpp"
#include "policy/members.hpp"
#include "policy/words.hpp"

#include <algorithm>
#include <map>

namespace cg::relay {
namespace {

constexpr std::size_t secret_bytes = 32;

auto problem(std::string type, std::string pointer, std::string fix) -> Problem {
    return {std::move(type), std::move(pointer), std::move(fix), "advice"};
}

auto is_consultation(const ledger::DecisionRecord& record) -> bool {
    return record.personal && record.personal->find("consultation") != nullptr;
}

/// The consultation's own record, by its id `k-…` or by the decision's.
auto find_consultation(const Gateway& gateway, std::string_view id, std::string_view pointer) -> Result<ledger::DecisionRecord> {
    const auto unknown = [pointer] {
        return fail(Errc::malformed, "no such consultation",
                    {problem("advice/unknown-consultation", std::string{pointer}, "Name a consultation of yours.")});
    };
    if (const auto decision = DecisionId::parse(id); decision.has_value()) {
        auto record = gateway.ledger().show(decision.value());
        if (record.has_value() && is_consultation(record.value())) return record;
        return unknown();
    }
    ledger::Query query;
    query.link = id;
    CG_TRY(const auto rows, gateway.ledger().search(query));
    for (const auto& row : rows) {
        CG_TRY(auto record, gateway.ledger().show(row.id));
        if (is_consultation(record)) return record;
    }
    return unknown();
}

/// Who was called what in the questions so far; the first that was said holds.
auto tokens_so_far(const Gateway& gateway, std::string_view consultation) -> Result<std::map<std::string, std::string>> {
    ledger::Query query;
    query.link = consultation;
    CG_TRY(auto rows, gateway.ledger().search(query));
    std::ranges::sort(rows, {}, &ledger::DecisionRow::seq);
    std::map<std::string, std::string> out;
    for (const auto& row : rows) {
        CG_TRY(const auto record, gateway.ledger().show(row.id));
        if (!record.personal) continue;
        const auto* tokens = (*record.personal)["token_map"]["tokens"].if_array();
        if (tokens == nullptr) continue;
        for (const auto& one : *tokens)
            if (!one["id"].text().empty()) out.emplace(one["id"].text(), one["token"].text());
    }
    return out;
}

auto advice_event(std::string_view id, const Json& body) -> Result<ledger::NewEvent> {
    std::vector<Problem> problems;
    policy::refuse_unknown_members(body, "", {"schema", "adviser", "on", "advice", "actor"}, problems);
    policy::refuse_unknown_members(body["adviser"], "/adviser", {"role", "organisation"}, problems);
    policy::refuse_unknown_members(body["actor"], "/actor", {"user", "role", "auth"}, problems);
    if (body["schema"].text() != "advice-record/1")
        problems.push_back(problem("submission/schema", "/schema", "Set the schema to \"advice-record/1\"."));
    for (const char* pointer : {"/adviser/role", "/adviser/organisation", "/on", "/advice", "/actor/user", "/actor/role"}) {
        const auto* value = body.at_pointer(pointer);
        if (value == nullptr || value->text().empty() || policy::is_blank(*value))
            problems.push_back(problem("submission/member-missing", pointer, "Add this member; it is a text."));
    }
    if (!body["on"].text().empty() && !parse_instant(body["on"].text()).has_value())
        problems.push_back(problem("case/date", "/on", "Say when, such as 2026-03-05T14:30:00Z."));
    const auto organisation = body["adviser"]["organisation"].text();
    const auto role = body["adviser"]["role"].text();
    if (!organisation.empty() && !AgencyId::parse(organisation).has_value())
        problems.push_back(problem("recipient/unknown", "/adviser/organisation", "Give the organisation's id in the directory."));
    if (!role.empty() && !RoleId::parse(role).has_value())
        problems.push_back(problem("recipient/unknown", "/adviser/role", "Give the role's id, such as csc.front-door."));
    if (!problems.empty()) return fail(Errc::malformed, "not complete", std::move(problems));
    ledger::NewEvent out;
    out.type = "advice/1";
    out.ref = std::string{id};
    out.fields = Json::object({{"role", role}, {"organisation", organisation}, {"on", body["on"]}});
    out.personal = Json::object({{"advice", body["advice"]}, {"actor", body["actor"]}});
    return out;
}

auto outcome_event(const ledger::DecisionRecord& record, const Json& body) -> Result<ledger::NewEvent> {
    std::vector<Problem> problems;
    policy::refuse_unknown_members(body, "", {"schema", "mid", "outcome", "on", "actor"}, problems);
    policy::refuse_unknown_members(body["actor"], "/actor", {"user", "role", "auth"}, problems);
    if (body["schema"].text() != "outcome-record/1")
        problems.push_back(problem("submission/schema", "/schema", "Set the schema to \"outcome-record/1\"."));
    const auto mid = body["mid"].text();
    if (std::ranges::none_of(record.deliveries, [mid](const ledger::Delivery& d) { return d.mid.str() == mid; }))
        problems.push_back(problem("outcome/other-message", "/mid", "Name the copy that the outcome is about: the reply says it."));
    const auto code = body["outcome"].text();
    const auto plain = [](char c) { return (c >= 'A' && c <= 'Z') || c == '_'; };
    if (code.empty() || code.size() > 64 || !std::ranges::all_of(code, plain))
        problems.push_back(problem("outcome/unknown", "/outcome", "Give the outcome's code, as the reply says it."));
    if (!parse_instant(body["on"].text()).has_value())
        problems.push_back(problem("case/date", "/on", "Say when, such as 2026-03-05T14:30:00Z."));
    for (const char* member : {"user", "role"})
        if (body["actor"][member].text().empty())
            problems.push_back(problem("submission/member-missing", std::string{"/actor/"} + member, "Say who records this."));
    if (!problems.empty()) return fail(Errc::malformed, "not complete", std::move(problems));
    ledger::NewEvent out;
    out.type = "outcome/1";
    out.ref = record.row.id.str();
    out.fields = Json::object({{"mid", mid}, {"outcome", code}, {"on", body["on"]}});
    out.personal = Json::object({{"actor", body["actor"]}, {"kind", "outcome"}});
    return out;
}

/// Once, however often the same words come.
void note_once(const Gateway& gateway, ledger::NewEvent event, const wire::Request& request, const wire::Respond& respond) {
    auto answer = wire::json_response(201, Json::object({{"of", event.ref}, {"recorded", true}}));
    const auto before = noted_before(gateway, event.ref, request);
    if (!before.has_value()) return respond(wire::error_response(before.error()));
    if (before.value()) return respond(std::move(answer));
    note(gateway, std::move(event), request, std::move(answer), respond);
}

void make_object(Json& value) {
    if (!value.is_object()) value = Json::object();
}

/// AD-8: what was said, for the record of the decision that follows.
auto carry_advice(const Gateway& gateway, const ledger::DecisionRecord& consultation, Pending& pending) -> Result<> {
    CG_TRY(const auto events, gateway.ledger().events_of(consultation.row.id.str()));
    const auto& named = (*consultation.personal)["consultation"]["id"];
    auto open = Json::array();
    auto personal = Json::array();
    for (const auto& event : events) {
        if (event.type != "advice/1") continue;
        auto said = Json::object();
        said.set("consultation", named);
        for (const char* member : {"role", "organisation", "on"}) said.set(member, event.fields[member]);
        open.push(Json{said});
        if (event.personal) said.set("advice", (*event.personal)["advice"]);
        personal.push(std::move(said));
    }
    make_object(pending.dec_extra);
    make_object(pending.personal_extra);
    pending.dec_extra.set("advice_sought", std::move(open));
    pending.personal_extra.set("advice_sought", std::move(personal));
    return ok();
}

auto conversion(const Gateway& gateway, std::string_view id, const wire::Request& request, Instant now) -> Result<Pending> {
    CG_TRY(const auto consultation, find_consultation(gateway, id, ""));
    CG_TRY(auto document, parse_json(request.body));
    CG_TRY(auto submission, policy::parse_submission(*gateway.pack(), std::move(document)));
    submission.converted_from = consultation.row.id.str();
    CG_TRY(auto pending, decide_here(gateway, std::move(submission), now));
    pending.hold = true;
    return pending;
}

}  // namespace

auto note_conversion(const Gateway& gateway, Pending& pending) -> Result<> {
    if (pending.decision.advice)
        return fail(Errc::malformed, "advice again",
                    {problem("advice/identity-requires-conversion", "/purpose", "Convert to the purpose that the referral has.")});
    CG_TRY(const auto consultation, find_consultation(gateway, pending.submission.converted_from, "/converted_from"));
    const auto& first = consultation.row.id.str();
    pending.links.push_back(first);
    pending.links.emplace_back((*consultation.personal)["consultation"]["id"].text());
    CG_TRY(carry_advice(gateway, consultation, pending));
    if (pending.decision.outcome != policy::Outcome::permit) return ok();
    policy::mark_converted(pending.decision);
    auto told = Json::array();
    for (const auto& recipient : pending.decision.recipients)
        if (recipient.outcome == policy::Outcome::permit) told.push(Json{recipient.to.str()});
    pending.dec_extra.set("identity_disclosed_to", std::move(told));
    ledger::NewEvent event;
    event.type = "converted/1";
    event.ref = first;
    event.fields = Json::object();
    pending.events.push_back(std::move(event));
    return ok();
}

auto note_advice(const Gateway& gateway, Pending& pending) -> Result<> {
    const auto& of = pending.submission.advice_of;
    if (of.empty() || pending.dec_extra.find("advice_sought") != nullptr) return ok();
    const auto consultation = find_consultation(gateway, of, "/advice_of");
    if (consultation.has_value()) return carry_advice(gateway, consultation.value(), pending);
    if (consultation.error().code != Errc::malformed) return fail(consultation.error());
    const auto& problems = consultation.error().problems;
    pending.decision.warnings.insert(pending.decision.warnings.end(), problems.begin(), problems.end());
    return ok();
}

auto begin_consultation(const Gateway& gateway, policy::Submission& submission) -> Result<> {
    if (!submission.advice) return ok();
    const auto& earlier = submission.advice->follow_up_to;
    if (earlier.empty()) {
        submission.consultation = {crypto::random_id("k-"), crypto::random_bytes(secret_bytes), {}};
        return ok();
    }
    CG_TRY(const auto record, find_consultation(gateway, earlier, "/advice/follow_up_to"));
    const auto& kept = (*record.personal)["consultation"];
    auto secret = from_hex(kept["secret"].text());
    if (secret.has_error()) return fail(Errc::corrupt, "a consultation's secret is not readable");
    CG_TRY(auto tokens, tokens_so_far(gateway, kept["id"].text()));
    submission.consultation = {std::string{kept["id"].text()}, std::move(secret).value(), std::move(tokens)};
    return ok();
}

void keep_consultation(Pending& pending) {
    const auto& consultation = pending.submission.consultation;
    if (!pending.decision.advice || consultation.id.empty()) return;
    pending.links.push_back(consultation.id);
    if (!pending.personal_extra.is_object()) pending.personal_extra = Json::object();
    pending.personal_extra.set("consultation",
                               Json::object({{"id", consultation.id}, {"secret", to_hex(consultation.secret)}}));
}

void record_advice(const Gateway& gateway, std::string_view id, const wire::Request& request, const wire::Respond& respond) {
    const auto body = parse_json(request.body);
    if (!body.has_value()) return respond(wire::error_response(body.error()));
    const auto consultation = find_consultation(gateway, id, "");
    if (!consultation.has_value()) return respond(wire::error_response(consultation.error()));
    if (const auto own = check_own_name(request, body.value()["actor"]["user"].text()); !own.has_value())
        return respond(wire::error_response(own.error()));
    auto event = advice_event(consultation.value().row.id.str(), body.value());
    if (!event.has_value()) return respond(wire::error_response(event.error()));
    note_once(gateway, std::move(event).value(), request, respond);
}

void record_outcome(const Gateway& gateway, std::string_view id, const wire::Request& request, const wire::Respond& respond) {
    const auto body = parse_json(request.body);
    if (!body.has_value()) return respond(wire::error_response(body.error()));
    const auto decision = DecisionId::parse(id);
    if (!decision.has_value()) return respond(wire::problem_response("request/not-found"));
    const auto record = gateway.ledger().show(decision.value());
    if (!record.has_value()) return respond(wire::error_response(record.error()));
    if (const auto own = check_own_name(request, body.value()["actor"]["user"].text()); !own.has_value())
        return respond(wire::error_response(own.error()));
    auto event = outcome_event(record.value(), body.value());
    if (!event.has_value()) return respond(wire::error_response(event.error()));
    note_once(gateway, std::move(event).value(), request, respond);
}

void convert(const Gateway& gateway, std::string_view id, const wire::Request& request, const wire::Respond& respond) {
    record_made(gateway, request, respond, [&](Instant now) { return conversion(gateway, id, request, now); });
}

}  // namespace cg::relay
