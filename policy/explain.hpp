#pragma once
/// A recorded decision in plain words: what each rule asks, on what it rests, what would change the answer.

#include "policy/pack.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace cg::policy {

struct RuleWords {
    std::string rule;    ///< its id
    std::string result;  ///< pass, fail, review, debt, warning, withheld
    std::string text;    ///< what it asks
};
struct DocumentWords {
    std::string id, title, address, read_on;
};
struct RecipientWords {
    std::string to, outcome;
    std::size_t released = 0, withheld = 0;
    std::vector<RuleWords> rules;  ///< those that said no, and those that kept something back
    std::vector<std::string> would_change;
};
struct Explanation {
    std::string purpose, agreement, procedure, policy_document;
    std::string pack;         ///< id and version
    bool pack_known = false;  ///< it was at hand: the words are those of that very policy
    std::vector<std::string> rules_edition;
    std::vector<DocumentWords> documents;  ///< FW-8: what stands behind the decision
    std::vector<RecipientWords> recipients;
    std::vector<RuleWords> rules;  ///< of the submission as a whole, all of them
};

/// What a rule asks, in a sentence; from its id where the pack no longer has it.
/// Input  `pack` null: none at hand
[[nodiscard]] auto rule_words(const Pack* pack, std::string_view rule) -> std::string;

/// Input     `dec` of a record (no personal data); the pack that decided, or null where it cannot be had
/// Returns   nothing that is not in the record or the pack
/// Threads   pure
[[nodiscard]] auto explain(const Json& dec, const Pack* pack) -> Explanation;

}  // namespace cg::policy
