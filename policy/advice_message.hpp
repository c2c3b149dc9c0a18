#pragma once
/// One question to an adviser: what may leave, and what stops it. For policy/ only.

#include "policy/advice.hpp"
#include "policy/gate.hpp"
#include "policy/scrub.hpp"

#include <string>
#include <vector>

namespace cg::policy {

/// Lifetime  borrows the input
/// Secret    holds personal data
class AdviceMessage {
public:
    /// Scrubs the question and the words of every concern.
    AdviceMessage(const GateInput& input, const FlatCase& flat);

    /// AD-4, AD-5: no files; every leftover ticked by a person; a question asked. Never relaxed, not in an emergency: a
    /// telephone needs no form, and a name that has left cannot be called back.
    void check(Findings& findings) const;

    /// `advice/1`, built by allow list (AD-2): a leaf of the case is in it only because this function writes it.
    /// {schema, consultation, purpose, reply_role, question, child {token, age_band, need}, people [token], concerns [{category, kind, day,
    /// text}], risk_level, handling {marking, identity}}.
    [[nodiscard]] auto view(const RoleTable& role, const Projection& projection) const -> Json;
    /// Leaves that the view tells something of, as pointers into the case.
    [[nodiscard]] auto told(const RoleTable& role, const Projection& projection) const -> std::vector<std::string>;

    [[nodiscard]] auto result() const -> AdviceResult;

private:
    void read_concern(std::size_t index, const FlatCase& flat);
    [[nodiscard]] auto may_read(std::string_view tag) const -> bool;
    [[nodiscard]] auto may(const RoleTable& role, std::string_view pattern) const -> bool;
    [[nodiscard]] auto child() const -> Json;
    [[nodiscard]] auto need(const RoleTable& role) const -> std::string;
    [[nodiscard]] auto people(const RoleTable& role) const -> Json;
    [[nodiscard]] auto concern(std::size_t index) const -> Json;
    [[nodiscard]] auto risk_level(const RoleTable& role) const -> std::string_view;
    [[nodiscard]] auto reply_role() const -> std::string;

    const GateInput& in_;
    const ScrubRules& rules_;
    std::vector<ScrubText> texts_;          // the question first, then the concerns that have words
    std::vector<std::size_t> text_of_;      // by concern: index into texts_; 0: none
    ScrubResult scrubbed_;
    std::vector<Leftover> open_;            // not ticked
};

/// AD-9: who is in doubt is offered advice, and told that it must not delay an emergency.
void add_advice_instructions(Decision& out, const CompiledPack& pack, const Submission& submission);

}  // namespace cg::policy
