// A stretch of the log: its leaves, its times, and rows that belong to no entry. The rows of each type are in verify_rows.cpp.
#include "gateway/ledger/verify_chunk.hpp"

#include "gateway/ledger/entry_fields.hpp"
#include "gateway/ledger/states.hpp"

#include <algorithm>

namespace cg::ledger {
namespace {

template <class Row>
void append(std::vector<Row>& to, std::vector<Row>& from) {
    std::ranges::move(from, std::back_inserter(to));
}

void append(Slice& to, Slice& from) {
    append(to.entries, from.entries);
    append(to.personal, from.personal);
    append(to.held, from.held);
    append(to.duties, from.duties);
    append(to.decisions, from.decisions);
    append(to.answers, from.answers);
    append(to.outbox, from.outbox);
    append(to.inbox, from.inbox);
    append(to.receipts, from.receipts);
    append(to.receipts_of, from.receipts_of);
}

/// How far a copy got, by its receipts.
auto best_of(const std::vector<ReceiptRow>& receipts, std::uint64_t of) -> std::optional<DeliveryState> {
    std::optional<DeliveryState> best;
    for (const auto& receipt : receipts)
        if (receipt.of == of && (!best || receipt_moves(*best, receipt.state))) best = receipt.state;
    return best;
}

}  // namespace

void ChunkChecker::problem(std::uint64_t seq, std::string ref, const char* what, std::string words) {
    findings_.problems.push_back({seq, std::move(ref), what, std::move(words)});
}

void ChunkChecker::expect(bool holds, const EntryRow& row, const char* what, const char* words) {
    if (!holds) problem(row.seq, row.ref, what, words);
}

auto ChunkChecker::read(std::uint64_t first, std::uint64_t last) -> Result<> {
    first_ = first;
    last_ = last;
    before_.reset();
    claimed_.clear();
    if (first > 0) {
        auto rows = store_.entries(first - 1, 1);
        if (rows.has_value() && !rows.value().empty()) before_ = std::move(rows.value().front());
    }
    auto whole = store_.slice(first, last);
    if (whole.has_value()) {
        slice_ = std::move(whole).value();
        return ok();
    }
    if (whole.error().code != Errc::corrupt) return fail(std::move(whole).error());
    slice_ = {};
    for (auto seq = first; seq < last; ++seq) {  // one by one, to name those that cannot be read
        auto one = store_.slice(seq, seq + 1);
        if (one.has_value())
            append(slice_, one.value());
        else if (one.error().code == Errc::corrupt)
            problem(seq, {}, "row/unreadable", "a row of this entry is damaged and cannot be read");
        else
            return fail(std::move(one).error());
    }
    return ok();
}

auto ChunkChecker::run(std::uint64_t first, std::uint64_t last) -> Result<std::vector<crypto::Digest>> {
    CG_TRY(read(first, last));
    CG_TRY(const auto kept, store_.nodes(0, first, last - first));
    std::vector<crypto::Digest> leaves;
    std::vector<Entry> entries;
    leaves.reserve(last - first);
    entries.reserve(slice_.entries.size());
    for (auto seq = first; seq < last; ++seq) {
        const auto at = seq - first;
        const auto* row = row_at(slice_.entries, seq);
        if (row == nullptr) {
            problem(seq, {}, "entry/missing", "the entry at this position is missing");
            leaves.push_back(at < kept.size() ? kept[at] : crypto::Digest{});
            continue;
        }
        leaves.push_back(crypto::merkle_leaf(view_bytes(row->leaf)));
        if (at >= kept.size())
            problem(seq, row->ref, "tree/hash-missing", "the tree has no hash of this entry");
        else
            expect(kept[at] == leaves.back(), *row, "entry/altered", "the entry is not the one that was signed");
        entries.push_back(check_leaf(*row));
    }
    for (const auto& entry : entries) {
        CG_TRY(check_entry(entry));
    }
    check_times(entries);
    check_strays(entries);
    CG_TRY(check_closed_duties());
    check_states();
    return leaves;
}

auto ChunkChecker::check_leaf(const EntryRow& row) -> Entry {
    Entry entry{.row = &row, .fields = {}, .personal = {}};
    const auto group = public_group(row.type);
    const auto opened = to_hex(commitment(row.salt, row.type, group, row.fields));
    const auto leaf = parse_json(row.leaf);
    const Json nothing;
    const auto& commitments = leaf.has_value() ? leaf.value()["c"] : nothing;
    entry.personal = commitments[group::id].text();
    // The leaf, written anew from its parts: nothing else may stand in it.
    auto parts = Json::object({{group == group::out ? "out" : "dec", opened}});
    if (commitments.find(group::id) != nullptr) parts.set("id", entry.personal);
    const auto expected = Json::object({{"c", std::move(parts)}, {"s", row.seq}, {"t", row.type}});
    if (to_jcs(expected) != row.leaf) {
        const bool moved = leaf.has_value() && leaf.value()["s"].integer_or(-1) != static_cast<std::int64_t>(row.seq);
        if (moved)
            problem(row.seq, row.ref, "entry/moved", "the entry was recorded at another position");
        else
            problem(row.seq, row.ref, "entry/fields-altered", "what the entry says is not what was committed to");
    }
    auto fields = parse_json(row.fields);
    if (fields.has_value()) entry.fields = std::move(fields).value();
    return entry;
}

void ChunkChecker::check_times(const std::vector<Entry>& entries) {
    const auto* before = before_ ? &*before_ : nullptr;
    for (const auto& entry : entries) {
        const auto& row = *entry.row;
        // A release has the time of its decision, and is the one kind of entry that does not say its own.
        if (row.type != entry_type::release)
            expect(entry.fields["recorded_at"].text() == to_rfc3339(row.at), row, "entry/time-altered",
                   "the time of the entry is not the one that was committed to");
        else if (before != nullptr && before->seq + 1 == row.seq)
            expect(before->at == row.at, row, "entry/time-altered", "the time of the release is not that of its decision");
        if (before != nullptr)
            expect(before->at <= row.at, row, "entry/time-order", "the entry is older than the one before it");
        before = &row;
    }
}

void ChunkChecker::check_strays(const std::vector<Entry>& entries) {
    const auto stray = [&](const auto& rows, const char* table, const auto& belongs) {
        for (const auto& row : rows) {
            const auto at = std::ranges::lower_bound(entries, row.seq, {}, [](const Entry& e) { return e.row->seq; });
            if (at == entries.end() || at->row->seq != row.seq || !belongs(*at))
                problem(row.seq, {}, "row/stray", std::string{"a row of "} + table + " belongs to no entry of the log");
        }
    };
    const auto type = [](std::string_view wanted) { return [wanted](const Entry& e) { return e.row->type == wanted; }; };
    stray(slice_.decisions, "decisions", type(entry_type::decision));
    stray(slice_.answers, "answers", type(entry_type::decision));
    stray(slice_.inbox, "inbox", type(entry_type::receipt));
    stray(slice_.receipts, "receipts", type(entry_type::receipt));
    stray(slice_.personal, "personal", [](const Entry& e) { return !e.personal.empty(); });
    const auto opens = [](const Entry& e) { return e.fields.find("duties") != nullptr; };
    stray(slice_.duties, "duties", opens);
    for (const auto seq : slice_.held) {
        const auto at = std::ranges::lower_bound(entries, seq, {}, [](const Entry& e) { return e.row->seq; });
        if (at == entries.end() || at->row->seq != seq || !at->fields["held"].is_true())
            problem(seq, {}, "row/stray", "held content belongs to no decision that was held");
    }
    stray(slice_.outbox, "outbox",
          [](const Entry& e) { return e.row->type == entry_type::release || e.row->type == entry_type::receipt; });
}

void ChunkChecker::check_states() {
    for (const auto& row : slice_.outbox) {
        if (row.kind != OutboxKind::envelope || row.state == DeliveryState::recalled) continue;
        const auto best = best_of(slice_.receipts_of, row.seq);
        const bool fits = best ? *best == row.state : !is_receipt_state(row.state);
        if (!fits) problem(row.seq, row.mid, "outbox/state", "the state of the copy is not what its receipts say");
    }
    for (const auto& row : slice_.inbox) {
        const auto best = best_of(slice_.receipts_of, row.seq);
        if (best != row.state) problem(row.seq, row.mid, "inbox/state", "the state of the message is not what its receipts say");
    }
}

}  // namespace cg::ledger
