#pragma once
/// Small vocabulary shared by the rules: blanks, the words for "unknown", and periods of time.

#include "gateway/base/json.hpp"
#include "gateway/base/result.hpp"
#include "gateway/base/time.hpp"

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace cg::policy {

/// Absent, null, or nothing but white space. A person who does not know writes `not-known`.
[[nodiscard]] auto is_blank(const Json* value) noexcept -> bool;
[[nodiscard]] inline auto is_blank(const Json& value) noexcept -> bool {
    return is_blank(&value);
}
/// One of `none`, `none-known`, `not-known`, `not-applicable`: an answer that is no value.
[[nodiscard]] auto is_unknown_word(std::string_view text) noexcept -> bool;
/// Letters of a text, for a minimum length (white space does not count twice).
[[nodiscard]] auto useful_length(std::string_view text) noexcept -> std::size_t;
/// Small letters, and one space for whatever stands between words: two texts that differ in nothing but capitals, spaces
/// and punctuation are the same words (FW-12).
[[nodiscard]] auto same_words_form(std::string_view text) -> std::string;

/// A length of time as ISO 8601 writes it, with the one addition ` working` after days: `P12M`, `PT24H`, `P1D working`.
struct Period {
    int months{0};
    int days{0};
    int working_days{0};
    std::chrono::seconds seconds{0};
};
[[nodiscard]] constexpr auto is_nothing(const Period& period) noexcept -> bool {
    return period.months == 0 && period.days == 0 && period.working_days == 0 && period.seconds == std::chrono::seconds{0};
}
/// Errors  malformed
[[nodiscard]] auto parse_period(std::string_view text) -> Result<Period>;
/// Days, working days (Monday to Friday but `holidays`, sorted) and months count by the clock on the wall, so the time
/// of day stays when the clocks change; hours are hours.
[[nodiscard]] auto add(Instant from, const Period& period, std::span<const Date> holidays) -> Instant;
[[nodiscard]] auto subtract_months(Date from, int months) -> Date;

/// A date, or the date of a moment. Empty where the text is neither.
[[nodiscard]] auto read_date(const Json& value) -> std::optional<Date>;
[[nodiscard]] auto read_instant(const Json& value) -> std::optional<Instant>;

}  // namespace cg::policy
