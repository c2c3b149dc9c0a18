#include "gateway/ledger/reader.hpp"

#include "gateway/ledger/opening.hpp"

#include <algorithm>

namespace cg::ledger {
namespace {

/// A stored id that is none any more was altered.
template <class Id>
auto stored(std::string_view text) -> Result<Id> {
    auto id = Id::parse(text);
    if (id.has_error()) return fail(Errc::corrupt, "the store holds a broken id: " + id.error().detail);
    return std::move(id).value();
}

auto stored_json(std::string_view text) -> Result<Json> {
    auto json = parse_json(text);
    if (json.has_error()) return fail(Errc::corrupt, "the store holds broken JSON");
    return std::move(json).value();
}

auto texts(const std::vector<AgencyId>& agencies) -> std::vector<std::string> {
    std::vector<std::string> out;
    for (const auto& agency : agencies) out.push_back(agency.str());
    return out;
}

auto to_item(const OutboxRow& row) -> Result<OutboxItem> {
    CG_TRY(auto mid, stored<MessageId>(row.mid));
    CG_TRY(auto to, stored<AgencyId>(row.agency));
    return OutboxItem{.id = row.id,
                      .kind = row.kind,
                      .mid = std::move(mid),
                      .to = std::move(to),
                      .lane = row.lane,
                      .due = row.due,
                      .expires = row.expires,
                      .attempts = row.attempts};
}

auto to_item(const InboxRow& row) -> Result<InboxItem> {
    CG_TRY(auto mid, stored<MessageId>(row.mid));
    CG_TRY(auto from, stored<AgencyId>(row.from));
    return InboxItem{.mid = std::move(mid),
                     .from = std::move(from),
                     .state = row.state,
                     .received_at = row.received_at,
                     .expires = row.expires,
                     .bytes = row.bytes,
                     .position = row.seq + 1};
}

}  // namespace

auto LedgerReader::to_row(const DecisionIndexRow& row) -> Result<DecisionRow> {
    DecisionRow out;
    out.seq = row.seq;
    CG_TRY(out.id, stored<DecisionId>(row.id));
    out.decided_at = row.decided_at;
    CG_TRY(out.purpose, stored<PurposeId>(row.purpose));
    out.outcome = row.outcome;
    for (const auto& r : row.recipients) {
        CG_TRY(auto to, stored<RecipientId>(r.role + "@" + r.agency));
        out.recipients.emplace_back(std::move(to), r.outcome);
    }
    return out;
}

auto LedgerReader::entry(std::uint64_t seq) const -> Result<EntryRow> {
    CG_TRY(auto rows, store_.entries(seq, 1));
    if (rows.empty() || rows.front().seq != seq)
        return fail(Errc::corrupt, "entry " + std::to_string(seq) + " is missing");
    return std::move(rows.front());
}

auto LedgerReader::proof(std::uint64_t seq) const -> Result<std::string> {
    CG_TRY(auto head, store_.head());
    if (seq >= head.size) return fail(Errc::corrupt, "an entry lies beyond the signed checkpoint");
    const auto read = [this](crypto::NodeId id) -> Result<crypto::Digest> {
        CG_TRY(const auto found, store_.nodes(id.level, id.index, 1));
        if (found.empty()) return fail(Errc::corrupt, "a hash of the tree is missing");
        return found.front();
    };
    CG_TRY(auto hashes, crypto::inclusion_proof(seq, head.size, read));
    return crypto::to_text(
        crypto::TlogProof{.index = seq, .hashes = std::move(hashes), .checkpoint = std::move(head.checkpoint)});
}

auto LedgerReader::due(Instant now, std::size_t limit, const std::vector<AgencyId>& except) const
    -> Result<std::vector<OutboxItem>> {
    CG_TRY(const auto rows, store_.due(now, limit, texts(except)));
    std::vector<OutboxItem> items;
    for (const auto& row : rows) {
        CG_TRY(auto item, to_item(row));
        items.push_back(std::move(item));
    }
    return items;
}

auto LedgerReader::next_due(const std::vector<AgencyId>& except) const -> Result<std::optional<Instant>> {
    return store_.next_due(texts(except));
}

auto LedgerReader::transmission(const OutboxItem& item) const -> Result<Transmission> {
    CG_TRY(auto row, store_.outbox(item.id));
    if (!row) return fail(Errc::not_found, "the outbox has no such item");
    Transmission out;
    if (row->kind == OutboxKind::receipt) {
        out.receipt = std::move(row->receipt);
        return out;
    }
    CG_TRY(auto envelope, store_.envelope(row->seq));
    if (!envelope) return fail(Errc::not_found, "the content of this item was erased");
    if (crypto::sha256(ByteView{*envelope}) != row->envelope_sha256)
        return fail(Errc::corrupt, "an envelope is not the one that was recorded");
    CG_TRY(const auto line, entry(row->seq));
    CG_TRY(auto fields, stored_json(line.fields));
    out.routing = std::move(row->routing);
    out.envelope = std::move(*envelope);
    CG_TRY(out.proof, proof(row->seq));
    out.opening = make_opening(row->seq, line.salt, std::move(fields));
    return out;
}

auto LedgerReader::find_submission(std::string_view caller, std::string_view key, const crypto::Digest& body) const
    -> Result<std::optional<Recorded>> {
    if (vault_ == nullptr) return fail(Errc::unsupported, "submissions are found with the store secret only");
    CG_TRY(const auto answer, store_.answer(vault_->submission(caller, key)));
    if (!answer) return std::nullopt;
    if (answer->body != body) return fail(Errc::conflict, "this idempotency key came with another body");
    CG_TRY(const auto line, entry(answer->seq));
    CG_TRY(auto id, stored<DecisionId>(line.ref));
    CG_TRY(auto response, vault_->open_answer(id, answer->response));
    return Recorded{.id = std::move(id), .seq = answer->seq, .repeated = true, .response = std::move(response)};
}

auto LedgerReader::inbox(std::uint64_t after_position, std::size_t limit) const -> Result<std::vector<InboxItem>> {
    CG_TRY(const auto rows, store_.inbox_from(after_position, limit));  // position is seq + 1
    std::vector<InboxItem> items;
    for (const auto& row : rows) {
        CG_TRY(auto item, to_item(row));
        items.push_back(std::move(item));
    }
    return items;
}

auto LedgerReader::inbox_message(const MessageId& mid) const -> Result<InboxMessage> {
    CG_TRY(auto row, store_.inbox(mid.str()));
    if (!row) return fail(Errc::not_found, "the inbox has no such message");
    CG_TRY(auto item, to_item(*row));
    CG_TRY(auto envelope, store_.envelope(row->seq));
    if (!envelope) return fail(Errc::not_found, "the content of this message was erased");
    if (crypto::sha256(ByteView{*envelope}) != row->envelope_sha256)
        return fail(Errc::corrupt, "an envelope is not the one that arrived");
    CG_TRY(auto receipts, store_.receipts_of(row->seq));
    if (receipts.empty()) return fail(Errc::corrupt, "an inbox message without a receipt");
    return InboxMessage{.item = std::move(item),
                        .envelope = std::move(*envelope),
                        .routing = std::move(row->routing),
                        .receipt = std::move(receipts.back().receipt)};
}

auto LedgerReader::find_inbound(const MessageId& mid, const crypto::Digest& envelope_sha256) const
    -> Result<std::optional<Accepted>> {
    CG_TRY(const auto row, store_.inbox(mid.str()));
    if (!row) return std::nullopt;
    if (row->envelope_sha256 != envelope_sha256)
        return fail(Errc::conflict, "this message id came with another envelope");
    CG_TRY(auto receipts, store_.receipts_of(row->seq));
    if (receipts.empty()) return fail(Errc::corrupt, "an inbox message without a receipt");
    return Accepted{.repeated = true, .receipt = std::move(receipts.front().receipt)};
}

auto LedgerReader::search(const Query& query) const -> Result<std::vector<DecisionRow>> {
    Find find{.from = query.from,
              .until = query.until,
              .purpose = query.purpose,
              .outcome = query.outcome,
              .role = {},
              .agency = query.recipient,
              .keys = {},
              .before_seq = query.before_seq,
              .limit = query.limit};
    if (const auto at = query.recipient.find('@'); at != std::string::npos) {
        find.role = query.recipient.substr(0, at);
        find.agency = query.recipient.substr(at + 1);
    }
    if (!query.actor.empty() || !query.subject.empty() || !query.link.empty()) {
        if (vault_ == nullptr) return fail(Errc::unsupported, "people and links are found with the store secret only");
        if (!query.actor.empty()) find.keys.push_back(vault_->actor(query.actor));
        if (!query.subject.empty()) find.keys.push_back(vault_->subject(query.subject));
        if (!query.link.empty()) find.keys.push_back(vault_->link(query.link));
    }
    CG_TRY(const auto rows, store_.find(find));
    std::vector<DecisionRow> out;
    for (const auto& row : rows) {
        CG_TRY(auto decision, to_row(row));
        out.push_back(std::move(decision));
    }
    return out;
}

auto LedgerReader::delivery(const OutboxRow& row) const -> Result<Delivery> {
    Delivery out;
    CG_TRY(out.mid, stored<MessageId>(row.mid));
    CG_TRY(out.to, stored<RecipientId>(row.to));
    out.state = row.state;
    out.attempts = row.attempts;
    out.last_error = row.last_error;
    out.seq = row.seq;
    out.bytes = row.bytes;
    CG_TRY(const auto receipts, store_.receipts_of(row.seq));
    for (const auto& receipt : receipts) out.receipts.push_back(receipt.receipt);
    return out;
}

auto LedgerReader::personal(std::uint64_t seq) const -> Result<std::optional<Json>> {
    if (vault_ == nullptr) return std::nullopt;
    CG_TRY(const auto row, store_.personal(seq));
    if (!row) return std::nullopt;
    auto opened = vault_->open(*row);
    if (opened.has_error())
        return fail(Errc::corrupt, "the personal details of entry " + std::to_string(seq) + " do not open");
    CG_TRY(const auto fields, stored_json(opened.value().fields.reveal_text()));
    return std::optional{fields["record"]};
}

auto LedgerReader::show(const DecisionId& id) const -> Result<DecisionRecord> {
    CG_TRY(const auto row, store_.decision(id.str()));
    if (!row) return fail(Errc::not_found, "the log has no such decision");
    DecisionRecord out;
    CG_TRY(out.row, to_row(*row));
    CG_TRY(auto line, entry(row->seq));
    CG_TRY(const auto fields, stored_json(line.fields));
    out.dec = fields["record"];
    CG_TRY(out.personal, personal(row->seq));
    CG_TRY(const auto copies, store_.outbox_of(row->seq));
    for (const auto& copy : copies) {
        CG_TRY(auto one, delivery(copy));
        out.deliveries.push_back(std::move(one));
    }
    out.leaf = std::move(line.leaf);
    CG_TRY(out.proof, proof(row->seq));
    return out;
}

auto LedgerReader::tail(std::size_t count) const -> Result<std::vector<LogEntry>> {
    CG_TRY(const auto head, store_.head());
    const auto first = head.size > count ? head.size - count : 0;
    CG_TRY(auto rows, store_.entries(first, head.size - first));
    std::vector<LogEntry> out;
    for (auto& row : rows)
        out.push_back({row.seq, std::move(row.type), row.at, std::move(row.ref), std::move(row.leaf)});
    return out;
}

auto LedgerReader::checkpoint() const -> Result<std::string> {
    CG_TRY(auto head, store_.head());
    return std::move(head.checkpoint);
}

}  // namespace cg::ledger
