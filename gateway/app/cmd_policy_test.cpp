// casegate policy test: the policy's own given / when / then tables.
#include "gateway/app/exit.hpp"
#include "gateway/app/output.hpp"
#include "gateway/app/policy_commands.hpp"
#include "policy/pack_tests.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>

namespace cg::app {
namespace {

struct TestOptions {
    std::string folder;
    bool all_rules = false, list_missed = false;
};

auto to_json(const policy::PackTestReport& report) -> Json {
    Json rows = Json::array();
    for (const auto& row : report.rows)
        rows.push(Json::object({{"name", row.name},
                                {"place", row.place},
                                {"passed", row.differences.empty()},
                                {"differences", Json::texts(row.differences)}}));
    const auto& coverage = report.coverage;
    return Json::object(
        {{"rows", std::move(rows)},
         {"passed", report.rows.size() - report.failed()},
         {"failed", report.failed()},
         {"coverage",
          Json::object({{"rules", coverage.rules}, {"hit", coverage.hit}, {"missed", Json::texts(coverage.missed)}})}});
}

auto coverage_words(const policy::RuleCoverage& coverage) -> std::string {
    // Rounded down: 100 % is all of them.
    const auto percent = coverage.rules == 0 ? 100 : coverage.hit * 100 / coverage.rules;
    return std::to_string(percent) + " % of the policy's rules were used (" + std::to_string(coverage.hit) + " of " +
           std::to_string(coverage.rules) + ")";
}

void show(const policy::PackTestReport& report, const TestOptions& options) {
    for (const auto& row : report.rows) {
        const bool passed = row.differences.empty();
        say((passed ? ink(Ink::good, "  passed  ") : ink(Ink::bad, "  FAILED  ")) + printable(row.name) +
            (passed ? std::string{} : ink(Ink::faint, "  (" + row.place + ")")));
        for (const auto& text : row.differences) print(wrapped("- " + printable(text), "          "));
    }
    say(counted(report.rows.size(), "test") + ", " + std::to_string(report.failed()) + " failed. " +
        coverage_words(report.coverage) + ".");
    if (report.coverage.complete()) return;
    if (!options.list_missed && !options.all_rules) return say("  --missed lists the rules that no test used.");
    say("Rules that no test used:");
    for (const auto& rule : report.coverage.missed) say("  " + printable(rule));
}

auto run_test(const Session& session, const TestOptions& options) -> int {
    const auto pack = open_pack(options.folder);
    if (!pack.has_value()) return report(session, pack.error());
    const auto result = policy::run_pack_tests(*pack.value());
    if (!result.faults.empty())
        return report(session, Error{Errc::malformed, "the policy's tests have faults", result.faults}, exit_bad_input);
    if (result.rows.empty())
        return report(session, Error{Errc::not_found, "the policy has no tests: write tables in tests/*.toml", {}},
                      exit_bad_input);
    if (session.json)
        print_json(to_json(result));
    else
        show(result, options);
    return result.failed() == 0 && (!options.all_rules || result.coverage.complete()) ? exit_ok : exit_no;
}

}  // namespace

void add_policy_test(CLI::App& policy, Session& session) {
    auto options = std::make_shared<TestOptions>();
    auto* cmd = policy.add_subcommand("test", "Run the policy's own tables of given, when and then");
    cmd->add_option("DIR", options->folder, "The policy's folder; its tables are in tests/")->required();
    cmd->add_flag("--missed", options->list_missed, "List the rules that no test used");
    cmd->add_flag("--all-rules", options->all_rules, "Fail also if a rule was not used");
    cmd->footer(
        "Exit status 0: every test passed. 1: one failed. 65: the policy or a table has faults.\n\n"
        "Example:\n"
        "  casegate policy test config/packs/exampleshire");
    cmd->callback([&session, options] { session.run = [&session, options] { return run_test(session, *options); }; });
}

}  // namespace cg::app
