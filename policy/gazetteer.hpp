#pragma once
/// What a case knows about who is who, in every form that people write it. For policy/ only.

#include "gateway/base/bytes.hpp"
#include "gateway/base/json.hpp"
#include "gateway/base/time.hpp"
#include "policy/many_words.hpp"
#include "policy/near_names.hpp"
#include "policy/scrub_rules.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace cg::policy {

struct FoldedText;

/// A span of the original text, and what stands for it.
struct ScrubSpan {
    std::uint32_t begin, end;
    std::uint32_t rank;  ///< of equally long spans the lower one names the token
    std::string_view kind;   ///< `gazetteer:name`
    std::string_view token;  ///< empty: not replaced but reported
};

/// One way of writing one value.
struct GazetteerEntry {
    enum class Form : std::uint8_t { part, short_part, full, initials, phrase, number };
    std::string text;  ///< folded, letters and digits only
    Form form{};
    std::uint16_t token{}, kind{};
    std::uint16_t split{0};     ///< full: an initial begins here, or ends, and must look like one; 0: none
    bool initial_first{false};  ///< the initial is what stands before the split
    bool everyday{false};       ///< in small letters it is a word like any other
    bool a_word{false};         ///< of everyday language, too: after "a" or "we" nobody can tell
    bool capital_only{false};   ///< in small letters it is nothing at all
    bool other_script{false};   ///< may stand inside a word
};

/// What draws the numbers of tokens. Lifetime: borrows.
struct TokenSource {
    ByteView secret;
    const std::map<std::string, std::string>* earlier{nullptr};  ///< by id: the token that somebody had before
};

/// Somebody that a text may name.
struct ScrubPerson {
    std::string id, relationship, token;
    std::vector<std::string> names;
};

/// Secret  holds personal data
class Gazetteer {
public:
    /// Lifetime  borrows the rules
    Gazetteer(const Json& case_tree, const ScrubRules& rules, Date today, const TokenSource& tokens);

    /// Adds every place where a value stands. The text must be folded like `lookalikes`.
    void find(const FoldedText& text, std::vector<ScrubSpan>& spans) const;

    struct BirthDate {
        Date day;
        std::string token;
    };
    [[nodiscard]] auto birth_dates() const noexcept -> const std::vector<BirthDate>& { return births_; }
    [[nodiscard]] auto people() const noexcept -> const std::vector<ScrubPerson>& { return people_; }
    [[nodiscard]] auto people_in_case() const noexcept -> std::size_t { return in_case_; }
    [[nodiscard]] auto near() const noexcept -> const NearNames& { return near_; }
    /// The case holds more than can be looked for: nothing may pass unseen.
    [[nodiscard]] auto is_full() const noexcept -> bool { return full_; }
    [[nodiscard]] auto size() const noexcept -> std::size_t { return entries_.size(); }

private:
    friend class GazetteerMaker;
    std::vector<GazetteerEntry> entries_;
    std::vector<std::string> tokens_, kinds_;
    std::vector<ScrubPerson> people_;  ///< the child first, then /people in order, then professionals
    std::size_t in_case_{0};           ///< how many of them stand in /people
    std::vector<BirthDate> births_;
    ManyWords words_;
    NearNames near_;
    bool full_{false};
    const ScrubRules& rules_;
};

/// How the automaton spells letters and digits that are taken for each other: o and 0, i, l and 1.
[[nodiscard]] inline auto spell(char c) noexcept -> char {
    return c == 'o' ? '0' : c == 'i' || c == 'l' ? '1' : c;
}

}  // namespace cg::policy
