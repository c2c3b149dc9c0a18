#include "gateway/net/server.hpp"

#include "gateway/net/session.hpp"
#include "gateway/obs/log.hpp"

#include <algorithm>
#include <utility>

namespace cg::net {
namespace {

constexpr auto accept_pause = std::chrono::milliseconds{100};

auto label(const ListenerOptions& options) -> obs::Labels { return {{"listener", options.name}}; }

/// Opens, binds and listens.
auto open(Listener& listener) -> Result<> {
    boost::system::error_code ec;
    const auto address = asio::ip::make_address(listener.options.address, ec);
    if (ec) return fail(Errc::malformed, "listener " + listener.options.name + ": not a numeric address");
    if (!listener.options.tls && !address.is_loopback())
        return fail(Errc::malformed, "listener " + listener.options.name + ": plain, and not on a loopback address");
    const tcp::endpoint at{address, listener.options.port};
    auto& acceptor = listener.acceptor;
    acceptor.open(at.protocol(), ec);
    if (!ec) acceptor.set_option(tcp::acceptor::reuse_address{true}, ec);
    if (!ec) acceptor.bind(at, ec);
    if (!ec) acceptor.listen(asio::socket_base::max_listen_connections, ec);
    if (ec) return fail(Errc::unavailable, "listener " + listener.options.name + ": port " + std::to_string(at.port()) + " is taken or not allowed");
    listener.port = acceptor.local_endpoint(ec).port();
    return ok();
}

}  // namespace

Listener::Listener(ListenerOptions o, asio::any_io_executor strand)
    : options(std::move(o)),
      connections(obs::metrics().gauge("casegate_connections", "Open connections.", label(options))),
      turned_away(obs::metrics().counter("casegate_connections_turned_away_total", "Connections closed because there are too many.",
                                         label(options))),
      seconds(obs::metrics().histogram("casegate_request_seconds", "From a whole request to its answer.", obs::latency_seconds,
                                       label(options))),
      acceptor(std::move(strand)),
      tls(options.tls) {}

void Listener::count_answer(int status) {
    status = status >= 200 && status < 600 ? status : 500;  // what is sent for a status that is none
    auto& slot = answers_[static_cast<std::size_t>(status - 200)];
    auto* counter = slot.load(std::memory_order_acquire);
    if (counter == nullptr) {
        auto labels = label(options);
        labels.push_back({"status", std::to_string(status)});
        counter = &obs::metrics().counter("casegate_answers_total", "Answers by status.", labels);
        slot.store(counter, std::memory_order_release);
    }
    counter->add();
}

void Listener::count_refusal(std::string_view reason) {
    auto labels = label(options);
    labels.push_back({"reason", std::string{reason}});
    obs::metrics().counter("casegate_refusals_total", "Connections and requests that were refused before any handler saw them.", labels)
        .add();
}

// ---- on the strand --------------------------------------------------------------------------------------------------

void ServerState::listen(const std::shared_ptr<Listener>& listener) {
    ++loops;
    auto ended_loop = [self = shared_from_this()](const std::exception_ptr&) {
        --self->loops;
        self->tell_if_ended();
    };
    asio::co_spawn(strand, accept_loop(listener), asio::bind_executor(strand, std::move(ended_loop)));
}

auto ServerState::accept_loop(std::shared_ptr<Listener> listener) -> asio::awaitable<void> {
    co_await asio::this_coro::throw_if_cancelled(false);
    asio::steady_timer pause{strand};
    while (!stopping.load()) {
        const auto on = asio::make_strand(io);
        auto [ec, socket] = co_await listener->acceptor.async_accept(on, as_value);
        if (stopping.load()) break;
        if (!ec) {
            begin(listener, on, std::move(socket));
            continue;
        }
        // Out of descriptors or memory: what runs may finish and free some.
        obs::peer_event("net.accept-failed", listener->options.name, {{"listener", listener->options.name}});
        pause.expires_after(accept_pause);
        co_await pause.async_wait(as_value);
    }
}

void ServerState::begin(const std::shared_ptr<Listener>& listener, const Strand& on, tcp::socket socket) {
    if (listener->open >= listener->options.limits.connections) {
        listener->turned_away.add();
        obs::peer_event("net.too-many-connections", listener->options.name, {{"listener", listener->options.name}});
        return;  // closes it
    }
    ++listener->open;
    listener->connections.add(1);
    auto session = std::make_shared<Session>(shared_from_this(), listener, listener->tls, on, std::move(socket));
    sessions.insert(session);
    auto ended_session = [self = shared_from_this(), session, listener](const std::exception_ptr& failure) {
        if (failure) obs::event("net.session-failed", {{"listener", listener->options.name}}, obs::Level::error);
        --listener->open;
        listener->connections.add(-1);
        self->leave(*listener, session->admitted());
        self->sessions.erase(session);
        self->tell_if_ended();
    };
    asio::co_spawn(on, session->run(), asio::bind_executor(strand, std::move(ended_session)));
}

auto ServerState::admit(std::shared_ptr<Listener> listener, crypto::Digest certificate) -> asio::awaitable<bool> {
    const auto home = co_await asio::this_coro::executor;
    co_await asio::post(asio::bind_executor(strand, asio::use_awaitable));
    auto& count = listener->by_certificate[certificate];
    const bool room = count < listener->options.limits.connections_per_certificate;
    if (room) ++count;
    co_await asio::post(asio::bind_executor(home, asio::use_awaitable));
    co_return room;
}

void ServerState::leave(Listener& listener, const std::optional<crypto::Digest>& certificate) {
    if (!certificate) return;
    const auto it = listener.by_certificate.find(*certificate);
    if (it != listener.by_certificate.end() && --it->second == 0) listener.by_certificate.erase(it);
}

void ServerState::stop_accepting() {
    for (const auto& listener : listeners) {
        boost::system::error_code ignored;  // closed is closed
        listener->acceptor.close(ignored);
    }
    for (const auto& session : sessions) session->stop_soon();
    tell_if_ended();
}

void ServerState::tell_if_ended() {
    if (!stopping.load() || told || loops != 0 || !sessions.empty()) return;
    told = true;
    ended.set_value();
}

// ---- from outside ---------------------------------------------------------------------------------------------------

struct Server::State {
    std::shared_ptr<Runtime::Core> core;
    std::shared_ptr<ServerState> shared;
};

auto Server::start(Runtime& runtime, std::vector<ListenerOptions> listeners) -> Result<std::unique_ptr<Server>> {
    auto state = std::make_shared<State>();
    state->core = runtime.core();
    state->shared = std::make_shared<ServerState>(runtime.core());
    for (auto& options : listeners) {
        auto listener = std::make_shared<Listener>(std::move(options), state->shared->strand);
        CG_TRY(open(*listener));
        state->shared->listeners.push_back(std::move(listener));
    }
    asio::dispatch(state->shared->strand, [shared = state->shared] {
        for (const auto& listener : shared->listeners) shared->listen(listener);
    });
    return std::make_unique<Server>(std::move(state));
}

Server::Server(std::shared_ptr<State> state) : state_(std::move(state)) {}
Server::~Server() { stop(std::chrono::seconds{1}); }

auto Server::port(std::string_view listener) const -> std::uint16_t {
    for (const auto& l : state_->shared->listeners)
        if (l->options.name == listener) return l->port;
    return 0;
}

auto Server::replace_tls(std::string_view listener, std::shared_ptr<const TlsContext> tls) -> bool {
    for (const auto& l : state_->shared->listeners) {
        if (l->options.name != listener || !l->options.tls || !tls) continue;
        asio::post(state_->shared->strand, [l, tls = std::move(tls)]() mutable { l->tls = std::move(tls); });
        return true;
    }
    return false;
}

void Server::stop(std::chrono::milliseconds bound) {
    const auto& shared = state_->shared;
    if (shared->stopping.exchange(true)) return;
    auto ended = shared->ended.get_future();
    asio::post(shared->strand, [shared] { shared->stop_accepting(); });
    if (ended.wait_for(bound) == std::future_status::ready) return;
    asio::post(shared->strand, [shared] {
        for (const auto& session : shared->sessions) session->stop_now();
    });
    ended.wait();
}

}  // namespace cg::net
