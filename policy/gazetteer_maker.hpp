#pragma once
/// Making the list of what a case knows about who is who: gazetteer.cpp, gazetteer_names.cpp. For these two only.

#include "policy/case_schema.hpp"
#include "policy/gazetteer.hpp"

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace cg::policy {

/// A word of a name or a place.
struct NameWord {
    std::string text;     ///< folded letters and digits
    std::string initial;  ///< what its first character folds to: "th" for Þ
    std::size_t letters;  ///< code points
    bool other_script;
    bool capital;
    bool possessive{false};  ///< ends in the s of "Petroc's"
};
/// What parts words beside white space, dots and commas: nothing, hyphens, hyphens and apostrophes.
enum class Break : std::uint8_t { words, hyphens, pieces };
[[nodiscard]] auto words_of(std::string_view value, Break at = Break::words) -> std::vector<NameWord>;
/// "Ü" is also written "Ue".
[[nodiscard]] auto written_out(std::string text) -> std::string;

/// As in GazetteerEntry.
struct EntryManner {
    std::size_t split{0};
    bool initial_first{false}, everyday{false}, capital_only{false};
};

class GazetteerMaker {
public:
    GazetteerMaker(Gazetteer& out, const Json& tree, Date today, const TokenSource& tokens)
        : out_(out), rules_(out.rules_), tree_(tree), today_(today), source_(tokens) {}

    void make();

private:
    using Form = GazetteerEntry::Form;

    // Who is who.
    void add_people();
    void number_people();
    auto person_token(std::string_view name) -> std::string;
    void know(std::string_view name, const std::string& token);
    [[nodiscard]] auto usable(std::string_view value) -> bool;

    // Values by rule.
    void add_rule(const GazetteerRule& rule);
    void add_value(const GazetteerRule& rule, const std::string& text);
    void add_other_name(const GazetteerRule& rule, const std::string& text);
    void add_number(std::string_view text, const std::string& token, const std::string& kind);
    void add_phone(const GazetteerRule& rule, std::string_view text);
    void add_postcode(const GazetteerRule& rule, std::string_view text);
    void add_birth_date(const GazetteerRule& rule, const std::string& text);
    void add_free_words(const GazetteerRule& rule, std::string_view text);
    void add_unknown_leaves(const Json& value, const PathTrie& trie, PathTrie::Node at, std::size_t depth);

    // Places.
    void add_phrase(std::string_view text, const std::string& token, const std::string& kind);
    void add_town(const GazetteerRule& rule, std::string_view text);
    void add_place(const GazetteerRule& rule, std::string_view text);
    void add_place_word(const GazetteerRule& rule, const NameWord& word);
    void add_address(const GazetteerRule& rule, std::string_view text);
    void add_street(const GazetteerRule& rule, const std::vector<NameWord>& words);

    // Names.
    void add_child_names();
    void add_name(std::string_view name, const std::string& token, const std::string& kind, bool first_counts = true);
    void add_words_of_name(const std::vector<NameWord>& words, const std::string& token, const std::string& kind, bool first_counts);
    void add_run_together(const std::vector<NameWord>& words, const std::string& token, const std::string& kind);
    void add_all_initials(const std::vector<NameWord>& words, const std::string& token, const std::string& kind);
    void add_initial(const std::string& first, const NameWord& last, const std::string& token, const std::string& kind);
    void add_part(const NameWord& word, const std::string& token, const std::string& kind);
    void add_short_forms(const NameWord& word, const std::string& token, const std::string& kind);
    [[nodiscard]] auto first_names(const NameWord& word) const -> std::vector<std::string>;
    void share_parts();

    // Entries.
    void add(std::string_view text, Form form, const std::string& token, const std::string& kind, EntryManner manner = {});
    auto token_number(const std::string& token) -> std::uint16_t;
    void prepare();

    Gazetteer& out_;
    const ScrubRules& rules_;
    const Json& tree_;
    Date today_;
    const TokenSource& source_;
    int staff_{0};
    std::size_t letters_{0};
    std::set<std::string> seen_;
    std::unordered_map<std::string, std::uint16_t> token_numbers_, kind_numbers_;
    std::unordered_map<std::string, std::string> known_names_;  ///< as they are compared → token
    std::vector<std::string> spelled_;
};

}  // namespace cg::policy
