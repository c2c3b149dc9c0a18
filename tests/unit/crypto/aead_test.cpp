#include "crypto/aead.hpp"

#include "crypto/hash.hpp"

#include <gtest/gtest.h>

namespace cg::crypto {
namespace {

auto hex(std::string_view text) -> Bytes { return from_hex(text).value(); }

TEST(Aead, OpensTheExampleOfRfc8439Section282) {
    const auto key = SecretBytes::copy_of(
        ByteView{hex("808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f")});
    const auto sealed = hex(
        "070000004041424344454647"
        "d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d63dbea45e8ca9671282fafb69da92728b"
        "1a71de0a9e060b2905d6a5b67ecd3b3692ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc"
        "3ff4def08e4b7a9de576d26586cec64b6116"
        "1ae10b594f09e26a7e902ecbd0600691");
    const auto opened = aead_open(key, sealed, hex("50515253c0c1c2c3c4c5c6c7"));
    ASSERT_TRUE(opened.has_value());
    EXPECT_EQ(opened.value().reveal_text(),
              "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen "
              "would be it.");
}

TEST(Aead, WhatWasSealedOpensAgain) {
    const auto key = random_secret(aead_key_bytes);
    for (const std::size_t size : {0U, 1U, 15U, 16U, 64U, 5000U}) {
        const auto plain = random_bytes(size);
        const auto sealed = aead_seal(key, plain, view_bytes("row 7"));
        EXPECT_EQ(sealed.size(), size + 28);
        const auto opened = aead_open(key, sealed, view_bytes("row 7"));
        ASSERT_TRUE(opened.has_value());
        EXPECT_TRUE(equal_in_constant_time(opened.value().reveal(), plain));
    }
}

TEST(Aead, EachFlippedBitIsNoticed) {
    const auto key = random_secret(aead_key_bytes);
    const auto sealed = aead_seal(key, view_bytes("personal"), {});
    for (std::size_t bit = 0; bit < sealed.size() * 8; ++bit) {
        auto altered = sealed;
        altered[bit / 8] = static_cast<std::uint8_t>(altered[bit / 8] ^ (1U << (bit % 8)));
        const auto opened = aead_open(key, altered, {});
        ASSERT_TRUE(opened.has_error()) << "bit " << bit;
        EXPECT_EQ(opened.error().code, Errc::unauthenticated);
    }
}

TEST(Aead, AnotherKeyOtherAssociatedDataAndEveryCutAreRefusedAlike) {
    const auto key = random_secret(aead_key_bytes);
    const auto sealed = aead_seal(key, view_bytes("personal"), view_bytes("row 7"));
    EXPECT_TRUE(aead_open(random_secret(aead_key_bytes), sealed, view_bytes("row 7")).has_error());
    EXPECT_TRUE(aead_open(key, sealed, view_bytes("row 8")).has_error());
    for (std::size_t cut = 0; cut < sealed.size(); ++cut) {
        const auto opened = aead_open(key, ByteView{sealed}.first(cut), view_bytes("row 7"));
        ASSERT_TRUE(opened.has_error()) << "cut at " << cut;
        EXPECT_EQ(opened.error().code, Errc::unauthenticated);
    }
}

TEST(Aead, EqualPlaintextsLookDifferentEachTime) {
    const auto key = random_secret(aead_key_bytes);
    EXPECT_NE(aead_seal(key, view_bytes("same"), {}), aead_seal(key, view_bytes("same"), {}));
}

}  // namespace
}  // namespace cg::crypto
