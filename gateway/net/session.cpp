#include "gateway/net/session.hpp"

#include "gateway/obs/log.hpp"
#include "gateway/wire/problem.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <utility>

namespace cg::net {
namespace {

constexpr auto goodbye = std::chrono::milliseconds{1'000};
constexpr auto idle_goodbye = std::chrono::milliseconds{100};
constexpr std::size_t receive_bytes = 16U << 10U;

/// What a handler's `Respond` holds. When the last copy goes without an answer, the request gets a 500.
///
/// Threads   any. The loop stays until this has gone: a strand may not outlive it
class Reply {
public:
    Reply(std::shared_ptr<Runtime::Core> core, std::weak_ptr<Session> session, Strand strand, std::uint64_t number)
        : core_(std::move(core)), session_(std::move(session)), strand_(std::move(strand)), number_(number) {}
    Reply(const Reply&) = delete;
    auto operator=(const Reply&) -> Reply& = delete;
    ~Reply() {
        if (!used_.load()) give(wire::problem_response("gateway/internal"));
    }

    void give(wire::Response response) {
        if (used_.exchange(true)) return obs::event("net.answered-twice", {}, obs::Level::error);
        asio::dispatch(strand_, [session = session_, number = number_, response = std::move(response)]() mutable {
            if (const auto self = session.lock()) self->answered(number, std::move(response));
        });
    }

private:
    std::shared_ptr<Runtime::Core> core_;
    std::weak_ptr<Session> session_;
    Strand strand_;
    std::uint64_t number_;
    std::atomic<bool> used_{false};
};

/// Bytes of bodies, taken from a listener's share and given back.
class Share {
public:
    Share(std::atomic<std::size_t>& used, std::size_t bytes, std::size_t limit) : used_(used), bytes_(bytes) {
        granted_ = used_.fetch_add(bytes_) + bytes_ <= limit;
    }
    Share(const Share&) = delete;
    auto operator=(const Share&) -> Share& = delete;
    ~Share() { used_.fetch_sub(bytes_); }
    [[nodiscard]] auto granted() const noexcept -> bool { return granted_; }

private:
    std::atomic<std::size_t>& used_;
    std::size_t bytes_;
    bool granted_ = false;
};

}  // namespace

Session::Session(std::shared_ptr<ServerState> server, std::shared_ptr<Listener> listener,
                 std::shared_ptr<const TlsContext> tls, Strand strand, tcp::socket socket)
    : server_(std::move(server)),
      listener_(std::move(listener)),
      tls_(std::move(tls)),
      strand_(std::move(strand)),
      stream_(std::move(socket)),
      reader_(listener_->options.limits.head_bytes),
      received_(receive_bytes),
      born_(Clock::now()),
      wake_(strand_) {}

auto Session::run() -> asio::awaitable<void> {
    co_await asio::this_coro::throw_if_cancelled(false);
    auto next = Next::another;
    if (tls_ && !co_await secure()) next = Next::finish;
    while (next == Next::another) next = co_await serve_one();
    if (next == Next::finish) co_await stream_.finish(idle_ ? idle_goodbye : goodbye);
    stream_.close();
}

auto Session::secure() -> asio::awaitable<bool> {
    stream_.deadline(Clock::now() + listener_->options.limits.handshake);
    const auto done = co_await stream_.handshake_as_server(tls_);
    if (done.has_error()) {
        tell_refusal("net.tls.refused", done.error().detail);
        co_return false;
    }
    const auto& certificate = *stream_.verdict().peer;
    peer_.uri = certificate.uri;
    peer_.certificate_sha256 = certificate.sha256;
    peer_.key = certificate.key;
    certificate_end_ = certificate.not_after;
    stream_.deadline(Deadline::max());
    if (co_await server_->admit(listener_, peer_.certificate_sha256)) admitted_ = peer_.certificate_sha256;
    else busy_ = true;
    co_return true;
}

auto Session::must_end() const -> bool {
    if (stopping_ || server_->stopping.load() || busy_) return true;
    if (Clock::now() - born_ > listener_->options.limits.connection_age) return true;
    return certificate_end_ && std::chrono::system_clock::now() > *certificate_end_;
}

auto Session::serve_one() -> asio::awaitable<Next> {
    if (const auto ended = co_await read_head()) co_return *ended;
    to_head_ = reader_.head().method == "HEAD";
    if (busy_) co_return co_await refuse("gateway/unavailable", "connections-of-certificate");
    if (certificate_end_ && std::chrono::system_clock::now() > *certificate_end_)
        co_return co_await refuse("request/unauthenticated", "certificate-expired");
    co_return co_await read_body();
}

auto Session::read_more(std::string_view on_timeout) -> asio::awaitable<std::optional<Next>> {
    const auto got = co_await stream_.read_some(received_);
    if (got.has_error()) {
        const bool slow = got.error().code == Errc::timed_out;
        if (slow && !on_timeout.empty()) co_return co_await refuse("request/timed-out", on_timeout);
        // In TLS 1.3 the other side learns only now that its certificate was not taken, and so do we of ours.
        if (got.error().code == Errc::unauthenticated) tell_refusal("net.tls.refused", got.error().detail);
        co_return slow ? Next::finish : Next::drop;
    }
    if (got.value() == 0) co_return Next::finish;
    reader_.put(ByteView{received_}.first(got.value()));
    co_return std::nullopt;
}

auto Session::read_head() -> asio::awaitable<std::optional<Next>> {
    const auto& limits = listener_->options.limits;
    to_head_ = false;
    if (!reader_.started()) {
        if (number_ != 0 && must_end()) co_return Next::finish;
        idle_ = true;
        stream_.deadline(stopping_ ? Clock::now() : Clock::now() + limits.idle);
        const auto ended = co_await read_more("");
        if (ended) co_return ended;
        idle_ = false;
    }
    stream_.deadline(Clock::now() + limits.head);
    while (reader_.state() == RequestReader::State::head)
        if (const auto ended = co_await read_more("head")) co_return ended;
    if (reader_.state() == RequestReader::State::refused)
        co_return co_await refuse(reader_.refusal().problem, reader_.refusal().reason);
    co_return std::nullopt;
}

auto Session::read_body() -> asio::awaitable<Next> {
    const auto& options = listener_->options;
    const auto head = reader_.head();
    std::size_t limit = options.body_limit ? options.body_limit(head.method, head.path) : 0;
    if (limit == 0) limit = options.limits.body_bytes;
    // A body without a declared length counts as the largest.
    const auto declared = head.chunked ? limit : static_cast<std::size_t>(std::min<std::uint64_t>(head.content_length.value_or(0), limit));
    const Share share{listener_->body_bytes, declared, options.limits.body_bytes_in_flight};
    if (!share.granted()) co_return co_await refuse("gateway/unavailable", "bodies-in-flight");
    reader_.allow_body(limit);
    if (reader_.state() == RequestReader::State::body) {
        if (const auto ended = co_await fill_body()) co_return *ended;
    }
    if (reader_.state() == RequestReader::State::refused)
        co_return co_await refuse(reader_.refusal().problem, reader_.refusal().reason);
    co_return co_await handle();
}

auto Session::fill_body() -> asio::awaitable<std::optional<Next>> {
    const auto& limits = listener_->options.limits;
    if (reader_.head().wants_continue) {
        stream_.deadline(Clock::now() + limits.write);
        const auto sent = co_await stream_.write_all("HTTP/1.1 100 Continue\r\n\r\n");
        if (sent.has_error()) co_return Next::drop;
    }
    const auto began = Clock::now();
    while (reader_.state() == RequestReader::State::body) {
        const auto earned = reader_.body_bytes() * 1'000 / std::max<std::uint64_t>(limits.body_bytes_per_second, 1);
        stream_.deadline(began + limits.body_grace + std::chrono::milliseconds{earned});
        if (const auto ended = co_await read_more("body")) co_return ended;
    }
    co_return std::nullopt;
}

void Session::call_handler(wire::Request request) {
    const auto reply = std::make_shared<Reply>(server_->core.lock(), weak_from_this(), strand_, number_);
    try {
        listener_->options.handler(std::move(request), [reply](wire::Response response) { reply->give(std::move(response)); });
    } catch (const std::exception&) {
        obs::event("net.handler-threw", {{"listener", listener_->options.name}}, obs::Level::error);
        answered(number_, wire::problem_response("gateway/internal"));
    }
}

void Session::answered(std::uint64_t number, wire::Response response) {
    if (number != number_ || answer_) return;  // too late: the deadline answered
    answer_ = std::move(response);
    wake_.cancel();
}

auto Session::wait_for_answer() -> asio::awaitable<wire::Response> {
    if (!answer_) {
        wake_.expires_after(listener_->options.limits.handler);
        co_await wake_.async_wait(as_value);
    }
    if (!answer_) {
        obs::event("net.handler-late", {{"listener", listener_->options.name}}, obs::Level::error);
        answer_ = wire::problem_response("gateway/timed-out");
    }
    ++number_;  // a later answer to this request finds nobody
    auto out = *std::move(answer_);
    answer_.reset();
    co_return out;
}

auto Session::handle() -> asio::awaitable<Next> {
    const auto began = Clock::now();
    ++number_;
    stream_.deadline(Deadline::max());
    bool keep_alive = reader_.head().keep_alive;
    auto request = reader_.take();
    request.peer = peer_;
    call_handler(std::move(request));
    auto response = co_await wait_for_answer();
    keep_alive = keep_alive && !must_end();
    const std::chrono::duration<double> took = Clock::now() - began;
    listener_->seconds.observe(took.count());
    const auto sent = co_await send(std::move(response), keep_alive);
    if (sent.has_error()) co_return Next::drop;
    co_return keep_alive ? Next::another : Next::finish;
}

auto Session::send(wire::Response response, bool keep_alive) -> asio::awaitable<Result<>> {
    listener_->count_answer(response.status);
    const auto bytes = to_bytes_on_wire(std::move(response), to_head_, keep_alive);
    stream_.deadline(Clock::now() + listener_->options.limits.write);
    co_return co_await stream_.write_all(bytes);
}

auto Session::refuse(std::string_view problem, std::string_view reason) -> asio::awaitable<Next> {
    tell_refusal("net.request.refused", reason);
    auto response = wire::problem_response(problem);
    if (response.status == 503) response.headers.emplace_back("Retry-After", "1");
    const auto sent = co_await send(std::move(response), false);
    co_return sent.has_error() ? Next::drop : Next::finish;
}

void Session::tell_refusal(std::string_view event, std::string_view reason) const {
    listener_->count_refusal(reason);
    const auto from = stream_.address();
    const auto& source = peer_.uri.empty() ? from : peer_.uri;
    obs::peer_event(event, source, {{"listener", listener_->options.name}, {"reason", reason}, {"from", source}});
}

void Session::stop_soon() {
    asio::post(strand_, [self = shared_from_this()] {
        self->stopping_ = true;
        if (self->idle_) self->stream_.deadline(Clock::now());
    });
}

void Session::stop_now() {
    asio::post(strand_, [self = shared_from_this()] {
        self->stopping_ = true;
        self->stream_.close();
        self->answered(self->number_, wire::problem_response("gateway/stopping"));
    });
}

}  // namespace cg::net
