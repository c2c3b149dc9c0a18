// A recorded decision, seen with another pack. Only what the record holds is asked; what it does not hold is said to be
// unknown.
#include "policy/compiled.hpp"
#include "policy/replay.hpp"
#include "policy/words.hpp"

#include <algorithm>

namespace cg::policy {
namespace {

constexpr std::array<std::string_view, 5> fate_words{"same", "now-refused", "maybe-permitted", "fields-change",
                                                     "unknown"};
constexpr std::size_t small_number = 5;

/// The leaf that a recorded pointer names: a number in it stands for any item.
auto leaf_at(const CompiledPack& pack, std::string_view pointer) -> LeafId {
    auto at = PathTrie::root;
    while (!pointer.empty()) {
        pointer.remove_prefix(1);
        const auto token = pointer.substr(0, pointer.find('/'));
        pointer.remove_prefix(token.size());
        const bool number = !token.empty() && std::ranges::all_of(token, [](char c) { return c >= '0' && c <= '9'; });
        at = number && pack.trie.has_items(at) ? pack.trie.item(at) : pack.trie.member(at, token);
    }
    return pack.trie.leaf(at);
}

auto kind_of(const CompiledPack& pack, const RoleTable& role, LeafId leaf) -> CellKind {
    if (leaf == no_leaf || leaf >= role.cells.size()) return CellKind::not_necessary;
    const auto group = pack.leaves[leaf].group;
    if (group != no_group && pack.groups[group].always) return CellKind::require;
    return role.cells[leaf].kind;
}

/// One recorded decision.
class Replayer {
public:
    Replayer(const CompiledPack& pack, const Json& dec, ReplayCounts& counts)
        : pack_(pack), dec_(dec), counts_(counts) {
        const auto it = pack.purposes.find(dec["purpose"].text());
        purpose_ = it == pack.purposes.end() ? nullptr : &it->second;
    }

    void run(const Json& recipient) {
        remember_conditions(recipient);
        const auto fate = judge(recipient);
        ++counts_.recipients.at(static_cast<std::size_t>(fate));
    }

private:
    auto judge(const Json& recipient) -> Fate {
        const auto outcome = recipient["outcome"].text();
        if (purpose_ == nullptr) return outcome == "DENY" ? Fate::same : refuse("purpose-not-agreed");
        const auto to = RecipientId::parse(recipient["to"].text());
        const auto role = to ? purpose_->roles.find(to.value().role.str()) : purpose_->roles.end();
        if (role == purpose_->roles.end()) return outcome == "DENY" ? Fate::same : refuse("role-not-permitted");
        if (outcome == "DENY") return judge_refusal(recipient);
        if (const auto reason = gate_that_shuts(); !reason.empty()) return refuse(reason);
        return compare(recipient, to.value().role.str(), role->second);
    }

    auto refuse(const std::string& reason) -> Fate {
        ++counts_.reasons["refused: " + reason];
        return Fate::now_refused;
    }

    /// A gate that the record is enough to answer for. An emergency passes those that only make debts.
    auto gate_that_shuts() -> std::string {
        const auto basis = dec_["law"]["article6"].text();
        if (!basis.empty() && std::ranges::find(purpose_->basis_allowed, basis) == purpose_->basis_allowed.end() &&
            basis != purpose_->basis_emergency)
            return "basis-not-for-purpose";
        if (dec_["emergency"].is_true()) return {};
        const bool overridden = !dec_["override"].is_null();
        const auto state = dec_["consent"]["state"].text();
        if (purpose_->consent == ConsentGate::consent && state != "given") return "consent-needed";
        if (purpose_->consent == ConsentGate::consent_or_override && state != "given" && !overridden)
            return "consent-or-override-needed";
        if (overridden && purpose_->consent == ConsentGate::consent_or_override && state != "given" &&
            std::ranges::find(purpose_->override_reasons, dec_["override"]["reason"].text()) ==
                purpose_->override_reasons.end())
            return "override-reason-not-allowed";
        const auto told = dec_["informing"]["told"].text();
        if (purpose_->informing != InformingGate::none && (told == "none" || told == "not-recorded") &&
            dec_["informing"]["exception"].size() == 0)
            return "family-not-told-and-no-exception";
        return {};
    }

    /// A refusal stands while one of its grounds is known to stand; what left no trace in the record cannot be told.
    auto judge_refusal(const Json& recipient) -> Fate {
        if (!gate_that_shuts().empty()) return Fate::same;
        const auto* problems = recipient["problems"].if_array();
        const auto of_area = [&](std::string_view area) {
            return problems != nullptr && std::ranges::all_of(*problems, [area](const Json& problem) {
                       return problem["type"].text().starts_with(area);
                   });
        };
        // What the gates above answer for has gone, and nothing else stood in the way.
        const bool answered = of_area("consent/") || of_area("recipient/role-not-permitted") ||
                              of_area("request/purpose-unknown") || of_area("basis/not-for-purpose");
        if (answered && problems != nullptr && !problems->empty()) {
            const auto type = std::string{problems->front()["type"].text()};
            if (purpose_->consent == ConsentGate::none || !type.starts_with("consent/")) {
                ++counts_.reasons["perhaps permitted: " + type];
                return Fate::maybe_permitted;
            }
        }
        ++counts_.reasons["unknown: a refusal whose ground is in the case"];
        return Fate::unknown;
    }

    auto compare(const Json& recipient, const std::string& role_name, const RoleTable& role) -> Fate {
        std::set<std::string> withheld, released, depends;
        if (const auto* list = recipient["released"].if_array())
            for (const auto& pointer : *list) look_at_released(pointer.text(), role, withheld, depends);
        if (const auto* list = recipient["withheld"].if_array())
            for (const auto& item : *list) look_at_withheld(item, role, released, depends);
        count(counts_.now_withheld, role_name, withheld);
        count(counts_.now_released, role_name, released);
        count(counts_.depends, role_name, depends);
        if (!withheld.empty() || !released.empty()) return Fate::fields_change;
        if (depends.empty()) return Fate::same;
        ++counts_.reasons["unknown: a condition that depends on the case"];
        return Fate::unknown;
    }

    void look_at_released(std::string_view pointer, const RoleTable& role, std::set<std::string>& withheld,
                          std::set<std::string>& depends) const {
        const auto leaf = leaf_at(pack_, pointer);
        const auto kind = kind_of(pack_, role, leaf);
        if (kind == CellKind::forbid || kind == CellKind::not_necessary)
            withheld.insert(group_of(leaf));
        else if (kind == CellKind::when && !same_condition(role, leaf))
            depends.insert(group_of(leaf));
    }

    void look_at_withheld(const Json& item, const RoleTable& role, std::set<std::string>& released,
                          std::set<std::string>& depends) const {
        const auto reason = item["reason"].text();
        const auto* pointers = item["pointers"].if_array();
        // Why the others stay lies in people, tags and dates, which tables say nothing of.
        const bool by_table = reason == "NOT_NECESSARY" || reason == "FORBIDDEN" || reason == "CONDITION_NOT_MET";
        if (pointers == nullptr || !by_table) return;
        for (const auto& pointer : *pointers) {
            const auto leaf = leaf_at(pack_, pointer.text());
            const auto kind = kind_of(pack_, role, leaf);
            if (kind == CellKind::require || kind == CellKind::allow)
                released.insert(group_of(leaf));
            else if (kind == CellKind::when && reason != "CONDITION_NOT_MET")
                depends.insert(group_of(leaf));
        }
    }

    /// The record says which conditions were met, by their text: the same one again is met again.
    auto same_condition(const RoleTable& role, LeafId leaf) const -> bool {
        const auto& cell = role.cells[leaf];
        const auto text = group_of(leaf) + ": " + role.conditions[cell.condition].text;
        return met_.contains(text);
    }

    auto group_of(LeafId leaf) const -> std::string {
        if (leaf == no_leaf || pack_.leaves[leaf].group == no_group) return "no longer in the policy";
        return pack_.groups[pack_.leaves[leaf].group].name;
    }

    void count(std::map<ReplayCounts::Cell, std::size_t>& to, const std::string& role,
               const std::set<std::string>& groups) const {
        for (const auto& group : groups) ++to[{purpose_->id, role, group}];
    }

    void remember_conditions(const Json& recipient) {
        met_.clear();
        if (const auto* list = recipient["conditions_met"].if_array())
            for (const auto& text : *list) met_.insert(std::string{text.text()});
    }

    const CompiledPack& pack_;
    const Json& dec_;
    ReplayCounts& counts_;
    const Purpose* purpose_{nullptr};
    std::set<std::string> met_;
};

}  // namespace

auto to_string(Fate fate) noexcept -> std::string_view {
    return fate_words.at(static_cast<std::size_t>(fate));
}

void RecordReplay::add(const Json& dec) {
    ++counts_.decisions;
    const auto* recipients = dec["recipients"].if_array();
    if (dec["record"].text() != "decision/1" || recipients == nullptr) {
        ++counts_.unreadable;
        return;
    }
    Replayer replayer{pack_.compiled(), dec, counts_};
    for (const auto& recipient : *recipients) replayer.run(recipient);
}

auto published(std::size_t count) -> std::string {
    if (count == 0) return "none";
    return count < small_number ? "fewer than " + std::to_string(small_number) : std::to_string(count);
}

}  // namespace cg::policy
