#include "crypto/bech32.hpp"

#include "crypto/hash.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>

namespace cg::crypto {
namespace {

auto upper(std::string text) -> std::string {
    for (auto& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    return text;
}

TEST(Bech32, TakesTheValidTextsOfBip173) {
    for (const auto* text :
         {"A12UEL5L", "a12uel5l",
          "an83characterlonghumanreadablepartthatcontainsthenumber1andtheexcludedcharactersbio1tt5tgs",
          "abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw", "?1ezyfcl"}) {
        EXPECT_TRUE(bech32_decode(text).has_value()) << text;
    }
}

TEST(Bech32, RefusesTheInvalidTextsOfBip173) {
    for (const auto* text : {"\x20"
                             "1nwldj5",
                             "\x7f"
                             "1axkwrx",
                             "\x80"
                             "1eym55h",
                             "pzry9x0s0muk", "1pzry9x0s0muk", "x1b4n0q5v", "li1dgmt3", "de1lg7wt\xff", "A1G7SGD8",
                             "10a06t8", "1qzzfhee", "A12UEL5l", "", "1"}) {
        const auto decoded = bech32_decode(text);
        ASSERT_FALSE(decoded.has_value()) << text;
        EXPECT_EQ(decoded.error().code, Errc::malformed);
    }
}

TEST(Bech32, RefusesBitsLeftOver) {
    EXPECT_EQ(bech32_encode("age", Bytes{0xff}), "age1luyvfgxs");
    EXPECT_TRUE(bech32_decode("age1luyvfgxs").has_value());
    // right checksums, but not the one way to write the byte: spare bits not zero, a digit too many, a digit without a
    // byte
    EXPECT_FALSE(bech32_decode("age1lae6aamz").has_value());
    EXPECT_FALSE(bech32_decode("age1luqrr2q7m").has_value());
    EXPECT_FALSE(bech32_decode("age1qdd35qf").has_value());
}

TEST(Bech32, EveryLengthComesBack) {
    EXPECT_TRUE(rc::check([](const Bytes& data) {
        const auto text = bech32_encode("age1pq", data);
        const auto lower = bech32_decode(text);
        const auto upper_case = bech32_decode(upper(text));
        RC_ASSERT(lower.has_value());
        RC_ASSERT(upper_case.has_value());
        RC_ASSERT(std::ranges::equal(lower.value().data.reveal(), data));
        RC_ASSERT(std::ranges::equal(upper_case.value().data.reveal(), data));
        RC_ASSERT(lower.value().prefix == "age1pq");
        RC_ASSERT(upper_case.value().prefix == "AGE1PQ");
    }));
}

TEST(Bech32, EveryOtherCharacterIsNoticed) {
    const auto text = bech32_encode("age", random_bytes(32));
    for (std::size_t at = 0; at < text.size(); ++at) {
        for (const char c : std::string_view{"qpzry9x8gf2tvdw0s3jn54khce6mua7lb1io!"}) {
            if (c == text[at]) continue;
            auto altered = text;
            altered[at] = c;
            const auto decoded = bech32_decode(altered);
            EXPECT_FALSE(decoded.has_value()) << at;
        }
    }
}

TEST(Bech32, WhatIsAcceptedIsWrittenBackTheSame) {
    EXPECT_TRUE(rc::check([](const Bytes& data, std::uint8_t cut) {
        auto text = bech32_encode("age", data);
        text.resize(text.size() - std::min<std::size_t>(cut % 8, text.size()));
        const auto decoded = bech32_decode(text);
        RC_ASSERT((!decoded || bech32_encode(decoded.value().prefix, decoded.value().data.reveal()) == text));
    }));
}

}  // namespace
}  // namespace cg::crypto
