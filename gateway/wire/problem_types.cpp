#include "gateway/wire/problem.hpp"

#include <algorithm>
#include <array>

namespace cg::wire {
namespace {

/// The closed table. Codes are part of the interface: append, never rename.
constexpr std::array types{
    // what was sent cannot be read
    ProblemType{"request/malformed", 400, "The request cannot be read", "Mend what the errors point at and send it again."},
    ProblemType{"request/head-refused", 400, "The request head is not acceptable",
                "Send one plain HTTP/1.1 request head, without folded lines, doubled fields or unusual framing."},
    ProblemType{"request/idempotency-key-missing", 400, "The request has no Idempotency-Key",
                "Send an Idempotency-Key header with a value of your own that you use for this submission alone."},
    ProblemType{"request/not-found", 404, "There is nothing at this address", "Check the path against /v1/openapi.json."},
    ProblemType{"request/method-not-allowed", 405, "This address does not take this method",
                "Use a method that the Allow header names."},
    ProblemType{"request/timed-out", 408, "The request took too long to arrive", "Send the request again, faster or smaller."},
    ProblemType{"idempotency/conflict", 409, "This Idempotency-Key was used for another submission",
                "Use a new key for a new submission, or send the first one unchanged to get its answer."},
    ProblemType{"request/too-large", 413, "The request is too large",
                "Send less at once; large files go as attachments."},
    ProblemType{"request/content-type", 415, "The request is not of a kind that is read here",
                "Send application/json."},
    ProblemType{"request/invalid", 422, "The request does not have the form that is asked for",
                "Mend what the errors point at and send it again."},
    ProblemType{"request/too-many", 429, "Too many requests at once",
                "Wait for the seconds in Retry-After and send it again; an emergency is never answered like this."},
    ProblemType{"request/head-too-large", 431, "The request head is too large", "Send fewer or shorter header fields."},

    // who is asking
    ProblemType{"request/unauthenticated", 401, "The caller is not known",
                "Connect with a client certificate that one of this gateway's authorities issued."},
    ProblemType{"request/not-permitted", 403, "The caller may not do this",
                "Ask the administrator of this gateway to grant the right in its configuration."},
    ProblemType{"request/actor-mismatch", 403, "The certificate is another person's",
                "Act under the name of your own certificate, or through your office system."},

    // what the policy says
    ProblemType{"policy/denied", 403, "The policy does not allow this to be shared",
                "See what would change the answer; the refusal is recorded."},
    ProblemType{"policy/incomplete", 422, "The submission lacks what the policy asks for",
                "Add what the errors ask for and submit it again; the refusal is recorded."},
    ProblemType{"policy/review", 409, "The submission is held for a reviewer",
                "Wait for the review, or submit again with what it asks for."},
    ProblemType{"request/purpose-unknown", 422, "The purpose is not one that the policy knows",
                "Name a purpose of the policy in force."},
    ProblemType{"request/basis-missing", 422, "The request gives no basis", "State purpose, basis and policy of the request."},
    ProblemType{"request/policy-mismatch", 409, "The policy is not the one that the request was made under",
                "Look at the policy in force and decide anew."},

    // between gateways
    ProblemType{"directory/agency-unknown", 403, "The agency is not in the directory",
                "Exchange registered directory entries first."},
    ProblemType{"directory/descriptor-expired", 403, "The agency's directory entry has expired",
                "Ask the agency to publish a current entry that the registrar signed."},
    ProblemType{"directory/key-unknown", 403, "The signing certificate is not in the agency's directory entry",
                "Sign with a certificate of the current entry."},
    ProblemType{"directory/key-expired", 403, "The signing certificate is not in force",
                "Sign with a certificate that is in force."},
    ProblemType{"directory/agency-signature", 403, "The directory entry is not signed by its agency",
                "Sign the entry with a key whose certificate it names."},
    ProblemType{"directory/registrar-signature", 403, "The directory entry is not signed by the registrar",
                "Have the registrar sign the entry."},
    ProblemType{"security/peer-not-allowed", 403, "This agency is not on the list of peers",
                "Ask the administrator of this gateway to add the agency to its peers."},
    ProblemType{"security/not-a-gateway", 403, "The caller is not a gateway", "Use the office listener."},
    ProblemType{"security/wrong-sender", 403, "The sender is not the agency that is connected",
                "Send each envelope from the gateway of the agency that signed its routing."},
    ProblemType{"security/signature-invalid", 403, "The signature does not fit",
                "Sign with the key of a certificate of the current directory entry."},
    ProblemType{"security/wrong-recipient", 421, "The envelope is for another agency",
                "Send it to the gateway of the agency that its routing names."},
    ProblemType{"security/other-recipient", 403, "The message is for another recipient or another key",
                "Open it with the key that it was sealed to."},
    ProblemType{"security/digest-mismatch", 422, "The envelope is not the one that its routing names",
                "Send the envelope unaltered."},
    ProblemType{"security/routing-mismatch", 422, "The message was signed for another routing",
                "Send each message with the routing that it was sealed with."},
    ProblemType{"security/blobs-unknown", 422, "An attachment is not here", "Send the attachments' blobs before the envelope."},
    ProblemType{"security/expired", 410, "The envelope has expired", "Decide and send anew; this copy is no longer taken."},
    ProblemType{"security/clock-skew", 422, "The envelope is dated in the future", "Set the clocks of both gateways."},
    ProblemType{"security/replay", 409, "Another envelope came under this message id",
                "Use a new message id for a new envelope."},
    ProblemType{"security/proof-invalid", 403, "The proof does not show the envelope in the sender's log",
                "Send the proof that the ledger gave for this release, unaltered."},
    ProblemType{"security/channel-not-allowed", 403, "The policy does not allow this channel",
                "Use a channel that the organisation's policy names."},

    // what is kept here
    ProblemType{"message/not-found", 404, "There is no such message here",
                "Check the id; messages for other roles are not shown."},
    ProblemType{"message/state-conflict", 409, "The message is past that state", "Read its state again before the next step."},

    // reviews and drafts
    ProblemType{"review/by-sender", 403, "The sender cannot review their own message", "Somebody else must look at it."},
    ProblemType{"review/actor-mismatch", 403, "The reviewer is somebody else", "Review under your own name."},
    ProblemType{"review/settled", 409, "Somebody else has decided on it already",
                "See what they decided; nothing was changed by this review."},
    ProblemType{"review/changed", 403, "The policy has changed since this was held", "Hand it in again; the refusal is recorded."},
    ProblemType{"draft/decision-required", 409, "The draft waits for a decision",
                "Send it, or record a decision not to share with its reasons; then it can go."},

    // this gateway
    ProblemType{"gateway/internal", 500, "The gateway made a mistake",
                "Tell the operator the instance number; nothing was shared that is not recorded."},
    ProblemType{"gateway/unsupported", 501, "The gateway does not do this", "Use a form that the documentation names."},
    ProblemType{"gateway/unavailable", 503, "The gateway cannot take this now",
                "Send it again with the same Idempotency-Key after a short wait; nothing was recorded or sent."},
    ProblemType{"gateway/not-ready", 503, "The gateway is not ready", "Wait until /readyz says so."},
    ProblemType{"gateway/stopping", 503, "The gateway is stopping",
                "Send it again with the same Idempotency-Key once the gateway is back."},
    ProblemType{"gateway/timed-out", 504, "The work was not done in time",
                "Send it again with the same Idempotency-Key: what was recorded is not recorded twice."},
};

/// Policy's own problems: the code says which, the family says what kind of answer it is.
constexpr std::array families{
    ProblemType{"pack/", 422, "The policy pack does not allow this as it stands", "Have the pack's owner mend it."},
    ProblemType{"basis/", 422, "The legal basis is not complete", "Name a basis that applies, with its evidence."},
    ProblemType{"consent/", 403, "Consent does not cover this", "Record the state of consent, or give a reason to override it."},
    ProblemType{"override/", 422, "The reason to override is not complete", "Give the reason and its evidence."},
    ProblemType{"informing/", 422, "It is not recorded whether the family was informed",
                "Record how they were informed, or why not."},
    ProblemType{"confidence/", 422, "The balance of sharing and not sharing is missing", "Record the balance."},
    ProblemType{"risk/", 422, "A question about risk is not answered", "Answer it."},
    ProblemType{"adequacy/", 422, "The recipient would get too little to act on", "Add what the errors ask for."},
    ProblemType{"accuracy/", 422, "Something cannot be told as it stands", "Say what it is, whose it is and when it was."},
    ProblemType{"recipient/", 422, "This recipient cannot get this", "Name a recipient that the purpose allows."},
    ProblemType{"refusal/", 422, "A refusal to share is not complete", "Give the reason, and with whom it was discussed."},
    ProblemType{"advice/", 422, "A request for advice may not identify anybody", "Take out what could identify the child."},
    ProblemType{"timeliness/", 422, "A time limit was not kept", "Say why, and send it now."},
    ProblemType{"retention/", 422, "Retention does not allow this", "Set a review date, or lift the hold."},
    ProblemType{"draft/", 422, "The draft was not decided on", "Decide on it first."},
    ProblemType{"review/", 422, "The review is not complete", "Give the decision, the reason and the signature."},
    ProblemType{"correction/", 422, "This cannot be corrected like this", "Name a message that was sent, and a reason of the list."},
    ProblemType{"outcome/", 422, "The outcome is not one that the policy knows", "Choose an outcome of the policy's list."},
    ProblemType{"phone/", 422, "The record of a telephone call is not complete", "Say when it was told."},
};

auto find_family(std::string_view code) noexcept -> const ProblemType* {
    const auto* found = std::ranges::find_if(families, [code](const ProblemType& type) { return code.starts_with(type.code); });
    return found == families.end() ? nullptr : found;
}

auto find_type(std::string_view code) noexcept -> const ProblemType* {
    const auto* found = std::ranges::find(types, code, &ProblemType::code);
    return found == types.end() ? nullptr : found;
}

auto code_of(Errc code) noexcept -> std::string_view {
    switch (code) {
        case Errc::malformed:
        case Errc::truncated: return "request/malformed";
        case Errc::too_large: return "request/too-large";
        case Errc::unauthenticated: return "request/unauthenticated";
        case Errc::denied: return "request/not-permitted";
        case Errc::conflict: return "idempotency/conflict";
        case Errc::not_found: return "request/not-found";
        case Errc::timed_out: return "gateway/timed-out";
        case Errc::cancelled: return "gateway/stopping";
        case Errc::unavailable: return "gateway/unavailable";
        case Errc::corrupt: return "gateway/internal";
        case Errc::unsupported: return "gateway/unsupported";
    }
    return "gateway/internal";
}

}  // namespace

auto problem_types() noexcept -> std::span<const ProblemType> { return types; }
auto problem_families() noexcept -> std::span<const ProblemType> { return families; }

auto problem_type(std::string_view code) noexcept -> const ProblemType& {
    if (const auto* found = find_type(code)) return *found;
    if (const auto* found = find_family(code)) return *found;
    return *find_type("gateway/internal");
}

auto problem_code(const Error& error) noexcept -> std::string_view {
    if (!error.problems.empty()) {
        const std::string_view type = error.problems.front().type;
        if (const auto* found = find_type(type)) return found->code;
        if (find_family(type) != nullptr) return type;
        // Anything else that has a place in the input is about its form: JSON that cannot be read, or does not fit.
        if (error.code == Errc::malformed && error.problems.front().type != "json/malformed") return "request/invalid";
    }
    return code_of(error.code);
}

}  // namespace cg::wire
