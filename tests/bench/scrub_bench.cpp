// bench_scrub: what taking the identity out of 2 000 words costs, with the list of the case made anew each time.
#include "config/pack_dir.hpp"
#include "policy/compiled.hpp"
#include "policy/fold.hpp"
#include "policy/gazetteer.hpp"
#include "policy/pack.hpp"
#include "policy/scrub.hpp"
#include "policy/scrub_rules.hpp"
#include "../unit/policy/scrub_corpus.hpp"

#include <benchmark/benchmark.h>

#include <algorithm>

namespace {

using namespace cg;
using namespace cg::policy;

struct Story {
    std::shared_ptr<const Pack> pack;
    Json tree;
    std::string text;
};
auto story() -> const Story& {
    static const Story one = [] {
        Story out;
        out.pack = load_pack(config::read_pack_dir(CG_SOURCE_DIR "/config/packs/exampleshire").value()).value();
        out.tree = testing::make_narrative(7).case_tree;
        const auto words = [](const std::string& text) { return std::count(text.begin(), text.end(), ' '); };
        for (std::uint32_t i = 0; words(out.text) < 2000; ++i) out.text += testing::make_narrative(i).text;
        return out;
    }();
    return one;
}
const auto today = parse_date("2026-03-03").value();

void scrub_2000_words(benchmark::State& state) {
    for (auto _ : state)
        benchmark::DoNotOptimize(scrub(story().tree, {{"/advice/question", story().text, {}}}, {*story().pack->compiled().scrub, today, {}}));
    state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(story().text.size()));
}
void fold_2000_words(benchmark::State& state) {
    for (auto _ : state) benchmark::DoNotOptimize(fold(story().text));
}
void make_gazetteer(benchmark::State& state) {
    for (auto _ : state) {
        const Gazetteer gazetteer{story().tree, *story().pack->compiled().scrub, today, {}};
        benchmark::DoNotOptimize(gazetteer.size());
        state.counters["entries"] = static_cast<double>(gazetteer.size());
    }
}
void find_in_2000_words(benchmark::State& state) {
    const Gazetteer gazetteer{story().tree, *story().pack->compiled().scrub, today, {}};
    const auto text = fold(story().text);
    for (auto _ : state) {
        std::vector<ScrubSpan> spans;
        gazetteer.find(text, spans);
        benchmark::DoNotOptimize(spans);
    }
}

BENCHMARK(scrub_2000_words)->Unit(benchmark::kMillisecond);
BENCHMARK(fold_2000_words)->Unit(benchmark::kMillisecond);
BENCHMARK(make_gazetteer)->Unit(benchmark::kMillisecond);
BENCHMARK(find_in_2000_words)->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
