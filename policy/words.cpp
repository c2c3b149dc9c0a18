#include "policy/words.hpp"

#include "policy/uk_time.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>

namespace cg::policy {
namespace {

constexpr std::array<std::string_view, 4> unknown_words{"none", "none-known", "not-known", "not-applicable"};

auto is_space(char c) noexcept -> bool {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/// Bytes of a no-break, thin, zero-width or ideographic space, or of a typographic quote or dash, at the front; or 0.
auto wide_space(std::string_view text) -> std::size_t {
    if (text.starts_with("\xC2\xA0")) return 2;
    if (text.starts_with("\xEF\xBB\xBF") || text.starts_with("\xE3\x80\x80")) return 3;
    const bool general_punctuation = text.size() >= 3 && (text.starts_with("\xE2\x80") || text.starts_with("\xE2\x81"));
    return general_punctuation ? 3 : 0;
}

/// White space, and what Unicode has that looks like it or like nothing at all.
auto shows_nothing(std::string_view text) noexcept -> bool {
    constexpr std::array<std::string_view, 5> wide{"\xC2\xA0", "\xE2\x80\x8B", "\xE2\x81\xA0", "\xEF\xBB\xBF",
                                                   "\xE3\x80\x80"};
    if (!text.empty() && text.front() > ' ' && text.front() < 0x7F) return false;  // nearly every text
    while (!text.empty()) {
        const auto one = std::ranges::find_if(wide, [text](std::string_view w) { return text.starts_with(w); });
        if (!is_space(text.front()) && one == wide.end()) return false;
        text.remove_prefix(one == wide.end() ? 1 : one->size());
    }
    return true;
}

/// Takes `<digits><unit>` off the front.
struct Count {
    int value;
    char unit;
};
auto take_count(std::string_view& text) -> std::optional<Count> {
    Count out{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out.value);
    if (error != std::errc{} || end == text.data() + text.size() || out.value < 0 || out.value > 100'000)
        return std::nullopt;
    out.unit = *end;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()) + 1);
    return out;
}

auto apply_date_unit(Period& period, Count count) -> bool {
    switch (count.unit) {
        case 'Y': period.months += 12 * count.value; return true;
        case 'M': period.months += count.value; return true;
        case 'W': period.days += 7 * count.value; return true;
        case 'D': period.days += count.value; return true;
        default: return false;
    }
}
auto apply_time_unit(Period& period, Count count) -> bool {
    switch (count.unit) {
        case 'H': period.seconds += std::chrono::hours{count.value}; return true;
        case 'M': period.seconds += std::chrono::minutes{count.value}; return true;
        case 'S': period.seconds += std::chrono::seconds{count.value}; return true;
        default: return false;
    }
}

auto is_working_day(std::chrono::sys_days day, std::span<const Date> holidays) -> bool {
    const std::chrono::weekday weekday{day};
    return weekday != std::chrono::Saturday && weekday != std::chrono::Sunday &&
           !std::ranges::binary_search(holidays, Date{day});
}

auto add_months(Date day, int months) -> Date {
    const auto moved = day + std::chrono::months{months};
    return moved.ok() ? moved : Date{moved.year() / moved.month() / std::chrono::last};
}

}  // namespace

auto is_blank(const Json* value) noexcept -> bool {
    if (value == nullptr || value->is_null()) return true;
    const auto* text = value->if_string();
    return text != nullptr && shows_nothing(*text);
}

auto is_unknown_word(std::string_view text) noexcept -> bool {
    return std::ranges::find(unknown_words, text) != unknown_words.end();
}

auto useful_length(std::string_view text) noexcept -> std::size_t {
    std::size_t length = 0;
    bool gap = true;  // leading white space does not count
    for (const char c : text) {
        if (is_space(c)) {
            length += gap ? 0U : 1U;
            gap = true;
        } else {
            length += (static_cast<unsigned char>(c) & 0xC0U) != 0x80U ? 1U : 0U;  // one per character, not per byte
            gap = false;
        }
    }
    return gap && length > 0 ? length - 1 : length;
}

auto same_words_form(std::string_view text) -> std::string {
    std::string out;
    bool gap = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto c = static_cast<unsigned char>(text[i]);
        if (const auto space = wide_space(text.substr(i)); space > 0 || (c < 0x80U && std::isalnum(c) == 0)) {
            i += space > 0 ? space - 1 : 0;
            gap = true;
            continue;
        }
        if (gap && !out.empty()) out.push_back(' ');
        gap = false;
        // U+00C0 to U+00DE are the capitals of U+00E0 to U+00FE.
        const bool latin_capital =
            c >= 0x80U && c <= 0x9EU && c != 0x97U && i > 0 && static_cast<unsigned char>(text[i - 1]) == 0xC3U;
        out.push_back(static_cast<char>(latin_capital ? c + 0x20U
                                        : c < 0x80U   ? static_cast<unsigned>(std::tolower(c))
                                                      : c));
    }
    return out;
}

auto parse_period(std::string_view text) -> Result<Period> {
    constexpr std::string_view working = " working";
    const bool in_working_days = text.ends_with(working);
    if (in_working_days) text.remove_suffix(working.size());
    if (!text.starts_with('P') || text.size() < 3) return fail(Errc::malformed, "not a period");
    text.remove_prefix(1);
    Period period;
    bool in_time = false;
    while (!text.empty()) {
        if (!in_time && text.front() == 'T') {
            in_time = true;
            text.remove_prefix(1);
        }
        const auto count = take_count(text);
        if (!count || !(in_time ? apply_time_unit(period, *count) : apply_date_unit(period, *count)))
            return fail(Errc::malformed, "not a period");
    }
    if (in_working_days) {
        if (period.months != 0 || period.seconds.count() != 0 || period.days == 0)
            return fail(Errc::malformed, "only days can be working days");
        std::swap(period.working_days, period.days);
    }
    return period;
}

auto add(Instant from, const Period& period, std::span<const Date> holidays) -> Instant {
    // A day later is the same time on the clock, also when the clocks change; an hour later is an hour.
    if (period.months == 0 && period.days == 0 && period.working_days == 0) return from + period.seconds;
    const auto wall = uk_wall(from);
    auto day = std::chrono::floor<std::chrono::days>(wall);
    const auto time_of_day = wall - day;
    if (period.months != 0) day = add_months(Date{day}, period.months);
    day += std::chrono::days{period.days};
    for (int left = period.working_days; left > 0;) {
        day += std::chrono::days{1};
        if (is_working_day(day, holidays)) --left;
    }
    return from_uk_wall(day + time_of_day) + period.seconds;
}

auto subtract_months(Date from, int months) -> Date {
    return add_months(from, -months);
}

auto read_instant(const Json& value) -> std::optional<Instant> {
    if (!value.is_string()) return std::nullopt;
    auto at = parse_instant(value.text());
    return at ? std::optional{at.value()} : std::nullopt;
}

auto read_date(const Json& value) -> std::optional<Date> {
    if (!value.is_string()) return std::nullopt;
    if (auto day = parse_date(value.text())) return day.value();
    const auto at = read_instant(value);
    return at ? std::optional{uk_date(*at)} : std::nullopt;
}

}  // namespace cg::policy
