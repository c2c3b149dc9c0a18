#pragma once
/// Load on real gateways, and what it cost. Nothing here judges: it only counts.

#include "gateway/base/json.hpp"
#include "tests/support/live_agency.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace cg::bench {

using Clock = std::chrono::steady_clock;
using Micros = std::chrono::microseconds;

/// Times of single requests.
class Times {
public:
    void add(Micros time) { all_.push_back(time); }
    void add(const Times& others) { all_.insert(all_.end(), others.all_.begin(), others.all_.end()); }
    [[nodiscard]] auto count() const -> std::size_t { return all_.size(); }
    /// In milliseconds; 0 where there are none. Sorts.
    [[nodiscard]] auto percentile(double percent) -> double;

private:
    std::vector<Micros> all_;
};

struct Shape {
    std::size_t clients = 16;
    std::vector<std::string> recipients;
    std::chrono::milliseconds warm_up{1000};
    std::chrono::milliseconds window{5000};
    double rate = 0;  ///< messages a second, sent at their appointed times whatever the answers do; 0: as fast as answers come
};

struct Measured {
    std::size_t clients = 0, recipients = 0;
    std::size_t answered = 0, failed = 0;  ///< within the window
    double seconds = 0;                    ///< of the window
    double rate = 0;                       ///< messages acknowledged a second: each is on disk
    double p50_ms = 0, p99_ms = 0;         ///< of the acknowledgement; at a given rate, from the appointed time
    double decisions_a_commit = 0, writes_a_commit = 0;
    double sender_cpu_us = 0;              ///< of the sender's process for each message, delivery and receipts included
    double delivered_p50_ms = 0, delivered_p99_ms = 0;  ///< from accepted to receipt logged, both by the sender's log
};
[[nodiscard]] auto to_json(const Measured& measured) -> Json;

/// Runs a load on `sender` and waits until its outbox is empty.
[[nodiscard]] auto run_load(test::LiveAgency& sender, const Shape& shape) -> Measured;

/// How often in a second this disk takes 4 KiB and says that it has it: the floor under every commit.
[[nodiscard]] auto syncs_a_second(const std::filesystem::path& folder, std::chrono::milliseconds window) -> double;

/// A referral of about 6 KB with `ref` as its case reference.
[[nodiscard]] auto large_submission(const std::string& ref, const std::vector<std::string>& recipients) -> Json;

}  // namespace cg::bench
