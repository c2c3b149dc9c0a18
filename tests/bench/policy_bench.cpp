// bench_policy: what one decision costs by the size of the pack, and its slowest hundredth.
#include "policy/decide.hpp"
#include "tests/bench/big_pack.hpp"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace {

using namespace cg;
using Clock = std::chrono::steady_clock;

/// Processor time of this thread in microseconds: a busy machine takes nothing away from it.
auto cpu_micros() -> double {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}

auto percentile(std::vector<double>& times, std::size_t percent) -> double {
    std::ranges::sort(times);
    return times[times.size() * percent / 100];
}

/// The referral of the tests, with concerns added until it is 6 KB.
auto submission(std::vector<std::string> recipients) -> policy::Submission {
    std::ifstream in(CG_SOURCE_DIR "/tests/fixtures/policy/referral.json", std::ios::binary);
    auto document = parse_json(std::string{std::istreambuf_iterator<char>(in), {}}).value();
    document.set("recipients", Json::texts(recipients));
    auto& concerns = *document.find("case")->find("concerns");
    const auto first = concerns.if_array()->front();
    for (int n = 1; to_jcs(document).size() < 6000; ++n) {
        auto concern = first;
        concern.set("id", "more" + std::to_string(n));
        concerns.push(std::move(concern));
    }
    return policy::parse_submission(std::move(document)).value();
}

void decide_with(benchmark::State& state, const policy::PackFiles& files, std::vector<std::string> recipients) {
    const auto pack = policy::load_pack(files).value();
    const auto asked = submission(std::move(recipients));
    const auto caller = policy::caller_of(*pack->agencies().find(AgencyId::trusted("willow")));
    const auto now = parse_instant("2026-04-13T11:00:00Z").value();
    std::vector<double> micros, cpu;
    for (auto _ : state) {
        const auto cpu_start = cpu_micros();
        const auto start = Clock::now();
        auto decision = policy::decide(*pack, pack->agencies(), asked, caller, now, view_bytes("a salt of this agency, 32 bytes."));
        benchmark::DoNotOptimize(decision);
        micros.push_back(std::chrono::duration<double, std::micro>(Clock::now() - start).count());
        cpu.push_back(cpu_micros() - cpu_start);
        if (decision.outcome != policy::Outcome::permit) throw std::runtime_error("the benchmark's own case is refused");
    }
    state.counters["p50_us"] = percentile(micros, 50);
    state.counters["p99_us"] = percentile(micros, 99);
    state.counters["cpu_p50_us"] = percentile(cpu, 50);
    state.counters["cpu_p99_us"] = percentile(cpu, 99);
    state.counters["rules"] = static_cast<double>(bench::count_rules(files));
}

void one_recipient_few_rules(benchmark::State& state) {
    decide_with(state, bench::smallest_pack(), {"csc.front-door@exampleshire"});
}
void one_recipient_example_pack(benchmark::State& state) {
    decide_with(state, bench::example_pack(), {"csc.front-door@exampleshire"});
}
void one_recipient_10000_rules(benchmark::State& state) {
    decide_with(state, bench::pack_with(10'000), {"csc.front-door@exampleshire"});
}
void three_recipients_10000_rules(benchmark::State& state) {
    decide_with(state, bench::pack_with(10'000),
                {"csc.front-door@exampleshire", "police.public-protection@examplepolice", "health.safeguarding@examplenhs"});
}

BENCHMARK(one_recipient_few_rules)->Unit(benchmark::kMicrosecond);
BENCHMARK(one_recipient_example_pack)->Unit(benchmark::kMicrosecond);
BENCHMARK(one_recipient_10000_rules)->Unit(benchmark::kMicrosecond);
BENCHMARK(three_recipients_10000_rules)->Unit(benchmark::kMicrosecond);

}  // namespace

BENCHMARK_MAIN();
