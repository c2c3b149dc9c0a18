#include "gateway/app/duty_reports.hpp"

#include "gateway/app/client.hpp"
#include "gateway/app/exit.hpp"
#include "gateway/app/output.hpp"
#include "gateway/app/words.hpp"

#include <CLI/CLI.hpp>

#include <array>

namespace cg::app {
namespace {

/// One report: a kind of duty that the gateway keeps. Ids and times only, so that it may lie on a desk.
struct DutyReport {
    const char* name;
    const char* kind;
    const char* what;
    const char* none;
    const char* settle;
};

constexpr std::array reports{
    DutyReport{"inform-due", "inform-review", "Families that were to be told later, once that day has passed",
               "No family waits to be told.",
               "Tell them, or write down why not yet: casegate done DECISION --duty inform-review …"},
    DutyReport{"refusals-undiscussed", "discuss-refusal", "Refusals that were not talked over with whoever asked",
               "Every refusal was talked over.",
               "Ring whoever asked, then: casegate done DECISION --duty discuss-refusal --with-whom … --note …"},
    DutyReport{"reviews-waiting", "review", "Messages that wait for a second person", "Nothing waits for a second person.",
               "Look at one: casegate review show DECISION"},
    DutyReport{"drafts", "draft", "Drafts of serious concerns that were neither sent nor closed",
               "No draft waits for a decision.",
               "Send it (casegate send --draft ID), or write down why not (casegate no-share --draft ID)."},
    DutyReport{"debts", "complete-by", "Emergency messages whose missing parts are still owed", "Nothing is owed.",
               "Send what was missing, then: casegate done DECISION --duty complete-by …"},
    DutyReport{"answers-due", "answer", "Requests of ours that were not answered in time", "Every request was answered in time.",
               "Ring whom you asked. Once you have the answer: casegate done DECISION --duty answer …"},
};

struct DutyOptions {
    const DutyReport* report = nullptr;
    bool all = false;
};

/// Far enough ahead for every duty that is open.
constexpr const char* end_of_time = "9999-01-01T00:00:00Z";

void show(const Json& list, const DutyReport& report) {
    const auto* duties = list["duties"].if_array();
    if (duties == nullptr || duties->empty()) return say(report.none);
    Table table{{"about", "due", ""}};
    const auto at = now();
    for (const auto& duty : *duties) {
        const auto due = parse_instant(duty["due"].text());
        table.row({std::string{duty["of"].text()}, due.has_value() ? spoken(due.value()) : std::string{},
                   due.has_value() ? time_left(due.value(), at) : std::string{}});
    }
    print(printable(table.str()));
    if (list["more"].is_true()) say("There are more than these: the oldest are shown.");
    print(wrapped(report.settle, "  "));
}

auto any_overdue(const Json& list) -> bool {
    const auto* duties = list["duties"].if_array();
    const auto at = now();
    return duties != nullptr && std::ranges::any_of(*duties, [at](const Json& duty) {
               const auto due = parse_instant(duty["due"].text());
               return due.has_value() && due.value() <= at;
           });
}

auto run(Session& session, const DutyOptions& options) -> int {
    auto office = Office::connect(session);
    if (!office.has_value()) return report(session, office.error());
    auto target = std::string{"/v1/duties?kind="} + options.report->kind;
    if (options.all) target += std::string{"&before="} + end_of_time;
    const auto answer = office.value().get(target);
    if (!answer.has_value()) return report(session, answer.error());
    if (answer.value().status != 200) return report_problem(session, answer.value());
    const auto list = body_of(answer.value());
    if (!list.has_value()) return report(session, list.error());
    if (session.json)
        print_json(list.value());
    else
        show(list.value(), *options.report);
    return any_overdue(list.value()) ? exit_no : exit_ok;
}

}  // namespace

void add_duty_reports(CLI::App& root, Session& session) {
    for (const auto& one : reports) {
        auto options = std::make_shared<DutyOptions>();
        options->report = &one;
        auto* cmd = root.add_subcommand(one.name, one.what);
        cmd->add_flag("--all", options->all, "Also what is not due yet");
        cmd->footer(std::string{one.settle} +
                    "\n\nNothing here names anybody: the ids lead to the record. Exit status 1: something is overdue.\n\n"
                    "Example:\n  casegate report " +
                    one.name + " --profile willow --all");
        cmd->callback([&session, options] { session.run = [&session, options] { return run(session, *options); }; });
    }
}

}  // namespace cg::app
