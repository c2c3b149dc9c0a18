#include "gateway/ledger/checkpoint_file.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

namespace cg::ledger {
namespace {

class File {
public:
    File(const char* path, int flags) : fd_(::open(path, flags | O_CLOEXEC, 0600)) {}
    File(const File&) = delete;
    auto operator=(const File&) -> File& = delete;
    ~File() {
        if (fd_ >= 0) ::close(fd_);
    }
    [[nodiscard]] auto fd() const noexcept -> int { return fd_; }

private:
    int fd_;
};

auto trouble(const char* what) {
    return fail(Errc::unavailable, std::string{"checkpoint file: "} + what + ": " + std::strerror(errno));
}

auto write_all(int fd, std::string_view text) -> bool {
    while (!text.empty()) {
        const auto count = ::write(fd, text.data(), text.size());
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return false;
        text.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
}

}  // namespace

auto read_checkpoint_file(const std::string& path) -> Result<std::optional<std::string>> {
    const File file{path.c_str(), O_RDONLY};
    if (file.fd() < 0) {
        if (errno == ENOENT) return std::nullopt;
        return trouble("cannot be read");
    }
    std::string text;
    std::array<char, 4096> buffer{};
    while (text.size() < 65536) {
        const auto count = ::read(file.fd(), buffer.data(), buffer.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return trouble("cannot be read");
        if (count == 0) break;
        text.append(buffer.data(), static_cast<std::size_t>(count));
    }
    return std::optional{std::move(text)};
}

auto write_checkpoint_file(const std::string& path, const std::string& note) -> Result<> {
    const auto temporary = path + ".new";
    {
        const File file{temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC};
        if (file.fd() < 0) return trouble("cannot be written");
        if (!write_all(file.fd(), note)) return trouble("cannot be written");
        if (::fsync(file.fd()) != 0) return trouble("does not reach the disk");
    }
    if (::rename(temporary.c_str(), path.c_str()) != 0) return trouble("cannot be replaced");
    auto folder = std::filesystem::path{path}.parent_path();
    if (folder.empty()) folder = ".";
    const File directory{folder.c_str(), O_RDONLY | O_DIRECTORY};
    if (directory.fd() < 0 || ::fsync(directory.fd()) != 0) return trouble("its folder does not reach the disk");
    return ok();
}

}  // namespace cg::ledger
