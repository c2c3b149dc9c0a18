#include "gateway/relay/requests.hpp"

#include "gateway/relay/consultations.hpp"
#include "gateway/relay/drafts.hpp"
#include "gateway/relay/intake.hpp"
#include "policy/danger.hpp"
#include "policy/refusal.hpp"
#include "policy/request.hpp"

#include <algorithm>

namespace cg::relay {
namespace {

auto problem(std::string type, std::string pointer, std::string fix) -> Problem {
    return {std::move(type), std::move(pointer), std::move(fix), "request"};
}

/// The pack, and the organisations as policy sees them: what every decision here is made with.
struct Ground {
    std::shared_ptr<const policy::Pack> pack;
    std::shared_ptr<const certs::Directory> directory;
    DirectoryFacts agencies;
    explicit Ground(const Gateway& gateway)
        : pack(gateway.pack()), directory(gateway.directory()), agencies(*directory, *pack) {}
};

auto own_role(const Gateway& gateway, const DirectoryFacts& agencies, const std::string& role) -> Result<> {
    const auto* self = agencies.find(gateway.self());
    const bool held = self != nullptr && std::ranges::any_of(self->roles, [&role](const RoleId& r) { return r.str() == role; });
    if (held) return ok();
    return fail(Errc::malformed, "a role that nobody here holds",
                {problem("recipient/role-unheld", "/requester/role", "Nobody here holds this role: name one of your own.")});
}

/// RC-12: each that is asked again is told which of its own messages this takes up, by that message's id.
auto name_earlier_request(const Gateway& gateway, Pending& pending) -> Result<> {
    const auto id = DecisionId::parse(pending.submission.supersedes);
    if (!id.has_value()) return ok();
    const auto earlier = gateway.ledger().show(id.value());
    if (earlier.has_error() && earlier.error().code != Errc::not_found) return fail(earlier.error());
    if (earlier.has_error() || earlier.value().dec.find("request") == nullptr) {
        pending.decision.warnings.push_back(
            problem("request/earlier-unknown", "/reconsiders", "No request of yours has this id: name the decision that asked first."));
        return ok();
    }
    for (auto& recipient : pending.decision.recipients)
        for (const auto& delivery : earlier.value().deliveries)
            if (delivery.to == recipient.to && recipient.view.is_object()) recipient.view.set("reconsiders", delivery.mid.str());
    return ok();
}

auto request_of(const Gateway& gateway, const wire::Request& request, Instant now) -> Result<Pending> {
    CG_TRY(auto document, parse_json(request.body));
    CG_TRY(auto asked, policy::parse_request(std::move(document)));
    const Ground ground{gateway};
    CG_TRY(own_role(gateway, ground.agencies, asked.requester_role));
    Pending out;
    CG_TRY(out.caller, own_caller(gateway, ground.agencies));
    out.decision = policy::decide_request(*ground.pack, ground.agencies, asked, out.caller, now, gateway.view_salt());
    out.submission = std::move(asked.base);
    out.personal_extra = Json::object({{"request", Json::object({{"identifier", asked.identifier}})}});
    out.dec_extra = Json::object({{"request", Json::object({{"policy", out.decision.agreement}, {"asked", Json::texts(policy::known_groups(*ground.pack, asked.asked))}})}});
    CG_TRY(name_earlier_request(gateway, out));
    if (const auto by = policy::answer_by(*ground.pack, now); by && out.decision.outcome == policy::Outcome::permit)
        out.duties.push_back({"answer", *by});
    return out;
}

/// The message in our inbox that a link names, if it is one.
auto asked_message(const Gateway& gateway, std::string_view link) -> Result<std::optional<ledger::InboxItem>> {
    const auto mid = MessageId::parse(link);
    if (!mid.has_value()) return std::nullopt;
    auto message = gateway.ledger().inbox_message(mid.value());
    if (message.has_value()) return std::optional{std::move(message).value().item};
    if (message.error().code == Errc::not_found) return std::nullopt;
    return fail(std::move(message).error());
}

auto refusal_of(const Gateway& gateway, Json document, const std::string& request, Instant now) -> Result<Pending> {
    CG_TRY(auto refusal, policy::parse_refusal(*gateway.pack(), std::move(document)));
    if (!request.empty()) refusal.base.request = request;
    if (!request.empty() && refusal.base.recipients.empty())  // RC-9: a refusal that nobody is told is no answer
        return fail(Errc::malformed, "no addressee",
                    {problem("submission/member-missing", "/reply_to", "Name whoever asked, as role@agency: the message says it.")});
    CG_TRY(auto out, refuse_to_share(gateway, std::move(refusal), now, now, false));
    out.hold = true;
    return out;
}

auto reply_of(const Gateway& gateway, Json document, const std::string& request, Instant now) -> Result<Pending> {
    CG_TRY(auto reply, policy::parse_reply(std::move(document)));
    reply.request = request;
    const Ground ground{gateway};
    Pending out;
    CG_TRY(out.caller, own_caller(gateway, ground.agencies));
    CG_TRY(out.decision, policy::decide_reply(*ground.pack, ground.agencies, reply, now));
    out.personal_extra = Json::object({{"reply", Json::object({{"advice", reply.advice}})}});
    out.submission = std::move(reply.base);
    out.submission.request = request;
    out.status = 201;
    return out;
}

auto sharing_answer(const Gateway& gateway, Json document, const std::string& request, Instant now) -> Result<Pending> {
    CG_TRY(auto submission, policy::parse_submission(*gateway.pack(), std::move(document)));
    submission.request = request;
    CG_TRY(begin_consultation(gateway, submission));
    CG_TRY(auto out, decide_here(gateway, std::move(submission), now));
    keep_consultation(out);
    out.hold = true;
    return out;
}

/// Only whoever asked is answered: nobody is given what another one asked for.
auto check_addressee(const Pending& pending, const AgencyId& asker, std::string_view pointer) -> Result<> {
    for (const auto& text : pending.submission.recipients) {
        const auto to = RecipientId::parse(text);
        if (to.has_value() && to.value().agency == asker) continue;
        return fail(Errc::malformed, "another agency",
                    {problem("request/other-agency", std::string{pointer}, "Answer the agency that asked, and no other.")});
    }
    return ok();
}

auto answer_of(const Gateway& gateway, std::string_view mid_text, const wire::Request& request, Instant now) -> Result<Pending> {
    const auto mid = MessageId::parse(mid_text);
    if (!mid.has_value()) return fail(Errc::not_found, "no such message");
    CG_TRY(const auto asked, gateway.ledger().inbox_message(mid.value()));
    CG_TRY(auto document, parse_json(request.body));
    const std::string schema{document["schema"].text()};
    const auto& id = mid.value().str();
    auto made = schema == "no-share/1"     ? refusal_of(gateway, std::move(document), id, now)
                : schema == "submission/1" ? sharing_answer(gateway, std::move(document), id, now)
                                           : reply_of(gateway, std::move(document), id, now);
    CG_TRY(auto pending, std::move(made));
    CG_TRY(check_addressee(pending, asked.item.from, schema == "submission/1" ? "/recipients" : "/reply_to"));
    if (std::ranges::find(pending.links, id) == pending.links.end()) pending.links.push_back(id);
    return pending;
}

}  // namespace

auto refuse_to_share(const Gateway& gateway, policy::Refusal refusal, Instant decided_at, Instant now, bool reviewed)
    -> Result<Pending> {
    const Ground ground{gateway};
    CG_TRY(const auto asked, asked_message(gateway, refusal.base.request));
    Pending out;
    CG_TRY(out.caller, own_caller(gateway, ground.agencies));
    CG_TRY(out.decision, policy::decide_refusal(*ground.pack, ground.agencies, refusal, now, reviewed));
    out.not_before =
        policy::reply_not_before(*ground.pack, refusal.base.purpose, asked ? asked->received_at : decided_at);
    out.personal_extra = Json::object(
        {{"reasons", Json::object({{"codes", Json::texts(refusal.codes)}, {"text", refusal.text}})}});
    out.submission = std::move(refusal.base);
    if (out.decision.outcome != policy::Outcome::review) out.status = 201;
    return out;
}

void ask(const Gateway& gateway, const wire::Request& request, const wire::Respond& respond) {
    record_made(gateway, request, respond, [&](Instant now) { return request_of(gateway, request, now); });
}

void answer(const Gateway& gateway, std::string_view mid, const wire::Request& request, const wire::Respond& respond) {
    record_made(gateway, request, respond, [&](Instant now) { return answer_of(gateway, mid, request, now); });
}

void decline(const Gateway& gateway, const wire::Request& request, const wire::Respond& respond) {
    record_made(gateway, request, respond, [&](Instant now) -> Result<Pending> {
        CG_TRY(auto document, parse_json(request.body));
        CG_TRY(auto pending, refusal_of(gateway, std::move(document), {}, now));
        CG_TRY(const auto asked, asked_message(gateway, pending.submission.request));
        if (asked) {
            CG_TRY(check_addressee(pending, asked->from, "/reply_to"));
        }
        name_draft(request, pending);
        return pending;
    });
}

}  // namespace cg::relay
