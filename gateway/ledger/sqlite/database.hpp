#pragma once
/// SQLite's C interface, with owners and Results. The only header that knows sqlite3.h.
///
/// Threads   one thread at a time for each Connection
/// Errors    unavailable  disk full, read-only, locked, disk error (the text says which): nothing was changed
///           corrupt      not a database, a damaged one, or a value of another kind than the schema has

#include "gateway/base/bytes.hpp"
#include "gateway/base/result.hpp"

#include <sqlite3.h>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace cg::ledger::sqlite {

struct CloseStatement {
    void operator()(sqlite3_stmt* s) const noexcept { sqlite3_finalize(s); }
};
struct CloseDatabase {
    void operator()(sqlite3* db) const noexcept { sqlite3_close_v2(db); }
};

/// The current row of a query. Lifetime: until the next row.
class Columns {
public:
    explicit Columns(sqlite3_stmt* statement) : statement_(statement) {}
    [[nodiscard]] auto number(int column) const -> std::int64_t { return sqlite3_column_int64(statement_, column); }
    [[nodiscard]] auto count(int column) const -> std::uint64_t { return static_cast<std::uint64_t>(number(column)); }
    [[nodiscard]] auto text(int column) const -> std::string { return std::string{view_text(view(column))}; }
    [[nodiscard]] auto blob(int column) const -> Bytes {
        const auto bytes = view(column);
        return {bytes.begin(), bytes.end()};
    }
    [[nodiscard]] auto is_null(int column) const -> bool {
        return sqlite3_column_type(statement_, column) == SQLITE_NULL;
    }
    [[nodiscard]] auto view(int column) const -> ByteView {
        const auto* data = static_cast<const std::uint8_t*>(sqlite3_column_blob(statement_, column));
        return {data, data == nullptr ? 0 : static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
    }

private:
    sqlite3_stmt* statement_;
};

class Connection {
public:
    /// Input  a file name or URI, and sqlite3_open_v2 flags
    [[nodiscard]] static auto open(const std::string& name, int flags) -> Result<std::unique_ptr<Connection>>;

    /// Runs a statement that gives no rows (rows that it gives are dropped).
    template <class... Args>
    [[nodiscard]] auto run(std::string_view sql, const Args&... args) -> Result<> {
        const auto drop = [](const Columns&) -> Result<char> { return '\0'; };
        CG_TRY(const auto rows, query<char>(sql, drop, args...));
        static_cast<void>(rows);
        return ok();
    }
    /// All rows, each read by `read(Columns) -> Result<Row>`.
    template <class Row, class Read, class... Args>
    [[nodiscard]] auto query(std::string_view sql, const Read& read, const Args&... args) -> Result<std::vector<Row>> {
        CG_TRY(auto* statement, prepare(sql));
        const Reset reset{statement};
        int at = 0;
        int rc = SQLITE_OK;
        ((rc = rc == SQLITE_OK ? bind(statement, ++at, args) : rc), ...);
        if (rc != SQLITE_OK) return fail(error(rc));
        std::vector<Row> rows;
        while ((rc = sqlite3_step(statement)) == SQLITE_ROW) {
            CG_TRY(auto row, read(Columns{statement}));
            rows.push_back(std::move(row));
        }
        if (rc != SQLITE_DONE) return fail(error(rc));
        return rows;
    }
    /// The first row, if any.
    template <class Row, class Read, class... Args>
    [[nodiscard]] auto query_one(std::string_view sql, const Read& read, const Args&... args)
        -> Result<std::optional<Row>> {
        CG_TRY(auto rows, query<Row>(sql, read, args...));
        if (rows.empty()) return std::nullopt;
        return std::optional<Row>{std::move(rows.front())};
    }
    [[nodiscard]] auto number(std::string_view sql) -> Result<std::int64_t>;
    [[nodiscard]] auto is_read_only() const noexcept -> bool { return sqlite3_db_readonly(db_.get(), "main") == 1; }

private:
    struct Reset {
        sqlite3_stmt* statement;
        ~Reset() {
            sqlite3_reset(statement);
            sqlite3_clear_bindings(statement);
        }
    };
    explicit Connection(sqlite3* db) : db_(db) {}
    [[nodiscard]] auto prepare(std::string_view sql) -> Result<sqlite3_stmt*>;
    [[nodiscard]] auto error(int rc) const -> Error;

    // Bound without a copy: what is bound lives until the query is over.
    static auto bind(sqlite3_stmt* s, int at, ByteView v) -> int {
        // A null pointer would bind NULL, which is not an empty value.
        return sqlite3_bind_blob64(s, at, v.empty() ? static_cast<const void*>("") : v.data(), v.size(), nullptr);
    }
    static auto bind(sqlite3_stmt* s, int at, std::string_view v) -> int {
        return sqlite3_bind_text64(s, at, v.empty() ? "" : v.data(), v.size(), nullptr, SQLITE_UTF8);
    }
    template <class T>
        requires std::is_integral_v<T>
    static auto bind(sqlite3_stmt* s, int at, T v) -> int {
        return sqlite3_bind_int64(s, at, static_cast<sqlite3_int64>(v));
    }
    template <class T>
    static auto bind(sqlite3_stmt* s, int at, const std::optional<T>& v) -> int {
        return v ? bind(s, at, ByteView{*v}) : sqlite3_bind_null(s, at);
    }

    std::unique_ptr<sqlite3, CloseDatabase> db_;
    std::map<std::string, std::unique_ptr<sqlite3_stmt, CloseStatement>, std::less<>> statements_;  // before db_ goes
};

}  // namespace cg::ledger::sqlite
