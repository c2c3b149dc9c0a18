// casegate policy diff: what a new policy lets happen that the old one did not.
#include "gateway/app/exit.hpp"
#include "gateway/app/output.hpp"
#include "gateway/app/policy_commands.hpp"
#include "policy/pack_diff.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>

namespace cg::app {
namespace {

struct DiffOptions {
    std::string before, after;
};

auto pack_json(const policy::Pack& pack) -> Json {
    return Json::object({{"id", pack.id()}, {"version", pack.version()}, {"hash", pack.hash()}});
}

auto to_json(const policy::Pack& before, const policy::Pack& after, const policy::PackDiff& diff) -> Json {
    Json changes = Json::array();
    for (const auto& change : diff.changes) {
        Json one = Json::object(
            {{"widening", change.widening}, {"kind", change.kind}, {"subject", change.subject}, {"text", change.text}});
        if (!change.purpose.empty()) one.set("purpose", change.purpose);
        if (!change.role.empty()) one.set("role", change.role);
        if (!change.reason.empty()) one.set("reason", change.reason);
        changes.push(std::move(one));
    }
    return Json::object({{"before", pack_json(before)},
                         {"after", pack_json(after)},
                         {"widens", diff.widens()},
                         {"changes", std::move(changes)}});
}

void show(const policy::PackDiff& diff) {
    if (diff.changes.empty()) return say("No difference but in notes or layout.");
    const auto list = [&diff](bool widening) {
        for (const auto& change : diff.changes) {
            if (change.widening != widening) continue;
            print(wrapped("- " + printable(change.text), "  "));
            if (!change.reason.empty()) print(wrapped("Reason given: " + printable(change.reason), "    "));
        }
    };
    const auto wide = static_cast<std::size_t>(std::ranges::count(diff.changes, true, &policy::Change::widening));
    if (wide > 0) {
        say(ink(Ink::bad, "More may be shared (" + counted(wide, "change") + ")"));
        list(true);
        say("  A second, different signatory has to sign this policy.");
    }
    if (wide < diff.changes.size()) {
        say(ink(Ink::strong, "Other changes (" + std::to_string(diff.changes.size() - wide) + ")"));
        list(false);
    }
}

auto run_diff(const Session& session, const DiffOptions& options) -> int {
    const auto before = open_pack(options.before);
    if (!before) return report(session, before.error());
    const auto after = open_pack(options.after);
    if (!after) return report(session, after.error());
    const auto changes = policy::diff(*before.value(), *after.value());
    if (session.json)
        print_json(to_json(*before.value(), *after.value(), changes));
    else
        show(changes);
    return changes.widens() ? exit_no : exit_ok;
}

}  // namespace

void add_policy_diff(CLI::App& policy, Session& session) {
    auto options = std::make_shared<DiffOptions>();
    auto* cmd = policy.add_subcommand("diff", "Say in words what changed between two policies, what shares more first");
    cmd->add_option("OLD", options->before, "The folder of the policy in force")->required();
    cmd->add_option("NEW", options->after, "The folder of the new one")->required();
    cmd->footer(
        "Exit status 0: nothing more may be shared than before. 1: something may; that needs a second signatory. "
        "65: one of the two is no policy.\n\n"
        "Example:\n"
        "  casegate policy diff config/packs/exampleshire /srv/policy/next");
    cmd->callback([&session, options] { session.run = [&session, options] { return run_diff(session, *options); }; });
}

}  // namespace cg::app
