// What each type of entry says, against the rows that are kept beside it.
#include "gateway/ledger/entry_fields.hpp"
#include "gateway/ledger/states.hpp"
#include "gateway/ledger/verify_chunk.hpp"

#include <algorithm>

namespace cg::ledger {

template <class T>
auto ChunkChecker::readable(Result<T> result, const EntryRow& row) -> Result<std::optional<T>> {
    if (result.has_value()) return std::optional<T>{std::move(result).value()};
    if (result.error().code != Errc::corrupt) return fail(std::move(result).error());
    problem(row.seq, row.ref, "row/unreadable", "a row of this entry is damaged and cannot be read");
    return std::optional<T>{};
}

auto ChunkChecker::check_entry(const Entry& entry) -> Result<> {
    CG_TRY(check_personal(entry));
    CG_TRY(check_duties(entry));
    const auto& type = entry.row->type;
    if (type == entry_type::decision) return check_decision(entry);
    if (type == entry_type::release) return check_release(entry);
    if (type == entry_type::receipt) return check_receipt(entry);
    if (type == entry_type::erasure) {
        findings_.erased.emplace_back(entry.fields["of"].text());
        expect(entry.fields["of"].text() == entry.row->ref, *entry.row, "entry/ref-altered",
               "the entry is filed under another record");
    }
    return ok();
}

auto ChunkChecker::check_personal(const Entry& entry) -> Result<> {
    if (entry.personal.empty()) return ok();
    const auto& row = *entry.row;
    const auto* sealed = row_at(slice_.personal, row.seq);
    if (sealed == nullptr) {
        findings_.gone.push_back({row.seq, row.seq, false});
        return ok();
    }
    if (vault_ == nullptr) return ok();
    const auto opened = vault_->open(*sealed);
    if (opened.has_error()) {
        problem(row.seq, row.ref, "personal/altered", "the personal details do not open: altered, or another store secret");
        return ok();
    }
    const auto text = opened.value().fields.reveal_text();
    expect(to_hex(commitment(opened.value().salt, row.type, group::id, text)) == entry.personal, row, "personal/altered",
           "the personal details are not those that were committed to");
    return row.type == entry_type::decision ? check_search_keys(entry, text) : ok();
}

auto ChunkChecker::check_search_keys(const Entry& entry, std::string_view personal) -> Result<> {
    const auto search = personal_search(personal);
    if (search.has_error()) return ok();  // then the commitment did not fit, either
    for (const auto& key : search_keys(*vault_, search.value().actor, search.value().subjects)) {
        CG_TRY(const auto found, readable(store_.has_search_key({key, entry.row->seq}), *entry.row));
        expect(found.value_or(true), *entry.row, "search/missing", "a search for its people would not find this record");
    }
    return ok();
}

auto ChunkChecker::check_decision(const Entry& entry) -> Result<> {
    const auto& row = *entry.row;
    const auto& said = entry.fields;
    expect(said["id"].text() == row.ref, row, "entry/ref-altered", "the entry is filed under another record");
    check_answer(entry);
    check_held(entry);
    check_links(entry);
    const auto* index = row_at(slice_.decisions, row.seq);
    if (index == nullptr) {
        problem(row.seq, row.ref, "index/missing", "the decision is missing from the index: no search would find it");
        return check_copies(entry);
    }
    expect(index->id == said["id"].text(), row, "index/id", "the index has another id for this decision");
    expect(index->recorded_at == row.at && to_rfc3339(index->decided_at) == said["decided_at"].text(), row, "index/time",
           "the index has another time for this decision");
    expect(index->purpose == said["purpose"].text(), row, "index/purpose", "the index has another purpose");
    expect(index->outcome == said["outcome"].text(), row, "index/outcome", "the index has another outcome");
    auto recipients = Json::array();
    for (const auto& r : index->recipients)
        recipients.push(Json::object({{"to", r.role + "@" + r.agency}, {"outcome", r.outcome}}));
    expect(recipients == said["recipients"], row, "index/recipients", "the index has other recipients or outcomes");
    return check_copies(entry);
}

void ChunkChecker::check_answer(const Entry& entry) {
    const auto& row = *entry.row;
    const auto* answer = row_at(slice_.answers, row.seq);
    expect(answer != nullptr, row, "answer/missing", "what the caller was answered is missing");
    if (answer == nullptr) return;
    expect(to_hex(answer->body) == entry.fields["body_sha256"].text(), row, "answer/body",
           "the hash of the submission is not the recorded one");
    expect(to_hex(crypto::sha256(answer->response)) == entry.fields["response_sha256"].text(), row, "answer/altered",
           "what the caller was answered is not what is kept");
}

auto ChunkChecker::check_copies(const Entry& entry) -> Result<> {
    const auto& row = *entry.row;
    const auto* releases = entry.fields["releases"].if_array();
    if (releases == nullptr) return ok();
    auto seq = row.seq;
    for (const auto& release : *releases) {
        ++seq;
        std::optional<OutboxRow> beyond;
        const auto* copy = row_at(slice_.outbox, seq);
        if (seq >= last_) {  // the batch runs on into the next stretch
            CG_TRY(const auto found, readable(store_.outbox(release["mid"].text()), row));
            if (found) beyond = *found;
            copy = beyond ? &*beyond : nullptr;
        }
        const bool fits = copy != nullptr && copy->seq == seq && copy->mid == release["mid"].text() &&
                          copy->to == release["to"].text() && copy->parent == row.seq &&
                          copy->to.ends_with("@" + copy->agency);
        expect(fits, row, "outbox/copies", "the copies in the outbox are not those that the decision released");
        claimed_.push_back(seq);
    }
    return ok();
}

auto ChunkChecker::check_release(const Entry& entry) -> Result<> {
    const auto& row = *entry.row;
    const auto& said = entry.fields;
    expect(said["mid"].text() == row.ref, row, "entry/ref-altered", "the entry is filed under another message");
    const auto* copy = row_at(slice_.outbox, row.seq);
    if (copy == nullptr) {
        problem(row.seq, row.ref, "outbox/missing", "the copy that was released here is missing from the outbox");
        return ok();
    }
    expect(copy->kind == OutboxKind::envelope && copy->id == row.ref && copy->mid == row.ref, row, "outbox/id",
           "the outbox has another message here");
    expect(to_hex(copy->envelope_sha256) == said["envelope_sha256"].text(), row, "outbox/hash",
           "the outbox has another envelope hash than was recorded");
    expect(static_cast<std::int64_t>(copy->bytes) == said["bytes"].integer_or(-1), row, "outbox/size",
           "the outbox has another size than was recorded");
    CG_TRY(check_parent(entry, *copy));
    return check_envelope(row, copy->envelope_sha256, copy->parent);
}

auto ChunkChecker::check_parent(const Entry& entry, const OutboxRow& copy) -> Result<> {
    const auto& row = *entry.row;
    if (std::ranges::find(claimed_, row.seq) != claimed_.end()) return ok();
    bool listed = false;
    if (copy.parent < first_) {  // its decision may be in the stretch before
        CG_TRY(const auto found, readable(store_.entries(copy.parent, 1), row));
        if (found && !found->empty() && found->front().seq == copy.parent) {
            const auto fields = parse_json(found->front().fields);
            const auto* releases = fields.has_value() ? fields.value()["releases"].if_array() : nullptr;
            const auto nth = row.seq - copy.parent - 1;
            listed = releases != nullptr && nth < releases->size() && (*releases)[nth]["mid"].text() == row.ref;
        }
    }
    expect(listed, row, "outbox/parent", "no decision released this copy");
    return ok();
}

auto ChunkChecker::check_envelope(const EntryRow& row, const crypto::Digest& hash, std::optional<std::uint64_t> decision)
    -> Result<> {
    CG_TRY(const auto read, readable(store_.envelope(row.seq), row));
    if (!read) return ok();
    const auto& envelope = *read;
    if (envelope)
        expect(crypto::sha256(ByteView{*envelope}) == hash, row, "envelope/altered",
               "the sealed copy is not the one that was recorded");
    else if (decision)
        findings_.gone.push_back({row.seq, *decision, true});
    else
        problem(row.seq, row.ref, "envelope/missing", "the sealed copy is missing");
    return ok();
}

auto ChunkChecker::check_receipt(const Entry& entry) -> Result<> {
    const auto& row = *entry.row;
    expect(entry.fields["mid"].text() == row.ref, row, "entry/ref-altered", "the entry is filed under another message");
    const auto* receipt = row_at(slice_.receipts, row.seq);
    if (receipt == nullptr) {
        problem(row.seq, row.ref, "receipt/missing", "the receipt that is recorded here is missing");
        return ok();
    }
    expect(to_string(receipt->state) == entry.fields["state"].text(), row, "receipt/state",
           "the receipt's state is not the recorded one");
    if (entry.fields["side"].text() == "sender") return check_sent_receipt(entry, *receipt);
    if (entry.fields["state"].text() == "received") return check_arrival(entry);
    return check_step(entry, *receipt);
}

auto ChunkChecker::check_sent_receipt(const Entry& entry, const ReceiptRow& receipt) -> Result<> {
    const auto& row = *entry.row;
    expect(to_hex(crypto::sha256(receipt.receipt)) == entry.fields["receipt_sha256"].text(), row, "receipt/altered",
           "the receipt is not the one that was recorded");
    CG_TRY(const auto copy, readable(store_.outbox(row.ref), row));
    const bool fits = !copy || (*copy && (*copy)->seq == receipt.of &&
                                to_hex((*copy)->envelope_sha256) == entry.fields["envelope_sha256"].text());
    expect(fits, row, "receipt/parent", "the receipt belongs to another message");
    return ok();
}

auto ChunkChecker::check_arrival(const Entry& entry) -> Result<> {
    const auto& row = *entry.row;
    const auto& said = entry.fields;
    const auto* message = row_at(slice_.inbox, row.seq);
    if (message == nullptr) {
        problem(row.seq, row.ref, "inbox/missing", "the message that arrived here is missing from the inbox");
        return ok();
    }
    const bool fits = message->mid == row.ref && message->from == said["from"].text() &&
                      to_hex(message->envelope_sha256) == said["envelope_sha256"].text() &&
                      static_cast<std::int64_t>(message->bytes) == said["bytes"].integer_or(-1) &&
                      to_rfc3339(message->received_at) == said["received_at"].text();
    expect(fits, row, "inbox/altered", "the inbox has another message, sender, size or time than was recorded");
    return check_envelope(row, message->envelope_sha256, std::nullopt);
}

auto ChunkChecker::check_step(const Entry& entry, const ReceiptRow& receipt) -> Result<> {
    const auto& row = *entry.row;
    CG_TRY(const auto read, readable(store_.inbox(row.ref), row));
    if (!read) return ok();
    const auto& message = *read;
    const bool belongs = message && message->seq == receipt.of &&
                         to_hex(message->envelope_sha256) == entry.fields["envelope_sha256"].text();
    expect(belongs, row, "receipt/parent", "the receipt belongs to another message");
    const auto* out = row_at(slice_.outbox, row.seq);
    const bool queued = out != nullptr && out->kind == OutboxKind::receipt && out->mid == row.ref &&
                        out->id == row.ref + "/" + std::string{entry.fields["state"].text()} &&
                        out->receipt == receipt.receipt && message && out->agency == message->from;
    expect(queued, row, "outbox/receipt", "the receipt for the sender is missing from the outbox, or another one");
    return ok();
}

}  // namespace cg::ledger
