#pragma once
/// Rows of the tables as structs. Each list of columns stands beside the function that reads it.
///
/// Errors  corrupt, where a value is none that we write

#include "gateway/ledger/sqlite/database.hpp"
#include "gateway/ledger/store.hpp"

namespace cg::ledger::sqlite {

#define CG_ENTRY_COLUMNS "seq, type, at, ref, leaf, salt, fields"
[[nodiscard]] auto read_entry(const Columns& c) -> Result<EntryRow>;
#define CG_PERSONAL_COLUMNS "seq, wrapped_key, sealed"
[[nodiscard]] auto read_personal(const Columns& c) -> Result<PersonalRow>;
#define CG_HELD_COLUMNS "seq, wrapped_key, sealed"
[[nodiscard]] auto read_held(const Columns& c) -> Result<HeldRow>;
#define CG_DUTY_COLUMNS "seq, id, kind, ref, due, done"
[[nodiscard]] auto read_duty(const Columns& c) -> Result<DutyRow>;
/// The entries that events_of() finds: the condition is that of an index.
#define CG_EVENTS_ONLY "type NOT IN ('decision/1', 'release/1', 'receipt/1', 'erasure/1')"
/// Without its recipients.
#define CG_DECISION_COLUMNS "d.seq, d.id, d.recorded_at, d.decided_at, d.purpose, d.outcome"
[[nodiscard]] auto read_decision(const Columns& c) -> Result<DecisionIndexRow>;
#define CG_ANSWER_COLUMNS "seq, key, body, response"
[[nodiscard]] auto read_answer(const Columns& c) -> Result<AnswerRow>;
#define CG_OUTBOX_COLUMNS                                                                                             \
    "seq, id, kind, mid, recipient, agency, lane, state, due, expires, attempts, last_error, order_key, parent, "    \
    "envelope_sha256, bytes, routing, receipt"
[[nodiscard]] auto read_outbox(const Columns& c) -> Result<OutboxRow>;
#define CG_INBOX_COLUMNS \
    "seq, mid, sender, state, received_at, expires, envelope_sha256, bytes, routing, proof, opening"
[[nodiscard]] auto read_inbox(const Columns& c) -> Result<InboxRow>;
#define CG_RECEIPT_COLUMNS "seq, of, state, receipt"
[[nodiscard]] auto read_receipt(const Columns& c) -> Result<ReceiptRow>;
#define CG_HEAD_COLUMNS "number, size, checkpoint, secret_check"
[[nodiscard]] auto read_head(const Columns& c) -> Result<Head>;
[[nodiscard]] auto read_digest(const Columns& c, int column) -> Result<crypto::Digest>;

[[nodiscard]] inline auto to_ms(Instant at) -> std::int64_t { return at.time_since_epoch().count(); }
[[nodiscard]] inline auto from_ms(std::int64_t ms) -> Instant { return Instant{std::chrono::milliseconds{ms}}; }
[[nodiscard]] auto to_text(OutboxKind kind) noexcept -> std::string_view;
[[nodiscard]] auto to_text(Lane lane) noexcept -> std::string_view;

}  // namespace cg::ledger::sqlite
