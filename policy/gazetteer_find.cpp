// Where a text names what the gazetteer knows.
#include "policy/fold.hpp"
#include "policy/gazetteer.hpp"

#include <algorithm>

namespace cg::policy {
namespace {

using Form = GazetteerEntry::Form;
constexpr std::size_t widest_gap = 4;           // between the words of a name or the groups of a number
constexpr std::size_t certain_number = 7;       // so many characters are no accident inside a longer run
constexpr std::size_t most_more_digits = 32;
constexpr std::size_t shortest_broken_part = 6;  // "Larks pur"

auto is_digit(char c) -> bool {
    return c >= '0' && c <= '9';
}
auto is_space(char c) -> bool {
    return c == ' ' || c == '\n';
}

/// The letters and digits of a text, and where they stand in it.
struct Compact {
    std::string text;
    std::vector<std::uint32_t> at;

    explicit Compact(const FoldedText& folded) {
        text.reserve(folded.size());
        at.reserve(folded.size());
        for (std::uint32_t i = 0; i < folded.size(); ++i) {
            if (!folded.is_word(i)) continue;
            text.push_back(spell(folded.text[i]));
            at.push_back(i);
        }
    }
};

class Hit {
public:
    Hit(const FoldedText& folded, const Compact& compact, const ScrubRules& rules, const GazetteerEntry& entry, std::size_t begin,
        std::size_t end)
        : t_(folded), c_(compact), r_(rules), e_(entry), b_(begin), e2_(end), from(compact.at[begin]), to(compact.at[end - 1] + 1) {}

    /// Does the place really name it?
    auto holds() -> bool {
        switch (e_.form) {
            case Form::number: return number();
            case Form::initials: return spelled_alike() && initials() && starts() && ends();
            case Form::short_part: return spelled_alike() && gaps_below(1) && starts() && ends() && short_part();
            case Form::part: return spelled_alike() && (e_.other_script || (starts() && ends())) && part_gaps();
            case Form::full: return spelled_alike() && (e_.other_script || (starts() && ends())) && gaps_below(widest_gap) && split();
            case Form::phrase: return spelled_alike() && starts() && ends() && gaps_below(widest_gap);
        }
        return false;
    }
    /// A word of everyday language, written as one: nobody can tell.
    [[nodiscard]] auto ambiguous() const -> bool {
        if (e_.form == Form::initials || !(e_.everyday || e_.a_word)) return false;
        const bool small = !t_.is(from, fold_upper) || all_capitals();
        return e_.everyday ? small || begins_sentence() : small && names_a_thing();
    }

private:
    const FoldedText& t_;
    const Compact& c_;
    const ScrubRules& r_;
    const GazetteerEntry& e_;
    std::size_t b_, e2_;

public:
    std::size_t from, to;  // in the folded text

private:
    [[nodiscard]] auto upper(std::size_t at) const -> bool { return t_.is(at, fold_upper); }
    [[nodiscard]] auto letter(std::size_t at) const -> bool { return t_.is(at, fold_letter); }

    /// o and 0, i, l and 1 are one to the automaton. Here a letter must be that letter, or a digit or look-alike for it.
    [[nodiscard]] auto spelled_alike() const -> bool {
        std::size_t true_letters = 0;
        for (std::size_t k = 0; k < e_.text.size(); ++k) {
            const auto at = c_.at[b_ + k];
            const char is = t_.text[at], wanted = e_.text[k];
            if (is == wanted) {
                ++true_letters;
                continue;
            }
            const bool digit_for_letter = is_digit(is) || is_digit(wanted);
            const bool capital_i = is == 'i' && wanted == 'l' && upper(at) && at > 0 && letter(at - 1) && !upper(at - 1);
            if (!digit_for_letter && !capital_i && !t_.is(at, fold_glyph)) return false;
        }
        return 2 * true_letters >= e_.text.size();
    }

    [[nodiscard]] auto starts() const -> bool {
        if (from == 0 || !t_.is_word(from - 1)) return true;
        if (letter(from) != letter(from - 1)) return true;
        return upper(from) && letter(from - 1) && !upper(from - 1);
    }
    [[nodiscard]] auto ends_at(std::size_t at) const -> bool {
        if (at >= t_.size() || !t_.is_word(at)) return true;
        if (letter(at) != letter(at - 1)) return true;
        return upper(at) && !upper(at - 1);
    }
    /// Also where an s for "of" follows: "Sams".
    auto ends() -> bool {
        if (ends_at(to)) return true;
        if (t_.text[to] != 's' || !ends_at(to + 1) || !letter(to - 1)) return false;
        ++to;
        return true;
    }

    template <class Test>
    [[nodiscard]] auto every_gap(Test test) const -> bool {
        for (std::size_t k = b_ + 1; k < e2_; ++k)
            if (!test(c_.at[k - 1] + 1, c_.at[k])) return false;
        return true;
    }
    [[nodiscard]] auto gaps_below(std::size_t limit) const -> bool {
        return every_gap([limit](std::size_t a, std::size_t b) { return b - a <= limit; });
    }

    /// Whole; or with hyphens and apostrophes; or spelled out ("R o b i n"); or broken once ("Larks-\npur", "Larks pur").
    [[nodiscard]] auto part_gaps() const -> bool {
        std::size_t gaps = 0, spaces = 0, wide = 0, broken_at = 0;
        for (std::size_t k = b_ + 1; k < e2_; ++k) {
            const auto begin = c_.at[k - 1] + 1, end = c_.at[k];
            if (begin == end) continue;
            ++gaps;
            bool space = false, joiner = false;
            for (auto i = begin; i < end; ++i) {
                const char c = t_.text[i];
                space = space || is_space(c);
                joiner = joiner || c == '-' || c == '\'';
            }
            if (end - begin > 3) ++wide;
            if (space && !joiner) {
                ++spaces;
                broken_at = end;
            } else if (!joiner && end - begin > 1) {
                ++wide;
            }
        }
        if (gaps == 0) return true;
        if (e_.text.size() >= 3 && gaps + 1 == e_.text.size()) return wide == 0;
        if (wide > 0 || gaps > 2) return false;
        if (spaces == 0) return true;
        return spaces == 1 && e_.text.size() >= shortest_broken_part && upper(from) && (!upper(broken_at) || all_capitals());
    }

    /// "Robin T." but not "robint", "Jo T." but not "jot".
    [[nodiscard]] auto split() -> bool {
        if (e_.split == 0) return true;
        const auto at = c_.at[b_ + e_.split], before = c_.at[b_ + e_.split - 1];
        const bool apart = at > before + 1 && t_.text[before + 1] != '\'';
        if (at > before + 1 && !apart) return false;  // "Jordan's"
        const auto single = e_.initial_first ? from : at;  // the initial
        const auto behind = after(single);
        const bool dotted = behind < t_.size() && t_.text[behind] == '.';
        if (!upper(single) && !dotted && !apart) return false;
        if (!apart && !upper(at)) return false;
        // "robin a great boy": a small letter alone is a word, not an initial, unless a dot says so.
        if (!upper(single) && !dotted && (t_.text[single] == 'a' || t_.text[single] == 'i')) return false;
        if (to < t_.size() && t_.text[to] == '.' && !e_.initial_first) ++to;
        return true;
    }

    /// The place behind the character at `at`, which may fold to several.
    [[nodiscard]] auto after(std::size_t at) const -> std::size_t {
        auto end = at + 1;
        while (end < t_.size() && t_.origin[end] == t_.origin[at]) ++end;
        return end;
    }

    [[nodiscard]] auto initials() -> bool {
        bool dots = true, capitals = true;
        for (std::size_t k = b_; k < e2_; ++k) {
            const auto at = c_.at[k];
            capitals = capitals && upper(at);
            const auto behind = after(at);
            dots = dots && behind < t_.size() && t_.text[behind] == '.';
        }
        if (!gaps_below(2) || (!capitals && !dots)) return false;
        if (!dots && from > 0 && t_.text[from - 1] == '\'') return false;
        // A full stop after the last one may end the sentence as well; the dot of an initial goes with it.
        if (dots && to < t_.size() && t_.text[to] == '.') ++to;
        return true;
    }

    [[nodiscard]] auto short_part() const -> bool {
        if (e_.text.size() >= 2) return true;
        // One letter: only as a capital, and never the pronoun or "I'm".
        return upper(from) && t_.text[from] != 'i' && (to >= t_.size() || t_.text[to] != '\'' || t_.text[from] != 'd');
    }

    [[nodiscard]] auto number() -> bool {
        if (!gaps_below(widest_gap)) return false;
        std::size_t digits = 0;
        for (std::size_t k = b_; k < e2_; ++k) digits += is_digit(t_.text[c_.at[k]]) ? 1U : 0U;
        const auto wanted = static_cast<std::size_t>(std::ranges::count_if(e_.text, is_digit));
        if (wanted >= 4 && digits < 4) return false;
        if (wanted < 4 && !spelled_alike()) return false;
        const auto inside = [this](std::size_t a, std::size_t b) { return t_.is_word(a) && t_.is_word(b) && letter(a) == letter(b); };
        const bool left = from > 0 && inside(from - 1, from), right = to < t_.size() && inside(to - 1, to);
        if ((left || right) && e_.text.size() < certain_number) return false;
        // A longer run of digits is a number in itself, found by its shape: no need to walk it from every place in it.
        const auto first = from > most_more_digits ? from - most_more_digits : 0, last = std::min(to + most_more_digits, t_.size());
        while (from > first && t_.is(from, fold_digit) && t_.is(from - 1, fold_digit)) --from;
        while (to < last && t_.is(to - 1, fold_digit) && t_.is(to, fold_digit)) ++to;
        if (from > 0 && t_.text[from - 1] == '+') --from;
        return true;
    }

    /// In a text in capitals a capital letter says nothing: the words around are capitals as well.
    [[nodiscard]] auto all_capitals() const -> bool {
        const auto begin = from > 24 ? from - 24 : 0, end = std::min(to + 24, t_.size());
        std::size_t letters = 0, capitals = 0;
        for (auto i = begin; i < end; ++i) {
            if (i >= from && i < to) continue;
            letters += letter(i) ? 1U : 0U;
            capitals += upper(i) ? 1U : 0U;
        }
        return letters > 0 && 2 * capitals > letters;
    }
    /// "a mark", "we hope"
    [[nodiscard]] auto names_a_thing() const -> bool {
        if (from < 2 || !is_space(t_.text[from - 1])) return false;
        auto begin = from - 1;
        while (begin > 0 && letter(begin - 1)) --begin;
        return r_.no_name_follows.contains(std::string_view{t_.text}.substr(begin, from - 1 - begin));
    }
    [[nodiscard]] auto begins_sentence() const -> bool {
        auto i = from;
        while (i > 0 && (is_space(t_.text[i - 1]) || t_.text[i - 1] == '"' || t_.text[i - 1] == '\'' || t_.text[i - 1] == '(')) {
            if (t_.text[i - 1] == '\n') return true;
            --i;
        }
        return i == 0 || t_.text[i - 1] == '.' || t_.text[i - 1] == '!' || t_.text[i - 1] == '?' || t_.text[i - 1] == ':';
    }
};

/// "Mr Lee": the title goes with the name.
auto with_titles(const FoldedText& text, std::size_t from, const ScrubRules& rules) -> std::size_t {
    for (;;) {
        auto end = from;
        while (end > 0 && (is_space(text.text[end - 1]) || text.text[end - 1] == '.')) --end;
        auto begin = end;
        while (begin > 0 && text.is_word(begin - 1)) --begin;
        if (begin == end || end == from || !rules.titles.contains(text.text.substr(begin, end - begin))) return from;
        from = begin;
    }
}

}  // namespace

void Gazetteer::find(const FoldedText& text, std::vector<ScrubSpan>& spans) const {
    const Compact compact{text};
    words_.search(compact.text, [&](std::uint32_t id, std::size_t begin, std::size_t end) {
        const auto& entry = entries_[id];
        // A match that begins or ends inside a character of several bytes is none.
        if ((static_cast<unsigned char>(compact.text[begin]) & 0xC0U) == 0x80U) return;
        if (end < compact.text.size() && (static_cast<unsigned char>(compact.text[end]) & 0xC0U) == 0x80U) return;
        Hit hit{text, compact, rules_, entry, begin, end};
        if (!hit.holds()) return;
        bool report = hit.ambiguous();
        if (report && entry.capital_only) return;
        if (entry.form == Form::initials && rules_.abbreviations.contains(entry.text) && hit.to == compact.at[end - 1] + 1)
            report = true;  // "GP" may be the doctor
        const bool name = entry.form != Form::number && entry.form != Form::phrase;
        if (name) hit.from = with_titles(text, hit.from, rules_);
        spans.push_back({text.origin[hit.from], text.origin[hit.to], id, kinds_[entry.kind],
                         report ? std::string_view{} : std::string_view{tokens_[entry.token]}});
    });
}

}  // namespace cg::policy
