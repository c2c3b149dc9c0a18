#include "gateway/base/time.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace {

using namespace std::chrono_literals;
using cg::Instant;
using cg::parse_date;
using cg::parse_instant;

auto at(std::string_view text) -> Instant {
    const auto result = parse_instant(text);
    EXPECT_TRUE(result.has_value()) << text;
    return result.has_value() ? result.value() : Instant{};
}

TEST(Time, WritesMillisecondsOnlyWhereThereAreSome) {
    EXPECT_EQ(cg::to_rfc3339(Instant{}), "1970-01-01T00:00:00Z");
    EXPECT_EQ(cg::to_rfc3339(Instant{} + 7ms), "1970-01-01T00:00:00.007Z");
    EXPECT_EQ(cg::to_rfc3339(Instant{} - 1ms), "1969-12-31T23:59:59.999Z");
}

TEST(Time, ReadsEveryFormOfRfc3339) {
    // The examples of RFC 3339 section 5.8.
    EXPECT_EQ(cg::to_rfc3339(at("1985-04-12T23:20:50.52Z")), "1985-04-12T23:20:50.520Z");
    EXPECT_EQ(cg::to_rfc3339(at("1996-12-19T16:39:57-08:00")), "1996-12-20T00:39:57Z");
    EXPECT_EQ(cg::to_rfc3339(at("1937-01-01T12:00:27.87+00:20")), "1937-01-01T11:40:27.870Z");
    EXPECT_EQ(at("2027-03-01t10:00:00z"), at("2027-03-01 10:00:00-00:00"));
    EXPECT_EQ(at("2027-03-01T10:00:00.123456789Z"), at("2027-03-01T10:00:00.123Z"));
}

TEST(Time, TakesALeapSecondOnlyAtTheEndOfAUtcDay) {
    EXPECT_EQ(at("1990-12-31T23:59:60Z"), at("1991-01-01T00:00:00Z"));
    EXPECT_EQ(at("1990-12-31T15:59:60-08:00"), at("1991-01-01T00:00:00Z"));
    EXPECT_TRUE(parse_instant("1990-12-31T12:59:60Z").has_error());
    EXPECT_TRUE(parse_instant("1990-12-31T23:59:60-08:00").has_error());
    EXPECT_TRUE(parse_instant("1990-12-31T23:59:61Z").has_error());
}

TEST(Time, RefusesWhatIsNoMoment) {
    for (const auto* text :
         {"", "2027-03-01", "2027-03-01T10:00Z", "2027-03-01T10:00:00", "2027-03-01T10:00:00+1", "2027-03-01T10:00:00+0100",
          "2027-03-01T24:00:00Z", "2027-03-01T10:60:00Z", "2027-02-29T10:00:00Z", "2027-13-01T10:00:00Z", "2027-00-01T10:00:00Z",
          "2027-03-00T10:00:00Z", "2027-3-1T10:00:00Z", "2027-03-01T10:00:00.Z", "2027-03-01T10:00:00.1234567890Z",
          "2027-03-01T10:00:00Z ", " 2027-03-01T10:00:00Z", "2027-03-01T10:00:00ZZ", "2027-03-01T10:00:00+24:00",
          "2027-03-01T10:00:00+00:60", "+027-03-01T10:00:00Z", "2027-03-01X10:00:00Z", "20270301T100000Z", "2027/03/01T10:00:00Z",
          "9999-12-31T23:59:59-00:01", "0000-01-01T00:00:00+00:01", "9999-12-31T23:59:60Z"})
        EXPECT_TRUE(parse_instant(text).has_error()) << text;
}

TEST(Time, ReadsBackEveryInstantOfFourDigitYears) {
    EXPECT_TRUE(rc::check([] {
        const auto first = at("0000-01-01T00:00:00Z").time_since_epoch().count();
        const auto last = at("9999-12-31T23:59:59.999Z").time_since_epoch().count();
        const Instant instant{std::chrono::milliseconds{*rc::gen::inRange(first, last + 1)}};
        RC_ASSERT(at(cg::to_rfc3339(instant)) == instant);
    }));
}

TEST(Time, DatesAreDaysThatExist) {
    EXPECT_EQ(cg::to_iso_date(parse_date("2028-02-29").value()), "2028-02-29");
    EXPECT_TRUE(parse_date("2000-02-29").has_value());
    for (const auto* text : {"1900-02-29", "2027-02-29", "2027-04-31", "2027-4-1", "2027-04-01T", "27-04-01", "", "2027-04-0a"})
        EXPECT_TRUE(parse_date(text).has_error()) << text;
    EXPECT_EQ(cg::to_iso_date(cg::date_of(at("2027-03-01T00:30:00+01:00"))), "2027-02-28");
    EXPECT_EQ(cg::to_iso_date(cg::date_of(Instant{} - 1ms)), "1969-12-31");
}

}  // namespace
