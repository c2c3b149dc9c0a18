#pragma once
/// Internal to net: what the connections of a server share.

#include "gateway/net/asio.hpp"
#include "gateway/net/runtime_core.hpp"
#include "gateway/net/server.hpp"
#include "gateway/obs/metrics.hpp"

#include <array>
#include <atomic>
#include <future>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace cg::net {

class Session;

/// One listener. Its name, limits and handler never change; the rest says who may touch it.
struct Listener {
    Listener(ListenerOptions o, asio::any_io_executor strand);

    ListenerOptions options;
    std::uint16_t port = 0;
    std::atomic<std::size_t> body_bytes{0};                      ///< declared by bodies that are here or on their way
    obs::Gauge& connections;
    obs::Counter& turned_away;
    obs::Histogram& seconds;

    // On the server's strand only.
    tcp::acceptor acceptor;
    std::shared_ptr<const TlsContext> tls;
    std::map<crypto::Digest, std::size_t> by_certificate;
    std::size_t open = 0;

    void count_answer(int status);
    void count_refusal(std::string_view reason);

private:
    std::array<std::atomic<obs::Counter*>, 400> answers_{};  ///< by status, from 200 on; set when first needed
};

/// Lifetime  sessions live inside the loop, so nothing that they hold may keep it alive: `core` is weak
struct ServerState : std::enable_shared_from_this<ServerState> {
    explicit ServerState(const std::shared_ptr<Runtime::Core>& c) : core(c), io(c->io), strand(asio::make_strand(io)) {}

    std::weak_ptr<Runtime::Core> core;
    asio::io_context& io;
    Strand strand;
    std::vector<std::shared_ptr<Listener>> listeners;
    std::atomic<bool> stopping{false};

    // On the strand only.
    std::set<std::shared_ptr<Session>> sessions;
    std::size_t loops = 0;  ///< accept loops that still run
    bool told = false;
    std::promise<void> ended;

    void listen(const std::shared_ptr<Listener>& listener);
    [[nodiscard]] auto accept_loop(std::shared_ptr<Listener> listener) -> asio::awaitable<void>;
    void begin(const std::shared_ptr<Listener>& listener, const Strand& on, tcp::socket socket);
    void leave(Listener& listener, const std::optional<crypto::Digest>& certificate);
    void stop_accepting();
    void tell_if_ended();

    /// Counts a connection of a certificate. Returns false when it has too many. Runs on the strand and comes back.
    [[nodiscard]] auto admit(std::shared_ptr<Listener> listener, crypto::Digest certificate) -> asio::awaitable<bool>;
};

}  // namespace cg::net
