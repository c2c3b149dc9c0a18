#include "crypto/hpke.hpp"

#include "crypto/hash.hpp"
#include "crypto/hkdf.hpp"
#include "crypto/x25519.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace cg::crypto {
namespace {

const auto info = view_bytes("a test of HPKE");

auto equal(const SecretBytes& secret, std::string_view text) -> bool {
    return secret.reveal_text() == text;
}

TEST(Hkdf, FollowsTheFirstVectorOfRfc5869) {
    const Bytes key_material(22, 0x0b);
    const auto salt = from_hex("000102030405060708090a0b0c").value();
    const auto extracted = hkdf_extract(salt, key_material);
    EXPECT_EQ(to_hex(extracted.reveal()), "077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5");
    const auto expanded = hkdf_expand(extracted.reveal(), from_hex("f0f1f2f3f4f5f6f7f8f9").value(), 42);
    EXPECT_EQ(to_hex(expanded.reveal()),
              "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865");
}

TEST(Hkdf, FollowsTheVectorWithoutSaltOfRfc5869) {
    const Bytes key_material(22, 0x0b);
    EXPECT_EQ(to_hex(hkdf(key_material, {}, {}).reveal()),
              "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d");
}

TEST(X25519, FollowsTheVectorsOfRfc7748) {
    const X25519Key key{from_hex("a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4").value()};
    const auto shared = key.agree(from_hex("e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c").value());
    EXPECT_EQ(to_hex(shared.value().reveal()), "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552");
    Bytes nine(32);
    nine[0] = 9;
    EXPECT_EQ(to_hex(X25519Key{nine}.public_key()), "422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079");
}

TEST(X25519, BothSidesAgree) {
    const X25519Key a{random_secret(32).reveal()};
    const X25519Key b{random_secret(32).reveal()};
    EXPECT_TRUE(std::ranges::equal(a.agree(b.public_key()).value().reveal(), b.agree(a.public_key()).value().reveal()));
}

TEST(X25519, RefusesEveryPointOfLowOrder) {
    const X25519Key key{random_secret(32).reveal()};
    for (const auto* point : {"0000000000000000000000000000000000000000000000000000000000000000",
                              "0100000000000000000000000000000000000000000000000000000000000000",
                              "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
                              "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
                              "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                              "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                              "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"}) {
        EXPECT_FALSE(key.agree(from_hex(point).value()).has_value()) << point;
    }
    EXPECT_FALSE(key.agree(Bytes(31, 9)).has_value());
    EXPECT_FALSE(key.agree({}).has_value());
}

TEST(Xwing, RefusesAPublicKeyThatIsNotOne) {
    const XwingPrivateKey key{random_secret(32).reveal()};
    const Bytes good{key.public_key().bytes().begin(), key.public_key().bytes().end()};
    ASSERT_TRUE(XwingPublicKey::parse(good).has_value());
    EXPECT_FALSE(XwingPublicKey::parse(ByteView{good}.first(good.size() - 1)).has_value());
    EXPECT_FALSE(XwingPublicKey::parse({}).has_value());
    auto out_of_range = good;  // the first coefficient becomes 4095, over the modulus 3329
    out_of_range[0] = 0xff;
    out_of_range[1] |= 0x0f;
    EXPECT_FALSE(XwingPublicKey::parse(out_of_range).has_value());
    auto low_order = good;
    std::ranges::fill(std::span{low_order}.last(32), std::uint8_t{0});
    EXPECT_FALSE(XwingPublicKey::parse(low_order).has_value());
}

TEST(Xwing, AnAlteredEncapsulationGivesAnotherSecret) {
    const XwingPrivateKey key{random_secret(32).reveal()};
    auto sent = key.public_key().encapsulate(random_secret(xwing_randomness_bytes));
    EXPECT_TRUE(std::ranges::equal(key.decapsulate(sent.encapsulation).value().reveal(), sent.shared.reveal()));
    for (const std::size_t at : {0U, 500U, 1087U, 1088U, 1110U}) {
        auto altered = sent.encapsulation;
        altered[at] ^= 1U;
        const auto shared = key.decapsulate(altered);
        ASSERT_TRUE(shared.has_value());
        EXPECT_FALSE(std::ranges::equal(shared.value().reveal(), sent.shared.reveal())) << at;
    }
    EXPECT_FALSE(key.decapsulate(ByteView{sent.encapsulation}.first(1119)).has_value());
}

TEST(Hpke, OpensWhatItSealed) {
    const XwingPrivateKey key{random_secret(32).reveal()};
    for (const std::string_view text :
         {std::string_view{""}, std::string_view{"x"}, std::string_view{"sixteen bytes...more"}}) {
        const auto sealed = hpke_seal(key.public_key(), info, view_bytes("aad"), view_bytes(text));
        const auto opened = hpke_open(key, sealed.encapsulation, info, view_bytes("aad"), sealed.ciphertext);
        ASSERT_TRUE(opened.has_value());
        EXPECT_TRUE(equal(opened.value(), text));
    }
}

TEST(Hpke, EveryPartOfTheContextCounts) {
    const XwingPrivateKey key{random_secret(32).reveal()};
    const XwingPrivateKey other{random_secret(32).reveal()};
    const auto aad = view_bytes("aad");
    const auto sealed = hpke_seal(key.public_key(), info, aad, view_bytes("text"));
    auto altered = sealed.ciphertext;
    altered.back() ^= 1U;
    const auto& enc = sealed.encapsulation;
    for (const auto& opened :
         {hpke_open(other, enc, info, aad, sealed.ciphertext), hpke_open(key, enc, {}, aad, sealed.ciphertext),
          hpke_open(key, enc, info, {}, sealed.ciphertext), hpke_open(key, enc, info, aad, altered),
          hpke_open(key, enc, info, aad, {})}) {
        ASSERT_FALSE(opened.has_value());
        EXPECT_EQ(opened.error().code, Errc::unauthenticated);
    }
}

}  // namespace
}  // namespace cg::crypto
