#pragma once
/// Files that commands read and write: whole or not at all.

#include "crypto/age.hpp"
#include "crypto/secret.hpp"
#include "gateway/base/result.hpp"

#include <memory>
#include <string>
#include <utility>

namespace cg::app {

/// Bytes of a file, or of standard input for "-".
class Input {
public:
    /// Errors  not_found, unavailable
    [[nodiscard]] static auto open(const std::string& name) -> Result<Input>;
    Input(Input&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    auto operator=(Input&&) -> Input& = delete;
    ~Input();

    /// Lifetime  the source borrows this
    [[nodiscard]] auto source() -> crypto::ByteSource;
    /// Back to the first byte. False: it cannot be read twice (a pipe).
    [[nodiscard]] auto rewind() -> bool;
    /// All of it. Errors: too_large, unavailable.
    [[nodiscard]] auto read_all(std::size_t max_bytes) -> Result<crypto::SecretBytes>;

private:
    explicit Input(int fd) : fd_(fd) {}
    int fd_;
};

/// Where a command's bytes go: standard output for "-" or "", or a new file that appears under its name (mode 0600)
/// only when all of it is there. What is not committed leaves nothing behind.
class Output {
public:
    /// Errors  unavailable
    [[nodiscard]] static auto create(const std::string& name) -> Result<Output>;
    Output(Output&& other) noexcept
        : fd_(std::exchange(other.fd_, -1)), name_(std::move(other.name_)), temporary_(std::move(other.temporary_)) {}
    auto operator=(Output&&) -> Output& = delete;
    ~Output();

    [[nodiscard]] auto is_stdout() const noexcept -> bool { return temporary_.empty(); }
    /// Lifetime  the sink borrows this
    [[nodiscard]] auto sink() -> crypto::ByteSink;
    [[nodiscard]] auto write(ByteView bytes) -> Result<>;
    /// Durable  the file is on disk under its name. Errors: unavailable.
    [[nodiscard]] auto commit() -> Result<>;

private:
    Output(int fd, std::string name, std::string temporary)
        : fd_(fd), name_(std::move(name)), temporary_(std::move(temporary)) {}
    int fd_;
    std::string name_;
    std::string temporary_;
};

}  // namespace cg::app
