#include "gateway/base/time.hpp"

#include <charconv>
#include <cstdio>

namespace cg {
namespace {

using std::chrono::days;
using std::chrono::floor;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

/// Takes exactly `digits` decimal digits off the front of `text`.
auto take_number(std::string_view& text, std::size_t digits) -> Result<int> {
    if (text.size() < digits) return fail(Errc::malformed, "time ends early");
    for (std::size_t i = 0; i < digits; ++i)
        if (text[i] < '0' || text[i] > '9') return fail(Errc::malformed, "time has a character that is not a digit");
    int value = 0;
    std::from_chars(text.data(), text.data() + digits, value);
    text.remove_prefix(digits);
    return value;
}

auto take(std::string_view& text, char expected) -> Result<> {
    if (text.empty() || text.front() != expected) return fail(Errc::malformed, "time is not RFC 3339");
    text.remove_prefix(1);
    return ok();
}

auto take_date(std::string_view& text) -> Result<Date> {
    CG_TRY(const int year, take_number(text, 4));
    CG_TRY(take(text, '-'));
    CG_TRY(const int month, take_number(text, 2));
    CG_TRY(take(text, '-'));
    CG_TRY(const int day, take_number(text, 2));
    const Date date{std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(month)},
                    std::chrono::day{static_cast<unsigned>(day)}};
    if (!date.ok()) return fail(Errc::malformed, "no such day");
    return date;
}

auto take_milliseconds(std::string_view& text) -> Result<milliseconds> {
    if (text.empty() || text.front() != '.') return milliseconds{0};
    text.remove_prefix(1);
    int value = 0;
    int scale = 100;
    std::size_t digits = 0;
    while (!text.empty() && text.front() >= '0' && text.front() <= '9') {
        value += (text.front() - '0') * scale;
        scale /= 10;
        ++digits;
        text.remove_prefix(1);
    }
    if (digits == 0 || digits > 9) return fail(Errc::malformed, "time has a bad fraction of a second");
    return milliseconds{value};
}

auto take_offset(std::string_view& text) -> Result<minutes> {
    if (!text.empty() && (text.front() == 'Z' || text.front() == 'z')) {
        text.remove_prefix(1);
        return minutes{0};
    }
    if (text.empty() || (text.front() != '+' && text.front() != '-'))
        return fail(Errc::malformed, "time has no offset: end it with Z or +hh:mm");
    const int sign = text.front() == '-' ? -1 : 1;
    text.remove_prefix(1);
    CG_TRY(const int hour, take_number(text, 2));
    CG_TRY(take(text, ':'));
    CG_TRY(const int minute, take_number(text, 2));
    if (hour > 23 || minute > 59) return fail(Errc::malformed, "no such offset");
    return minutes{sign * (hour * 60 + minute)};
}

}  // namespace

auto to_rfc3339(Instant at) -> std::string {
    const auto day = floor<days>(at);
    const Date date{day};
    const std::chrono::hh_mm_ss<milliseconds> clock{at - day};
    char out[48];
    const int n = std::snprintf(out, sizeof out, "%04d-%02u-%02uT%02d:%02d:%02d", static_cast<int>(date.year()),
                                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                                static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                                static_cast<int>(clock.seconds().count()));
    std::string text(out, static_cast<std::size_t>(n));
    if (const auto ms = clock.subseconds().count(); ms != 0) {
        std::snprintf(out, sizeof out, ".%03d", static_cast<int>(ms));
        text += out;
    }
    return text + "Z";
}

auto parse_instant(std::string_view text) -> Result<Instant> {
    CG_TRY(const Date date, take_date(text));
    if (text.empty() || (text.front() != 'T' && text.front() != 't' && text.front() != ' '))
        return fail(Errc::malformed, "time has no T between date and clock");
    text.remove_prefix(1);
    CG_TRY(const int hour, take_number(text, 2));
    CG_TRY(take(text, ':'));
    CG_TRY(const int minute, take_number(text, 2));
    CG_TRY(take(text, ':'));
    CG_TRY(const int second, take_number(text, 2));
    CG_TRY(const auto fraction, take_milliseconds(text));
    CG_TRY(const auto offset, take_offset(text));
    if (!text.empty()) return fail(Errc::malformed, "time has something behind it");
    const auto at = std::chrono::sys_days{date} + hours{hour} + minutes{minute} - offset;
    // A leap second comes only at the end of a UTC day; without one on our clock it is the first second of the next.
    const bool leap = second == 60 && at - floor<days>(at) == hours{23} + minutes{59};
    if (hour > 23 || minute > 59 || (second > 59 && !leap)) return fail(Errc::malformed, "no such time of day");
    const Instant out = Instant{at} + seconds{second} + fraction;
    if (const int year = static_cast<int>(date_of(out).year()); year < 0 || year > 9999)
        return fail(Errc::malformed, "time is outside the years 0000 to 9999");
    return out;
}

auto to_iso_date(Date day) -> std::string {
    char out[32];
    const int n = std::snprintf(out, sizeof out, "%04d-%02u-%02u", static_cast<int>(day.year()),
                                static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()));
    return {out, static_cast<std::size_t>(n)};
}

auto parse_date(std::string_view text) -> Result<Date> {
    CG_TRY(const Date date, take_date(text));
    if (!text.empty()) return fail(Errc::malformed, "date has something behind it");
    return date;
}

auto date_of(Instant at) -> Date { return Date{floor<days>(at)}; }

}  // namespace cg
