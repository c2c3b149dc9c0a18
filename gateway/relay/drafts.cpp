#include "gateway/relay/drafts.hpp"

#include "gateway/relay/notes.hpp"
#include "gateway/wire/problem.hpp"
#include "policy/drafts.hpp"
#include "policy/members.hpp"
#include "policy/words.hpp"

#include <algorithm>

namespace cg::relay {
namespace {

constexpr std::size_t most_listed = 1000;
constexpr std::size_t most_told = 1'000'000;  // what nobody ever closes must not hide what became overdue after it
constexpr std::size_t longest_id = 128;

auto problem(std::string type, std::string pointer, std::string fix) -> Problem {
    return {std::move(type), std::move(pointer), std::move(fix), "duties"};
}

/// The office's own id of a draft: an opaque word, for it stands in the log.
auto is_draft_id(std::string_view id) -> bool {
    const auto fits = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    };
    return !id.empty() && id.size() <= longest_id && std::ranges::all_of(id, fits);
}

/// A text that says something: not nothing, and not white space alone.
auto says_something(const Json& value) -> bool { return !value.text().empty() && !policy::is_blank(value); }

auto actor_of(const Json& body, std::vector<Problem>& problems) -> Json {
    const auto& actor = body["actor"];
    policy::refuse_unknown_members(actor, "/actor", {"user", "role", "auth"}, problems);
    for (const char* member : {"user", "role"})
        if (!says_something(actor[member]))
            problems.push_back(problem("submission/member-missing", std::string{"/actor/"} + member, "Say who does this."));
    return actor;
}

auto draft_event(const Gateway& gateway, const Json& body, Instant now) -> Result<ledger::NewEvent> {
    std::vector<Problem> problems;
    const auto pack = gateway.pack();
    const auto id = body["id"].text();
    const auto level = body["risk_level"].text();
    policy::refuse_unknown_members(body, "", {"schema", "id", "risk_level", "actor"}, problems);
    if (body["schema"].text() != "draft/1")
        problems.push_back(problem("submission/schema", "/schema", "Set the schema to \"draft/1\"."));
    if (!is_draft_id(id))
        problems.push_back(problem("draft/id", "/id", "Give an id of letters, digits, '-' and '_' that says nothing of the case."));
    if (!policy::is_risk_level(*pack, level))
        problems.push_back(problem("draft/risk-level", "/risk_level", "Give a level of risk that the policy knows."));
    ledger::NewEvent out;
    out.type = "draft/1";
    out.ref = "draft/" + std::string{id};
    out.fields = Json::object({{"risk_level", level}});
    out.personal = Json::object({{"actor", actor_of(body, problems)}});
    if (!problems.empty()) return fail(Errc::malformed, "not a complete draft", std::move(problems));
    if (const auto by = policy::draft_by(*pack, level, now)) out.duties.push_back({"draft", *by});
    return out;
}

auto duty_json(const ledger::Duty& duty) -> Json {
    return Json::object({{"kind", duty.kind}, {"of", duty.ref}, {"due", to_rfc3339(duty.due)}});
}

auto value_of(const wire::Request& request, std::string_view name) -> std::string_view {
    for (const auto& [key, value] : request.query)
        if (key == name) return value;
    return {};
}

auto done_event(const Gateway& gateway, std::string_view id, const Json& body) -> Result<ledger::NewEvent> {
    std::vector<Problem> problems;
    const std::string kind{body["duty"].text()};
    const bool discussion = kind == "discuss-refusal";
    policy::refuse_unknown_members(body, "", {"schema", "duty", "actor", "on", "note", "with_whom"}, problems);
    if (body["schema"].text() != "done/1")
        problems.push_back(problem("submission/schema", "/schema", "Set the schema to \"done/1\"."));
    if (kind == "review")
        problems.push_back(problem("review/must-be-decided", "/duty", "Somebody else looks at it and decides: that settles it."));
    const auto on = parse_instant(body["on"].text());
    if (!on.has_value() || on.value() > gateway.now() + gateway.limits().clock_skew)
        problems.push_back(problem("case/date", "/on", "Say when, such as 2026-03-05T14:30:00Z; not in the future."));
    if (!says_something(body["note"]))
        problems.push_back(problem("submission/member-missing", "/note", "Say what was done, or what came of it."));
    if (discussion && !says_something(body["with_whom"]))  // RC-9: with whom, when, outcome
        problems.push_back(problem("refusal/not-discussed", "/with_whom", "Say with whom it was talked over."));
    auto actor = actor_of(body, problems);
    if (!problems.empty()) return fail(Errc::malformed, "not a complete entry", std::move(problems));
    CG_TRY(const auto duties, gateway.ledger().duties_of(id));
    // The first that is not done; where all are, it is written down all the same, and changes nothing.
    auto duty = std::ranges::find_if(duties, [&kind](const ledger::Duty& d) { return d.kind == kind && !d.done; });
    if (duty == duties.end()) duty = std::ranges::find(duties, kind, &ledger::Duty::kind);
    if (duty == duties.end()) return fail(Errc::not_found, "nothing of this kind is owed");
    ledger::NewEvent out;
    out.type = discussion ? "discussion/1" : "duty/1";
    out.ref = std::string{id};
    out.fields = Json::object({{"kind", kind}});
    out.fields.set("on", body["on"]);
    out.personal = Json::object({{"actor", std::move(actor)}});
    out.personal.set("note", body["note"]);
    out.personal.set("with_whom", body["with_whom"]);
    out.duties_done = {duty->id};
    return out;
}

}  // namespace

void open_draft(const Gateway& gateway, const wire::Request& request, const wire::Respond& respond) {
    const auto body = parse_json(request.body);
    if (!body.has_value()) return respond(wire::error_response(body.error()));
    if (const auto own = check_own_name(request, body.value()["actor"]["user"].text()); !own.has_value())
        return respond(wire::error_response(own.error()));
    auto event = draft_event(gateway, body.value(), gateway.now());
    if (!event.has_value()) return respond(wire::error_response(event.error()));
    auto answer = Json::object({{"draft", body.value()["id"]}});
    if (!event.value().duties.empty()) answer.set("decide_by", to_rfc3339(event.value().duties.front().due));
    note(gateway, std::move(event).value(), request, wire::json_response(201, answer), respond);
}

void delete_draft(const Gateway& gateway, std::string_view id, const wire::Request& request, const wire::Respond& respond) {
    const auto duties = gateway.ledger().duties_of("draft/" + std::string{id});
    if (!duties.has_value()) return respond(wire::error_response(duties.error()));
    const auto events = gateway.ledger().events_of("draft/" + std::string{id});
    if (!events.has_value()) return respond(wire::error_response(events.error()));
    if (events.value().empty()) return respond(wire::problem_response("request/not-found"));
    if (std::ranges::any_of(duties.value(), [](const ledger::Duty& duty) { return !duty.done; }))
        return respond(wire::problem_response("draft/decision-required"));
    ledger::NewEvent event;
    event.type = "draft/1";
    event.ref = "draft/" + std::string{id};
    event.fields = Json::object({{"deleted", true}});
    note(gateway, std::move(event), request, wire::json_response(200, Json::object({{"draft", id}, {"deleted", true}})), respond);
}

void name_draft(const wire::Request& request, Pending& pending) { pending.draft = value_of(request, "draft"); }

auto settle_draft(const Gateway& gateway, Pending& pending) -> Result<> {
    if (pending.draft.empty()) return ok();
    const auto& decision = pending.decision;
    const auto warn = [&pending](std::string type, std::string fix) {
        pending.decision.warnings.push_back({std::move(type), "", std::move(fix), "draft"});
    };
    const auto ref = "draft/" + pending.draft;
    const auto unknown = [&warn] {
        warn("draft/unknown", "No draft with this id was ever opened here: nothing was closed.");
        return ok();
    };
    if (!is_draft_id(pending.draft)) return unknown();
    CG_TRY(const auto events, gateway.ledger().events_of(ref));
    if (events.empty()) return unknown();
    pending.links.push_back(ref);
    if (!pending.dec_extra.is_object()) pending.dec_extra = Json::object();
    pending.dec_extra.set("draft", pending.draft);
    const bool shared = decision.outcome == policy::Outcome::permit && !decision.advice;
    if (!shared && decision.action != "no-share" && !pending.draft_given_up) {
        if (decision.outcome != policy::Outcome::review)
            warn("draft/still-open", "Nothing is decided by this, so the draft stays open: send it, or decide not to share.");
        return ok();
    }
    CG_TRY(const auto duties, gateway.ledger().duties_of(ref));
    for (const auto& duty : duties)
        if (!duty.done) pending.duties_done.push_back(duty.id);
    return ok();
}

void list_duties(const Gateway& gateway, const wire::Request& request, const wire::Respond& respond) {
    auto before = gateway.now();
    if (const auto text = value_of(request, "before"); !text.empty()) {
        const auto parsed = parse_instant(text);
        if (!parsed.has_value()) return respond(wire::problem_response("request/invalid"));
        before = parsed.value();
    }
    auto duties = gateway.ledger().open_duties(value_of(request, "kind"), before, most_listed + 1);
    if (!duties.has_value()) return respond(wire::error_response(duties.error()));
    const bool more = duties.value().size() > most_listed;
    if (more) duties.value().pop_back();
    auto list = Json::array();
    for (const auto& duty : duties.value()) list.push(duty_json(duty));
    respond(wire::json_response(200, Json::object({{"duties", std::move(list)}, {"more", more}})));
}

void close_duty(const Gateway& gateway, std::string_view id, const wire::Request& request, const wire::Respond& respond) {
    const auto body = parse_json(request.body);
    if (!body.has_value()) return respond(wire::error_response(body.error()));
    if (const auto own = check_own_name(request, body.value()["actor"]["user"].text()); !own.has_value())
        return respond(wire::error_response(own.error()));
    auto answer = wire::json_response(201, Json::object({{"done", body.value()["duty"]}, {"of", id}}));
    // Sent again, it must not close the next of its kind.
    const auto before = noted_before(gateway, id, request);
    if (!before.has_value()) return respond(wire::error_response(before.error()));
    if (before.value()) return respond(std::move(answer));
    auto event = done_event(gateway, id, body.value());
    if (!event.has_value()) return respond(wire::error_response(event.error()));
    note(gateway, std::move(event).value(), request, std::move(answer), respond);
}

void tell_overdue(const Gateway& gateway, std::set<std::string>& told) {
    const auto duties = gateway.ledger().open_duties({}, gateway.now(), most_told);
    if (!duties.has_value()) return;  // the ledger's own health says so
    std::set<std::string> still;
    for (const auto& duty : duties.value()) {
        still.insert(duty.id);
        if (told.contains(duty.id)) continue;
        gateway.observe({"gw.duty.overdue", {{"kind", duty.kind}, {"of", duty.ref}, {"due", to_rfc3339(duty.due)}}});
    }
    told = std::move(still);
}

}  // namespace cg::relay
