#include "gateway/ledger/sqlite/sqlite_store.hpp"

#include "gateway/ledger/sqlite/database.hpp"
#include "gateway/ledger/sqlite/file_lock.hpp"
#include "gateway/ledger/sqlite/reads.hpp"
#include "gateway/ledger/sqlite/rows.hpp"
#include "gateway/ledger/sqlite/schema.hpp"
#include "gateway/ledger/sqlite/write.hpp"

#include <array>
#include <filesystem>
#include <mutex>

namespace cg::ledger::sqlite {
namespace {

/// Files up to this size are checked from end to end when they are opened; larger ones by `log verify`.
constexpr std::uintmax_t checked_at_open = 64U << 20U;
/// Idle read connections that are kept.
constexpr std::size_t kept_readers = 8;

constexpr std::array common_settings{
    "PRAGMA trusted_schema = OFF", "PRAGMA cell_size_check = ON", "PRAGMA temp_store = MEMORY", "PRAGMA cache_size = -16384"};
constexpr std::array writer_settings{
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA secure_delete = ON",  // what is erased is overwritten
    "PRAGMA wal_autocheckpoint = 8192",
    "PRAGMA cache_size = -65536"};

/// For the path of a file: URI.
auto escaped(const std::string& path) -> std::string {
    std::string out;
    for (const char c : path) {
        if (c == '%' || c == '?' || c == '#')
            out.append("%").append(to_hex(view_bytes(std::string_view{&c, 1})));
        else
            out.push_back(c);
    }
    return out;
}

auto settle(Connection& db, std::span<const char* const> settings) -> Result<> {
    for (const auto* setting : settings) {
        CG_TRY(db.run(setting));
    }
    return ok();
}

auto check_integrity(Connection& db, const std::string& path) -> Result<> {
    std::error_code ignored;
    if (std::filesystem::file_size(path, ignored) > checked_at_open) return ok();
    const auto read = [](const Columns& c) -> Result<std::string> { return c.text(0); };
    CG_TRY(const auto answer, db.query_one<std::string>("PRAGMA quick_check(1)", read));
    if (answer.value_or("") != "ok") return fail(Errc::corrupt, "the ledger's file is damaged");
    return ok();
}

/// Connections that look. Each is used by one thread at a time.
class Readers {
public:
    Readers(std::string name, int flags) : name_(std::move(name)), flags_(flags) {}

    /// Runs `work(Connection&)` on one of them.
    template <class Work>
    auto with(Work work) -> decltype(work(std::declval<Connection&>())) {
        CG_TRY(auto connection, take());
        auto result = work(*connection);
        give_back(std::move(connection));
        return result;
    }

private:
    auto take() -> Result<std::unique_ptr<Connection>> {
        {
            const std::lock_guard lock{mutex_};
            if (!idle_.empty()) {
                auto connection = std::move(idle_.back());
                idle_.pop_back();
                return connection;
            }
        }
        CG_TRY(auto connection, Connection::open(name_, flags_));
        CG_TRY(settle(*connection, common_settings));
        CG_TRY(connection->run("PRAGMA query_only = ON"));
        return connection;
    }
    void give_back(std::unique_ptr<Connection> connection) {
        const std::lock_guard lock{mutex_};
        if (idle_.size() < kept_readers) idle_.push_back(std::move(connection));
    }

    const std::string name_;
    const int flags_;
    std::mutex mutex_;
    std::vector<std::unique_ptr<Connection>> idle_;
};

class SqliteStore final : public Store {
public:
    /// `writer` and `lock` none: read-only.
    SqliteStore(std::optional<FileLock> lock, std::unique_ptr<Connection> writer, std::string name, int flags)
        : lock_(std::move(lock)), readers_(std::move(name), flags), writer_(std::move(writer)) {}

    auto commit(const Batch& batch) -> Result<> override;

    auto head() -> Result<Head> override {
        return readers_.with([](Connection& db) -> Result<Head> {
            CG_TRY(auto head, db.query_one<Head>("SELECT " CG_HEAD_COLUMNS " FROM head", read_head));
            return head.value_or(Head{});
        });
    }
    auto nodes(unsigned level, std::uint64_t first, std::size_t count) -> Result<std::vector<crypto::Digest>> override;
    auto entries(std::uint64_t first, std::size_t count) -> Result<std::vector<EntryRow>> override {
        return all<EntryRow>("SELECT " CG_ENTRY_COLUMNS " FROM entries WHERE seq >= ? ORDER BY seq LIMIT ?", read_entry,
                             first, count);
    }
    auto last_entry() -> Result<std::optional<EntryRow>> override {
        return one<EntryRow>("SELECT " CG_ENTRY_COLUMNS " FROM entries ORDER BY seq DESC LIMIT 1", read_entry);
    }
    auto personal(std::uint64_t seq) -> Result<std::optional<PersonalRow>> override {
        return one<PersonalRow>("SELECT " CG_PERSONAL_COLUMNS " FROM personal WHERE seq = ?", read_personal, seq);
    }
    auto events_of(std::string_view ref) -> Result<std::vector<EntryRow>> override {
        return all<EntryRow>("SELECT " CG_ENTRY_COLUMNS " FROM entries WHERE ref = ? AND " CG_EVENTS_ONLY " ORDER BY seq",
                             read_entry, ref);
    }
    auto held(std::uint64_t seq) -> Result<std::optional<HeldRow>> override {
        return one<HeldRow>("SELECT " CG_HELD_COLUMNS " FROM held WHERE seq = ?", read_held, seq);
    }
    auto held_from(std::uint64_t first, std::size_t limit) -> Result<std::vector<std::uint64_t>> override {
        const auto read = [](const Columns& c) -> Result<std::uint64_t> { return c.count(0); };
        return all<std::uint64_t>("SELECT seq FROM held WHERE seq >= ? ORDER BY seq LIMIT ?", read, first, limit);
    }
    auto duty(std::string_view id) -> Result<std::optional<DutyRow>> override {
        return one<DutyRow>("SELECT " CG_DUTY_COLUMNS " FROM duties WHERE id = ?", read_duty, id);
    }
    auto duties_of(std::string_view ref) -> Result<std::vector<DutyRow>> override {
        return all<DutyRow>("SELECT " CG_DUTY_COLUMNS " FROM duties WHERE ref = ? ORDER BY due, id", read_duty, ref);
    }
    auto open_duties(std::string_view kind, Instant before, std::size_t limit) -> Result<std::vector<DutyRow>> override {
        return all<DutyRow>("SELECT " CG_DUTY_COLUMNS " FROM duties WHERE done = 0 AND due < ?1 AND (?2 = '' OR kind = ?2)"
                            " ORDER BY due, id LIMIT ?3",
                            read_duty, to_ms(before), kind, limit);
    }
    auto decision(std::string_view id) -> Result<std::optional<DecisionIndexRow>> override {
        return readers_.with([&](Connection& db) { return decision_by_id(db, id); });
    }
    auto find(const Find& find) -> Result<std::vector<DecisionIndexRow>> override {
        return readers_.with([&](Connection& db) { return find_decisions(db, find); });
    }
    auto answer(const Blind& key) -> Result<std::optional<AnswerRow>> override {
        return one<AnswerRow>("SELECT " CG_ANSWER_COLUMNS " FROM answers WHERE key = ?", read_answer, ByteView{key});
    }
    auto answer_of(std::uint64_t seq) -> Result<std::optional<AnswerRow>> override {
        return one<AnswerRow>("SELECT " CG_ANSWER_COLUMNS " FROM answers WHERE seq = ?", read_answer, seq);
    }
    auto outbox(std::string_view id) -> Result<std::optional<OutboxRow>> override {
        return one<OutboxRow>("SELECT " CG_OUTBOX_COLUMNS " FROM outbox WHERE id = ?", read_outbox, id);
    }
    auto outbox_of(std::uint64_t decision_seq) -> Result<std::vector<OutboxRow>> override {
        return all<OutboxRow>("SELECT " CG_OUTBOX_COLUMNS " FROM outbox WHERE parent = ? AND kind = 'envelope' ORDER BY seq",
                              read_outbox, decision_seq);
    }
    auto due(Instant now, std::size_t limit, const std::vector<std::string>& except)
        -> Result<std::vector<OutboxRow>> override {
        return readers_.with([&](Connection& db) { return due_rows(db, now, limit, except); });
    }
    auto next_due(const std::vector<std::string>& except) -> Result<std::optional<Instant>> override {
        return readers_.with([&](Connection& db) { return next_due_of(db, except); });
    }
    auto envelope(std::uint64_t seq) -> Result<std::optional<Bytes>> override {
        const auto read = [](const Columns& c) -> Result<Bytes> { return c.blob(0); };
        return one<Bytes>("SELECT bytes FROM envelopes WHERE seq = ?", read, seq);
    }
    auto receipts_of(std::uint64_t seq) -> Result<std::vector<ReceiptRow>> override {
        return all<ReceiptRow>("SELECT " CG_RECEIPT_COLUMNS " FROM receipts WHERE of = ? ORDER BY seq", read_receipt, seq);
    }
    auto inbox(std::string_view mid) -> Result<std::optional<InboxRow>> override {
        return one<InboxRow>("SELECT " CG_INBOX_COLUMNS " FROM inbox WHERE mid = ?", read_inbox, mid);
    }
    auto inbox_from(std::uint64_t first, std::size_t limit) -> Result<std::vector<InboxRow>> override {
        return all<InboxRow>("SELECT " CG_INBOX_COLUMNS " FROM inbox WHERE seq >= ? ORDER BY seq LIMIT ?", read_inbox, first,
                             limit);
    }
    auto counts() -> Result<Counts> override;
    auto slice(std::uint64_t first, std::uint64_t last) -> Result<Slice> override {
        return readers_.with([&](Connection& db) { return read_slice(db, first, last); });
    }
    auto has_search_key(const SearchKeyRow& key) -> Result<bool> override {
        const auto read = [](const Columns&) -> Result<bool> { return true; };
        CG_TRY(const auto found,
               one<bool>("SELECT 1 FROM search_keys WHERE key = ? AND seq = ?", read, ByteView{key.key}, key.seq));
        return found.has_value();
    }

private:
    template <class Row, class Read, class... Args>
    auto all(const char* sql, const Read& read, const Args&... args) -> Result<std::vector<Row>> {
        return readers_.with([&](Connection& db) { return db.query<Row>(sql, read, args...); });
    }
    template <class Row, class Read, class... Args>
    auto one(const char* sql, const Read& read, const Args&... args) -> Result<std::optional<Row>> {
        return readers_.with([&](Connection& db) { return db.query_one<Row>(sql, read, args...); });
    }
    void empty_wal();

    std::optional<FileLock> lock_;  // first: given back last
    Readers readers_;
    std::mutex mutex_;
    std::unique_ptr<Connection> writer_;  // by mutex_
    bool wal_to_empty_ = false;           // by mutex_
};

auto SqliteStore::commit(const Batch& batch) -> Result<> {
    if (!writer_) return fail(Errc::unavailable, "the ledger is open read-only");
    const std::lock_guard lock{mutex_};
    CG_TRY(writer_->run("BEGIN IMMEDIATE"));
    auto done = apply(*writer_, batch);
    if (done.has_value()) done = writer_->run("COMMIT");
    if (done.has_error()) {
        // SQLite has rolled back by itself where the disk failed; then this one finds nothing to do.
        static_cast<void>(writer_->run("ROLLBACK"));
        return done;
    }
    if (!batch.erasures.empty()) wal_to_empty_ = true;
    if (wal_to_empty_) empty_wal();
    return ok();
}

void SqliteStore::empty_wal() {
    // Pages as they were before an erasure still stand in the WAL. A reader can hold it for a moment: then after the next commit.
    const auto read = [](const Columns& c) -> Result<std::int64_t> { return c.number(0); };
    const auto busy = writer_->query_one<std::int64_t>("PRAGMA wal_checkpoint(TRUNCATE)", read);
    wal_to_empty_ = busy.has_error() || busy.value().value_or(1) != 0;
}

auto SqliteStore::nodes(unsigned level, std::uint64_t first, std::size_t count) -> Result<std::vector<crypto::Digest>> {
    struct Found {
        std::uint64_t index = 0;
        crypto::Digest hash{};
    };
    const auto read = [](const Columns& c) -> Result<Found> {
        CG_TRY(const auto hash, read_digest(c, 1));
        return Found{c.count(0), hash};
    };
    CG_TRY(const auto found, all<Found>("SELECT idx, hash FROM nodes WHERE level = ? AND idx >= ? ORDER BY idx LIMIT ?", read,
                                        level, first, count));
    std::vector<crypto::Digest> out;
    for (const auto& node : found) {
        if (node.index != first + out.size()) break;
        out.push_back(node.hash);
    }
    return out;
}

auto SqliteStore::counts() -> Result<Counts> {
    return readers_.with([](Connection& db) -> Result<Counts> {
        CG_TRY(const auto queued, db.number("SELECT count(*) FROM outbox WHERE state = 'queued'"));
        CG_TRY(const auto dead, db.number("SELECT count(*) FROM outbox WHERE state = 'dead-letter'"));
        CG_TRY(const auto inbox, db.number("SELECT count(*) FROM inbox WHERE state IN ('received', 'opened')"));
        return Counts{.queued = static_cast<std::uint64_t>(queued),
                      .dead_letters = static_cast<std::uint64_t>(dead),
                      .inbox_unacknowledged = static_cast<std::uint64_t>(inbox)};
    });
}

}  // namespace

auto open(const std::string& path) -> Result<std::unique_ptr<Store>> {
    CG_TRY(auto lock, FileLock::take(path + ".lock"));
    CG_TRY(prepare_file(path));
    CG_TRY(auto writer, Connection::open(path, SQLITE_OPEN_READWRITE));
    if (writer->is_read_only()) return fail(Errc::unavailable, "the ledger's file or folder is read-only");
    CG_TRY(settle(*writer, common_settings));
    CG_TRY(settle(*writer, writer_settings));
    CG_TRY(prepare_schema(*writer));
    CG_TRY(check_integrity(*writer, path));
    return std::unique_ptr<Store>{
        std::make_unique<SqliteStore>(std::move(lock), std::move(writer), path, SQLITE_OPEN_READWRITE)};
}

auto open_read_only(const std::string& path) -> Result<std::unique_ptr<Store>> {
    std::error_code ignored;
    if (!std::filesystem::exists(path, ignored)) return fail(Errc::not_found, "there is no ledger at this path");
    auto name = path;
    auto first = Connection::open(name, SQLITE_OPEN_READONLY);
    auto usable = first.has_error() ? Result<>{fail(first.error())} : check_schema(*first.value());
    // A copy on a read-only medium: nobody writes it, so no WAL index is needed. Never where a WAL is waiting to be read.
    if (usable.has_error() && usable.error().code == Errc::unavailable && !std::filesystem::exists(path + "-wal", ignored)) {
        name = "file:" + escaped(std::filesystem::absolute(path).string()) + "?immutable=1";
        CG_TRY(first, Connection::open(name, SQLITE_OPEN_READONLY));
        usable = check_schema(*first.value());
    }
    if (usable.has_error()) return fail(std::move(usable).error());
    CG_TRY(check_integrity(*first.value(), path));
    return std::unique_ptr<Store>{std::make_unique<SqliteStore>(std::nullopt, nullptr, name, SQLITE_OPEN_READONLY)};
}

}  // namespace cg::ledger::sqlite
