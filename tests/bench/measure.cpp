#include "tests/bench/measure.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <map>
#include <thread>

#include <fcntl.h>
#include <unistd.h>

namespace cg::bench {
namespace {

/// What the sender's own metrics and its process say at one moment.
struct Gauges {
    double commits = 0, writes = 0;
    Micros cpu{};
};
auto gauges_of(test::LiveAgency& agency) -> Gauges {
    return {agency.metric("casegate_ledger_commits").value_or(0), agency.metric("casegate_ledger_writes").value_or(0),
            test::cpu_time(agency.process().pid())};
}

/// One client's part of a load.
struct Part {
    Times times;
    std::size_t failed = 0, all = 0;
};

/// Shared by the clients of one load.
struct Plan {
    explicit Plan(const Shape& what) : shape(what) {}
    const Shape& shape;
    std::string before, after;  ///< the submission, around the place of its case reference
    std::string name;           ///< tells this load's keys from another's
    Clock::time_point begin, from, until;
    std::atomic<std::uint64_t> next{0};
};

auto make_plan(const Shape& shape) -> std::unique_ptr<Plan> {
    static std::atomic<unsigned> loads{0};
    const std::string mark = "CASE-REF-OF-THE-LOAD";
    const auto text = to_jcs(large_submission(mark, shape.recipients));
    const auto at = text.find(mark);
    auto plan = std::make_unique<Plan>(shape);
    plan->before = text.substr(0, at);
    plan->after = text.substr(at + mark.size());
    plan->name = "load" + std::to_string(++loads);
    plan->begin = Clock::now() + std::chrono::milliseconds{200};
    plan->from = plan->begin + shape.warm_up;
    plan->until = plan->from + shape.window;
    return plan;
}

auto appointed(const Plan& plan, std::uint64_t n) -> Clock::time_point {
    if (plan.shape.rate <= 0) return Clock::now();
    return plan.begin + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>{static_cast<double>(n) / plan.shape.rate});
}

void run_client(Plan& plan, net::OfficeClient& office, Part& result) {
    std::this_thread::sleep_until(plan.begin);
    for (;;) {
        const auto n = plan.next.fetch_add(1);
        const auto at = appointed(plan, n);
        if (at >= plan.until) return;
        std::this_thread::sleep_until(at);
        const auto key = plan.name + "-" + std::to_string(n);
        const auto answer = test::post_message(office, key, plan.before + key + plan.after);
        const auto done = Clock::now();
        const bool good = answer.has_value() && answer.value().status == 201;
        result.all += good ? 1 : 0;
        if (done < plan.from || done >= plan.until) continue;
        if (good) result.times.add(std::chrono::duration_cast<Micros>(done - at));
        else result.failed += 1;
    }
}

/// From the entry of a decision to the entries of the receipts for its copies, by the sender's own log.
auto delivery_times(test::LiveAgency& sender, std::uint64_t first_entry) -> Times {
    test::LedgerFile ledger{sender};
    std::map<std::string, Instant> decided;
    Times times;
    for (auto next = first_entry;;) {
        const auto entries = test::must(ledger.store().entries(next, 4096), "entries");
        for (const auto& entry : entries) {
            next = entry.seq + 1;
            if (entry.type == "decision/1") {
                const auto fields = test::must(parse_json(entry.fields), "fields");
                for (const auto& release : *fields["releases"].if_array()) decided.emplace(release["mid"].text(), entry.at);
            } else if (const auto it = decided.find(entry.ref); entry.type == "receipt/1" && it != decided.end()) {
                times.add(std::chrono::duration_cast<Micros>(entry.at - it->second));
            }
        }
        if (entries.empty()) return times;
    }
}

void wait_until_sent(test::LiveAgency& sender) {
    if (!test::eventually([&] { return sender.metric("casegate_outbox_queued") == 0.0; }, std::chrono::minutes{10}))
        throw std::runtime_error("the outbox does not empty");
}

}  // namespace

auto Times::percentile(double percent) -> double {
    if (all_.empty()) return 0;
    std::ranges::sort(all_);
    const auto index = static_cast<std::size_t>(std::ceil(percent / 100 * static_cast<double>(all_.size()))) - 1;
    return static_cast<double>(all_[std::min(index, all_.size() - 1)].count()) / 1000;
}

auto run_load(test::LiveAgency& sender, const Shape& shape) -> Measured {
    std::vector<net::OfficeClient> offices;
    for (std::size_t i = 0; i < shape.clients; ++i) {
        offices.push_back(sender.office());
        static_cast<void>(offices.back().request("GET", "/v1/openapi.json"));  // connected before the clock runs
    }
    const auto first_entry = static_cast<std::uint64_t>(sender.metric("casegate_log_entries").value_or(0));
    const auto before = gauges_of(sender);
    const auto plan = make_plan(shape);
    std::vector<Part> results(shape.clients);
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < shape.clients; ++i) threads.emplace_back([&, i] { run_client(*plan, offices[i], results[i]); });
    std::this_thread::sleep_until(plan->from);
    const auto at_start = gauges_of(sender);
    std::this_thread::sleep_until(plan->until);
    const auto at_end = gauges_of(sender);
    for (auto& thread : threads) thread.join();
    wait_until_sent(sender);
    const auto after = gauges_of(sender);

    Measured out;
    out.clients = shape.clients;
    out.recipients = shape.recipients.size();
    Times times;
    std::size_t all = 0;
    for (const auto& result : results) {
        times.add(result.times);
        out.failed += result.failed;
        all += result.all;
    }
    out.answered = times.count();
    out.seconds = std::chrono::duration<double>{shape.window}.count();
    out.rate = static_cast<double>(out.answered) / out.seconds;
    out.p50_ms = times.percentile(50);
    out.p99_ms = times.percentile(99);
    const auto commits = std::max(1.0, at_end.commits - at_start.commits);
    out.decisions_a_commit = static_cast<double>(out.answered) / commits;
    out.writes_a_commit = (at_end.writes - at_start.writes) / commits;
    out.sender_cpu_us = static_cast<double>((after.cpu - before.cpu).count()) / static_cast<double>(std::max<std::size_t>(all, 1));
    auto delivered = delivery_times(sender, first_entry);
    out.delivered_p50_ms = delivered.percentile(50);
    out.delivered_p99_ms = delivered.percentile(99);
    return out;
}

auto to_json(const Measured& m) -> Json {
    return Json::object({{"clients", m.clients}, {"recipients", m.recipients}, {"answered", m.answered}, {"failed", m.failed},
                         {"seconds", m.seconds}, {"messages_a_second", m.rate}, {"ack_p50_ms", m.p50_ms}, {"ack_p99_ms", m.p99_ms},
                         {"decisions_a_commit", m.decisions_a_commit}, {"writes_a_commit", m.writes_a_commit},
                         {"sender_cpu_us_a_message", m.sender_cpu_us}, {"receipt_p50_ms", m.delivered_p50_ms},
                         {"receipt_p99_ms", m.delivered_p99_ms}});
}

auto syncs_a_second(const std::filesystem::path& folder, std::chrono::milliseconds window) -> double {
    const auto file = folder / "sync-floor";
    const int fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0) throw std::runtime_error("the disk cannot be measured");
    const std::string page(4096, 'x');
    const auto begin = Clock::now();
    std::size_t count = 0;
    bool good = true;
    while (good && Clock::now() - begin < window) {
        good = ::write(fd, page.data(), page.size()) == static_cast<ssize_t>(page.size()) && ::fdatasync(fd) == 0;
        count += 1;
    }
    const std::chrono::duration<double> spent = Clock::now() - begin;
    ::close(fd);
    std::filesystem::remove(file);
    if (!good) throw std::runtime_error("the disk does not take what is measured with");
    return static_cast<double>(count) / spent.count();
}

}  // namespace cg::bench
