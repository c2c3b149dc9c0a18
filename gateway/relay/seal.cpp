#include "gateway/relay/seal.hpp"

#include "crypto/padme.hpp"

#include <array>

namespace cg::relay {
namespace {

/// JSON allows white space after the value, so padding needs no format of its own.
void pad(std::string& text) { text.resize(crypto::padme_length(text.size()), ' '); }

auto refuse(std::string type, std::string fix) {
    return fail(Errc::unauthenticated, type, {Problem{type, "", std::move(fix), ""}});
}

}  // namespace

auto seal_view(SealRequest request, const Signer& signer) -> Result<ledger::Release> {
    CG_TRY(const auto recipient, crypto::AgeRecipient::parse(request.key.recipient));
    if (recipient.kind() != crypto::AgeKind::mlkem768x25519)
        return fail(Errc::unsupported, "the recipient's key is classical only; it needs an age1pq1 key");

    wire::Routing routing;
    routing.mid = MessageId::trusted(crypto::random_id("msg-"));
    routing.from = request.from;
    routing.to = request.to.agency;
    routing.created = request.now;
    routing.expires = request.expires;

    wire::ViewPayload payload;
    payload.mid = routing.mid;
    payload.from = request.from;
    payload.to = request.to;
    payload.rkid = request.key.kid;
    payload.issued = request.now;
    payload.expires = request.expires;
    payload.purpose = request.purpose;
    payload.routing_sha256 = wire::routing_sha256(routing);
    payload.view = std::move(request.view);

    auto text = to_jcs(wire::sign_view(payload, signer.key, signer.certificate_sha256));
    pad(text);
    // SE-2: one key a view; nobody else who receives of this case can open it.
    auto sealed = crypto::age_seal(view_bytes(text), std::array{recipient});
    crypto::wipe(text);
    if (!sealed.has_value()) return fail(std::move(sealed).error());

    routing.envelope_sha256 = crypto::sha256(sealed.value());
    ledger::Release release;
    release.mid = routing.mid;
    release.to = request.to;
    release.kid = request.key.kid;
    release.envelope_sha256 = routing.envelope_sha256;
    release.envelope = std::move(sealed).value();
    release.routing = to_jcs(wire::sign_routing(routing, signer.key, signer.certificate_sha256));
    release.expires = request.expires;
    return release;
}

auto open_envelope(ByteView envelope, const wire::Routing& routing, const RecipientId& me,
                   const crypto::AgeIdentity& identity, const certs::Directory& directory, Instant now)
    -> Result<wire::ViewPayload> {
    if (crypto::sha256(envelope) != routing.envelope_sha256)
        return refuse("security/digest-mismatch", "Ask the sender to send it again: the envelope was altered on its way.");
    const std::array<const crypto::AgeIdentity*, 1> identities{&identity};
    CG_TRY(const auto plaintext, crypto::age_open(envelope, identities));
    CG_TRY(const auto jws, parse_json(plaintext.reveal()));
    CG_TRY(const auto unverified, wire::read_signed_view(jws));
    const auto& claimed = unverified.claimed;
    if (claimed.from != routing.from || claimed.mid != routing.mid || claimed.routing_sha256 != wire::routing_sha256(routing))
        return refuse("security/routing-mismatch", "Do not use it: the sealed message belongs to another routing.");
    if (claimed.to != me || claimed.rkid != certs::recipient_kid(identity.recipient().str()))
        return refuse("security/other-recipient", "Do not use it: it was signed for another recipient and passed on.");
    CG_TRY(const auto key, directory.signing_key(claimed.from, unverified.certificate_sha256, now));
    return unverified.verified_by(key);
}

}  // namespace cg::relay
