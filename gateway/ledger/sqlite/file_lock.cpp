#include "gateway/ledger/sqlite/file_lock.hpp"

#include <cerrno>
#include <cstring>
#include <filesystem>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace cg::ledger::sqlite {
namespace {

constexpr mode_t owner_only = 0600;

auto trouble(const char* what) {
    if (errno == EACCES || errno == EROFS || errno == EPERM)
        return fail(Errc::unavailable, std::string{what} + ": the ledger's file or folder is read-only for this process");
    return fail(Errc::unavailable, std::string{what} + ": " + std::strerror(errno));
}

}  // namespace

auto FileLock::take(const std::string& path) -> Result<FileLock> {
    const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, owner_only);
    if (fd < 0) return trouble("the ledger cannot be locked");
    FileLock lock{fd};
    if (::flock(fd, LOCK_EX | LOCK_NB) == 0) return lock;
    if (errno == EWOULDBLOCK) return fail(Errc::unavailable, "another process has this ledger open");
    return trouble("the ledger cannot be locked");
}

FileLock::~FileLock() {
    if (fd_ >= 0) ::close(fd_);
}

auto prepare_file(const std::string& path) -> Result<> {
    const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, owner_only);
    if (fd < 0) return trouble("the ledger cannot be opened");
    const bool private_now = ::fchmod(fd, owner_only) == 0;
    ::close(fd);
    if (!private_now) return trouble("the ledger's file cannot be made private");
    auto folder = std::filesystem::path{path}.parent_path();
    if (folder.empty()) folder = ".";
    const int directory = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (directory < 0) return trouble("the ledger's folder cannot be opened");
    const bool durable = ::fsync(directory) == 0;
    ::close(directory);
    if (!durable) return trouble("the ledger's folder does not reach the disk");
    return ok();
}

}  // namespace cg::ledger::sqlite
