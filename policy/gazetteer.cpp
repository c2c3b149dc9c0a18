// Making the list: who is who, and the values of a case. Names and places: gazetteer_names.cpp. Looking for them in a text:
// gazetteer_find.cpp.
#include "policy/gazetteer.hpp"

#include "crypto/hash.hpp"
#include "policy/fold.hpp"
#include "policy/gazetteer_maker.hpp"
#include "policy/words.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace cg::policy {

namespace {

constexpr std::size_t most_entries = 20'000, most_letters = 200'000;  // a case with a thousand people is no case
constexpr std::size_t longest_value = 400;

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

auto numbered(std::string token, int number) -> std::string {
    if (number > 1) token.insert(token.size() - 1, " " + std::to_string(number));
    return token;
}

/// Tokens of people of one relationship, each once.
class TokenNumbers {
public:
    /// A token that somebody had in an earlier question; false where it is not one of `base`, or is taken.
    auto keep(const std::string& base, const std::string& token) -> bool {
        const auto stem = std::string_view{base}.substr(0, base.size() - 1);
        if (!token.starts_with(stem) || !token.ends_with(']')) return false;
        const auto middle = std::string_view{token}.substr(stem.size(), token.size() - stem.size() - 1);
        const bool number = middle.size() > 1 && middle.find_first_not_of("0123456789", 1) == std::string_view::npos;
        return (middle.empty() || (middle[0] == ' ' && number)) && used_.insert(token).second;
    }
    auto next(const std::string& base) -> std::string {
        for (;;)
            if (auto token = numbered(base, ++last_[base]); used_.insert(token).second) return token;
    }

private:
    std::set<std::string> used_;
    std::map<std::string, int> last_;
};

/// `p1`, `ch1`: says nothing outside the case.
auto is_label(std::string_view text) -> bool {
    return compact(text).size() < 4;
}

}  // namespace

void GazetteerMaker::make() {
    add_people();
    add_child_names();
    const auto& people = tree_["people"];
    for (std::size_t i = 0; i < people.size() && i < out_.in_case_; ++i)
        add_name((*people.if_array())[i]["name"].text(), out_.people_[i + 1].token, "name");
    for (const auto& rule : rules_.gazetteer) add_rule(rule);
    add_unknown_leaves(tree_, case_schema().trie, PathTrie::root, 0);
    share_parts();
    prepare();
}

void GazetteerMaker::prepare() {
    spelled_.reserve(out_.entries_.size());
    for (const auto& entry : out_.entries_) {
        spelled_.push_back(entry.text);
        std::ranges::transform(spelled_.back(), spelled_.back().begin(), spell);
        if (entry.form == Form::part && !entry.everyday)
            out_.near_.add(entry.text, !rules_.common.contains(entry.text) && out_.kinds_[entry.kind] == "gazetteer:name");
    }
    for (std::uint32_t i = 0; i < spelled_.size(); ++i) out_.words_.add(spelled_[i], i);
    out_.words_.prepare();
}

// ---- who is who ----

void GazetteerMaker::add_people() {
    out_.people_.push_back({std::string{tree_["child"]["id"].text()}, "child", rules_.child, {}});
    const auto* items = tree_["people"].if_array();
    if (items == nullptr) return;
    for (const auto& item : *items)
        out_.people_.push_back({std::string{item["id"].text()}, std::string{item["relationship"].text()}, {}, {}});
    out_.in_case_ = items->size();
    number_people();
    for (std::size_t i = 0; i < items->size(); ++i) {
        auto& person = out_.people_[1 + i];
        person.names.emplace_back((*items)[i]["name"].text());
        know(person.names.back(), person.token);
    }
}

/// AD-10: who is [SIBLING] and who [SIBLING 2] is drawn anew for each consultation, so that no order tells. Whoever had a token
/// in an earlier question of the same consultation keeps it.
void GazetteerMaker::number_people() {
    std::vector<std::pair<std::string, std::size_t>> order;
    std::map<std::string, int> same_id;
    for (std::size_t i = 1; i < out_.people_.size(); ++i) {
        const auto& id = out_.people_[i].id;
        const auto number = std::to_string(++same_id[id]);
        const auto mac = crypto::hmac_sha256(source_.secret, {view_bytes("casegate.token/1"), view_bytes(id), view_bytes(number)});
        order.emplace_back(source_.secret.empty() ? std::string{} : to_text(mac), i);
    }
    std::ranges::sort(order);
    TokenNumbers numbers;
    const auto base_of = [this](const ScrubPerson& person) {
        const auto word = fold(person.relationship).text;
        return rules_.relationships.contains(word) && !word.empty() ? "[" + upper_case(word) + "]" : rules_.person;
    };
    for (const auto& [key, i] : order) {
        auto& person = out_.people_[i];
        if (source_.earlier == nullptr || person.id.empty()) continue;
        const auto it = source_.earlier->find(person.id);
        if (it != source_.earlier->end() && numbers.keep(base_of(person), it->second)) person.token = it->second;
    }
    for (const auto& [key, i] : order)
        if (auto& person = out_.people_[i]; person.token.empty()) person.token = numbers.next(base_of(person));
}

/// A professional, or the person of the case who has this name: the person first (a neighbour who is a source is
/// [NEIGHBOUR]).
auto GazetteerMaker::person_token(std::string_view name) -> std::string {
    const auto known = known_names_.find(compact(name));
    if (known != known_names_.end()) return known->second;
    out_.people_.push_back({{}, "professional", numbered(rules_.staff, ++staff_), {std::string{name}}});
    know(name, out_.people_.back().token);
    return out_.people_.back().token;
}

/// Who had the name first has it.
void GazetteerMaker::know(std::string_view name, const std::string& token) {
    known_names_.emplace(compact(name), token);
}

/// Nothing of a value that is too long to look for may pass in silence.
auto GazetteerMaker::usable(std::string_view value) -> bool {
    if (value.empty() || is_unknown_word(value)) return false;
    if (value.size() > longest_value) out_.full_ = true;
    return value.size() <= longest_value;
}

// ---- values by rule ----

void GazetteerMaker::add_rule(const GazetteerRule& rule) {
    std::vector<const Json*> values;
    collect(tree_, rule.leaf, values);
    for (const auto* value : values) {
        const auto text = value->is_number() ? to_es_number(*value->if_number()) : std::string{value->text()};
        if (rule.form == GazetteerForm::words && !text.empty() && !is_unknown_word(text))
            add_free_words(rule, text);
        else if (usable(text))
            add_value(rule, text);
    }
}

void GazetteerMaker::add_value(const GazetteerRule& rule, const std::string& text) {
    switch (rule.form) {
        case GazetteerForm::given_names:
        case GazetteerForm::family_name:
        case GazetteerForm::person_name: return add_other_name(rule, text);
        case GazetteerForm::staff_name: return add_name(text, person_token(text), rule.kind);
        case GazetteerForm::place: return add_place(rule, text);
        case GazetteerForm::address: return add_address(rule, text);
        case GazetteerForm::word: return add_town(rule, text);
        case GazetteerForm::postcode: return add_postcode(rule, text);
        case GazetteerForm::phone: return add_phone(rule, text);
        case GazetteerForm::birth_date: return add_birth_date(rule, text);
        case GazetteerForm::email: add_free_words(rule, text); return add_number(text, rule.token, rule.kind);
        case GazetteerForm::number:
            if (!is_label(text)) add_number(text, rule.token, rule.kind);
            return;
        case GazetteerForm::words: return;  // of any length: add_rule
    }
}

/// The child's and the people's own names stand in the list already, each with its token. A pack may name more leaves.
void GazetteerMaker::add_other_name(const GazetteerRule& rule, const std::string& text) {
    if (rule.leaf.starts_with("/child/") || rule.leaf == "/people/*/name") return;
    const auto known = known_names_.find(compact(text));
    const auto token = known != known_names_.end()               ? known->second
                       : rule.form == GazetteerForm::person_name ? rules_.person
                                                                 : rules_.child;
    add_name(text, token, rule.kind, rule.form != GazetteerForm::family_name);
}

void GazetteerMaker::add_number(std::string_view text, const std::string& token, const std::string& kind) {
    add(compact(text), Form::number, token, kind);
}

void GazetteerMaker::add_phone(const GazetteerRule& rule, std::string_view text) {
    const auto digits = compact(text);
    add(digits, Form::number, rule.token, rule.kind);
    if (digits.size() < 9) return;
    const auto core = digits.starts_with('0') ? digits.substr(1) : digits.starts_with("44") ? digits.substr(2) : digits;
    add(core, Form::number, rule.token, rule.kind);
    for (const auto* before : {"0", "44", "0044", "440"}) add(before + core, Form::number, rule.token, rule.kind);
}

void GazetteerMaker::add_postcode(const GazetteerRule& rule, std::string_view text) {
    const auto code = compact(text);
    add(code, code.size() >= 5 ? Form::number : Form::phrase, rule.token, rule.kind);
    if (code.size() >= 5) add(code.substr(0, code.size() - 3), Form::phrase, rule.token, rule.kind);
}

void GazetteerMaker::add_birth_date(const GazetteerRule& rule, const std::string& text) {
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

/// Capitalised words that everyday language does not have, and numbers.
void GazetteerMaker::add_free_words(const GazetteerRule& rule, std::string_view text) {
    for (const auto& word : words_of(text)) {
        const bool digits = std::ranges::count_if(word.text, [](char c) { return c >= '0' && c <= '9'; }) >= 4;
        if (word.text.size() > longest_value)
            out_.full_ = true;
        else if (digits)
            add(word.text, Form::number, rule.token, rule.kind);
        else if ((word.capital || word.other_script || rule.form == GazetteerForm::email) && word.letters >= 3 &&
                 !rules_.is_common(word.text) && !rules_.abbreviations.contains(word.text))
            add(word.text, Form::part, rule.token, rule.kind);
    }
}

/// A leaf that case/1 does not know may hold anything: what looks like an identifier in it is taken for one.
void GazetteerMaker::add_unknown_leaves(const Json& value, const PathTrie& trie, PathTrie::Node at, std::size_t depth) {
    if (depth > 32) return;
    if (const auto* members = value.if_object()) {
        for (const auto& member : *members) add_unknown_leaves(member.value, trie, trie.member(at, member.name), depth + 1);
    } else if (const auto* items = value.if_array()) {
        for (const auto& item : *items) add_unknown_leaves(item, trie, trie.item(at), depth + 1);
    } else if (trie.leaf(at) == no_leaf && !value.text().empty() && !is_unknown_word(value.text())) {
        add_free_words({"", GazetteerForm::words, "other", rules_.name}, value.text());
    }
}

// ---- entries ----

auto GazetteerMaker::token_number(const std::string& token) -> std::uint16_t {
    const auto [it, added] = token_numbers_.try_emplace(token, static_cast<std::uint16_t>(out_.tokens_.size()));
    if (added) out_.tokens_.push_back(token);
    return it->second;
}

void GazetteerMaker::add(std::string_view text, Form form, const std::string& token, const std::string& kind, EntryManner manner) {
    if (text.empty() || (form == Form::number && text.size() < 4)) return;
    std::string key{text};
    key.push_back(static_cast<char>('0' + static_cast<int>(form)));
    key += std::to_string(manner.split) + (manner.initial_first ? "i" : "") + token;
    if (!seen_.insert(std::move(key)).second) return;
    if (out_.entries_.size() >= most_entries || letters_ + text.size() > most_letters) {
        out_.full_ = true;
        return;
    }
    letters_ += text.size();
    const auto [number, added] = kind_numbers_.try_emplace(kind, static_cast<std::uint16_t>(out_.kinds_.size()));
    if (added) out_.kinds_.push_back("gazetteer:" + kind);
    GazetteerEntry entry;
    entry.text = text;
    entry.form = form;
    entry.token = token_number(token);
    entry.kind = number->second;
    entry.split = static_cast<std::uint16_t>(manner.split);
    entry.initial_first = manner.initial_first;
    entry.everyday = manner.everyday;
    entry.capital_only = manner.capital_only;
    entry.a_word = (form == Form::part || form == Form::full) && (rules_.common.contains(text) || rules_.also_names.contains(text));
    entry.other_script = std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) >= 0x80U; });
    out_.entries_.push_back(std::move(entry));
}

Gazetteer::Gazetteer(const Json& case_tree, const ScrubRules& rules, Date today, const TokenSource& tokens) : rules_(rules) {
    GazetteerMaker{*this, case_tree, today, tokens}.make();
}

}  // namespace cg::policy
