#include "gateway/app/ops.hpp"

#include "gateway/obs/log.hpp"
#include "gateway/obs/metrics.hpp"
#include "gateway/wire/problem.hpp"
#include "policy/pack_trust.hpp"

#include <vector>

namespace cg::app {
namespace {

/// Every reason for not being ready, each with a stable code.
auto reasons_not_ready(const relay::Gateway& gateway) -> Json {
    Json reasons = Json::array();
    if (const auto health = gateway.ledger().health(); !health.has_value())
        reasons.push(Json::object({{"code", "ledger/" + std::string{to_string(health.error().code)}}, {"detail", health.error().detail}}));
    const auto own = gateway.directory()->in_force(gateway.self(), gateway.now());
    if (!own.has_value())
        reasons.push(Json::object({{"code", "directory/own-descriptor"},
                                   {"detail", "This agency's own descriptor is missing or expired: renew and register it."}}));
    return reasons;
}

/// What could not be reloaded, and everything that is wrong with it.
auto reasons_degraded(const ReloadState& reload) -> Json {
    Json reasons = Json::array();
    for (const auto& [what, trouble] : reload.troubles()) {
        Json problems = Json::array();
        for (const auto& problem : trouble.problems)
            problems.push(Json::object({{"type", problem.type}, {"place", problem.pointer}, {"fix", problem.fix}}));
        reasons.push(Json::object(
            {{"code", "reload/" + what}, {"detail", trouble.detail}, {"problems", std::move(problems)}}));
    }
    return reasons;
}

/// A policy whose last day is over refuses everything, and nobody has to reload anything for that.
void add_policy_dates(const relay::Gateway& gateway, const ReloadState& reload, Json& reasons) {
    Json problems = Json::array();
    for (const auto& problem : policy::check_dates(*gateway.pack(), gateway.now()))
        problems.push(Json::object({{"type", problem.type}, {"place", problem.pointer}, {"fix", problem.fix}}));
    if (problems.size() == 0 || reload.troubles().contains("pack")) return;
    reasons.push(Json::object({{"code", "policy/out-of-date"},
                               {"detail", "Every message is refused: the policy in force is out of date."},
                               {"problems", std::move(problems)}}));
}

auto readiness(const relay::Gateway& gateway, const ReloadState& reload) -> wire::Response {
    auto reasons = reasons_not_ready(gateway);
    const bool ready = reasons.size() == 0;
    auto degraded = reasons_degraded(reload);
    add_policy_dates(gateway, reload, degraded);
    const bool is_degraded = degraded.size() != 0;
    for (auto& reason : *degraded.if_array()) reasons.push(std::move(reason));
    const auto pack = gateway.pack();
    return wire::json_response(
        ready ? 200 : 503,
        Json::object({{"ready", ready},
                      {"degraded", is_degraded},
                      {"reasons", std::move(reasons)},
                      {"pack", Json::object({{"id", pack->id()}, {"version", pack->version()}, {"hash", pack->hash()}})}}));
}

void update_gauges(const relay::Gateway& gateway, const CourierDriver& courier) {
    auto& metrics = obs::metrics();
    const auto set = [&metrics](std::string_view name, std::string_view help, std::uint64_t value) {
        metrics.gauge(name, help).set(static_cast<std::int64_t>(value));
    };
    set("casegate_open_circuits", "Peers that are not being tried at present.", courier.open_circuits());
    set("casegate_ready_ledger", "1 when the ledger takes writes.", gateway.ledger().health().has_value() ? 1 : 0);
    const auto counts = gateway.ledger().counts();
    if (!counts.has_value()) return;  // the gauge above says so
    set("casegate_log_entries", "Entries in the log.", counts.value().entries);
    set("casegate_outbox_queued", "Copies and receipts that wait to be sent.", counts.value().queued);
    set("casegate_outbox_dead_letters", "Copies that were given up.", counts.value().dead_letters);
    set("casegate_inbox_unacknowledged", "Messages that no office has acknowledged.", counts.value().inbox_unacknowledged);
    set("casegate_ledger_commits", "Transactions since start.", counts.value().commits);
    set("casegate_ledger_writes", "Writes since start; divided by commits: writes a transaction.", counts.value().writes);
}

}  // namespace

void ReloadState::set(std::string what, std::optional<Error> trouble) {
    const std::lock_guard lock{mutex_};
    if (trouble)
        troubles_[std::move(what)] = std::move(*trouble);
    else
        troubles_.erase(what);
}

auto ReloadState::troubles() const -> std::map<std::string, Error> {
    const std::lock_guard lock{mutex_};
    return troubles_;
}

auto ops_handler(const relay::Gateway& gateway, const CourierDriver& courier, const ReloadState& reload) -> wire::Handler {
    return [&](const wire::Request& request, const wire::Respond& respond) {
        if (request.method != "GET") return respond(wire::problem_response("request/method-not-allowed"));
        if (request.path == "/healthz") return respond(wire::json_response(200, Json::object({{"alive", true}})));
        if (request.path == "/readyz") return respond(readiness(gateway, reload));
        if (request.path == "/metrics") {
            update_gauges(gateway, courier);
            return respond({200, std::string{obs::metrics_content_type}, obs::metrics().render(), {}});
        }
        respond(wire::problem_response("request/not-found"));
    };
}

void observe(const relay::Event& event) {
    std::vector<obs::Field> fields;
    fields.reserve(event.fields.size());
    for (const auto& [name, value] : event.fields) fields.emplace_back(name, value);
    obs::event(event.name, std::span<const obs::Field>{fields});
    auto& metrics = obs::metrics();
    metrics.counter("casegate_events_total", "What happened, by kind.", {{"event", std::string{event.name}}}).add();
    for (const auto& [name, value] : event.fields) {
        if (name == "outcome")
            metrics.counter("casegate_decisions_total", "Recipient decisions, by outcome.", {{"outcome", value}}).add();
        if (name == "reason")
            metrics.counter("casegate_refusals_total", "Refused or failed, by reason.", {{"reason", value}}).add();
    }
}

}  // namespace cg::app
