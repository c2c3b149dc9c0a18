#include "gateway/app/files.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace cg::app {
namespace {

auto system_words() -> std::string {
    return std::strerror(errno);
}

}  // namespace

auto Input::open(const std::string& name) -> Result<Input> {
    if (name.empty() || name == "-") return Input{::dup(STDIN_FILENO)};
    const int fd = ::open(name.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return fail(errno == ENOENT ? Errc::not_found : Errc::unavailable, name + " cannot be read: " + system_words());
    struct stat status {};
    if (::fstat(fd, &status) == 0 && S_ISDIR(status.st_mode)) {
        ::close(fd);
        return fail(Errc::not_found, name + " is a folder; name a file");
    }
    return Input{fd};
}

Input::~Input() {
    if (fd_ >= 0) ::close(fd_);
}

auto Input::source() -> crypto::ByteSource {
    return [this](std::span<std::uint8_t> into) -> Result<std::size_t> {
        for (;;) {
            const auto got = ::read(fd_, into.data(), into.size());
            if (got >= 0) return static_cast<std::size_t>(got);
            if (errno != EINTR) return fail(Errc::unavailable, "the input cannot be read: " + system_words());
        }
    };
}

auto Input::rewind() -> bool {
    return ::lseek(fd_, 0, SEEK_SET) == 0;
}

auto Input::read_all(std::size_t max_bytes) -> Result<crypto::SecretBytes> {
    const auto read = source();
    Bytes all;
    Bytes piece(64U << 10U);
    for (;;) {
        auto got = read(piece);
        const auto count = got.has_value() ? got.value() : 0;
        if (count == 0 || all.size() + count > max_bytes) {
            auto out = crypto::SecretBytes::copy_of(all);
            crypto::wipe(all);
            crypto::wipe(piece);
            if (!got.has_value()) return fail(std::move(got).error());
            if (count != 0)
                return fail(Errc::too_large, "the input has more than " + std::to_string(max_bytes) + " bytes");
            return out;
        }
        // A vector that grows leaves its old bytes behind: grow by hand, and wipe.
        if (all.capacity() < all.size() + count) {
            Bytes larger;
            larger.reserve((all.size() + count) * 2);
            larger.assign(all.begin(), all.end());
            crypto::wipe(all);
            all.swap(larger);
        }
        all.insert(all.end(), piece.begin(), piece.begin() + static_cast<std::ptrdiff_t>(count));
    }
}

auto Output::create(const std::string& name) -> Result<Output> {
    if (name.empty() || name == "-") return Output{::dup(STDOUT_FILENO), {}, {}};
    const auto slash = name.rfind('/');
    const auto folder = slash == std::string::npos ? std::string{} : name.substr(0, slash + 1);
    auto temporary = folder + ".casegate-XXXXXX";
    const int fd = ::mkostemp(temporary.data(), O_CLOEXEC);
    if (fd < 0) return fail(Errc::unavailable, name + " cannot be written: " + system_words());
    return Output{fd, name, std::move(temporary)};
}

Output::~Output() {
    if (fd_ < 0) return;
    ::close(fd_);
    if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

auto Output::write(ByteView bytes) -> Result<> {
    while (!bytes.empty()) {
        const auto count = ::write(fd_, bytes.data(), bytes.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return fail(Errc::unavailable, "the output cannot be written: " + system_words());
        bytes = bytes.subspan(static_cast<std::size_t>(count));
    }
    return ok();
}

auto Output::sink() -> crypto::ByteSink {
    return [this](ByteView bytes) { return write(bytes); };
}

auto Output::commit() -> Result<> {
    if (temporary_.empty()) return ok();
    if (::fsync(fd_) != 0 || ::rename(temporary_.c_str(), name_.c_str()) != 0)
        return fail(Errc::unavailable, name_ + " cannot be written: " + system_words());
    ::close(std::exchange(fd_, -1));
    return ok();
}

}  // namespace cg::app
