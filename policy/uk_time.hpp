#pragma once
/// The clock on the wall in the United Kingdom: days and deadlines count by it, not by UTC.

#include "gateway/base/time.hpp"

#include <chrono>

namespace cg::policy {

/// How far the clocks are ahead of UTC: an hour from the last Sunday of March to the last Sunday of October, both at
/// 01:00 UTC (Summer Time Act 1972 as amended in 2002).
/// Threads   pure
[[nodiscard]] auto uk_offset(Instant at) -> std::chrono::minutes;
/// The day there.
[[nodiscard]] auto uk_date(Instant at) -> Date;
/// Wall-clock time as if it were UTC, and back. A time that the spring change skips is moved past it; of a time that
/// comes twice in autumn the earlier is meant.
[[nodiscard]] auto uk_wall(Instant at) -> Instant;
[[nodiscard]] auto from_uk_wall(Instant wall) -> Instant;

}  // namespace cg::policy
