#pragma once
/// Counters, gauges and histograms, rendered in the Prometheus text format (version 0.0.4).
///
/// Secret    names and labels are constants and codes of ours: no id, no person, nothing from a message
/// Threads   changing and reading a value takes no lock; registering one does. Register once, keep the reference

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cg::obs {

class Counter {
public:
    void add(std::uint64_t count = 1) noexcept { value_.fetch_add(count, std::memory_order_relaxed); }
    [[nodiscard]] auto value() const noexcept -> std::uint64_t { return value_.load(std::memory_order_relaxed); }

private:
    std::atomic<std::uint64_t> value_{0};
};

class Gauge {
public:
    void set(std::int64_t value) noexcept { value_.store(value, std::memory_order_relaxed); }
    void add(std::int64_t change) noexcept { value_.fetch_add(change, std::memory_order_relaxed); }
    [[nodiscard]] auto value() const noexcept -> std::int64_t { return value_.load(std::memory_order_relaxed); }

private:
    std::atomic<std::int64_t> value_{0};
};

class Histogram {
public:
    /// `bounds` ascend; a last bucket without bound is added.
    explicit Histogram(std::span<const double> bounds);
    void observe(double value) noexcept;
    [[nodiscard]] auto bounds() const noexcept -> std::span<const double> { return bounds_; }
    /// Observations in one bucket alone; `index == bounds().size()` is the last.
    [[nodiscard]] auto in_bucket(std::size_t index) const noexcept -> std::uint64_t;
    [[nodiscard]] auto sum() const noexcept -> double { return sum_.load(std::memory_order_relaxed); }

private:
    std::vector<double> bounds_;
    std::unique_ptr<std::atomic<std::uint64_t>[]> buckets_;
    std::atomic<double> sum_{0.0};
};

/// From half a millisecond to ten seconds.
inline constexpr double latency_seconds[] = {0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1,
                                             0.25,   0.5,   1.0,    2.5,   5.0,  10.0};

struct Label {
    std::string name;
    std::string value;
};
using Labels = std::vector<Label>;

/// A set of metrics.
///
/// Bounds    at most 256 series a name; what comes after shares one whose label values are all "other"
class Metrics {
public:
    Metrics();
    Metrics(const Metrics&) = delete;
    auto operator=(const Metrics&) -> Metrics& = delete;
    ~Metrics();

    /// The counter of this name and these labels, made on first use. Lifetime: as long as this.
    auto counter(std::string_view name, std::string_view help, const Labels& labels = {}) -> Counter&;
    auto gauge(std::string_view name, std::string_view help, const Labels& labels = {}) -> Gauge&;
    /// All histograms of one name have the bounds of the first.
    auto histogram(std::string_view name, std::string_view help, std::span<const double> bounds = latency_seconds,
                   const Labels& labels = {}) -> Histogram&;

    /// All of it, names in order, for `GET /metrics` with content type metrics_content_type.
    [[nodiscard]] auto render() const -> std::string;

private:
    struct State;
    std::unique_ptr<State> state_;
};

inline constexpr std::string_view metrics_content_type = "text/plain; version=0.0.4; charset=utf-8";

/// The metrics of this process.
[[nodiscard]] auto metrics() -> Metrics&;

}  // namespace cg::obs
