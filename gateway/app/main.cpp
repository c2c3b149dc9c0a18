// casegate: one program, one command each for what people and systems do with a gateway.
#include "gateway/app/exit.hpp"
#include "gateway/app/private_memory.hpp"
#include "gateway/app/session.hpp"

#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>
#include <exception>

namespace {

void describe(CLI::App& app, cg::app::Session& session) {
    app.set_version_flag("--version", "casegate " CG_VERSION);
    app.set_help_all_flag("--help-all", "Help for every command at once");
    app.require_subcommand(1);
    app.fallthrough();  // options of the program may follow the command's name
    app.add_flag("--json", session.json, "Answer in JSON, for machines");
    app.add_option("--profile", session.profile, "The agency's folder, as `casegate init` made it (default: here)")
        ->type_name("DIR");
    app.add_option(
           "--passphrase-fd", session.passphrase_fd,
           "Read the passphrase of the keys from this file descriptor. It is never an argument or in the environment; "
           "without this you are asked at the terminal")
        ->type_name("N");
    app.footer(std::string{"See it work in half a minute, with four invented agencies:\n"
                           "  casegate demo --once\n\n"
                           "Every command explains itself:\n"
                           "  casegate send --help\n\n"} +
               cg::app::exit_help);
}

}  // namespace

auto main(int argc, char** argv) -> int {
    // A reader that went away (`casegate log tail | head`) is an error of write(), not the end of the process.
    static_cast<void>(std::signal(SIGPIPE, SIG_IGN));
    if (!cg::app::keep_memory_private()) std::fputs("casegate: core dumps cannot be turned off here\n", stderr);
    cg::app::Session session;
    CLI::App app{
        "Casegate passes case messages between agencies: each recipient gets the part it may have and no more, sealed "
        "for\n"
        "it alone, and only after the decision was written down where it cannot be altered unseen.",
        "casegate"};
    describe(app, session);
    for (const auto add : {cg::app::add_demo, cg::app::add_check, cg::app::add_send, cg::app::add_inbox,
                           cg::app::add_open, cg::app::add_office, cg::app::add_review, cg::app::add_done,
                           cg::app::add_log, cg::app::add_serve, cg::app::add_init, cg::app::add_person,
                           cg::app::add_directory, cg::app::add_authority, cg::app::add_seal, cg::app::add_policy,
                           cg::app::add_report, cg::app::add_export})
        add(app, session);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? cg::app::exit_ok : cg::app::exit_usage;
    }
    try {
        return session.run ? session.run() : cg::app::exit_usage;
    } catch (const std::exception& error) {  // a library's: ours are values
        std::fprintf(stderr, "casegate: internal error: %s\n", error.what());
        return cg::app::exit_internal;
    }
}
