// What is looked for. Looking for it in a text: leak_find.cpp.
#include "policy/leak.hpp"

#include "policy/case_facts.hpp"
#include "policy/name_words.hpp"
#include "policy/scrub_rules.hpp"
#include "policy/words.hpp"

#include <algorithm>
#include <array>

namespace cg::policy {
namespace {

constexpr std::size_t shortest_number = 4, shortest_reference = 6;
constexpr std::size_t shortest_street = 6;
constexpr std::size_t short_part = 3;      // a shorter part must be written like a name to count as one
constexpr std::size_t most_pieces = 16;    // of a name
constexpr std::size_t longest_needle = 256;
constexpr std::string_view somebody = "[PERSON]";

auto is_ascii(std::string_view text) -> bool {
    return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80U; });
}
auto has_digit(std::string_view text) -> bool {
    return std::ranges::any_of(text, [](char c) { return c >= '0' && c <= '9'; });
}
/// "Unknown male", "Lady next door": a description, whose words are words like any others.
auto only_describes(const std::vector<Piece>& pieces, const ScrubRules* words) -> bool {
    return words != nullptr && std::ranges::all_of(pieces, [words](const Piece& piece) {
               const bool ordinary = words->common.contains(piece.text) || words->kin.contains(piece.text) ||
                                     words->everyday.contains(piece.text);
               return ordinary && !words->also_names.contains(piece.text);
           });
}

/// "Police", "Health": what an organisation is, and not which one.
auto only_says_what_it_is(const std::vector<Piece>& pieces, const ScrubRules* words) -> bool {
    if (words == nullptr) return pieces.size() < 2;
    return std::ranges::all_of(pieces, [words](const Piece& piece) {
        return words->place_words.contains(piece.text) || words->common.contains(piece.text) ||
               words->everyday.contains(piece.text);
    });
}

/// Of a telephone number of this country, what is always the same; empty: it is none.
auto telephone(const std::string& text) -> std::string_view {
    constexpr std::size_t shortest = 9, longest = 15;
    const bool only_digits = std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
    if (!only_digits || text.size() > longest) return {};
    const auto core = national_number(text);
    return core.size() < shortest ? std::string_view{} : core;
}

}  // namespace

template <class Add>
void Redactor::name_forms(std::string_view name, Add add) const {
    auto pieces = pieces_of(name);
    drop_titles(pieces);
    if (pieces.size() > most_pieces) pieces.resize(most_pieces);
    if (names_nobody(pieces)) return;
    if (only_describes(pieces, words_)) return add({joined(pieces, " "), Kind::phrase});
    for (std::size_t i = 0; i < pieces.size(); ++i) {
        const auto& part = pieces[i].text;
        const bool particle = i > 0 && words_ != nullptr && words_->particles.contains(part);
        if (pieces.size() > 1 && letters_in(part) > 1 && !particle)
            add({part, Kind::name, is_ascii(part) && part.size() <= short_part});
    }
    short_names(pieces.front().text, add);
    const auto words = words_of(pieces);
    for (const auto& word : words)  // "Anne-Marie" is also written Annemarie
        if (words.size() > 1 && word.second - word.first > 1) add({joined(word, " "), Kind::name});
    add({joined(pieces, " "), Kind::name});
    std::string initials;
    for (const auto& word : words) {
        if (!is_ascii(word.first->text)) return;
        initials.append(initials.empty() ? "" : " ").push_back(word.first->text.front());
    }
    if (words.size() < 2) return;
    const std::string first(1, initials.front()), last(1, initials.back());
    add({first + " " + joined(words.back(), " "), Kind::name, true, false, true});
    add({joined(words.front(), " ") + " " + last, Kind::name, false, true, true});
    if (words.size() > 2) add({first + " " + last, Kind::initials, false, false, true});
    add({std::move(initials), Kind::initials, false, false, true});
}

/// "Liz" for "Elizabeth", by the pack's list. What is also a word like any other must look like a name.
template <class Add>
void Redactor::short_names(const std::string& word, Add add) const {
    if (words_ == nullptr) return;
    const auto known = words_->nicknames.find(word);
    if (known == words_->nicknames.end()) return;
    for (const auto& nick : known->second) {
        const bool capital = nick.size() <= short_part || words_->common.contains(nick) || words_->everyday.contains(nick);
        add({nick, Kind::name, capital, false, true});
    }
}

template <class Add>
void Redactor::number_forms(std::string_view number, Add add) const {
    const auto pieces = pieces_of(number);
    if (names_nobody(pieces)) return;
    auto text = joined(pieces, "");
    if (!has_digit(text) && only_says_what_it_is(pieces, words_)) return;
    if (pieces.size() > 1) address_forms(number, add);
    if (text.size() < shortest_number) return;
    const auto core = telephone(text);
    for (const auto* before : {"", "0", "44", "0044", "440"})
        if (!core.empty()) add({before + std::string{core}, Kind::number});
    if (core.empty()) add({std::move(text), Kind::number});
}

/// "14 Sample Row": "Sample Row", too. "Flat 2, Otter House": "Otter House".
template <class Add>
void Redactor::address_forms(std::string_view address, Add add) const {
    while (!address.empty()) {
        const auto end = address.find_first_of(",\n");
        const auto pieces = pieces_of(address.substr(0, end));
        address.remove_prefix(end == std::string_view::npos ? address.size() : end + 1);
        const auto begin = std::ranges::find_if(pieces, [](const Piece& piece) { return !has_digit(piece.text); });
        if (pieces.end() - begin < 2) continue;
        if (std::any_of(begin, pieces.end(), [](const Piece& piece) { return has_digit(piece.text); })) continue;
        auto street = joined(PieceRange{begin, pieces.end()}, " ");
        if (letters_in(street) < shortest_street) continue;
        if (words_ != nullptr) {  // "Sample Rd", where the last word has another form
            const auto& last = pieces.back().text;
            if (const auto other = words_->street_words.find(last); other != words_->street_words.end())
                for (const auto& form : other->second)
                    add({street.substr(0, street.size() - last.size()) + form, Kind::phrase});
        }
        add({std::move(street), Kind::phrase});
    }
}

void Redactor::hide(Form form, std::string_view token) {
    if (form.text.size() > longest_needle) return;
    // By a short name or initials somebody else may be meant: nobody is accused of it.
    const auto what = form.guess && token.starts_with('[') ? somebody : token;
    needles_.push_back({std::move(form), std::string{what}});
}

void Redactor::keep_name(std::string_view name) {
    kept_names_.emplace_back(name);
}
void Redactor::keep_number(std::string_view number) {
    kept_numbers_.emplace_back(number);
}
void Redactor::hide_name(std::string_view name, std::string_view token) {
    name_forms(name, [&](Form form) { hide(std::move(form), token); });
}
void Redactor::hide_number(std::string_view number, std::string_view token) {
    number_forms(number, [&](Form form) { hide(std::move(form), token); });
}

void Redactor::hide_reference(std::string_view reference, std::string_view token) {
    const auto pieces = pieces_of(reference);
    auto text = joined(pieces, "");
    if (text.size() < shortest_number || !has_digit(text)) return;
    const bool letters = std::ranges::any_of(text, [](char c) { return c < '0' || c > '9'; });
    if (!letters && text.size() < shortest_reference) return;  // a year
    hide({std::move(text), Kind::reference}, token);
}

void Redactor::hide_role(std::string_view relationship, std::string_view token) {
    const auto pieces = pieces_of(relationship);
    if (names_nobody(pieces)) return;
    const auto add = [&](std::string words) {
        if (letters_in(words) > 2) hide({std::move(words), Kind::role}, token);
    };
    add(joined(pieces, " "));
    // "aunt-uncle" is one or the other.
    const auto is_relationship = [this](const Piece& piece) { return words_->relationships.contains(piece.text); };
    if (words_ != nullptr && pieces.size() > 1 && std::ranges::all_of(pieces, is_relationship))
        for (const auto& piece : pieces) add(piece.text);
}

/// Needles that are also the name or the number of somebody whom the recipient is told of.
void Redactor::give_up_kept() {
    const auto is_number = [](const Form& form) { return form.kind == Kind::number; };
    const auto before = [&is_number](const Form& a, const Form& b) {
        return is_number(a) != is_number(b) ? is_number(b) : a.text < b.text;
    };
    std::vector<const Needle*> order;
    LetterSet first, last_of_number;  // little of what is kept begins, or ends, like anything hidden
    bool short_name = false;
    order.reserve(needles_.size());
    for (const auto& needle : needles_) {
        if (needle.kind == Kind::role || needle.kind == Kind::reference) continue;
        order.push_back(&needle);
        if (is_number(needle))
            last_of_number.set(static_cast<unsigned char>(needle.text.back()));
        else
            first.set(static_cast<unsigned char>(needle.text.front()));
        short_name = short_name || (needle.guess && needle.kind == Kind::name && needle.text.find(' ') == std::string::npos);
    }
    std::ranges::sort(order, [&before](const Needle* a, const Needle* b) { return before(*a, *b); });
    std::vector<bool> given_up(needles_.size(), false);
    const auto keep = [&](const Form& form) {
        if (is_number(form) ? !last_of_number.test(static_cast<unsigned char>(form.text.back()))
                            : !first.test(static_cast<unsigned char>(form.text.front())))
            return;
        auto it = std::ranges::lower_bound(order, form, before, [](const Needle* needle) -> const Form& { return *needle; });
        for (; it != order.end() && !before(form, **it); ++it)
            // What somebody may go by is given up where others may go by it; a name only for the same name.
            if ((*it)->guess || !form.guess) given_up[static_cast<std::size_t>(*it - needles_.data())] = true;
    };
    for (const auto& name : kept_names_) {
        if ((first_letters(name) & first).any()) {
            name_forms(name, keep);
        } else if (short_name) {
            auto pieces = pieces_of(name);
            drop_titles(pieces);
            if (!pieces.empty()) short_names(pieces.front().text, keep);
        }
    }
    for (const auto& number : kept_numbers_)
        if ((last_letter(number) & last_of_number).any() || (first_letters(number) & first).any())
            number_forms(number, keep);
    std::size_t index = 0;
    std::erase_if(needles_, [&](const Needle&) { return given_up[index++]; });
}

void Redactor::prepare() {
    if (needles_.empty()) return;
    give_up_kept();
    also_.assign(needles_.size(), none);
    for (auto* trie : {&names_, &numbers_}) {
        trie->nodes.reserve(256);
        trie->nodes.assign(1, {});
    }
    for (std::uint32_t i = 0; i < needles_.size(); ++i) {
        const auto kind = needles_[i].kind;
        add_to(kind == Kind::number || kind == Kind::reference ? numbers_ : names_, i);
    }
}

void Redactor::add_to(Trie& trie, std::uint32_t number) {
    const auto& needle = needles_[number];
    const bool anywhere = &trie == &numbers_;
    std::uint32_t at = 0;
    for (const char c : needle.text) {
        if (c == ' ') {
            trie.nodes[at].gap = true;
            continue;
        }
        auto next = step(trie, at, c);
        if (next == 0) {
            next = static_cast<std::uint32_t>(trie.nodes.size());
            trie.nodes.push_back({0, trie.nodes[at].child, none, c, anywhere});
            trie.nodes[at].child = next;
            if (at == 0) trie.first[static_cast<unsigned char>(c)] = next;
        }
        at = next;
    }
    const auto same = [&](const Needle& other) {
        return other.kind == needle.kind && other.capital == needle.capital && other.last_capital == needle.last_capital;
    };
    auto* place = &trie.nodes[at].needle;
    while (*place != none) {
        if (same(needles_[*place])) return;  // the first one names it
        place = &also_[*place];
    }
    *place = number;
}

auto Redactor::step(const Trie& trie, std::uint32_t node, char letter) const -> std::uint32_t {
    if (node == 0) return trie.first[static_cast<unsigned char>(letter)];
    auto child = trie.nodes[node].child;
    while (child != 0 && trie.nodes[child].letter != letter) child = trie.nodes[child].sibling;
    return child;
}

}  // namespace cg::policy
