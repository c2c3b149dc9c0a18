#include "policy/near_names.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace cg::policy {
namespace {

constexpr std::size_t least_name = 3;
constexpr std::size_t least_misspelt = 5;  // shorter ones are one letter away from every other word
constexpr std::size_t most_letters = 24;
constexpr std::size_t most_misspelt = 2'000;  // a list that grows with whoever sends it

auto without(std::string_view word, std::size_t at) -> std::string {
    std::string out{word.substr(0, at)};
    return out.append(word.substr(at + 1));
}
auto is_letter(char c) -> bool {
    return c >= 'a' && c <= 'z';
}

/// What people draw letters with.
auto letter_for(char c) -> char {
    using Drawn = std::pair<char, char>;
    static constexpr std::array drawn{Drawn{'0', 'o'}, Drawn{'1', 'i'}, Drawn{'3', 'e'}, Drawn{'4', 'a'}, Drawn{'5', 's'},
                                      Drawn{'7', 't'}, Drawn{'8', 'b'}, Drawn{'9', 'g'}, Drawn{'$', 's'}, Drawn{'@', 'a'},
                                      Drawn{'!', 'i'}, Drawn{'|', 'l'}};
    for (const auto& [from, to] : drawn)
        if (c == from) return to;
    return c;
}

}  // namespace

void NearNames::add(std::string_view part, bool of_a_person) {
    if (part.size() < least_name || part.size() > most_letters || !std::ranges::all_of(part, is_letter)) return;
    names_.emplace(part);
    longest_ = std::max(longest_, part.size());
    if (!of_a_person || part.size() < least_misspelt || persons_.size() >= most_misspelt || !persons_.emplace(part).second) return;
    for (std::size_t i = 0; i < part.size(); ++i) shorter_.insert(without(part, i));
}

auto NearNames::is_misspelt(std::string_view word) const -> bool {
    if (word.size() + 1 < least_misspelt || word.size() > most_letters + 1 || persons_.empty()) return false;
    if (shorter_.contains(word)) return true;
    for (std::size_t i = 0; i < word.size(); ++i) {
        const auto less = without(word, i);
        if (persons_.contains(less) || shorter_.contains(less)) return true;
    }
    return false;
}

auto NearNames::holds_one(std::string_view word) const -> bool {
    constexpr std::size_t longest_word = 80;
    if (word.size() > longest_word) return !names_.empty();  // no word is so long: nobody reads what is in it
    for (std::size_t from = 0; from + least_misspelt <= word.size(); ++from)
        for (auto length = least_misspelt; length <= std::min(longest_, word.size() - from); ++length)
            if (names_.contains(word.substr(from, length))) return true;
    return false;
}

auto NearNames::is_disguised(std::string_view word) const -> bool {
    if (word.size() < least_name || word.size() > most_letters) return false;
    std::string plain{word};
    std::ranges::transform(plain, plain.begin(), letter_for);
    if (plain == word) return false;
    if (names_.contains(plain) || holds_one(plain)) return true;
    std::ranges::replace(plain, 'i', 'l');  // a one may be either
    return names_.contains(plain) || holds_one(plain);
}

}  // namespace cg::policy
