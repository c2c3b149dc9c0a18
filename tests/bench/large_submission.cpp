#include "tests/bench/measure.hpp"

namespace cg::bench {

auto large_submission(const std::string& ref, const std::vector<std::string>& recipients) -> Json {
    constexpr std::size_t wanted = 6000;
    auto out = test::submission(ref, recipients);
    auto* concerns = out.find("case")->find("concerns");
    const auto first = (*concerns->if_array())[0];
    for (unsigned n = 1; to_jcs(out).size() < wanted; ++n) {
        auto concern = first;
        concern.set("id", "more" + std::to_string(n));
        concern.set("text", "On day " + std::to_string(n) + " a teaching assistant saw that the child had no coat, no lunch and wet shoes, and wrote it down.");
        concerns->push(std::move(concern));
    }
    return out;
}

}  // namespace cg::bench
