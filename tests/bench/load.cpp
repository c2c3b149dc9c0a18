// bench_load: four real agencies under load. Prints one report.
//
//   --seconds N     of each measurement (default 5)
//   --json FILE     the numbers, for machines
//   --stages FILE   what bench_stages --benchmark_format=json wrote: adds the split by stage
#include "tests/bench/report.hpp"

#include <cstdio>
#include <cstring>
#include <fstream>

namespace cg::bench {
namespace {

struct Options {
    unsigned seconds = 5;
    std::string json, stages;
};

auto parse(int argc, char** argv) -> Options {
    Options options;
    for (int i = 1; i + 1 < argc; i += 2) {
        if (std::strcmp(argv[i], "--seconds") == 0) options.seconds = static_cast<unsigned>(std::stoul(argv[i + 1]));
        else if (std::strcmp(argv[i], "--json") == 0) options.json = argv[i + 1];
        else if (std::strcmp(argv[i], "--stages") == 0) options.stages = argv[i + 1];
        else throw std::runtime_error("usage: bench_load [--seconds N] [--json FILE] [--stages FILE]");
    }
    if (argc % 2 == 0) throw std::runtime_error("each option takes a value");
    return options;
}

/// All clients are one system of the school, with one certificate.
void make_room(config::Config& settings) {
    settings.limits.connections_per_peer = 1024;
    settings.limits.queue_length = 4096;
}

auto measure(const Options& options) -> Report {
    test::Federation federation{{{"willow", "school.dsl"},
                                 {"exampleshire", "csc.front-door"},
                                 {"examplepolice", "police.public-protection"},
                                 {"examplenhs", "health.safeguarding"}}};
    const std::vector<std::string> three{"csc.front-door@exampleshire", "police.public-protection@examplepolice", "health.safeguarding@examplenhs"};
    std::vector<test::LiveAgency> agencies;
    for (const auto* id : {"willow", "exampleshire", "examplepolice", "examplenhs"}) agencies.emplace_back(federation, id);
    for (auto& agency : agencies) {
        agency.adjust(make_room);
        agency.launch();
    }
    for (auto& agency : agencies)
        if (!agency.ready()) throw std::runtime_error("a gateway does not start: " + agency.process().err());

    Report report;
    report.syncs_a_second = syncs_a_second(agencies[0].data(), std::chrono::seconds{1});
    for (const std::size_t recipients : {1U, 3U}) {
        for (const std::size_t clients : {16U, 256U}) {
            std::fprintf(stderr, "measuring %zu clients, %zu recipients\n", clients, recipients);
            Shape shape;
            shape.clients = clients;
            shape.recipients.assign(three.begin(), three.begin() + static_cast<std::ptrdiff_t>(recipients));
            shape.window = std::chrono::seconds{options.seconds};
            report.loads.push_back(run_load(agencies[0], shape));
        }
    }
    std::fprintf(stderr, "measuring at half load\n");
    Shape half;
    half.clients = 32;
    half.recipients = {three.front()};
    half.window = std::chrono::seconds{options.seconds};
    half.rate = report.loads.front().rate / 2;
    report.half = run_load(agencies[0], half);
    for (auto& agency : agencies) static_cast<void>(agency.stop());
    if (!options.stages.empty()) report.stages = read_stages(options.stages);
    return report;
}

}  // namespace
}  // namespace cg::bench

auto main(int argc, char** argv) -> int {
    try {
        const auto options = cg::bench::parse(argc, argv);
        const auto report = cg::bench::measure(options);
        cg::bench::print(report);
        if (!options.json.empty()) std::ofstream{options.json} << cg::to_pretty_json(cg::bench::to_json(report)) << "\n";
        return 0;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "bench_load: %s\n", error.what());
        return 1;
    }
}
