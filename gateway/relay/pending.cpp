#include "gateway/relay/pending.hpp"

#include "gateway/relay/answer.hpp"
#include "gateway/relay/consultations.hpp"
#include "gateway/relay/drafts.hpp"
#include "gateway/relay/seal.hpp"
#include "gateway/wire/problem.hpp"
#include "policy/followup.hpp"
#include "policy/refuse.hpp"

#include <algorithm>

namespace cg::relay {
namespace {

using Keys = std::vector<std::optional<certs::RoleKey>>;

/// A recipient whose key cannot be had gets nothing: the answer says so, and so does the record. The others are not held up.
auto keys_of(Pending& pending, const certs::Directory& directory, Instant now) -> Keys {
    auto& decision = pending.decision;
    Keys keys(decision.recipients.size());
    for (std::size_t i = 0; i < decision.recipients.size(); ++i) {
        auto& recipient = decision.recipients[i];
        const bool leaves = recipient.outcome == policy::Outcome::permit && !recipient.view.is_null();
        if (!leaves && recipient.reply.is_null()) continue;
        auto key = directory.recipient_key(recipient.to, now);
        if (key.has_value()) {
            keys[i] = std::move(key).value();
            continue;
        }
        auto problems = key.error().problems;
        for (auto& problem : problems) problem.pointer = "/recipients/" + std::to_string(i);
        if (leaves) {
            if (pending.context) pending.context->without_key.emplace_back(i, problems);
            policy::refuse_recipient(decision, i, std::move(problems));
        } else {  // a no is a no, also where nobody could be told
            recipient.reply = Json{};
            decision.warnings.insert(decision.warnings.end(), problems.begin(), problems.end());
        }
    }
    return keys;
}

/// Seals one copy for each recipient that gets one. The ids of the copies go to `mids`, by recipient.
auto seal_copies(const Gateway& gateway, Pending& pending, const Keys& keys, Instant now, std::vector<std::string>& mids)
    -> Result<std::vector<ledger::Release>> {
    std::vector<ledger::Release> releases;
    auto& recipients = pending.decision.recipients;
    mids.resize(recipients.size());
    for (std::size_t i = 0; i < recipients.size(); ++i) {
        auto& recipient = recipients[i];
        if (!keys[i]) continue;
        SealRequest seal;
        seal.from = gateway.self();
        seal.to = recipient.to;
        seal.key = *keys[i];
        CG_TRY(seal.purpose, PurposeId::parse(recipient.purpose_label));
        seal.view = recipient.reply.is_null() ? std::move(recipient.view) : std::move(recipient.reply);
        seal.now = now;
        seal.expires = std::max(now, pending.not_before.value_or(now)) + gateway.limits().message_life;
        CG_TRY(auto release, seal_view(std::move(seal), gateway.signer()));
        release.not_before = pending.not_before;
        mids[i] = release.mid.str();
        releases.push_back(std::move(release));
    }
    return releases;
}

/// RC-12: what it follows from, by the record's own words and the submission's: only ids, and each once.
auto links_of(const Pending& pending) -> std::vector<std::string> {
    auto out = pending.links;
    const auto& s = pending.submission;
    for (const auto* link : {&s.follow_up_to, &s.request, &s.supersedes, &s.converted_from, &s.advice_of})
        if (policy::is_link(*link) && std::ranges::find(out, *link) == out.end()) out.push_back(*link);
    return out;
}

/// All by which a record can be found again: values of the personal group go through the ledger's blind index.
auto search_keys(const Pending& pending, const Json& personal) -> ledger::SearchKeys {
    ledger::SearchKeys keys;
    const auto& decision = pending.decision;
    if (auto purpose = PurposeId::parse(decision.purpose); purpose.has_value()) keys.purpose = std::move(purpose).value();
    keys.outcome = to_string(decision.outcome);
    for (const auto& recipient : decision.recipients)
        if (!recipient.to.role.empty()) keys.recipients.emplace_back(recipient.to, to_string(recipient.outcome));
    keys.actor = pending.submission.actor.user;
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
    keys.links = links_of(pending);
    return keys;
}

void add_members(Json& to, Json from) {
    if (auto* members = from.if_object())
        for (auto& member : *members) to.set(member.name, std::move(member.value));
}

/// Whatever is owed by a time is looked after until somebody says that it is done. `ack-by` is seen from the receipts.
auto duties_of(const Pending& pending) -> std::vector<ledger::NewDuty> {
    auto out = pending.duties;
    for (const auto& obligation : pending.decision.obligations)
        if (obligation.due && obligation.type != "ack-by") out.push_back({obligation.type, *obligation.due});
    return out;
}

/// A key belongs to the address that it was sent to: the same body means something else at another one, such as the correction
/// of another message.
auto key_of(const wire::Request& request) -> std::string { return request.path + " " + request.idempotency_key; }

/// Once it is certain who gets a copy: the consultation that it comes from, and the advice.
auto note_what_it_rests_on(const Gateway& gateway, Pending& pending) -> Result<> {
    if (!pending.submission.converted_from.empty()) {
        const auto noted = note_conversion(gateway, pending);
        // Of a consultation that was erased while this was held nothing is known, and nothing waits for it.
        const bool erased = noted.has_error() && pending.settles && noted.error().code == Errc::malformed;
        if (noted.has_error() && !erased) return fail(noted.error());
    }
    return note_advice(gateway, pending);
}

auto new_decision(const Gateway& gateway, const wire::Request& request, Pending pending, Instant now)
    -> Result<ledger::NewDecision> {
    const auto keys = keys_of(pending, *gateway.directory(), now);
    CG_TRY(note_what_it_rests_on(gateway, pending));
    CG_TRY(settle_draft(gateway, pending));
    ledger::NewDecision out;
    out.id = DecisionId::trusted(crypto::random_id("dec-"));
    out.decided_at = now;
    out.caller = request.peer.uri;
    out.idempotency_key = key_of(request);
    out.body_sha256 = crypto::sha256(request.body);
    auto fields = policy::record_fields(pending.decision, pending.submission, pending.caller);
    add_members(fields.dec, std::move(pending.dec_extra));
    add_members(fields.id, std::move(pending.personal_extra));
    if (pending.context) fields.id.set("context", policy::to_json(*pending.context));
    out.search = search_keys(pending, fields.id);
    out.case_key = fields.id["case_ref"].text();
    out.dec = std::move(fields.dec);
    out.personal = std::move(fields.id);
    out.lane = pending.decision.emergency ? ledger::Lane::emergency : ledger::Lane::normal;
    out.settles = std::move(pending.settles);
    out.duties_done = std::move(pending.duties_done);
    out.duties = duties_of(pending);
    if (pending.hold && policy::waits_for_a_person(pending.decision)) {
        out.held = std::string{view_text(request.body)};
        if (const auto due = policy::review_by(*gateway.pack(), now)) out.duties.push_back({"review", *due});
    }
    std::vector<std::string> mids;
    CG_TRY(out.releases, seal_copies(gateway, pending, keys, now, mids));
    out.response = stored_answer(pending.decision, out.id, mids, pending.status);
    for (auto& event : pending.events) {
        event.fields.set("by", out.id.str());
        out.events.push_back(std::move(event));
    }
    return out;
}

void observe_decision(const Gateway& gateway, const DecisionId& id, const ledger::SearchKeys& keys, std::string_view version) {
    const auto observe = [&](std::string to, std::string outcome) {
        gateway.observe({"gw.message.decided",
                         {{"dec", id.str()}, {"purpose", keys.purpose.str()}, {"to", std::move(to)},
                          {"outcome", std::move(outcome)}, {"pack", std::string{version}}}});
    };
    for (const auto& [to, outcome] : keys.recipients) observe(to.str(), outcome);
    if (keys.recipients.empty()) observe("nobody", keys.outcome);
}

}  // namespace

auto own_caller(const Gateway& gateway, const DirectoryFacts& agencies) -> Result<policy::Caller> {
    const auto* self = agencies.find(gateway.self());
    if (self == nullptr) return fail(Errc::unavailable, "this agency's own descriptor is not in the directory");
    return policy::caller_of(*self);
}

auto check_own_name(const wire::Request& request, std::string_view user) -> Result<> {
    const auto identity = certs::Identity::parse(request.peer.uri);
    if (!identity.has_value() || identity.value().kind != certs::IdentityKind::person || identity.value().name == user) return ok();
    return fail(Errc::denied, "another person's name",
                {{"request/actor-mismatch", "/actor/user", "Act under your own name: the certificate's.", ""}});
}

auto answered_before(const Gateway& gateway, const wire::Request& request) -> Result<std::optional<wire::Response>> {
    if (request.idempotency_key.empty())
        return fail(Errc::malformed, "no idempotency key",
                    {{"request/idempotency-key-missing", "", "Send an Idempotency-Key header.", ""}});
    CG_TRY(const auto before,
           gateway.ledger().find_submission(request.peer.uri, key_of(request), crypto::sha256(request.body)));
    if (!before) return std::nullopt;
    return std::optional{answer_from(before->response)};
}

/// RC-1: every accepted submission ends in one record, committed before anything leaves.
void record(const Gateway& gateway, const wire::Request& request, Pending pending, Instant now, const wire::Respond& respond) {
    const auto version = pending.decision.pack.version;
    auto made = new_decision(gateway, request, std::move(pending), now);
    if (!made.has_value()) return respond(wire::error_response(made.error()));
    auto& decision = made.value();
    // The observer wants these after the record has been moved into the ledger.
    const auto id = decision.id;
    const auto keys = ledger::SearchKeys{.purpose = decision.search.purpose,
                                         .outcome = decision.search.outcome,
                                         .recipients = decision.search.recipients,
                                         .actor = {},
                                         .subjects = {},
                                         .links = {}};
    const bool anything_leaves = !decision.releases.empty();
    gateway.ledger().record(std::move(decision), [&gateway, respond, id, keys, version,
                                                  anything_leaves](Result<ledger::Recorded> done) {
        if (!done.has_value()) return respond(wire::error_response(done.error()));
        if (!done.value().repeated) observe_decision(gateway, id, keys, version);
        if (anything_leaves) gateway.wake_courier();
        respond(answer_from(done.value().response));
    });
}

}  // namespace cg::relay
