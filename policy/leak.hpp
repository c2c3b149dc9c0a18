#pragma once
/// The leak check (NE-3): names and numbers of who and what is withheld are taken out of released free text.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cg::policy {

/// Collects what must not be read, then rewrites texts. Matching ignores case, kinds of white space and apostrophe,
/// full-width forms and zero-width characters, and, in numbers, any separators.
///
/// Secret  holds personal data
class Redactor {
public:
    /// A name that this recipient is given elsewhere: its parts stay readable.
    void keep_name(std::string_view name);
    /// Each part is looked for, and the whole. `token` may be words or `[ROLE]`.
    void hide_name(std::string_view name, std::string_view token);
    /// A number, code or address, however it is spaced.
    void keep_number(std::string_view number);
    void hide_number(std::string_view number, std::string_view token);
    /// Words for what somebody is (`neighbour`), replaced by `token`.
    void hide_role(std::string_view relationship, std::string_view token);

    /// To be called once, after the last of the above.
    void prepare();
    [[nodiscard]] auto empty() const noexcept -> bool { return needles_.empty(); }
    /// The text with everything hidden replaced; empty where nothing was found.
    [[nodiscard]] auto rewrite(std::string_view text) const -> std::optional<std::string>;

private:
    enum class Kind : std::uint8_t { name, name_part, number, role };
    struct Needle {
        std::string text;  ///< folded; a space in a name stands for a break between words
        std::string token;
        Kind kind;
    };
    struct Folded;
    struct Match;
    [[nodiscard]] auto match_at(const Folded& text, std::size_t at) const -> std::optional<Match>;
    void add_parts(std::string_view folded_name, std::string_view token);

    std::vector<Needle> needles_;  // sorted by first character once prepared
    std::vector<std::string> kept_names_, kept_numbers_;
};

}  // namespace cg::policy
