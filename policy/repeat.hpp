#pragma once
/// A recorded decision made again, bit for bit, from its message, its policy and what was known then (RC-4).

#include "policy/decide.hpp"

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace cg::policy {

/// What a decision rested on beside the message and the pack. Its record keeps it, in the personal part, as `context`.
/// Secret  personal data
struct DecisionContext {
    std::vector<AgencyFacts> agencies;  ///< those that were looked up
    Caller caller;
    Consultation consultation;
    /// Earlier texts are other records' own, and are erased with them: this names those records alone.
    std::vector<std::string> recent_override_of;
    std::vector<Withdrawal> known_withdrawals;
    /// Recipients whose key could not be had when it came to sealing, by index, and why.
    std::vector<std::pair<std::size_t, std::vector<Problem>>> without_key;
};

/// `decision-context/1`.
[[nodiscard]] auto to_json(const DecisionContext& context) -> Json;
/// Errors  malformed
[[nodiscard]] auto parse_decision_context(const Json& json) -> Result<DecisionContext>;

/// Passes on what it is asked, and remembers the answers.
/// Lifetime  borrows the other
/// Threads   one: it is made for one decision
class SeenAgencies final : public AgencyLookup {
public:
    explicit SeenAgencies(const AgencyLookup& all) : all_(all) {}
    [[nodiscard]] auto find(const AgencyId& id) const -> const AgencyFacts* override;
    [[nodiscard]] auto seen() const -> std::vector<AgencyFacts>;

private:
    const AgencyLookup& all_;
    mutable std::map<AgencyId, const AgencyFacts*> seen_;
};

/// The two halves of a record, and its time.
struct RecordedDecision {
    Json dec, personal;
    Instant decided_at{};
};

struct Repeated {
    Decision decision;
    std::vector<std::string> differ;  ///< members of `dec` that come out otherwise; none: the same, bit for bit
    std::vector<std::string> added;   ///< members that only the record has, such as the channel of a call
};

/// Decides it again.
///
/// Input    `message`: the bytes that were handed in; `override_texts`: the texts of the records that the context names, in their
///          order. `view_salt` counts for the views alone
/// Errors   conflict: another pack than the one that decided, or a second person's answer, which no policy can repeat;
///          not_found: the record keeps no context; malformed: the message cannot be read, or does not fit
/// Threads  pure
[[nodiscard]] auto repeat_decision(const Pack& pack, const RecordedDecision& record, std::string_view message,
                                   std::vector<std::string> override_texts, ByteView view_salt) -> Result<Repeated>;

}  // namespace cg::policy
