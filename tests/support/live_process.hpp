#pragma once
/// Child processes that a test ends in every way, limits and looks into. For a program that just runs, tests/system/process.hpp
/// is enough.
///
/// Threads   one at a time for each process. Start them on a thread that outlives them: the system ends a child with it

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

namespace cg::test {

/// How a child is started. Descriptor 3 gives it the passphrase, 4 takes its ready line.
struct Launch {
    std::string program;
    std::vector<std::string> arguments;
    std::string passphrase;               ///< empty: descriptor 3 is not there
    std::filesystem::path error_file;     ///< standard error is appended to it; empty: kept in memory
    std::filesystem::path folder;         ///< working folder; empty: ours
    bool ignore_file_size_signal = false; ///< writes over RLIMIT_FSIZE fail with an error, as on a full disk
    std::vector<int> without_capabilities;///< CAP_… numbers that root does not have either
};

/// How a child ended.
struct Ended {
    int status = 0;  ///< exit status, or 128 + signal
};

class Process {
public:
    /// Throws std::runtime_error where no process can be made: a test cannot go on without.
    [[nodiscard]] static auto start(Launch launch) -> Process;
    Process(Process&&) noexcept;
    auto operator=(Process&&) noexcept -> Process&;
    ~Process();  ///< SIGKILL, where it still runs

    [[nodiscard]] auto pid() const -> pid_t;
    /// What it wrote to descriptor 4 up to the end of the line; none when it ended or the bound passed.
    [[nodiscard]] auto ready_line(std::chrono::milliseconds bound) -> std::optional<std::string>;
    [[nodiscard]] auto running() -> bool { return !wait(std::chrono::milliseconds{0}).has_value(); }
    void signal(int number) const;
    /// None: it still runs.
    [[nodiscard]] auto wait(std::chrono::milliseconds bound) -> std::optional<Ended>;
    [[nodiscard]] auto out() const -> std::string;
    [[nodiscard]] auto err() const -> std::string;

private:
    struct State;
    explicit Process(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

/// Processor time used so far, user and system.
[[nodiscard]] auto cpu_time(pid_t pid) -> std::chrono::microseconds;
/// A whole file, also one of /proc; "" where it cannot be read.
[[nodiscard]] auto slurp(const std::filesystem::path& file) -> std::string;

}  // namespace cg::test
