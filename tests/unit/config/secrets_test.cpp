#include "config/secrets.hpp"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <fstream>

namespace cg::config {
namespace {

namespace fs = std::filesystem;

class Secrets : public ::testing::Test {
protected:
    void SetUp() override {
        std::string name = (fs::temp_directory_path() / "casegate-XXXXXX").string();
        ASSERT_NE(::mkdtemp(name.data()), nullptr);
        dir_ = name;
    }
    void TearDown() override {
        ::unsetenv("CREDENTIALS_DIRECTORY");
        fs::remove_all(dir_);
    }
    auto file(const std::string& name, std::string_view content, mode_t mode = 0600) const -> fs::path {
        const auto path = dir_ / name;
        std::ofstream{path} << content;
        ::chmod(path.c_str(), mode);
        return path;
    }
    static auto pipe_with(std::string_view content) -> int {
        std::array<int, 2> ends{};
        EXPECT_EQ(::pipe(ends.data()), 0);
        EXPECT_EQ(::write(ends[1], content.data(), content.size()), static_cast<ssize_t>(content.size()));
        ::close(ends[1]);
        return ends[0];
    }
    static auto from_pipe(std::string_view content) { return read_passphrase({}, pipe_with(content)); }

    fs::path dir_;
};

TEST_F(Secrets, APassphraseIsTheFirstLineOfItsDescriptor) {
    EXPECT_EQ(from_pipe("seven brass kettles").value().reveal_text(), "seven brass kettles");
    EXPECT_EQ(from_pipe("seven brass kettles\nand more").value().reveal_text(), "seven brass kettles");
    EXPECT_EQ(from_pipe(std::string(1024, 'x')).value().size(), 1024U);
}

TEST_F(Secrets, APassphraseHasALength) {
    for (const auto& text : {std::string{}, std::string{"short"}, std::string{"\nseven brass kettles"}, std::string(1025, 'x')}) {
        const auto result = from_pipe(text);
        ASSERT_FALSE(result.has_value());
        EXPECT_EQ(result.error().code, Errc::malformed);
        EXPECT_EQ(result.error().detail.find("short"), std::string::npos);
    }
}

TEST_F(Secrets, TheDescriptorIsClosedAfterwards) {
    const int fd = pipe_with("seven brass kettles\n");
    ASSERT_TRUE(read_passphrase({}, fd).has_value());
    EXPECT_EQ(::fcntl(fd, F_GETFD), -1);
    EXPECT_EQ(errno, EBADF);
}

TEST_F(Secrets, ACredentialIsAFileOfSystemds) {
    const PassphraseSource source{PassphraseSource::Kind::credential, "casegate-passphrase"};
    EXPECT_EQ(read_passphrase(source, {}).error().code, Errc::not_found);
    ::setenv("CREDENTIALS_DIRECTORY", dir_.c_str(), 1);
    EXPECT_EQ(read_passphrase(source, {}).error().code, Errc::not_found);
    file("casegate-passphrase", "seven brass kettles\n", 0400);
    EXPECT_EQ(read_passphrase(source, {}).value().reveal_text(), "seven brass kettles");
    EXPECT_EQ(read_passphrase(source, pipe_with("another passphrase")).value().reveal_text(), "another passphrase");
}

TEST_F(Secrets, NothingSaysWhereThePassphraseIs) { EXPECT_EQ(read_passphrase({}, {}).error().code, Errc::not_found); }

TEST_F(Secrets, AKeyFileThatOthersCanReadIsRefusedWithTheRemedy) {
    for (const mode_t mode : {0640U, 0604U, 0660U, 0644U, 0610U, 0777U}) {
        const auto result = read_private_file(file("key.pem", "CANARY", mode));
        ASSERT_FALSE(result.has_value()) << mode;
        EXPECT_EQ(result.error().code, Errc::denied);
        EXPECT_NE(result.error().problems.front().fix.find("chmod 600"), std::string::npos);
        EXPECT_EQ(result.error().detail.find("CANARY"), std::string::npos);
        fs::remove(dir_ / "key.pem");
    }
    EXPECT_EQ(read_private_file(file("key.pem", "content", 0400)).value().reveal_text(), "content");
}

TEST_F(Secrets, AKeyFileIsAFile) {
    const auto real = file("real.pem", "content");
    fs::create_symlink(real, dir_ / "link.pem");
    EXPECT_EQ(read_private_file(dir_ / "link.pem").error().code, Errc::denied);
    ASSERT_EQ(::mkfifo((dir_ / "pipe.pem").c_str(), 0600), 0);
    EXPECT_EQ(read_private_file(dir_ / "pipe.pem").error().code, Errc::denied);
    EXPECT_EQ(read_private_file(dir_).error().code, Errc::denied);
    EXPECT_EQ(read_private_file(dir_ / "none.pem").error().code, Errc::not_found);
    EXPECT_EQ(read_private_file(real, 3).error().code, Errc::too_large);
}

TEST_F(Secrets, AKeyFileOfSomebodyElseIsRefused) {
    if (::geteuid() != 0) GTEST_SKIP() << "only root can give a file away";
    const auto path = file("key.pem", "content");
    ASSERT_EQ(::chown(path.c_str(), 65534, 65534), 0);
    EXPECT_EQ(read_private_file(path).error().code, Errc::denied);
}

TEST_F(Secrets, PublicFilesMayBeOpenToAll) {
    EXPECT_EQ(read_public_file(file("certificate.pem", "content", 0644)).value(), "content");
    EXPECT_EQ(read_public_file(dir_).error().code, Errc::unavailable);
    EXPECT_EQ(read_public_file(dir_ / "none").error().code, Errc::not_found);
    EXPECT_EQ(read_public_file(dir_ / "certificate.pem", 3).error().code, Errc::too_large);
}

TEST_F(Secrets, APrivateFileIsCreatedOnceAndForUsAlone) {
    const auto old = ::umask(0);
    ASSERT_TRUE(write_private_file(dir_ / "key.pem", "content").has_value());
    ::umask(old);
    EXPECT_EQ(fs::status(dir_ / "key.pem").permissions(), fs::perms::owner_read | fs::perms::owner_write);
    EXPECT_EQ(read_private_file(dir_ / "key.pem").value().reveal_text(), "content");
    EXPECT_EQ(write_private_file(dir_ / "key.pem", "other").error().code, Errc::conflict);
    EXPECT_EQ(read_private_file(dir_ / "key.pem").value().reveal_text(), "content");
    EXPECT_EQ(write_private_file(dir_ / "none/key.pem", "x").error().code, Errc::not_found);
}

TEST_F(Secrets, APublicFileIsReplacedWhole) {
    const auto path = dir_ / "entry.json";
    ASSERT_TRUE(write_public_file(path, "one").has_value());
    ASSERT_TRUE(write_public_file(path, "two").has_value());
    EXPECT_EQ(read_public_file(path).value(), "two");
    EXPECT_EQ(std::distance(fs::directory_iterator{dir_}, fs::directory_iterator{}), 1) << "no temporary file is left";
    fs::create_directory(dir_ / "folder");
    EXPECT_FALSE(write_public_file(dir_ / "folder", "x").has_value());
    EXPECT_EQ(std::distance(fs::directory_iterator{dir_}, fs::directory_iterator{}), 2);
}

TEST_F(Secrets, KeysAndSecretsOpenWithTheirPassphraseOnly) {
    const auto good = crypto::SecretBytes::copy_of(std::string_view{"seven brass kettles"});
    const auto bad = crypto::SecretBytes::copy_of(std::string_view{"eight brass kettles"});
    const auto key = crypto::SigningKey::generate(crypto::SignatureAlg::ed25519);
    ASSERT_TRUE(write_private_file(dir_ / "key.pem", key.to_encrypted_pem(good)).has_value());
    EXPECT_EQ(read_signing_key(dir_ / "key.pem", good).value().verify_key().spki(), key.verify_key().spki());
    EXPECT_EQ(read_signing_key(dir_ / "key.pem", bad).error().code, Errc::unauthenticated);
    const auto secret = crypto::SecretBytes::copy_of(std::string_view{"CANARY secret"});
    ASSERT_TRUE(write_private_file(dir_ / "store", crypto::seal_secret_file(secret, "store", good)).has_value());
    EXPECT_EQ(read_secret(dir_ / "store", "store", good).value().reveal_text(), "CANARY secret");
    EXPECT_EQ(read_secret(dir_ / "store", "other", good).error().code, Errc::unauthenticated);
}

}  // namespace
}  // namespace cg::config
