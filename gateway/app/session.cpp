#include "gateway/app/session.hpp"

#include "config/secrets.hpp"
#include "gateway/app/exit.hpp"

#include <cstdlib>
#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

namespace cg::app {
namespace {

constexpr std::size_t least_bytes = 8;
constexpr std::size_t most_bytes = 1024;

/// The terminal, silent while this lives.
class SilentTerminal {
public:
    SilentTerminal() : fd_(::open("/dev/tty", O_RDWR | O_CLOEXEC)) {
        if (fd_ < 0 || ::tcgetattr(fd_, &before_) != 0) return;
        auto silent = before_;
        silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        silent_ = ::tcsetattr(fd_, TCSAFLUSH, &silent) == 0;
    }
    SilentTerminal(const SilentTerminal&) = delete;
    auto operator=(const SilentTerminal&) -> SilentTerminal& = delete;
    ~SilentTerminal() {
        if (silent_) static_cast<void>(::tcsetattr(fd_, TCSAFLUSH, &before_));
        if (fd_ >= 0) ::close(fd_);
    }
    [[nodiscard]] auto usable() const -> bool { return silent_; }

    [[nodiscard]] auto ask(std::string_view question) const -> Result<crypto::SecretBytes> {
        say(question);
        crypto::SecretBytes line{most_bytes + 1};
        std::size_t size = 0;
        while (size < line.size() && ::read(fd_, &line.fill()[size], 1) == 1 && line.fill()[size] != '\n') ++size;
        say("\n");
        if (size < least_bytes || size > most_bytes) return fail(Errc::malformed, "a passphrase has 8 to 1024 bytes");
        return crypto::SecretBytes::copy_of(line.reveal().first(size));
    }

private:
    void say(std::string_view text) const {
        if (::write(fd_, text.data(), text.size()) < 0) return;  // a terminal that cannot print can still be typed at
    }
    int fd_;
    termios before_{};
    bool silent_ = false;
};

auto type_passphrase(bool twice) -> Result<crypto::SecretBytes> {
    const SilentTerminal terminal;
    if (!terminal.usable())
        return fail(Errc::not_found,
                    "no passphrase: there is no terminal to type it at; give it with --passphrase-fd N");
    CG_TRY(auto first, terminal.ask(twice ? "New passphrase for the keys: " : "Passphrase of the keys: "));
    if (!twice) return first;
    CG_TRY(const auto second, terminal.ask("Once more: "));
    if (!crypto::equal_in_constant_time(first.reveal(), second.reveal()))
        return fail(Errc::malformed, "the two passphrases differ");
    return first;
}

}  // namespace

auto Session::passphrase(bool twice) -> Result<const crypto::SecretBytes*> {
    if (passphrase_) return &*passphrase_;
    using Source = config::PassphraseSource;
    const bool has_credentials = std::getenv("CREDENTIALS_DIRECTORY") != nullptr;
    if (passphrase_fd || has_credentials) {
        const Source source{has_credentials ? Source::Kind::credential : Source::Kind::descriptor,
                            has_credentials ? "casegate-passphrase" : ""};
        CG_TRY(passphrase_, config::read_passphrase(source, passphrase_fd));
    } else {
        CG_TRY(passphrase_, type_passphrase(twice));
    }
    return &*passphrase_;
}

auto now() -> Instant {
    return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

auto exit_of(Errc code) noexcept -> int {
    switch (code) {
        case Errc::malformed:
        case Errc::truncated:
        case Errc::too_large:
        case Errc::unsupported:
        case Errc::conflict:
        case Errc::not_found: return exit_bad_input;
        case Errc::unauthenticated:
        case Errc::denied: return exit_not_permitted;
        case Errc::timed_out:
        case Errc::cancelled:
        case Errc::unavailable: return exit_unreachable;
        case Errc::corrupt: return exit_internal;
    }
    return exit_internal;
}

}  // namespace cg::app
