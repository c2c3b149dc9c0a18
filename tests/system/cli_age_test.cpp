// casegate seal and open --raw: plain age files through files and pipes.
#include "crypto/age.hpp"
#include "crypto/hash.hpp"
#include "tests/oracles/oracle.hpp"
#include "tests/system/process.hpp"

#include <gtest/gtest.h>

namespace cg::test {
namespace {

namespace fs = std::filesystem;
constexpr std::size_t sizes[] = {0, 1, 65535, 65536, 65537, 3'000'000};

class RawAge : public testing::TestWithParam<crypto::AgeKind> {
protected:
    RawAge() {
        oracle::write_file(key_file(), view_bytes("# for a test\n" + to_text(identity_.secret_text().reveal()) + "\n"));
        fs::permissions(key_file(), fs::perms::owner_read | fs::perms::owner_write);
    }
    [[nodiscard]] auto at(const std::string& name) const -> std::string { return (folder_.path() / name).string(); }
    [[nodiscard]] auto key_file() const -> std::string { return at("key.txt"); }
    [[nodiscard]] auto recipient() const -> std::string { return identity_.recipient().str(); }
    [[nodiscard]] auto files() const -> std::size_t {
        return static_cast<std::size_t>(
            std::distance(fs::directory_iterator{folder_.path()}, fs::directory_iterator{}));
    }
    oracle::TemporaryFolder folder_;
    crypto::AgeIdentity identity_ = crypto::AgeIdentity::generate(GetParam());
};
INSTANTIATE_TEST_SUITE_P(Kinds, RawAge, testing::Values(crypto::AgeKind::mlkem768x25519, crypto::AgeKind::x25519),
                         [](const auto& info) {
                             return info.param == crypto::AgeKind::x25519 ? "X25519" : "PostQuantum";
                         });

TEST_P(RawAge, WhatIsSealedIsOpenedThroughFiles) {
    for (const auto size : sizes) {
        const auto plain = crypto::random_bytes(size);
        oracle::write_file(at("plain"), plain);
        ASSERT_EQ(casegate({"seal", "--to", recipient(), "-o", at("sealed"), at("plain")}).status, 0);
        const auto opened = casegate({"open", "--raw", "-i", key_file(), "-o", at("opened"), at("sealed")});
        ASSERT_EQ(opened.status, 0) << opened.err;
        EXPECT_TRUE(oracle::read_file(at("opened")) == plain) << size;
        EXPECT_EQ(fs::status(at("opened")).permissions() & fs::perms::all,
                  fs::perms::owner_read | fs::perms::owner_write);
    }
}

TEST_P(RawAge, WhatIsSealedIsOpenedThroughPipesAndArmor) {
    for (const auto size : sizes) {
        const auto plain = to_text(crypto::random_bytes(size));
        for (const bool armor : {false, true}) {
            std::vector<std::string> seal{"seal", "--to", recipient()};
            if (armor) seal.emplace_back("--armor");
            const auto sealed = casegate(seal, {.input = plain});
            ASSERT_EQ(sealed.status, 0) << sealed.err;
            EXPECT_EQ(sealed.out.starts_with("-----BEGIN AGE ENCRYPTED FILE-----\n"), armor);
            const auto opened = casegate({"open", "--raw", "-i", key_file()}, {.input = sealed.out});
            ASSERT_EQ(opened.status, 0) << opened.err;
            EXPECT_TRUE(opened.out == plain) << size;
        }
    }
}

TEST_P(RawAge, NothingOfADamagedFileIsLeftBehind) {
    const auto plain = crypto::random_bytes(300'000);
    oracle::write_file(at("plain"), plain);
    ASSERT_EQ(casegate({"seal", "--to", recipient(), "-o", at("sealed"), at("plain")}).status, 0);
    auto sealed = oracle::read_file(at("sealed"));
    const auto whole = sealed;
    sealed[sealed.size() - 100] ^= 1;
    oracle::write_file(at("altered"), sealed);
    oracle::write_file(at("short"), ByteView{whole}.first(whole.size() - 5000));
    const auto before = files();
    for (const char* name : {"altered", "short", "plain"}) {
        const auto to_file = casegate({"open", "--raw", "-i", key_file(), "-o", at("opened"), at(name)});
        EXPECT_EQ(to_file.status, 65) << name << to_file.err;
        EXPECT_FALSE(fs::exists(at("opened"))) << name;
        const auto to_pipe = casegate({"open", "--raw", "-i", key_file(), at(name)});
        EXPECT_EQ(to_pipe.status, 65) << name;
        EXPECT_TRUE(to_pipe.out.empty()) << name;
    }
    EXPECT_EQ(files(), before) << "a temporary file was left";
}

TEST_P(RawAge, AnotherKeyOpensNothing) {
    const auto other = crypto::AgeIdentity::generate(GetParam());
    const auto sealed = casegate({"seal", "--to", other.recipient().str()}, {.input = "for somebody else"});
    const auto opened = casegate({"open", "--raw", "-i", key_file()}, {.input = sealed.out});
    EXPECT_EQ(opened.status, 65);
    EXPECT_TRUE(opened.out.empty());
}

TEST_P(RawAge, NpmAgeEncryptionOpensItAndIsOpened) {
    const auto plain = crypto::random_bytes(70'000);
    const oracle::TemporaryFolder exchange;
    oracle::write_file(exchange.path() / "ours.input", plain);
    ASSERT_EQ(
        casegate({"seal", "--to", recipient(), "-o", exchange.path() / "ours.age", exchange.path() / "ours.input"})
            .status,
        0);
    const auto theirs =
        oracle::run("age.mjs", {"open", exchange.path().string(), to_text(identity_.secret_text().reveal())});
    ASSERT_TRUE(theirs.has_value()) << theirs.error().detail;
    EXPECT_TRUE(oracle::read_file(exchange.path() / "ours.opened") == plain);

    oracle::write_file(exchange.path() / "theirs.plain", plain);
    const auto sealed = oracle::run("age.mjs", {"seal", exchange.path().string(), recipient()});
    ASSERT_TRUE(sealed.has_value()) << sealed.error().detail;
    const auto opened = casegate({"open", "--raw", "-i", key_file(), exchange.path() / "theirs.age"});
    EXPECT_EQ(opened.status, 0) << opened.err;
    EXPECT_TRUE(to_bytes(opened.out) == plain);
}

TEST_P(RawAge, MistakesAreTold) {
    EXPECT_EQ(casegate({"seal", "--to", "age1nonsense"}, {.input = "x"}).status, 65);
    EXPECT_EQ(casegate({"seal", "--to", recipient(), "/no/such/file"}).status, 65);
    EXPECT_EQ(casegate({"seal", "--to", recipient(), "-o", "/no/such/folder/file"}, {.input = "x"}).status, 69);
    fs::permissions(key_file(), fs::perms::group_read, fs::perm_options::add);
    const auto open_key = casegate({"open", "--raw", "-i", key_file()}, {.input = "x"});
    EXPECT_EQ(open_key.status, 77) << open_key.err;
    EXPECT_NE(open_key.err.find("chmod"), std::string::npos) << open_key.err;
}

TEST(RawAgeKinds, ClassicalAndPostQuantumAreNotMixed) {
    const auto a = crypto::AgeIdentity::generate(crypto::AgeKind::mlkem768x25519);
    const auto b = crypto::AgeIdentity::generate(crypto::AgeKind::x25519);
    EXPECT_EQ(casegate({"seal", "--to", a.recipient().str(), "--to", b.recipient().str()}, {.input = "x"}).status, 65);
}

}  // namespace
}  // namespace cg::test
