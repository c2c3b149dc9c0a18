#pragma once
/// Programs run from outside, as a user runs them: with arguments, pipes and exit statuses.

#include "gateway/base/result.hpp"

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <fcntl.h>
#include <optional>
#include <poll.h>
#include <string>
#include <string_view>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace cg::test {

struct RunOptions {
    std::string input{};                       ///< standard input
    std::optional<std::string> passphrase{};   ///< put on descriptor 3 and named with --passphrase-fd
    std::chrono::milliseconds bound{180'000};  ///< then it is killed, and `status` is 137
};

struct RunResult {
    int status = -1;  ///< exit status; 128 and more: ended by that signal
    std::string out;
    std::string err;
};

namespace process {

/// A descriptor above those that children are given; closed on exec.
inline auto lift(int fd) -> int {
    const int up = ::fcntl(fd, F_DUPFD_CLOEXEC, 20);
    ::close(fd);
    CG_ENSURE(up >= 0);
    return up;
}
inline auto make_pipe() -> std::pair<int, int> {
    int ends[2];
    CG_ENSURE(::pipe(ends) == 0);
    return {lift(ends[0]), lift(ends[1])};
}
/// Starts `words` with the given descriptors (from, to) in place.
inline auto spawn(std::vector<std::string> words, const std::vector<std::pair<int, int>>& fds) -> pid_t {
    std::vector<char*> argv;
    for (auto& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    const auto parent = ::getpid();
    const auto pid = ::fork();
    CG_ENSURE(pid >= 0);
    if (pid > 0) return pid;
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // a test that dies leaves nobody behind
    if (::getppid() != parent) ::_exit(127);
    for (const auto& [from, to] : fds)
        if (::dup2(from, to) < 0) ::_exit(127);
    ::execvp(argv[0], argv.data());
    ::_exit(127);
}
inline auto status_of(int raw) -> int {
    return WIFEXITED(raw) ? WEXITSTATUS(raw) : 128 + WTERMSIG(raw);
}

/// Feeds `in` and collects both outputs until the child has closed them. False: the bound passed.
inline auto exchange(int to_child, std::string_view in, int out, std::string& out_text, int err, std::string& err_text,
                     std::chrono::steady_clock::time_point end) -> bool {
    ::fcntl(to_child, F_SETFL, O_NONBLOCK);
    std::vector<char> buffer(65536);
    while (out >= 0 || err >= 0) {
        const auto left =
            std::chrono::duration_cast<std::chrono::milliseconds>(end - std::chrono::steady_clock::now()).count();
        if (left <= 0) return false;
        if (in.empty() && to_child >= 0) ::close(std::exchange(to_child, -1));
        pollfd fds[3] = {{out, POLLIN, 0}, {err, POLLIN, 0}, {to_child, POLLOUT, 0}};
        if (::poll(fds, 3, static_cast<int>(left)) < 0 && errno != EINTR) return false;
        for (int i = 0; i < 2; ++i) {
            if (fds[i].revents == 0) continue;
            const auto got = ::read(fds[i].fd, buffer.data(), buffer.size());
            if (got > 0)
                (i == 0 ? out_text : err_text).append(buffer.data(), static_cast<std::size_t>(got));
            else if (got == 0)
                (i == 0 ? out : err) = -1;
        }
        if (fds[2].revents != 0) {
            const auto put = ::write(to_child, in.data(), in.size());
            if (put > 0)
                in.remove_prefix(static_cast<std::size_t>(put));
            else if (put < 0 && errno != EAGAIN)
                in = {};  // it does not want the rest
        }
    }
    if (to_child >= 0) ::close(to_child);
    return true;
}

}  // namespace process

/// Runs a program to its end.
inline auto run(std::vector<std::string> words, const RunOptions& options = {}) -> RunResult {
    static_cast<void>(std::signal(SIGPIPE, SIG_IGN));
    const auto in = process::make_pipe();
    const auto out = process::make_pipe();
    const auto err = process::make_pipe();
    std::vector<std::pair<int, int>> fds{{in.first, 0}, {out.second, 1}, {err.second, 2}};
    std::pair<int, int> secret{-1, -1};
    if (options.passphrase) {
        secret = process::make_pipe();
        CG_ENSURE(::write(secret.second, options.passphrase->data(), options.passphrase->size()) ==
                  static_cast<ssize_t>(options.passphrase->size()));
        ::close(secret.second);
        fds.emplace_back(secret.first, 3);
        words.insert(words.end(), {"--passphrase-fd", "3"});
    }
    const auto pid = process::spawn(std::move(words), fds);
    for (const auto& [from, to] : fds) ::close(from);
    RunResult result;
    const auto end = std::chrono::steady_clock::now() + options.bound;
    if (!process::exchange(in.second, options.input, out.first, result.out, err.first, result.err, end))
        ::kill(pid, SIGKILL);
    ::close(out.first);
    ::close(err.first);
    int raw = 0;
    while (::waitpid(pid, &raw, 0) < 0 && errno == EINTR) {
    }
    result.status = process::status_of(raw);
    return result;
}

/// Runs casegate with these arguments.
inline auto casegate(std::vector<std::string> arguments, const RunOptions& options = {}) -> RunResult {
    arguments.insert(arguments.begin(), CG_PROGRAM);
    return run(std::move(arguments), options);
}

/// A `casegate serve` that runs beside the test. Killed when it goes.
class Gateway {
public:
    struct Ports {
        int office = 0, peer = 0, ops = 0;
    };
    /// Starts it with the configuration of an agency's folder and waits until it listens.
    static auto start(const std::string& folder, const std::string& passphrase,
                      std::chrono::milliseconds bound = std::chrono::seconds{120}) -> Gateway {
        const auto secret = process::make_pipe();
        CG_ENSURE(::write(secret.second, passphrase.data(), passphrase.size()) ==
                  static_cast<ssize_t>(passphrase.size()));
        ::close(secret.second);
        const auto ready = process::make_pipe();
        const auto log = process::lift(::open((folder + "/gateway.log").c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600));
        const auto nothing = process::lift(::open("/dev/null", O_RDWR));
        const std::vector<std::pair<int, int>> fds{
            {nothing, 0}, {nothing, 1}, {log, 2}, {secret.first, 3}, {ready.second, 4}};
        const auto pid =
            process::spawn({CG_PROGRAM, "serve", "--profile", folder, "--passphrase-fd", "3", "--ready-fd", "4"}, fds);
        for (const int fd : {secret.first, ready.second, log, nothing}) ::close(fd);
        Gateway gateway{pid};
        const auto line = read_line(ready.first, bound);
        ::close(ready.first);
        gateway.listening_ = std::sscanf(line.c_str(), "ready office=%d peer=%d ops=%d", &gateway.ports_.office,
                                         &gateway.ports_.peer, &gateway.ports_.ops) == 3;
        return gateway;
    }
    Gateway(Gateway&& other) noexcept
        : pid_(std::exchange(other.pid_, -1)), ports_(other.ports_), listening_(other.listening_) {}
    auto operator=(Gateway&& other) noexcept -> Gateway& {
        std::swap(pid_, other.pid_);
        ports_ = other.ports_;
        listening_ = other.listening_;
        return *this;
    }
    ~Gateway() { static_cast<void>(end(SIGKILL)); }

    /// False: it ended, or the time passed, before it was ready.
    [[nodiscard]] auto listening() const -> bool { return listening_; }
    [[nodiscard]] auto ports() const -> const Ports& { return ports_; }
    [[nodiscard]] auto pid() const -> pid_t { return pid_; }
    /// Sends a signal and waits for the end. Returns the exit status.
    auto end(int signal_number) -> int {
        if (pid_ <= 0) return -1;
        ::kill(pid_, signal_number);
        int raw = 0;
        while (::waitpid(pid_, &raw, 0) < 0 && errno == EINTR) {
        }
        pid_ = -1;
        return process::status_of(raw);
    }
    auto stop() -> int { return end(SIGTERM); }
    /// Waits for an end that comes by itself.
    auto wait() -> int { return end(0); }

private:
    explicit Gateway(pid_t pid) : pid_(pid) {}
    static auto read_line(int fd, std::chrono::milliseconds bound) -> std::string {
        const auto end = std::chrono::steady_clock::now() + bound;
        std::string line;
        for (;;) {
            const auto left =
                std::chrono::duration_cast<std::chrono::milliseconds>(end - std::chrono::steady_clock::now()).count();
            pollfd one{fd, POLLIN, 0};
            char byte = 0;
            if (left <= 0 || ::poll(&one, 1, static_cast<int>(left)) <= 0 || ::read(fd, &byte, 1) != 1 || byte == '\n')
                return line;
            line += byte;
        }
    }
    pid_t pid_;
    Ports ports_;
    bool listening_ = false;
};

}  // namespace cg::test
