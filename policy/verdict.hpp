#pragma once
/// Which leaves one recipient gets, and the one reason for each that stays.

#include "policy/minimise.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace cg::policy {

/// Is the leaf restricted in this case? Anything but a plain `false` in the place that says so restricts.
[[nodiscard]] auto is_restricted(const Json& case_tree, const Leaf& leaf) -> bool;

class Judge {
public:
    explicit Judge(const ProjectionInput& input);

    /// Why the leaf is withheld; empty: released.
    [[nodiscard]] auto judge(const FlatLeaf& leaf) -> std::optional<WithheldReason>;
    /// The group to name beside the answer; no_group for an unknown leaf.
    [[nodiscard]] auto group_of(const FlatLeaf& leaf) const -> GroupId;

    /// Why a person is withheld; empty: in the view.
    [[nodiscard]] auto person(std::size_t index) const -> std::optional<WithheldReason> { return people_[index]; }
    [[nodiscard]] auto concern_shown(std::size_t index) const -> bool { return !concerns_[index].hidden; }
    /// Did it come from somebody whose identity this role may not have? Then what they are tells who (FW-14).
    [[nodiscard]] auto source_protected(std::size_t index) const -> bool { return concerns_[index].source_protected; }
    [[nodiscard]] auto concern_texts(std::size_t index) const -> bool { return concerns_[index].texts; }
    /// "fam_crime: risk-high, person-linked", once each.
    [[nodiscard]] auto conditions_met() && -> std::vector<std::string> { return std::move(met_); }
    /// May this role read a narrative tag such as `health:p1`?
    [[nodiscard]] auto tag_allowed(std::string_view tag) const -> bool;
    /// Words of this free text that this role may not read; empty: none.
    [[nodiscard]] auto words_to_cut(const FlatLeaf& leaf) const -> std::vector<std::string_view>;

private:
    struct ConcernVerdict {
        std::optional<WithheldReason> hidden;
        bool texts{false};
        bool source_protected{false};
    };
    [[nodiscard]] auto judge_person(const Person& person) const -> std::optional<WithheldReason>;
    [[nodiscard]] auto judge_concern(const Concern& concern) const -> ConcernVerdict;
    [[nodiscard]] auto judge_reference(std::string_view id) const -> std::optional<WithheldReason>;
    [[nodiscard]] auto judge_in_list(const FlatLeaf& leaf, const Leaf& known, CellKind kind) const
        -> std::optional<WithheldReason>;
    [[nodiscard]] auto judge_condition(const FlatLeaf& leaf, const Cell& cell) -> std::optional<WithheldReason>;
    [[nodiscard]] auto judge_narrative(const FlatLeaf& leaf) const -> std::optional<WithheldReason>;
    [[nodiscard]] auto restricted(const FlatLeaf& leaf, const Leaf& known) const -> bool;
    [[nodiscard]] auto trusted_with(const std::string& restricted) const -> bool;
    [[nodiscard]] auto incompatible(std::string_view collected_for) const -> bool;
    [[nodiscard]] auto outside_scope(const Cell& cell) const -> bool;
    [[nodiscard]] auto names_protected(std::string_view name) const -> bool;
    [[nodiscard]] auto reaches_protected(std::string_view phone) const -> bool;

    /// CO-7: would this reach whoever is suspected of pressure?
    [[nodiscard]] auto reaches_suspected(const FlatLeaf& leaf, const Leaf& known) const -> bool;

    const ProjectionInput& in_;
    std::string_view suspected_phone_;  ///< empty: nobody is suspected, or there is none
    bool referrer_protected_{false};  ///< who refers is somebody whose identity this role may not have (FW-14)
    std::vector<std::optional<WithheldReason>> people_;
    std::vector<ConcernVerdict> concerns_;
    std::vector<std::string> met_;
};

}  // namespace cg::policy
