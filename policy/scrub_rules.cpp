#include "policy/scrub_rules.hpp"

#include <array>
#include <utility>

namespace cg::policy {

auto ScrubRules::age_band(int years) const -> std::string {
    for (const auto& band : bands)
        if (years >= band.from && (band.to < 0 || years <= band.to)) return band.text;
    return "not-known";
}
auto ScrubRules::age_token(int years) const -> std::string {
    return "[AGE " + age_band(years) + "]";
}

auto ScrubRules::is_common(std::string_view word) const -> bool {
    using Suffix = std::pair<std::string_view, std::string_view>;
    static constexpr std::array suffixes{Suffix{"ies", "y"}, Suffix{"ied", "y"}, Suffix{"es", ""},  Suffix{"s", ""},
                                         Suffix{"ing", ""},  Suffix{"ing", "e"}, Suffix{"ed", ""},  Suffix{"d", ""},
                                         Suffix{"er", ""},   Suffix{"er", "e"},  Suffix{"est", ""}, Suffix{"ly", ""},
                                         Suffix{"ily", "y"}, Suffix{"ness", ""}, Suffix{"n't", ""}, Suffix{"ment", ""}};
    if (common.contains(word)) return true;
    for (const auto& [end, instead] : suffixes) {
        if (word.size() < end.size() + 3 || !word.ends_with(end)) continue;
        std::string stem{word.substr(0, word.size() - end.size())};
        if (common.contains(stem + std::string{instead})) return true;
        const auto n = stem.size();
        if (instead.empty() && n > 3 && stem[n - 1] == stem[n - 2] && common.contains(stem.substr(0, n - 1))) return true;
    }
    return false;
}

}  // namespace cg::policy
