#include "gateway/app/courier_driver.hpp"

#include "crypto/hash.hpp"
#include "gateway/relay/inbound.hpp"
#include "gateway/wire/transmission.hpp"

#include <atomic>
#include <mutex>
#include <optional>

namespace cg::app {
namespace {

/// Spreads retries, so that a peer that comes back is not met by everybody at once.
auto jitter() -> double {
    std::array<std::uint8_t, 4> bytes{};
    crypto::random_fill(bytes);
    const auto word = (std::uint32_t{bytes[0]} << 24U) | (std::uint32_t{bytes[1]} << 16U) | (std::uint32_t{bytes[2]} << 8U) | bytes[3];
    return static_cast<double>(word) / 4294967296.0;
}

/// The body of what goes out: a transmission, or a receipt as it was signed.
auto body_of(const ledger::OutboxItem& item, const ledger::Transmission& transmission) -> Result<std::string> {
    if (item.kind == ledger::OutboxKind::receipt) return transmission.receipt;
    wire::Transmission out;
    CG_TRY(out.routing, parse_json(transmission.routing));
    out.envelope = transmission.envelope;
    out.proof = transmission.proof;
    out.opening = transmission.opening;
    return to_text(out);
}

}  // namespace

struct CourierDriver::State : std::enable_shared_from_this<State> {
    State(net::Runtime& loop, net::PeerClient& peers, const config::Delivery& settings)
        : runtime(loop), client(peers), timers(loop), delivery(settings) {}

    net::Runtime& runtime;
    net::PeerClient& client;
    net::Timers timers;
    config::Delivery delivery;
    const relay::Gateway* gateway = nullptr;

    std::atomic<bool> wake_wanted{false};
    mutable std::mutex mutex;  // guards what follows
    std::optional<relay::Courier> courier;
    std::optional<Instant> timer_at;
    bool stopped = false;

    void woken() {
        wake_wanted.store(false);
        react([](relay::Courier& c, Instant now) { return c.woken(now); });
    }

    /// Gives the courier one event and carries out its answer, outside the lock: an action may end at once and come back.
    template <class Step>
    void react(const Step& step) {
        std::vector<relay::CourierAction> actions;
        {
            const std::lock_guard lock{mutex};
            if (stopped || !courier) return;
            actions = step(*courier, gateway->now());
        }
        for (auto& action : actions) std::visit([this](auto& a) { this->carry_out(a); }, action);
    }

    void carry_out(relay::Send& send) {
        auto self = shared_from_this();
        const auto directory = gateway->directory();
        const auto descriptor = directory->in_force(send.item.to, gateway->now());
        if (!descriptor.has_value()) {
            return react([&](relay::Courier& c, Instant now) {
                return c.answered(send.item, fail(Errc::not_found, "no-endpoint"), now);
            });
        }
        net::Outgoing out;
        out.host = descriptor.value()->peer.host;
        out.port = descriptor.value()->peer.port;
        out.agency = send.item.to.str();
        out.method = "POST";
        out.target = send.path;
        out.content_type = "application/json";
        out.body = std::move(send.body);
        out.deadline = std::chrono::steady_clock::now() + delivery.attempt_time;
        client.send(std::move(out), [self, item = send.item](const Result<wire::Response>& answer) {
            self->react([&](relay::Courier& c, Instant now) { return c.answered(item, answer, now); });
        });
    }

    auto when_recorded(const ledger::OutboxItem& item) -> ledger::Ledger::Done<void> {
        return [self = shared_from_this(), item](const Result<void>& done) {
            if (!done.has_value())
                self->gateway->observe({"gw.ledger.write-failed", {{"item", item.id}, {"reason", std::string{to_string(done.error().code)}}}});
            // Off the ledger's writer thread: what comes next reads the ledger.
            self->runtime.post([self, item, written = done.has_value()] {
                self->react([&](relay::Courier& c, Instant now) { return c.recorded(item, written, now); });
            });
        };
    }

    void carry_out(relay::RecordReceipt& record) {
        gateway->observe({"gw.message.delivered", {{"mid", record.item.mid.str()}, {"to", record.item.to.str()}}});
        gateway->ledger().record_receipt(record.item.mid, record.item.to, record.receipt.envelope_sha256, record.receipt.state,
                                         std::move(record.text), when_recorded(record.item));
    }
    void carry_out(relay::RecordReceiptSent& record) {
        gateway->ledger().record_receipt_sent(record.item.id, when_recorded(record.item));
    }
    void carry_out(relay::RecordAttempt& record) {
        gateway->observe({record.next ? "gw.delivery.retry" : "gw.delivery.dead-letter",
                          {{"item", record.item.id}, {"to", record.item.to.str()}, {"reason", record.error_code}}});
        gateway->ledger().record_attempt(record.item.id, std::move(record.error_code), record.next, when_recorded(record.item));
    }

    void carry_out(const relay::WakeAt& wake) {
        {
            const std::lock_guard lock{mutex};
            if (timer_at && *timer_at <= wake.at) return;  // an earlier look comes first, and sets the next timer itself
            timer_at = wake.at;
        }
        timers.wake_at(wake.at, [weak = weak_from_this(), at = wake.at] {
            const auto self = weak.lock();
            if (!self) return;
            {
                const std::lock_guard lock{self->mutex};
                if (self->timer_at == at) self->timer_at.reset();
            }
            self->woken();
        });
    }
};

CourierDriver::CourierDriver(net::Runtime& runtime, net::PeerClient& client, const config::Delivery& delivery)
    : state_(std::make_shared<State>(runtime, client, delivery)) {}

CourierDriver::~CourierDriver() { stop(); }

void CourierDriver::start(const relay::Gateway& gateway) {
    relay::CourierOptions options;
    options.retry_first = state_->delivery.first_retry;
    options.retry_most = state_->delivery.longest_retry;
    options.in_flight_per_peer = state_->delivery.parallel;
    relay::CourierCodec codec;
    codec.body = body_of;
    codec.jitter = jitter;
    codec.check_receipt = [&gateway](const ledger::OutboxItem& item, std::string_view receipt) {
        return relay::check_receipt(gateway, item.to, item.mid, receipt);
    };
    {
        const std::lock_guard lock{state_->mutex};
        state_->gateway = &gateway;
        state_->courier.emplace(gateway.ledger(), options, std::move(codec));
    }
    wake();
}

void CourierDriver::wake() {
    if (state_->wake_wanted.exchange(true)) return;
    state_->runtime.post([state = state_] { state->woken(); });
}

void CourierDriver::stop() {
    const std::lock_guard lock{state_->mutex};
    state_->stopped = true;
}

auto CourierDriver::open_circuits() const -> std::size_t {
    const std::lock_guard lock{state_->mutex};
    return state_->courier ? state_->courier->open_circuits(state_->gateway->now()).size() : 0;
}

}  // namespace cg::app
