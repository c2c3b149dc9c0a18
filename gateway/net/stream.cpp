#include "gateway/net/stream.hpp"

#include <boost/asio/ssl/error.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <tuple>
#include <utility>

namespace cg::net {
namespace {

constexpr auto insist = std::chrono::milliseconds{20};
constexpr std::size_t max_drained = 1U << 20U;

auto connect_word(const boost::system::error_code& ec) -> std::string {
    return ec == asio::error::connection_refused ? "connect-refused" : "connect-failed";
}

auto is_end(const boost::system::error_code& ec) -> bool {
    return ec == asio::error::eof || ec == asio::ssl::error::stream_truncated;
}

}  // namespace

void Watchdog::set(Deadline at) {
    at_ = at;
    fired_ = false;
    // A timer that is due earlier is left alone: it looks at the new moment when it wakes.
    if (at != Deadline::max() && (!waiting_ || at < timer_.expiry())) wait(at);
}

void Watchdog::wait(Deadline at) {
    waiting_ = true;
    timer_.expires_at(at);
    timer_.async_wait([self = shared_from_this(), round = ++round_](const boost::system::error_code&) { self->on_wake(round); });
}

void Watchdog::on_wake(std::uint64_t round) {
    if (round != round_) return;
    waiting_ = false;
    if (socket_ == nullptr || at_ == Deadline::max()) return;
    if (Clock::now() < at_) return wait(at_);
    fired_ = true;
    boost::system::error_code ignored;  // nothing is waiting, or the socket is closed: both are fine
    socket_->cancel(ignored);
    wait(Clock::now() + insist);
}

void Watchdog::release() {
    socket_ = nullptr;
    ++round_;
    timer_.cancel();
}

Stream::Stream(tcp::socket socket) : socket_(std::move(socket)), watchdog_(std::make_shared<Watchdog>(socket_)) {}

Stream::~Stream() { watchdog_->release(); }

auto Stream::to_error(const boost::system::error_code& ec) const -> Error {
    if (closed_) return {Errc::cancelled, "stopped", {}};
    if (watchdog_->fired()) return {Errc::timed_out, "timed-out", {}};
    if (!verdict_.reason.empty()) return {Errc::unauthenticated, "tls-" + verdict_.reason, {}};
    if (ec.category() == asio::error::get_ssl_category())
        return {Errc::unauthenticated, tls_reason(static_cast<unsigned long>(ec.value())), {}};
    return {Errc::unavailable, "closed-early", {}};
}

auto Stream::connect(tcp::endpoint to) -> asio::awaitable<Result<>> {
    auto [ec] = co_await socket_.async_connect(to, as_value);
    if (ec) {
        auto error = to_error(ec);
        if (error.code == Errc::unavailable) error.detail = connect_word(ec);
        co_return fail(std::move(error));
    }
    socket_.set_option(tcp::no_delay{true}, ec);  // a hint; slower without
    co_return ok();
}

auto Stream::prepare(std::shared_ptr<const TlsContext> tls) -> Result<> {
    context_ = std::move(tls);
    auto ssl = make_connection(*context_, verdict_);
    if (!ssl) return fail(Errc::unavailable, "tls library");
    tls_.emplace(socket_, ssl.release());
    return ok();
}

auto Stream::handshake_as_client(std::shared_ptr<const TlsContext> tls, Authorise authorise, std::string host)
    -> asio::awaitable<Result<>> {
    authorise_ = std::move(authorise);
    verdict_.authorise = &authorise_;
    CG_CO_TRY(prepare(std::move(tls)));
    // What SSL_set_tlsext_host_name does, without its C cast.
    if (!host.empty() && SSL_ctrl(tls_->native_handle(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, host.data()) != 1)
        co_return fail(Errc::unavailable, "tls library");
    co_return co_await handshake(asio::ssl::stream_base::client);
}

auto Stream::handshake_as_server(std::shared_ptr<const TlsContext> tls) -> asio::awaitable<Result<>> {
    boost::system::error_code ignored;
    socket_.set_option(tcp::no_delay{true}, ignored);  // a hint; slower without
    verdict_.authorise = &tls->native().authorise;
    CG_CO_TRY(prepare(std::move(tls)));
    co_return co_await handshake(asio::ssl::stream_base::server);
}

auto Stream::handshake(asio::ssl::stream_base::handshake_type as) -> asio::awaitable<Result<>> {
    if (watchdog_->fired() || closed_) co_return fail(to_error({}));
    const auto [ec] = co_await tls_->async_handshake(as, as_value);
    if (ec) co_return fail(to_error(ec));
    if (!verdict_.peer) co_return fail(Errc::unauthenticated, "tls-missing");
    secured_ = true;
    co_return ok();
}

auto Stream::read_some(std::span<std::uint8_t> into) -> asio::awaitable<Result<std::size_t>> {
    if (watchdog_->fired() || closed_) co_return fail(to_error({}));
    boost::system::error_code ec;
    std::size_t count = 0;
    const auto buffer = asio::buffer(into.data(), into.size());
    if (tls_) std::tie(ec, count) = co_await tls_->async_read_some(buffer, as_value);
    else std::tie(ec, count) = co_await socket_.async_read_some(buffer, as_value);
    if (!ec) co_return count;
    if (is_end(ec)) co_return std::size_t{0};
    co_return fail(to_error(ec));
}

auto Stream::write_all(std::string_view bytes) -> asio::awaitable<Result<>> {
    if (watchdog_->fired() || closed_) co_return fail(to_error({}));
    boost::system::error_code ec;
    std::size_t count = 0;
    const auto buffer = asio::buffer(bytes.data(), bytes.size());
    if (tls_) std::tie(ec, count) = co_await asio::async_write(*tls_, buffer, as_value);
    else std::tie(ec, count) = co_await asio::async_write(socket_, buffer, as_value);
    if (ec) co_return fail(to_error(ec));
    co_return ok();
}

auto Stream::drain() -> asio::awaitable<void> {
    std::array<std::uint8_t, 4096> sink{};
    const auto buffer = asio::buffer(sink);
    for (std::size_t seen = 0; seen < max_drained && !watchdog_->fired() && !closed_;) {
        const auto [ec, count] = co_await socket_.async_read_some(buffer, as_value);
        if (ec) co_return;
        seen += count;
    }
}

auto Stream::finish(std::chrono::milliseconds patience) -> asio::awaitable<void> {
    if (closed_) co_return;
    deadline(Clock::now() + patience);
    if (tls_ && secured_) co_await tls_->async_shutdown(as_value);
    boost::system::error_code ignored;  // it has gone: nothing to say goodbye to
    socket_.shutdown(tcp::socket::shutdown_send, ignored);
    co_await drain();
    close();
}

void Stream::close() {
    closed_ = true;
    boost::system::error_code ignored;  // closed is closed
    socket_.close(ignored);
}

auto Stream::address() const -> std::string {
    boost::system::error_code ec;
    const auto endpoint = socket_.remote_endpoint(ec);
    return ec ? std::string{} : endpoint.address().to_string();
}

}  // namespace cg::net
