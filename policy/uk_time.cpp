#include "policy/uk_time.hpp"

namespace cg::policy {
namespace {

using namespace std::chrono_literals;

auto last_sunday(std::chrono::year year, std::chrono::month month) -> std::chrono::sys_days {
    return std::chrono::sys_days{year / month / std::chrono::Sunday[std::chrono::last]};
}

}  // namespace

auto uk_offset(Instant at) -> std::chrono::minutes {
    const auto year = date_of(at).year();
    const Instant spring = last_sunday(year, std::chrono::March) + 1h;
    const Instant autumn = last_sunday(year, std::chrono::October) + 1h;
    return at >= spring && at < autumn ? 60min : 0min;
}

auto uk_wall(Instant at) -> Instant {
    return at + uk_offset(at);
}
auto uk_date(Instant at) -> Date {
    return date_of(uk_wall(at));
}

auto from_uk_wall(Instant wall) -> Instant {
    // Summer time first: of the hour that comes twice it is the earlier, and in the hour that is skipped it is not in
    // force, which moves the time past the change.
    const auto summer = wall - 60min;
    return uk_offset(summer) == 60min ? summer : wall;
}

}  // namespace cg::policy
