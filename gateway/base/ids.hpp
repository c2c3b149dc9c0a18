#pragma once
/// Names of things, each its own type so that one cannot be passed for another.

#include "gateway/base/result.hpp"

#include <compare>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace cg {

/// A checked name. `Rule::valid` says which texts are names of this kind.
template <class Rule>
class Id {
public:
    Id() = default;
    /// Errors  malformed, naming the kind and never the text
    [[nodiscard]] static auto parse(std::string_view text) -> Result<Id> {
        if (!Rule::valid(text)) return fail(Errc::malformed, std::string{"not a valid "} + Rule::kind);
        return Id{std::string{text}};
    }
    /// For names made by this program. The caller knows that the text is valid.
    [[nodiscard]] static auto trusted(std::string text) -> Id {
        CG_ENSURE(Rule::valid(text));
        return Id{std::move(text)};
    }
    [[nodiscard]] auto str() const noexcept -> const std::string& { return text_; }
    [[nodiscard]] auto empty() const noexcept -> bool { return text_.empty(); }
    auto operator<=>(const Id&) const = default;

private:
    explicit Id(std::string text) : text_(std::move(text)) {}
    std::string text_;
};

/// 1 to 64 of a-z 0-9 and inner `-` (and inner `.` where `dots`).
[[nodiscard]] auto is_plain_name(std::string_view text, bool dots) noexcept -> bool;
/// `prefix` then 26 characters of lower-case base32 (128 random bits).
[[nodiscard]] auto is_random_id(std::string_view text, std::string_view prefix) noexcept -> bool;

struct AgencyRule {
    static constexpr const char* kind = "agency id (a-z, 0-9 and '-', at most 64)";
    static auto valid(std::string_view t) noexcept -> bool { return is_plain_name(t, false); }
};
struct RoleRule {
    static constexpr const char* kind = "role id (a-z, 0-9, '-' and '.', at most 64)";
    static auto valid(std::string_view t) noexcept -> bool { return is_plain_name(t, true); }
};
struct PurposeRule {
    static constexpr const char* kind = "purpose id (a-z, 0-9 and '-', at most 64)";
    static auto valid(std::string_view t) noexcept -> bool { return is_plain_name(t, false); }
};
struct MessageRule {
    static constexpr const char* kind = "message id";
    static auto valid(std::string_view t) noexcept -> bool { return is_random_id(t, "msg-"); }
};
struct DecisionRule {
    static constexpr const char* kind = "decision id";
    static auto valid(std::string_view t) noexcept -> bool { return is_random_id(t, "dec-"); }
};

using AgencyId = Id<AgencyRule>;      ///< an organisation in the federation: `willow`
using RoleId = Id<RoleRule>;          ///< a recipient role: `csc.front-door`
using PurposeId = Id<PurposeRule>;    ///< `child-protection-referral`
using MessageId = Id<MessageRule>;    ///< one sealed envelope to one recipient (`mid`), the same for ever
using DecisionId = Id<DecisionRule>;  ///< one decision record

/// A recipient: a role at an agency, written `role@agency` (RE-2). Never a free-typed address.
struct RecipientId {
    RoleId role;
    AgencyId agency;

    /// Errors  malformed
    [[nodiscard]] static auto parse(std::string_view text) -> Result<RecipientId>;
    [[nodiscard]] auto str() const -> std::string { return role.str() + "@" + agency.str(); }
    auto operator<=>(const RecipientId&) const = default;
};

}  // namespace cg

template <class Rule>
struct std::hash<cg::Id<Rule>> {
    auto operator()(const cg::Id<Rule>& id) const noexcept -> std::size_t { return std::hash<std::string>{}(id.str()); }
};
