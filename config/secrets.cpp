#include "config/secrets.hpp"

#include "crypto/hash.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace cg::config {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t min_passphrase_bytes = 8;
constexpr std::size_t max_passphrase_bytes = 1024;
constexpr mode_t others_mask = 077;

/// A descriptor that is closed when it goes.
class Descriptor {
public:
    explicit Descriptor(int fd) noexcept : fd_(fd) {}
    Descriptor(const Descriptor&) = delete;
    auto operator=(const Descriptor&) -> Descriptor& = delete;
    ~Descriptor() {
        if (fd_ >= 0) ::close(fd_);
    }
    [[nodiscard]] auto get() const noexcept -> int { return fd_; }
    [[nodiscard]] explicit operator bool() const noexcept { return fd_ >= 0; }

private:
    int fd_;
};

auto system_failure(std::string_view what, const fs::path& file, int error) {
    const auto code = error == ENOENT || error == ENOTDIR ? Errc::not_found : Errc::unavailable;
    return fail(code, std::string{what} + " " + file.string() + ": " + std::strerror(error));
}

auto mode_refusal(const fs::path& file, std::string fix) {
    return fail(Errc::denied, "key file refused: " + file.string() + ": " + fix, {Problem{"config/file-mode", "", std::move(fix), ""}});
}

/// Fills `out` from the descriptor until it is full or the input ends. Returns what was read.
auto read_some(int fd, std::span<std::uint8_t> out) -> Result<std::size_t> {
    std::size_t done = 0;
    while (done < out.size()) {
        const auto got = ::read(fd, out.data() + done, out.size() - done);
        if (got == 0) break;
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return fail(Errc::unavailable, std::string{"reading failed: "} + std::strerror(errno));
        done += static_cast<std::size_t>(got);
    }
    return done;
}

/// One byte at a time: a pipe may hold something else behind the line.
auto read_line(int fd) -> Result<crypto::SecretBytes> {
    crypto::SecretBytes buffer{max_passphrase_bytes + 1};
    std::size_t size = 0;
    while (size < buffer.size()) {
        CG_TRY(const auto got, read_some(fd, buffer.fill().subspan(size, 1)));
        if (got == 0 || buffer.reveal()[size] == '\n') break;
        ++size;
    }
    if (size < min_passphrase_bytes || size > max_passphrase_bytes)
        return fail(Errc::malformed, "a passphrase is 8 to 1024 bytes, on one line");
    return crypto::SecretBytes::copy_of(buffer.reveal().first(size));
}

auto write_all(int fd, std::string_view content) -> bool {
    while (!content.empty()) {
        const auto put = ::write(fd, content.data(), content.size());
        if (put < 0 && errno == EINTR) continue;
        if (put < 0) return false;
        content.remove_prefix(static_cast<std::size_t>(put));
    }
    return ::fsync(fd) == 0;
}

auto sync_folder_of(const fs::path& file) -> bool {
    const auto folder = file.has_parent_path() ? file.parent_path() : fs::path{"."};
    const Descriptor fd{::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    return fd && ::fsync(fd.get()) == 0;
}

auto create(const fs::path& file, std::string_view content, mode_t mode) -> Result<> {
    const Descriptor fd{::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode)};
    if (!fd && errno == EEXIST) return fail(Errc::conflict, "a file is there already: " + file.string());
    if (!fd) return system_failure("cannot create", file, errno);
    if (::fchmod(fd.get(), mode) == 0 && write_all(fd.get(), content)) return ok();
    const int error = errno;
    ::unlink(file.c_str());
    return system_failure("cannot write", file, error);
}

}  // namespace

auto read_passphrase(const PassphraseSource& source, std::optional<int> fd) -> Result<crypto::SecretBytes> {
    if (fd) {
        const Descriptor given{*fd};
        return read_line(given.get());
    }
    if (source.kind != PassphraseSource::Kind::credential)
        return fail(Errc::not_found, "no passphrase: give --passphrase-fd, or passphrase = \"credential:NAME\"");
    const char* folder = std::getenv("CREDENTIALS_DIRECTORY");
    if (folder == nullptr) return fail(Errc::not_found, "systemd gave no credentials: CREDENTIALS_DIRECTORY is not set");
    const fs::path file = fs::path{folder} / source.credential;
    const Descriptor opened{::open(file.c_str(), O_RDONLY | O_CLOEXEC)};
    if (!opened) return system_failure("cannot open the credential", file, errno);
    return read_line(opened.get());
}

auto read_private_file(const fs::path& file, std::size_t max_bytes) -> Result<crypto::SecretBytes> {
    // Not blocking: a pipe in the place of a key file must not hold up the start.
    const Descriptor fd{::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)};
    if (!fd && errno == ELOOP) return mode_refusal(file, "put the file itself here, not a link to it");
    if (!fd) return system_failure("cannot open", file, errno);
    struct stat facts {};
    if (::fstat(fd.get(), &facts) != 0) return system_failure("cannot look at", file, errno);
    if (!S_ISREG(facts.st_mode)) return mode_refusal(file, "give a regular file");
    if (facts.st_uid != ::geteuid() && facts.st_uid != 0) return mode_refusal(file, "make the user of the gateway own the file: chown");
    if ((facts.st_mode & others_mask) != 0) return mode_refusal(file, "close the file to group and others: chmod 600");
    if (facts.st_size < 0 || static_cast<std::size_t>(facts.st_size) > max_bytes)
        return fail(Errc::too_large, "the file is too large: " + file.string());
    crypto::SecretBytes content{static_cast<std::size_t>(facts.st_size)};
    CG_TRY(const auto size, read_some(fd.get(), content.fill()));
    if (size != content.size()) return fail(Errc::unavailable, "the file changed while it was read: " + file.string());
    return content;
}

auto read_public_file(const fs::path& file, std::size_t max_bytes) -> Result<std::string> {
    const Descriptor fd{::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
    if (!fd) return system_failure("cannot open", file, errno);
    struct stat facts {};
    if (::fstat(fd.get(), &facts) != 0) return system_failure("cannot look at", file, errno);
    if (!S_ISREG(facts.st_mode)) return fail(Errc::unavailable, "not a regular file: " + file.string());
    if (facts.st_size < 0 || static_cast<std::size_t>(facts.st_size) > max_bytes)
        return fail(Errc::too_large, "the file is too large: " + file.string());
    Bytes content(static_cast<std::size_t>(facts.st_size));
    CG_TRY(const auto size, read_some(fd.get(), content));
    return to_text(ByteView{content}.first(size));
}

auto read_signing_key(const fs::path& file, const crypto::SecretBytes& passphrase) -> Result<crypto::SigningKey> {
    CG_TRY(const auto pem, read_private_file(file));
    auto key = crypto::SigningKey::from_encrypted_pem(pem.reveal_text(), passphrase);
    if (!key) return fail(key.error().code, "key file " + file.string() + ": wrong passphrase, or not a key file");
    return std::move(key).value();
}

auto read_secret(const fs::path& file, std::string_view label, const crypto::SecretBytes& passphrase) -> Result<crypto::SecretBytes> {
    CG_TRY(const auto sealed, read_private_file(file));
    auto secret = crypto::open_secret_file(sealed.reveal_text(), label, passphrase);
    if (!secret) return fail(secret.error().code, "secret file " + file.string() + ": wrong passphrase, or not that secret");
    return std::move(secret).value();
}

auto write_private_file(const fs::path& file, std::string_view content) -> Result<> {
    CG_TRY(create(file, content, 0600));
    if (!sync_folder_of(file)) return system_failure("cannot write the folder of", file, errno);
    return ok();
}

auto write_public_file(const fs::path& file, std::string_view content) -> Result<> {
    const fs::path temporary = file.string() + "." + crypto::random_id("new-");
    CG_TRY(create(temporary, content, 0644));
    if (::rename(temporary.c_str(), file.c_str()) != 0) {
        const int error = errno;
        ::unlink(temporary.c_str());
        return system_failure("cannot replace", file, error);
    }
    if (!sync_folder_of(file)) return system_failure("cannot write the folder of", file, errno);
    return ok();
}

}  // namespace cg::config
