#pragma once
/// One record of the log on one screen: who shared what with whom, why, under which rule, what stayed behind, what
/// became of it, and that nobody has altered it.

#include "gateway/app/ledger_view.hpp"

#include <string>

namespace cg::app {

[[nodiscard]] auto render_record(const ledger::DecisionRecord& record, const Result<ProofFacts>& proof) -> std::string;
[[nodiscard]] auto record_json(const ledger::DecisionRecord& record, const Result<ProofFacts>& proof) -> Json;

}  // namespace cg::app
