#include "crypto/hash.hpp"
#include "crypto/secret.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <concepts>
#include <ostream>
#include <set>
#include <thread>
#include <type_traits>

namespace {

using cg::Bytes;
using cg::crypto::Digest;
using cg::crypto::SecretBytes;

template <class T>
concept Printable = requires(std::ostream& out, const T& value) { out << value; };

static_assert(!std::is_copy_constructible_v<SecretBytes>);
static_assert(!std::is_copy_assignable_v<SecretBytes>);
static_assert(std::is_nothrow_move_constructible_v<SecretBytes>);
static_assert(std::is_nothrow_move_assignable_v<SecretBytes>);
static_assert(!std::equality_comparable<SecretBytes>, "comparing secrets takes equal_in_constant_time");
static_assert(!Printable<SecretBytes>, "a secret cannot be logged");
static_assert(!std::is_convertible_v<SecretBytes, std::string_view>);
static_assert(!std::is_convertible_v<std::string, SecretBytes>);

TEST(Secret, StartsAsZerosAndKeepsWhatIsPutIn) {
    SecretBytes secret(4096);
    EXPECT_TRUE(std::ranges::all_of(secret.reveal(), [](auto b) { return b == 0; }));
    std::ranges::fill(secret.fill(), std::uint8_t{0xa5});
    EXPECT_EQ(secret.reveal()[4095], 0xa5);
    EXPECT_TRUE(SecretBytes{}.empty());
    EXPECT_TRUE(SecretBytes(0).empty());
    EXPECT_EQ(SecretBytes::copy_of(std::string_view{"under the mat"}).reveal_text(), "under the mat");
}

TEST(Secret, MovesAndLeavesNothingBehind) {
    auto first = SecretBytes::copy_of(std::string_view{"first"});
    auto second = std::move(first);
    EXPECT_TRUE(first.empty());  // NOLINT(bugprone-use-after-move): that is the point
    EXPECT_EQ(second.reveal_text(), "first");
    auto third = SecretBytes::copy_of(std::string_view{"third"});
    third = std::move(second);
    EXPECT_EQ(third.reveal_text(), "first");
}

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define __SANITIZE_ADDRESS__ 1  // Clang's way of saying it
#endif
#endif
#if !defined(__SANITIZE_ADDRESS__)
TEST(Secret, IsWipedWhenItGoes) {
    // The pool hands out slots of one size again and keeps its memory mapped, so what was left there can be looked at.
    const std::uint8_t* place = nullptr;
    {
        SecretBytes secret(48);
        std::ranges::fill(secret.fill(), std::uint8_t{0xc3});
        place = secret.reveal().data();
        ASSERT_EQ(*static_cast<const volatile std::uint8_t*>(place), 0xc3);
    }
    std::size_t left = 0;
    for (std::size_t i = 0; i < 48; ++i) left += static_cast<const volatile std::uint8_t*>(place)[i] == 0xc3 ? 1U : 0U;
    EXPECT_EQ(left, 0U);
}
#endif

TEST(Secret, WipesOrdinaryMemory) {
    std::string text = "a passphrase that is longer than a small string";
    const auto* place = text.data();
    const auto size = text.size();
    cg::crypto::wipe(text);
    EXPECT_TRUE(text.empty());
    for (std::size_t i = 1; i < size; ++i) EXPECT_EQ(static_cast<const volatile char*>(place)[i], 0);
    Bytes bytes(100, 0x5a);
    const auto* start = bytes.data();
    cg::crypto::wipe(bytes);
    EXPECT_TRUE(bytes.empty());
    for (std::size_t i = 0; i < 100; ++i) EXPECT_EQ(static_cast<const volatile std::uint8_t*>(start)[i], 0);
    std::array<std::uint8_t, 8> array{1, 2, 3, 4, 5, 6, 7, 8};
    cg::crypto::wipe(array);
    EXPECT_EQ(array, (std::array<std::uint8_t, 8>{}));
}

TEST(Secret, ComparesInConstantTime) {
    EXPECT_TRUE(rc::check([](const Bytes& a, const Bytes& b) {
        RC_ASSERT(cg::crypto::equal_in_constant_time(a, b) == (a == b));
        RC_ASSERT(cg::crypto::equal_in_constant_time(a, Bytes{a}));
        if (a.empty()) return;
        auto other = a;
        other[*rc::gen::inRange<std::size_t>(0, a.size())] ^= 1U;
        RC_ASSERT_FALSE(cg::crypto::equal_in_constant_time(a, other));
    }));
}

TEST(Hash, GivesTheVectorsOfFips180AndRfc4231) {
    EXPECT_EQ(cg::to_hex(cg::crypto::sha256(std::string_view{"abc"})),
              "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_EQ(cg::to_hex(cg::crypto::sha256(std::string_view{""})),
              "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    EXPECT_EQ(cg::to_hex(cg::crypto::hmac_sha256(cg::view_bytes("Jefe"), cg::view_bytes("what do ya want for nothing?"))),
              "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    const Bytes long_key(131, 0xaa);
    EXPECT_EQ(cg::to_hex(cg::crypto::hmac_sha256(
                  long_key, cg::view_bytes("Test Using Larger Than Block-Size Key - Hash Key First"))),
              "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST(Hash, DoesNotCareHowTheInputIsCut) {
    EXPECT_TRUE(rc::check([](const Bytes& key, const Bytes& a, const Bytes& b) {
        Bytes both = a;
        both.insert(both.end(), b.begin(), b.end());
        cg::crypto::Sha256Stream stream;
        stream.update(a);
        stream.update(b);
        RC_ASSERT(stream.finish() == cg::crypto::sha256(cg::ByteView{both}));
        RC_ASSERT(stream.finish() == cg::crypto::sha256(cg::ByteView{}));  // finish started again
        RC_ASSERT(cg::crypto::hmac_sha256(key, {cg::ByteView{a}, cg::ByteView{b}}) ==
                  cg::crypto::hmac_sha256(key, cg::ByteView{both}));
    }));
}

TEST(Hash, WorksFromSeveralThreads) {
    std::vector<Digest> out(8);
    std::vector<std::jthread> threads;
    for (auto& digest : out)
        threads.emplace_back([&digest] {
            for (int i = 0; i < 2000; ++i) digest = cg::crypto::sha256(std::string_view{"abc"});
        });
    threads.clear();
    for (const auto& digest : out) EXPECT_EQ(digest, out.front());
}

TEST(Random, GivesFreshIdsOfTheRightForm) {
    std::set<std::string> seen;
    std::set<char> digits;
    for (int i = 0; i < 2000; ++i) {
        const auto id = cg::crypto::random_id("msg-");
        ASSERT_EQ(id.size(), 30U);
        ASSERT_TRUE(id.starts_with("msg-"));
        for (const char c : id.substr(4)) {
            ASSERT_TRUE((c >= 'a' && c <= 'z') || (c >= '2' && c <= '7'));
            digits.insert(c);
        }
        seen.insert(id);
    }
    EXPECT_EQ(seen.size(), 2000U);
    EXPECT_EQ(digits.size(), 32U) << "every digit comes up";
    EXPECT_NE(cg::crypto::random_bytes(32), cg::crypto::random_bytes(32));
    EXPECT_EQ(cg::crypto::random_secret(33).size(), 33U);
}

}  // namespace
