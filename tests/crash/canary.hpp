#pragma once
/// Values that occur nowhere else, and the search for them in every form in which they could have leaked.

#include "gateway/base/json.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace cg::test {

/// A value and the place in the case that it stands for.
struct Canary {
    std::string where;
    std::string value;
};

/// Puts a value of its own into every leaf that takes free text, a number, a date or a telephone number. Codes and references
/// between parts stay: policy decides by them.
///
/// Input    a submission; `mark` tells one submission's values from another's
/// Returns  what was put where
[[nodiscard]] auto plant_canaries(Json& submission, std::string_view mark) -> std::vector<Canary>;

/// Finds canaries as UTF-8, as JSON escapes it (\uXXXX), as hexadecimal, and in base64 of both alphabets at all three alignments.
class CanarySearch {
public:
    void add(const std::vector<Canary>& canaries);
    /// Each thing found once: "<where> as <form>".
    [[nodiscard]] auto found_in(std::string_view haystack) const -> std::vector<std::string>;
    /// What stands around the first find, for whoever looks for the leak.
    [[nodiscard]] auto around(std::string_view haystack) const -> std::string;
    [[nodiscard]] auto size() const -> std::size_t { return patterns_.size(); }

private:
    struct Pattern {
        std::string bytes;
        std::string what;
    };
    std::vector<Pattern> patterns_;
};

}  // namespace cg::test
