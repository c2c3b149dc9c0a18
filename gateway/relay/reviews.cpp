#include "gateway/relay/reviews.hpp"

#include "crypto/jws.hpp"
#include "gateway/relay/corrections.hpp"
#include "gateway/relay/intake.hpp"
#include "gateway/relay/pending.hpp"
#include "gateway/relay/requests.hpp"
#include "gateway/wire/office.hpp"
#include "gateway/wire/problem.hpp"
#include "policy/followup.hpp"
#include "policy/members.hpp"
#include "policy/words.hpp"

#include <algorithm>

namespace cg::relay {
namespace {

constexpr std::string_view signature_type = "casegate-review+jws";
constexpr std::size_t reason_least = 20;

auto problem(std::string type, std::string pointer, std::string fix) -> Problem {
    return {std::move(type), std::move(pointer), std::move(fix), "review"};
}

/// A held submission, its record, and the two kinds it can be.
struct Held {
    ledger::DecisionRecord record;
    Json document;  ///< Secret
    [[nodiscard]] auto schema() const -> std::string_view { return document["schema"].text(); }
    [[nodiscard]] auto is_refusal() const -> bool { return schema() == "no-share/1"; }
    [[nodiscard]] auto is_correction() const -> bool { return schema() == "correction/1"; }
};

auto open_held(const Gateway& gateway, std::string_view id_text) -> Result<Held> {
    const auto id = DecisionId::parse(id_text);
    if (!id.has_value()) return fail(Errc::not_found, "no such decision");
    CG_TRY(auto record, gateway.ledger().show(id.value()));
    CG_TRY(const auto content, gateway.ledger().held_content(id.value()));
    CG_TRY(auto document, parse_json(content.reveal_text()));
    return Held{std::move(record), std::move(document)};
}

/// The roles that wait; those that were told at once have had their copy.
auto waiting(const ledger::DecisionRecord& record) -> std::vector<std::string> {
    std::vector<std::string> out;
    for (const auto& [to, outcome] : record.row.recipients)
        if (outcome == to_string(policy::Outcome::review)) out.push_back(to.str());
    return out;
}

/// Whom the decision was about, in its order: a problem's pointer names a recipient by its place.
auto decided_about(const ledger::DecisionRecord& record) -> std::vector<std::string> {
    std::vector<std::string> out;
    if (const auto* recipients = record.dec["recipients"].if_array())
        for (const auto& recipient : *recipients) out.emplace_back(recipient["to"].text());
    return out;
}

/// The problems that the record shows, by which a reviewer saw them.
auto seen_problems(const ledger::DecisionRecord& record) -> std::vector<Problem> {
    std::vector<Problem> out;
    const auto take = [&out](const Json& list) {
        if (const auto* items = list.if_array())
            for (const auto& one : *items)
                out.push_back(problem(std::string{one["type"].text()}, std::string{one["pointer"].text()}, {}));
    };
    take(record.dec["problems"]);
    if (const auto* recipients = record.dec["recipients"].if_array())
        for (const auto& recipient : *recipients) take(recipient["problems"]);
    return out;
}

auto refusal_anew(const Gateway& gateway, const Held& held, bool released, Instant now) -> Result<Pending> {
    CG_TRY(auto refusal, policy::parse_refusal(Json{held.document}));
    refusal.base.request = held.record.dec["links"]["request"].text();
    return refuse_to_share(gateway, std::move(refusal), held.record.row.decided_at, now, released);
}

/// What the policy in force says now of what waits.
auto decide_anew(const Gateway& gateway, const Held& held, bool released, Instant now) -> Result<Pending> {
    if (held.is_refusal()) return refusal_anew(gateway, held, released, now);
    const auto* inner = held.document.find("submission");
    CG_TRY(auto submission, policy::parse_submission(inner == nullptr ? Json{held.document} : Json{*inner}));
    const auto& links = held.record.dec["links"];
    submission.request = links["request"].text();
    submission.supersedes = links["supersedes"].text();
    submission.converted_from = links["converted_from"].text();
    if (held.is_correction()) submission.recipients = decided_about(held.record);
    CG_TRY(auto out, decide_here(gateway, std::move(submission), now, held.record.row.id));
    policy::keep_recipients(out.decision, waiting(held.record));
    if (released)
        policy::release_reviewed(out.decision, seen_problems(held.record), *gateway.pack(), out.submission, out.caller);
    if (held.is_correction()) {
        CG_TRY(mark_as_correction(gateway, out, held.document["reason"].text(), out.submission.supersedes));
    }
    return out;
}

/// The same, for whoever does not let it go: what the policy in force cannot decide on must not wait for ever.
auto decide_or_give_up(const Gateway& gateway, const Held& held, bool released, Instant now) -> Result<Pending> {
    auto anew = decide_anew(gateway, held, released, now);
    if (anew.has_value() || released || anew.error().code != Errc::malformed) return anew;
    const auto pack = gateway.pack();
    Pending out;
    CG_TRY(out.caller, own_caller(gateway, DirectoryFacts{*gateway.directory(), *pack}));
    if (held.is_refusal()) {
        CG_TRY(auto refusal, policy::parse_refusal(Json{held.document}));
        out.submission = std::move(refusal.base);
    } else {
        const auto* inner = held.document.find("submission");
        CG_TRY(out.submission, policy::parse_submission(inner == nullptr ? Json{held.document} : Json{*inner}));
    }
    out.submission.recipients = waiting(held.record);
    out.decision = policy::not_decidable(*pack, out.submission, anew.error().problems, now);
    return out;
}

struct Verdict {
    std::string decision, reason;
    policy::Actor actor;
    Json signature;
};

auto parse_verdict(const wire::Request& request) -> Result<Verdict> {
    CG_TRY(const auto body, parse_json(request.body));
    std::vector<Problem> problems;
    Verdict out;
    policy::refuse_unknown_members(body, "", {"schema", "decision", "reason", "actor", "signature"}, problems);
    policy::refuse_unknown_members(body["actor"], "/actor", {"user", "role", "auth"}, problems);
    if (body["schema"].text() != "review/1")
        problems.push_back(problem("submission/schema", "/schema", "Set the schema to \"review/1\"."));
    out.decision = body["decision"].text();
    if (out.decision != "release" && out.decision != "refuse" && out.decision != "return")
        problems.push_back(problem("review/decision-unknown", "/decision", "Say 'release', 'refuse' or 'return'."));
    out.reason = body["reason"].text();
    if (policy::same_words_form(out.reason).size() < reason_least)  // letters and digits; spaces and marks give no reason
        problems.push_back(problem("review/reason-missing", "/reason", "Say in your own words why: at least " +
                                                                           std::to_string(reason_least) + " letters."));
    out.actor = {std::string{body["actor"]["user"].text()}, std::string{body["actor"]["role"].text()},
                 std::string{body["actor"]["auth"].text()}};
    for (const auto& [name, value] : {std::pair{"user", &out.actor.user}, std::pair{"role", &out.actor.role},
                                      std::pair{"auth", &out.actor.auth}})
        if (value->empty())
            problems.push_back(problem("submission/member-missing", std::string{"/actor/"} + name, "Say who reviews."));
    out.signature = body["signature"];
    if (!problems.empty()) return fail(Errc::malformed, "not a complete review", std::move(problems));
    return out;
}

/// A person's certificate names the reviewer; an office system vouches for its user, as with submissions.
auto check_reviewer(const wire::Request& request, const Verdict& verdict, const Held& held) -> Result<> {
    const auto identity = certs::Identity::parse(request.peer.uri);
    if (identity.has_value() && identity.value().kind == certs::IdentityKind::person &&
        identity.value().name != verdict.actor.user)
        return fail(Errc::malformed, "another person's name",
                    {problem("review/actor-mismatch", "/actor/user", "Review under your own name: the certificate's.")});
    const auto& personal = held.record.personal;
    if (!personal) return fail(Errc::not_found, "the record's personal details were erased");
    // However it is written: "U-204 " is u-204.
    if (policy::same_words_form((*personal)["actor"]["user"].text()) == policy::same_words_form(verdict.actor.user))
        return fail(Errc::malformed, "the sender cannot review",
                    {problem("review/by-sender", "/actor/user", "Somebody else must look: the sender cannot review their own.")});
    return ok();
}

/// What the reviewer signs: which decision, which answer, and the reason by its digest, so that the record may lose the words
/// and keep the proof.
auto signed_statement(const DecisionId& id, const Verdict& verdict) -> Json {
    return Json::object({{"review", id.str()},
                         {"decision", verdict.decision},
                         {"reason_sha256", to_hex(crypto::sha256(verdict.reason))}});
}

auto check_signature(const wire::Request& request, const DecisionId& id, const Verdict& verdict) -> Result<> {
    const auto refuse = [](std::string fix) {
        return fail(Errc::malformed, "the review is not signed",
                    {problem("review/signature-missing", "/signature", std::move(fix))});
    };
    if (verdict.signature.is_null() || !request.peer.key)
        return refuse("Sign the review with the key of your certificate: casegate review does.");
    const auto payload = crypto::open_jws(verdict.signature, signature_type, *request.peer.key);
    if (payload.has_error()) return refuse("The signature is not by the key of your certificate: sign again.");
    const auto statement = parse_json(payload.value());
    if (statement.has_error() || statement.value() != signed_statement(id, verdict))
        return refuse("The signature is over another decision or reason: sign exactly what you send.");
    return ok();
}

auto review_event(const DecisionId& id, const Verdict& verdict, std::string_view outcome) -> ledger::NewEvent {
    ledger::NewEvent out;
    out.type = "review/1";
    out.ref = id.str();
    out.fields = signed_statement(id, verdict);
    out.fields.set("outcome", outcome);
    out.fields.set("signature_sha256", to_hex(crypto::sha256(to_jcs(verdict.signature))));
    out.personal = Json::object({{"actor", Json::object({{"user", verdict.actor.user}, {"role", verdict.actor.role},
                                                         {"auth", verdict.actor.auth}})},
                                 {"reason", verdict.reason},
                                 {"signature", verdict.signature}});
    return out;
}

/// What was put right in the meantime is wrong as it was held.
auto check_not_corrected(const Gateway& gateway, const Held& held) -> Result<> {
    CG_TRY(const auto corrected, corrected_since(gateway, held.record));
    if (!corrected) return ok();
    return fail(Errc::malformed, "corrected since",
                {problem("review/corrected-since", "/decision",
                         "This message was put right since it was handed in, so this copy is wrong: give it back. The right one is "
                         "handed in for those who were to get it.")});
}

/// What the held decision owed and the one that settles it owes from now on, and the review itself. What is owed for copies that left at
/// once stays owed.
auto duties_passed_on(const Gateway& gateway, const ledger::DecisionRecord& held) -> Result<std::vector<std::string>> {
    const bool some_left = std::ranges::any_of(
        held.row.recipients, [](const auto& recipient) { return recipient.second == to_string(policy::Outcome::permit); });
    CG_TRY(const auto duties, gateway.ledger().duties_of(held.row.id.str()));
    std::vector<std::string> out;
    for (const auto& duty : duties)
        if (!duty.done && (duty.kind == "review" || duty.kind == "inform-review" || !some_left)) out.push_back(duty.id);
    return out;
}

auto settle(const Gateway& gateway, const wire::Request& request, std::string_view id_text, Instant now) -> Result<Pending> {
    CG_TRY(const auto verdict, parse_verdict(request));
    CG_TRY(auto held, open_held(gateway, id_text));
    CG_TRY(check_reviewer(request, verdict, held));
    const auto& id = held.record.row.id;
    CG_TRY(check_signature(request, id, verdict));
    const bool released = verdict.decision == "release";
    if (released) {
        CG_TRY(check_not_corrected(gateway, held));
    }
    CG_TRY(auto pending, decide_or_give_up(gateway, held, released, now));
    if (!released) {
        policy::refuse_reviewed(pending.decision);
        if (verdict.decision == "return" || held.is_refusal()) pending.decision.action = "returned";
        pending.status = 200;
    }
    pending.settles = id;
    pending.by_caller = false;
    pending.links.push_back(id.str());
    CG_TRY(pending.duties_done, duties_passed_on(gateway, held.record));
    if (!pending.dec_extra.is_object()) pending.dec_extra = Json::object();
    pending.dec_extra.set("review", Json::object({{"of", id.str()}, {"decision", verdict.decision}}));
    pending.draft = held.record.dec["draft"].text();
    pending.draft_given_up = verdict.decision == "refuse" && !held.is_refusal();
    pending.events.push_back(review_event(id, verdict, to_string(pending.decision.outcome)));
    return pending;
}

auto entry_of(const ledger::DecisionRow& row, const std::vector<ledger::Duty>& duties) -> Json {
    auto recipients = Json::array();
    for (const auto& [to, outcome] : row.recipients)
        recipients.push(Json::object({{"to", to.str()}, {"outcome", outcome}}));
    auto out = Json::object({{"decision_id", row.id.str()},
                             {"decided_at", to_rfc3339(row.decided_at)},
                             {"purpose", row.purpose.str()},
                             {"recipients", std::move(recipients)},
                             {"position", row.seq + 1}});
    for (const auto& duty : duties)
        if (duty.kind == "review") out.set("due", to_rfc3339(duty.due));
    return out;
}

}  // namespace

void list_reviews(const Gateway& gateway, const wire::Request& request, const wire::Respond& respond) {
    const auto page = wire::parse_page(request.query);
    if (!page.has_value()) return respond(wire::error_response(page.error()));
    const auto rows = gateway.ledger().held(page.value().after, page.value().limit);
    if (!rows.has_value()) return respond(wire::error_response(rows.error()));
    auto reviews = Json::array();
    for (const auto& row : rows.value()) {
        const auto duties = gateway.ledger().duties_of(row.id.str());
        if (!duties.has_value()) return respond(wire::error_response(duties.error()));
        reviews.push(entry_of(row, duties.value()));
    }
    respond(wire::json_response(200, Json::object({{"reviews", std::move(reviews)}})));
}

void read_review(const Gateway& gateway, std::string_view id, const wire::Request& request, const wire::Respond& respond) {
    auto held = open_held(gateway, id);
    if (!held.has_value()) return respond(wire::error_response(held.error()));
    const auto anew = decide_or_give_up(gateway, held.value(), false, gateway.now());
    if (!anew.has_value()) return respond(wire::error_response(anew.error()));
    auto body = Json::object({{"decision_id", std::string{id}},
                              {"recorded", held.value().record.dec},
                              {"now", policy::to_json(anew.value().decision, true)},
                              {"submission", std::move(held.value().document)}});
    if (const auto duties = gateway.ledger().duties_of(id); duties.has_value())
        for (const auto& duty : duties.value())
            if (duty.kind == "review") body.set("due", to_rfc3339(duty.due));
    ledger::NewEvent read;
    read.type = "read/1";
    read.ref = std::string{id};
    read.fields = Json::object({{"what", "held-submission"}});
    read.personal = Json::object({{"caller", request.peer.uri}});
    auto answer = std::make_shared<wire::Response>(wire::json_response(200, body));
    gateway.ledger().record_event(std::move(read), [respond, answer](Result<std::uint64_t> logged) {
        if (!logged.has_value()) return respond(wire::error_response(logged.error()));
        respond(std::move(*answer));
    });
}

void decide_review(const Gateway& gateway, std::string_view id, const wire::Request& request, const wire::Respond& respond) {
    record_made(gateway, request, respond, [&](Instant now) { return settle(gateway, request, id, now); });
}

}  // namespace cg::relay
