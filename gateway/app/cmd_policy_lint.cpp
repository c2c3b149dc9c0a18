// casegate policy lint: everything that is wrong with a policy, at once.
#include "config/pack_dir.hpp"
#include "gateway/app/exit.hpp"
#include "gateway/app/output.hpp"
#include "gateway/app/policy_commands.hpp"
#include "policy/lint.hpp"
#include "policy/uk_time.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>

namespace cg::app {
namespace {

struct LintOptions {
    std::string folder, at;
};

auto to_json(const std::vector<policy::LintFinding>& findings) -> Json {
    Json list = Json::array();
    for (const auto& one : findings)
        list.push(Json::object({{"severity", one.error ? "error" : "notice"},
                                {"id", one.id},
                                {"place", one.place},
                                {"what", one.what},
                                {"why", one.why},
                                {"fix", one.fix}}));
    return list;
}

auto lines_of(const policy::LintFinding& one) -> std::string {
    auto out = ink(Ink::strong, printable(one.place)) + ": " +
               (one.error ? ink(Ink::bad, "error") : ink(Ink::warn, "notice")) + " [" + one.id + "]\n";
    out += wrapped(printable(one.what), "    ");
    out += wrapped("Why it matters: " + printable(one.why), "    ");
    if (one.fix != one.what) out += wrapped("What to do: " + printable(one.fix), "    ");
    return out;
}

auto run_lint(const Session& session, const LintOptions& options) -> int {
    auto today = policy::uk_date(now());
    if (!options.at.empty()) {
        const auto day = parse_date(options.at);
        if (!day) return report(session, day.error(), exit_usage);
        today = day.value();
    }
    const auto files = config::read_pack_dir(options.folder);
    if (!files) return report(session, files.error());
    const auto use = options.at.empty() ? policy::LintUse::look : policy::LintUse::put_in_force;
    const auto findings = policy::lint(files.value(), today, use);
    const auto errors = static_cast<std::size_t>(std::ranges::count(findings, true, &policy::LintFinding::error));
    if (session.json) {
        print_json(
            Json::object({{"errors", errors}, {"notices", findings.size() - errors}, {"findings", to_json(findings)}}));
    } else {
        for (const auto& one : findings) print(lines_of(one));
        say(counted(errors, "error") + ", " + counted(findings.size() - errors, "notice") + ".");
    }
    return errors == 0 ? exit_ok : exit_bad_input;
}

}  // namespace

void add_policy_lint(CLI::App& policy, Session& session) {
    auto options = std::make_shared<LintOptions>();
    auto* cmd = policy.add_subcommand("lint", "Say everything that is wrong with a policy, where, and how to mend it");
    cmd->add_option("DIR", options->folder, "The policy's folder")->required();
    cmd->add_option("--at", options->at, "Say also whether it can be in force on this day, e.g. 2026-09-01");
    cmd->footer(
        "Exit status 0: the policy can be used; notices are for you to judge. 65: it cannot; all that is wrong is "
        "listed.\n\n"
        "Example:\n"
        "  casegate policy lint config/packs/exampleshire");
    cmd->callback([&session, options] { session.run = [&session, options] { return run_lint(session, *options); }; });
}

}  // namespace cg::app
