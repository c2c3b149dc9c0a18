// What is left in a text and may identify somebody. A doubt is a leftover; a person decides (AD-4).
#include "policy/fold.hpp"
#include "policy/scrub_patterns.hpp"

#include <algorithm>
#include <string>

namespace cg::policy {
namespace {

constexpr std::size_t least_digits = 4;
constexpr std::size_t least_code = 4;  // letters and digits mixed

struct Word {
    std::size_t begin, end;
    std::string text;  // folded, without the s of "Sam's"
    bool capital{false}, all_capitals{true}, letters{false}, digits{false}, other_script{false}, masked{false};
};

class Leftovers {
public:
    Leftovers(const FoldedText& text, const ScrubRules& rules, const std::vector<ScrubSpan>& masked,
              std::vector<ScrubSpan>& out)
        : text_(text), rules_(rules), masked_(masked), out_(out) {}

    void run() {
        read_words();
        small_letters_ = std::ranges::none_of(words_, [](const Word& w) { return w.capital && !w.masked; });
        for (std::size_t i = 0; i < words_.size(); ++i)
            if (!words_[i].masked) judge(i);
        long_digits();
        quotations();
        rare_facts();
    }

private:
    /// Letters and digits, with the apostrophes and hyphens between them.
    void read_words() {
        for (std::size_t i = 0; i < text_.size();) {
            if (!text_.is_word(i)) {
                ++i;
                continue;
            }
            Word word{i, i, {}};
            while (i < text_.size() && (text_.is_word(i) || (text_.text[i] == '\'' && i + 1 < text_.size() && text_.is(i + 1, fold_letter)))) {
                if (text_.is_word(i)) note(word, i);
                word.text.push_back(text_.text[i]);
                ++i;
            }
            word.end = i;
            if (word.text.ends_with("'s")) word.text.resize(word.text.size() - 2);
            word.masked = is_masked(masked_, text_.origin[word.begin], text_.origin[word.end]);
            words_.push_back(std::move(word));
        }
    }
    void note(Word& word, std::size_t at) const {
        const bool letter = text_.is(at, fold_letter), upper = text_.is(at, fold_upper);
        if (letter) {
            word.capital = word.capital || upper;
            word.all_capitals = word.all_capitals && upper;
            word.letters = true;
        }
        word.digits = word.digits || text_.is(at, fold_digit);
        word.other_script = word.other_script || text_.is(at, fold_other_script);
    }

    void report(const Word& word, std::string_view why) {
        out_.push_back({text_.origin[word.begin], text_.origin[word.end], 0, why, {}});
    }

    void judge(std::size_t i) {
        const auto& word = words_[i];
        if (word.other_script) return report(word, "other-script");
        if (word.letters && word.digits) {
            if (word.text.size() >= least_code && !is_measure(word.text)) report(word, "digits");
            return;
        }
        if (!word.letters) return;
        if (word.text.size() == 1 && !(word.capital && is_initial(word))) return;
        if (known(word)) return;
        if (word.capital) return report(word, "capitalised-word");
        // In a text without any capital letter, and after "Mr" or "called", a name is written small.
        if (small_letters_ || after_name_word(i)) report(word, "name-like-word");
    }
    [[nodiscard]] auto known(const Word& word) const -> bool {
        if (rules_.is_common(word.text))
            return !(word.capital && !word.all_capitals && rules_.also_names.contains(word.text) && !begins_sentence(word));
        if (word.all_capitals && rules_.abbreviations.contains(word.text)) return true;
        if (!word.all_capitals || word.text.size() > 4) return word.text.size() <= 2 && !word.capital;
        return small_letters_ && rules_.abbreviations.contains(word.text);
    }
    [[nodiscard]] auto begins_sentence(const Word& word) const -> bool {
        const auto before = text_.text.find_last_not_of(" \"'(", word.begin == 0 ? 0 : word.begin - 1);
        return word.begin == 0 || before == std::string::npos || text_.text.find_first_of(".!?:\n", before) == before;
    }
    /// "B." is somebody; "A" and "I" are words.
    [[nodiscard]] auto is_initial(const Word& word) const -> bool {
        return word.text[0] != 'a' && word.text[0] != 'i';
    }
    /// "3cm", "10am", "2nd"
    static auto is_measure(std::string_view text) -> bool {
        const auto letters = text.find_first_not_of("0123456789.");
        return letters != std::string_view::npos && letters > 0 &&
               text.find_first_of("0123456789", letters) == std::string_view::npos && letters <= 3;
    }
    [[nodiscard]] auto after_name_word(std::size_t i) const -> bool {
        static constexpr std::string_view called[] = {"called", "named", "aka", "alias", "nicknamed", "surname", "surnamed"};
        if (i == 0) return false;
        const auto& before = words_[i - 1];
        if (text_.text.find_first_not_of(" .:\"'", before.end) != words_[i].begin) return false;
        return rules_.titles.contains(before.text) || rules_.kin.contains(before.text) ||
               std::ranges::find(called, before.text) != std::end(called);
    }

    /// Runs of digits that no pattern took.
    void long_digits() {
        for (const auto& word : words_) {
            if (word.masked || word.letters || word.text.size() < least_digits) continue;
            report(word, "digits");
        }
        // Groups: "12 34 56"
        std::size_t count = 0, first = 0, groups = 0;
        for (std::size_t i = 0; i <= words_.size(); ++i) {
            const bool digits = i < words_.size() && !words_[i].masked && !words_[i].letters && words_[i].text.size() < least_digits;
            const bool near = digits && groups > 0 && words_[i].begin - words_[i - 1].end <= 2 &&
                              text_.text.substr(words_[i - 1].end, words_[i].begin - words_[i - 1].end).find(". ") == std::string::npos;
            if (groups > 0 && !near) {
                if (count >= 6) out_.push_back({text_.origin[words_[first].begin], text_.origin[words_[i - 1].end], 0, "digits", {}});
                groups = count = 0;
            }
            if (!digits) continue;
            if (groups++ == 0) first = i;
            count += words_[i].text.size();
        }
    }

    /// A motto or the words on a badge name the school to whoever knows it, in small letters as well.
    void quotations() {
        for (const auto& word : words_) {
            if (!rules_.quoted_after.contains(word.text)) continue;
            const auto reach = std::min(word.end + 60, text_.size());
            const auto open = text_.text.find_first_of("\"'", word.end);
            if (open == std::string::npos || open >= reach) continue;
            const char mark = text_.text[open];
            auto close = text_.text.find(mark, open + 1);
            while (close != std::string::npos && mark == '\'' && close + 1 < text_.size() && text_.is(close + 1, fold_letter))
                close = text_.text.find(mark, close + 1);
            if (close == std::string::npos || close == open + 1) continue;
            out_.push_back({text_.origin[open + 1], text_.origin[close], 0, "quotation", {}});
        }
    }

    /// Ethnicity and disability together may point at one child in a small place: a hint, where the first of them stands.
    void rare_facts() {
        const auto first_of = [this](const WordSet& list) {
            return std::ranges::find_if(words_, [&list](const Word& w) { return !w.masked && list.contains(w.text); });
        };
        const auto ethnicity = first_of(rules_.ethnicity_words), disability = first_of(rules_.disability_words);
        if (ethnicity != words_.end() && disability != words_.end()) report(*std::min(ethnicity, disability), "rare-facts");
    }

    const FoldedText& text_;
    const ScrubRules& rules_;
    const std::vector<ScrubSpan>& masked_;
    std::vector<ScrubSpan>& out_;
    std::vector<Word> words_;
    bool small_letters_{false};
};

}  // namespace

void find_leftovers(const FoldedText& text, const ScrubRules& rules, const std::vector<ScrubSpan>& masked,
                    std::vector<ScrubSpan>& leftovers) {
    Leftovers{text, rules, masked, leftovers}.run();
}

}  // namespace cg::policy
