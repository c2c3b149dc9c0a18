#pragma once
/// The example files of config/examples/cases, dated so that they hold today.

#include "gateway/base/json.hpp"
#include "gateway/base/time.hpp"
#include "tests/oracles/oracle.hpp"

#include <string>

namespace cg::test {

inline auto day_from_today(int days) -> std::string {
    const auto now = std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now());
    return to_iso_date(Date{now + std::chrono::days{days}});
}
inline auto moment_ago(std::chrono::minutes ago) -> std::string {
    return to_rfc3339(std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()) - ago);
}

inline auto example_text(const std::string& name) -> std::string {
    return to_text(oracle::read_file(CG_SOURCE_DIR "/config/examples/cases/" + name + ".json"));
}
inline auto example(const std::string& name) -> Json { return parse_json(example_text(name)).value(); }

/// A submission whose concerns, consent and call were made today.
inline auto dated(Json submission) -> Json {
    auto& tree = *submission.find("case");
    for (auto& concern : *tree.find("concerns")->if_array()) {
        if (concern["historical"].is_true()) continue;
        concern.set("observed_on", day_from_today(0));
        concern.set("recorded_on", day_from_today(0));
    }
    if (auto* timing = tree.find("timing")) {
        timing->set("concern_arose", moment_ago(std::chrono::minutes{90}));
        if (timing->find("phoned_at") != nullptr) timing->set("phoned_at", moment_ago(std::chrono::minutes{60}));
    }
    if (auto* consent = tree.find("consent")) consent->find("to_share")->set("on", day_from_today(0));
    if (auto* informing = tree.find("informing")) {
        if (informing->find("inform_review_on") != nullptr) informing->set("inform_review_on", day_from_today(3));
        if (informing->find("on") != nullptr) informing->set("on", day_from_today(0));
    }
    return submission;
}

}  // namespace cg::test
