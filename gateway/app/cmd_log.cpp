// casegate log: looking into the ledger, read-only, also while the gateway runs.
#include "gateway/app/exit.hpp"
#include "gateway/app/ledger_view.hpp"
#include "gateway/app/log_verify.hpp"
#include "gateway/app/output.hpp"
#include "gateway/app/render_record.hpp"
#include "gateway/app/words.hpp"

#include <CLI/CLI.hpp>

namespace cg::app {
namespace {

struct LogOptions {
    LedgerOptions ledger;
    std::string id;
    std::string from, until, purpose, recipient, outcome, actor, subject;
    std::uint64_t before = 0;
    std::size_t limit = 20;
    bool personal = false;
};

/// "2026-03-03" is the start of that day; with a time, that moment.
auto parse_time(const std::string& text, const char* option) -> Result<std::optional<Instant>> {
    if (text.empty()) return std::optional<Instant>{};
    if (const auto day = parse_date(text); day.has_value())
        return std::optional<Instant>{std::chrono::sys_days{day.value()}};
    if (const auto at = parse_instant(text); at.has_value()) return std::optional{at.value()};
    return fail(Errc::malformed, std::string{option} + ": give a day (2026-03-03) or a time (2026-03-03T12:00:00Z)");
}

auto make_query(const LogOptions& options) -> Result<ledger::Query> {
    ledger::Query query;
    CG_TRY(query.from, parse_time(options.from, "--from"));
    CG_TRY(query.until, parse_time(options.until, "--until"));
    query.purpose = options.purpose;
    query.recipient = options.recipient;
    query.outcome = options.outcome;
    query.actor = options.actor;
    query.subject = options.subject;
    query.before_seq = options.before;
    query.limit = options.limit;
    return query;
}

auto recipients_text(const ledger::DecisionRow& row) -> std::string {
    std::string out;
    for (const auto& [to, outcome] : row.recipients)
        out += (out.empty() ? "" : ", ") + to.str() + " " + outcome_words(outcome);
    return out;
}

auto search_json(const std::vector<ledger::DecisionRow>& rows) -> Json {
    Json out = Json::array();
    for (const auto& row : rows) {
        Json recipients = Json::array();
        for (const auto& [to, outcome] : row.recipients)
            recipients.push(Json::object({{"to", to.str()}, {"outcome", outcome}}));
        out.push(Json::object({{"decision_id", row.id.str()},
                               {"seq", row.seq},
                               {"decided_at", to_rfc3339(row.decided_at)},
                               {"purpose", row.purpose.str()},
                               {"outcome", row.outcome},
                               {"recipients", std::move(recipients)}}));
    }
    return Json::object({{"decisions", std::move(out)}});
}

void show_rows(const std::vector<ledger::DecisionRow>& rows, std::size_t limit) {
    if (rows.empty()) return say("Nothing found.");
    Table table{{"decided", "decision", "purpose", "recipients"}};
    for (const auto& row : rows)
        table.row({spoken(row.decided_at), row.id.str(), code_words(row.purpose.str()), recipients_text(row)});
    print(printable(table.str()));
    if (rows.size() == limit) say("There may be more: --before " + std::to_string(rows.back().seq));
    say("Look at one with: casegate log show DECISION");
}

auto search(Session& session, const LogOptions& options) -> int {
    const auto query = make_query(options);
    if (!query.has_value()) return report(session, query.error(), exit_usage);
    const bool by_person = !options.actor.empty() || !options.subject.empty();
    const auto view = LedgerView::open(session, options.ledger, by_person);
    if (!view.has_value()) return report(session, view.error());
    const auto rows = view.value().reader().search(query.value());
    if (!rows.has_value()) return report(session, rows.error());
    if (session.json)
        print_json(search_json(rows.value()));
    else
        show_rows(rows.value(), options.limit);
    return exit_ok;
}

auto show(Session& session, const LogOptions& options) -> int {
    const auto id = DecisionId::parse(options.id);
    if (!id.has_value()) return report(session, Error{Errc::malformed, "that is no decision id (dec-…)", {}});
    const auto view = LedgerView::open(session, options.ledger, options.personal);
    if (!view.has_value()) return report(session, view.error());
    const auto record = view.value().reader().show(id.value());
    if (!record.has_value()) return report(session, record.error());
    const auto proof = check_proof(view.value(), record.value());
    if (session.json)
        print_json(record_json(record.value(), proof));
    else
        print(render_record(record.value(), proof));
    return proof.has_value() && proof.value().record_fits ? exit_ok : exit_no;
}

auto tail(Session& session, const LogOptions& options) -> int {
    const auto view = LedgerView::open(session, options.ledger, false);
    if (!view.has_value()) return report(session, view.error());
    const auto entries = view.value().reader().tail(options.limit);
    if (!entries.has_value()) return report(session, entries.error());
    if (session.json) {
        Json list = Json::array();
        for (const auto& entry : entries.value())
            list.push(Json::object({{"seq", entry.seq},
                                    {"type", entry.type},
                                    {"at", to_rfc3339(entry.at)},
                                    {"ref", entry.ref},
                                    {"leaf", entry.leaf}}));
        print_json(Json::object({{"entries", std::move(list)}}));
        return exit_ok;
    }
    Table table{{"entry", "written", "kind", "about"}};
    for (const auto& entry : entries.value())
        table.row({std::to_string(entry.seq), to_rfc3339(entry.at), entry.type, entry.ref});
    print(printable(table.str()));
    return exit_ok;
}

auto verify(Session& session, const LogOptions& options) -> int {
    const auto view = LedgerView::open(session, options.ledger, options.personal);
    if (!view.has_value()) return report_unreadable_log(session, view.error());
    return verify_log(session, view.value());
}

void add_search_options(CLI::App& cmd, LogOptions& options) {
    cmd.add_option("--from", options.from, "Recorded on or after: a day, or a time");
    cmd.add_option("--until", options.until, "Recorded before");
    cmd.add_option("--purpose", options.purpose, "E.g. child-protection-referral");
    cmd.add_option("--recipient", options.recipient, "role@agency, or an agency");
    cmd.add_option("--outcome", options.outcome, "PERMIT, DENY or REVIEW")
        ->check(CLI::IsMember({"PERMIT", "DENY", "REVIEW"}));
    cmd.add_option("--actor", options.actor, "User id of who decided to share (asks for the passphrase)");
    cmd.add_option("--subject", options.subject, "A name, number or case reference (asks for the passphrase)");
    cmd.add_option("--limit", options.limit, "At most this many")->capture_default_str()->check(CLI::Range(1, 1000));
    cmd.add_option("--before", options.before, "Continue: before this entry number");
}

}  // namespace

void add_log(CLI::App& root, Session& session) {
    auto options = std::make_shared<LogOptions>();
    auto* cmd =
        root.add_subcommand("log", "Look into the log: who shared what with whom and why, and that nobody altered it");
    cmd->require_subcommand(1);
    cmd->add_option("--ledger", options->ledger.file, "A ledger file (default: the profile's)");
    cmd->add_option("--log-key", options->ledger.log_key, "The log's public key (default: log.vkey of the profile)");
    const auto command = [&](const char* name, const char* what, const char* example,
                             int (*run)(Session&, const LogOptions&)) {
        auto* sub = cmd->add_subcommand(name, what);
        sub->footer(std::string{"Example:\n  casegate log "} + example);
        sub->callback(
            [&session, options, run] { session.run = [&session, options, run] { return run(session, *options); }; });
        return sub;
    };
    add_search_options(*command("search", "Find decisions",
                                "search --profile willow --recipient exampleshire --from 2026-03-01", search),
                       *options);
    auto* show_cmd = command("show", "One decision on one screen, with its proof",
                             "show --profile willow dec-abcdefghijklmnopqrstuvwxyz", show);
    show_cmd->add_option("DECISION", options->id, "Decision id (dec-…)")->required();
    show_cmd->add_flag("--personal", options->personal,
                       "Also names and other personal details (asks for the passphrase)");
    command("tail", "The latest entries", "tail --profile willow --limit 5", tail)
        ->add_option("-n,--limit", options->limit, "At most this many")
        ->capture_default_str()
        ->check(CLI::Range(1, 1000));
    command("verify", "Check every entry, signature and hash; name what does not fit",
            "verify --ledger copy-of-ledger.db --log-key \"$(cat willow/log.vkey)\"", verify)
        ->add_flag("--personal", options->personal, "Also the sealed personal details (asks for the passphrase)");
    cmd->footer("Nothing here writes to the ledger. To verify, the log's public key is enough.");
}

}  // namespace cg::app
