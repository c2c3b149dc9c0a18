// In time (TI-1): late is said, and never held up.
#include "policy/gate.hpp"
#include "policy/words.hpp"

#include <algorithm>

namespace cg::policy {

auto has_limit(const GateInput& in) -> bool {
    if (!in.purpose.send_within) return false;
    const auto level = in.tree()["risk"]["level"].text();
    const auto& high = in.pack.high_risk_levels;
    return !in.purpose.limit_only_at_high_risk || std::ranges::find(high, level) != high.end();
}

auto send_by(const GateInput& in) -> std::optional<Instant> {
    if (!has_limit(in)) return std::nullopt;
    const auto& timing = in.tree()["timing"];
    auto from = in.purpose.from_phone ? read_instant(timing["phoned_at"]) : std::nullopt;
    if (!from) from = read_instant(timing["concern_arose"]);
    return from ? std::optional{add(*from, *in.purpose.send_within, in.pack.holidays)} : std::nullopt;
}

void timeliness_gate(const GateInput& in, Findings& findings) {
    const auto limit = send_by(in);
    if (!limit && has_limit(in))
        findings.warn(2, "timeliness/start-missing", "/case/timing/concern_arose",
                      "Say when the concern arose: without it nobody can tell whether this is sent in time.");
    if (limit && in.now > *limit && is_blank(in.tree()["timing"]["late_reason"]))
        findings.warn(1, "timeliness/late", "/case/timing/late_reason", "This is sent later than agreed: say why.");
}

}  // namespace cg::policy
