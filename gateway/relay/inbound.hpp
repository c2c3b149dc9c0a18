#pragma once
/// What other gateways send us: envelopes, and receipts for what we sent.

#include "gateway/ledger/ledger.hpp"
#include "gateway/relay/courier.hpp"
#include "gateway/relay/gateway.hpp"
#include "gateway/wire/http.hpp"

namespace cg::relay {

/// `POST /v1/envelopes` from another gateway. No proof, no delivery: checks that the connection is the sender's own gateway,
/// the signature on the routing, that it is for us and neither expired nor from the future, the envelope's hash, and the proof
/// that the sender's log records it. Then stores the sealed envelope and answers with a signed receipt.
/// Status  201 new; 200 this very envelope was here before: the first receipt again; 409 this mid came with another envelope
void receive_envelope(const Gateway& gateway, const wire::Request& request, const wire::Respond& respond);

/// `POST /v1/receipts`: the recipient's agency tells that a message was opened or acknowledged.
void receive_receipt(const Gateway& gateway, const wire::Request& request, const wire::Respond& respond);

/// Whether `receipt` (JSON text) is the good receipt of the agency that `item` went to, for that message and envelope.
/// Errors  malformed, unauthenticated
[[nodiscard]] auto check_receipt(const Gateway& gateway, const AgencyId& from, const MessageId& mid, std::string_view receipt)
    -> Result<CheckedReceipt>;

/// The signed receipt (JSON text) for what the ledger has just recorded.
[[nodiscard]] auto sign_receipt(const Signer& signer, const ledger::ReceiptFacts& facts) -> std::string;

}  // namespace cg::relay
