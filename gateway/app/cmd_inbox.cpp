// casegate inbox: what has arrived for this agency.
#include "gateway/app/client.hpp"
#include "gateway/app/exit.hpp"
#include "gateway/app/output.hpp"
#include "gateway/app/words.hpp"

#include <CLI/CLI.hpp>

namespace cg::app {
namespace {

struct InboxOptions {
    std::uint64_t after = 0;
    unsigned limit = 50;
    bool all = false;
};

auto is_open(const Json& message) -> bool {
    const auto state = message["state"].text();
    return state == "received" || state == "opened";
}

void show(const Json& list, const InboxOptions& options) {
    Table table{{"message", "from", "arrived", "state"}};
    std::size_t shown = 0;
    const auto* messages = list["messages"].if_array();
    for (const auto& message : messages != nullptr ? *messages : JsonArray{}) {
        if (!options.all && !is_open(message)) continue;
        const auto at = parse_instant(message["received"].text());
        table.row({std::string{message["mid"].text()}, std::string{message["from"].text()},
                   at.has_value() ? spoken(at.value()) : std::string{}, state_words(message["state"].text())});
        ++shown;
    }
    if (shown == 0) {
        say(options.all ? "Nothing has arrived." : "Nothing waits. (--all also lists what was taken over.)");
        return;
    }
    print(printable(table.str()));
    say("Open one with: casegate open MESSAGE");
    if (const auto next = list["next"].integer_or(0); next > 0)
        say("There is more: casegate inbox --after " + std::to_string(next));
}

auto inbox(Session& session, const InboxOptions& options) -> int {
    auto office = Office::connect(session);
    if (!office.has_value()) return report(session, office.error());
    const auto answer = office.value().get("/v1/inbox?after=" + std::to_string(options.after) +
                                           "&limit=" + std::to_string(options.limit));
    if (!answer.has_value()) return report(session, answer.error());
    if (answer.value().status != 200) return report_problem(session, answer.value());
    const auto list = body_of(answer.value());
    if (!list.has_value()) return report(session, list.error());
    if (session.json)
        print_json(list.value());
    else
        show(list.value(), options);
    return exit_ok;
}

}  // namespace

void add_inbox(CLI::App& root, Session& session) {
    auto options = std::make_shared<InboxOptions>();
    auto* cmd = root.add_subcommand("inbox", "List the sealed messages that have arrived");
    cmd->add_option("--after", options->after, "Continue a list: messages after this position");
    cmd->add_option("--limit", options->limit, "At most this many, 1 to 1000")
        ->capture_default_str()
        ->check(CLI::Range(1, 1000));
    cmd->add_flag("--all", options->all, "Also those that were taken over or sent back");
    cmd->footer(
        "What they say is sealed: `casegate open` opens one with the role's key.\n\n"
        "Example:\n"
        "  casegate inbox --profile exampleshire");
    cmd->callback([&session, options] { session.run = [&session, options] { return inbox(session, *options); }; });
}

}  // namespace cg::app
