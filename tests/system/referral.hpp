#pragma once
/// The example referral, dated so that it is permitted today.

#include "gateway/base/json.hpp"
#include "gateway/base/time.hpp"
#include "tests/oracles/oracle.hpp"

#include <string>

namespace cg::test {

inline auto today() -> std::string {
    return to_iso_date(date_of(std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now())));
}
inline auto minutes_ago(int minutes) -> std::string {
    return to_rfc3339(std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()) -
                      std::chrono::minutes{minutes});
}

/// A referral that is permitted today, to the council alone.
inline auto referral() -> Json {
    auto json =
        parse_json(view_text(oracle::read_file(CG_SOURCE_DIR "/config/examples/cases/child-protection-referral.json")))
            .value();
    json.set("recipients", Json::array({"csc.front-door@exampleshire"}));
    auto& tree = *json.find("case");
    for (auto& concern : *tree.find("concerns")->if_array()) {
        if (concern["historical"].is_true()) continue;
        concern.set("observed_on", today());
        concern.set("recorded_on", today());
    }
    tree.find("timing")->set("concern_arose", minutes_ago(90));
    tree.find("timing")->set("phoned_at", minutes_ago(60));
    tree.find("consent")->find("to_share")->set("on", today());
    tree.find("informing")
        ->set("inform_review_on",
              to_iso_date(Date{std::chrono::sys_days{parse_date(today()).value()} + std::chrono::days{3}}));
    return json;
}

}  // namespace cg::test
