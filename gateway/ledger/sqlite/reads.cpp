#include "gateway/ledger/sqlite/reads.hpp"

#include "gateway/ledger/sqlite/rows.hpp"

#include <algorithm>
#include <limits>
#include <tuple>

namespace cg::ledger::sqlite {
namespace {

constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());

auto read_recipients(Connection& db, std::vector<DecisionIndexRow>& rows) -> Result<> {
    const auto read = [](const Columns& c) -> Result<RecipientOutcome> {
        return RecipientOutcome{.role = c.text(0), .agency = c.text(1), .outcome = c.text(2)};
    };
    for (auto& row : rows) {
        CG_TRY(row.recipients, db.query<RecipientOutcome>(
                                   "SELECT role, agency, outcome FROM recipients WHERE seq = ? ORDER BY n", read, row.seq));
    }
    return ok();
}

/// The seq that a moment stands for: the first decision recorded at or after it. Times never go back, so that is a bound.
auto seq_at(Connection& db, Instant at) -> Result<std::uint64_t> {
    const auto read = [](const Columns& c) -> Result<std::uint64_t> { return c.count(0); };
    CG_TRY(const auto seq,
           db.query_one<std::uint64_t>(
               "SELECT seq FROM decisions WHERE recorded_at >= ? ORDER BY recorded_at, seq LIMIT 1", read, to_ms(at)));
    return seq.value_or(most);
}

/// The most selective thing drives: a person, then a recipient, then an indexed word, then the log itself.
auto find_sql(const Find& find) -> std::string {
    std::string from = "decisions AS d";
    std::string seq = "d.seq";
    std::string group;
    if (!find.keys.empty()) {
        from = "search_keys AS k CROSS JOIN decisions AS d ON d.seq = k.seq AND k.key = ?7";
        seq = "k.seq";
    } else if (!find.agency.empty()) {
        from = "recipients AS k INDEXED BY recipients_agency CROSS JOIN decisions AS d ON d.seq = k.seq AND k.agency = ?5"
               " AND (?6 = '' OR k.role = ?6)";
        seq = "k.seq";
        group = " GROUP BY k.seq";  // one agency may have two roles in one decision
    }
    std::string sql = "SELECT " CG_DECISION_COLUMNS " FROM " + from + " WHERE " + seq + " >= ?1 AND " + seq + " < ?2";
    if (!find.purpose.empty()) sql += " AND d.purpose = ?3";
    if (!find.outcome.empty()) sql += " AND d.outcome = ?4";
    if (!find.keys.empty() && !find.agency.empty())
        sql += " AND EXISTS (SELECT 1 FROM recipients AS r WHERE r.seq = d.seq AND r.agency = ?5 AND (?6 = '' OR r.role = ?6))";
    if (find.keys.size() > 1) sql += " AND EXISTS (SELECT 1 FROM search_keys AS s WHERE s.key = ?8 AND s.seq = d.seq)";
    if (find.keys.size() > 2) sql += " AND EXISTS (SELECT 1 FROM search_keys AS t WHERE t.key = ?10 AND t.seq = d.seq)";
    // All of ?1 to ?10 are named, so that every one can be bound.
    return sql + " AND (1 OR ?3 OR ?4 OR ?5 OR ?6 OR ?7 OR ?8 OR ?10)" + group + " ORDER BY " + seq + " DESC LIMIT ?9";
}

struct Candidate {
    std::int64_t due = 0;
    std::uint64_t seq = 0;
};

/// Agencies of a lane that have something ready: one index step for each, however much each of them has.
auto agencies_of(Connection& db, std::string_view lane) -> Result<std::vector<std::string>> {
    const auto read = [](const Columns& c) -> Result<std::string> { return c.text(0); };
    return db.query<std::string>(
        "WITH RECURSIVE a (agency) AS (SELECT min(agency) FROM outbox WHERE ready = 1 AND lane = ?1 UNION ALL"
        " SELECT (SELECT min(o.agency) FROM outbox AS o WHERE o.ready = 1 AND o.lane = ?1 AND o.agency > a.agency)"
        " FROM a WHERE a.agency IS NOT NULL) SELECT agency FROM a WHERE agency IS NOT NULL",
        read, lane);
}

auto candidates(Connection& db, std::string_view lane, Instant now, std::size_t limit,
                const std::vector<std::string>& except) -> Result<std::vector<Candidate>> {
    const auto read = [](const Columns& c) -> Result<Candidate> { return Candidate{c.number(0), c.count(1)}; };
    std::vector<Candidate> out;
    CG_TRY(const auto agencies, agencies_of(db, lane));
    for (const auto& agency : agencies) {
        if (std::ranges::find(except, agency) != except.end()) continue;
        CG_TRY(const auto some, db.query<Candidate>("SELECT due, seq FROM outbox WHERE ready = 1 AND lane = ? AND agency = ?"
                                                    " AND due <= ? ORDER BY due, seq LIMIT ?",
                                                    read, lane, agency, to_ms(now), limit));
        out.insert(out.end(), some.begin(), some.end());
    }
    std::ranges::sort(out, {}, [](const Candidate& c) { return std::tuple{c.due, c.seq}; });
    if (out.size() > limit) out.resize(limit);
    return out;
}

template <class Row, class Read>
auto range(Connection& db, std::string_view sql, const Read& read, std::uint64_t first, std::uint64_t last) {
    return db.query<Row>(sql, read, first, last);
}

auto fill_slice(Connection& db, std::uint64_t first, std::uint64_t last, Slice& out) -> Result<> {
    const auto where = [](const char* select) { return std::string{select} + " WHERE seq >= ? AND seq < ? ORDER BY seq"; };
    CG_TRY(auto head, db.query_one<Head>("SELECT " CG_HEAD_COLUMNS " FROM head", read_head));
    out.head = head.value_or(Head{});
    CG_TRY(out.entries,
           range<EntryRow>(db, where("SELECT " CG_ENTRY_COLUMNS " FROM entries"), read_entry, first, last));
    CG_TRY(out.personal,
           range<PersonalRow>(db, where("SELECT " CG_PERSONAL_COLUMNS " FROM personal"), read_personal, first, last));
    const auto read_seq = [](const Columns& c) -> Result<std::uint64_t> { return c.count(0); };
    CG_TRY(out.held, range<std::uint64_t>(db, where("SELECT seq FROM held"), read_seq, first, last));
    CG_TRY(out.duties, range<DutyRow>(db, where("SELECT " CG_DUTY_COLUMNS " FROM duties") + ", id", read_duty, first, last));
    CG_TRY(out.decisions, range<DecisionIndexRow>(db, where("SELECT " CG_DECISION_COLUMNS " FROM decisions AS d"),
                                                  read_decision, first, last));
    CG_TRY(read_recipients(db, out.decisions));
    CG_TRY(out.answers, range<AnswerRow>(db, where("SELECT " CG_ANSWER_COLUMNS " FROM answers"), read_answer, first, last));
    CG_TRY(out.outbox, range<OutboxRow>(db, where("SELECT " CG_OUTBOX_COLUMNS " FROM outbox"), read_outbox, first, last));
    CG_TRY(out.inbox, range<InboxRow>(db, where("SELECT " CG_INBOX_COLUMNS " FROM inbox"), read_inbox, first, last));
    CG_TRY(out.receipts,
           range<ReceiptRow>(db, where("SELECT " CG_RECEIPT_COLUMNS " FROM receipts"), read_receipt, first, last));
    CG_TRY(out.receipts_of, db.query<ReceiptRow>("SELECT " CG_RECEIPT_COLUMNS
                                                 " FROM receipts WHERE of >= ? AND of < ? ORDER BY of, seq",
                                                 read_receipt, first, last));
    return ok();
}

}  // namespace

auto decision_by_id(Connection& db, std::string_view id) -> Result<std::optional<DecisionIndexRow>> {
    CG_TRY(auto rows, db.query<DecisionIndexRow>("SELECT " CG_DECISION_COLUMNS " FROM decisions AS d WHERE d.id = ?",
                                                 read_decision, id));
    CG_TRY(read_recipients(db, rows));
    if (rows.empty()) return std::nullopt;
    return std::optional{std::move(rows.front())};
}

auto find_decisions(Connection& db, const Find& find) -> Result<std::vector<DecisionIndexRow>> {
    std::uint64_t first = 0;
    std::uint64_t last = find.before_seq == 0 ? most : std::min(find.before_seq, most);
    if (find.from) {
        CG_TRY(first, seq_at(db, *find.from));
    }
    if (find.until) {
        CG_TRY(const auto end, seq_at(db, *find.until));
        last = std::min(last, end);
    }
    const auto key = [&](std::size_t n) { return find.keys.size() > n ? std::optional{find.keys[n]} : std::nullopt; };
    CG_TRY(auto rows, db.query<DecisionIndexRow>(find_sql(find), read_decision, first, last, find.purpose, find.outcome,
                                                 find.agency, find.role, key(0), key(1), find.limit, key(2)));
    CG_TRY(read_recipients(db, rows));
    return rows;
}

auto due_rows(Connection& db, Instant now, std::size_t limit, const std::vector<std::string>& except)
    -> Result<std::vector<OutboxRow>> {
    std::vector<OutboxRow> out;
    for (const auto lane : {Lane::emergency, Lane::normal}) {
        if (out.size() >= limit) break;
        CG_TRY(const auto found, candidates(db, to_text(lane), now, limit - out.size(), except));
        for (const auto& candidate : found) {
            CG_TRY(auto row, db.query_one<OutboxRow>("SELECT " CG_OUTBOX_COLUMNS " FROM outbox WHERE seq = ?", read_outbox,
                                                     candidate.seq));
            if (row && row->state == DeliveryState::queued) out.push_back(std::move(*row));
        }
    }
    return out;
}

auto next_due_of(Connection& db, const std::vector<std::string>& except) -> Result<std::optional<Instant>> {
    const auto read = [](const Columns& c) -> Result<std::int64_t> { return c.number(0); };
    std::optional<Instant> next;
    for (const auto lane : {Lane::emergency, Lane::normal}) {
        CG_TRY(const auto agencies, agencies_of(db, to_text(lane)));
        for (const auto& agency : agencies) {
            if (std::ranges::find(except, agency) != except.end()) continue;
            CG_TRY(const auto due, db.query_one<std::int64_t>("SELECT due FROM outbox WHERE ready = 1 AND lane = ? AND agency"
                                                              " = ? ORDER BY due, seq LIMIT 1",
                                                              read, to_text(lane), agency));
            if (due && (!next || from_ms(*due) < *next)) next = from_ms(*due);
        }
    }
    return next;
}

auto read_slice(Connection& db, std::uint64_t first, std::uint64_t last) -> Result<Slice> {
    Slice out;
    CG_TRY(db.run("BEGIN"));
    auto filled = fill_slice(db, std::min(first, most), std::min(last, most), out);
    CG_TRY(db.run("COMMIT"));
    if (filled.has_error()) return fail(std::move(filled).error());
    return out;
}

}  // namespace cg::ledger::sqlite
