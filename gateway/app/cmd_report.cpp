// casegate report: what oversight looks at regularly. Each report is a function and a line below.
#include "gateway/app/duty_reports.hpp"
#include "gateway/app/exit.hpp"
#include "gateway/app/log_decisions.hpp"
#include "gateway/app/output.hpp"
#include "gateway/app/words.hpp"

#include <CLI/CLI.hpp>
#include <charconv>

namespace cg::app {
namespace {

struct ReportOptions {
    LedgerOptions ledger;
    std::string since = "90d", limit = "24h";
};

/// RC-7: the moments of one decision. What is not recorded is not there.
struct LateRecord {
    std::string id, purpose;
    std::optional<Instant> concern_arose;
    Instant decided, recorded;
};

auto moment(const Json& times, std::string_view name) -> std::optional<Instant> {
    const auto at = parse_instant(times[name].text());
    return at ? std::optional{at.value()} : std::nullopt;
}

/// Decided: when a person says so (also by telephone, before any record), else when it came in.
auto times_of(const LoggedDecision& one) -> LateRecord {
    const auto& times = one.dec["times"];
    LateRecord out{one.id, std::string{one.dec["purpose"].text()}, moment(times, "concern_arose"), one.decided_at,
                   one.recorded_at};
    for (const auto& earlier : {moment(times, "person_decided_at"), moment(one.dec, "told_at")})
        if (earlier && *earlier < out.decided) out.decided = *earlier;
    return out;
}

auto length_words(std::chrono::milliseconds length) -> std::string {
    const auto minutes = std::chrono::floor<std::chrono::minutes>(length).count();
    if (minutes < 60) return std::to_string(minutes) + " min";
    return std::to_string(minutes / 60) + " h " + std::to_string(minutes % 60) + " min";
}

auto to_json(const std::vector<LateRecord>& late, std::chrono::milliseconds limit) -> Json {
    Json list = Json::array();
    for (const auto& one : late) {
        auto item = Json::object(
            {{"decision_id", one.id},
             {"purpose", one.purpose},
             {"decided_at", to_rfc3339(one.decided)},
             {"recorded_at", to_rfc3339(one.recorded)},
             {"signed_at", to_rfc3339(one.recorded)},
             {"gap_seconds", std::chrono::floor<std::chrono::seconds>(one.recorded - one.decided).count()}});
        if (one.concern_arose) item.set("concern_arose", to_rfc3339(*one.concern_arose));
        list.push(std::move(item));
    }
    return Json::object({{"limit_seconds", std::chrono::floor<std::chrono::seconds>(limit).count()},
                         {"late_records", std::move(list)}});
}

void tell(const std::vector<LateRecord>& late, std::chrono::milliseconds limit) {
    if (late.empty()) return say("Every decision was written down within " + length_words(limit) + ".");
    Table table{{"decision", "purpose", "concern arose", "decided", "recorded and signed", "gap"}};
    for (const auto& one : late)
        table.row({one.id, code_words(one.purpose), one.concern_arose ? spoken(*one.concern_arose) : "not said",
                   spoken(one.decided), spoken(one.recorded), length_words(one.recorded - one.decided)});
    print(printable(table.str()));
    say(counted(late.size(), "decision") + " written down later than " + length_words(limit) + " after the fact.");
}

/// "24h", "90m", "2d".
auto parse_limit(const std::string& text) -> Result<std::chrono::milliseconds> {
    unsigned count = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
    const std::string_view unit{end, static_cast<std::size_t>(text.data() + text.size() - end)};
    if (error == std::errc{} && count <= 100'000) {
        if (unit == "m") return std::chrono::minutes{count};
        if (unit == "h") return std::chrono::hours{count};
        if (unit == "d") return std::chrono::days{count};
    }
    return fail(Errc::malformed, "--limit: give 90m, 24h or 2d");
}

auto late_records(Session& session, const ReportOptions& options) -> int {
    const auto since = parse_since(options.since, now());
    if (!since) return report(session, since.error(), exit_usage);
    const auto limit = parse_limit(options.limit);
    if (!limit) return report(session, limit.error(), exit_usage);
    const auto view = LedgerView::open(session, options.ledger, false);
    if (!view) return report(session, view.error());
    std::vector<LateRecord> late;
    const auto read = each_decision(view.value(), since.value(), [&](const LoggedDecision& one) {
        auto times = times_of(one);
        if (times.recorded - times.decided > limit.value()) late.push_back(std::move(times));
    });
    if (!read) return report(session, read.error());
    if (session.json)
        print_json(to_json(late, limit.value()));
    else
        tell(late, limit.value());
    return late.empty() ? exit_ok : exit_no;
}

void add_late_records(CLI::App& root, Session& session) {
    auto options = std::make_shared<ReportOptions>();
    auto* late = root.add_subcommand("late-records", "Decisions that were written down long after they were made");
    late->add_option("--ledger", options->ledger.file, "A ledger file (default: the profile's)");
    late->add_option("--log-key", options->ledger.log_key, "The log's public key (default: log.vkey of the profile)");
    late->add_option("--since", options->since, "From when on: 90d, 12h, a day or a time")->capture_default_str();
    late->add_option("--limit", options->limit, "How long after is too long: 90m, 24h, 2d")->capture_default_str();
    late->footer(
        "Shows when the concern arose, when it was decided, and when the record was written and signed, which is one\n"
        "moment: an entry is durable together with the signed checkpoint over it. Exit status 1: there are some.\n\n"
        "Example:\n  casegate report late-records --profile willow --since 30d --limit 24h");
    late->callback(
        [&session, options] { session.run = [&session, options] { return late_records(session, *options); }; });
}

}  // namespace

void add_report(CLI::App& root, Session& session) {
    auto* cmd = root.add_subcommand("report", "What oversight looks at regularly");
    cmd->require_subcommand(1);
    add_late_records(*cmd, session);
    add_duty_reports(*cmd, session);
}

}  // namespace cg::app
