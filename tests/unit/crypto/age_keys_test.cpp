#include "crypto/age.hpp"
#include "crypto/bech32.hpp"
#include "crypto/hash.hpp"

#include <gtest/gtest.h>

namespace cg::crypto {
namespace {

auto lower(std::string text) -> std::string {
    for (auto& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return text;
}

auto text_of(const AgeIdentity& identity) -> std::string {
    return to_text(identity.secret_text().reveal());
}

TEST(AgeKeys, TheTextFormsComeBack) {
    for (const auto kind : {AgeKind::mlkem768x25519, AgeKind::x25519}) {
        const auto identity = AgeIdentity::generate(kind);
        EXPECT_EQ(identity.kind(), kind);
        EXPECT_EQ(identity.recipient().kind(), kind);
        const auto again = AgeIdentity::parse(text_of(identity));
        ASSERT_TRUE(again.has_value());
        EXPECT_EQ(text_of(again.value()), text_of(identity));
        EXPECT_EQ(again.value().recipient().str(), identity.recipient().str());
        const auto recipient = AgeRecipient::parse(identity.recipient().str());
        ASSERT_TRUE(recipient.has_value());
        EXPECT_EQ(recipient.value().str(), identity.recipient().str());
        EXPECT_EQ(recipient.value().kind(), kind);
    }
    EXPECT_TRUE(AgeIdentity::generate(AgeKind::mlkem768x25519).recipient().str().starts_with("age1pq1"));
    EXPECT_TRUE(text_of(AgeIdentity::generate(AgeKind::mlkem768x25519)).starts_with("AGE-SECRET-KEY-PQ-1"));
}

TEST(AgeKeys, TheExampleOfTheSpecificationHasItsRecipient) {
    const auto identity =
        AgeIdentity::parse("AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX");
    ASSERT_TRUE(identity.has_value());
    EXPECT_EQ(identity.value().recipient().str(), "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj");
}

TEST(AgeKeys, CaseIsPartOfTheForm) {
    const auto identity = AgeIdentity::generate(AgeKind::x25519);
    EXPECT_FALSE(AgeIdentity::parse(lower(text_of(identity))).has_value());
    auto recipient = identity.recipient().str();
    for (auto& c : recipient) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    EXPECT_FALSE(AgeRecipient::parse(recipient).has_value());
}

TEST(AgeKeys, ARecipientIsNoIdentityAndTheOtherWayRound) {
    const auto identity = AgeIdentity::generate(AgeKind::mlkem768x25519);
    EXPECT_EQ(AgeRecipient::parse(text_of(identity)).error().code, Errc::malformed);
    EXPECT_EQ(AgeIdentity::parse(identity.recipient().str()).error().code, Errc::malformed);
}

TEST(AgeKeys, OtherKindsAreNamedUnsupported) {
    EXPECT_EQ(AgeRecipient::parse("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA").error().code, Errc::unsupported);
    EXPECT_EQ(AgeRecipient::parse(bech32_encode("age1tag", Bytes(33, 2))).error().code, Errc::unsupported);
    EXPECT_EQ(AgeRecipient::parse(bech32_encode("age1yubikey", Bytes(33, 2))).error().code, Errc::unsupported);
}

TEST(AgeKeys, WhatIsNoKeyIsRefused) {
    for (const auto& text :
         {std::string{}, std::string{"age1"}, std::string{"hello"}, bech32_encode("age", Bytes(31, 9)),
          bech32_encode("age", Bytes(32, 0)), bech32_encode("age1pq", Bytes(1216, 0xff)),
          bech32_encode("age1pq", Bytes(1215, 0)), bech32_encode("other", Bytes(32, 9))}) {
        const auto parsed = AgeRecipient::parse(text);
        ASSERT_FALSE(parsed.has_value()) << text;
        EXPECT_EQ(parsed.error().code, Errc::malformed) << text;
    }
    for (const auto size : {0U, 31U, 33U}) {
        auto text = bech32_encode("age-secret-key-pq-", Bytes(size, 1));
        for (auto& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
        EXPECT_EQ(AgeIdentity::parse(text).error().code, Errc::malformed);
    }
}

TEST(AgeKeys, AnErrorNeverHoldsTheKey) {
    auto text = text_of(AgeIdentity::generate(AgeKind::mlkem768x25519));
    text.back() = text.back() == 'Q' ? 'P' : 'Q';
    const auto parsed = AgeIdentity::parse(text);
    ASSERT_FALSE(parsed.has_value());
    EXPECT_EQ(parsed.error().detail.find(text.substr(20, 8)), std::string::npos);
}

}  // namespace
}  // namespace cg::crypto
