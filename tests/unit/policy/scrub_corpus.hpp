#pragma once
// Narratives with invented people, made from a seed, and where each identifier stands in them.
//
// Made without a look at how the scrubber finds things: its own names, its own ways of writing, no shared table.

#include "gateway/base/json.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace cg::policy::testing {

struct Planted {
    std::string kind;  // `name`, `phone` …
    std::string how;   // how it is written: `full-width`, `nickname` …
    bool of_the_case;
    std::size_t begin, end;  // in the narrative
};
struct Narrative {
    Json case_tree;
    std::string text;
    std::vector<Planted> planted;
};

/// The same for the same number.
[[nodiscard]] auto make_narrative(std::uint32_t number) -> Narrative;

}  // namespace cg::policy::testing
