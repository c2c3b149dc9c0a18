#pragma once
/// A decision (the JSON of the office API and of the record) as a person reads it.

#include "gateway/base/json.hpp"

#include <string>
#include <string_view>

namespace cg::app {

struct RenderOptions {
    bool rules = false;  ///< name the rule behind each line
};
/// Faults with their fixes; the same fix once, with all its places.
[[nodiscard]] auto render_problems(const Json& problems, std::string_view indent, const RenderOptions& options = {}) -> std::string;

/// One block for each recipient: yes or no, what stays behind and why, what is wrong and how to mend it; then what the
/// sender has to do.
[[nodiscard]] auto render_decision(const Json& decision, const RenderOptions& options = {}) -> std::string;

/// A decision that says something to its recipients, and gives them no part of a case: a refusal, a withdrawal, an answer.
[[nodiscard]] auto shares_nothing(std::string_view action) -> bool;

/// Whether every recipient is PERMIT.
[[nodiscard]] auto all_permit(const Json& decision) -> bool;

/// What stays behind of one recipient's copy, by group and reason: one line for each, however many values it stands for.
[[nodiscard]] auto render_withheld(const Json& recipient, std::string_view indent, const RenderOptions& options = {}) -> std::string;

}  // namespace cg::app
