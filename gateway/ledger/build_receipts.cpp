// Receipts: an envelope that arrived, what our office did with it, and what recipients tell us of ours.
#include "gateway/ledger/batch_builder.hpp"
#include "gateway/ledger/entry_fields.hpp"
#include "gateway/ledger/states.hpp"

#include <algorithm>

namespace cg::ledger {
namespace {

/// How long we keep trying to tell a sender.
constexpr auto receipt_life = std::chrono::days{30};

auto of_state(const std::vector<ReceiptRow>& rows, DeliveryState state) -> const ReceiptRow* {
    const auto at = std::ranges::find(rows, state, &ReceiptRow::state);
    return at == rows.end() ? nullptr : &*at;
}

auto no_signer() { return fail(Errc::unsupported, "this ledger was opened without a signer of receipts"); }

}  // namespace

auto BatchBuilder::add_own_receipt(const InboxRow& row, DeliveryState state, Instant at, const EntryRow& entry)
    -> std::string {
    const ReceiptFacts facts{.mid = MessageId::trusted(row.mid),
                             .envelope_sha256 = row.envelope_sha256,
                             .state = state,
                             .at = at,
                             .leaf_index = entry.seq,
                             .leaf_hash = crypto::merkle_leaf(view_bytes(entry.leaf))};
    auto receipt = context_.sign_receipt(facts);
    batch_.receipts.push_back({entry.seq, row.seq, state, receipt});
    return receipt;
}

auto BatchBuilder::accept(const Inbound& inbound) -> Result<Accepted> {
    if (!context_.sign_receipt) return no_signer();
    CG_TRY(const auto before, find_inbox(inbound.mid.str()));
    if (before) {
        if (before->envelope_sha256 != inbound.envelope_sha256)
            return fail(Errc::conflict, "this message id came with another envelope");
        CG_TRY(const auto receipts, receipts_of(before->seq));
        if (receipts.empty()) return fail(Errc::corrupt, "an inbox message without a receipt");
        return Accepted{.repeated = true, .receipt = receipts.front().receipt};
    }
    if (crypto::sha256(ByteView{inbound.envelope}) != inbound.envelope_sha256)
        return fail(Errc::malformed, "the hash is not that of the envelope");
    InboxRow row;
    row.mid = inbound.mid.str();
    row.from = inbound.from.str();
    row.state = DeliveryState::received;
    row.received_at = inbound.received_at;
    row.expires = inbound.expires;
    row.envelope_sha256 = inbound.envelope_sha256;
    row.bytes = inbound.envelope.size();
    row.routing = inbound.routing;
    row.proof = inbound.proof;
    row.opening = to_jcs(inbound.opening);
    auto fields = receipt_fields(Side::recipient, row.mid, row.envelope_sha256, row.state);
    fields.set("from", row.from);
    fields.set("bytes", row.bytes);
    fields.set("received_at", to_rfc3339(row.received_at));
    const auto& entry = append(entry_type::receipt, row.mid, std::move(fields), nullptr);
    row.seq = entry.seq;
    auto receipt = add_own_receipt(row, row.state, row.received_at, entry);
    batch_.envelopes.push_back({row.seq, inbound.envelope});
    batch_.inbox.push_back(row);
    inbox_.emplace(inbound.mid.str(), std::move(row));
    return Accepted{.repeated = false, .receipt = std::move(receipt)};
}

auto BatchBuilder::acknowledge(const MessageId& mid, DeliveryState state, const std::string& actor) -> Result<Accepted> {
    if (!context_.sign_receipt) return no_signer();
    if (!is_receipt_state(state)) return fail(Errc::malformed, "not a state that our office can set");
    CG_TRY(auto row, find_inbox(mid.str()));
    if (!row) return fail(Errc::not_found, "the inbox has no such message");
    CG_TRY(const auto receipts, receipts_of(row->seq));
    if (receipts.empty()) return fail(Errc::corrupt, "an inbox message without a receipt");
    if (!receipt_moves(row->state, state)) {
        const auto* first = of_state(receipts, state);
        return Accepted{.repeated = true, .receipt = first != nullptr ? first->receipt : receipts.back().receipt};
    }
    const auto personal = Json::object({{"actor", actor}});
    const auto& entry = append(entry_type::receipt, row->mid,
                               receipt_fields(Side::recipient, row->mid, row->envelope_sha256, state), &personal);
    auto receipt = add_own_receipt(*row, state, entry.at, entry);

    OutboxRow out;
    out.seq = entry.seq;
    out.id = row->mid + "/" + std::string{to_string(state)};
    out.kind = OutboxKind::receipt;
    out.mid = row->mid;
    out.to = out.agency = row->from;
    out.due = entry.at;
    out.expires = entry.at + receipt_life;
    out.parent = row->seq;
    out.envelope_sha256 = row->envelope_sha256;
    out.receipt = receipt;
    batch_.outbox.push_back(out);
    outbox_.emplace(out.id, out);

    row->state = state;
    batch_.inbox_changes.push_back({row->seq, state});
    inbox_.insert_or_assign(mid.str(), std::move(*row));
    return Accepted{.repeated = false, .receipt = std::move(receipt)};
}

auto BatchBuilder::record_receipt(const Incoming& incoming) -> Result<> {
    CG_TRY(auto row, find_outbox(incoming.mid.str()));
    if (row.kind != OutboxKind::envelope || row.agency != incoming.from.str())
        return fail(Errc::not_found, "no such message was sent to this agency");
    if (row.envelope_sha256 != incoming.envelope_sha256) return fail(Errc::conflict, "a receipt for another envelope");
    if (!is_receipt_state(incoming.state)) return fail(Errc::malformed, "not a state that a receipt can say");
    if (!receipt_moves(row.state, incoming.state)) return ok();
    auto fields = receipt_fields(Side::sender, row.mid, row.envelope_sha256, incoming.state);
    fields.set("receipt_sha256", to_hex(crypto::sha256(incoming.receipt)));
    const auto& entry = append(entry_type::receipt, row.mid, std::move(fields), nullptr);
    batch_.receipts.push_back({entry.seq, row.seq, incoming.state, incoming.receipt});
    row.state = incoming.state;
    row.last_error.clear();
    change(std::move(row));
    return ok();
}

}  // namespace cg::ledger
