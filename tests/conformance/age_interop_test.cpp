// npm age-encryption opens what we seal, and we open what it seals.
#include "crypto/age.hpp"
#include "crypto/hash.hpp"
#include "gateway/base/json.hpp"
#include "tests/oracles/oracle.hpp"

#include <gtest/gtest.h>

namespace cg::crypto {
namespace {

constexpr std::size_t sizes[] = {0, 1, 65535, 65536, 65537, 5'000'000};

class AgeInterop : public testing::TestWithParam<AgeKind> {
protected:
    [[nodiscard]] auto file(std::size_t size, std::string_view extension) const {
        return folder_.path() / (std::to_string(size) + std::string{extension});
    }
    oracle::TemporaryFolder folder_;
    AgeIdentity identity_ = AgeIdentity::generate(GetParam());
};

TEST_P(AgeInterop, TheyOpenWhatWeSeal) {
    std::map<std::size_t, Bytes> plain;
    for (const auto size : sizes) {
        plain[size] = random_bytes(size);
        const auto sealed = age_seal(plain[size], {{identity_.recipient()}});
        ASSERT_TRUE(sealed.has_value());
        oracle::write_file(file(size, ".age"), sealed.value());
    }
    const auto ran =
        oracle::run("age.mjs", {"open", folder_.path().string(), to_text(identity_.secret_text().reveal())});
    ASSERT_TRUE(ran.has_value()) << ran.error().detail;
    for (const auto size : sizes) {
        ASSERT_TRUE(std::filesystem::exists(file(size, ".opened"))) << size;
        EXPECT_TRUE(oracle::read_file(file(size, ".opened")) == plain[size]) << size;
    }
}

TEST_P(AgeInterop, WeOpenWhatTheySeal) {
    std::map<std::size_t, Bytes> plain;
    for (const auto size : sizes) {
        plain[size] = random_bytes(size);
        oracle::write_file(file(size, ".plain"), plain[size]);
    }
    const auto ran = oracle::run("age.mjs", {"seal", folder_.path().string(), identity_.recipient().str()});
    ASSERT_TRUE(ran.has_value()) << ran.error().detail;
    for (const auto size : sizes) {
        const AgeIdentity* const identities[] = {&identity_};
        const auto opened = age_open(oracle::read_file(file(size, ".age")), identities);
        ASSERT_TRUE(opened.has_value()) << size << ": " << opened.error().detail;
        EXPECT_TRUE(std::ranges::equal(opened.value().reveal(), plain[size])) << size;
    }
}

INSTANTIATE_TEST_SUITE_P(BothKinds, AgeInterop, testing::Values(AgeKind::mlkem768x25519, AgeKind::x25519),
                         [](const auto& test) { return test.param == AgeKind::x25519 ? "x25519" : "hybrid"; });

TEST(AgeInteropKeys, TheirKeysAreOurs) {
    const auto text = oracle::run("age.mjs", {"keys"});
    ASSERT_TRUE(text.has_value()) << text.error().detail;
    const auto keys = parse_json(view_text(text.value()));
    ASSERT_TRUE(keys.has_value());
    for (const auto* kind : {"hybrid", "x25519"}) {
        const auto& pair = keys.value()[kind];
        const auto identity = AgeIdentity::parse(pair["identity"].text());
        ASSERT_TRUE(identity.has_value()) << kind;
        EXPECT_EQ(identity.value().recipient().str(), pair["recipient"].text());
        EXPECT_EQ(identity.value().secret_text().reveal_text(), pair["identity"].text());
    }
}

}  // namespace
}  // namespace cg::crypto
