#include "gateway/relay/intake.hpp"

#include "gateway/relay/answer.hpp"
#include "gateway/relay/seal.hpp"
#include "gateway/wire/problem.hpp"
#include "policy/decide.hpp"
#include "policy/refuse.hpp"

#include <algorithm>

namespace cg::relay {
namespace {

auto consider(const Gateway& gateway, const wire::Request& request, Instant now) -> Result<Pending> {
    CG_TRY(auto document, parse_json(request.body));
    CG_TRY(auto submission, policy::parse_submission(std::move(document)));
    return decide_here(gateway, std::move(submission), now);
}

}  // namespace

auto decide_here(const Gateway& gateway, policy::Submission submission, Instant now) -> Result<Pending> {
    const auto directory = gateway.directory();
    const auto pack = gateway.pack();
    const DirectoryFacts agencies{*directory, *pack};
    Pending out;
    CG_TRY(out.caller, own_caller(gateway, agencies));
    out.submission = std::move(submission);
    out.decision = policy::decide(*pack, agencies, out.submission, out.caller, now, gateway.view_salt());
    return out;
}

void check(const Gateway& gateway, const wire::Request& request, const wire::Respond& respond) {
    const auto considered = consider(gateway, request, gateway.now());
    if (!considered.has_value()) return respond(wire::error_response(considered.error()));
    const auto& decision = considered.value().decision;
    gateway.observe({"gw.message.checked", {{"outcome", std::string{to_string(decision.outcome)}}, {"dry_run", "1"}}});
    respond(wire::json_response(200, policy::to_json(decision, true)));
}

void submit(const Gateway& gateway, const wire::Request& request, const wire::Respond& respond) {
    record_made(gateway, request, respond, [&](Instant now) -> Result<Pending> {
        CG_TRY(auto pending, consider(gateway, request, now));
        pending.hold = true;
        return pending;
    });
}

void message_status(const Gateway& gateway, std::string_view id, const wire::Respond& respond) {
    const auto decision = DecisionId::parse(id);
    if (!decision.has_value()) return respond(wire::problem_response("request/not-found"));
    const auto record = gateway.ledger().show(decision.value());
    if (!record.has_value()) return respond(wire::error_response(record.error()));
    respond(wire::json_response(200, status_body(record.value())));
}

}  // namespace cg::relay
