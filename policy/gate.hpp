#pragma once
/// A gate is one small function that looks at a submission and says what is wrong. The order of the lists in gates.cpp
/// is the order of the decision. A new rule is a function and a line there.

#include "gateway/base/result.hpp"
#include "policy/agency.hpp"
#include "policy/case_facts.hpp"
#include "policy/compiled.hpp"
#include "policy/decision.hpp"
#include "policy/minimise.hpp"
#include "policy/submission.hpp"
#include "policy/uk_time.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cg::policy {

/// Where problems go. In an emergency what a gate would refuse for becomes a debt, unless the gate says otherwise.
class Findings {
public:
    explicit Findings(bool emergency) : emergency_(emergency) {}

    void deny(int check, std::string_view type, std::string_view pointer, std::string fix);
    void review(int check, std::string_view type, std::string_view pointer, std::string fix);
    void warn(int check, std::string_view type, std::string_view pointer, std::string fix);
    /// Refused also in an emergency.
    void deny_always(int check, std::string_view type, std::string_view pointer, std::string fix);

    std::vector<Problem> denied, reviews, debts, warnings;

    /// The rule that the next findings belong to.
    void begin(std::string rule) { rule_ = std::move(rule); }
    [[nodiscard]] auto total() const noexcept -> std::size_t {
        return denied.size() + reviews.size() + debts.size() + warnings.size();
    }

private:
    auto make(int check, std::string_view type, std::string_view pointer, std::string fix) const -> Problem;
    bool emergency_;
    std::string rule_;
};

/// Lifetime  borrows everything
struct GateInput {
    const CompiledPack& pack;
    const Purpose& purpose;
    const Submission& submission;
    const CaseFacts& facts;
    const Caller& caller;
    Instant now;
    bool emergency;

    [[nodiscard]] auto tree() const noexcept -> const Json& { return submission.case_tree; }
    /// The day in the United Kingdom, by which law comes into force and ages count.
    [[nodiscard]] auto today() const -> Date { return uk_date(now); }
};

struct Gate {
    std::string_view name;
    void (*run)(const GateInput&, Findings&);
};

/// What else is known once a recipient's role and projection are.
struct RecipientInput {
    const GateInput& common;
    const RoleTable& role;
    const RecipientId& to;
    const FlatCase& flat;
    const Projection& projection;
};

struct RecipientGate {
    std::string_view name;
    void (*run)(const RecipientInput&, Findings&);
};

/// For the whole submission, once.
[[nodiscard]] auto submission_gates() -> std::span<const Gate>;
/// For each recipient, on what it would get.
[[nodiscard]] auto recipient_gates() -> std::span<const RecipientGate>;

/// Does the recipient exist, hold the role and serve the area? The role's table is the purpose's business. Null
/// `to_facts`: unknown organisation.
void recipient_gate(const GateInput& input, const RecipientId& to, const AgencyFacts* to_facts, std::size_t index,
                    Findings& findings);

// The gates, one file or a few a file.
void in_force_gate(const GateInput& input, Findings& findings);
void basis_gate(const GateInput& input, Findings& findings);
void consent_gate(const GateInput& input, Findings& findings);
void informing_gate(const GateInput& input, Findings& findings);
void referrer_gate(const GateInput& input, Findings& findings);
void risk_gate(const GateInput& input, Findings& findings);
void kind_gate(const GateInput& input, Findings& findings);
void accuracy_gate(const GateInput& input, Findings& findings);
void voice_gate(const GateInput& input, Findings& findings);
void timeliness_gate(const GateInput& input, Findings& findings);
void minimum_gate(const GateInput& input, Findings& findings);
void lookup_gate(const GateInput& input, Findings& findings);
void protocol_gate(const GateInput& input, Findings& findings);
void record_fields_gate(const GateInput& input, Findings& findings);
void contradiction_gate(const GateInput& input, Findings& findings);
void number_gate(const GateInput& input, Findings& findings);
void third_party_gate(const GateInput& input, Findings& findings);
void prompt_gate(const GateInput& input, Findings& findings);

void consent_scope_gate(const RecipientInput& input, Findings& findings);
void sensitive_data_gate(const RecipientInput& input, Findings& findings);
void confidence_gate(const RecipientInput& input, Findings& findings);
void contact_gate(const RecipientInput& input, Findings& findings);
void adequacy_gate(const RecipientInput& input, Findings& findings);

/// Names that case/1 does not know: what stands there stays, and no rule sees it.
void note_unknown_members(const FlatCase& flat, Findings& findings);

// Shared by gates.

/// `/case` and the pointer.
[[nodiscard]] auto in_case(std::string_view pointer) -> std::string;
/// `/case/<list>/<index>/<leaf>`.
[[nodiscard]] auto in_item(std::string_view list, std::size_t index, std::string_view leaf) -> std::string;
/// Is what a code asks for written down, and is it an answer?
[[nodiscard]] auto is_shown(const GateInput& input, const Evidence& evidence) -> bool;
/// FW-16: has the sender said why this group's identifier would do more harm than good?
[[nodiscard]] auto would_harm(const Group& group, const Json& case_tree) -> bool;
/// What became of each consistent identifier that this role may have: sent, not known, or held back.
[[nodiscard]] auto identifier_notes(const RecipientInput& input) -> std::vector<Note>;
/// Is there a limit, whether or not its clock has a start?
[[nodiscard]] auto has_limit(const GateInput& input) -> bool;
/// The limit, from which gate and record tell whether now is past it. Empty: none, or its clock has no start.
[[nodiscard]] auto send_by(const GateInput& input) -> std::optional<Instant>;
/// Does an override stand in for consent here, and is one offered?
[[nodiscard]] auto offers_override(const GateInput& input) -> bool;
/// … and does consent itself not stand, so that it counts?
[[nodiscard]] auto rests_on_override(const GateInput& input) -> bool;
void override_gate(const GateInput& input, Findings& findings);
/// Where consent is not needed but was refused: the reason to share all the same is looked at, and no bar.
void note_refusal(const GateInput& input, Findings& findings);
/// CO-10: a withdrawal that the agency knows of beats consent given before it, or on the same day.
void apply_withdrawals(const Submission& submission, CaseFacts& facts);
/// Is the consent somebody's who can give it?
void check_giver(const GateInput& input, Findings& findings);
/// Can the person who was asked decide? Presumed, unless it is doubted or somebody found that they cannot.
[[nodiscard]] auto can_decide(const GateInput& input) -> bool;

}  // namespace cg::policy
