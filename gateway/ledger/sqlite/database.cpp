#include "gateway/ledger/sqlite/database.hpp"

#include <cerrno>

namespace cg::ledger::sqlite {
namespace {

auto no_room(int os_error) -> bool { return os_error == ENOSPC || os_error == EDQUOT || os_error == EFBIG; }

/// What the operator should know. SQLite's own text may name rows or values, so only codes go out.
auto describe(int rc, int os_error) -> Error {
    switch (rc & 0xff) {
        case SQLITE_FULL: return {Errc::unavailable, "the ledger's disk is full: disk full", {}};
        case SQLITE_READONLY: return {Errc::unavailable, "the ledger's file or folder is read-only", {}};
        case SQLITE_BUSY:
        case SQLITE_LOCKED: return {Errc::unavailable, "the ledger's file is locked by another process", {}};
        case SQLITE_CANTOPEN:
        case SQLITE_PERM:
        case SQLITE_AUTH: return {Errc::unavailable, "the ledger's file cannot be opened", {}};
        case SQLITE_CORRUPT: return {Errc::corrupt, "the ledger's file is damaged", {}};
        case SQLITE_NOTADB: return {Errc::corrupt, "the ledger's file is not a database", {}};
        case SQLITE_CONSTRAINT:
        case SQLITE_MISMATCH: return {Errc::corrupt, "a row contradicts what the ledger already holds", {}};
        case SQLITE_IOERR:
            if (no_room(os_error)) return {Errc::unavailable, "the ledger's disk is full: disk full", {}};
            // A write that was not taken for another reason than ENOSPC: a quota, a limit on the size of files, a failing disk.
            if (rc == SQLITE_IOERR_WRITE)
                return {Errc::unavailable, "the ledger's disk takes no more: disk full, over a limit, or failing", {}};
            if (os_error == EROFS) return {Errc::unavailable, "the ledger's file or folder is read-only", {}};
            return {Errc::unavailable, "the ledger's disk reports an error (" + std::to_string(rc) + ")", {}};
        default: return {Errc::unavailable, "the ledger's database reports error " + std::to_string(rc), {}};
    }
}

}  // namespace

auto Connection::open(const std::string& name, int flags) -> Result<std::unique_ptr<Connection>> {
    sqlite3* db = nullptr;
    const int rc = sqlite3_open_v2(name.c_str(), &db, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_URI, nullptr);
    std::unique_ptr<Connection> connection{new Connection{db}};
    if (rc != SQLITE_OK) return fail(describe(rc, db == nullptr ? 0 : sqlite3_system_errno(db)));
    sqlite3_extended_result_codes(db, 1);
    sqlite3_busy_timeout(db, 5000);
    return connection;
}

auto Connection::error(int rc) const -> Error { return describe(rc, sqlite3_system_errno(db_.get())); }

auto Connection::prepare(std::string_view sql) -> Result<sqlite3_stmt*> {
    if (const auto at = statements_.find(sql); at != statements_.end()) return at->second.get();
    sqlite3_stmt* statement = nullptr;
    const int rc = sqlite3_prepare_v3(db_.get(), sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
                                      &statement, nullptr);
    if (rc == SQLITE_ERROR) return fail(Errc::corrupt, "the ledger's tables are not as this program made them");
    if (rc != SQLITE_OK) return fail(error(rc));
    statements_.emplace(sql, statement);
    return statement;
}

auto Connection::number(std::string_view sql) -> Result<std::int64_t> {
    const auto read = [](const Columns& row) -> Result<std::int64_t> { return row.number(0); };
    CG_TRY(const auto value, query_one<std::int64_t>(sql, read));
    return value.value_or(0);
}

}  // namespace cg::ledger::sqlite
