#include "policy/agency.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace cg::policy {
namespace {

constexpr std::array kinds{
    std::pair{AgencyKind::statutory, std::string_view{"statutory"}},
    std::pair{AgencyKind::charitable, std::string_view{"charitable"}},
    std::pair{AgencyKind::independent, std::string_view{"independent"}},
    std::pair{AgencyKind::provider, std::string_view{"provider"}},
};

}  // namespace

auto to_string(AgencyKind kind) noexcept -> std::string_view {
    return kinds[static_cast<std::size_t>(kind)].second;
}

auto parse_agency_kind(std::string_view text) noexcept -> std::optional<AgencyKind> {
    const auto it = std::ranges::find(kinds, text, &std::pair<AgencyKind, std::string_view>::second);
    return it == kinds.end() ? std::nullopt : std::optional{it->first};
}

}  // namespace cg::policy
