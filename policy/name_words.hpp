#pragma once
/// The words that names, numbers and addresses are made of, and names compared by them. For policy/ only.

#include <bitset>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cg::policy {

/// Letters and digits that stand together, folded (policy/fold.hpp). A hyphen or an apostrophe parts pieces of one word.
struct Piece {
    std::string text;
    std::size_t word;  ///< which word it belongs to
};
[[nodiscard]] auto pieces_of(std::string_view value) -> std::vector<Piece>;

using PieceRange = std::pair<std::vector<Piece>::const_iterator, std::vector<Piece>::const_iterator>;
[[nodiscard]] auto joined(PieceRange range, const char* between) -> std::string;
[[nodiscard]] inline auto joined(const std::vector<Piece>& pieces, const char* between) -> std::string {
    return joined(PieceRange{pieces.begin(), pieces.end()}, between);
}
/// The pieces of each word. Lifetime: borrows them.
[[nodiscard]] auto words_of(const std::vector<Piece>& pieces) -> std::vector<PieceRange>;

[[nodiscard]] auto letters_in(std::string_view text) -> std::size_t;

/// Letters and digits by their byte, to leave out at once what cannot be the same.
using LetterSet = std::bitset<256>;
/// What the words of a text begin with; everything where the text would have to be folded first.
[[nodiscard]] auto first_letters(std::string_view text) -> LetterSet;
/// What a number ends with, however it is written; everything where the text would have to be folded first.
[[nodiscard]] auto last_letter(std::string_view text) -> LetterSet;

/// `mr`, `dr`: goes with a name and is none.
[[nodiscard]] auto is_name_title(std::string_view folded_word) -> bool;
void drop_titles(std::vector<Piece>& pieces);
/// `not known`, `Unknown`: an answer that names nobody.
[[nodiscard]] auto names_nobody(const std::vector<Piece>& pieces) -> bool;

/// The same name, whatever its title, capitals, accents and the order of its words.
[[nodiscard]] auto same_name(std::string_view one, std::string_view other) -> bool;
/// Is it the same person, by name? Titles, capitals, accents and the order of the words do not count, and an initial is
/// enough, or one of the names alone.
[[nodiscard]] auto may_be_same_name(std::string_view one, std::string_view other) -> bool;

}  // namespace cg::policy
