#include "gateway/ledger/batch_builder.hpp"

#include "gateway/ledger/states.hpp"

#include <algorithm>

namespace cg::ledger {

BatchBuilder::BatchBuilder(const BatchContext& context, LogState state) : context_(context), state_(std::move(state)) {}

auto BatchBuilder::clock() -> Instant {
    state_.last_at = std::max(state_.last_at, context_.now());  // a clock that was set back does not set the log back
    return state_.last_at;
}

auto BatchBuilder::append(std::string_view type, std::string ref, Json fields, const Json* personal) -> const EntryRow& {
    changed_ = true;
    EntryRow row;
    row.seq = state_.tree.size();
    row.type = type;
    row.at = type == entry_type::release ? state_.last_at : clock();  // a release has the time of its decision
    row.ref = std::move(ref);
    if (type != entry_type::release) fields.set("recorded_at", to_rfc3339(row.at));
    row.fields = to_jcs(fields);
    const auto salt = fresh_salt();
    row.salt.assign(salt.begin(), salt.end());

    std::vector<Commitment> commitments{{public_group(type), commitment(salt, type, public_group(type), row.fields)}};
    if (personal != nullptr) {
        auto text = to_jcs(*personal);
        const auto personal_salt = fresh_salt();
        batch_.personal.push_back(context_.vault.seal(row.seq, personal_salt, text));
        commitments.push_back({group::id, commitment(personal_salt, type, group::id, text)});
        crypto::wipe(text);
    }
    std::ranges::sort(commitments, {}, &Commitment::group);
    row.leaf = leaf_bytes(type, row.seq, commitments);
    state_.tree.append(crypto::merkle_leaf(view_bytes(row.leaf)), batch_.nodes);
    return batch_.entries.emplace_back(std::move(row));
}

auto BatchBuilder::finish() -> const Batch& {
    auto& head = state_.head;
    head.number += 1;
    head.secret_check = context_.vault.secret_check();
    if (head.number == 1 || !batch_.entries.empty()) {
        head.size = state_.tree.size();
        const crypto::Checkpoint checkpoint{
            .origin = context_.log_name, .size = head.size, .root = state_.tree.root()};
        head.checkpoint = crypto::sign_note(crypto::to_text(checkpoint), context_.log_name, context_.log_key);
    }
    batch_.head = head;
    return batch_;
}

auto BatchBuilder::find_outbox(const std::string& id) -> Result<OutboxRow> {
    if (const auto at = outbox_.find(id); at != outbox_.end()) return at->second;
    CG_TRY(auto row, context_.store.outbox(id));
    if (!row) return fail(Errc::not_found, "the outbox has no such item");
    return std::move(*row);
}

auto BatchBuilder::find_inbox(const std::string& mid) -> Result<std::optional<InboxRow>> {
    if (const auto at = inbox_.find(mid); at != inbox_.end()) return at->second;
    return context_.store.inbox(mid);
}

auto BatchBuilder::receipts_of(std::uint64_t seq) -> Result<std::vector<ReceiptRow>> {
    CG_TRY(auto rows, context_.store.receipts_of(seq));
    std::ranges::copy_if(batch_.receipts, std::back_inserter(rows), [&](const auto& row) { return row.of == seq; });
    return rows;
}

void BatchBuilder::change(OutboxRow row) {
    changed_ = true;
    batch_.outbox_changes.push_back({.seq = row.seq,
                                     .state = row.state,
                                     .due = row.due,
                                     .attempts = row.attempts,
                                     .last_error = row.last_error});
    auto id = row.id;
    outbox_.insert_or_assign(std::move(id), std::move(row));
}

auto BatchBuilder::record_attempt(const std::string& outbox_id, const std::string& error_code,
                                  std::optional<Instant> next) -> Result<> {
    CG_TRY(auto row, find_outbox(outbox_id));
    if (row.state != DeliveryState::queued) return ok();  // a receipt was faster
    row.attempts += 1;
    row.last_error = error_code;
    if (next)
        row.due = *next;
    else
        row.state = error_code == "expired" ? DeliveryState::expired : DeliveryState::dead_letter;
    change(std::move(row));
    return ok();
}

auto BatchBuilder::record_receipt_sent(const std::string& outbox_id) -> Result<> {
    CG_TRY(auto row, find_outbox(outbox_id));
    if (row.kind != OutboxKind::receipt) return fail(Errc::not_found, "the outbox has no such receipt");
    if (row.state == DeliveryState::received) return ok();
    row.state = DeliveryState::received;
    row.last_error.clear();
    change(std::move(row));
    return ok();
}

}  // namespace cg::ledger
