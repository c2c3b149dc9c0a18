// A recorded decision, seen with another pack. Only what the record holds is asked; what it does not hold is said to be
// unknown.
#include "policy/compiled.hpp"
#include "policy/conditions.hpp"
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

/// One recorded decision. `then` is the pack that decided; null: it is not at hand.
class Replayer {
public:
    Replayer(const CompiledPack& pack, const CompiledPack* then, const Json& dec, ReplayCounts& counts)
        : pack_(pack), then_(then), dec_(dec), counts_(counts) {
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
        then_role_ = role_then(role_name);
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

    auto role_then(const std::string& role) const -> const RoleTable* {
        if (then_ == nullptr) return nullptr;
        const auto purpose = then_->purposes.find(purpose_->id);
        if (purpose == then_->purposes.end()) return nullptr;
        const auto table = purpose->second.roles.find(role);
        return table == purpose->second.roles.end() ? nullptr : &table->second;
    }
    /// What the pack that decided says of this value; null: not at hand.
    auto cell_then(LeafId leaf) const -> const Cell* {
        if (then_role_ == nullptr || leaf == no_leaf) return nullptr;
        const auto id = then_->trie.find(pack_.leaves[leaf].pattern);
        return id == no_leaf ? nullptr : &then_role_->cells[id];
    }
    auto condition_then(LeafId leaf) const -> const Condition* {
        const auto* cell = cell_then(leaf);
        return cell == nullptr || cell->kind != CellKind::when ? nullptr : &then_role_->conditions[cell->condition];
    }

    void look_at_released(std::string_view pointer, const RoleTable& role, std::set<std::string>& withheld,
                          std::set<std::string>& depends) const {
        const auto leaf = leaf_at(pack_, pointer);
        const auto kind = kind_of(pack_, role, leaf);
        if (kind == CellKind::forbid || kind == CellKind::not_necessary)
            withheld.insert(group_of(leaf));
        else if ((kind == CellKind::when && !still_met(role, leaf)) || fewer_people(role, leaf))
            depends.insert(group_of(leaf));
    }

    void look_at_withheld(const Json& item, const RoleTable& role, std::set<std::string>& released,
                          std::set<std::string>& depends) const {
        const auto reason = item["reason"].text();
        const auto* pointers = item["pointers"].if_array();
        if (pointers == nullptr) return;
        const bool by_table = reason == "NOT_NECESSARY" || reason == "FORBIDDEN" || reason == "CONDITION_NOT_MET";
        for (const auto& pointer : *pointers) {
            const auto leaf = leaf_at(pack_, pointer.text());
            const auto kind = kind_of(pack_, role, leaf);
            if (kind == CellKind::forbid || kind == CellKind::not_necessary) continue;
            if (!by_table) {
                if (!same_reason(reason, role, leaf)) depends.insert(group_of(leaf));
            } else if (was_open(leaf)) {
                if (of_concern(leaf) && then_role_->concern_kinds != role.concern_kinds) depends.insert(group_of(leaf));
            } else if (then_role_ == nullptr && of_concern(leaf) && !role.concern_kinds.empty()) {
                depends.insert(group_of(leaf));
            } else if (kind == CellKind::require || kind == CellKind::allow) {
                released.insert(group_of(leaf));
            } else if (reason != "CONDITION_NOT_MET" || !still_not_met(role, leaf)) {
                depends.insert(group_of(leaf));
            }
        }
    }

    auto of_concern(LeafId leaf) const -> bool { return pack_.leaves[leaf].pattern.starts_with("/concerns/"); }
    /// The table let it go without condition, and it stayed for what the case says: the concern was of a kind that the role
    /// does not ask for, the number is a suspect's (CO-7), or sending it would do harm (FW-16).
    auto was_open(LeafId leaf) const -> bool {
        const auto* cell = cell_then(leaf);
        return cell != nullptr && (cell->kind == CellKind::allow || cell->kind == CellKind::require);
    }

    /// A condition that was met is met again where it asks for no more. Without the pack that decided there is only its text in
    /// the record: the names, but not whether all or any of them were needed.
    auto still_met(const RoleTable& role, LeafId leaf) const -> bool {
        const auto& now = role.conditions[role.cells[leaf].condition];
        if (cell_then(leaf) != nullptr) {
            const auto* then = condition_then(leaf);
            return then != nullptr && implies(*then, now);
        }
        const bool plain = now.all.size() + now.any.size() == 1 || now.all.empty();
        return plain && met_.contains(group_of(leaf) + ": " + now.text);
    }
    /// One that was not met is not met again where it asks for no less.
    auto still_not_met(const RoleTable& role, LeafId leaf) const -> bool {
        const auto* then = condition_then(leaf);
        return then != nullptr && implies(role.conditions[role.cells[leaf].condition], *then);
    }
    /// Why a value stayed although the tables let it go lies in people, words and dates; and in these lines of the pack.
    auto same_reason(std::string_view reason, const RoleTable& role, LeafId leaf) const -> bool {
        if (cell_then(leaf) == nullptr) return false;
        const auto& then = *then_role_;
        const auto& was = then_->leaves[then_->trie.find(pack_.leaves[leaf].pattern)];
        const auto& is = pack_.leaves[leaf];
        if (reason == "SENSITIVE_TAG_NOT_ALLOWED") return then.tags == role.tags;
        if (reason == "PURPOSE_INCOMPATIBLE") return same_compatibility();
        if (reason == "OUTSIDE_CONSENT_SCOPE")
            return cell_then(leaf)->kind == role.cells[leaf].kind &&
                   then_->groups[cell_then(leaf)->group].name == pack_.groups[role.cells[leaf].group].name;
        return then.people == role.people && then.protected_identities == role.protected_identities &&
               then.trusted_with == role.trusted_with && was.use == is.use && was.restricted == is.restricted &&
               was.restricted_when == is.restricted_when && (was.only_with == no_leaf) == (is.only_with == no_leaf);
    }
    auto same_compatibility() const -> bool {
        const auto& was = then_->purposes.find(purpose_->id)->second;
        const auto same = [this](const auto& one) {
            const auto it = then_->collected_for.find(one.first);
            return it != then_->collected_for.end() && it->second.for_any == one.second.for_any &&
                   it->second.for_none == one.second.for_none;
        };
        return was.compatible_with == purpose_->compatible_with && was.compatible_by_default == purpose_->compatible_by_default &&
               then_->collected_for.size() == pack_.collected_for.size() && std::ranges::all_of(pack_.collected_for, same);
    }
    /// Values that hang on people who may not be told of any more, or on words that may not be read.
    auto fewer_people(const RoleTable& role, LeafId leaf) const -> bool {
        if (cell_then(leaf) == nullptr) return false;
        const auto& known = pack_.leaves[leaf];
        const bool of_people = known.pattern.starts_with("/people/") || known.pattern.starts_with("/concerns/") ||
                               known.pattern.starts_with("/attachments/");
        const bool same_people = then_role_->people == role.people && then_role_->protected_identities <= role.protected_identities;
        const bool words = known.use == LeafUse::narrative || known.tag;
        const bool same_words = std::ranges::all_of(then_role_->tags, [&role](const std::string& tag) {
            return std::ranges::find(role.tags, tag) != role.tags.end();
        });
        return (of_people && !same_people) || (words && !same_words) ||
               (of_concern(leaf) && then_role_->concern_kinds != role.concern_kinds);
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
    const CompiledPack* then_;
    const Json& dec_;
    ReplayCounts& counts_;
    const Purpose* purpose_{nullptr};
    const RoleTable* then_role_{nullptr};
    std::set<std::string> met_;
};

}  // namespace

auto to_string(Fate fate) noexcept -> std::string_view {
    return fate_words.at(static_cast<std::size_t>(fate));
}

auto RecordReplay::decided_by(std::string_view hash) -> const Pack* {
    if (hash == pack_.hash()) return &pack_;
    if (!find_) return nullptr;
    auto it = found_.find(hash);
    if (it == found_.end()) it = found_.emplace(hash, find_(hash)).first;
    return it->second.get();
}

void RecordReplay::add(const Json& dec) {
    ++counts_.decisions;
    const auto* recipients = dec["recipients"].if_array();
    if (dec["record"].text() != "decision/1" || recipients == nullptr) {
        ++counts_.unreadable;
        return;
    }
    const auto* then = decided_by(dec["pack"]["hash"].text());
    Replayer replayer{pack_.compiled(), then == nullptr ? nullptr : &then->compiled(), dec, counts_};
    for (const auto& recipient : *recipients) replayer.run(recipient);
}

auto published(std::size_t count) -> std::string {
    if (count == 0) return "none";
    return count < small_number ? "fewer than " + std::to_string(small_number) : std::to_string(count);
}

}  // namespace cg::policy
