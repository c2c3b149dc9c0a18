#include "gateway/app/log_decisions.hpp"

#include "gateway/ledger/entry.hpp"

#include <charconv>

namespace cg::app {
namespace {

constexpr std::size_t piece = 512;

/// The first entry recorded at or after a moment: entries are in order of time.
auto first_since(ledger::Store& store, Instant since) -> Result<std::uint64_t> {
    CG_TRY(const auto head, store.head());
    std::uint64_t from = 0, to = head.size;
    while (from < to) {
        const auto middle = from + (to - from) / 2;
        CG_TRY(const auto rows, store.entries(middle, 1));
        if (rows.empty()) return fail(Errc::corrupt, "an entry of the log is missing");
        if (rows.front().at < since)
            from = middle + 1;
        else
            to = middle;
    }
    return from;
}

auto read(const ledger::EntryRow& row) -> Result<LoggedDecision> {
    CG_TRY(auto fields, parse_json(row.fields));
    LoggedDecision out{row.ref, row.at, row.at, Json{}};
    if (const auto at = parse_instant(fields["decided_at"].text())) out.decided_at = at.value();
    if (auto* record = fields.find("record")) out.dec = std::move(*record);
    return out;
}

}  // namespace

auto each_decision(const LedgerView& view, std::optional<Instant> since,
                   const std::function<void(const LoggedDecision&)>& see) -> Result<> {
    auto& store = view.store();
    std::uint64_t next = 0;
    if (since) {
        CG_TRY(next, first_since(store, *since));
    }
    for (;;) {
        CG_TRY(const auto rows, store.entries(next, piece));
        for (const auto& row : rows) {
            if (row.type != ledger::entry_type::decision) continue;
            CG_TRY(const auto decision, read(row));
            see(decision);
        }
        if (rows.size() < piece) return ok();
        next += rows.size();
    }
}

auto parse_since(const std::string& text, Instant now) -> Result<Instant> {
    if (const auto day = parse_date(text); day.has_value()) return Instant{std::chrono::sys_days{day.value()}};
    if (const auto at = parse_instant(text); at.has_value()) return at.value();
    unsigned count = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
    const std::string_view unit{end, static_cast<std::size_t>(text.data() + text.size() - end)};
    if (error == std::errc{} && count <= 100'000 && unit == "d") return now - std::chrono::days{count};
    if (error == std::errc{} && count <= 100'000 && unit == "h") return now - std::chrono::hours{count};
    return fail(Errc::malformed, "--since: give 90d, 12h, a day (2026-03-03) or a time (2026-03-03T12:00:00Z)");
}

}  // namespace cg::app
