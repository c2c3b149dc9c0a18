#pragma once
/// Takes what identifies people out of free text (AD-3): first everything that the case itself knows, in every form that
/// people write it; then whatever has the shape of an identifier; then what is left over that may be one is reported.

#include "gateway/base/bytes.hpp"
#include "gateway/base/json.hpp"
#include "gateway/base/time.hpp"
#include "policy/advice.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace cg::policy {

struct ScrubRules;  // policy/scrub_rules.hpp, for this room only: the pack's words

/// A text to scrub, and where it stands. Lifetime: borrows.
struct ScrubText {
    std::string pointer;  ///< into the submission
    std::string_view text;
    std::vector<std::string_view> tagged;  ///< words that no adviser may read (NE-4): cut out wherever they stand
};

struct ScrubOptions {
    const ScrubRules& rules;
    Date today;
    /// Draws the numbers of tokens that several people share, and the references of the token map: the same secret gives
    /// the same tokens (AD-10). Empty: the order of the case.
    ByteView consultation_secret;
    /// By id of a person: the token that it had in an earlier question of the same consultation. Null: none.
    const std::map<std::string, std::string>* earlier_tokens{nullptr};
};

struct ScrubResult {
    std::vector<std::string> texts;  ///< in the order given
    std::map<std::string, std::size_t> replacements;  ///< `gazetteer:name` → 9, `pattern:date` → 2
    std::vector<Leftover> leftovers;                  ///< in the order of texts, by offset
    Date day_zero{};  ///< the latest day that something was observed: [DAY 0]
    /// Secret  see AdviceResult::token_map; without `consultation`
    Json token_map;
    /// Tokens by place in /people, e.g. `[MOTHER]`.
    std::vector<std::string> people;
};

/// Input     a case and texts, both untrusted; any bytes
/// Returns   total. No value of the case that the rules name is left in a text in any folding of case, accents, width,
///           spacing or invisible characters, but for words of everyday language: those, and whatever else may identify,
///           are leftovers. Fails closed: a doubt is a leftover
/// Bounds    linear in case and texts
/// Threads   pure
/// Secret    all of it but the replacements
[[nodiscard]] auto scrub(const Json& case_tree, const std::vector<ScrubText>& texts, const ScrubOptions& options)
    -> ScrubResult;

}  // namespace cg::policy
