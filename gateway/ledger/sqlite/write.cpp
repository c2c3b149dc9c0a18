#include "gateway/ledger/sqlite/write.hpp"

#include "gateway/ledger/sqlite/rows.hpp"

namespace cg::ledger::sqlite {
namespace {

auto insert_log(Connection& db, const Batch& batch) -> Result<> {
    for (const auto& r : batch.entries) {
        CG_TRY(db.run("INSERT INTO entries (" CG_ENTRY_COLUMNS ") VALUES (?, ?, ?, ?, ?, ?, ?)", r.seq, r.type,
                      to_ms(r.at), r.ref, r.leaf, ByteView{r.salt}, r.fields));
    }
    for (const auto& n : batch.nodes) {
        CG_TRY(db.run("INSERT INTO nodes (level, idx, hash) VALUES (?, ?, ?)", n.id.level, n.id.index, ByteView{n.hash}));
    }
    for (const auto& r : batch.personal) {
        CG_TRY(db.run("INSERT INTO personal (" CG_PERSONAL_COLUMNS ") VALUES (?, ?, ?)", r.seq, ByteView{r.wrapped_key},
                      ByteView{r.sealed}));
    }
    return ok();
}

auto insert_waiting(Connection& db, const Batch& batch) -> Result<> {
    for (const auto& r : batch.held) {
        CG_TRY(db.run("INSERT INTO held (" CG_HELD_COLUMNS ") VALUES (?, ?, ?)", r.seq, ByteView{r.wrapped_key},
                      ByteView{r.sealed}));
    }
    for (const auto& r : batch.duties) {
        CG_TRY(db.run("INSERT INTO duties (" CG_DUTY_COLUMNS ") VALUES (?, ?, ?, ?, ?, ?)", r.seq, r.id, r.kind, r.ref,
                      to_ms(r.due), r.done));
    }
    for (const auto& r : batch.duties_done) {
        CG_TRY(db.run("UPDATE duties SET done = ? WHERE id = ?", r.done, r.id));
    }
    return ok();
}

auto insert_decision(Connection& db, const DecisionIndexRow& r) -> Result<> {
    CG_TRY(db.run("INSERT INTO decisions (seq, id, recorded_at, decided_at, purpose, outcome) VALUES (?, ?, ?, ?, ?, ?)",
                  r.seq, r.id, to_ms(r.recorded_at), to_ms(r.decided_at), r.purpose, r.outcome));
    int n = 0;
    for (const auto& to : r.recipients) {
        CG_TRY(db.run("INSERT INTO recipients (seq, n, role, agency, outcome) VALUES (?, ?, ?, ?, ?)", r.seq, n++, to.role,
                      to.agency, to.outcome));
    }
    return ok();
}

auto insert_decisions(Connection& db, const Batch& batch) -> Result<> {
    for (const auto& r : batch.decisions) {
        CG_TRY(insert_decision(db, r));
    }
    for (const auto& r : batch.search_keys) {
        CG_TRY(db.run("INSERT INTO search_keys (key, seq) VALUES (?, ?)", ByteView{r.key}, r.seq));
    }
    for (const auto& r : batch.answers) {
        CG_TRY(db.run("INSERT INTO answers (" CG_ANSWER_COLUMNS ") VALUES (?, ?, ?, ?)", r.seq, r.key, ByteView{r.body},
                      r.response));
    }
    return ok();
}

auto insert_outbox(Connection& db, const OutboxRow& r) -> Result<> {
    const bool queued = r.state == DeliveryState::queued;
    return db.run(
        "INSERT INTO outbox (" CG_OUTBOX_COLUMNS
        ", ready) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18,"
        " ?19 AND (?13 IS NULL OR NOT EXISTS (SELECT 1 FROM outbox INDEXED BY outbox_order"
        " WHERE order_key = ?13 AND state = 'queued' AND order_key IS NOT NULL)))",
        r.seq, r.id, to_text(r.kind), r.mid, r.to, r.agency, to_text(r.lane), to_string(r.state), to_ms(r.due),
        to_ms(r.expires), r.attempts, r.last_error, r.order, r.parent, ByteView{r.envelope_sha256}, r.bytes, r.routing,
        r.receipt, queued);
}

auto insert_messages(Connection& db, const Batch& batch) -> Result<> {
    for (const auto& r : batch.envelopes) {
        CG_TRY(db.run("INSERT INTO envelopes (seq, bytes) VALUES (?, ?)", r.seq, ByteView{r.bytes}));
    }
    for (const auto& r : batch.outbox) {
        CG_TRY(insert_outbox(db, r));
    }
    for (const auto& r : batch.inbox) {
        CG_TRY(db.run("INSERT INTO inbox (" CG_INBOX_COLUMNS ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", r.seq, r.mid,
                      r.from, to_string(r.state), to_ms(r.received_at), to_ms(r.expires), ByteView{r.envelope_sha256},
                      r.bytes, r.routing, r.proof, r.opening));
    }
    for (const auto& r : batch.receipts) {
        CG_TRY(db.run("INSERT INTO receipts (" CG_RECEIPT_COLUMNS ") VALUES (?, ?, ?, ?)", r.seq, r.of,
                      to_string(r.state), r.receipt));
    }
    return ok();
}

auto change_outbox(Connection& db, const OutboxChange& r) -> Result<> {
    const bool queued = r.state == DeliveryState::queued;
    CG_TRY(db.run("UPDATE outbox SET state = ?2, due = ?3, attempts = ?4, last_error = ?5, ready = ready AND ?6"
                  " WHERE seq = ?1",
                  r.seq, to_string(r.state), to_ms(r.due), r.attempts, r.last_error, queued));
    if (queued) return ok();
    // It left the queue: the next of its order may go.
    return db.run(
        "UPDATE outbox SET ready = 1 WHERE seq = (SELECT min(q.seq) FROM outbox AS q INDEXED BY outbox_order"
        " WHERE q.order_key = (SELECT o.order_key FROM outbox AS o WHERE o.seq = ?1) AND q.state = 'queued'"
        " AND q.order_key IS NOT NULL) AND ready = 0",
        r.seq);
}

auto erase(Connection& db, const Erasure& erasure) -> Result<> {
    for (const auto seq : erasure.held) {
        CG_TRY(db.run("DELETE FROM held WHERE seq = ?", seq));
    }
    for (const auto seq : erasure.personal) {
        CG_TRY(db.run("DELETE FROM personal WHERE seq = ?", seq));
    }
    for (const auto& r : erasure.search_keys) {
        CG_TRY(db.run("DELETE FROM search_keys WHERE key = ? AND seq = ?", ByteView{r.key}, r.seq));
    }
    for (const auto seq : erasure.envelopes) {
        CG_TRY(db.run("DELETE FROM envelopes WHERE seq = ?", seq));
    }
    for (const auto seq : erasure.orders) {
        CG_TRY(db.run("UPDATE outbox SET order_key = NULL WHERE seq = ?", seq));
    }
    return ok();
}

auto replace_head(Connection& db, const Head& head) -> Result<> {
    const auto read = [](const Columns& c) -> Result<std::uint64_t> { return c.count(0); };
    CG_TRY(const auto number, db.query_one<std::uint64_t>("SELECT number FROM head", read));
    if (head.number != number.value_or(0) + 1) return fail(Errc::conflict, "another commit came first");
    return db.run("INSERT OR REPLACE INTO head (id, " CG_HEAD_COLUMNS ") VALUES (1, ?, ?, ?, ?)", head.number, head.size,
                  head.checkpoint, ByteView{head.secret_check});
}

}  // namespace

auto apply(Connection& db, const Batch& batch) -> Result<> {
    CG_TRY(replace_head(db, batch.head));
    CG_TRY(insert_log(db, batch));
    CG_TRY(insert_waiting(db, batch));
    CG_TRY(insert_decisions(db, batch));
    CG_TRY(insert_messages(db, batch));
    for (const auto& r : batch.outbox_changes) {
        CG_TRY(change_outbox(db, r));
    }
    for (const auto& r : batch.inbox_changes) {
        CG_TRY(db.run("UPDATE inbox SET state = ? WHERE seq = ?", to_string(r.state), r.seq));
    }
    for (const auto& erasure : batch.erasures) {
        CG_TRY(erase(db, erasure));
    }
    return ok();
}

}  // namespace cg::ledger::sqlite
