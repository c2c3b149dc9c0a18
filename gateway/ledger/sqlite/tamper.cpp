#include "gateway/ledger/sqlite/tamper.hpp"

#include "gateway/ledger/sqlite/database.hpp"

#include <filesystem>

namespace cg::ledger::sqlite {

auto copy_ledger(const std::string& from, const std::string& to) -> Result<> {
    std::error_code error;
    if (std::filesystem::exists(to, error)) return fail(Errc::conflict, "the copy's file is there already");
    CG_TRY(auto connection, Connection::open(from, SQLITE_OPEN_READWRITE));
    return connection->run("VACUUM INTO ?", std::string_view{to});
}

auto rewrite_record(const std::string& ledger, const std::string& decision_id, const std::string& before,
                    const std::string& after) -> Result<> {
    CG_TRY(auto connection, Connection::open(ledger, SQLITE_OPEN_READWRITE));
    const auto seq = [](const Columns& row) -> Result<std::int64_t> { return row.number(0); };
    CG_TRY(
        const auto found,
        connection->query_one<std::int64_t>(
            "SELECT e.seq FROM entries e JOIN decisions d ON d.seq = e.seq WHERE d.id = ? AND instr(e.fields, ?) > 0",
            seq, std::string_view{decision_id}, std::string_view{before}));
    if (!found) return fail(Errc::not_found, "the ledger has no such record");
    return connection->run("UPDATE entries SET fields = replace(fields, ?, ?) WHERE seq = ?", std::string_view{before},
                           std::string_view{after}, *found);
}

}  // namespace cg::ledger::sqlite
