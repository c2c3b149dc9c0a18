#include "policy/leak.hpp"

#include "policy/words.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace cg::policy {
namespace {

constexpr std::array<std::string_view, 12> titles{"mr",   "mrs", "ms",   "miss", "mx", "dr",
                                                  "prof", "sir", "dame", "rev",  "pc", "the"};
constexpr std::size_t shortest_number = 4;
constexpr std::size_t short_part = 3;  // a shorter part must be written like a name to count as one
constexpr std::size_t most_separators = 3;

auto is_title(std::string_view word) -> bool {
    return std::ranges::find(titles, word) != titles.end();
}
auto is_word(char c) noexcept -> bool {
    return (static_cast<unsigned char>(c) & 0x80U) != 0 || std::isalnum(static_cast<unsigned char>(c)) != 0;
}
auto is_digit(char c) noexcept -> bool {
    return c >= '0' && c <= '9';
}
auto lower(char c) noexcept -> char {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

void append_utf8(std::string& out, char32_t c) {
    if (c < 0x80) {
        out.push_back(static_cast<char>(c));
    } else if (c < 0x800) {
        out.push_back(static_cast<char>(0xC0U | (c >> 6U)));
        out.push_back(static_cast<char>(0x80U | (c & 0x3FU)));
    } else if (c < 0x10000) {
        out.push_back(static_cast<char>(0xE0U | (c >> 12U)));
        out.push_back(static_cast<char>(0x80U | ((c >> 6U) & 0x3FU)));
        out.push_back(static_cast<char>(0x80U | (c & 0x3FU)));
    } else {
        out.push_back(static_cast<char>(0xF0U | (c >> 18U)));
        out.push_back(static_cast<char>(0x80U | ((c >> 12U) & 0x3FU)));
        out.push_back(static_cast<char>(0x80U | ((c >> 6U) & 0x3FU)));
        out.push_back(static_cast<char>(0x80U | (c & 0x3FU)));
    }
}

/// Takes one code point off a text that is known to be UTF-8.
auto take_utf8(std::string_view text, std::size_t& at) -> char32_t {
    const auto first = static_cast<unsigned char>(text[at++]);
    if (first < 0x80U) return first;
    const int more = first >= 0xF0U ? 3 : first >= 0xE0U ? 2 : 1;
    char32_t c = first & (0x3FU >> static_cast<unsigned>(more));
    for (int i = 0; i < more && at < text.size(); ++i) c = (c << 6U) | (static_cast<unsigned char>(text[at++]) & 0x3FU);
    return c;
}

/// U+00C0 to U+017F without their accents, in small letters: "José" and "Jose" are one name.
constexpr std::string_view plain_latin =
    "aaaaaaaceeeeiiiidnooooo*ouuuuyts"
    "aaaaaaaceeeeiiiidnooooo/ouuuuyty"
    "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiijjjjkkk"
    "llllllllllnnnnnnnnnoooooooorrrrrrsssssssstttttt"
    "uuuuuuuuuuuuwwyyyzzzzzzs";
static_assert(plain_latin.size() == 0x0180 - 0x00C0);

/// 0: leaves nothing behind.
auto fold_code_point(char32_t c) -> char32_t {
    if (c == 0x00A0 || (c >= 0x2000 && c <= 0x200A) || c == 0x202F || c == 0x3000) return ' ';
    if (c == 0x2018 || c == 0x2019 || c == 0x02BC || c == 0x00B4) return '\'';
    if (c >= 0x2010 && c <= 0x2015) return '-';
    if ((c >= 0x200B && c <= 0x200F) || c == 0x2060 || c == 0xFEFF || c == 0x00AD) return 0;
    if (c >= 0xFF01 && c <= 0xFF5E) c -= 0xFEE0;  // full-width
    if (c >= 0x0300 && c <= 0x036F) return 0;     // accents that stand alone
    if (c >= 0x00C0 && c < 0x0180) return static_cast<char32_t>(plain_latin[c - 0x00C0]);
    if ((c >= 0x0391 && c <= 0x03A9) || (c >= 0x0410 && c <= 0x042F)) return c + 0x20;  // Greek, Cyrillic capitals
    if (c >= 0x0400 && c <= 0x040F) return c + 0x50;
    return c < 0x80 ? static_cast<char32_t>(static_cast<unsigned char>(lower(static_cast<char>(c)))) : c;
}

}  // namespace

/// A text in the form that is compared, and where each of its bytes came from.
struct Redactor::Folded {
    std::string text;
    std::vector<std::uint32_t> origin;  // empty: the same offsets
    std::string_view source;

    explicit Folded(std::string_view from) : source(from) {
        if (std::ranges::all_of(from, [](char c) { return static_cast<unsigned char>(c) < 0x80U; })) {
            text.resize(from.size());
            std::ranges::transform(from, text.begin(), lower);
            return;
        }
        for (std::size_t at = 0; at < from.size();) {
            const auto begin = static_cast<std::uint32_t>(at);
            const auto c = fold_code_point(take_utf8(from, at));
            if (c != 0) append_utf8(text, c);
            origin.resize(text.size(), begin);
        }
        origin.push_back(static_cast<std::uint32_t>(from.size()));
    }
    [[nodiscard]] auto source_offset(std::size_t at) const -> std::size_t { return origin.empty() ? at : origin[at]; }
};

struct Redactor::Match {
    std::size_t end;
    const Needle* needle;
};

void Redactor::keep_name(std::string_view name) {
    const Folded folded{name};
    kept_names_.push_back(folded.text);
    std::string part;
    for (const char c : folded.text + " ") {
        if (is_word(c)) {
            part.push_back(c);
        } else if (!part.empty()) {
            kept_names_.push_back(std::exchange(part, {}));
        }
    }
}

void Redactor::hide_name(std::string_view name, std::string_view token) {
    if (is_unknown_word(name) || is_blank(Json{name})) return;
    std::string words;  // one space for every break
    for (const char c : Folded{name}.text) {
        if (is_word(c))
            words.push_back(c);
        else if (!words.empty() && words.back() != ' ')
            words.push_back(' ');
    }
    while (!words.empty() && words.back() == ' ') words.pop_back();
    if (words.empty()) return;
    needles_.push_back({words, std::string{token}, Kind::name});
    add_parts(words, token);
}

void Redactor::add_parts(std::string_view folded_name, std::string_view token) {
    if (folded_name.find(' ') == std::string_view::npos) return;
    while (!folded_name.empty()) {
        const auto part = folded_name.substr(0, folded_name.find(' '));
        folded_name.remove_prefix(std::min(part.size() + 1, folded_name.size()));
        if (part.size() > 1 && !is_title(part))
            needles_.push_back({std::string{part}, std::string{token}, Kind::name_part});
    }
}

namespace {
auto compact(std::string_view folded) -> std::string {
    std::string out;
    std::ranges::copy_if(folded, std::back_inserter(out), is_word);
    return out;
}
}  // namespace

void Redactor::keep_number(std::string_view number) {
    kept_numbers_.push_back(compact(Folded{number}.text));
}

void Redactor::hide_number(std::string_view number, std::string_view token) {
    if (is_unknown_word(number)) return;
    auto text = compact(Folded{number}.text);
    if (text.size() < shortest_number) return;
    if (text.size() >= 10 && text.starts_with('0'))  // a telephone number is also written +44 …
        needles_.push_back({"44" + text.substr(1), std::string{token}, Kind::number});
    needles_.push_back({std::move(text), std::string{token}, Kind::number});
}

void Redactor::hide_role(std::string_view relationship, std::string_view token) {
    if (is_unknown_word(relationship)) return;
    std::string words;
    for (const char c : Folded{relationship}.text) words.push_back(is_word(c) ? c : ' ');
    if (useful_length(words) > 2) needles_.push_back({std::move(words), std::string{token}, Kind::role});
}

void Redactor::prepare() {
    const auto kept = [](const std::vector<std::string>& list, const std::string& text) {
        return std::ranges::find(list, text) != list.end();
    };
    std::erase_if(needles_, [&](const Needle& needle) {
        if (needle.kind == Kind::number) return kept(kept_numbers_, needle.text);
        return needle.kind != Kind::role && kept(kept_names_, needle.text);
    });
    // A full-name needle of kept words only would hide what the recipient may read, unless it is somebody else's whole
    // name.
    std::ranges::stable_sort(needles_, {}, [](const Needle& needle) { return needle.text.front(); });
}

auto Redactor::match_at(const Folded& folded, std::size_t at) const -> std::optional<Match> {
    const std::string_view text = folded.text;
    const auto skip = [text](std::size_t i) {
        for (std::size_t n = 0; n < most_separators && i < text.size() && !is_word(text[i]); ++n) ++i;
        return i;
    };
    std::optional<Match> best;
    const auto first_char = [](const Needle& needle) { return needle.text.front(); };
    for (auto it = std::ranges::lower_bound(needles_, text[at], {}, first_char);
         it != needles_.end() && first_char(*it) == text[at]; ++it) {
        const auto& needle = *it;
        std::size_t i = at;
        bool fits = true;
        for (const char c : needle.text) {
            if (c == ' ' || (needle.kind == Kind::number && i > at)) i = skip(i);
            if (c == ' ') continue;
            fits = i < text.size() && text[i] == c;
            if (!fits) break;
            ++i;
        }
        if (fits && needle.kind == Kind::role && i < text.size() && text[i] == 's') ++i;
        if (!fits || (i < text.size() && is_word(text[i]))) continue;
        if (needle.kind == Kind::name_part && needle.text.size() <= short_part &&
            folded.source[folded.source_offset(at)] == text[at])
            continue;  // in small letters: an ordinary word
        if (!best || i > best->end) best = Match{i, &needle};
    }
    return best;
}

namespace {
/// A text without the "Mr" that it ends with: the title goes with the name.
auto without_title(std::string_view text, bool is_number) -> std::string_view {
    auto end = text.find_last_not_of(" .");
    if (is_number || end == std::string_view::npos || end + 1 == text.size()) return text;
    const auto begin = text.find_last_of(" \t\n(\"'", end);
    const auto from = begin == std::string_view::npos ? 0 : begin + 1;
    std::string word{text.substr(from, end + 1 - from)};
    std::ranges::transform(word, word.begin(), lower);
    return word != "the" && is_title(word) ? text.substr(0, from) : text;
}
}  // namespace

auto Redactor::rewrite(std::string_view text) const -> std::optional<std::string> {
    const Folded folded{text};
    std::string out;
    std::size_t copied = 0;
    for (std::size_t at = 0; at < folded.text.size();) {
        const char c = folded.text[at];
        const bool starts =
            is_word(c) && (at == 0 || !is_word(folded.text[at - 1]) || (is_digit(c) && !is_digit(folded.text[at - 1])));
        const auto match = starts ? match_at(folded, at) : std::nullopt;
        if (!match) {
            ++at;
            continue;
        }
        const auto begin = folded.source_offset(at);
        out.append(without_title(text.substr(copied, begin - copied), match->needle->kind == Kind::number))
            .append(match->needle->token);
        copied = folded.source_offset(match->end);
        at = match->end;
    }
    if (copied == 0) return std::nullopt;
    return out.append(text.substr(copied));
}

}  // namespace cg::policy
