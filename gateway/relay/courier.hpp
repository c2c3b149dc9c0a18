#pragma once
/// The courier: takes what the ledger says is due to other agencies, and brings back their receipts.
///
/// A state machine with no socket, no timer and no clock: events come in (woken, answered, recorded), actions come out. Its
/// only input is the ledger, so nothing can leave that is not recorded. Start-up is recovery: it keeps no state that a
/// restart would miss.
///
/// Threads   one at a time; the driver serialises

#include "gateway/ledger/ledger.hpp"
#include "gateway/wire/http.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

namespace cg::relay {

struct CourierOptions {
    std::chrono::milliseconds retry_first{1000};          ///< doubled after each attempt, with jitter of ± a quarter
    std::chrono::milliseconds retry_most{5 * 60 * 1000};
    std::chrono::milliseconds retry_most_emergency{15 * 1000};
    unsigned breaker_after = 5;                           ///< failures in a row until a peer's circuit opens
    std::chrono::milliseconds breaker_open{10 * 1000};
    std::size_t in_flight_per_peer = 8;
    std::size_t batch = 64;
};

/// A receipt whose signature is good, and what it says.
struct CheckedReceipt {
    ledger::DeliveryState state{};
    crypto::Digest envelope_sha256{};
};

/// Send this to the peer and tell the courier what came back, with answered().
struct Send {
    ledger::OutboxItem item;
    std::string path;                ///< "/v1/envelopes" or "/v1/receipts"
    std::string body;                ///< JSON
};
/// Write this to the ledger, then call recorded().
struct RecordReceipt {
    ledger::OutboxItem item;
    CheckedReceipt receipt;
    std::string text;                ///< as it came
};
struct RecordReceiptSent {
    ledger::OutboxItem item;
};
struct RecordAttempt {
    ledger::OutboxItem item;
    std::string error_code;
    std::optional<Instant> next;     ///< none: a dead letter
};
/// Call woken() at this time, or earlier. A later WakeAt replaces it.
struct WakeAt {
    Instant at;
};
using CourierAction = std::variant<Send, RecordReceipt, RecordReceiptSent, RecordAttempt, WakeAt>;

/// What the courier needs to know of formats and keys.
struct CourierCodec {
    std::function<Result<std::string>(const ledger::OutboxItem&, const ledger::Transmission&)> body;
    /// Whether this is the recipient agency's good receipt for the item.
    std::function<Result<CheckedReceipt>(const ledger::OutboxItem&, std::string_view receipt)> check_receipt;
    std::function<double()> jitter;  ///< uniform in [0, 1)
};

class Courier {
public:
    Courier(ledger::Ledger& ledger, CourierOptions options, CourierCodec codec);

    /// Something may be due: at start, after a decision was recorded, or because a WakeAt came.
    [[nodiscard]] auto woken(Instant now) -> std::vector<CourierAction>;
    /// The peer's answer to a Send, or why there was none (the error's detail is a short code).
    [[nodiscard]] auto answered(const ledger::OutboxItem& item, const Result<wire::Response>& answer, Instant now)
        -> std::vector<CourierAction>;
    /// The ledger write for this item ended. Where it failed the item stays due and is sent again, after a pause for the
    /// ledger's sake: the peer answers a repeat with its first receipt.
    [[nodiscard]] auto recorded(const ledger::OutboxItem& item, bool written, Instant now) -> std::vector<CourierAction>;

    [[nodiscard]] auto in_flight() const noexcept -> std::size_t { return in_flight_.size(); }
    /// Peers whose circuit is open at `now`, for readiness and metrics.
    [[nodiscard]] auto open_circuits(Instant now) const -> std::vector<AgencyId>;

private:
    struct PeerState {
        std::size_t in_flight = 0;
        unsigned failures_in_a_row = 0;
        std::optional<Instant> open_until;
    };

    [[nodiscard]] auto is_blocked(const PeerState& peer, Instant now) const -> bool;
    [[nodiscard]] auto blocked(Instant now) const -> std::vector<AgencyId>;
    [[nodiscard]] auto start(const ledger::OutboxItem& item, Instant now) -> CourierAction;
    [[nodiscard]] auto next_wake(Instant now) -> std::optional<WakeAt>;
    [[nodiscard]] auto next_attempt(const ledger::OutboxItem& item, Instant now) -> std::optional<Instant>;
    void peer_answered(const AgencyId& peer);
    void peer_failed(const AgencyId& peer, Instant now);

    ledger::Ledger& ledger_;
    CourierOptions options_;
    CourierCodec codec_;
    std::map<std::string, AgencyId> in_flight_;  ///< outbox id → peer, from Send (or a record) until recorded()
    std::map<AgencyId, PeerState> peers_;
    std::optional<Instant> paused_until_;  ///< the ledger takes no writes: sending would only repeat itself
};

}  // namespace cg::relay
