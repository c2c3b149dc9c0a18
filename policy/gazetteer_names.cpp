// Making the list: in how many ways people write a name, a school, a street.
#include "policy/fold.hpp"
#include "policy/gazetteer_maker.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <utility>

namespace cg::policy {
namespace {

auto join(const std::vector<NameWord>& words, std::size_t from, std::size_t to) -> std::string {
    std::string out;
    for (std::size_t i = from; i < to; ++i) out += words[i].text;
    return out;
}
auto has_digit(const NameWord& word) -> bool {
    return std::ranges::any_of(word.text, [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

auto written_out(std::string text) -> std::string {
    using Pair = std::pair<std::string_view, std::string_view>;
    static constexpr std::array pairs{Pair{"ä", "ae"}, Pair{"ö", "oe"}, Pair{"ü", "ue"}, Pair{"ø", "oe"}, Pair{"å", "aa"},
                                      Pair{"Ä", "Ae"}, Pair{"Ö", "Oe"}, Pair{"Ü", "Ue"}, Pair{"Ø", "Oe"}, Pair{"Å", "Aa"}};
    for (const auto& [from, to] : pairs)
        for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
            text.replace(at, from.size(), to);
    return text;
}

auto words_of(std::string_view value, Break at) -> std::vector<NameWord> {
    const auto folded = fold(value);
    std::vector<NameWord> out;
    bool open = false;
    std::size_t mark = std::string::npos;  // letters before the last apostrophe
    const auto close = [&] {
        if (open && mark != std::string::npos) out.back().possessive = mark + 1 == out.back().text.size() && out.back().text.back() == 's';
        open = false;
    };
    for (std::size_t i = 0; i < folded.size(); ++i) {
        if (!folded.is_word(i)) {
            const char c = folded.text[i];
            const bool inside = (c == '\'' && at != Break::pieces) || (c == '-' && at == Break::words);
            if (inside && open && c == '\'') mark = out.back().text.size();
            if (!inside) close();
            continue;
        }
        if (!open) {
            out.push_back({{}, {}, 0, false, folded.is(i, fold_upper)});
            mark = std::string::npos;
            for (auto k = i; k < folded.size() && folded.origin[k] == folded.origin[i]; ++k) out.back().initial.push_back(folded.text[k]);
        }
        open = true;
        out.back().text.push_back(folded.text[i]);
        if ((static_cast<unsigned char>(folded.text[i]) & 0xC0U) != 0x80U) ++out.back().letters;
        if (folded.is(i, fold_other_script)) out.back().other_script = true;
    }
    close();
    return out;
}

// ---- places ----

void GazetteerMaker::add_phrase(std::string_view text, const std::string& token, const std::string& kind) {
    const auto words = compact(text);
    if (words.size() < 2) return;
    add(words, Form::phrase, token, kind);
    const auto other = compact(written_out(std::string{text}));
    if (other != words) add(other, Form::phrase, token, kind);
}

/// "Little Thornbeck" is also Thornbeck.
void GazetteerMaker::add_town(const GazetteerRule& rule, std::string_view text) {
    add_phrase(text, rule.token, rule.kind);
    for (const auto& word : words_of(text, Break::hyphens))
        if (word.letters >= 4 && !rules_.is_common(word.text) && !rules_.place_words.contains(word.text)) add_place_word(rule, word);
}

void GazetteerMaker::add_place_word(const GazetteerRule& rule, const NameWord& word) {
    add(word.text, Form::part, rule.token, rule.kind);
    if (word.possessive && word.letters >= 5) add(word.text.substr(0, word.text.size() - 1), Form::part, rule.token, rule.kind);
}

/// "Willow Primary School": the whole, its own words without what it is, and its initials.
void GazetteerMaker::add_place(const GazetteerRule& rule, std::string_view text) {
    add_phrase(text, rule.token, rule.kind);
    const auto words = words_of(text);
    std::size_t own = words.size();
    while (own > 0 && rules_.place_words.contains(words[own - 1].text)) --own;
    for (std::size_t n = std::max<std::size_t>(own, 1); n < words.size(); ++n) add(join(words, 0, n), Form::phrase, rule.token, rule.kind);
    std::string initials;
    for (const auto& word : words) {
        if (!rules_.place_words.contains(word.text) && word.letters >= 3 && !rules_.everyday.contains(word.text)) add_place_word(rule, word);
        if (static_cast<unsigned char>(word.text[0]) < 0x80U) initials.push_back(word.text[0]);
    }
    if (initials.size() >= 3) add(initials, Form::initials, rule.token, rule.kind);
    if (initials.size() >= 4 && !rules_.is_common(initials) && !rules_.abbreviations.contains(initials))
        add(initials, Form::part, rule.token, rule.kind);  // "wsps"
}

/// "14 Sample Row": the whole, the street alone, and its name alone; each with "Row" written short.
void GazetteerMaker::add_address(const GazetteerRule& rule, std::string_view text) {
    add_phrase(text, rule.token, rule.kind);
    while (!text.empty()) {
        const auto part = text.substr(0, text.find(','));
        text.remove_prefix(std::min(part.size() + 1, text.size()));
        add_street(rule, words_of(part));
    }
}

void GazetteerMaker::add_street(const GazetteerRule& rule, const std::vector<NameWord>& words) {
    if (words.empty()) return;
    const auto variants = [&](std::size_t from) {
        const auto whole = join(words, from, words.size());
        add(whole, Form::phrase, rule.token, rule.kind);
        const auto last = words.back().text;
        if (const auto it = rules_.street_words.find(last); it != rules_.street_words.end())
            for (const auto& other : it->second)
                add(whole.substr(0, whole.size() - last.size()) + other, Form::phrase, rule.token, rule.kind);
    };
    std::size_t from = 0;
    if (words.size() > 1 || !has_digit(words[0])) variants(0);
    while (from < words.size() && (has_digit(words[from]) || words[from].letters < 2)) ++from;
    if (from == words.size()) return;
    if (words.size() - from > 1 && from > 0) variants(from);
    const bool typed = rules_.street_words.contains(words.back().text) && words.size() - from > 1;
    for (std::size_t i = from; i + (typed ? 1 : 0) < words.size(); ++i) {
        const auto& word = words[i];
        if (word.letters < 3 || rules_.everyday.contains(word.text) || rules_.street_words.contains(word.text)) continue;
        const bool common = rules_.is_common(word.text);  // "flat": only where it is written like a name
        add(word.text, Form::part, rule.token, rule.kind, {.everyday = common, .capital_only = common});
    }
}

// ---- names ----

void GazetteerMaker::add_child_names() {
    const auto& child = tree_["child"];
    const std::string given{child["given_names"].text()}, family{child["family_name"].text()}, preferred{child["preferred_name"].text()};
    auto& names = out_.people_[0].names;
    for (const auto& name : {given, preferred, family}) {
        if (!usable(name)) continue;
        names.emplace_back(name);
        know(name, rules_.child);
    }
    const bool has_family = usable(family);
    for (const auto& first : {given, preferred}) {
        if (!usable(first)) continue;
        add_name(has_family ? first + " " + family : first, rules_.child, "name");
        if (has_family) know(first + " " + family, rules_.child);
    }
    if (has_family) add_name(family, rules_.child, "name", false);
    if (usable(given) && has_family) names.push_back(given + " " + family);
}

void GazetteerMaker::add_name(std::string_view name, const std::string& token, const std::string& kind, bool first_counts) {
    if (!usable(name)) return;
    auto words = words_of(name);
    std::erase_if(words, [this](const NameWord& word) { return rules_.titles.contains(word.text); });
    add_words_of_name(words, token, kind, first_counts);
    // "Anna" and "Marie" of "Anna-Marie", "Brien" of "O'Brien", "O'Neill" of "O'Neill-Smith".
    for (const auto at : {Break::hyphens, Break::pieces})
        for (const auto& piece : words_of(name, at))
            if (piece.letters >= 3 && !rules_.titles.contains(piece.text) && !rules_.particles.contains(piece.text)) add_part(piece, token, kind);
    if (const auto other = written_out(std::string{name}); other != name) add_words_of_name(words_of(other), token, kind, first_counts);
    if (std::ranges::any_of(words, &NameWord::other_script))  // "Вера" in a text in English
        if (const auto latin = in_latin(name); !latin.empty()) add_words_of_name(words_of(latin), token, kind, first_counts);
}

void GazetteerMaker::add_words_of_name(const std::vector<NameWord>& words, const std::string& token, const std::string& kind, bool first_counts) {
    if (words.empty()) return;
    for (std::size_t i = 0; i < words.size(); ++i)  // "Al Lee" is called Al; in "van der Meulen" nobody is called van
        if ((i == 0 && first_counts) || words.size() == 1 || !rules_.particles.contains(words[i].text)) add_part(words[i], token, kind);
    const auto n = words.size();
    add(join(words, 0, n), Form::full, token, kind, {.everyday = n == 1 && rules_.everyday.contains(words[0].text)});
    if (words[0].other_script && n == 1 && words[0].letters >= 3 && words[0].letters <= 4)
        add(words[0].text.substr(3), Form::part, token, kind);  // 王小明: the given name without the family's
    if (n < 2) return;
    add(words[n - 1].text + join(words, 0, n - 1), Form::full, token, kind);  // "Larkspur, Wren"
    for (const auto& first : first_names(words[0])) {
        add(first + words[n - 1].text, Form::full, token, kind);
        for (std::size_t i = 1; i < n; ++i) add_initial(first, words[i], token, kind);  // "Rhys v." is van der Meulen
    }
    add_run_together(words, token, kind);
    add_all_initials(words, token, kind);
}

/// "Mary Jane G.", "maryjane"
void GazetteerMaker::add_run_together(const std::vector<NameWord>& words, const std::string& token, const std::string& kind) {
    constexpr std::size_t most_given_names = 4;
    for (std::size_t i = 2; i < std::min(words.size(), most_given_names); ++i) {
        add(join(words, 0, i), Form::full, token, kind);
        add_initial(join(words, 0, i), words[i], token, kind);
    }
}

void GazetteerMaker::add_all_initials(const std::vector<NameWord>& words, const std::string& token, const std::string& kind) {
    std::string initials;
    for (const auto& word : words) {
        if (word.other_script) return;
        initials += word.initial;
    }
    const auto& first = words[0];
    const auto& last = words.back();
    add(initials, Form::initials, token, kind);
    for (std::size_t i = 1; i < words.size(); ++i) add(first.initial + words[i].initial, Form::initials, token, kind);
    add(first.initial + last.text, Form::full, token, kind, {.split = first.initial.size(), .initial_first = true});
    add_initial(last.text, first, token, kind);
}

/// "Robin T."
void GazetteerMaker::add_initial(const std::string& first, const NameWord& last, const std::string& token, const std::string& kind) {
    if (!last.other_script) add(first + last.initial, Form::full, token, kind, {.split = first.size()});
}

auto GazetteerMaker::first_names(const NameWord& word) const -> std::vector<std::string> {
    std::vector<std::string> out{word.text};
    if (const auto it = rules_.nicknames.find(word.text); it != rules_.nicknames.end())
        out.insert(out.end(), it->second.begin(), it->second.end());
    return out;
}

void GazetteerMaker::add_part(const NameWord& word, const std::string& token, const std::string& kind) {
    const bool everyday = rules_.everyday.contains(word.text);
    add(word.text, word.letters >= 3 || word.other_script ? Form::part : Form::short_part, token, kind, {.everyday = everyday});
    if (const auto it = rules_.nicknames.find(word.text); it != rules_.nicknames.end())
        for (const auto& nick : it->second)
            add(nick, nick.size() >= 3 ? Form::part : Form::short_part, token, kind,
                {.everyday = rules_.everyday.contains(nick) || rules_.common.contains(nick)});
    add_short_forms(word, token, kind);
}

/// "Rob" and "Robby" for "Robin", where they are no everyday words.
void GazetteerMaker::add_short_forms(const NameWord& word, const std::string& token, const std::string& kind) {
    if (word.letters < 5 || word.other_script || word.text.size() != word.letters) return;
    const auto stem = word.text.substr(0, 3), longer = word.text.substr(0, 4);
    for (const auto& form : {stem + "y", stem + "ie", stem + stem[2] + "y", stem + stem[2] + "ie", longer + "y", longer + "ie"})
        if (!rules_.is_common(form)) add(form, Form::part, token, kind, {.everyday = true});
}

/// A family name that several people bear stands for none of them; between a person and a professional the person has it.
void GazetteerMaker::share_parts() {
    std::vector<int> person_of(out_.tokens_.size(), 0);  // by token: 1 a professional, 2 somebody of the case
    for (const auto& person : out_.people_)
        if (const auto it = token_numbers_.find(person.token); it != token_numbers_.end())
            person_of[it->second] = std::max(person_of[it->second], person.relationship == "professional" ? 1 : 2);
    std::map<std::string_view, std::set<std::uint16_t>> owners;
    for (const auto& entry : out_.entries_)
        if (entry.form == Form::part && person_of[entry.token] > 0) owners[entry.text].insert(entry.token);
    const auto family = token_number(rules_.family);
    person_of.resize(out_.tokens_.size(), 0);
    std::set<std::string_view> shared;
    for (const auto& [text, tokens] : owners)
        if (std::ranges::count_if(tokens, [&](std::uint16_t token) { return person_of[token] == 2; }) > 1) shared.insert(text);
    for (auto& entry : out_.entries_)
        if (entry.form == Form::part && person_of[entry.token] > 0 && shared.contains(entry.text)) entry.token = family;
}

}  // namespace cg::policy
