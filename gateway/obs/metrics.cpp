#include "gateway/obs/metrics.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <mutex>
#include <type_traits>

namespace cg::obs {
namespace {

constexpr std::size_t max_series = 256;

void append_escaped(std::string& out, std::string_view text, bool quotes) {
    for (const char c : text) {
        if (c == '\\') out += "\\\\";
        else if (c == '\n') out += "\\n";
        else if (c == '"' && quotes) out += "\\\"";
        else if (static_cast<unsigned char>(c) < 0x20) out += '?';
        else out += c;
    }
}

/// `a="b",c="d"`: how a series is told from the others of its name.
auto label_text(const Labels& labels) -> std::string {
    std::string out;
    for (const auto& label : labels) {
        if (!out.empty()) out += ',';
        out += label.name + "=\"";
        append_escaped(out, label.value, true);
        out += '"';
    }
    return out;
}

template <class Number>
void append_number(std::string& out, Number number) {
    std::array<char, 32> digits{};
    out.append(digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr);
}

template <class Number>
void append_sample(std::string& out, const std::string& name, const std::string& labels, Number value) {
    out += name;
    if (!labels.empty()) out += '{' + labels + '}';
    out += ' ';
    append_number(out, value);
    out += '\n';
}

void append_series(std::string& out, const std::string& name, const std::string& labels, const Counter& counter) {
    append_sample(out, name, labels, counter.value());
}

void append_series(std::string& out, const std::string& name, const std::string& labels, const Gauge& gauge) {
    append_sample(out, name, labels, gauge.value());
}

void append_series(std::string& out, const std::string& name, const std::string& labels, const Histogram& histogram) {
    std::uint64_t so_far = 0;
    const auto bounds = histogram.bounds();
    for (std::size_t i = 0; i <= bounds.size(); ++i) {
        so_far += histogram.in_bucket(i);
        std::string le = labels.empty() ? "le=\"" : labels + ",le=\"";
        if (i < bounds.size()) append_number(le, bounds[i]);
        else le += "+Inf";
        append_sample(out, name + "_bucket", le + '"', so_far);
    }
    append_sample(out, name + "_sum", labels, histogram.sum());
    append_sample(out, name + "_count", labels, so_far);
}

template <class Metric>
struct Family {
    std::string help;
    std::vector<double> bounds;                               // of a histogram
    std::map<std::string, std::unique_ptr<Metric>> series;    // by label_text

    auto find_or_make(const Labels& labels) -> Metric& {
        auto key = label_text(labels);
        auto it = series.find(key);
        if (it == series.end() && series.size() >= max_series) {
            auto other = labels;
            for (auto& label : other) label.value = "other";
            it = series.try_emplace(label_text(other)).first;
        }
        if (it == series.end()) it = series.try_emplace(std::move(key)).first;
        if (!it->second) {
            if constexpr (std::is_same_v<Metric, Histogram>) it->second = std::make_unique<Histogram>(bounds);
            else it->second = std::make_unique<Metric>();
        }
        return *it->second;
    }

    void render(std::string& out, const std::string& name, std::string_view type) const {
        out += "# HELP " + name + ' ';
        append_escaped(out, help, false);
        out += "\n# TYPE " + name + ' ';
        out += type;
        out += '\n';
        for (const auto& [labels, metric] : series) append_series(out, name, labels, *metric);
    }
};

template <class Metric>
auto family(std::map<std::string, Family<Metric>, std::less<>>& families, std::string_view name, std::string_view help)
    -> Family<Metric>& {
    auto& found = families.try_emplace(std::string{name}).first->second;
    if (found.help.empty()) found.help = help;
    return found;
}

}  // namespace

Histogram::Histogram(std::span<const double> bounds)
    : bounds_(bounds.begin(), bounds.end()), buckets_(std::make_unique<std::atomic<std::uint64_t>[]>(bounds.size() + 1)) {}

void Histogram::observe(double value) noexcept {
    const auto it = std::lower_bound(bounds_.begin(), bounds_.end(), value);
    buckets_[static_cast<std::size_t>(it - bounds_.begin())].fetch_add(1, std::memory_order_relaxed);
    auto sum = sum_.load(std::memory_order_relaxed);
    while (!sum_.compare_exchange_weak(sum, sum + value, std::memory_order_relaxed)) {
    }
}

auto Histogram::in_bucket(std::size_t index) const noexcept -> std::uint64_t {
    return buckets_[index].load(std::memory_order_relaxed);
}

struct Metrics::State {
    mutable std::mutex mutex;
    std::map<std::string, Family<Counter>, std::less<>> counters;
    std::map<std::string, Family<Gauge>, std::less<>> gauges;
    std::map<std::string, Family<Histogram>, std::less<>> histograms;
};

Metrics::Metrics() : state_(std::make_unique<State>()) {}
Metrics::~Metrics() = default;

auto Metrics::counter(std::string_view name, std::string_view help, const Labels& labels) -> Counter& {
    const std::lock_guard lock{state_->mutex};
    return family(state_->counters, name, help).find_or_make(labels);
}

auto Metrics::gauge(std::string_view name, std::string_view help, const Labels& labels) -> Gauge& {
    const std::lock_guard lock{state_->mutex};
    return family(state_->gauges, name, help).find_or_make(labels);
}

auto Metrics::histogram(std::string_view name, std::string_view help, std::span<const double> bounds, const Labels& labels)
    -> Histogram& {
    const std::lock_guard lock{state_->mutex};
    auto& found = family(state_->histograms, name, help);
    if (found.bounds.empty()) found.bounds.assign(bounds.begin(), bounds.end());
    return found.find_or_make(labels);
}

auto Metrics::render() const -> std::string {
    std::map<std::string, std::string> by_name;
    const std::lock_guard lock{state_->mutex};
    for (const auto& [name, f] : state_->counters) f.render(by_name[name], name, "counter");
    for (const auto& [name, f] : state_->gauges) f.render(by_name[name], name, "gauge");
    for (const auto& [name, f] : state_->histograms) f.render(by_name[name], name, "histogram");
    std::string out;
    for (const auto& [name, text] : by_name) out += text;
    return out;
}

auto metrics() -> Metrics& {
    static Metrics instance;
    return instance;
}

}  // namespace cg::obs
