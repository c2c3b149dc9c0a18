// Adequacy (AQ-1), on what would be sent and not on what was written.
#include "policy/gate.hpp"
#include "policy/pack_words.hpp"
#include "policy/words.hpp"

#include <algorithm>

namespace cg::policy {
namespace {

class AdequacyCheck {
public:
    AdequacyCheck(const RecipientInput& in, Findings& findings) : in_(in), pack_(in.common.pack), findings_(findings) {}

    void run() {
        for (std::size_t i = 0; i < in_.flat.leaves.size(); ++i) {
            const auto& leaf = in_.flat.leaves[i];
            if (in_.projection.verdicts[i] == Verdict::release && !is_blank(leaf.value)) note(leaf);
            if (in_.projection.verdicts[i] == Verdict::withhold && protects_somebody(leaf)) note(leaf);
        }
        for (const auto& requirement : in_.role.requirements) {
            const auto& group = pack_.groups[requirement.group];
            if (group.list.empty())
                check_plain(group, requirement);
            else
                check_list(group, requirement);
        }
    }

private:
    /// Who refers asked to be protected: "a member of the public" is all that the recipient needs (FW-14).
    auto protects_somebody(const FlatLeaf& leaf) const -> bool {
        if (!in_.projection.protected_person_hidden || leaf.list != ListKind::none || is_blank(leaf.value)) return false;
        const auto withheld = std::ranges::find(in_.projection.withheld, in_.flat.pointer(leaf), &Withheld::pointer);
        return withheld != in_.projection.withheld.end() && withheld->reason == WithheldReason::identity_protected;
    }

    void note(const FlatLeaf& leaf) {
        seen_.set(leaf.leaf);
        auto* list = list_for(leaf.list);
        if (list == nullptr) return;
        if (list->size() <= leaf.item) list->resize(leaf.item + 1);
        (*list)[leaf.item].set(leaf.leaf);
    }
    auto list_for(ListKind kind) -> std::vector<LeafSet>* {
        switch (kind) {
            case ListKind::people: return &people_;
            case ListKind::concerns: return &concerns_;
            case ListKind::attachments: return &attachments_;
            case ListKind::none:
            case ListKind::other: return nullptr;
        }
        return nullptr;
    }

    void gap(const Group& group, std::string_view pointer) {
        if (would_harm(group, in_.common.tree())) return;  // FW-16: a note says so
        if (!group.note_if_missing.empty())
            return findings_.warn(2, "adequacy/identifier-unknown", in_case(pointer),
                                  "Recorded as " + group.note_if_missing + ": it goes without.");
        findings_.deny(1, group.gap_type, in_case(pointer),
                       "The recipient needs this (" + group.title + "): fill it in, or write 'not-known'.");
    }

    void check_plain(const Group& group, const Requirement& requirement) {
        for (const auto leaf : group.core) {
            if (!requirement.core.test(leaf) || seen_.test(leaf)) continue;
            const auto instead = std::ranges::find(group.instead, leaf, &std::pair<LeafId, std::string>::first);
            if (instead == group.instead.end() || is_blank(in_.common.tree().at_pointer(instead->second)))
                gap(group, pack_.leaves[leaf].pattern);
        }
    }

    /// Is this item among those that the requirement is about?
    auto counts(const std::string& list, std::size_t item) const -> bool {
        if (list == "people") return in_.projection.people[item];
        if (list == "concerns") return in_.projection.concern_texts[item] && in_.projection.concerns[item];
        return true;
    }

    void check_list(const Group& group, const Requirement& requirement) {
        const auto& items = group.list == "people" ? people_ : group.list == "concerns" ? concerns_ : attachments_;
        const auto* list = in_.common.tree()[group.list].if_array();
        const auto total = list == nullptr ? 0 : list->size();
        bool any = false;
        for (std::size_t i = 0; i < total; ++i) {
            if (!counts(group.list, i)) continue;
            const auto have = i < items.size() ? items[i] : LeafSet{};
            const auto missing = requirement.core & ~have;
            any = any || (group.any_item ? (requirement.core & have).any() : true);
            if (!group.any_item) item_gaps(group, i, missing);
        }
        if (any) return;
        if (total > 0 && group.list == "people")
            nobody_fits(group);
        else
            gap(group, "/" + group.list);
    }
    /// There are people in the case, and this role is told of none of them: filling anything in would not help.
    void nobody_fits(const Group& group) {
        findings_.deny(1, group.gap_type, "/case/people",
                       "The recipient needs this (" + group.title + "), and is told only of " +
                           std::string{people_words(in_.role.people)} +
                           ": nobody in people is that. Add who is meant, or choose another recipient.");
    }
    void item_gaps(const Group& group, std::size_t item, const LeafSet& missing) {
        for (const auto leaf : group.core) {
            if (!missing.test(leaf)) continue;
            const auto& pattern = pack_.leaves[leaf].pattern;
            gap(group, "/" + group.list + "/" + std::to_string(item) + pattern.substr(group.list.size() + 3));
        }
    }

    const RecipientInput& in_;
    const CompiledPack& pack_;
    Findings& findings_;
    LeafSet seen_;
    std::vector<LeafSet> people_, concerns_, attachments_;
};

}  // namespace

void adequacy_gate(const RecipientInput& in, Findings& findings) {
    AdequacyCheck{in, findings}.run();
}

}  // namespace cg::policy
