#include "tests/bench/report.hpp"

#include <cstdio>

namespace cg::bench {
namespace {

/// The steps of one message with one recipient at the sender, in their order, by bench_stages' names.
constexpr std::array<std::pair<const char*, const char*>, 8> steps{{
    {"parse_6k", "read the submission"},
    {"decide_and_minimise", "decide and minimise"},
    {"sign_view", "sign the view"},
    {"seal_view", "seal it"},
    {"sign_routing", "sign the routing"},
    {"record_sqlite", "record it (group of 64)"},
    {"transmission", "make the transmission, with its proof"},
    {"receipt", "check and record the receipt (group of 64)"},
}};

auto stage(const Stages& stages, const std::string& name) -> double {
    const auto it = stages.find(name);
    return it == stages.end() ? 0 : it->second;
}

auto sum_of_steps(const Stages& stages) -> double {
    double sum = 0;
    for (const auto& [name, words] : steps) sum += stage(stages, name);
    return sum;
}

void print_load(const Measured& m) {
    std::printf("%8zu %10zu %10.0f %9.2f %9.2f %11.1f %9.1f %10.0f %9.1f %9.1f%s\n", m.clients, m.recipients, m.rate, m.p50_ms, m.p99_ms,
                m.decisions_a_commit, m.writes_a_commit, m.sender_cpu_us, m.delivered_p50_ms, m.delivered_p99_ms,
                m.failed == 0 ? "" : (" (" + std::to_string(m.failed) + " failed)").c_str());
}

void print_stages(const Report& report) {
    std::printf("\nProcessor time of one message at the sender, each step measured alone\n");
    const auto sum = sum_of_steps(report.stages);
    for (const auto& [name, words] : steps)
        std::printf("  %-44s %8.1f us %5.1f %%\n", words, stage(report.stages, name), 100 * stage(report.stages, name) / sum);
    std::printf("  %-44s %8.1f us\n", "sum", sum);
    const auto& one = report.loads.front();
    std::printf("  %-44s %8.1f us\n", "the sender's process, a message", one.sender_cpu_us);
    std::printf("  %-44s %8.2f x   (budget 1.5 x)\n", "ratio", one.sender_cpu_us / sum);
    const auto small = stage(report.stages, "decide_and_minimise"), big = stage(report.stages, "decide_big_pack");
    if (small > 0)
        std::printf("  decide and minimise with the large pack: %.1f us, %.2f x of the small one (budget 1.2 x)\n", big, big / small);
}

}  // namespace

auto read_stages(const std::string& file) -> Stages {
    const auto json = test::must(parse_json(test::slurp(file)), file);
    const auto* runs = json["benchmarks"].if_array();
    if (runs == nullptr) throw std::runtime_error(file + " is not what bench_stages writes");
    Stages stages;
    for (const auto& run : *runs) {
        auto name = std::string{run["name"].text()};
        name = name.substr(0, name.find('/'));
        const auto* time = run["cpu_time"].if_number();
        const auto* items = run["items"].if_number();  // messages in one iteration, where there are several
        if (time == nullptr) continue;
        const double unit = run["time_unit"].text() == "ns" ? 1000 : 1;
        stages[name] = *time / unit / (items != nullptr ? *items : 1);
    }
    return stages;
}

void print(const Report& report) {
    std::printf("\nThis disk: %.0f times a second 4 KiB written and synced\n", report.syncs_a_second);
    std::printf("\nDurable messages, acknowledged while delivery goes on beside them; clients, sender and receivers share this machine\n");
    std::printf("%8s %10s %10s %9s %9s %11s %9s %10s %9s %9s\n", "clients", "recipients", "msg/s", "ack p50", "ack p99", "dec/commit",
                "wr/commit", "cpu us/msg", "rcpt p50", "rcpt p99");
    for (const auto& load : report.loads) print_load(load);
    std::printf("at half load (%.0f messages a second; times in ms; from the appointed moment):\n", report.half.rate);
    print_load(report.half);
    std::printf("  acknowledgement p99 %.1f ms (budget 25), accepted to receipt logged p99 %.1f ms (budget 100)\n", report.half.p99_ms,
                report.half.delivered_p99_ms);
    if (!report.stages.empty()) print_stages(report);
}

auto to_json(const Report& report) -> Json {
    Json loads = Json::array();
    for (const auto& load : report.loads) loads.push(to_json(load));
    Json out = Json::object({{"syncs_a_second", report.syncs_a_second}, {"loads", std::move(loads)}, {"half_load", to_json(report.half)}});
    if (report.stages.empty()) return out;
    Json stages = Json::object();
    for (const auto& [name, time] : report.stages) stages.set(name, time);
    out.set("stages_us", std::move(stages));
    out.set("sum_of_steps_us", sum_of_steps(report.stages));
    out.set("cpu_ratio", report.loads.front().sender_cpu_us / sum_of_steps(report.stages));
    return out;
}

}  // namespace cg::bench
