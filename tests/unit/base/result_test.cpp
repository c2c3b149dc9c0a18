#include "gateway/base/result.hpp"

#include <gtest/gtest.h>

#include <set>

namespace {

using cg::Errc;
using cg::Result;

auto half(int n) -> Result<int> {
    if (n % 2 != 0) return cg::fail(Errc::malformed, "odd");
    return n / 2;
}

auto quarter(int n) -> Result<int> {
    CG_TRY(const int h, half(n));
    return half(h);
}

auto check_twice(int n) -> Result<> {
    CG_TRY(half(n));
    CG_TRY(half(n + 2));
    return cg::ok();
}

TEST(ResultValue, TryHandsOnValuesAndErrors) {
    EXPECT_EQ(quarter(8).value(), 2);
    EXPECT_EQ(quarter(6).error().detail, "odd");
    EXPECT_TRUE(check_twice(2).has_value());
    EXPECT_EQ(check_twice(1).error().code, Errc::malformed);
}

TEST(ResultValue, CarriesAllProblemsAtOnce) {
    const Result<int> result = cg::fail(Errc::denied, "two things", {{"a/one", "/x", "mend x", "R-1"}, {"a/two", "/y", "mend y", ""}});
    ASSERT_EQ(result.error().problems.size(), 2U);
    EXPECT_EQ(result.error().problems[1], (cg::Problem{"a/two", "/y", "mend y", ""}));
    const Result<> handed_on = cg::fail(result.error());
    EXPECT_EQ(handed_on.error().problems.size(), 2U);
}

TEST(ResultValue, EveryCodeHasItsOwnNameAndNumber) {
    // The numbers appear in records: this table may grow and never change.
    const std::pair<Errc, int> codes[]{{Errc::malformed, 1}, {Errc::truncated, 2}, {Errc::too_large, 3}, {Errc::unauthenticated, 4},
        {Errc::denied, 5}, {Errc::conflict, 6}, {Errc::not_found, 7}, {Errc::timed_out, 8}, {Errc::cancelled, 9},
        {Errc::unavailable, 10}, {Errc::corrupt, 11}, {Errc::unsupported, 12}};
    std::set<std::string_view> names;
    for (const auto& [code, number] : codes) {
        EXPECT_EQ(static_cast<int>(code), number);
        EXPECT_NE(cg::to_string(code), "unknown");
        names.insert(cg::to_string(code));
    }
    EXPECT_EQ(names.size(), std::size(codes));
    EXPECT_EQ(cg::to_string(Errc{200}), "unknown");
}

TEST(ResultDeathTest, TakingTheValueOfAnErrorEndsTheProcess) { EXPECT_DEATH((void)half(1).value(), ""); }

TEST(ResultDeathTest, ABrokenInvariantSaysWhereAndEndsTheProcess) {
    EXPECT_DEATH(CG_ENSURE(1 + 1 == 3), "internal error: 1 \\+ 1 == 3 .*result_test.cpp");
}

}  // namespace
