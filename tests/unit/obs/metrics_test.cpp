#include "gateway/obs/metrics.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <thread>
#include <vector>

namespace cg::obs {
namespace {

TEST(MetricsTest, RendersThePrometheusTextFormat) {
    Metrics all;
    all.counter("b_total", "Things.", {{"kind", "one"}}).add(3);
    all.counter("b_total", "Things.", {{"kind", "two"}}).add();
    all.gauge("a_now", "Now.").set(-2);
    constexpr std::array bounds{0.5, 1.0};
    auto& seconds = all.histogram("c_seconds", "Time.", bounds, {{"listener", "peer"}});
    seconds.observe(0.25);
    seconds.observe(0.5);
    seconds.observe(0.75);
    seconds.observe(7);
    EXPECT_EQ(all.render(),
              "# HELP a_now Now.\n# TYPE a_now gauge\na_now -2\n"
              "# HELP b_total Things.\n# TYPE b_total counter\nb_total{kind=\"one\"} 3\nb_total{kind=\"two\"} 1\n"
              "# HELP c_seconds Time.\n# TYPE c_seconds histogram\n"
              "c_seconds_bucket{listener=\"peer\",le=\"0.5\"} 2\nc_seconds_bucket{listener=\"peer\",le=\"1\"} 3\n"
              "c_seconds_bucket{listener=\"peer\",le=\"+Inf\"} 4\nc_seconds_sum{listener=\"peer\"} 8.5\n"
              "c_seconds_count{listener=\"peer\"} 4\n");
}

TEST(MetricsTest, LabelValuesCannotBreakOutOfTheirQuotes) {
    Metrics all;
    all.counter("x_total", "X.", {{"reason", "a\"} 1\nfake_total 9\\"}}).add();
    EXPECT_EQ(all.render(), "# HELP x_total X.\n# TYPE x_total counter\nx_total{reason=\"a\\\"} 1\\nfake_total 9\\\\\"} 1\n");
}

TEST(MetricsTest, TheSameNameAndLabelsAreTheSameMetric) {
    Metrics all;
    EXPECT_EQ(&all.counter("x_total", "X.", {{"a", "b"}}), &all.counter("x_total", "X.", {{"a", "b"}}));
    EXPECT_NE(&all.counter("x_total", "X.", {{"a", "b"}}), &all.counter("x_total", "X.", {{"a", "c"}}));
}

TEST(MetricsTest, TooManySeriesShareOne) {
    Metrics all;
    for (int i = 0; i < 1'000; ++i) all.counter("x_total", "X.", {{"peer", std::to_string(i)}}).add();
    const auto text = all.render();
    EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 2 + 256 + 1);
    EXPECT_NE(text.find("x_total{peer=\"other\"} 744\n"), std::string::npos);
}

TEST(MetricsTest, NothingIsLostBetweenThreads) {
    Metrics all;
    auto& counter = all.counter("x_total", "X.");
    auto& histogram = all.histogram("y", "Y.");
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([&] {
            for (int i = 0; i < 10'000; ++i) {
                counter.add();
                histogram.observe(0.5);
            }
        });
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(counter.value(), 40'000U);
    EXPECT_DOUBLE_EQ(histogram.sum(), 20'000.0);
}

}  // namespace
}  // namespace cg::obs
