#pragma once
/// Codes in plain words, for people who do not read policies.

#include "gateway/base/json.hpp"
#include "gateway/base/time.hpp"

#include <string>
#include <string_view>

namespace cg::app {

/// A field group: "fam_numbers" as "family members' official numbers".
[[nodiscard]] auto group_words(std::string_view group) -> std::string;
/// Why something stays behind: "NOT_NECESSARY" as "not needed for this".
[[nodiscard]] auto reason_words(std::string_view reason) -> std::string;
[[nodiscard]] auto note_words(std::string_view note) -> std::string;
/// "PERMIT" as "may have it", …
[[nodiscard]] auto outcome_words(std::string_view outcome) -> std::string;
/// How far a copy has come: "opened" as "opened by the recipient".
[[nodiscard]] auto state_words(std::string_view state) -> std::string;
/// What was done: "no-share" as "decided not to share".
[[nodiscard]] auto action_words(std::string_view action) -> std::string;
/// "2 h 10 min left", "overdue by 3 days".
[[nodiscard]] auto time_left(Instant due, Instant at) -> std::string;
/// "child-protection-referral" as "child protection referral".
[[nodiscard]] auto code_words(std::string_view code) -> std::string;
/// "6.1.e" as "public task (UK GDPR Article 6(1)(e))".
[[nodiscard]] auto basis_words(std::string_view basis) -> std::string;

}  // namespace cg::app
