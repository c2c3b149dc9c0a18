#pragma once
/// Whether the consent on file still counts. One answer, so that gates and conditions cannot disagree.

#include "policy/case_facts.hpp"
#include "policy/compiled.hpp"

#include <cstdint>
#include <string_view>

namespace cg::policy {

/// What is written down about whether somebody can decide. `unclear`: a word that the pack does not know.
enum class Capacity : std::uint8_t { presumed, assessed, doubted, lacking, unclear };
[[nodiscard]] auto capacity_of(const CapacityWords& words, std::string_view word) -> Capacity;

/// Past its own end, or older than the purpose takes.
[[nodiscard]] auto has_ended(const Purpose& purpose, const Consent& consent, Date today) -> bool;
/// Does its scope take in the purpose? One that names none takes in all.
[[nodiscard]] auto covers_purpose(const Purpose& purpose, const Consent& consent) -> bool;
/// Does its scope take in the recipient, by role, agency or `role@agency`? One that names none takes in all.
/// Where the purpose wants each by name, the scope gate says so.
[[nodiscard]] auto covers_recipient(const Consent& consent, std::string_view role_at_agency) -> bool;
/// Given on a day that has come and not ended since, for this purpose, by somebody of whom nobody found that they cannot
/// decide.
[[nodiscard]] auto consent_stands(const CompiledPack& pack, const Purpose& purpose, const CaseFacts& facts) -> bool;

}  // namespace cg::policy
