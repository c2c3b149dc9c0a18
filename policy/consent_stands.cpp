#include "policy/consent_stands.hpp"

#include "policy/uk_time.hpp"
#include "policy/words.hpp"

#include <algorithm>

namespace cg::policy {
namespace {

auto contains(const auto& list, std::string_view text) -> bool {
    return std::ranges::find(list, text) != list.end();
}

}  // namespace

auto capacity_of(const CapacityWords& words, std::string_view word) -> Capacity {
    if (contains(words.lacking, word)) return Capacity::lacking;
    if (contains(words.doubted, word)) return Capacity::doubted;
    if (contains(words.assessed, word)) return Capacity::assessed;
    const bool unsaid = word.empty() || word == "not-known" || word == "not-applicable";
    return unsaid || contains(words.able, word) ? Capacity::presumed : Capacity::unclear;
}

auto has_ended(const Purpose& purpose, const Consent& consent, Date today) -> bool {
    if (consent.expires && *consent.expires < today) return true;
    if (!purpose.consent_max_age || !consent.on) return false;
    const Instant given{std::chrono::sys_days{*consent.on}};
    return uk_date(add(given, *purpose.consent_max_age, {})) < today;
}

auto covers_purpose(const Purpose& purpose, const Consent& consent) -> bool {
    return consent.purposes.empty() || contains(consent.purposes, purpose.id);
}

auto covers_recipient(const Consent& consent, std::string_view role_at_agency) -> bool {
    const auto at = role_at_agency.find('@');
    const auto role = role_at_agency.substr(0, at);
    const auto agency = at == std::string_view::npos ? std::string_view{} : role_at_agency.substr(at + 1);
    return consent.recipients.empty() || std::ranges::any_of(consent.recipients, [&](std::string_view text) {
               return text == role_at_agency || text == role || text == agency;
           });
}

auto consent_stands(const CompiledPack& pack, const Purpose& purpose, const CaseFacts& facts) -> bool {
    const auto& consent = facts.consent;
    return consent.state == "given" && consent.on && *consent.on <= facts.today &&
           !has_ended(purpose, consent, facts.today) && covers_purpose(purpose, consent) &&
           capacity_of(pack.capacity, consent.capacity) != Capacity::lacking;
}

}  // namespace cg::policy
