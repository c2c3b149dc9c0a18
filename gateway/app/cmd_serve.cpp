// casegate serve: runs one agency's gateway.
#include "gateway/app/agency_folder.hpp"
#include "gateway/app/child.hpp"
#include "gateway/app/exit.hpp"
#include "gateway/app/output.hpp"
#include "gateway/app/serve.hpp"
#include "gateway/app/session.hpp"

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <unistd.h>

namespace cg::app {
namespace {

/// A passphrase typed at the terminal, handed on as a descriptor to read it from.
auto typed_passphrase(Session& session) -> Result<int> {
    CG_TRY(const auto* passphrase, session.passphrase());
    return passphrase_fd(passphrase->reveal_text());
}

auto run(Session& session, ServeOptions options) -> int {
    if (options.config.empty()) options.config = AgencyFolder{session.profile}.gateway_toml();
    options.passphrase_fd = session.passphrase_fd;
    if (!options.passphrase_fd && std::getenv("CREDENTIALS_DIRECTORY") == nullptr && ::isatty(STDIN_FILENO) == 1) {
        const auto fd = typed_passphrase(session);
        if (!fd.has_value()) return report(session, fd.error());
        options.passphrase_fd = fd.value();
    }
    return serve(options);
}

}  // namespace

void add_serve(CLI::App& root, Session& session) {
    struct Options {
        std::string config;
        std::optional<int> ready_fd;
    };
    auto options = std::make_shared<Options>();
    auto* cmd = root.add_subcommand("serve", "Run this agency's gateway until it is told to stop");
    cmd->add_option("--config", options->config, "Configuration (default: gateway.toml of the profile)");
    cmd->add_option("--ready-fd", options->ready_fd,
                    "Write one line with the ports to this descriptor once it listens");
    cmd->footer(
        "SIGTERM stops it cleanly; SIGHUP reads policy and directory anew, and a bad one leaves the old in force. Its log is JSON lines on standard error: "
        "ids and codes,\n"
        "never case content.\n\n"
        "Example:\n"
        "  casegate serve --profile /etc/casegate/willow --passphrase-fd 3 3< /run/keys/willow");
    cmd->callback([&session, options] {
        session.run = [&session, options] { return run(session, {options->config, {}, options->ready_fd}); };
    });
}

}  // namespace cg::app
