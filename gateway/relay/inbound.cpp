#include "gateway/relay/inbound.hpp"

#include "gateway/ledger/opening.hpp"
#include "gateway/relay/states.hpp"
#include "gateway/wire/problem.hpp"
#include "gateway/wire/receipt.hpp"
#include "gateway/wire/routing.hpp"
#include "gateway/wire/transmission.hpp"

namespace cg::relay {
namespace {

auto refuse(Errc code, std::string type, std::string pointer, std::string fix) {
    return fail(code, type, {Problem{type, std::move(pointer), std::move(fix), ""}});
}

/// The agency whose gateway is at the other end.
auto calling_agency(const wire::Request& request) -> Result<AgencyId> {
    CG_TRY(auto identity, certs::Identity::parse(request.peer.uri));
    if (identity.kind != certs::IdentityKind::gateway)
        return refuse(Errc::denied, "security/not-a-gateway", "", "Only gateways may call this; use the office listener.");
    return std::move(identity.agency);
}

/// The routing, once its signature is known to be that of the agency at the other end.
auto verified_routing(const Gateway& gateway, const Json& signed_routing, const AgencyId& caller, Instant now)
    -> Result<wire::Routing> {
    CG_TRY(const auto unverified, wire::read_signed_routing(signed_routing));
    if (unverified.claimed.from != caller)
        return refuse(Errc::denied, "security/wrong-sender", "/routing", "Send what is from your own agency only.");
    CG_TRY(const auto key, gateway.directory()->signing_key(caller, unverified.certificate_sha256, now));
    const auto routing = unverified.verified_by(key);
    if (!routing.has_value())
        return refuse(Errc::unauthenticated, "security/signature-invalid", "/routing",
                      "Sign the routing with the key that your directory entry names.");
    return routing.value();
}

/// That this routing may come in here and now.
auto check_routing(const Gateway& gateway, const wire::Routing& routing, Instant now) -> Result<> {
    if (routing.to != gateway.self())
        return refuse(Errc::denied, "security/wrong-recipient", "/routing",
                      "This envelope is for another agency; send it to the endpoint of that agency's directory entry.");
    if (routing.expires <= now)
        return refuse(Errc::denied, "security/expired", "/routing", "The message has expired; decide and send it anew.");
    if (routing.created > now + gateway.limits().clock_skew)
        return refuse(Errc::denied, "security/clock-skew", "/routing",
                      "The message is dated in the future; set the sending gateway's clock.");
    if (!routing.blobs.empty())
        return refuse(Errc::unsupported, "security/blobs-unknown", "/routing", "Send the attachments' blobs before the envelope.");
    return ok();
}

/// No proof, no delivery: the sender's log must hold the release of exactly this envelope.
auto check_proof(const Gateway& gateway, const wire::Transmission& transmission, const wire::Routing& routing) -> Result<> {
    const auto bad = [] {
        return refuse(Errc::unauthenticated, "security/proof-invalid", "/proof",
                      "Send the proof that your log gives for this envelope, under a checkpoint signed with your log key.");
    };
    const auto opened = ledger::check_opening(transmission.opening);
    if (!opened.has_value()) return bad();
    if (opened.value().mid != routing.mid || opened.value().envelope_sha256 != routing.envelope_sha256 ||
        opened.value().bytes != transmission.envelope.size())
        return bad();
    const auto proof = crypto::parse_tlog_proof(transmission.proof);
    if (!proof.has_value() || proof.value().index != opened.value().seq) return bad();
    CG_TRY(const auto verifier, gateway.directory()->log_verifier(routing.from));
    if (!crypto::check_tlog_proof(proof.value(), view_bytes(opened.value().leaf), verifier).has_value()) return bad();
    return ok();
}

struct Checked {
    wire::Transmission transmission;
    wire::Routing routing;
};

auto check_transmission(const Gateway& gateway, const wire::Request& request, Instant now) -> Result<Checked> {
    CG_TRY(const auto caller, calling_agency(request));
    CG_TRY(auto transmission, wire::parse_transmission(request.body));
    CG_TRY(auto routing, verified_routing(gateway, transmission.routing, caller, now));
    CG_TRY(check_routing(gateway, routing, now));
    if (crypto::sha256(transmission.envelope) != routing.envelope_sha256)
        return refuse(Errc::unauthenticated, "security/digest-mismatch", "/envelope",
                      "The envelope is not the one that its routing names; send it as it was sealed.");
    CG_TRY(check_proof(gateway, transmission, routing));
    return Checked{std::move(transmission), std::move(routing)};
}

auto receipt_response(int status, std::string receipt) -> wire::Response {
    wire::Response response;
    response.status = status;
    response.body = std::move(receipt);
    return response;
}

void observe_refusal(const Gateway& gateway, const wire::Request& request, const Error& error) {
    gateway.observe({"gw.envelope.refused", {{"peer", request.peer.uri}, {"reason", std::string{wire::problem_code(error)}}}});
}

/// The receipt, once it is known to be signed by `from`.
auto verified_receipt(const Gateway& gateway, const AgencyId& from, std::string_view text) -> Result<wire::Receipt> {
    CG_TRY(const auto json, parse_json(text));
    CG_TRY(const auto unverified, wire::read_signed_receipt(json));
    CG_TRY(const auto key, gateway.directory()->signing_key(from, unverified.certificate_sha256, gateway.now()));
    return unverified.verified_by(key);
}

}  // namespace

void receive_envelope(const Gateway& gateway, const wire::Request& request, const wire::Respond& respond) {
    const auto now = gateway.now();
    auto checked = check_transmission(gateway, request, now);
    if (!checked.has_value()) {
        observe_refusal(gateway, request, checked.error());
        return respond(wire::error_response(checked.error()));
    }
    auto& [transmission, routing] = checked.value();
    ledger::Inbound inbound;
    inbound.mid = routing.mid;
    inbound.from = routing.from;
    inbound.envelope_sha256 = routing.envelope_sha256;
    inbound.envelope = std::move(transmission.envelope);
    inbound.routing = to_jcs(transmission.routing);
    inbound.proof = std::move(transmission.proof);
    inbound.opening = std::move(transmission.opening);
    inbound.received_at = now;
    inbound.expires = routing.expires;
    gateway.ledger().accept(
        std::move(inbound), [&gateway, respond, mid = routing.mid, from = routing.from](Result<ledger::Accepted> done) {
            if (!done.has_value()) return respond(wire::error_response(done.error()));
            const bool repeated = done.value().repeated;
            gateway.observe({repeated ? "gw.envelope.repeated" : "gw.envelope.received", {{"mid", mid.str()}, {"from", from.str()}}});
            respond(receipt_response(repeated ? 200 : 201, std::move(done.value().receipt)));
        });
}

void receive_receipt(const Gateway& gateway, const wire::Request& request, const wire::Respond& respond) {
    const auto caller = calling_agency(request);
    if (!caller.has_value()) return respond(wire::error_response(caller.error()));
    const auto receipt = verified_receipt(gateway, caller.value(), view_text(request.body));
    if (!receipt.has_value()) {
        observe_refusal(gateway, request, receipt.error());
        return respond(wire::error_response(receipt.error()));
    }
    // The ledger holds whom we sent this mid to, and which envelope: another agency's receipt for it is no receipt.
    gateway.ledger().record_receipt(
        receipt.value().mid, caller.value(), receipt.value().envelope_sha256, delivery_state(receipt.value().state),
        to_text(request.body), [&gateway, respond, mid = receipt.value().mid](Result<void> done) {
            if (!done.has_value()) return respond(wire::error_response(done.error()));
            gateway.observe({"gw.receipt.received", {{"mid", mid.str()}}});
            respond(wire::json_response(200, Json::object({{"mid", mid.str()}})));
        });
}

auto check_receipt(const Gateway& gateway, const AgencyId& from, const MessageId& mid, std::string_view text)
    -> Result<CheckedReceipt> {
    CG_TRY(const auto receipt, verified_receipt(gateway, from, text));
    if (receipt.mid != mid) return fail(Errc::unauthenticated, "a receipt for another message");
    return CheckedReceipt{delivery_state(receipt.state), receipt.envelope_sha256};
}

auto sign_receipt(const Signer& signer, const ledger::ReceiptFacts& facts) -> std::string {
    wire::Receipt receipt;
    receipt.mid = facts.mid;
    receipt.envelope_sha256 = facts.envelope_sha256;
    receipt.state = receipt_state(facts.state);
    receipt.at = facts.at;
    receipt.leaf = {facts.leaf_index, facts.leaf_hash};
    return to_jcs(wire::sign_receipt(receipt, signer.key, signer.certificate_sha256));
}

}  // namespace cg::relay
