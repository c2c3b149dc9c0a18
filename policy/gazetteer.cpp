// Making the list. Looking for it in a text: gazetteer_find.cpp.
#include "policy/gazetteer.hpp"

#include "crypto/hash.hpp"
#include "policy/case_schema.hpp"
#include "policy/fold.hpp"
#include "policy/words.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <utility>

namespace cg::policy {

namespace {

using Form = GazetteerEntry::Form;
constexpr std::size_t most_entries = 20'000;  // a case with a thousand people is no case
constexpr std::size_t longest_value = 400;

/// "Ü" is also written "Ue".
auto written_out(std::string text) -> std::string {
    using Pair = std::pair<std::string_view, std::string_view>;
    static constexpr std::array pairs{Pair{"ä", "ae"}, Pair{"ö", "oe"}, Pair{"ü", "ue"}, Pair{"ø", "oe"}, Pair{"å", "aa"},
                                      Pair{"Ä", "Ae"}, Pair{"Ö", "Oe"}, Pair{"Ü", "Ue"}, Pair{"Ø", "Oe"}, Pair{"Å", "Aa"}};
    for (const auto& [from, to] : pairs)
        for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
            text.replace(at, from.size(), to);
    return text;
}

struct Word {
    std::string text;     // folded letters and digits
    std::string initial;  // what its first character folds to: "th" for Þ
    std::size_t letters;  // code points
    bool other_script;
    bool capital;
};
/// Words between white space, dots and commas. Hyphens and apostrophes do not break a name, unless its pieces are wanted.
auto words_of(std::string_view value, bool pieces = false) -> std::vector<Word> {
    const auto folded = fold(value);
    std::vector<Word> out;
    bool open = false;
    for (std::size_t i = 0; i < folded.size(); ++i) {
        if (!folded.is_word(i)) {
            const char c = folded.text[i];
            if (pieces || (c != '\'' && c != '-')) open = false;
            continue;
        }
        if (!open) {
            out.push_back({{}, {}, 0, false, folded.is(i, fold_upper)});
            for (auto k = i; k < folded.size() && folded.origin[k] == folded.origin[i]; ++k) out.back().initial.push_back(folded.text[k]);
        }
        open = true;
        out.back().text.push_back(folded.text[i]);
        if ((static_cast<unsigned char>(folded.text[i]) & 0xC0U) != 0x80U) ++out.back().letters;
        if (folded.is(i, fold_other_script)) out.back().other_script = true;
    }
    return out;
}

auto years_between(Date from, Date to) -> int {
    int years = static_cast<int>(to.year()) - static_cast<int>(from.year());
    if (std::pair{to.month(), to.day()} < std::pair{from.month(), from.day()}) --years;
    return std::max(years, 0);
}

auto upper_case(std::string_view text) -> std::string {
    std::string out{text};
    std::ranges::transform(out, out.begin(), [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
    return out;
}

void collect(const Json& value, std::string_view pattern, std::vector<const Json*>& out) {
    if (pattern.empty()) {
        if (value.is_leaf()) out.push_back(&value);
        if (const auto* items = value.if_array())
            for (const auto& item : *items)
                if (item.is_leaf()) out.push_back(&item);
        return;
    }
    pattern.remove_prefix(1);
    const auto token = pattern.substr(0, pattern.find('/'));
    pattern.remove_prefix(token.size());
    if (token == "*") {
        if (const auto* items = value.if_array())
            for (const auto& item : *items) collect(item, pattern, out);
    } else if (const auto* inner = value.find(token)) {
        collect(*inner, pattern, out);
    }
}

}  // namespace

class GazetteerMaker {
public:
    GazetteerMaker(Gazetteer& out, const Json& tree, Date today, ByteView secret)
        : out_(out), rules_(out.rules_), tree_(tree), today_(today), secret_(secret) {}

    void make() {
        add_people();
        add_child_names();
        const auto& people = tree_["people"];
        for (std::size_t i = 0; i < people.size() && i < out_.in_case_; ++i)
            add_name((*people.if_array())[i]["name"].text(), out_.people_[i + 1].token, "name");
        for (const auto& rule : rules_.gazetteer) add_rule(rule);
        add_unknown_leaves(tree_, case_schema().trie, PathTrie::root, 0);
        share_parts();
        for (std::uint32_t i = 0; i < out_.entries_.size(); ++i) {
            auto& entry = out_.entries_[i];
            spelled_.push_back(entry.text);
            std::ranges::transform(spelled_.back(), spelled_.back().begin(), spell);
        }
        for (std::uint32_t i = 0; i < spelled_.size(); ++i) out_.words_.add(spelled_[i], i);
        out_.words_.prepare();
    }

private:
    // ---- who is who ----

    void add_people() {
        out_.people_.push_back({std::string{tree_["child"]["id"].text()}, "child", rules_.child, {}});
        const auto* items = tree_["people"].if_array();
        if (items == nullptr) return;
        for (const auto& item : *items)
            out_.people_.push_back({std::string{item["id"].text()}, std::string{item["relationship"].text()}, {}, {}});
        out_.in_case_ = items->size();
        number_people();
        for (const auto& item : *items) out_.people_[1 + static_cast<std::size_t>(&item - items->data())].names.emplace_back(item["name"].text());
    }

    /// AD-10: who is [SIBLING] and who [SIBLING 2] is drawn anew for each consultation, so that no order tells.
    void number_people() {
        std::vector<std::pair<std::string, std::size_t>> order;
        for (std::size_t i = 1; i < out_.people_.size(); ++i) {
            const auto number = std::to_string(i);
            const auto& id = out_.people_[i].id;
            const auto mac = crypto::hmac_sha256(secret_, {view_bytes("casegate.token/1"), view_bytes(id), view_bytes(number)});
            order.emplace_back(secret_.empty() ? std::string{} : to_text(mac), i);
        }
        std::ranges::sort(order);
        std::map<std::string, int> used;
        for (const auto& [key, i] : order) {
            auto& person = out_.people_[i];
            const auto word = fold(person.relationship).text;
            const auto base = rules_.relationships.contains(word) && !word.empty() ? "[" + upper_case(word) + "]" : rules_.person;
            person.token = numbered(base, ++used[base]);
        }
    }
    static auto numbered(std::string token, int number) -> std::string {
        if (number > 1) token.insert(token.size() - 1, " " + std::to_string(number));
        return token;
    }

    /// A professional, or the person of the case who has this name: the person first (a neighbour who is a source is
    /// [NEIGHBOUR]).
    auto staff_token(std::string_view name) -> std::string {
        const auto wanted = compact(name);
        for (const auto& person : out_.people_)
            for (const auto& known : person.names)
                if (compact(known) == wanted) return person.token;
        out_.people_.push_back({{}, "professional", numbered(rules_.staff, ++staff_), {std::string{name}}});
        return out_.people_.back().token;
    }

    void add_child_names() {
        const auto& child = tree_["child"];
        const auto given = child["given_names"].text(), family = child["family_name"].text(),
                   preferred = child["preferred_name"].text();
        auto& names = out_.people_[0].names;
        for (const auto name : {given, preferred, family})
            if (usable(name)) names.emplace_back(name);
        if (usable(given)) add_name_parts(given, family, rules_.child, "name");
        if (usable(preferred)) add_name_parts(preferred, family, rules_.child, "name");
        if (usable(family)) add_name_parts({}, family, rules_.child, "name");
        if (usable(given) && usable(family)) names.push_back(std::string{given} + " " + std::string{family});
    }

    static auto usable(std::string_view value) -> bool {
        return !value.empty() && value.size() <= longest_value && !is_unknown_word(value);
    }

    // ---- values by rule ----

    void add_rule(const GazetteerRule& rule) {
        std::vector<const Json*> values;
        collect(tree_, rule.leaf, values);
        for (const auto* value : values) {
            const auto text = value->is_number() ? to_es_number(*value->if_number()) : std::string{value->text()};
            if (usable(text)) add_value(rule, text);
        }
    }

    void add_value(const GazetteerRule& rule, const std::string& text) {
        switch (rule.form) {
            case GazetteerForm::given_names:
            case GazetteerForm::family_name:
            case GazetteerForm::person_name: return;  // with the people above
            case GazetteerForm::staff_name: return add_name(text, staff_token(text), rule.kind);
            case GazetteerForm::place: return add_place(rule, text);
            case GazetteerForm::address: return add_address(rule, text);
            case GazetteerForm::word: return add_phrase(text, rule.token, rule.kind);
            case GazetteerForm::postcode: return add_postcode(rule, text);
            case GazetteerForm::phone: return add_phone(rule, text);
            case GazetteerForm::birth_date: return add_birth_date(rule, text);
            case GazetteerForm::email: add_free_words(rule, text); return add_number(text, rule.token, rule.kind);
            case GazetteerForm::number:
                if (!is_label(text)) add_number(text, rule.token, rule.kind);
                return;
            case GazetteerForm::words: return add_free_words(rule, text);
        }
    }

    /// `p1`, `ch1`: says nothing outside the case.
    static auto is_label(std::string_view text) -> bool { return compact(text).size() < 4; }

    void add_number(std::string_view text, const std::string& token, const std::string& kind) {
        add(compact(text), Form::number, token, kind);
    }

    void add_phone(const GazetteerRule& rule, std::string_view text) {
        const auto digits = compact(text);
        add(digits, Form::number, rule.token, rule.kind);
        if (digits.size() < 9) return;
        const auto core = digits.starts_with('0') ? digits.substr(1) : digits.starts_with("44") ? digits.substr(2) : digits;
        add(core, Form::number, rule.token, rule.kind);
        for (const auto* before : {"0", "44", "0044", "440"}) add(before + core, Form::number, rule.token, rule.kind);
    }

    void add_postcode(const GazetteerRule& rule, std::string_view text) {
        const auto code = compact(text);
        add(code, code.size() >= 5 ? Form::number : Form::phrase, rule.token, rule.kind);
        if (code.size() >= 5) add(code.substr(0, code.size() - 3), Form::phrase, rule.token, rule.kind);
    }

    void add_birth_date(const GazetteerRule& rule, const std::string& text) {
        const auto day = read_date(Json{text});
        if (!day) return;
        const auto token = rules_.age_token(years_between(*day, today_));
        out_.births_.push_back({*day, token});
        const auto two = [](unsigned n) { return (n < 10 ? "0" : "") + std::to_string(n); };
        const auto y = std::to_string(static_cast<int>(day->year())), m = two(static_cast<unsigned>(day->month())),
                   d = two(static_cast<unsigned>(day->day()));
        for (const auto& form : {d + m + y, m + d + y, y + m + d}) add(form, Form::number, token, rule.kind);
        for (const auto& form : {d + m + y.substr(2), y.substr(2) + m + d, m + d + y.substr(2)})
            add(form, Form::number, token, rule.kind);
    }

    // ---- places ----

    void add_phrase(std::string_view text, const std::string& token, const std::string& kind) {
        const auto words = compact(text);
        if (words.size() < 2) return;
        add(words, Form::phrase, token, kind);
        add_other_spelling(text, Form::phrase, token, kind);
    }
    void add_other_spelling(std::string_view text, Form form, const std::string& token, const std::string& kind) {
        const auto other = compact(written_out(std::string{text}));
        if (other != compact(text)) add(other, form, token, kind);
    }

    static auto join(const std::vector<Word>& words, std::size_t from, std::size_t to) -> std::string {
        std::string out;
        for (std::size_t i = from; i < to; ++i) out += words[i].text;
        return out;
    }

    /// "Willow Primary School": the whole, its own words without what it is, and its initials.
    void add_place(const GazetteerRule& rule, std::string_view text) {
        add_phrase(text, rule.token, rule.kind);
        const auto words = words_of(text);
        std::size_t own = words.size();
        while (own > 0 && rules_.place_words.contains(words[own - 1].text)) --own;
        for (std::size_t n = own; n < words.size(); ++n)
            if (n > 0) add(join(words, 0, n), Form::phrase, rule.token, rule.kind);
        std::string initials;
        for (std::size_t i = 0; i < words.size(); ++i) {
            const auto& word = words[i];
            if (!rules_.place_words.contains(word.text) && word.letters >= 3 && !rules_.everyday.contains(word.text))
                add(word.text, Form::part, rule.token, rule.kind);
            if (static_cast<unsigned char>(word.text[0]) < 0x80U) initials.push_back(word.text[0]);
        }
        if (initials.size() >= 3) add(initials, Form::initials, rule.token, rule.kind);
    }

    /// "14 Sample Row": the whole, the street alone, and its name alone; each with "Row" written short.
    void add_address(const GazetteerRule& rule, std::string_view text) {
        add_phrase(text, rule.token, rule.kind);
        while (!text.empty()) {
            const auto part = text.substr(0, text.find(','));
            text.remove_prefix(std::min(part.size() + 1, text.size()));
            add_street(rule, words_of(part));
        }
    }
    void add_street(const GazetteerRule& rule, std::vector<Word> words) {
        if (words.empty()) return;
        const auto variants = [&](std::size_t from) {
            const auto whole = join(words, from, words.size());
            add(whole, Form::phrase, rule.token, rule.kind);
            const auto last = words.back().text;
            if (const auto it = rules_.street_words.find(last); it != rules_.street_words.end())
                for (const auto& other : it->second)
                    add(whole.substr(0, whole.size() - last.size()) + other, Form::phrase, rule.token, rule.kind);
        };
        const auto has_digit = [](const Word& word) {
            return std::ranges::any_of(word.text, [](char c) { return c >= '0' && c <= '9'; });
        };
        std::size_t from = 0;
        if (words.size() > 1 || !has_digit(words[0])) variants(0);
        while (from < words.size() && (has_digit(words[from]) || words[from].letters < 2)) ++from;
        if (from == words.size()) return;
        if (words.size() - from > 1 && from > 0) variants(from);
        const bool typed = rules_.street_words.contains(words.back().text) && words.size() - from > 1;
        for (std::size_t i = from; i + (typed ? 1 : 0) < words.size(); ++i)
            if (words[i].letters >= 3 && !rules_.everyday.contains(words[i].text) && !rules_.street_words.contains(words[i].text))
                add(words[i].text, Form::part, rule.token, rule.kind, rules_.is_common(words[i].text));
    }

    /// Capitalised words that everyday language does not have, and numbers.
    void add_free_words(const GazetteerRule& rule, std::string_view text) {
        for (const auto& word : words_of(text)) {
            const bool digits = std::ranges::count_if(word.text, [](char c) { return c >= '0' && c <= '9'; }) >= 4;
            if (digits)
                add(word.text, Form::number, rule.token, rule.kind);
            else if ((word.capital || word.other_script || rule.form == GazetteerForm::email) && word.letters >= 3 &&
                     !rules_.is_common(word.text) && !rules_.abbreviations.contains(word.text))
                add(word.text, Form::part, rule.token, rule.kind);
        }
    }

    /// A leaf that case/1 does not know may hold anything: what looks like an identifier in it is taken for one.
    void add_unknown_leaves(const Json& value, const PathTrie& trie, PathTrie::Node at, std::size_t depth) {
        if (depth > 32) return;
        if (const auto* members = value.if_object()) {
            for (const auto& member : *members) add_unknown_leaves(member.value, trie, trie.member(at, member.name), depth + 1);
        } else if (const auto* items = value.if_array()) {
            for (const auto& item : *items) add_unknown_leaves(item, trie, trie.item(at), depth + 1);
        } else if (trie.leaf(at) == no_leaf && value.is_string() && usable(value.text())) {
            static const GazetteerRule rule{"", GazetteerForm::words, "other", ""};
            auto own = rule;
            own.token = rules_.name;
            add_free_words(own, value.text());
        }
    }

    // ---- names ----

    void add_name(std::string_view name, const std::string& token, const std::string& kind, bool first_counts = true) {
        if (!usable(name)) return;
        auto words = words_of(name);
        std::erase_if(words, [this](const Word& word) { return rules_.titles.contains(word.text); });
        add_words_of_name(words, token, kind, first_counts);
        // "Anna" and "Marie" of "Anna-Marie", "Brien" of "O'Brien".
        for (const auto& piece : words_of(name, true))
            if (piece.letters >= 3 && !rules_.titles.contains(piece.text) && !rules_.particles.contains(piece.text)) add_part(piece, token, kind);
        const auto other = written_out(std::string{name});
        if (other != name) add_words_of_name(words_of(other), token, kind, first_counts);
    }
    void add_name_parts(std::string_view given, std::string_view family, const std::string& token, const std::string& kind) {
        auto whole = std::string{given};
        if (!given.empty() && usable(family)) whole.append(" ").append(family);
        add_name(given.empty() ? family : std::string_view{whole}, token, kind, !given.empty());
    }

    void add_words_of_name(const std::vector<Word>& words, const std::string& token, const std::string& kind, bool first_counts) {
        if (words.empty()) return;
        for (std::size_t i = 0; i < words.size(); ++i)  // "Al Lee" is called Al; in "van der Meulen" nobody is called van
            if ((i == 0 && first_counts) || words.size() == 1 || !rules_.particles.contains(words[i].text)) add_part(words[i], token, kind);
        const auto n = words.size();
        add(join(words, 0, n), Form::full, token, kind);
        if (words[0].other_script && n == 1 && words[0].letters >= 3 && words[0].letters <= 4)
            add(words[0].text.substr(3), Form::part, token, kind);  // 王小明: the given name without the family's
        if (n < 2) return;
        add(words[n - 1].text + join(words, 0, n - 1), Form::full, token, kind);  // "Larkspur, Wren"
        for (const auto& first : first_names(words[0])) {
            add(first + words[n - 1].text, Form::full, token, kind);
            for (std::size_t i = 1; i < n; ++i) add_initial(first, words[i], token, kind);  // "Rhys v." is van der Meulen
        }
        for (std::size_t i = 2; i < n; ++i) add_initial(join(words, 0, i), words[i], token, kind);  // "Mary Jane G."
        std::string initials;
        for (const auto& word : words) {
            if (word.other_script) return;
            initials += word.initial;
        }
        add(initials, Form::initials, token, kind);
        for (std::size_t i = 1; i < n; ++i) add(words[0].initial + words[i].initial, Form::initials, token, kind);
        add(words[0].initial + words[n - 1].text, Form::full, token, kind, false, words[0].initial.size(), true);
        add_initial(words[n - 1].text, words[0], token, kind);
    }
    /// "Robin T."
    void add_initial(const std::string& first, const Word& last, const std::string& token, const std::string& kind) {
        if (!last.other_script) add(first + last.initial, Form::full, token, kind, false, first.size());
    }
    auto first_names(const Word& word) const -> std::vector<std::string> {
        std::vector<std::string> out{word.text};
        if (const auto it = rules_.nicknames.find(word.text); it != rules_.nicknames.end())
            out.insert(out.end(), it->second.begin(), it->second.end());
        return out;
    }

    void add_part(const Word& word, const std::string& token, const std::string& kind) {
        const bool everyday = rules_.everyday.contains(word.text);
        if (word.letters >= 3 || word.other_script)
            add(word.text, Form::part, token, kind, everyday);
        else
            add(word.text, Form::short_part, token, kind, everyday);
        if (const auto it = rules_.nicknames.find(word.text); it != rules_.nicknames.end())
            for (const auto& nick : it->second)
                add(nick, nick.size() >= 3 ? Form::part : Form::short_part, token, kind,
                    rules_.everyday.contains(nick) || rules_.common.contains(nick));
        add_short_forms(word, token, kind);
    }
    /// "Rob" and "Robby" for "Robin", where they are no everyday words.
    void add_short_forms(const Word& word, const std::string& token, const std::string& kind) {
        if (word.letters < 5 || word.other_script || word.text.size() != word.letters) return;
        const auto stem = word.text.substr(0, 3), longer = word.text.substr(0, 4);
        for (const auto& form : {stem + "y", stem + "ie", stem + stem[2] + "y", stem + stem[2] + "ie", longer + "y", longer + "ie"})
            if (!rules_.is_common(form)) add(form, Form::part, token, kind, true);
    }

    /// A family name that several people bear stands for none of them.
    void share_parts() {
        std::map<std::string, std::set<std::uint16_t>, std::less<>> owners;
        for (const auto& entry : out_.entries_)
            if (entry.form == Form::part && is_person(entry.token)) owners[entry.text].insert(entry.token);
        const auto family = token_number(rules_.family);
        for (auto& entry : out_.entries_)
            if (entry.form == Form::part && is_person(entry.token) && owners[entry.text].size() > 1 && in_family(owners[entry.text]))
                entry.token = family;
    }
    [[nodiscard]] auto is_person(std::uint16_t token) const -> bool {
        return std::ranges::any_of(out_.people_, [&](const auto& p) { return p.token == out_.tokens_[token]; });
    }
    /// At least two of them are no professionals: between a person and a professional the person has it.
    [[nodiscard]] auto in_family(const std::set<std::uint16_t>& tokens) const -> bool {
        return std::ranges::count_if(tokens, [&](std::uint16_t token) {
                   return std::ranges::any_of(out_.people_, [&](const auto& p) {
                       return p.token == out_.tokens_[token] && p.relationship != "professional";
                   });
               }) > 1;
    }

    // ---- entries ----

    auto token_number(const std::string& token) -> std::uint16_t { return number_of(out_.tokens_, token); }
    static auto number_of(std::vector<std::string>& list, const std::string& text) -> std::uint16_t {
        const auto it = std::ranges::find(list, text);
        if (it != list.end()) return static_cast<std::uint16_t>(it - list.begin());
        list.push_back(text);
        return static_cast<std::uint16_t>(list.size() - 1);
    }
    void add(std::string_view text, Form form, const std::string& token, const std::string& kind, bool everyday = false,
             std::size_t split = 0, bool initial_first = false) {
        if (text.empty() || out_.entries_.size() >= most_entries) return;
        if (form == Form::number && text.size() < 4) return;
        std::string key{text};
        key.push_back(static_cast<char>('0' + static_cast<int>(form)));
        key += std::to_string(split) + (initial_first ? "i" : "") + token;
        if (!seen_.insert(std::move(key)).second) return;
        GazetteerEntry entry;
        entry.text = text;
        entry.form = form;
        entry.token = token_number(token);
        entry.kind = number_of(out_.kinds_, "gazetteer:" + kind);
        entry.split = static_cast<std::uint16_t>(split);
        entry.initial_first = initial_first;
        entry.everyday = everyday;
        entry.other_script = std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) >= 0x80U; });
        out_.entries_.push_back(std::move(entry));
    }

    Gazetteer& out_;
    const ScrubRules& rules_;
    const Json& tree_;
    Date today_;
    ByteView secret_;
    int staff_{0};
    std::set<std::string> seen_;
    std::vector<std::string> spelled_;
};

Gazetteer::Gazetteer(const Json& case_tree, const ScrubRules& rules, Date today, ByteView secret) : rules_(rules) {
    GazetteerMaker{*this, case_tree, today, secret}.make();
}

}  // namespace cg::policy
