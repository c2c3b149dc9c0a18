#pragma once
/// Cases for the relay's tests: invented people, complete enough for every gate.

#include "gateway/base/json.hpp"

#include <string>

namespace cg::relay::testing {

/// A child-protection referral that every one of its three recipients may have.
[[nodiscard]] auto referral_case(const std::string& case_ref = "C-1") -> Json;
/// A child-in-need referral whose parent was told and refused.
[[nodiscard]] auto refused_consent_case() -> Json;
/// The same, where the parent was told and then agreed.
[[nodiscard]] auto consented_case() -> Json;

}  // namespace cg::relay::testing
