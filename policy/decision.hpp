#pragma once
/// The answer: who may have what, why, and what was tested to say so. Plain values, no behaviour beyond their JSON.

#include "gateway/base/ids.hpp"
#include "gateway/base/json.hpp"
#include "gateway/base/result.hpp"
#include "gateway/base/time.hpp"
#include "policy/advice.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cg::policy {

struct Submission;
struct Caller;

/// The answer for one recipient. PERMIT may be partial: see `withheld`.
enum class Outcome : std::uint8_t { permit, deny, review };
/// "PERMIT", "DENY" or "REVIEW".
[[nodiscard]] auto to_string(Outcome outcome) noexcept -> std::string_view;

/// Why one leaf stays behind. Always exactly one.
enum class WithheldReason : std::uint8_t {
    not_necessary,
    forbidden,
    condition_not_met,
    third_party_not_relevant,
    identity_protected,
    not_about_this_child,
    sensitive_tag_not_allowed,
    purpose_incompatible,
    outside_consent_scope,
    stale_unexplained,
};
/// "NOT_NECESSARY", "FORBIDDEN" and so on.
[[nodiscard]] auto to_string(WithheldReason reason) noexcept -> std::string_view;

/// One leaf of the case that this recipient does not get.
struct Withheld {
    std::string pointer;  ///< JSON Pointer into the case
    std::string group;    ///< field group; `unknown` for a leaf that no group names
    WithheldReason reason{};
    std::string rule;  ///< e.g. `cp.csc.front-door.fam_numbers`
};

/// What somebody has to do, or must not do, because of this decision.
struct Obligation {
    std::string
        type;  ///< `ack-by`, `complete-by`, `inform-review`, `do-not-inform`, `protect-identity`, `ask-sender` …
    std::optional<Instant> due;  ///< empty: as long as the message is held
    std::string text;            ///< plain words
};

/// One rule that was evaluated (RC-4).
struct RuleResult {
    std::string id;      ///< e.g. `cin.consent`
    std::string result;  ///< `pass`, `fail`, `review`, `warning`, `debt` or `not-applicable`
};

/// Something a reader of the decision should know, and no fault, e.g. `compatible-by-default`.
struct Note {
    std::string code;
    std::string pointer;  ///< into the case
};

struct RecipientDecision {
    std::string to_text;  ///< as submitted (a recipient that is no `role@agency` still gets its answer)
    RecipientId to;       ///< empty where `to_text` does not parse
    Outcome outcome{Outcome::deny};
    std::vector<std::string> released;  ///< JSON Pointers into the case, in the order of the case
    std::vector<Withheld> withheld;     ///< the same order; released and withheld share no pointer
    std::vector<Problem> problems;      ///< pointers are into the submission (`/case/…`, `/recipients/0`)
    std::vector<Obligation> obligations;
    std::vector<Note> notes;
    std::vector<std::string> conditions_met;  ///< e.g. `fam_crime: risk-high, person-linked`
    std::vector<std::string> reason_codes;    ///< of a refusal, e.g. `CONSENT_REFUSED` (domain list "refusal reason")
    std::string purpose_label;                ///< what the recipient is told the purpose is
    /// What is sent (PERMIT), or would be after a review (REVIEW): `view/1`. Null for DENY: nothing leaves, `released`
    /// is empty. Only a PERMIT's view may be sealed.
    ///
    /// Secret  personal data
    Json view;
    /// What is told instead of a view: that the answer is no, that a copy is wrong, that consent was withdrawn. Goes whatever
    /// the outcome; null: nothing.
    Json reply;
};

/// The eight quality tests, in this order.
inline constexpr std::array<std::string_view, 8> test_names{"necessary", "proportionate", "relevant", "adequate",
                                                            "accurate",  "timely",        "secure",   "recorded"};

/// FW-11: the living are under data protection law and the duty of confidence, the dead under the latter.
inline constexpr std::array<std::string_view, 2> regime_words{"data-protection", "confidentiality-only"};

struct PackRef {
    std::string id;
    std::string version;
    std::string hash;  ///< `sha256:` and 64 hexadecimal digits
};

/// The codes that a decision rests on, each known to the pack or empty: safe to write where no personal data may stand.
struct CodesUsed {
    std::string article9, schedule1, schedule1_reason, confidence_gate;
    std::string consent_state;
    std::string override_reason;
    std::vector<std::string> exceptions;  ///< reasons for not telling the family
    std::string told;                     ///< `none`, `some`, `all` or `not-recorded`
};

struct Decision {
    /// PERMIT when at least one recipient is PERMIT (something leaves); otherwise REVIEW when at least one is;
    /// otherwise DENY.
    Outcome outcome{Outcome::deny};
    std::string action;  ///< `shared` (every leaf to everyone), `partly-shared`, `advice`, `held` (REVIEW) or `refused`
    std::string purpose;
    std::vector<RecipientDecision> recipients;  ///< in the order of the submission
    std::vector<Problem> problems;              ///< of the whole, where there is no recipient to say them of
    std::vector<std::string> reason_codes;      ///< given by a person for not sharing (RC-3)
    std::vector<Problem> warnings;
    std::vector<std::string> instructions;       ///< the 999 text first when there is danger
    std::vector<std::string> what_would_change;  ///< plain words; never empty when a recipient is not PERMIT
    std::vector<Obligation> obligations;         ///< the sender's own: inform-review, complete-by, ack-by
    std::vector<RuleResult> rules;
    std::array<std::string, 8> tests;  ///< results of `test_names`
    PackRef pack;
    bool emergency{false};  ///< urgency was `emergency`: gates became debts
    std::string urgency;
    Instant decided_at{};
    std::optional<Instant> ack_by;
    std::optional<Instant> complete_by;
    std::optional<AdviceResult> advice;  ///< where the purpose is advice; its `token_map` is Secret
    bool late{false};  ///< sent later than the purpose's time limit
    CodesUsed codes;
    std::vector<std::string> regimes;    ///< FW-11: of `regime_words`, those that apply to somebody in the case
    std::string basis;                   ///< Article 6 code relied on (the pack's preset in an emergency without one)
    /// Ids of the governing documents (FW-8). Of the areas' protocols only that of the child's home area (IT-4).
    std::vector<std::string> documents;
    std::string protocol;  ///< that protocol; empty where the home area is none of the policy's
    std::string agreement;
    std::string procedure;
    std::string policy_document;  ///< appropriate policy document
    std::vector<std::string> rules_edition;
    struct {
        std::string retention_class, anchor, period, then;
    } retention;  ///< periods as ISO 8601, e.g. `P25Y`
};

/// {outcome, action, purpose, emergency, recipients:[{to, outcome, released, withheld:[{pointer, group, reason, rule}],
/// problems:[{type, pointer, rule, fix}], obligations, conditions_met, notes:[{code, pointer}], size:{fields, withheld,
/// bytes}, reason_codes, view}], warnings, instructions,
/// what_would_change, obligations, rules, tests, pack:{id, version, hash}}; for advice also {advice: {consultation,
/// replacements, leftovers_resolved, leftovers: [{pointer, offset, length, why, text_sha256}]}}, never the token map.
/// Secret  with `with_views` it holds personal data (only for the sender); without, none
[[nodiscard]] auto to_json(const Decision& decision, bool with_views) -> Json;

/// The two halves of a decision record, kept apart because they are erased at different times.
///
/// `dec` holds no personal data: record, action, outcome, purpose, pack {id, version, hash, rules_edition, agreement,
///       procedure, documents, appropriate_policy_document}, sender {organisation, kind, public_authority},
///       urgency, emergency, times {concern_arose, phoned_at, person_decided_at,
///       decided_at}, timeliness {late}, law {article6, article9,
///       schedule1, schedule1_reason, confidence_gate}, consent {state}, override {reason} or null, informing {told,
///       exception}, links, tests, rules, reasons {codes}, recipients [{to, outcome, released: [pointer],
///       released_count, withheld: [{group, reason, rule, count, pointers}], problems: [{type, pointer, rule}],
///       conditions_met, notes}], regimes, obligations, warnings, retention. Only codes that the pack knows, names of
///       fields that case/1 knows, and moments: a text of the sender's own never.
/// `id`  is personal: case_ref, home_authority, subjects [{id, relationship, names, date_of_birth, identifiers,
///       identity_protected, regime}], actor {user, role, auth, organisation}, balance (the four risk answers),
///       consent, override, informing, basis, timing, reasons, third_parties and advice_sought as submitted,
///       unknown_leaves, submitted {purpose, recipients, links}. Of an advice message (action
///       `advice`) also: question, token_map and who resolved the leftovers.
struct RecordFields {
    Json dec;
    Json id;  ///< Secret  personal data: stored encrypted only
};
[[nodiscard]] auto record_fields(const Decision& decision, const Submission& submission, const Caller& caller)
    -> RecordFields;

}  // namespace cg::policy
