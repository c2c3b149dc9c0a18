#pragma once
/// The words that the scrubber works with, from the pack's scrub.toml. For policy/ only.

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace cg::policy {

struct ScrubTextHash {
    using is_transparent = void;
    auto operator()(std::string_view text) const noexcept -> std::size_t { return std::hash<std::string_view>{}(text); }
};
using WordSet = std::unordered_set<std::string, ScrubTextHash, std::equal_to<>>;
template <class Value>
using WordMap = std::unordered_map<std::string, Value, ScrubTextHash, std::equal_to<>>;

/// How people write a value of this kind.
enum class GazetteerForm : std::uint8_t {
    given_names,   ///< of the child
    family_name,   ///< of the child
    person_name,   ///< of somebody in /people
    staff_name,    ///< of a professional
    place,         ///< a school, a practice, an organisation
    address,       ///< house and street
    word,          ///< one name of a place: a town
    postcode,
    phone,
    birth_date,
    number,  ///< any number or reference
    email,
    words,  ///< free words: the capitalised ones that everyday language does not have
};

struct GazetteerRule {
    std::string leaf;  ///< pattern into the case
    GazetteerForm form{};
    std::string kind;   ///< as counted: `gazetteer:<kind>`
    std::string token;  ///< empty where the person says it
};

struct AgeBand {
    int from, to;  ///< years, both included; to < 0: and older
    std::string text;
};

struct ScrubRules {
    WordSet titles;         ///< stand before a name and go with it
    WordSet kin;            ///< stand before a name and stay
    WordSet particles;      ///< parts of names that are no names alone
    WordSet everyday;       ///< words so frequent that a small letter says "no name"
    WordSet abbreviations;  ///< in capitals, and nobody's initials
    WordSet common;         ///< words that may begin with a capital letter without being a name
    WordSet also_names;     ///< of those, the ones that are names as well
    WordSet place_words;    ///< what a setting is, not how it is called
    WordSet names_follow;   ///< after one of these stands a name, whatever the word is otherwise
    WordSet no_name_follows;  ///< directly after one of these a small word is a thing: "a mark"
    WordSet people_do;      ///< after a word that may be a name: then it is one
    WordSet quoted_after;   ///< after one of these a quotation may point at a place
    WordSet reference_words;  ///< a code that follows is somebody's reference
    WordSet vehicle_words;
    WordSet ethnicity_words, disability_words;
    WordMap<std::vector<std::string>> nicknames;     ///< both ways
    WordMap<std::vector<std::string>> street_words;  ///< `road` → `rd`, both ways
    WordSet relationships;                           ///< may stand in a token
    std::vector<AgeBand> bands;
    std::vector<GazetteerRule> gazetteer;
    std::string child, staff, family, person, name;  ///< tokens
    // What advice/1 may say of structured facts.
    WordMap<std::string> needs;  ///< code → broad word
    WordSet categories;
    std::string offer;     ///< AD-9: seek advice
    std::string no_delay;  ///< AD-9: and do not wait for it in an emergency

    /// `[AGE 5-7]`
    [[nodiscard]] auto age_token(int years) const -> std::string;
    /// `5-7`
    [[nodiscard]] auto age_band(int years) const -> std::string;
    /// In the list, or a plain inflection of a word in it. `word`: folded.
    [[nodiscard]] auto is_common(std::string_view word) const -> bool;
};

}  // namespace cg::policy
