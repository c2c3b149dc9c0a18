#pragma once
/// Reports of what is owed and not done, for `casegate report`.

#include "gateway/app/session.hpp"

namespace cg::app {

/// Adds inform-due, refusals-undiscussed, reviews-waiting, drafts, debts and answers-due to `report`.
void add_duty_reports(CLI::App& report, Session& session);

}  // namespace cg::app
