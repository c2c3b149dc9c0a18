#include "policy/decide.hpp"

#include "policy/advice_message.hpp"
#include "policy/compatibility.hpp"
#include "policy/compiled.hpp"
#include "policy/flat_case.hpp"
#include "policy/gate.hpp"
#include "policy/handling.hpp"
#include "policy/minimise.hpp"
#include "policy/summary.hpp"
#include "policy/words.hpp"

#include <algorithm>

namespace cg::policy {
namespace {

constexpr std::string_view emergency_word = "emergency";

/// Runs a gate and notes what came of it.
template <class Run>
void run_gate(const std::string& rule, Findings& findings, std::vector<RuleResult>& rules, Run run) {
    findings.begin(rule);
    const auto denied = findings.denied.size(), reviews = findings.reviews.size(), debts = findings.debts.size(),
               warnings = findings.warnings.size();
    run();
    const char* result = findings.denied.size() > denied       ? "fail"
                         : findings.reviews.size() > reviews   ? "review"
                         : findings.debts.size() > debts       ? "debt"
                         : findings.warnings.size() > warnings ? "warning"
                                                               : "pass";
    rules.push_back({rule, result});
}

class Decider {
public:
    Decider(const Pack& pack, const AgencyLookup& agencies, const Submission& submission, const Caller& caller,
            Instant now, ByteView salt)
        : pack_(pack.compiled()),
          agencies_(agencies),
          submission_(submission),
          caller_(caller),
          now_(now),
          salt_(salt),
          facts_(read_case_facts(submission.case_tree, uk_date(now))),
          purpose_(purpose_for(pack_, submission.purpose, caller.agency)) {
        apply_withdrawals(submission, facts_);
    }

    auto run() -> Decision {
        start_decision(out_, pack_, purpose_, submission_, now_);
        out_.emergency = submission_.urgency == emergency_word;
        if (purpose_ == nullptr) {
            unknown_purpose();
        } else if (purpose_->kind == PurposeKind::advice) {
            advice();
        } else {
            known_purpose();
        }
        finish_decision(out_, pack_, facts_, submission_);
        if (out_.advice && out_.outcome == Outcome::permit) out_.action = "advice";
        add_advice_instructions(out_, pack_, submission_);
        return std::move(out_);
    }

private:
    void unknown_purpose() {
        const Problem problem{"request/purpose-unknown", "/purpose", "Choose a purpose that the policy knows.",
                              "pack.purpose.1"};
        out_.rules.push_back({"pack.purpose", "fail"});
        for (const auto& text : submission_.recipients) {
            auto& recipient = add_recipient(text);
            recipient.problems.push_back(problem);
        }
    }

    auto add_recipient(const std::string& text) -> RecipientDecision& {
        auto& recipient = out_.recipients.emplace_back();
        recipient.to_text = text;
        if (auto to = RecipientId::parse(text)) recipient.to = std::move(to).value();
        return recipient;
    }

    void known_purpose() {
        const GateInput input{pack_, *purpose_, submission_, facts_, caller_, now_, out_.emergency};
        Findings common{out_.emergency};
        for (const auto& gate : submission_gates()) {
            run_gate(purpose_->short_name + "." + std::string{gate.name}, common, out_.rules,
                     [&] { gate.run(input, common); });
            // RC-4: the rule that stood in for consent is one that was evaluated.
            if (gate.run == &consent_gate && rests_on_override(input))
                out_.rules.push_back({purpose_->short_name + ".override", out_.rules.back().result});
        }
        set_basis(input);
        flat_ = flatten(submission_.case_tree, pack_);
        run_gate(purpose_->short_name + ".members", common, out_.rules, [&] { note_unknown_members(flat_, common); });
        out_.recipients.reserve(submission_.recipients.size());
        // What is owed is owed by everyone's copy: decide on debts before a view says so.
        bool owes = !common.debts.empty();
        for (std::size_t i = 0; i < submission_.recipients.size(); ++i)
            decide_recipient(input, common, submission_.recipients[i], i, owes);
        if (owes) {
            out_.complete_by = add(now_, purpose_->complete_within, pack_.holidays);
            out_.obligations.push_back(
                {"complete-by", out_.complete_by, "Supply what was left out because of the emergency."});
        }
        add_warnings(out_.warnings, std::move(common.debts));
        add_warnings(out_.warnings, std::move(common.warnings));
        const auto limit = send_by(input);
        out_.late = limit && now_ > *limit;
        sender_obligations(out_, *purpose_, pack_, submission_.case_tree);
        describe_tests(out_, input);
    }

    /// AD-1: no basis, consent or informing record is asked for, since nothing that leaves identifies. The sender's own
    /// step of taking the identity out rests on the pack's standing basis.
    void advice() {
        const GateInput input{pack_, *purpose_, submission_, facts_, caller_, now_, out_.emergency};
        flat_ = flatten(submission_.case_tree, pack_);
        const AdviceMessage message{input, flat_};
        Findings common{false};  // never a debt: what has been told cannot be taken back
        for (const auto& gate : {Gate{"in-force", &in_force_gate}, Gate{"timeliness", &timeliness_gate}})
            run_gate(purpose_->short_name + "." + std::string{gate.name}, common, out_.rules, [&] { gate.run(input, common); });
        run_gate(purpose_->short_name + ".identity", common, out_.rules, [&] { message.check(common); });
        out_.basis = purpose_->basis_standing;
        out_.advice = message.result();
        out_.recipients.reserve(submission_.recipients.size());
        for (std::size_t i = 0; i < submission_.recipients.size(); ++i) ask(input, message, common, i);
        add_warnings(out_.warnings, std::move(common.warnings));
        const auto limit = send_by(input);
        out_.late = limit && now_ > *limit;
        sender_obligations(out_, *purpose_, pack_, Json{});
        describe_tests(out_, input);
    }

    void ask(const GateInput& input, const AdviceMessage& message, const Findings& common, std::size_t index) {
        auto& recipient = add_recipient(submission_.recipients[index]);
        Findings findings{false};
        if (const auto* role = find_role(input, recipient, index, findings)) {
            const auto to = recipient.to.str();
            auto projection = project({pack_, *purpose_, *role, facts_, flat_, to, salt_, facts_.today});
            recipient.released = message.told(*role, projection);
            recipient.withheld = std::move(projection.withheld);
            std::erase_if(recipient.withheld, [&](const Withheld& leaf) {
                return std::ranges::find(recipient.released, leaf.pointer) != recipient.released.end();
            });
            recipient.purpose_label = role->label.empty() ? purpose_->label : role->label;
            recipient.view = message.view(*role, projection);
            if (purpose_->onward == "ask-sender")
                recipient.obligations.push_back({"ask-sender", std::nullopt, "Ask the sender before passing this on."});
        }
        settle(recipient, common, findings);
    }

    void set_basis(const GateInput& input) {
        const auto code = input.tree()["basis"]["article6"].text();
        if (pack_.basis.contains(code))
            out_.basis = code;
        else if (out_.emergency)
            out_.basis = purpose_->basis_emergency;
    }

    void decide_recipient(const GateInput& input, const Findings& common, const std::string& text, std::size_t index,
                          bool& owes) {
        auto& recipient = add_recipient(text);
        Findings findings{out_.emergency};
        const auto* role = find_role(input, recipient, index, findings);
        if (role != nullptr) project_for(input, common, *role, recipient, findings, owes);
        settle(recipient, common, findings);
        add_warnings(out_.warnings, std::move(findings.debts));
        add_warnings(out_.warnings, std::move(findings.warnings));
    }

    auto find_role(const GateInput& input, const RecipientDecision& recipient, std::size_t index, Findings& findings)
        -> const RoleTable* {
        const auto rule = purpose_->short_name + ".recipient";
        const auto pointer = "/recipients/" + std::to_string(index);
        const RoleTable* role = nullptr;
        run_gate(rule, findings, out_.rules, [&] {
            if (recipient.to.role.empty())
                return findings.deny_always(4, "recipient/unknown", pointer,
                                            "Write the recipient as role@agency, in small letters.");
            const auto it = purpose_->roles.find(recipient.to.role.str());
            if (it == purpose_->roles.end())
                findings.deny_always(
                    5, "recipient/role-not-permitted", pointer,
                    "The policy does not share with this role for this purpose: choose another recipient.");
            else
                role = &it->second;
            recipient_gate(input, recipient.to, agencies_.find(recipient.to.agency), index, findings);
        });
        return role;
    }

    void project_for(const GateInput& input, const Findings& common, const RoleTable& role,
                     RecipientDecision& recipient, Findings& findings, bool& owes) {
        const auto to = recipient.to.str();
        const ProjectionInput what{pack_, *purpose_, role, facts_, flat_, to, salt_, facts_.today};
        auto projection = project(what);
        const RecipientInput whole{input, role, recipient.to, flat_, projection};
        for (const auto& gate : recipient_gates())
            run_gate(purpose_->short_name + "." + role.role + "." + std::string{gate.name}, findings, out_.rules,
                     [&] { gate.run(whole, findings); });
        const bool debts = !common.debts.empty() || !findings.debts.empty();
        owes = owes || debts;
        const auto complete_by =
            debts ? std::optional{add(now_, purpose_->complete_within, pack_.holidays)} : std::nullopt;
        recipient.purpose_label = role.label.empty() ? purpose_->label : role.label;
        recipient_obligations(recipient, *purpose_, pack_, facts_, now_, complete_by, projection);
        recipient.view = make_view(
            {input, what, recipient.purpose_label, out_.basis, complete_by, recipient.obligations}, projection);
        note_purposes(recipient, projection);
        // NE-2: the sender's own words, where this recipient reads others in their place.
        for (auto& pointer : projection.reworded) recipient.notes.push_back({"words-replaced", std::move(pointer)});
        for (auto& note : identifier_notes(whole)) recipient.notes.push_back(std::move(note));
        recipient.released = std::move(projection.released);
        recipient.withheld = std::move(projection.withheld);
        recipient.conditions_met = std::move(projection.conditions_met);
    }

    /// FW-4: what goes only because a safeguarding purpose takes it.
    void note_purposes(RecipientDecision& recipient, const Projection& projection) const {
        for (const auto id : projection.marks) {
            const auto& mark = flat_.marks[id];
            if (compatible(pack_, *purpose_, mark.collected_for) == Compatible::by_default)
                recipient.notes.push_back({"compatible-by-default", mark.pointer + "/collected_for"});
        }
    }

    /// DENY beats REVIEW beats PERMIT; the problems of the whole submission come first.
    static void settle(RecipientDecision& recipient, const Findings& common, const Findings& own) {
        const bool denied = !common.denied.empty() || !own.denied.empty();
        const bool review = !common.reviews.empty() || !own.reviews.empty();
        recipient.outcome = denied ? Outcome::deny : review ? Outcome::review : Outcome::permit;
        if (denied) {  // nothing leaves, so there is nothing to show or to seal
            recipient.released.clear();
            recipient.view = Json{};
            recipient.obligations.clear();
            recipient.conditions_met.clear();
            recipient.notes.clear();
        }
        for (const auto* list : {&common.denied, &own.denied, &common.reviews, &own.reviews})
            recipient.problems.insert(recipient.problems.end(), list->begin(), list->end());
    }

    const CompiledPack& pack_;
    const AgencyLookup& agencies_;
    const Submission& submission_;
    const Caller& caller_;
    Instant now_;
    ByteView salt_;
    CaseFacts facts_;
    const Purpose* purpose_;
    FlatCase flat_;
    Decision out_;
};

}  // namespace

auto decide(const Pack& pack, const AgencyLookup& agencies, const Submission& submission, const Caller& caller,
            Instant now, ByteView view_salt) -> Decision {
    return Decider{pack, agencies, submission, caller, now, view_salt}.run();
}

}  // namespace cg::policy
