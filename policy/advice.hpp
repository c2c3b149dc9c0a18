#pragma once
/// Advice without identity (AD-1 … AD-10): what a submission says about it, and what its answer adds.
///
/// An advice submission goes through the one entry point, `decide`. Its purpose has `kind = "advice"` in the pack. Nothing
/// that leaves identifies anyone, so no basis, consent or informing record is asked for; the view (`advice/1`) is built
/// by allow list, its texts are scrubbed (policy/scrub.hpp), and whatever the scrubber could not place waits for a person.

#include "gateway/base/bytes.hpp"
#include "gateway/base/json.hpp"

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace cg::policy {

/// A place in a text that may identify somebody. Never the words themselves.
struct Leftover {
    std::string pointer;         ///< into the submission: `/advice/question`, `/case/concerns/0/text`
    std::size_t offset{0};       ///< in bytes of the text as submitted
    std::size_t length{0};       ///< in bytes; at least 1
    std::string why;             ///< `capitalised-word`, `digits`, `other-script`, `quotation`, `name-like-word`, `rare-facts`,
                                 ///< `too-many-names`
    std::string text_sha256;     ///< of the whole text as submitted, lower-case hexadecimal; goes back to the sender only
    auto operator==(const Leftover&) const -> bool = default;
};

/// A person's word that a leftover identifies nobody. Holds for the text with this digest only: an edited text needs new
/// ticks (AD-4).
struct LeftoverTick {
    std::string pointer;
    std::size_t offset{0}, length{0};
    std::string text_sha256;
};

/// The member `advice` of a submission.
struct AdviceBlock {
    std::string question;      ///< Secret  may name people: scrubbed before it leaves
    std::string follow_up_to;  ///< a consultation this one continues; empty: a new one
    bool in_doubt{false};      ///< AD-9; may stand in a submission for any purpose
    std::vector<LeftoverTick> ticks;
};

/// The consultation that a message belongs to. Given by the relay, not part of the JSON: a fresh random id and secret for
/// a new one, those of the earlier one for `follow_up_to`. Empty for a dry run.
struct Consultation {
    std::string id;  ///< e.g. `k-…`; says nothing about the case
    Bytes secret;    ///< Secret  at least 16 bytes: draws token numbers and references (AD-10)
    std::map<std::string, std::string> tokens;  ///< by id of a person: its token in an earlier question of this consultation
};

/// What the answer to an advice submission adds to a decision.
struct AdviceResult {
    std::string consultation;                         ///< empty in a dry run
    std::map<std::string, std::size_t> replacements;  ///< by kind, e.g. `gazetteer:name` → 9
    std::vector<Leftover> leftovers;                  ///< not ticked
    std::size_t leftovers_resolved{0};                ///< ticked by the actor
    /// {consultation, tokens: [{token, ref, id, relationship, names}]}: who each token is. `ref` differs between
    /// consultations.
    ///
    /// Secret  personal data: for the sender's `id` record only; never in a view, `dec`, to_json or a log
    Json token_map;
};

}  // namespace cg::policy
