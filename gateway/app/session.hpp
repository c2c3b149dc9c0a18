#pragma once
/// What every command has in common: the options before its name, the passphrase, and how the chosen one is run.

#include "crypto/secret.hpp"
#include "gateway/base/result.hpp"
#include "gateway/base/time.hpp"

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

namespace CLI {
class App;
}

namespace cg::app {

struct Session {
    bool json = false;          ///< answers for machines
    std::string profile = ".";  ///< the agency's folder
    std::optional<int> passphrase_fd;
    std::function<int()> run;  ///< set by the command that was chosen; gives the exit status

    /// The agency's passphrase, read once: from --passphrase-fd, from the systemd credential "casegate-passphrase", or
    /// typed at the terminal without echo. `twice` asks again, for a passphrase that is new. Errors    not_found (no
    /// source), malformed (8 to 1024 bytes; two different ones), unavailable Lifetime  the session's
    [[nodiscard]] auto passphrase(bool twice = false) -> Result<const crypto::SecretBytes*>;

private:
    std::optional<crypto::SecretBytes> passphrase_;
};

/// The one place of this program's client side that reads the clock.
[[nodiscard]] auto now() -> Instant;

// One function a command, each in cmd_<name>.cpp: adds the command with its options, help and example.
void add_serve(CLI::App& root, Session& session);
void add_init(CLI::App& root, Session& session);
void add_authority(CLI::App& root, Session& session);
void add_directory(CLI::App& root, Session& session);
void add_send(CLI::App& root, Session& session);
void add_check(CLI::App& root, Session& session);
void add_inbox(CLI::App& root, Session& session);
void add_open(CLI::App& root, Session& session);
void add_seal(CLI::App& root, Session& session);
void add_log(CLI::App& root, Session& session);
void add_policy(CLI::App& root, Session& session);
void add_export(CLI::App& root, Session& session);
void add_demo(CLI::App& root, Session& session);
void add_report(CLI::App& root, Session& session);
void add_review(CLI::App& root, Session& session);
void add_office(CLI::App& root, Session& session);  ///< no-share, request, answer, correct, convert, advice-record, …
void add_done(CLI::App& root, Session& session);
void add_person(CLI::App& root, Session& session);

}  // namespace cg::app
