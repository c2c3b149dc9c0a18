#pragma once
/// One writing process: flock(2) on a file beside the ledger. The system gives it back when the process ends, however it ends.

#include "gateway/base/result.hpp"

#include <string>
#include <utility>

namespace cg::ledger::sqlite {

class FileLock {
public:
    /// Errors  unavailable: another process holds it, or the file cannot be made
    [[nodiscard]] static auto take(const std::string& path) -> Result<FileLock>;
    FileLock(FileLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    auto operator=(FileLock&&) -> FileLock& = delete;
    ~FileLock();

private:
    explicit FileLock(int fd) : fd_(fd) {}
    int fd_;
};

/// Makes the file if there is none, for its owner alone; takes away what others may do with one that is there.
/// Errors  unavailable (read-only, or cannot be opened)
[[nodiscard]] auto prepare_file(const std::string& path) -> Result<>;

}  // namespace cg::ledger::sqlite
