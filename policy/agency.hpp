#pragma once
/// What a decision needs to know about organisations. Comes from the directory, or from the pack for work without a
/// network.

#include "gateway/base/ids.hpp"
#include "gateway/base/time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cg::policy {

enum class AgencyKind : std::uint8_t { statutory, charitable, independent, provider };
[[nodiscard]] auto to_string(AgencyKind kind) noexcept -> std::string_view;
[[nodiscard]] auto parse_agency_kind(std::string_view text) noexcept -> std::optional<AgencyKind>;

struct AgencyFacts {
    AgencyId id;
    std::string title;
    AgencyKind kind{AgencyKind::statutory};
    bool public_authority{false};
    bool competent_authority{false};  ///< for law enforcement (Data Protection Act 2018, Part 3), e.g. the police
    std::vector<std::string> areas;  ///< authority areas served; empty: not bound to an area
    std::vector<RoleId> roles;       ///< roles that have a holder
    std::optional<Date> closed_on;   ///< from this day nobody is there to read
};

/// Where the facts come from.
/// Threads   find may be called from several threads at once
class AgencyLookup {
public:
    AgencyLookup() = default;
    AgencyLookup(const AgencyLookup&) = delete;
    auto operator=(const AgencyLookup&) -> AgencyLookup& = delete;
    virtual ~AgencyLookup() = default;
    /// The facts, or null. Lifetime: borrows this.
    [[nodiscard]] virtual auto find(const AgencyId& id) const -> const AgencyFacts* = 0;
};

/// The sending organisation, from its certificate and descriptor, never from the body.
struct Caller {
    AgencyId agency;
    AgencyKind kind{AgencyKind::statutory};
    bool public_authority{false};
    bool competent_authority{false};
};
[[nodiscard]] inline auto caller_of(const AgencyFacts& facts) -> Caller {
    return {facts.id, facts.kind, facts.public_authority, facts.competent_authority};
}

}  // namespace cg::policy
