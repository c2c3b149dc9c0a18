#include "policy/name_words.hpp"

#include "policy/fold.hpp"
#include "policy/words.hpp"

#include <algorithm>
#include <array>

namespace cg::policy {
namespace {

auto ascii_lower(char c) noexcept -> char {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

auto ascii_word(char c) noexcept -> bool {
    const char small = ascii_lower(c);
    return (small >= 'a' && small <= 'z') || (c >= '0' && c <= '9');
}

class Pieces {
public:
    explicit Pieces(std::string_view value) {
        list.reserve(4);
        if (std::ranges::all_of(value, [](char c) { return static_cast<unsigned char>(c) < 0x80U && c != '&'; })) {
            for (const char c : value) take(ascii_lower(c), ascii_word(c));
        } else {
            const auto folded = fold(value);
            for (std::size_t i = 0; i < folded.size(); ++i) take(folded.text[i], folded.is_word(i));
        }
    }
    std::vector<Piece> list;

private:
    void take(char c, bool letter_or_digit) {
        if (!letter_or_digit) {
            open_ = false;
            new_word_ = new_word_ || c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == ',';
            return;
        }
        if (!open_) {
            if (new_word_ && !list.empty()) ++word_;
            list.push_back({{}, word_});
        }
        open_ = true;
        new_word_ = false;
        list.back().text.push_back(c);
    }
    bool open_{false}, new_word_{false};
    std::size_t word_{0};
};

}  // namespace

auto pieces_of(std::string_view value) -> std::vector<Piece> {
    return std::move(Pieces{value}.list);
}

auto letters_in(std::string_view text) -> std::size_t {
    return static_cast<std::size_t>(
        std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

auto joined(PieceRange range, const char* between) -> std::string {
    std::string out;
    for (auto it = range.first; it != range.second; ++it) out.append(out.empty() ? "" : between).append(it->text);
    return out;
}

auto first_letters(std::string_view text) -> LetterSet {
    LetterSet out;
    bool inside = false;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte >= 0x80U || c == '&') return LetterSet{}.set();
        const auto small = static_cast<unsigned char>(ascii_lower(c));
        const bool word = ascii_word(c);
        if (word && !inside) out.set(small);
        inside = word;
    }
    return out;
}

auto last_letter(std::string_view text) -> LetterSet {
    LetterSet out;
    for (; !text.empty(); text.remove_suffix(1)) {
        const char c = text.back();
        if (static_cast<unsigned char>(c) >= 0x80U || c == '&') return out.set();
        if (ascii_word(c)) return out.set(static_cast<unsigned char>(ascii_lower(c)));
    }
    return out;
}

auto words_of(const std::vector<Piece>& pieces) -> std::vector<PieceRange> {
    std::vector<PieceRange> out;
    for (auto it = pieces.begin(); it != pieces.end();) {
        const auto end = std::find_if(it, pieces.end(), [word = it->word](const Piece& p) { return p.word != word; });
        out.emplace_back(it, end);
        it = end;
    }
    return out;
}

auto names_nobody(const std::vector<Piece>& pieces) -> bool {
    if (pieces.empty()) return true;
    if (pieces.size() > 2) return false;
    const auto whole = joined(pieces, "-");
    return is_unknown_word(whole) || whole == "unknown";
}

void drop_titles(std::vector<Piece>& pieces) {
    std::erase_if(pieces, [](const Piece& piece) { return is_name_title(piece.text); });
}

auto is_name_title(std::string_view folded_word) -> bool {
    constexpr std::array<std::string_view, 12> titles{"mr",   "mrs", "ms",   "miss", "mx", "dr",
                                                      "prof", "sir", "dame", "rev",  "pc", "the"};
    return std::ranges::find(titles, folded_word) != titles.end();
}

auto same_name(std::string_view one, std::string_view other) -> bool {
    if (one.empty() || other.empty() || (first_letters(one) & first_letters(other)).none()) return false;  // most names
    auto a = pieces_of(one), b = pieces_of(other);
    drop_titles(a);
    drop_titles(b);
    if (names_nobody(a) || a.size() != b.size()) return false;
    std::ranges::sort(a, {}, &Piece::text);
    std::ranges::sort(b, {}, &Piece::text);
    return std::ranges::equal(a, b, {}, &Piece::text, &Piece::text);
}

auto may_be_same_name(std::string_view one, std::string_view other) -> bool {
    if (one.empty() || other.empty() || (first_letters(one) & first_letters(other)).none()) return false;  // most names
    auto a = pieces_of(one), b = pieces_of(other);
    drop_titles(a);
    drop_titles(b);
    if (names_nobody(a) || names_nobody(b)) return false;
    if (a.size() > b.size()) std::swap(a, b);
    // Every word of the shorter name is one of the longer, and at least one of them is more than an initial.
    bool certain = false;
    std::vector<bool> used(b.size(), false);
    for (const auto& word : a) {
        std::size_t found = b.size();
        for (std::size_t i = 0; i < b.size() && found == b.size(); ++i)
            if (!used[i] && word.text == b[i].text) found = i;
        certain = certain || (found < b.size() && (letters_in(word.text) > 1 || a.size() == b.size()));
        for (std::size_t i = 0; i < b.size() && found == b.size(); ++i) {
            const bool initial = letters_in(word.text) == 1 || letters_in(b[i].text) == 1;
            if (!used[i] && initial && (word.text.starts_with(b[i].text) || b[i].text.starts_with(word.text))) found = i;
        }
        if (found == b.size()) return false;
        used[found] = true;
    }
    return certain;
}

}  // namespace cg::policy
