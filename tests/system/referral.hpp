#pragma once
/// The example referral, dated so that it is permitted today.

#include "tests/system/examples.hpp"

namespace cg::test {

inline auto today() -> std::string { return day_from_today(0); }
inline auto minutes_ago(int minutes) -> std::string { return moment_ago(std::chrono::minutes{minutes}); }

/// To the council alone.
inline auto referral() -> Json {
    auto out = dated(example("child-protection-referral"));
    out.set("recipients", Json::array({"csc.front-door@exampleshire"}));
    return out;
}

}  // namespace cg::test
