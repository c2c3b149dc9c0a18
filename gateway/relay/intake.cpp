#include "gateway/relay/intake.hpp"

#include "gateway/relay/answer.hpp"
#include "gateway/relay/seal.hpp"
#include "gateway/wire/problem.hpp"
#include "policy/decide.hpp"
#include "policy/refuse.hpp"

#include <algorithm>

namespace cg::relay {
namespace {

/// What was asked and what was decided, before anything is sealed.
struct Considered {
    policy::Submission submission;
    policy::Caller caller;
    policy::Decision decision;
    std::vector<std::optional<certs::RoleKey>> keys;  ///< for each recipient that is PERMIT
};

/// A recipient whose key cannot be had gets nothing: the answer says so, and so does the record. The others are not held up.
void check_keys(Considered& considered, const certs::Directory& directory, Instant now) {
    auto& recipients = considered.decision.recipients;
    considered.keys.resize(recipients.size());
    for (std::size_t i = 0; i < recipients.size(); ++i) {
        auto& recipient = recipients[i];
        if (recipient.outcome != policy::Outcome::permit) continue;
        auto key = directory.recipient_key(recipient.to, now);
        if (key.has_value()) {
            considered.keys[i] = std::move(key).value();
            continue;
        }
        auto problems = key.error().problems;
        for (auto& problem : problems) problem.pointer = "/recipients/" + std::to_string(i);
        policy::refuse_recipient(considered.decision, i, std::move(problems));
    }
}

auto consider(const Gateway& gateway, const wire::Request& request, Instant now) -> Result<Considered> {
    CG_TRY(auto document, parse_json(request.body));
    CG_TRY(auto submission, policy::parse_submission(std::move(document)));
    const auto directory = gateway.directory();
    const DirectoryFacts agencies{*directory};
    const auto* self = agencies.find(gateway.self());
    if (self == nullptr)
        return fail(Errc::unavailable, "this agency's own descriptor is not in the directory");
    const auto pack = gateway.pack();
    Considered out{std::move(submission), policy::caller_of(*self), {}, {}};
    out.decision = policy::decide(*pack, agencies, out.submission, out.caller, now, gateway.view_salt());
    check_keys(out, *directory, now);
    return out;
}

/// Seals one copy for each recipient that is PERMIT. The ids of the copies go to `mids`, by recipient.
auto seal_copies(const Gateway& gateway, Considered& considered, Instant now, std::vector<std::string>& mids)
    -> Result<std::vector<ledger::Release>> {
    std::vector<ledger::Release> releases;
    mids.resize(considered.decision.recipients.size());
    for (std::size_t i = 0; i < considered.decision.recipients.size(); ++i) {
        auto& recipient = considered.decision.recipients[i];
        if (recipient.outcome != policy::Outcome::permit) continue;
        SealRequest seal;
        seal.from = gateway.self();
        seal.to = recipient.to;
        seal.key = *considered.keys[i];
        CG_TRY(seal.purpose, PurposeId::parse(recipient.purpose_label));
        seal.view = std::move(recipient.view);
        seal.now = now;
        seal.expires = now + gateway.limits().message_life;
        CG_TRY(auto release, seal_view(std::move(seal), gateway.signer()));
        mids[i] = release.mid.str();
        releases.push_back(std::move(release));
    }
    return releases;
}

/// All by which a record can be found again: values of the personal group go through the ledger's blind index.
auto search_keys(const Considered& considered, const Json& personal) -> ledger::SearchKeys {
    ledger::SearchKeys keys;
    const auto& decision = considered.decision;
    if (auto purpose = PurposeId::parse(decision.purpose); purpose.has_value()) keys.purpose = std::move(purpose).value();
    keys.outcome = to_string(decision.outcome);
    for (const auto& recipient : decision.recipients)
        if (!recipient.to.role.empty()) keys.recipients.emplace_back(recipient.to, to_string(recipient.outcome));
    keys.actor = considered.submission.actor.user;
    keys.subjects.emplace_back(personal["case_ref"].text());
    if (const auto* subjects = personal["subjects"].if_array()) {
        for (const auto& subject : *subjects) {
            for (const char* member : {"names", "identifiers"}) {
                if (const auto* values = subject[member].if_array())
                    for (const auto& value : *values) keys.subjects.emplace_back(value.text());
            }
        }
    }
    std::erase(keys.subjects, std::string{});
    return keys;
}

auto new_decision(const Gateway& gateway, const wire::Request& request, const crypto::Digest& body, Considered considered,
                  Instant now) -> Result<ledger::NewDecision> {
    ledger::NewDecision record;
    record.id = DecisionId::trusted(crypto::random_id("dec-"));
    record.decided_at = now;
    record.caller = request.peer.uri;
    record.idempotency_key = request.idempotency_key;
    record.body_sha256 = body;
    auto fields = policy::record_fields(considered.decision, considered.submission, considered.caller);
    record.search = search_keys(considered, fields.id);
    record.case_key = fields.id["case_ref"].text();
    record.dec = std::move(fields.dec);
    record.personal = std::move(fields.id);
    record.lane = considered.decision.emergency ? ledger::Lane::emergency : ledger::Lane::normal;
    std::vector<std::string> mids;
    CG_TRY(record.releases, seal_copies(gateway, considered, now, mids));
    record.response = stored_answer(considered.decision, record.id, mids);
    return record;
}

void observe_decision(const Gateway& gateway, const ledger::NewDecision& decision) {
    for (const auto& [to, outcome] : decision.search.recipients)
        gateway.observe({"gw.message.decided",
                         {{"dec", decision.id.str()}, {"purpose", decision.search.purpose.str()}, {"to", to.str()},
                          {"outcome", outcome}, {"pack", std::string{decision.dec["pack"]["version"].text()}}}});
}

}  // namespace

void check(const Gateway& gateway, const wire::Request& request, const wire::Respond& respond) {
    const auto considered = consider(gateway, request, gateway.now());
    if (!considered.has_value()) return respond(wire::error_response(considered.error()));
    const auto& decision = considered.value().decision;
    gateway.observe({"gw.message.checked", {{"outcome", std::string{to_string(decision.outcome)}}, {"dry_run", "1"}}});
    respond(wire::json_response(200, policy::to_json(decision, true)));
}

void submit(const Gateway& gateway, const wire::Request& request, const wire::Respond& respond) {
    if (request.idempotency_key.empty()) return respond(wire::problem_response("request/idempotency-key-missing"));
    const auto body = crypto::sha256(request.body);
    const auto before = gateway.ledger().find_submission(request.peer.uri, request.idempotency_key, body);
    if (!before.has_value()) return respond(wire::error_response(before.error()));
    if (before.value()) return respond(answer_from(before.value()->response));

    const auto now = gateway.now();
    auto considered = consider(gateway, request, now);
    if (!considered.has_value()) return respond(wire::error_response(considered.error()));
    auto record = new_decision(gateway, request, body, std::move(considered).value(), now);
    if (!record.has_value()) return respond(wire::error_response(record.error()));
    auto decision = std::make_shared<ledger::NewDecision>(std::move(record).value());
    // The observer wants the keys after the record has been moved into the ledger.
    auto summary = std::make_shared<ledger::NewDecision>();
    summary->id = decision->id;
    summary->search = decision->search;
    summary->dec = Json::object({{"pack", decision->dec["pack"]}});
    const bool anything_leaves = !decision->releases.empty();
    gateway.ledger().record(std::move(*decision), [&gateway, respond, summary, anything_leaves](Result<ledger::Recorded> done) {
        if (!done.has_value()) return respond(wire::error_response(done.error()));
        if (!done.value().repeated) observe_decision(gateway, *summary);
        if (anything_leaves) gateway.wake_courier();
        respond(answer_from(done.value().response));
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
