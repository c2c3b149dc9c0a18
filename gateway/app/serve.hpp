#pragma once
/// `casegate serve`: one agency's gateway, from its configuration to a clean stop.

#include <filesystem>
#include <optional>

namespace cg::app {

struct ServeOptions {
    std::filesystem::path config;
    std::optional<int> passphrase_fd;
    std::optional<int> ready_fd;  ///< gets one line "ready office=<port> peer=<port> ops=<port>\n" once it listens
};

/// Runs until SIGTERM or SIGINT; SIGHUP reads policy pack and directory anew, and a bad one leaves the old in force.
/// Returns  0 after a clean stop; 65 bad configuration, pack, directory or keys; 69 the ledger or a port cannot be had
[[nodiscard]] auto serve(const ServeOptions& options) -> int;

}  // namespace cg::app
