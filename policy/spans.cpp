#include "policy/spans.hpp"

#include <algorithm>
#include <utility>

namespace cg::policy {

auto cut_words(std::string_view text, const std::vector<std::string_view>& words) -> std::string {
    std::vector<std::pair<std::size_t, std::size_t>> cuts;  // begin, end
    for (const auto word : words) {
        if (word.empty()) continue;
        for (auto at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1))
            cuts.emplace_back(at, at + word.size());
    }
    std::ranges::sort(cuts);
    std::string out;
    std::size_t done = 0;
    for (std::size_t i = 0; i < cuts.size();) {
        auto [begin, end] = cuts[i];
        for (++i; i < cuts.size() && cuts[i].first <= end; ++i) end = std::max(end, cuts[i].second);
        out.append(text.substr(done, begin - done)).append(withheld_words);
        done = end;
    }
    return out.append(text.substr(done));
}

auto nothing_left(std::string_view cut) noexcept -> bool {
    while (!cut.empty()) {
        if (cut.starts_with(withheld_words))
            cut.remove_prefix(withheld_words.size());
        else if (std::string_view{" \t\r\n.,;"}.find(cut.front()) != std::string_view::npos)
            cut.remove_prefix(1);
        else
            return false;
    }
    return true;
}

}  // namespace cg::policy
