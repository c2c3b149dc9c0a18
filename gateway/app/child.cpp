#include "gateway/app/child.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace cg::app {
namespace {

/// A descriptor that is closed when it goes.
class Fd {
public:
    explicit Fd(int fd = -1) : fd_(fd) {}
    Fd(Fd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    auto operator=(Fd&& other) noexcept -> Fd& {
        std::swap(fd_, other.fd_);
        return *this;
    }
    ~Fd() { reset(); }
    void reset() {
        if (fd_ >= 0) ::close(std::exchange(fd_, -1));
    }
    [[nodiscard]] auto get() const -> int { return fd_; }
    [[nodiscard]] auto release() -> int { return std::exchange(fd_, -1); }

private:
    int fd_;
};

struct Pipe {
    Fd read, write;
};

/// Above the descriptors that children are given, so that dup2 never meets its own target.
auto moved_up(int fd) -> Fd {
    Fd low{fd};
    return Fd{::fcntl(fd, F_DUPFD_CLOEXEC, 16)};
}

auto make_pipe() -> Result<Pipe> {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) return fail(Errc::unavailable, "no pipe can be made");
    return Pipe{moved_up(ends[0]), moved_up(ends[1])};
}

/// A pipe that holds the passphrase (at most 1024 bytes: they fit) and then ends.
auto passphrase_pipe(std::string_view passphrase) -> Result<Fd> {
    CG_TRY(auto pipe, make_pipe());
    if (::write(pipe.write.get(), passphrase.data(), passphrase.size()) != static_cast<ssize_t>(passphrase.size()))
        return fail(Errc::unavailable, "the passphrase cannot be handed on");
    return std::move(pipe.read);
}

struct Wiring {
    std::vector<std::pair<int, int>> fds;  ///< from, to
};

auto spawn(const std::vector<std::string>& arguments, const Wiring& wiring) -> Result<pid_t> {
    std::vector<char*> argv;
    std::string name = "casegate";
    argv.push_back(name.data());
    auto copies = arguments;
    for (auto& argument : copies) argv.push_back(argument.data());
    argv.push_back(nullptr);
    const auto parent = ::getpid();
    const auto pid = ::fork();
    if (pid < 0) return fail(Errc::unavailable, "no further process can be started");
    if (pid > 0) return pid;
    // From here to exec only what is safe between fork and exec.
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (::getppid() != parent) ::_exit(127);
    for (const auto& [from, to] : wiring.fds)
        if (::dup2(from, to) < 0) ::_exit(127);
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    ::setpgid(0, 0);  // Ctrl-C reaches the parent alone, which stops its children in order
    ::execv("/proc/self/exe", argv.data());
    ::_exit(127);
}

auto status_of(int raw) -> int {
    return WIFEXITED(raw) ? WEXITSTATUS(raw) : 128 + WTERMSIG(raw);
}

/// Reads both ends until both have closed.
void drain(Fd& out, std::string& out_text, Fd& err, std::string& err_text) {
    std::array<pollfd, 2> both{pollfd{out.get(), POLLIN, 0}, pollfd{err.get(), POLLIN, 0}};
    std::array<std::string*, 2> texts{&out_text, &err_text};
    std::array<char, 16384> buffer{};
    while (both[0].fd >= 0 || both[1].fd >= 0) {
        if (::poll(both.data(), both.size(), -1) < 0) {
            if (errno == EINTR) continue;
            return;
        }
        for (std::size_t i = 0; i < both.size(); ++i) {
            if (both.at(i).revents == 0) continue;
            const auto got = ::read(both.at(i).fd, buffer.data(), buffer.size());
            if (got > 0)
                texts.at(i)->append(buffer.data(), static_cast<std::size_t>(got));
            else
                both.at(i).fd = -1;
        }
    }
}

}  // namespace

auto Child::start(std::vector<std::string> arguments, std::string_view passphrase, const std::string& log)
    -> Result<Child> {
    CG_TRY(const auto secret, passphrase_pipe(passphrase));
    CG_TRY(auto ready, make_pipe());
    const auto log_fd = moved_up(::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
    const auto nothing = moved_up(::open("/dev/null", O_RDWR | O_CLOEXEC));
    if (log_fd.get() < 0 || nothing.get() < 0)
        return fail(Errc::unavailable, "the log file " + log + " cannot be written");
    arguments.insert(arguments.end(), {"--passphrase-fd", "3", "--ready-fd", "4"});
    CG_TRY(
        const auto pid,
        spawn(
            arguments,
            {{{nothing.get(), 0}, {nothing.get(), 1}, {log_fd.get(), 2}, {secret.get(), 3}, {ready.write.get(), 4}}}));
    return Child{pid, ready.read.release()};
}

Child::~Child() {
    if (pid_ > 0) stop(std::chrono::seconds{8});
    if (ready_ >= 0) ::close(ready_);
}

auto Child::ready_line(std::chrono::milliseconds bound) -> Result<std::string> {
    const auto end = std::chrono::steady_clock::now() + bound;
    std::string line;
    for (;;) {
        const auto left =
            std::chrono::duration_cast<std::chrono::milliseconds>(end - std::chrono::steady_clock::now()).count();
        pollfd one{ready_, POLLIN, 0};
        const int polled = left > 0 ? ::poll(&one, 1, static_cast<int>(left)) : 0;
        if (polled < 0 && errno == EINTR) continue;
        if (polled == 0) return fail(Errc::timed_out, "the child has not become ready");
        char byte = 0;
        if (polled < 0 || ::read(ready_, &byte, 1) != 1)
            return fail(Errc::unavailable, "the child ended before it was ready");
        if (byte == '\n') return line;
        line += byte;
    }
}

auto Child::running() -> bool {
    int raw = 0;
    if (pid_ > 0 && ::waitpid(pid_, &raw, WNOHANG) == pid_) pid_ = -1;
    return pid_ > 0;
}

auto Child::stop(std::chrono::milliseconds bound) -> int {
    if (pid_ <= 0) return 0;
    ::kill(pid_, SIGTERM);
    const auto end = std::chrono::steady_clock::now() + bound;
    int raw = 0;
    for (;;) {
        const auto waited = ::waitpid(pid_, &raw, WNOHANG);
        if (waited == pid_ || (waited < 0 && errno != EINTR)) break;
        if (std::chrono::steady_clock::now() > end) {
            ::kill(pid_, SIGKILL);
            ::waitpid(pid_, &raw, 0);
            break;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds{10});
    }
    pid_ = -1;
    return status_of(raw);
}

auto run_self(std::vector<std::string> arguments, std::string_view passphrase) -> Result<Ran> {
    CG_TRY(const auto secret, passphrase_pipe(passphrase));
    CG_TRY(auto out, make_pipe());
    CG_TRY(auto err, make_pipe());
    const auto nothing = moved_up(::open("/dev/null", O_RDWR | O_CLOEXEC));
    arguments.insert(arguments.end(), {"--passphrase-fd", "3"});
    CG_TRY(const auto pid,
           spawn(arguments, {{{nothing.get(), 0}, {out.write.get(), 1}, {err.write.get(), 2}, {secret.get(), 3}}}));
    out.write.reset();
    err.write.reset();
    Ran ran;
    drain(out.read, ran.out, err.read, ran.err);
    int raw = 0;
    while (::waitpid(pid, &raw, 0) < 0 && errno == EINTR) {
    }
    ran.status = status_of(raw);
    return ran;
}

auto passphrase_fd(std::string_view passphrase) -> Result<int> {
    CG_TRY(auto pipe, passphrase_pipe(passphrase));
    return pipe.release();
}

auto free_ports(std::size_t count) -> Result<std::vector<std::uint16_t>> {
    std::vector<Fd> held;  // all at once, or the system gives the same one again
    std::vector<std::uint16_t> ports;
    for (std::size_t i = 0; i < count; ++i) {
        Fd fd{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        auto* generic = reinterpret_cast<sockaddr*>(&address);
        if (fd.get() < 0 || ::bind(fd.get(), generic, size) != 0 || ::getsockname(fd.get(), generic, &size) != 0)
            return fail(Errc::unavailable, "no free port on 127.0.0.1");
        ports.push_back(ntohs(address.sin_port));
        held.push_back(std::move(fd));
    }
    return ports;
}

}  // namespace cg::app
