#pragma once
/// Check digits of the numbers that people are known by. For warnings only: a mistyped number still points at somebody,
/// so nothing is shared or masked because of these.

#include <string>
#include <string_view>

namespace cg::policy {

/// The digits of a text, without what separates them.
[[nodiscard]] auto digits_of(std::string_view text) -> std::string;
/// NHS number: ten digits, modulus 11 with weights 10 to 2 (NHS Data Dictionary).
[[nodiscard]] auto is_nhs_number(std::string_view digits) noexcept -> bool;
/// Unique learner number: ten digits, modulus 11 with weights 10 to 1 leaving 10. No number is both.
[[nodiscard]] auto is_uln(std::string_view digits) noexcept -> bool;
/// Unique pupil number: check letter and 12 digits, of which the last may be a letter where it is temporary.
[[nodiscard]] auto is_upn(std::string_view text) noexcept -> bool;

}  // namespace cg::policy
