// The published HPKE vectors for MLKEM768-X25519, HKDF-SHA256 and ChaCha20Poly1305, every stage of them.
#include "crypto/chacha20_poly1305.hpp"
#include "crypto/hpke.hpp"
#include "gateway/base/json.hpp"
#include "tests/oracles/oracle.hpp"

#include <gtest/gtest.h>

namespace cg::crypto {
namespace {

class HpkeVectors : public testing::Test {
protected:
    void SetUp() override {
        const std::filesystem::path path = std::filesystem::path{CG_SHARED_DIR} / "vectors/hpke/mlkem768-x25519.json";
        if (!std::filesystem::exists(path)) GTEST_SKIP() << "HPKE vectors NOT CHECKED: " << path << " is not here";
        auto all = parse_json(oracle::read_file(path));
        ASSERT_TRUE(all.has_value());
        for (auto& vector : *all.value().if_array()) {
            if (vector["kdf_id"].integer_or(0) == 1) ours_ = vector;  // the other one is of a KDF that age does not use
        }
        ASSERT_EQ(hex("suite_id"), to_bytes("HPKE\x64\x7a" + std::string{"\0\1\0\3", 4}));
    }
    [[nodiscard]] auto hex(std::string_view name) const -> Bytes { return hex_of(ours_[name]); }
    [[nodiscard]] static auto hex_of(const Json& value) -> Bytes { return from_hex(value.text()).value(); }
    [[nodiscard]] static auto is(const SecretBytes& secret, const Bytes& expected) -> bool {
        return std::ranges::equal(secret.reveal(), expected);
    }
    Json ours_;
};

TEST_F(HpkeVectors, TheSeedGivesThePublicKey) {
    const XwingPrivateKey key{hex("skRm")};
    EXPECT_TRUE(std::ranges::equal(key.public_key().bytes(), hex("pkRm")));
}

TEST_F(HpkeVectors, TheRandomnessGivesTheEncapsulation) {
    const auto key = XwingPublicKey::parse(hex("pkRm"));
    ASSERT_TRUE(key.has_value());
    const auto sent = key.value().encapsulate(SecretBytes::copy_of(ByteView{hex("ikmE")}));
    EXPECT_EQ(sent.encapsulation, hex("enc"));
    EXPECT_TRUE(is(sent.shared, hex("shared_secret")));
}

TEST_F(HpkeVectors, TheEncapsulationGivesTheSharedSecret) {
    const auto shared = XwingPrivateKey{hex("skRm")}.decapsulate(hex("enc"));
    ASSERT_TRUE(shared.has_value());
    EXPECT_TRUE(is(shared.value(), hex("shared_secret")));
}

TEST_F(HpkeVectors, TheScheduleGivesKeyAndNonce) {
    const auto keys = hpke_key_schedule(hex("shared_secret"), hex("info"));
    EXPECT_TRUE(is(keys.key, hex("key")));
    EXPECT_TRUE(is(keys.base_nonce, hex("base_nonce")));
}

TEST_F(HpkeVectors, EveryMessageSealsAndOpens) {
    const auto keys = hpke_key_schedule(hex("shared_secret"), hex("info"));
    const auto& messages = *ours_["encryptions"].if_array();
    ASSERT_EQ(messages.size(), 10U);
    for (const auto& m : messages) {
        const auto sealed = chacha_seal(keys.key.reveal(), hex_of(m["nonce"]), hex_of(m["aad"]), hex_of(m["pt"]));
        EXPECT_EQ(sealed, hex_of(m["ct"]));
        const auto opened = chacha_open(keys.key.reveal(), hex_of(m["nonce"]), hex_of(m["aad"]), sealed);
        ASSERT_TRUE(opened.has_value());
        EXPECT_TRUE(is(opened.value(), hex_of(m["pt"])));
    }
}

TEST_F(HpkeVectors, TheFirstMessageOpensInOneCall) {
    const auto& first = ours_["encryptions"].if_array()->front();
    const XwingPrivateKey key{hex("skRm")};
    const auto opened = hpke_open(key, hex("enc"), hex("info"), hex_of(first["aad"]), hex_of(first["ct"]));
    ASSERT_TRUE(opened.has_value());
    EXPECT_TRUE(is(opened.value(), hex_of(first["pt"])));
}

}  // namespace
}  // namespace cg::crypto
