// Dates to days before or after day zero, ages to bands.
#include "policy/fold.hpp"
#include "policy/scrub_patterns.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <deque>
#include <optional>

namespace cg::policy {
namespace {

constexpr std::uint32_t date_rank = 900'000;

constexpr std::array<std::string_view, 12> months{"jan", "feb", "mar", "apr", "may", "jun",
                                                  "jul", "aug", "sep", "oct", "nov", "dec"};
constexpr std::array<std::string_view, 7> weekdays{"sun", "mon", "tue", "wed", "thu", "fri", "sat"};
constexpr std::array<std::string_view, 20> small_numbers{
    "zero", "one",    "two",    "three",    "four",     "five",    "six",     "seven",     "eight",    "nine",
    "ten",  "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"};
constexpr std::array<std::string_view, 19> ordinals{
    "first", "second",   "third",   "fourth",     "fifth",      "sixth",     "seventh",   "eighth",      "ninth",     "tenth",
    "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth"};

#define CG_MONTH "(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
#define CG_FULL_MONTH "(january|february|march|april|may|june|july|august|september|october|november|december)"
#define CG_DAY "([0-3]?[0-9])"
#define CG_YEAR "((?:19|20)[0-9]{2})"
#define CG_ORDINAL "((?:twenty|thirty)[\\s-]?(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)|first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|thirteenth|fourteenth|fifteenth|sixteenth|seventeenth|eighteenth|nineteenth|twentieth|thirtieth)"
// The longer words first: of alternatives the first that fits is taken, and "six" fits in "sixteen".
#define CG_ONE_WORD "thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
#define CG_YEAR_WORDS "(,?\\s+(?:in\\s+)?(?:nineteen|twenty|two\\s+thousand)(?:[\\s-]+(?:and|oh|o|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|" CG_ONE_WORD ")){1,3})?"
#define CG_NUMBER_WORD "(" CG_ONE_WORD ")"
#define CG_PART_OF_YEAR "(?:\\s*(?:1/2|1/4|3/4|and\\s+(?:a\\s+(?:half|quarter)|three\\s+quarters)))?"

enum class Kind : std::uint8_t {
    day_month_year, year_month_day, day_named_year, named_day_year, named_year, weekday, day_of_month, day_month, month,
    year, age, age_words, age_months, age_years_months, ordinal_named, named_ordinal, some_month,
};
struct Shape {
    Kind kind;
    const char* expression;
};
constexpr std::array shapes{
    Shape{Kind::day_month_year, CG_DAY "(\\s{0,2}[./\\-_\\\\]\\s{0,2}|\\s{1,2})([0-3]?[0-9])(?:\\s{0,2}[./\\-_\\\\]\\s{0,2}|\\s{1,2})((?:(?:19|20)[0-9]{2})|[0-9]{2})"},
    Shape{Kind::year_month_day, CG_YEAR "\\s{0,2}[./\\-_ ]\\s{0,2}([0-3]?[0-9])\\s{0,2}[./\\-_ ]\\s{0,2}([0-3]?[0-9])(?:t[0-9:.]+z?)?"},
    Shape{Kind::day_named_year, CG_DAY "\\s{0,2}(?:st|nd|rd|th)?[\\s,./-]{0,3}(?:(?:day\\s+)?of\\s+)?" CG_MONTH "(?:[\\s,./-]{0,4}(?:'\\s?)?((?:19|20)[0-9]{2}|[0-9]{2}))?"},
    Shape{Kind::named_day_year, CG_MONTH "[\\s,./-]{1,3}(?:the\\s+)?" CG_DAY "(?:\\s?(?:st|nd|rd|th))?(?:[\\s,./-]{1,4}(?:'\\s?)?((?:19|20)[0-9]{2}|[0-9]{2}))?"},
    Shape{Kind::named_year, CG_MONTH "[\\s,./-]{1,3}(?:of\\s+)?(?:'?((?:19|20)[0-9]{2})|'([0-9]{2}))"},
    Shape{Kind::ordinal_named, CG_ORDINAL "\\s+(?:day\\s+)?(?:of\\s+)?" CG_FULL_MONTH CG_YEAR_WORDS "(?:[\\s,]+" CG_YEAR ")?"},
    Shape{Kind::named_ordinal, CG_FULL_MONTH "\\s+(?:the\\s+)?" CG_ORDINAL CG_YEAR_WORDS "(?:[\\s,]+" CG_YEAR ")?"},
    Shape{Kind::weekday, "(?:(last|next|this|every|each|on)\\s+)?(monday|tuesday|wednesday|thursday|friday|saturday|sunday|tues|weds|thurs|thur)(s?)"},
    Shape{Kind::day_of_month, "(?:on|by|from|until|till|since|before|after|of|for)\\s+(?:the\\s+)?" CG_DAY "(?:st|nd|rd|th)"},
    Shape{Kind::day_month, CG_DAY "(?:\\s?[/.-]\\s?|\\s)([01]?[0-9])"},
    Shape{Kind::some_month, CG_DAY "[^0-9\\n]{1,24}(?:[0-9]{1,2}[^0-9\\n]{1,12})?" CG_YEAR},
    Shape{Kind::month, "(?:in|since|until|last|this|next|during|early|late|mid|by|from|of|before|after|end of|start of)[\\s-]+" CG_FULL_MONTH},
    Shape{Kind::year, CG_YEAR},
    Shape{Kind::age, "(?:aged?|age\\s+of|ages|turned|turning|turns|nearly|almost|just)\\s*[:=]?\\s*([0-9]{1,3})" CG_PART_OF_YEAR "(?:\\s*-?(?:years?|yrs?|y)(?:\\s*-?(?:old|o))?)?"},
    Shape{Kind::age, "([0-9]{1,3})" CG_PART_OF_YEAR "[\\s-]*(?:years?|yrs?|yr|y)(?:\\s?\\.)?[\\s/-]*(?:olds?|of\\s+age|o)"},
    Shape{Kind::age_words, "(?:aged?|age\\s+of|turned|turning|turns)\\s+" CG_NUMBER_WORD},
    Shape{Kind::age_words, CG_NUMBER_WORD CG_PART_OF_YEAR "[\\s-]+years?[\\s-]+(?:old|of\\s+age)"},
    // "for 2 years and 3 months" is no age.
    Shape{Kind::age_years_months, "(?:aged?|is|was|at|now|only|just|nearly|almost|turned)\\s+([0-9]{1,2}|" CG_ONE_WORD ")\\s*(?:years?|yrs?|y)[\\s,.]*(?:and\\s+|&\\s*)?(?:[0-9]{1,2}|" CG_ONE_WORD ")\\s*(?:months?|mths?|m)(?:[\\s-]*old)?"},
    Shape{Kind::age_years_months, "([0-9]{1,2}|" CG_ONE_WORD ")\\s*(?:years?|yrs?|y)[\\s,.]*(?:and\\s+|&\\s*)?(?:[0-9]{1,2}|" CG_ONE_WORD ")\\s*(?:months?|mths?|m)[\\s-]*old"},
    Shape{Kind::age_months, "([0-9]{1,2})[\\s-]*(?:months?|mths?|weeks?|wks?|days?)[\\s-]*old"},
};

class Dates {
public:
    Dates(const FoldedText& text, const DateContext& context, TokenStore& tokens, std::vector<ScrubSpan>& spans)
        : text_(text), in_(context), tokens_(tokens), spans_(spans), zero_(std::chrono::sys_days{context.day_zero}) {}

    void run() {
        static const auto expressions = [] {
            std::deque<RE2> out;
            RE2::Options options;
            options.set_log_errors(false);
            options.set_max_mem(16 << 20);
            for (const auto& shape : shapes) {
                out.emplace_back(shape.expression, options);
                CG_ENSURE(out.back().ok());
            }
            return out;
        }();
        const re2::StringPiece whole{text_.text.data(), text_.text.size()};
        for (std::size_t n = 0; n < shapes.size(); ++n) {
            re2::StringPiece groups[6];
            const int wanted = 1 + expressions[n].NumberOfCapturingGroups();
            for (std::size_t at = 0; at < text_.size() && expressions[n].Match(whole, at, whole.size(), RE2::UNANCHORED, groups, wanted);) {
                const auto begin = static_cast<std::size_t>(groups[0].data() - whole.data());
                const auto end = begin + groups[0].size();
                std::array<std::string_view, 5> parts{};
                for (int i = 1; i < wanted; ++i)
                    parts[static_cast<std::size_t>(i - 1)] = {groups[i].data(), static_cast<std::size_t>(groups[i].size())};
                const bool good = whole_words(begin, end) && take(shapes[n].kind, parts, begin, end);
                at = good ? end : begin + 1;
            }
        }
    }

private:
    using Parts = std::array<std::string_view, 5>;

    [[nodiscard]] auto whole_words(std::size_t begin, std::size_t end) const -> bool {
        const auto inside = [this](std::size_t a, std::size_t b) {
            return text_.is_word(a) && text_.is_word(b) && text_.is(a, fold_letter) == text_.is(b, fold_letter);
        };
        return (begin == 0 || !inside(begin - 1, begin)) && (end >= text_.size() || !inside(end - 1, end));
    }

    auto take(Kind kind, const Parts& p, std::size_t begin, std::size_t end) -> bool {
        switch (kind) {
            case Kind::day_month_year: return day_month_year(p, begin, end);
            case Kind::year_month_day: return put_day(day_of(p[2], month_number(p[1]), p[0]), begin, end) || put_day(day_of(p[1], month_number(p[2]), p[0]), begin, end);
            case Kind::day_named_year: return named_day(number(p[0]), p[1], p[2], begin, end);
            case Kind::named_day_year: return named_day(number(p[1]), p[0], p[2], begin, end);
            case Kind::ordinal_named: return ordinal_day(ordinal(p[0]), p[1], p, begin, end);
            case Kind::named_ordinal: return ordinal_day(ordinal(p[1]), p[0], p, begin, end);
            case Kind::named_year: return put_month(month_of(p[0]), year_of(p[1].empty() ? p[2] : p[1]), begin, end);
            case Kind::some_month: return born_in(number(p[0]), number(p[1]), begin, end);
            case Kind::weekday: return weekday(p, begin, end);
            case Kind::day_of_month: return day_of_month(number(p[0]), begin, end);
            case Kind::day_month: return birthday(p, begin, end);
            case Kind::month: return month_alone(p[0], begin, end);
            case Kind::year: return put_year(number(p[0]), begin, end);
            case Kind::age: return put_age(number(p[0]), begin, end);
            case Kind::age_words: return put_age(small_number(p[0]), begin, end);
            case Kind::age_years_months: {
                const int years = number(p[0]);
                return put_age(years < 0 ? small_number(p[0]) : years, begin + text_.text.substr(begin, end - begin).find(p[0]), end);
            }
            case Kind::age_months: return put_age(number(p[0]) >= 24 && text_.text.substr(begin, end - begin).find('m') != std::string::npos ? number(p[0]) / 12 : number(p[0]) >= 12 && text_.text.substr(begin, end - begin).find('m') != std::string::npos ? 1 : 0, begin, end);
        }
        return false;
    }

    static auto number(std::string_view text) -> int {
        int out = -1;
        std::from_chars(text.data(), text.data() + text.size(), out);
        return out;
    }
    static auto small_number(std::string_view word) -> int {
        return static_cast<int>(std::ranges::find(small_numbers, word) - small_numbers.begin());
    }
    /// "twenty nineteen", "two thousand and four", "nineteen ninety-four"; 0 where it is none.
    static auto year_in_words(std::string_view text) -> int {
        static constexpr std::array<std::string_view, 10> tens{"", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"};
        int century = 0, rest = 0;
        while (!text.empty()) {
            const auto size = std::min(text.find_first_of(" ,-\n"), text.size());
            const auto word = text.substr(0, size);
            text.remove_prefix(std::min(size + 1, text.size()));
            const auto ten = static_cast<int>(std::ranges::find(tens, word) - tens.begin());
            const int small = small_number(word);
            if (word.empty() || word == "in" || word == "and" || word == "thousand" || word == "oh" || word == "o") continue;
            if (century == 0)
                century = word == "nineteen" ? 1900 : 2000;
            else
                rest += small < static_cast<int>(small_numbers.size()) ? small : ten < static_cast<int>(tens.size()) ? 10 * ten : 0;
        }
        return century == 0 || rest > 99 ? 0 : century + rest;
    }
    static auto month_of(std::string_view name) -> int {
        const auto it = std::ranges::find(months, name.substr(0, 3));
        return it == months.end() ? 0 : static_cast<int>(it - months.begin()) + 1;
    }
    static auto month_number(std::string_view text) -> int { return number(text); }
    static auto ordinal(std::string_view text) -> int {
        const bool tens = text.starts_with("twent") || text.starts_with("thirt");
        if (tens && text != "thirteenth") {
            const int ten = text.starts_with("twent") ? 20 : 30;
            if (text == "twentieth" || text == "thirtieth") return ten;
            const auto it = std::ranges::find_if(ordinals, [text](std::string_view o) { return text.ends_with(o); });
            return it == ordinals.end() ? 0 : ten + static_cast<int>(it - ordinals.begin()) + 1;
        }
        return static_cast<int>(std::ranges::find(ordinals, text) - ordinals.begin()) + 1;
    }
    [[nodiscard]] auto year_of(std::string_view text) const -> int {
        const int year = number(text);
        if (text.size() != 2) return year;
        const int now = static_cast<int>(in_.day_zero.year()) % 100;
        return year > now + 1 ? 1900 + year : 2000 + year;
    }
    static auto date(int day, int month, int year) -> std::optional<Date> {
        if (day < 1 || month < 1 || month > 12 || year < 0) return std::nullopt;
        const Date out{std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(month)}, std::chrono::day{static_cast<unsigned>(day)}};
        return out.ok() ? std::optional{out} : std::nullopt;
    }
    [[nodiscard]] auto day_of(std::string_view day, int month, std::string_view year) const -> std::optional<Date> {
        return date(number(day), month, year_of(year));
    }

    void put(std::string token, std::string_view kind, std::size_t begin, std::size_t end) {
        spans_.push_back({text_.origin[begin], text_.origin[end], date_rank, kind, tokens_.keep(std::move(token))});
    }
    static auto away(std::int64_t n, std::string_view unit, bool earlier) -> std::string {
        return "[" + std::to_string(n) + " " + std::string{unit} + (n == 1 ? "" : "S") + (earlier ? " EARLIER]" : " LATER]");
    }
    auto put_day(const std::optional<Date>& day, std::size_t begin, std::size_t end) -> bool {
        if (!day) return false;
        for (const auto& birth : in_.births)
            if (birth.day == *day) return put(birth.token, "gazetteer:date-of-birth", begin, end), true;
        const auto days = (std::chrono::sys_days{*day} - zero_).count();
        // A day long ago is as good as a date of birth: years will do.
        if (std::abs(days) > 730) return put_year(static_cast<int>(day->year()), begin, end);
        put(days == 0 ? "[DAY 0]" : away(std::abs(days), "DAY", days < 0), "pattern:date", begin, end);
        return true;
    }
    /// Day first, as people here write; the other way round where only that is a day.
    auto day_month_year(const Parts& p, std::size_t begin, std::size_t end) -> bool {
        // Three short numbers with spaces between are as likely a code: a year of four digits says it is a date.
        const bool spaced = p[1].find_first_not_of(" \n") == std::string_view::npos;
        const auto usual = day_of(p[0], number(p[2]), p[3]), other = day_of(p[2], number(p[0]), p[3]);
        if (spaced && p[3].size() != 4 && !(usual && is_birth(*usual)) && !(other && is_birth(*other))) return false;
        for (const auto& birth : in_.births)
            if (other && birth.day == *other && !(usual && is_birth(*usual))) return put_day(other, begin, end);
        if (usual || other) return put_day(usual ? usual : other, begin, end);
        put("[A DAY]", "pattern:date", begin, end);  // a day that does not exist was meant to be one
        return true;
    }
    [[nodiscard]] auto is_birth(Date day) const -> bool {
        return std::ranges::any_of(in_.births, [day](const auto& birth) { return birth.day == day; });
    }
    static auto is_verb(std::string_view name) -> bool { return name == "may" || name == "march" || name == "mar"; }
    /// "may" and "march" in small letters are mostly verbs: "parents first may", "they march 3 times".
    [[nodiscard]] auto is_surely_a_month(std::string_view name, std::size_t begin, std::size_t end) const -> bool {
        const auto whole = std::string_view{text_.text}.substr(begin, end - begin);
        if (!is_verb(name) || text_.is(begin + whole.find(name), fold_upper) || whole.find(" of ") != std::string_view::npos) return true;
        for (auto i = begin; i + 1 < end; ++i)  // "3rd may"
            if (text_.is(i, fold_digit) && text_.is(i + 1, fold_letter)) return true;
        return false;
    }
    auto named_day(int day, std::string_view name, std::string_view year, std::size_t begin, std::size_t end) -> bool {
        const int month = month_of(name);
        if (!year.empty()) {
            // "26 February 20 people": not a year, but masking it as one loses little.
            if (const auto whole = date(day, month, year_of(year))) return put_day(whole, begin, end);
        }
        if (!is_surely_a_month(name, begin, end)) return false;
        return put_day_of_year(day, month, begin, end);
    }
    auto ordinal_day(int day, std::string_view name, const Parts& p, std::size_t begin, std::size_t end) -> bool {
        const int in_words = year_in_words(p[2]), year = p[3].empty() ? in_words : number(p[3]);
        if (year > 0)
            if (const auto whole = date(day, month_of(name), year)) return put_day(whole, begin, end);
        if (!is_surely_a_month(name, begin, end)) return false;
        return put_day_of_year(day, month_of(name), begin, end);
    }
    /// Whoever counts the days finds the birthday: no count for that.
    auto put_day_of_year(int day, int month, std::size_t begin, std::size_t end) -> bool {
        for (const auto& birth : in_.births)
            if (static_cast<int>(static_cast<unsigned>(birth.day.day())) == day && static_cast<int>(static_cast<unsigned>(birth.day.month())) == month)
                return put("[BIRTHDAY]", "gazetteer:date-of-birth", begin, end), true;
        return put_day(nearest(day, month), begin, end);
    }
    /// "14 maja 2019" and "14-v-2019", but not "term 1, 2024" or "1 in 2024".
    [[nodiscard]] auto may_hold_a_month(std::string_view text) const -> bool {
        std::size_t numbers = 0;
        for (std::size_t i = 0; i < text.size();) {
            const bool digit = text[i] >= '0' && text[i] <= '9';
            const auto end = std::min(digit ? text.find_first_not_of("0123456789", i) : text.find_first_of(" ,./-0123456789", i), text.size());
            const auto word = text.substr(i, std::max<std::size_t>(end - i, 1));
            numbers += digit ? 1U : 0U;
            i += word.size();
            const bool roman = word.find_first_not_of("ivx") == std::string_view::npos;
            if (!digit && (roman || (word.size() >= 3 && !in_.rules.everyday.contains(word)))) return true;
        }
        return numbers > 2;
    }
    /// A day, a year, and something between that may be a month in any language: only where somebody was born then.
    auto born_in(int day, int year, std::size_t begin, std::size_t end) -> bool {
        if (!may_hold_a_month(std::string_view{text_.text}.substr(begin, end - begin))) return false;
        for (const auto& birth : in_.births)
            if (static_cast<int>(static_cast<unsigned>(birth.day.day())) == day && static_cast<int>(birth.day.year()) == year)
                return put(birth.token, "gazetteer:date-of-birth", begin, end), true;
        return false;
    }
    /// Without a year: the last such day, or the next one where that is near.
    [[nodiscard]] auto nearest(int day, int month) const -> std::optional<Date> {
        std::optional<Date> best;
        for (int year = static_cast<int>(in_.day_zero.year()) - 1; year <= static_cast<int>(in_.day_zero.year()) + 1; ++year) {
            const auto on = date(day, month, year);
            if (!on) continue;
            const auto days = (std::chrono::sys_days{*on} - zero_).count();
            if (days <= 60) best = on;
        }
        return best ? best : date(day, month, 2024);  // 29 February
    }
    auto put_month(int month, int year, std::size_t begin, std::size_t end) -> bool {
        if (month == 0) return false;
        const int n = (year - static_cast<int>(in_.day_zero.year())) * 12 + month - static_cast<int>(static_cast<unsigned>(in_.day_zero.month()));
        if (std::abs(n) > 24) return put_year(year, begin, end);
        put(n == 0 ? "[THAT MONTH]" : away(std::abs(n), "MONTH", n < 0), "pattern:date", begin, end);
        return true;
    }
    auto put_year(int year, std::size_t begin, std::size_t end) -> bool {
        if (year < 1900 || year > 2100) return false;
        const int n = year - static_cast<int>(in_.day_zero.year());
        put(n == 0 ? "[THAT YEAR]" : away(std::abs(n), "YEAR", n < 0), "pattern:date", begin, end);
        return true;
    }
    auto month_alone(std::string_view name, std::size_t begin, std::size_t end) -> bool {
        const auto from = begin + text_.text.substr(begin, end - begin).rfind(name);
        const int month = month_of(name);
        if (is_verb(name) && !text_.is(from, fold_upper)) return false;
        int year = static_cast<int>(in_.day_zero.year());
        if (month > static_cast<int>(static_cast<unsigned>(in_.day_zero.month())) + 2) --year;
        return put_month(month, year, from, end);
    }
    auto weekday(const Parts& p, std::size_t begin, std::size_t end) -> bool {
        const auto it = std::ranges::find(weekdays, p[1].substr(0, 3));
        const auto from = p[0] == "on" ? text_.text.find(p[1], begin) : begin;
        if (!p[2].empty() || p[0] == "every" || p[0] == "each") return put("[A WEEKDAY]", "pattern:date", from, end), true;
        const auto wanted = static_cast<int>(it - weekdays.begin());
        const auto now = static_cast<int>(std::chrono::weekday{zero_}.c_encoding());
        int back = (now - wanted + 7) % 7;
        if (p[0] == "next") {
            const int ahead = back == 0 ? 7 : 7 - back;
            return put(away(ahead, "DAY", false), "pattern:date", from, end), true;
        }
        if (p[0] == "last" && back == 0) back = 7;
        put(back == 0 ? "[DAY 0]" : away(back, "DAY", true), "pattern:date", from, end);
        return true;
    }
    auto day_of_month(int day, std::size_t begin, std::size_t end) -> bool {
        auto month = std::chrono::year_month{in_.day_zero.year(), in_.day_zero.month()};
        const auto from = text_.text.find_first_of("0123456789", begin);
        for (int back = 0; back < 4; ++back, month -= std::chrono::months{1}) {
            const auto on = date(day, static_cast<int>(static_cast<unsigned>(month.month())), static_cast<int>(month.year()));
            if (on && std::chrono::sys_days{*on} <= zero_) return put_day(on, from, end);
        }
        return false;
    }
    /// Day and month without a year: only where somebody was born on it, since "4/5" may be anything.
    auto birthday(const Parts& p, std::size_t begin, std::size_t end) -> bool {
        for (const auto& birth : in_.births) {
            const auto d = static_cast<int>(static_cast<unsigned>(birth.day.day())), m = static_cast<int>(static_cast<unsigned>(birth.day.month()));
            if ((number(p[0]) == d && number(p[1]) == m) || (number(p[0]) == m && number(p[1]) == d && d > 12))
                return put("[BIRTHDAY]", "gazetteer:date-of-birth", begin, end), true;
        }
        return false;
    }
    auto put_age(int years, std::size_t begin, std::size_t end) -> bool {
        if (years < 0 || years > 120) return false;
        put(in_.rules.age_token(years), "pattern:age", begin, end);
        return true;
    }

    const FoldedText& text_;
    const DateContext& in_;
    TokenStore& tokens_;
    std::vector<ScrubSpan>& spans_;
    std::chrono::sys_days zero_;
};

}  // namespace

void find_dates(const FoldedText& text, const DateContext& context, TokenStore& tokens, std::vector<ScrubSpan>& spans) {
    Dates{text, context, tokens, spans}.run();
}

}  // namespace cg::policy
