#include "gateway/app/log_verify.hpp"

#include "gateway/app/exit.hpp"
#include "gateway/app/output.hpp"
#include "gateway/ledger/checkpoint_file.hpp"
#include "gateway/ledger/verify.hpp"

namespace cg::app {
namespace {

/// The checkpoint kept beside the ledger, if it is there and signed by this log.
auto seen_before(const LedgerView& view) -> Result<std::optional<crypto::Checkpoint>> {
    if (view.checkpoint_file().empty()) return std::optional<crypto::Checkpoint>{};
    CG_TRY(const auto note, ledger::read_checkpoint_file(view.checkpoint_file()));
    if (!note) return std::optional<crypto::Checkpoint>{};
    CG_TRY(auto checkpoint, crypto::open_checkpoint(*note, view.verifier()));
    return std::optional{std::move(checkpoint)};
}

auto report_json(const ledger::VerifyReport& report) -> Json {
    Json problems = Json::array();
    for (const auto& problem : report.problems)
        problems.push(Json::object(
            {{"seq", problem.seq}, {"ref", problem.ref}, {"what", problem.what}, {"words", problem.words}}));
    return Json::object({{"good", report.good()},
                         {"entries", report.entries},
                         {"origin", report.checkpoint.origin},
                         {"size", report.checkpoint.size},
                         {"root", to_hex(report.checkpoint.root)},
                         {"problem_count", report.problem_count},
                         {"problems", std::move(problems)}});
}

void show(const ledger::VerifyReport& report, bool personal) {
    if (report.good()) {
        say(ink(Ink::good, "The log holds: ") + std::to_string(report.entries) +
            (report.entries == 1 ? " entry" : " entries") + " of " + report.checkpoint.origin +
            (personal ? ", personal details included" : "") + ". Nothing was altered, taken out or put in.");
        return;
    }
    say(ink(Ink::bad, "THE LOG DOES NOT HOLD: ") + counted(report.problem_count, "thing") + " found.");
    for (const auto& problem : report.problems) {
        const auto about = problem.ref.empty() ? std::string{} : " (" + printable(problem.ref) + ")";
        print(wrapped("entry " + std::to_string(problem.seq) + about + ": " + printable(problem.words) + " [" +
                          problem.what + "]",
                      "  "));
    }
    if (report.problems.size() < report.problem_count) say("  … and more.");
    print(
        wrapped("Keep this file as it is, and get help: somebody or something changed it after it was written.", "  "));
}

}  // namespace

auto verify_log(const Session& session, const LedgerView& view) -> int {
    const auto seen = seen_before(view);
    if (!seen.has_value())
        return report_unreadable_log(
            session, Error{Errc::corrupt, "the checkpoint beside the ledger is not one that this log signed", {}});
    ledger::VerifyReport report;
    {
        Progress bar{"Verifying"};
        ledger::VerifyOptions options;
        options.seen = seen.value();
        options.vault = view.vault();
        options.progress = [&bar](std::uint64_t done, std::uint64_t of) { bar.show(done, of); };
        auto verified = ledger::verify_log(view.store(), view.verifier(), options);
        if (!verified.has_value()) return report_unreadable_log(session, verified.error());
        report = std::move(verified).value();
    }
    if (session.json)
        print_json(report_json(report));
    else
        show(report, view.vault() != nullptr);
    return report.good() ? exit_ok : exit_no;
}

auto report_unreadable_log(const Session& session, const Error& error) -> int {
    return report(session, error, error.code == Errc::corrupt ? exit_no : exit_of(error.code));
}

}  // namespace cg::app
