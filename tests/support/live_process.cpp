#include "tests/support/live_process.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <fstream>
#include <iterator>
#include <mutex>
#include <sstream>
#include <system_error>
#include <thread>
#include <utility>

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace cg::test {
namespace {

constexpr int passphrase_fd = 3;
constexpr int ready_fd = 4;
constexpr int first_free_fd = 5;

class Fd {
public:
    explicit Fd(int fd = -1) : fd_(fd) {}
    Fd(Fd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    auto operator=(Fd&& other) noexcept -> Fd& {
        std::swap(fd_, other.fd_);
        return *this;
    }
    ~Fd() {
        if (fd_ >= 0) ::close(fd_);
    }
    [[nodiscard]] auto get() const -> int { return fd_; }

private:
    int fd_;
};

[[noreturn]] void give_up(const char* what) { throw std::system_error(errno, std::generic_category(), what); }

/// Out of the way of the numbers that a child is given.
auto moved_up(int fd) -> Fd {
    if (fd < 0) give_up("a descriptor");
    const Fd low{fd};
    return Fd{::fcntl(fd, F_DUPFD_CLOEXEC, 32)};
}

struct Pipe {
    Fd read, write;
};
auto make_pipe() -> Pipe {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) give_up("pipe");
    return {moved_up(ends[0]), moved_up(ends[1])};
}

/// The passphrase is shorter than a pipe, so nobody needs to read while this writes.
auto full_pipe(std::string_view text) -> Fd {
    auto pipe = make_pipe();
    if (::write(pipe.write.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size())) give_up("passphrase");
    return std::move(pipe.read);
}

/// All that the child does between fork and exec, prepared so that only system calls are left.
struct Wiring {
    std::array<int, first_free_fd> fds{-1, -1, -1, -1, -1};
    const Launch* launch = nullptr;
    std::vector<char*> argv;
    pid_t parent = 0;
};

[[noreturn]] void become(const Wiring& wiring) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != wiring.parent) ::_exit(127);
    for (int fd = 0; fd < first_free_fd; ++fd) {
        const int from = wiring.fds[static_cast<std::size_t>(fd)];
        if (from >= 0 ? ::dup2(from, fd) < 0 : ::close(fd) < 0 && errno != EBADF) ::_exit(127);
    }
    ::syscall(SYS_close_range, first_free_fd, ~0U, 0);
    if (wiring.launch->ignore_file_size_signal) ::signal(SIGXFSZ, SIG_IGN);
    for (const int capability : wiring.launch->without_capabilities)
        if (::prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) != 0) ::_exit(126);
    if (!wiring.launch->folder.empty() && ::chdir(wiring.launch->folder.c_str()) != 0) ::_exit(127);
    ::execv(wiring.launch->program.c_str(), wiring.argv.data());
    ::_exit(127);
}

/// Reads until the other end closes.
class Collector {
public:
    explicit Collector(Fd from) : from_(std::move(from)), thread_([this] { collect(); }) {}
    Collector(const Collector&) = delete;
    auto operator=(const Collector&) -> Collector& = delete;
    ~Collector() { join(); }
    void join() {
        if (thread_.joinable()) thread_.join();
    }
    [[nodiscard]] auto text() const -> std::string {
        const std::lock_guard lock{mutex_};
        return text_;
    }

private:
    void collect() {
        std::array<char, 16384> buffer{};
        for (;;) {
            const auto count = ::read(from_.get(), buffer.data(), buffer.size());
            if (count < 0 && errno == EINTR) continue;
            if (count <= 0) return;
            const std::lock_guard lock{mutex_};
            text_.append(buffer.data(), static_cast<std::size_t>(count));
        }
    }
    Fd from_;
    mutable std::mutex mutex_;
    std::string text_;
    std::thread thread_;
};

auto ended(int raw) -> Ended {
    return {WIFEXITED(raw) ? WEXITSTATUS(raw) : 128 + WTERMSIG(raw)};
}

}  // namespace

struct Process::State {
    Launch launch;
    pid_t pid = -1;
    Fd handle;  // pidfd: lets us wait with a bound, without looking again and again
    Fd ready;
    std::unique_ptr<Collector> out, err;
    std::optional<Ended> end;

    ~State() {
        if (!end && pid > 0) {
            ::kill(pid, SIGKILL);
            static_cast<void>(reap(-1));
        }
    }
    auto reap(int bound_ms) -> bool {
        if (end) return true;
        pollfd one{handle.get(), POLLIN, 0};
        int polled = 0;
        while ((polled = ::poll(&one, 1, bound_ms)) < 0 && errno == EINTR) {}
        if (polled <= 0) return false;
        int raw = 0;
        while (::waitpid(pid, &raw, 0) < 0 && errno == EINTR) {}
        end = ended(raw);
        for (auto* collector : {out.get(), err.get()})
            if (collector != nullptr) collector->join();
        return true;
    }
};

Process::Process(std::unique_ptr<State> state) : state_(std::move(state)) {}
Process::Process(Process&&) noexcept = default;
auto Process::operator=(Process&&) noexcept -> Process& = default;
Process::~Process() = default;

auto Process::start(Launch launch) -> Process {
    auto state = std::make_unique<State>();
    state->launch = std::move(launch);
    const auto& how = state->launch;
    Wiring wiring;
    wiring.launch = &how;
    wiring.parent = ::getpid();
    std::vector<std::string> words{std::filesystem::path{how.program}.filename().string()};
    words.insert(words.end(), how.arguments.begin(), how.arguments.end());
    for (auto& word : words) wiring.argv.push_back(word.data());
    wiring.argv.push_back(nullptr);

    const auto nothing = moved_up(::open("/dev/null", O_RDWR | O_CLOEXEC));
    const auto passphrase = how.passphrase.empty() ? Fd{} : full_pipe(how.passphrase);
    auto ready = make_pipe();
    auto out = make_pipe();
    auto err = make_pipe();
    const auto file = how.error_file.empty()
                          ? Fd{}
                          : moved_up(::open(how.error_file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
    wiring.fds = {nothing.get(), out.write.get(), how.error_file.empty() ? err.write.get() : file.get(), passphrase.get(),
                  ready.write.get()};
    static_assert(passphrase_fd == 3 && ready_fd == 4);
    state->pid = ::fork();
    if (state->pid < 0) give_up("fork");
    if (state->pid == 0) become(wiring);
    state->handle = Fd{static_cast<int>(::syscall(SYS_pidfd_open, state->pid, 0))};
    if (state->handle.get() < 0) give_up("pidfd_open");
    state->ready = std::move(ready.read);
    state->out = std::make_unique<Collector>(std::move(out.read));
    if (how.error_file.empty()) state->err = std::make_unique<Collector>(std::move(err.read));
    return Process{std::move(state)};
}

auto Process::pid() const -> pid_t { return state_->pid; }

void Process::signal(int number) const {
    if (!state_->end) ::kill(state_->pid, number);
}

auto Process::wait(std::chrono::milliseconds bound) -> std::optional<Ended> {
    static_cast<void>(state_->reap(static_cast<int>(bound.count())));
    return state_->end;
}

auto Process::out() const -> std::string { return state_->out->text(); }
auto Process::err() const -> std::string { return state_->err ? state_->err->text() : slurp(state_->launch.error_file); }

auto Process::ready_line(std::chrono::milliseconds bound) -> std::optional<std::string> {
    const auto until = std::chrono::steady_clock::now() + bound;
    std::string line;
    for (;;) {
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
        pollfd one{state_->ready.get(), POLLIN, 0};
        const int polled = left.count() > 0 ? ::poll(&one, 1, static_cast<int>(left.count())) : 0;
        if (polled < 0 && errno == EINTR) continue;
        char byte = 0;
        if (polled <= 0 || ::read(state_->ready.get(), &byte, 1) != 1) return std::nullopt;
        if (byte == '\n') return line;
        line += byte;
    }
}

auto cpu_time(pid_t pid) -> std::chrono::microseconds {
    auto text = slurp("/proc/" + std::to_string(pid) + "/stat");
    // proc(5): the name in parentheses may hold anything; utime and stime are fields 14 and 15, the 12th and 13th behind it.
    text.erase(0, text.rfind(')') + 1);
    std::istringstream in{text};
    std::string skipped;
    for (int i = 0; i < 11; ++i) in >> skipped;
    long long user = 0, system = 0;
    in >> user >> system;
    return std::chrono::microseconds{(user + system) * 1'000'000 / ::sysconf(_SC_CLK_TCK)};
}

auto slurp(const std::filesystem::path& file) -> std::string {
    std::ifstream in{file, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
}

}  // namespace cg::test
