#include "gateway/base/ids.hpp"

#include <algorithm>

namespace cg {
namespace {

constexpr std::size_t max_name_chars = 64;
constexpr std::size_t random_id_chars = 26;

auto is_name_char(char c) noexcept -> bool { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

}  // namespace

auto is_plain_name(std::string_view text, bool dots) noexcept -> bool {
    if (text.empty() || text.size() > max_name_chars) return false;
    if (!is_name_char(text.front()) || !is_name_char(text.back())) return false;
    return std::ranges::all_of(text, [dots](char c) { return is_name_char(c) || c == '-' || (dots && c == '.'); });
}

auto is_random_id(std::string_view text, std::string_view prefix) noexcept -> bool {
    if (!text.starts_with(prefix)) return false;
    text.remove_prefix(prefix.size());
    return text.size() == random_id_chars &&
           std::ranges::all_of(text, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '2' && c <= '7'); });
}

auto RecipientId::parse(std::string_view text) -> Result<RecipientId> {
    const auto at = text.find('@');
    if (at == std::string_view::npos || text.find('@', at + 1) != std::string_view::npos)
        return fail(Errc::malformed, "not a recipient of the form role@agency");
    CG_TRY(auto role, RoleId::parse(text.substr(0, at)));
    CG_TRY(auto agency, AgencyId::parse(text.substr(at + 1)));
    return RecipientId{std::move(role), std::move(agency)};
}

}  // namespace cg
