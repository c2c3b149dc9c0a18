#pragma once
/// Texts in the form that is compared, with the way back to the original. For policy/ only.
///
/// Unicode by ICU: NFKC, case folding, no accents, no invisible characters; typographic quotes, dashes and spaces as plain
/// ones; HTML character references read.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cg::policy {

/// What a folded byte came from.
enum FoldFlag : std::uint8_t {
    fold_upper = 1,   ///< a capital letter
    fold_letter = 2,  ///< a letter or mark
    fold_digit = 4,   ///< a decimal digit of any script
    fold_other_script = 8,  ///< a letter that is not Latin
    fold_glyph = 16,        ///< a look-alike, read as the Latin letter or digit that it looks like
};

struct FoldedText {
    std::string text;                  ///< UTF-8
    std::vector<std::uint32_t> origin;  ///< by folded byte: offset in the original; one more at the end
    std::vector<std::uint8_t> flags;    ///< by folded byte: FoldFlag; one more, 0, at the end
    bool has_lookalikes{false};         ///< reading look-alikes would give another text

    [[nodiscard]] auto is(std::size_t at, unsigned flag) const noexcept -> bool { return (flags[at] & flag) != 0; }
    [[nodiscard]] auto is_word(std::size_t at) const noexcept -> bool { return is(at, fold_letter | fold_digit); }
    [[nodiscard]] auto size() const noexcept -> std::size_t { return text.size(); }
};

enum class Lookalikes : std::uint8_t { keep, read };

/// Input   UTF-8; what is not stands for itself byte by byte
/// Threads pure
[[nodiscard]] auto fold(std::string_view text, Lookalikes lookalikes = Lookalikes::keep) -> FoldedText;

/// Letters and digits of the folded text only: how names and numbers are compared.
[[nodiscard]] auto compact(std::string_view text, Lookalikes lookalikes = Lookalikes::keep) -> std::string;

/// A text of another script in Latin letters: "Вера" is Vera.
[[nodiscard]] auto in_latin(std::string_view text) -> std::string;

}  // namespace cg::policy
