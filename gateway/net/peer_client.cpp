#include "gateway/net/peer_client.hpp"

#include "gateway/net/client_connection.hpp"
#include "gateway/net/http_codec.hpp"
#include "gateway/net/runtime_core.hpp"
#include "gateway/obs/log.hpp"
#include "gateway/obs/metrics.hpp"

#include <algorithm>
#include <atomic>
#include <deque>
#include <future>
#include <map>
#include <optional>
#include <set>
#include <utility>

namespace cg::net {
namespace {

using Connection = std::shared_ptr<ClientConnection>;

struct Job {
    Outgoing out;
    PeerClient::Done done;
    std::unique_ptr<asio::steady_timer> patience;  ///< while it waits for a connection
};
using JobPtr = std::shared_ptr<Job>;

struct Idle {
    Connection connection;
    Clock::time_point since;
};

/// One destination's connections and what waits for them.
struct Lane {
    std::deque<JobPtr> waiting;
    std::vector<Idle> idle;
    std::size_t busy = 0;
};

void tell_failure(const Error& error) {
    obs::metrics().counter("casegate_peer_failures_total", "Requests to peers that failed, by reason.", {{"reason", error.detail}}).add();
}

/// All there is of a PeerClient.
///
/// Threads   its strand, but for what says otherwise
/// Lifetime  lives inside the loop while connections do, so it does not keep the loop alive
struct Pool : std::enable_shared_from_this<Pool> {
    Pool(asio::io_context& loop, std::shared_ptr<const TlsContext> t, PeerClientOptions o)
        : io(loop), strand(asio::make_strand(loop)), tls(std::move(t)), options(o), sweep(strand) {}

    asio::io_context& io;
    Strand strand;
    std::shared_ptr<const TlsContext> tls;
    PeerClientOptions options;
    std::map<Destination, Lane> lanes;
    std::set<Connection> at_work;
    asio::steady_timer sweep;
    bool sweeping = false;
    bool stopping = false;
    bool told = false;
    std::promise<void> ended;

    void add(JobPtr job);
    void pump(const Destination& to);
    void start(const Destination& to, JobPtr job);
    void finished(const Destination& to, const Connection& connection);
    void give_up(const Destination& to, const JobPtr& job);
    [[nodiscard]] auto take_idle(Lane& lane) -> Connection;
    void sweep_later();
    void sweep_now();
    void stop();
    void tell_if_ended();

    /// Calls back, off the strand.
    void answer(const JobPtr& job, Result<wire::Response> result);
    /// On the connection's strand.
    [[nodiscard]] auto run(Connection connection, std::shared_ptr<const TlsContext> with, JobPtr job) -> asio::awaitable<void>;
};

void Pool::answer(const JobPtr& job, Result<wire::Response> result) {
    if (result.has_error()) tell_failure(result.error());
    asio::post(io, [job, result = std::move(result)]() mutable { job->done(std::move(result)); });
}

void Pool::add(JobPtr job) {
    if (stopping) return answer(job, fail(Errc::cancelled, "stopped"));
    const Destination to{job->out.host, job->out.port, job->out.agency};
    auto& lane = lanes[to];
    if (lane.waiting.size() >= options.waiting_per_destination) return answer(job, fail(Errc::unavailable, "busy"));
    lane.waiting.push_back(job);
    pump(to);
    if (std::ranges::find(lane.waiting, job) == lane.waiting.end()) return;
    job->patience = std::make_unique<asio::steady_timer>(strand, job->out.deadline);
    job->patience->async_wait([self = shared_from_this(), to, job](const boost::system::error_code& ec) {
        if (!ec) self->give_up(to, job);
    });
}

void Pool::give_up(const Destination& to, const JobPtr& job) {
    auto& waiting = lanes[to].waiting;
    const auto it = std::ranges::find(waiting, job);
    if (it == waiting.end()) return;
    waiting.erase(it);
    answer(job, fail(Errc::timed_out, "timed-out"));
}

auto Pool::take_idle(Lane& lane) -> Connection {
    if (lane.idle.empty()) return nullptr;
    auto connection = std::move(lane.idle.back().connection);
    lane.idle.pop_back();
    return connection;
}

void Pool::pump(const Destination& to) {
    auto& lane = lanes[to];
    while (!stopping && !lane.waiting.empty() && lane.busy < options.connections_per_destination) {
        auto job = std::move(lane.waiting.front());
        lane.waiting.pop_front();
        job->patience.reset();
        start(to, std::move(job));
    }
}

void Pool::start(const Destination& to, JobPtr job) {
    auto& lane = lanes[to];
    auto connection = take_idle(lane);
    if (!connection) connection = std::make_shared<ClientConnection>(asio::make_strand(io), to);
    ++lane.busy;
    at_work.insert(connection);
    auto after = [self = shared_from_this(), to, connection](const std::exception_ptr& failure) {
        if (failure) obs::event("net.peer-request-failed", {}, obs::Level::error);
        self->finished(to, connection);
    };
    asio::co_spawn(connection->strand(), run(connection, tls, std::move(job)), asio::bind_executor(strand, std::move(after)));
}

auto Pool::run(Connection connection, std::shared_ptr<const TlsContext> with, JobPtr job) -> asio::awaitable<void> {
    co_await asio::this_coro::throw_if_cancelled(false);
    const auto& out = job->out;
    const auto host = host_field(out.host, out.port);
    auto bytes = to_bytes_on_wire({out.method, out.target, host, out.headers, out.content_type, out.body});
    Result<wire::Response> result = fail(Errc::malformed, "request-malformed");
    if (bytes.has_value()) {
        ClientConnection::Exchange what;
        what.bytes = std::move(bytes).value();
        what.to_head = out.method == "HEAD";
        what.may_repeat = true;
        what.response_bytes = options.response_bytes;
        what.deadline = out.deadline;
        result = co_await connection->exchange(std::move(with), std::move(what));
    }
    if (!connection->reusable()) connection->close();
    // The connection goes back first, so that whoever is called back finds it there.
    co_await asio::post(asio::bind_executor(strand, asio::use_awaitable));
    answer(job, std::move(result));
}

void Pool::finished(const Destination& to, const Connection& connection) {
    at_work.erase(connection);
    auto& lane = lanes[to];
    --lane.busy;
    if (connection->reusable() && !stopping) {
        lane.idle.push_back({connection, Clock::now()});
        sweep_later();
    }
    pump(to);
    if (lane.busy == 0 && lane.waiting.empty() && lane.idle.empty()) lanes.erase(to);
    tell_if_ended();
}

void Pool::sweep_later() {
    if (std::exchange(sweeping, true)) return;
    sweep.expires_after(options.keep_idle);
    sweep.async_wait([self = shared_from_this()](const boost::system::error_code& ec) {
        if (!ec) self->sweep_now();
    });
}

void Pool::sweep_now() {
    sweeping = false;
    bool left = false;
    const auto oldest = Clock::now() - options.keep_idle;
    for (auto it = lanes.begin(); it != lanes.end();) {
        auto& lane = it->second;
        std::erase_if(lane.idle, [&](const Idle& idle) { return idle.since <= oldest; });
        left = left || !lane.idle.empty();
        const bool empty = lane.busy == 0 && lane.waiting.empty() && lane.idle.empty();
        it = empty ? lanes.erase(it) : std::next(it);
    }
    if (left) sweep_later();
}

void Pool::stop() {
    stopping = true;
    sweep.cancel();
    for (auto& [to, lane] : lanes) {
        for (const auto& job : std::exchange(lane.waiting, {})) {
            job->patience.reset();
            answer(job, fail(Errc::cancelled, "stopped"));
        }
        lane.idle.clear();
    }
    for (const auto& connection : at_work) asio::post(connection->strand(), [connection] { connection->close(); });
    tell_if_ended();
}

void Pool::tell_if_ended() {
    if (!stopping || told || !at_work.empty()) return;
    told = true;
    lanes.clear();
    ended.set_value();
}

}  // namespace

struct PeerClient::State {
    std::shared_ptr<Runtime::Core> core;
    std::shared_ptr<Pool> pool;
    std::atomic<bool> stopped{false};
};

PeerClient::PeerClient(Runtime& runtime, std::shared_ptr<const TlsContext> tls, PeerClientOptions options)
    : state_(std::make_shared<State>()) {
    CG_ENSURE(tls != nullptr);  // never in clear by mistake
    state_->core = runtime.core();
    state_->pool = std::make_shared<Pool>(state_->core->io, std::move(tls), options);
}

PeerClient::~PeerClient() { stop(); }

void PeerClient::send(Outgoing request, Done done) {
    auto job = std::make_shared<Job>();
    job->out = std::move(request);
    job->done = std::move(done);
    asio::post(state_->pool->strand, [pool = state_->pool, job = std::move(job)]() mutable { pool->add(std::move(job)); });
}

void PeerClient::replace_tls(std::shared_ptr<const TlsContext> tls) {
    CG_ENSURE(tls != nullptr);
    asio::post(state_->pool->strand, [pool = state_->pool, tls = std::move(tls)]() mutable {
        pool->tls = std::move(tls);
        for (auto& [to, lane] : pool->lanes) lane.idle.clear();
    });
}

void PeerClient::stop() {
    if (state_->stopped.exchange(true)) return;
    auto ended = state_->pool->ended.get_future();
    asio::post(state_->pool->strand, [pool = state_->pool] { pool->stop(); });
    ended.wait();
}

}  // namespace cg::net
