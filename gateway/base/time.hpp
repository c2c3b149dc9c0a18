#pragma once
/// Moments and calendar dates. Nothing here reads a clock: time is always an argument.

#include "gateway/base/result.hpp"

#include <chrono>
#include <string>
#include <string_view>

namespace cg {

/// A moment, UTC, to the millisecond.
using Instant = std::chrono::sys_time<std::chrono::milliseconds>;
using Date = std::chrono::year_month_day;

/// RFC 3339, UTC, `Z`; milliseconds are written only when they are not zero.
[[nodiscard]] auto to_rfc3339(Instant at) -> std::string;
/// RFC 3339 with `Z` or a numeric offset. Errors: malformed.
[[nodiscard]] auto parse_instant(std::string_view text) -> Result<Instant>;

/// `YYYY-MM-DD`.
[[nodiscard]] auto to_iso_date(Date day) -> std::string;
/// `YYYY-MM-DD`, a day that exists. Errors: malformed.
[[nodiscard]] auto parse_date(std::string_view text) -> Result<Date>;
[[nodiscard]] auto date_of(Instant at) -> Date;

}  // namespace cg
