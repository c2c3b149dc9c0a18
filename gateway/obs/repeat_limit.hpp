#pragma once
/// Counts repeats, so that nobody outside chooses how much we log.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace cg::obs {

/// Lets the first few of a kind through in each window and counts the rest.
///
/// Bounds    remembers at most `max_keys` keys; further ones share one
/// Threads   one at a time
class RepeatLimit {
public:
    using Clock = std::chrono::steady_clock;

    struct Options {
        std::uint64_t allowed = 5;
        Clock::duration window = std::chrono::minutes{1};
        std::size_t max_keys = 1024;
    };
    struct Repeated {
        std::string key;
        std::uint64_t count = 0;
    };

    RepeatLimit() : RepeatLimit(Options{}) {}
    explicit RepeatLimit(Options options) : options_(options) {}

    /// Whether this one may be told.
    [[nodiscard]] auto allow(std::string_view key, Clock::time_point now) -> bool;
    /// The keys whose window is over and that had repeats held back; they are forgotten.
    [[nodiscard]] auto take_over(Clock::time_point now) -> std::vector<Repeated>;
    /// The same for all keys, whether or not their window is over.
    [[nodiscard]] auto take_all() -> std::vector<Repeated>;

private:
    struct Window {
        Clock::time_point began;
        std::uint64_t seen = 0;
    };
    Options options_;
    std::map<std::string, Window, std::less<>> windows_;
};

}  // namespace cg::obs
