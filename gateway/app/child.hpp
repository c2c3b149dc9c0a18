#pragma once
/// Other copies of this program as children: started with what they need on descriptors, and never left behind.

#include "gateway/base/result.hpp"

#include <chrono>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <utility>
#include <vector>

namespace cg::app {

/// A running child. Ends it (SIGTERM, then SIGKILL) when it goes; the system ends it when this process dies.
class Child {
public:
    /// Starts this very program with `arguments`. The passphrase is on descriptor 3, and descriptor 4 leads to
    /// ready_line(). Standard error goes to the file `log`. Errors  unavailable
    [[nodiscard]] static auto start(std::vector<std::string> arguments, std::string_view passphrase,
                                    const std::string& log) -> Result<Child>;
    Child(Child&& other) noexcept : pid_(std::exchange(other.pid_, -1)), ready_(std::exchange(other.ready_, -1)) {}
    auto operator=(Child&&) -> Child& = delete;
    ~Child();

    /// What it writes to descriptor 4, up to the end of the line. Errors: unavailable (it ended without), timed_out.
    [[nodiscard]] auto ready_line(std::chrono::milliseconds bound) -> Result<std::string>;
    /// Asks it to stop, and waits. Returns its exit status; 128 and more: ended by a signal.
    auto stop(std::chrono::milliseconds bound) -> int;
    /// False once it has ended.
    [[nodiscard]] auto running() -> bool;

private:
    Child(pid_t pid, int ready) : pid_(pid), ready_(ready) {}
    pid_t pid_;
    int ready_;
};

struct Ran {
    int status = 0;
    std::string out;  ///< standard output
    std::string err;
};
/// Runs this program to its end, with the passphrase on descriptor 3. Errors: unavailable.
[[nodiscard]] auto run_self(std::vector<std::string> arguments, std::string_view passphrase) -> Result<Ran>;

/// A descriptor to read the passphrase from, once. The caller closes it, or has it read to its end. Errors:
/// unavailable.
[[nodiscard]] auto passphrase_fd(std::string_view passphrase) -> Result<int>;

/// `count` TCP ports of 127.0.0.1 that nobody listens on now. Errors: unavailable.
[[nodiscard]] auto free_ports(std::size_t count) -> Result<std::vector<std::uint16_t>>;

}  // namespace cg::app
