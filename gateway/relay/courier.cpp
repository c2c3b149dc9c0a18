#include "gateway/relay/courier.hpp"

#include <algorithm>
#include <array>

namespace cg::relay {
namespace {

/// Answers that will not change by asking again: what we sent is refused for what it is. 401 and 403 are not among them,
/// since a peer's directory may lag behind ours.
auto is_final_refusal(int status) -> bool {
    constexpr std::array final_statuses{400, 409, 410, 413, 415, 421, 422};
    return std::ranges::find(final_statuses, status) != final_statuses.end();
}

}  // namespace

Courier::Courier(ledger::Ledger& ledger, CourierOptions options, CourierCodec codec)
    : ledger_(ledger), options_(options), codec_(std::move(codec)) {}

auto Courier::woken(Instant now) -> std::vector<CourierAction> {
    std::vector<CourierAction> actions;
    if (paused_until_ && *paused_until_ > now) {
        actions.emplace_back(WakeAt{*paused_until_});
        return actions;
    }
    paused_until_.reset();
    const auto due = ledger_.due(now, options_.batch + in_flight_.size(), blocked(now));
    if (!due.has_value()) {
        // The ledger cannot be read now. It says so itself in its health; we look again shortly.
        actions.emplace_back(WakeAt{now + options_.retry_first});
        return actions;
    }
    for (const auto& item : due.value()) {
        if (in_flight_.contains(item.id)) continue;
        if (is_blocked(peers_[item.to], now)) continue;  // filled up, or probing, by an item before this one
        actions.push_back(start(item, now));
    }
    if (const auto wake = next_wake(now)) actions.emplace_back(*wake);
    return actions;
}

auto Courier::start(const ledger::OutboxItem& item, Instant now) -> CourierAction {
    in_flight_.emplace(item.id, item.to);
    ++peers_[item.to].in_flight;
    if (item.expires <= now) return RecordAttempt{item, "expired", std::nullopt};
    const auto transmission = ledger_.transmission(item);
    if (!transmission.has_value())
        return RecordAttempt{item, std::string{to_string(transmission.error().code)}, next_attempt(item, now)};
    auto body = codec_.body(item, transmission.value());
    if (!body.has_value())
        return RecordAttempt{item, std::string{to_string(body.error().code)}, next_attempt(item, now)};
    const bool is_envelope = item.kind == ledger::OutboxKind::envelope;
    return Send{item, is_envelope ? "/v1/envelopes" : "/v1/receipts", std::move(body).value()};
}

auto Courier::answered(const ledger::OutboxItem& item, const Result<wire::Response>& answer, Instant now)
    -> std::vector<CourierAction> {
    if (!answer.has_value()) {
        peer_failed(item.to, now);
        return {RecordAttempt{item, answer.error().detail, next_attempt(item, now)}};
    }
    const auto& response = answer.value();
    const auto code = "status-" + std::to_string(response.status);
    if (response.status >= 500 || response.status == 408 || response.status == 429) {
        peer_failed(item.to, now);
        return {RecordAttempt{item, code, next_attempt(item, now)}};
    }
    peer_answered(item.to);
    if (is_final_refusal(response.status)) return {RecordAttempt{item, code, std::nullopt}};
    if (response.status != 200 && response.status != 201)
        return {RecordAttempt{item, code, next_attempt(item, now)}};
    if (item.kind == ledger::OutboxKind::receipt) return {RecordReceiptSent{item}};
    const auto receipt = codec_.check_receipt(item, response.body);
    // A receipt that does not verify proves nothing: the copy stays unsent in our log, and is tried again.
    if (!receipt.has_value()) return {RecordAttempt{item, "bad-receipt", next_attempt(item, now)}};
    return {RecordReceipt{item, receipt.value(), response.body}};
}

auto Courier::recorded(const ledger::OutboxItem& item, bool written, Instant now) -> std::vector<CourierAction> {
    if (in_flight_.erase(item.id) > 0) {
        auto& peer = peers_[item.to];
        CG_ENSURE(peer.in_flight > 0);
        --peer.in_flight;
    }
    if (!written) paused_until_ = now + options_.retry_first;
    return woken(now);
}

auto Courier::open_circuits(Instant now) const -> std::vector<AgencyId> {
    std::vector<AgencyId> open;
    for (const auto& [agency, peer] : peers_)
        if (peer.open_until && *peer.open_until > now) open.push_back(agency);
    return open;
}

auto Courier::blocked(Instant now) const -> std::vector<AgencyId> {
    std::vector<AgencyId> out;
    for (const auto& [agency, peer] : peers_)
        if (is_blocked(peer, now)) out.push_back(agency);
    return out;
}

auto Courier::is_blocked(const PeerState& peer, Instant now) const -> bool {
    const bool is_open = peer.open_until && *peer.open_until > now;
    // After the open time one item goes out as a probe; the rest wait for its answer.
    const bool is_probing = peer.open_until && peer.in_flight > 0;
    return is_open || is_probing || peer.in_flight >= options_.in_flight_per_peer;
}

auto Courier::next_wake(Instant now) -> std::optional<WakeAt> {
    std::optional<Instant> earliest;
    const auto consider = [&](std::optional<Instant> at) {
        // What is due already waits for something in flight, whose end wakes us.
        if (at && *at > now && (!earliest || *at < *earliest)) earliest = at;
    };
    const auto next = ledger_.next_due(blocked(now));
    if (next.has_value()) consider(next.value());
    for (const auto& [agency, peer] : peers_) consider(peer.open_until);
    if (!earliest) return std::nullopt;
    return WakeAt{*earliest};
}

auto Courier::next_attempt(const ledger::OutboxItem& item, Instant now) -> std::optional<Instant> {
    const auto most = item.lane == ledger::Lane::emergency ? options_.retry_most_emergency : options_.retry_most;
    auto wait = options_.retry_first;
    for (unsigned i = 0; i < item.attempts && wait < most; ++i) wait *= 2;
    wait = std::min(wait, most);
    const double factor = 0.75 + codec_.jitter() / 2;
    const auto next = now + std::chrono::milliseconds{static_cast<std::int64_t>(static_cast<double>(wait.count()) * factor)};
    // The last attempt stands at the expiry itself, where it is recorded as expired.
    return std::min(next, std::max(item.expires, now));
}

void Courier::peer_answered(const AgencyId& peer) {
    auto& state = peers_[peer];
    state.failures_in_a_row = 0;
    state.open_until.reset();
}

void Courier::peer_failed(const AgencyId& peer, Instant now) {
    auto& state = peers_[peer];
    if (++state.failures_in_a_row >= options_.breaker_after) state.open_until = now + options_.breaker_open;
}

}  // namespace cg::relay
