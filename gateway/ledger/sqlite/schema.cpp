#include "gateway/ledger/sqlite/schema.hpp"

#include "gateway/ledger/sqlite/rows.hpp"

#include <array>
#include <span>

namespace cg::ledger::sqlite {
namespace {

constexpr std::int64_t application_id = 0x43474c31;  // "CGL1"
constexpr std::int64_t version = 2;

// Times are milliseconds since 1970. `seq` is an entry's number, so tables grow at their end.
constexpr std::array statements{
    "CREATE TABLE head (id INTEGER PRIMARY KEY CHECK (id = 1), number INTEGER NOT NULL, size INTEGER NOT NULL,"
    " checkpoint TEXT NOT NULL, secret_check BLOB NOT NULL) STRICT",

    "CREATE TABLE entries (seq INTEGER PRIMARY KEY, type TEXT NOT NULL, at INTEGER NOT NULL, ref TEXT NOT NULL,"
    " leaf TEXT NOT NULL, salt BLOB NOT NULL, fields TEXT NOT NULL) STRICT",

    "CREATE TABLE nodes (level INTEGER NOT NULL, idx INTEGER NOT NULL, hash BLOB NOT NULL,"
    " PRIMARY KEY (level, idx)) STRICT, WITHOUT ROWID",

    "CREATE TABLE personal (seq INTEGER PRIMARY KEY, wrapped_key BLOB NOT NULL, sealed BLOB NOT NULL) STRICT",

    "CREATE TABLE decisions (seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, recorded_at INTEGER NOT NULL,"
    " decided_at INTEGER NOT NULL, purpose TEXT NOT NULL, outcome TEXT NOT NULL) STRICT",
    "CREATE INDEX decisions_time ON decisions (recorded_at, seq)",
    "CREATE INDEX decisions_purpose ON decisions (purpose, seq)",
    "CREATE INDEX decisions_outcome ON decisions (outcome, seq)",

    "CREATE TABLE recipients (seq INTEGER NOT NULL, n INTEGER NOT NULL, role TEXT NOT NULL, agency TEXT NOT NULL,"
    " outcome TEXT NOT NULL, PRIMARY KEY (seq, n)) STRICT, WITHOUT ROWID",
    "CREATE INDEX recipients_agency ON recipients (agency, seq)",

    "CREATE TABLE search_keys (key BLOB NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (key, seq)) STRICT, WITHOUT ROWID",

    "CREATE TABLE answers (seq INTEGER PRIMARY KEY, key BLOB UNIQUE, body BLOB NOT NULL, response TEXT NOT NULL) STRICT",

    "CREATE TABLE envelopes (seq INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT",

    // ready: queued, and first of its order; kept right by every change of state
    "CREATE TABLE outbox (seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,"
    " kind TEXT NOT NULL CHECK (kind IN ('envelope', 'receipt')), mid TEXT NOT NULL, recipient TEXT NOT NULL,"
    " agency TEXT NOT NULL, lane TEXT NOT NULL CHECK (lane IN ('normal', 'emergency')), state TEXT NOT NULL,"
    " due INTEGER NOT NULL, expires INTEGER NOT NULL, attempts INTEGER NOT NULL, last_error TEXT NOT NULL,"
    " order_key BLOB, ready INTEGER NOT NULL, parent INTEGER NOT NULL, envelope_sha256 BLOB NOT NULL,"
    " bytes INTEGER NOT NULL, routing TEXT NOT NULL, receipt TEXT NOT NULL) STRICT",
    "CREATE INDEX outbox_ready ON outbox (lane, agency, due, seq, ready) WHERE ready = 1",
    "CREATE INDEX outbox_order ON outbox (order_key, seq) WHERE state = 'queued' AND order_key IS NOT NULL",
    "CREATE INDEX outbox_parent ON outbox (parent)",
    "CREATE INDEX outbox_state ON outbox (state) WHERE state IN ('queued', 'dead-letter')",

    "CREATE TABLE inbox (seq INTEGER PRIMARY KEY, mid TEXT NOT NULL UNIQUE, sender TEXT NOT NULL, state TEXT NOT NULL,"
    " received_at INTEGER NOT NULL, expires INTEGER NOT NULL, envelope_sha256 BLOB NOT NULL, bytes INTEGER NOT NULL,"
    " routing TEXT NOT NULL, proof TEXT NOT NULL, opening TEXT NOT NULL) STRICT",
    "CREATE INDEX inbox_state ON inbox (state) WHERE state IN ('received', 'opened')",

    "CREATE TABLE receipts (seq INTEGER PRIMARY KEY, of INTEGER NOT NULL, state TEXT NOT NULL, receipt TEXT NOT NULL)"
    " STRICT",
    "CREATE INDEX receipts_of ON receipts (of, seq)",

    // since version 2
    "CREATE INDEX entries_events ON entries (ref, seq) WHERE " CG_EVENTS_ONLY,
    "CREATE TABLE held (seq INTEGER PRIMARY KEY, wrapped_key BLOB NOT NULL, sealed BLOB NOT NULL) STRICT",
    // done: the number of the entry that closed it, plus one
    "CREATE TABLE duties (id TEXT PRIMARY KEY, seq INTEGER NOT NULL, kind TEXT NOT NULL, ref TEXT NOT NULL,"
    " due INTEGER NOT NULL, done INTEGER NOT NULL) STRICT, WITHOUT ROWID",
    "CREATE INDEX duties_seq ON duties (seq)",
    "CREATE INDEX duties_ref ON duties (ref)",
    "CREATE INDEX duties_open ON duties (due, id) WHERE done = 0",
};
constexpr std::size_t statements_of_version_1 = 22;

/// Tables and indexes with a text of their own; those that SQLite makes for UNIQUE have none.
auto count_objects(Connection& connection) -> Result<std::int64_t> {
    return connection.number("SELECT count(*) FROM sqlite_schema WHERE sql IS NOT NULL");
}

auto create(Connection& connection, std::span<const char* const> parts) -> Result<> {
    CG_TRY(connection.run("BEGIN IMMEDIATE"));
    for (const auto* sql : parts) {
        CG_TRY(connection.run(sql));
    }
    CG_TRY(connection.run("PRAGMA application_id = " + std::to_string(application_id)));
    CG_TRY(connection.run("PRAGMA user_version = " + std::to_string(version)));
    return connection.run("COMMIT");
}

}  // namespace

auto prepare_schema(Connection& connection) -> Result<> {
    CG_TRY(const auto objects, count_objects(connection));
    CG_TRY(const auto owner, connection.number("PRAGMA application_id"));
    if (objects == 0 && owner == 0) return create(connection, statements);
    CG_TRY(const auto found, connection.number("PRAGMA user_version"));
    if (owner == application_id && found == 1 && objects == static_cast<std::int64_t>(statements_of_version_1)) {
        CG_TRY(create(connection, std::span{statements}.subspan(statements_of_version_1)));
    }
    return check_schema(connection);
}

auto check_schema(Connection& connection) -> Result<> {
    CG_TRY(const auto owner, connection.number("PRAGMA application_id"));
    if (owner != application_id) return fail(Errc::unsupported, "the file is a database, and not a ledger");
    CG_TRY(const auto found, connection.number("PRAGMA user_version"));
    if (found != version)
        return fail(Errc::unsupported, "the ledger has schema version " + std::to_string(found) +
                                           "; this program knows version " + std::to_string(version));
    CG_TRY(const auto objects, count_objects(connection));
    for (const std::string_view sql : statements) {
        const auto read = [](const Columns&) -> Result<char> { return '\0'; };
        CG_TRY(const auto same, connection.query<char>("SELECT 1 FROM sqlite_schema WHERE sql = ?", read, sql));
        if (same.size() != 1) return fail(Errc::corrupt, "the ledger's tables are not as this program made them");
    }
    if (objects != static_cast<std::int64_t>(statements.size()))  // no trigger or view of a stranger, above all
        return fail(Errc::corrupt, "the ledger's file holds tables, triggers or views that are not ours");
    return ok();
}

}  // namespace cg::ledger::sqlite
