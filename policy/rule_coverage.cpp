#include "policy/rule_coverage.hpp"

#include "policy/gate.hpp"
#include "policy/pack_words.hpp"

namespace cg::policy {
namespace {

constexpr std::string_view met = " (met)", not_met = " (not met)";

/// `eh.charity.lead-worker.fam`, and for a value with an answer of its own that followed by its place.
auto rule_of(const RoleTable& table, const CompiledPack& pack, LeafId leaf) -> std::string {
    const auto& cell = table.cells[leaf];
    if (cell.group == no_group || pack.groups[cell.group].always) return {};
    auto out = table.group_rules[cell.group];
    if (cell.kind != table.group_kinds[cell.group]) out += " " + pack.leaves[leaf].pattern;
    return out;
}

auto leaf_at(const CompiledPack& pack, std::string_view pointer) -> LeafId {
    std::string pattern;
    while (!pointer.empty()) {
        pointer.remove_prefix(1);
        const auto token = pointer.substr(0, pointer.find('/'));
        const bool index = !token.empty() && token.find_first_not_of("0123456789") == std::string_view::npos;
        pattern += index ? "/*" : "/" + std::string{token};
        pointer.remove_prefix(token.size());
    }
    return pack.trie.find(pattern);
}

/// Data for advice leave only in the form that the advice view gives them.
auto never_met(const Purpose& purpose, const RoleTable& table, const Cell& cell) -> bool {
    return purpose.kind == PurposeKind::advice && table.conditions[cell.condition].text == "without-identity";
}

/// A question without identity asks for no basis, consent and the like: it has few gates of its own.
auto gate_names(bool advice) -> std::vector<std::string_view> {
    if (advice) return {"in-force", "timeliness", "identity", "recipient"};
    std::vector<std::string_view> out{"recipient"};
    for (const auto& gate : submission_gates()) out.push_back(gate.name);
    return out;
}

}  // namespace

RuleCounter::RuleCounter(const CompiledPack& pack) : pack_(pack) {
    for (const auto& [id, purpose] : pack.purposes) {
        const bool advice = purpose.kind == PurposeKind::advice;
        for (const auto name : gate_names(advice)) all_.insert(purpose.short_name + "." + std::string{name});
        for (const auto& [role, table] : purpose.roles) {
            if (!advice)
                for (const auto& gate : recipient_gates())
                    all_.insert(purpose.short_name + "." + role + "." + std::string{gate.name});
            for (LeafId leaf = 0; leaf < pack.leaves.size(); ++leaf) {
                const auto rule = rule_of(table, pack, leaf);
                if (rule.empty()) continue;
                if (table.cells[leaf].kind != CellKind::when) {
                    all_.insert(rule);
                    continue;
                }
                all_.insert(rule + std::string{not_met});
                if (!never_met(purpose, table, table.cells[leaf])) all_.insert(rule + std::string{met});
            }
        }
    }
}

void RuleCounter::add_recipient(const Purpose& purpose, const RecipientDecision& recipient) {
    const auto it = purpose.roles.find(recipient.to.role.str());
    if (it == purpose.roles.end()) return;
    const auto& table = it->second;
    const auto hit = [&](const std::string& pointer, std::string_view suffix) {
        const auto leaf = leaf_at(pack_, pointer);
        if (leaf != no_leaf) hit_.insert(rule_of(table, pack_, leaf) + std::string{suffix});
    };
    const auto kind_at = [&](const std::string& pointer) {
        const auto leaf = leaf_at(pack_, pointer);
        return leaf == no_leaf ? CellKind::not_necessary : table.cells[leaf].kind;
    };
    for (const auto& pointer : recipient.released) hit(pointer, kind_at(pointer) == CellKind::when ? met : "");
    for (const auto& one : recipient.withheld) {
        // A person who is left out, or a tag, decided the rest.
        if (one.reason == WithheldReason::condition_not_met) hit(one.pointer, not_met);
        if (one.reason == WithheldReason::forbidden || one.reason == WithheldReason::not_necessary)
            hit(one.pointer, "");
    }
}

void RuleCounter::add(const Decision& decision) {
    for (const auto& rule : decision.rules)
        if (rule.result != "not-applicable") hit_.insert(rule.id);
    const auto purpose = pack_.purposes.find(decision.purpose);
    if (purpose == pack_.purposes.end()) return;
    for (const auto& recipient : decision.recipients) add_recipient(purpose->second, recipient);
}

auto RuleCounter::coverage() const -> RuleCoverage {
    RuleCoverage out;
    out.rules = all_.size();
    for (const auto& rule : all_) {
        if (hit_.contains(rule))
            ++out.hit;
        else
            out.missed.push_back(rule);
    }
    return out;
}

}  // namespace cg::policy
