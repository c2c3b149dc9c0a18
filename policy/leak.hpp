#pragma once
/// The leak check (NE-3): names and numbers of who and what is withheld are taken out of released free text.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cg::policy {

struct ScrubRules;  // policy/scrub_rules.hpp

/// Collects what must not be read, then rewrites texts. Texts are compared in the form that policy/fold.hpp gives them;
/// separators in names and numbers do not count. Names are found in all the ways people write them: whole, in parts, with
/// an initial, as initials, by a short name, with an s behind.
///
/// Secret  holds personal data
class Redactor {
public:
    /// `words`: the pack's short names and abbreviations; null: none.
    /// Lifetime  borrows `words`
    explicit Redactor(const ScrubRules* words = nullptr) : words_(words) {}

    /// A name that this recipient is given elsewhere: it, and its parts, stay readable.
    void keep_name(std::string_view name);
    /// `token` may be words or `[ROLE]`.
    void hide_name(std::string_view name, std::string_view token);
    /// A number, code or address, however it is spaced; of an address also the street or the house by itself.
    void keep_number(std::string_view number);
    void hide_number(std::string_view number, std::string_view token);
    /// A reference that every recipient sees another of.
    void hide_reference(std::string_view reference, std::string_view token);
    /// Words for what somebody is (`neighbour`), replaced by `token`.
    void hide_role(std::string_view relationship, std::string_view token);

    /// To be called once, after the last of the above.
    void prepare();
    [[nodiscard]] auto empty() const noexcept -> bool { return needles_.empty(); }
    /// The text with everything hidden replaced; empty where nothing was found.
    ///
    /// Cost  the length of the text times that of the longest name, however many there are
    [[nodiscard]] auto rewrite(std::string_view text) const -> std::optional<std::string>;

private:
    static constexpr std::uint32_t none = 0xFFFF'FFFF;
    enum class Kind : std::uint8_t { name, phrase, initials, number, reference, role };
    /// One way of writing something.
    struct Form {
        std::string text;  ///< folded; a space stands for a break, or none
        Kind kind;
        bool capital{false};       ///< begins with a capital, or it is an ordinary word
        bool last_capital{false};  ///< so does what it ends with: an initial
        bool guess{false};         ///< a short name or initials: others may go by it
    };
    struct Needle : Form {
        std::string token;
    };
    /// A letter or digit of the needles, and what may follow.
    struct Node {
        std::uint32_t child{0}, sibling{0};  ///< 0: none
        std::uint32_t needle{none};          ///< the first that ends here
        char letter{0};
        bool gap{false};  ///< separators may follow
    };
    struct Trie {
        std::vector<Node> nodes;
        std::array<std::uint32_t, 256> first{};
    };
    class Folded;
    struct Match {
        std::size_t begin, end;
        const Needle* needle;
    };
    template <class Add>
    void name_forms(std::string_view name, Add add) const;
    template <class Add>
    void short_names(const std::string& word, Add add) const;
    template <class Add>
    void number_forms(std::string_view number, Add add) const;
    template <class Add>
    void address_forms(std::string_view address, Add add) const;
    void hide(Form form, std::string_view token);
    void give_up_kept();
    void add_to(Trie& trie, std::uint32_t needle);
    [[nodiscard]] auto step(const Trie& trie, std::uint32_t node, char letter) const -> std::uint32_t;
    void find(const Trie& trie, const Folded& text, std::size_t at, std::optional<Match>& best) const;
    [[nodiscard]] auto fits(const Needle& needle, const Folded& text, std::size_t at, std::size_t end) const
        -> std::optional<Match>;
    [[nodiscard]] auto fits_initials(const Needle& needle, const Folded& text, std::size_t at, std::size_t end) const
        -> std::optional<Match>;
    [[nodiscard]] auto rewrite(const Folded& text) const -> std::optional<std::string>;

    const ScrubRules* words_;
    std::vector<Needle> needles_;
    std::vector<std::string> kept_names_, kept_numbers_;
    std::vector<std::uint32_t> also_;  ///< by needle: another that ends in the same place
    Trie names_, numbers_;
};

}  // namespace cg::policy
