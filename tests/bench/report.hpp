#pragma once
/// From numbers to a report that people read.

#include "tests/bench/measure.hpp"

#include <map>
#include <string>
#include <vector>

namespace cg::bench {

/// Processor time of one message's steps, each measured alone by bench_stages: microseconds by name.
using Stages = std::map<std::string, double>;

/// Reads what `bench_stages --benchmark_format=json` wrote. Throws std::runtime_error.
[[nodiscard]] auto read_stages(const std::string& file) -> Stages;

struct Report {
    double syncs_a_second = 0;
    std::vector<Measured> loads;
    Measured half;    ///< at half of what 16 clients and one recipient reached
    Stages stages;    ///< empty: not measured
};

void print(const Report& report);
[[nodiscard]] auto to_json(const Report& report) -> Json;

}  // namespace cg::bench
