// casegate done: something that was owed took place.
#include "gateway/app/client.hpp"
#include "gateway/app/exit.hpp"
#include "gateway/app/office_answer.hpp"
#include "gateway/app/output.hpp"

#include <CLI/CLI.hpp>

namespace cg::app {
namespace {

struct DoneOptions {
    std::string id, duty, user, role, on, with_whom;
    WordsFrom note;
};

auto body_for(const DoneOptions& options, const std::string& note) -> Json {
    auto body = Json::object({{"schema", "done/1"}, {"duty", options.duty}});
    body.set("actor", Json::object({{"user", options.user}, {"role", options.role}}));
    body.set("on", options.on.empty() ? to_rfc3339(std::chrono::floor<std::chrono::seconds>(now())) : options.on);
    body.set("note", note);
    if (!options.with_whom.empty()) body.set("with_whom", options.with_whom);
    return body;
}

auto done(Session& session, const DoneOptions& options) -> int {
    if (!DecisionId::parse(options.id).has_value())
        return report(session, Error{Errc::malformed, "that is no id of a decision (dec-…): `casegate report` lists them", {}});
    const auto note = read_words(options.note, 1, "note");
    if (!note.has_value()) return report(session, note.error());
    auto office = Office::connect(session);
    if (!office.has_value()) return report(session, office.error());
    const auto answer =
        office.value().post("/v1/messages/" + options.id + "/done", to_jcs(body_for(options, note.value())));
    if (!answer.has_value()) return report(session, answer.error());
    if (answer.value().status == 404)
        return report(session, Error{Errc::not_found, "nothing of this kind is owed for this decision", {}});
    if (answer.value().status != 201) return report_problem(session, answer.value());
    if (session.json) {
        const auto body = body_of(answer.value());
        if (!body.has_value()) return report(session, body.error());
        print_json(body.value());
        return exit_ok;
    }
    say(ink(Ink::good, "Written down: done.") + "  " + options.id);
    return exit_ok;
}

}  // namespace

void add_done(CLI::App& root, Session& session) {
    auto options = std::make_shared<DoneOptions>();
    auto* cmd = root.add_subcommand("done", "Write down that something owed took place: a talk, a call, a check");
    cmd->add_option("DECISION", options->id, "The decision that it belongs to (dec-…)")->required();
    cmd->add_option("--duty", options->duty,
                    "What was owed: discuss-refusal, inform-review, complete-by or answer, as `casegate report` lists them")
        ->required();
    cmd->add_option("--as", options->user, "Who did it: your user id")->required();
    cmd->add_option("--role", options->role, "In which function, e.g. 'designated safeguarding lead'")->required();
    cmd->add_option("--on", options->on, "When, e.g. 2026-03-05T14:30:00Z (default: now)");
    cmd->add_option("--with-whom", options->with_whom, "With whom it was talked over: a function, e.g. 'duty inspector'");
    cmd->add_option("--note", options->note.text, "What was done, or what came of it");
    cmd->add_option("--note-file", options->note.file, "The same from a file ('-' or neither: standard input)");
    cmd->footer(
        "A note on the command line can be seen by others on the same machine while the command runs: use a file there.\n\n"
        "Example:\n"
        "  casegate done --profile examplepolice dec-abcdefghijklmnopqrstuvwxyz --duty discuss-refusal --as u-3 \\\n"
        "      --role 'duty inspector' --with-whom 'social worker, front door' --note 'They will ask the school first.'");
    cmd->callback([&session, options] { session.run = [&session, options] { return done(session, *options); }; });
}

}  // namespace cg::app
