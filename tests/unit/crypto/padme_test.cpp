#include "crypto/padme.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <bit>
#include <limits>

namespace cg::crypto {
namespace {

TEST(Padme, FollowsThePaper) {
    // E = floor(log2 L), S = floor(log2 E) + 1: the last E - S bits become zero, upwards
    EXPECT_EQ(padme_length(9, 0), 10U);
    EXPECT_EQ(padme_length(100, 0), 104U);
    EXPECT_EQ(padme_length(1000, 0), 1024U);
    EXPECT_EQ(padme_length(5000, 0), 5120U);
    EXPECT_EQ(padme_length(6145, 0), 6400U);
    EXPECT_EQ(padme_length(1'000'000, 0), 1'015'808U);
}

TEST(Padme, ShortLengthsBecomeTheFloor) {
    EXPECT_EQ(padme_length(0), 4096U);
    EXPECT_EQ(padme_length(4096), 4096U);
    EXPECT_EQ(padme_length(4097), 4352U);
    EXPECT_EQ(padme_length(0, 0), 0U);
    EXPECT_EQ(padme_length(1, 0), 1U);
}

TEST(Padme, NeverShrinksNeverGoesDownAndAddsAtMostTwelvePercent) {
    EXPECT_TRUE(rc::check([] {
        const auto length = *rc::gen::inRange<std::size_t>(1, 1U << 30U);
        const auto padded = padme_length(length, 0);
        RC_ASSERT(padded >= length);
        RC_ASSERT(static_cast<double>(padded - length) <= 0.12 * static_cast<double>(length));
        RC_ASSERT(padme_length(length + 1, 0) >= padded);
        RC_ASSERT(padme_length(padded, 0) == padded);
    }));
}

TEST(Padme, TellsFewLengthsApart) {
    std::size_t different = 0;
    for (std::size_t length = 1 << 16, last = 0; length < 1 << 17; ++length) {
        const auto padded = padme_length(length);
        if (padded != last) ++different;
        last = padded;
    }
    EXPECT_LE(different, 33U);
}

TEST(Padme, TheGreatestLengthDoesNotOverflow) {
    constexpr auto most = std::numeric_limits<std::size_t>::max();
    EXPECT_EQ(padme_length(most), most);
}

}  // namespace
}  // namespace cg::crypto
