// Numbers that are said: "oh double seven, oh oh nine".
#include "policy/fold.hpp"
#include "policy/scrub_patterns.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace cg::policy {
namespace {

constexpr std::uint32_t spoken_rank = 1'100'000;
constexpr std::size_t number_digits = 7, doubtful_digits = 5, widest_gap = 3;

enum class Said : std::uint8_t { figures, amount, one_digit, two_digits, twice, three_times, none };
auto said(std::string_view word) -> Said {
    using Word = std::pair<std::string_view, Said>;
    using enum Said;
    static constexpr std::array words{
        Word{"zero", one_digit},     Word{"oh", one_digit},        Word{"o", one_digit},         Word{"nought", one_digit},
        Word{"nil", one_digit},      Word{"one", one_digit},       Word{"two", one_digit},       Word{"three", one_digit},
        Word{"four", one_digit},     Word{"five", one_digit},      Word{"six", one_digit},       Word{"seven", one_digit},
        Word{"eight", one_digit},    Word{"nine", one_digit},      Word{"ten", two_digits},      Word{"eleven", two_digits},
        Word{"twelve", two_digits},  Word{"thirteen", two_digits}, Word{"fourteen", two_digits}, Word{"fifteen", two_digits},
        Word{"sixteen", two_digits}, Word{"seventeen", two_digits}, Word{"eighteen", two_digits}, Word{"nineteen", two_digits},
        Word{"twenty", two_digits},  Word{"thirty", two_digits},   Word{"forty", two_digits},    Word{"fifty", two_digits},
        Word{"sixty", two_digits},   Word{"seventy", two_digits},  Word{"eighty", two_digits},   Word{"ninety", two_digits},
        Word{"hundred", amount},     Word{"thousand", amount}, Word{"double", twice},        Word{"treble", three_times},
        Word{"triple", three_times}};
    const auto* it = std::ranges::find(words, word, &Word::first);
    return it == words.end() ? none : it->second;
}

/// A run of numbers that are said, digits among them.
struct Run {
    std::size_t begin{0}, end{0}, digits{0}, words{0};
};

}  // namespace

void find_spoken_numbers(const FoldedText& text, std::vector<ScrubSpan>& spans) {
    Run run;
    std::size_t times = 1;
    bool skipped_and = false;  // "nine hundred and six"
    const auto finish = [&] {
        // "07700 900 one two three" is a number; "three or four" and "two hundred" are amounts.
        const bool number = run.words >= 3 && run.digits >= doubtful_digits;
        if (number)
            spans.push_back({text.origin[run.begin], text.origin[run.end], spoken_rank, run.digits >= number_digits ? "pattern:number-in-words" : "digits",
                             run.digits >= number_digits ? std::string_view{"[NUMBER]"} : std::string_view{}});
        run = {};
        times = 1;
    };
    for (std::size_t i = 0; i < text.size();) {
        if (!text.is_word(i)) {
            ++i;
            continue;
        }
        const auto begin = i;
        while (i < text.size() && text.is_word(i)) ++i;
        const auto word = std::string_view{text.text}.substr(begin, i - begin);
        const bool digits = word.find_first_not_of("0123456789") == std::string_view::npos;
        const auto what = digits ? Said::figures : said(word);
        const bool and_between = word == "and" && run.digits > 0;
        if (run.end > 0 && begin - run.end > widest_gap + (skipped_and ? 4U : 0U)) finish();
        skipped_and = and_between;
        if (and_between) continue;
        if (!digits && what == Said::none) {
            finish();
            continue;
        }
        if (run.end == 0) run.begin = begin;
        run.end = i;
        run.words += digits ? 0U : 1U;
        if (what == Said::twice || what == Said::three_times) {
            times = what == Said::twice ? 2 : 3;
            continue;
        }
        run.digits += times * (digits ? word.size() : what == Said::two_digits ? 2U : what == Said::amount ? 0U : 1U);
        times = 1;
    }
    finish();
}

}  // namespace cg::policy
