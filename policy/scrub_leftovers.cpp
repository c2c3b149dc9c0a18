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
    bool capital{false}, all_capitals{true}, letters{false}, digits{false}, other_script{false};
    bool masked{false}, masked_name{false}, reported{false};
};

class Leftovers {
public:
    Leftovers(const FoldedText& text, const LeftoverContext& context, std::vector<ScrubSpan>& out)
        : text_(text), rules_(context.rules), near_(context.near), masked_(context.masked), out_(out) {}

    void run() {
        read_words();
        const auto is_pronoun = [](const Word& w) { return w.text == "i" || w.text.starts_with("i'"); };
        small_letters_ = std::ranges::none_of(words_, [](const Word& w) { return w.capital && !w.masked; }) ||
                         std::ranges::none_of(words_, [&](const Word& w) { return w.capital && !is_pronoun(w); });
        for (std::size_t i = 0; i < words_.size(); ++i)
            if (!words_[i].masked) judge(i);
        pieces();
        disguises();
        long_digits();
        quotations();
        rare_facts();
    }

private:
    /// Letters and digits, with the apostrophes and hyphens between them. What is left of a word that was replaced in part is a
    /// word of its own: "Bloggs" of "JordanBloggs".
    void read_words() {
        for (std::size_t i = 0; i < text_.size();) {
            if (!text_.is_word(i)) {
                ++i;
                continue;
            }
            Word word{i, i, {}};
            const auto* mask = mask_at(i);
            while (i < text_.size() && mask_at(i) == mask && (text_.is_word(i) || (text_.text[i] == '\'' && i + 1 < text_.size() && text_.is(i + 1, fold_letter)))) {
                if (text_.is_word(i)) note(word, i);
                word.text.push_back(text_.text[i]);
                ++i;
            }
            word.end = i;
            if (word.text.ends_with("'s")) word.text.resize(word.text.size() - 2);
            word.masked = mask != nullptr || is_s_of_a_name(word);
            word.masked_name = mask != nullptr && mask->kind == "gazetteer:name";
            words_.push_back(std::move(word));
        }
    }
    [[nodiscard]] auto mask_at(std::size_t at) const -> const ScrubSpan* {
        const auto byte = text_.origin[at];
        const auto it = std::ranges::partition_point(masked_, [byte](const ScrubSpan& span) { return span.end <= byte; });
        return it != masked_.end() && it->begin <= byte ? &*it : nullptr;
    }
    /// "[CHILD]'s", "[CHILD]s"
    [[nodiscard]] auto is_s_of_a_name(const Word& word) const -> bool {
        return word.text == "s" && !words_.empty() && words_.back().masked && word.begin - words_.back().end <= 1 &&
               (word.begin == words_.back().end || text_.text[word.begin - 1] == '\'');
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

    void report(Word& word, std::string_view why) {
        word.reported = true;
        out_.push_back({text_.origin[word.begin], text_.origin[word.end], 0, why, {}});
    }

    void judge(std::size_t i) {
        auto& word = words_[i];
        if (word.other_script) return report(word, "other-script");
        if (word.letters && word.digits) {
            if (word.text.size() >= least_code && !is_measure(word.text)) report(word, "digits");
            return;
        }
        if (!word.letters) return;
        if (word.text.size() == 1 && !(word.capital && is_initial(word))) return;
        const bool common = rules_.is_common(word.text);
        if (named_by_what_stands_before(i) || (common && may_be_a_name(i))) return report(word, word.capital ? "capitalised-word" : "name-like-word");
        if (common || known(word)) return;
        if (word.capital) return report(word, "capitalised-word");
        // In a text without any capital letter, and after "Mr" or "called", a name is written small.
        const bool first_name = rules_.nicknames.contains(word.text) && !rules_.also_names.contains(word.text);
        const bool near = near_.is_misspelt(word.text) || near_.holds_one(word.text);
        if (small_letters_ || first_name || near || after_name_word(i)) report(word, "name-like-word");
    }

    /// "ro bin", "jor🙂dan": words that together are a name of the case, where at least one of them is no word or no space parts
    /// them. And single letters in a row: somebody spells.
    void pieces() {
        constexpr std::size_t widest = 8, most_pieces = 4, spelled = 4;
        std::size_t letters = 0;
        for (std::size_t i = 0; i < words_.size(); ++i) {
            const bool near = i > 0 && words_[i].begin - words_[i - 1].end <= widest;
            const bool single = !words_[i].masked && words_[i].letters && words_[i].text.size() == 1;
            letters = single ? (near ? letters + 1 : 1) : 0;
            if (letters >= spelled) report_all(i + 1 - letters, i);
            std::string joined;
            bool doubtful = false, sign = false;
            for (std::size_t k = i; k < std::min(i + most_pieces, words_.size()); ++k) {
                const auto& word = words_[k];
                const auto gap = k == i ? std::string_view{} : std::string_view{text_.text}.substr(words_[k - 1].end, word.begin - words_[k - 1].end);
                if (word.masked || word.digits || gap.size() > widest || joined.size() + word.text.size() > near_.longest()) break;
                sign = sign || gap.find_first_not_of(" \n,.;:-'\"") != std::string_view::npos;
                doubtful = doubtful || sign || !rules_.is_common(word.text);
                joined += word.text;
                if (k == i || !doubtful || joined.size() < 4) continue;
                if ((joined.size() > 4 && near_.is_name(joined)) || (sign && near_.is_misspelt(joined))) report_all(i, k);
            }
        }
    }
    void report_all(std::size_t first, std::size_t last) {
        out_.push_back({text_.origin[words_[first].begin], text_.origin[words_[last].end], 0, "name-like-word", {}});
    }

    /// "j0rd4n", "$am"
    void disguises() {
        constexpr std::string_view signs{"$@!|"};
        const auto drawn = [&](std::size_t i) { return text_.is_word(i) || signs.find(text_.text[i]) != std::string_view::npos; };
        for (std::size_t i = 0; i < text_.size();) {
            if (!drawn(i)) {
                ++i;
                continue;
            }
            const auto begin = i;
            while (i < text_.size() && drawn(i)) ++i;
            const auto whole = std::string_view{text_.text}.substr(begin, i - begin);
            auto end = i;
            while (end > begin && text_.text[end - 1] == '!') --end;  // "Stop!"
            if (!near_.is_disguised(whole) && (end == i || !near_.is_disguised(whole.substr(0, end - begin)))) continue;
            if (!all_masked(begin, i)) out_.push_back({text_.origin[begin], text_.origin[i], 0, "name-like-word", {}});
        }
    }
    [[nodiscard]] auto all_masked(std::size_t begin, std::size_t end) const -> bool {
        for (auto i = begin; i < end; ++i)
            if (text_.is_word(i) && mask_at(i) == nullptr) return false;
        return true;
    }
    [[nodiscard]] auto known(const Word& word) const -> bool {
        if (word.all_capitals && rules_.abbreviations.contains(word.text)) return true;
        if (!word.all_capitals || word.text.size() > 4) return word.text.size() <= 2 && !word.capital;
        return small_letters_ && rules_.abbreviations.contains(word.text);
    }
    /// A word of everyday language that is somebody here: "Karen Walker", "Rose knows", "a friend, Mark".
    [[nodiscard]] auto may_be_a_name(std::size_t i) const -> bool {
        const auto& word = words_[i];
        const bool listed = rules_.also_names.contains(word.text);
        if (!word.capital && i > 0 && is_next_to(i - 1, i) && rules_.no_name_follows.contains(words_[i - 1].text)) return false;
        if (listed && i + 1 < words_.size() && is_next_to(i, i + 1) && rules_.people_do.contains(words_[i + 1].text)) return true;
        if (!word.capital || word.all_capitals || begins_sentence(word)) return false;
        if (listed || follows_name(i)) return true;
        // "Manning" is no kind of man. But headings and quotations have capitals, too.
        const bool inflected = !rules_.common.contains(word.text) && !word.text.ends_with('s') && word.text.find('\'') == std::string::npos;
        const char before = word.begin == 0 ? ' ' : text_.text[word.begin - 1];
        return inflected && before != '"' && before != '\'';
    }
    [[nodiscard]] auto is_next_to(std::size_t a, std::size_t b) const -> bool {
        return words_[b].begin == words_[a].end + 1 && (text_.text[words_[a].end] == ' ' || text_.text[words_[a].end] == '-');
    }
    [[nodiscard]] auto follows_name(std::size_t i) const -> bool {
        return i > 0 && is_next_to(i - 1, i) && (words_[i - 1].masked_name || (words_[i - 1].reported && words_[i - 1].capital));
    }
    /// "Mrs Hall", "his aunt Carly", "a boy called Chance"; but not "Mr and Mrs".
    [[nodiscard]] auto named_by_what_stands_before(std::size_t i) const -> bool {
        const auto& word = words_[i];
        if (i == 0 || rules_.titles.contains(word.text) || rules_.kin.contains(word.text)) return false;
        const auto& before = words_[i - 1];
        if (rules_.names_follow.contains(before.text) && text_.text.find_first_not_of(" .", before.end) == word.begin)
            return word.capital || !rules_.everyday.contains(word.text);
        if (!word.capital || word.all_capitals || word.text.size() < 2 || !is_next_to(i - 1, i)) return false;
        return (rules_.titles.contains(before.text) && before.capital) || rules_.kin.contains(before.text) || is_called(before.text);
    }
    [[nodiscard]] static auto is_called(std::string_view word) -> bool {
        static constexpr std::string_view called[] = {"called", "named", "aka", "alias", "nicknamed", "surname", "surnamed"};
        return std::ranges::find(called, word) != std::end(called);
    }
    [[nodiscard]] auto begins_sentence(const Word& word) const -> bool {
        const auto before = text_.text.find_last_not_of(" \"'(", word.begin == 0 ? 0 : word.begin - 1);
        return word.begin == 0 || before == std::string::npos || std::string_view{".!?:\n"}.find(text_.text[before]) != std::string_view::npos;
    }
    /// "B." is somebody; "A" and "I" are words.
    [[nodiscard]] auto is_initial(const Word& word) const -> bool {
        return word.text[0] != 'a' && word.text[0] != 'i';
    }
    /// "3cm", "10am", "2nd", but not "2smith"
    static auto is_measure(std::string_view text) -> bool {
        constexpr std::size_t longest = 3;
        const auto letters = text.find_first_not_of("0123456789.");
        return letters != std::string_view::npos && letters > 0 && letters <= longest && text.size() - letters <= longest &&
               text.find_first_of("0123456789", letters) == std::string_view::npos;
    }
    [[nodiscard]] auto after_name_word(std::size_t i) const -> bool {
        if (i == 0) return false;
        const auto& before = words_[i - 1];
        if (text_.text.find_first_not_of(" .:\"'", before.end) != words_[i].begin) return false;
        return rules_.titles.contains(before.text) || rules_.kin.contains(before.text) || is_called(before.text);
    }

    /// Runs of digits that no pattern took.
    void long_digits() {
        for (auto& word : words_) {
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
            constexpr std::size_t far = 60, longest_quotation = 400;
            const auto near = std::string_view{text_.text}.substr(0, std::min(word.end + far, text_.size()));
            const auto open = near.find_first_of("\"'", word.end);
            if (open == std::string_view::npos) continue;
            const char mark = text_.text[open];
            const auto reach = std::string_view{text_.text}.substr(0, std::min(open + longest_quotation, text_.size()));
            auto close = reach.find(mark, open + 1);
            while (close != std::string_view::npos && mark == '\'' && close + 1 < text_.size() && text_.is(close + 1, fold_letter))
                close = reach.find(mark, close + 1);
            if (close == std::string_view::npos || close == open + 1) continue;
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
    const NearNames& near_;
    const std::vector<ScrubSpan>& masked_;
    std::vector<ScrubSpan>& out_;
    std::vector<Word> words_;
    bool small_letters_{false};
};

}  // namespace

void find_leftovers(const FoldedText& text, const LeftoverContext& context, std::vector<ScrubSpan>& leftovers) {
    Leftovers{text, context, leftovers}.run();
}

}  // namespace cg::policy
