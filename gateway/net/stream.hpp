#pragma once
/// Internal to net: one TCP connection, plain or TLS, under one deadline at a time.

#include "gateway/base/bytes.hpp"
#include "gateway/base/result.hpp"
#include "gateway/net/asio.hpp"
#include "gateway/net/tls_native.hpp"

#include <boost/asio/ssl/stream.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace cg::net {

/// Ends what a socket is waiting for when a moment has passed, and keeps at it until it is told another moment: an operation
/// that finished just then and went on waiting is ended as well.
///
/// Threads   the strand of the socket
class Watchdog : public std::enable_shared_from_this<Watchdog> {
public:
    explicit Watchdog(tcp::socket& socket) : socket_(&socket), timer_(socket.get_executor()) {}
    void set(Deadline at);
    [[nodiscard]] auto fired() const noexcept -> bool { return fired_; }
    /// The socket is going away.
    void release();

private:
    void wait(Deadline at);
    void on_wake(std::uint64_t round);

    tcp::socket* socket_;
    asio::steady_timer timer_;
    Deadline at_ = Deadline::max();
    std::uint64_t round_ = 0;
    bool waiting_ = false;
    bool fired_ = false;
};

/// Errors of all that waits: timed_out "timed-out"; cancelled "stopped" after close(); unavailable "closed-early" or, while
/// connecting, "connect-refused", "connect-failed"; unauthenticated "tls-…".
///
/// Cancel    close() and a passed deadline end what waits; nothing else does
/// Lifetime  stays where it is; the coroutine that waits keeps it alive
/// Threads   the strand it was made with
class Stream {
public:
    explicit Stream(tcp::socket socket);
    Stream(const Stream&) = delete;
    auto operator=(const Stream&) -> Stream& = delete;
    ~Stream();

    /// For all that follows, until it is set again.
    void deadline(Deadline at) { watchdog_->set(at); }

    [[nodiscard]] auto connect(tcp::endpoint to) -> asio::awaitable<Result<>>;
    /// `authorise` judges the server. `host` is for SNI, and empty for a numeric address.
    [[nodiscard]] auto handshake_as_client(std::shared_ptr<const TlsContext> tls, Authorise authorise, std::string host)
        -> asio::awaitable<Result<>>;
    [[nodiscard]] auto handshake_as_server(std::shared_ptr<const TlsContext> tls) -> asio::awaitable<Result<>>;

    /// Waits for some bytes. Returns 0 when the other side has ended.
    [[nodiscard]] auto read_some(std::span<std::uint8_t> into) -> asio::awaitable<Result<std::size_t>>;
    /// `bytes` stays alive until this has ended.
    [[nodiscard]] auto write_all(std::string_view bytes) -> asio::awaitable<Result<>>;

    /// Says goodbye, and reads on for at most `patience` and a megabyte, so that the other side gets what was written: a
    /// socket closed over unread bytes would reset the connection. Then closes.
    [[nodiscard]] auto finish(std::chrono::milliseconds patience) -> asio::awaitable<void>;
    void close();

    /// Of the TLS peer, after a handshake.
    [[nodiscard]] auto verdict() const noexcept -> const Verdict& { return verdict_; }
    /// The other side's numeric address; empty when it has gone.
    [[nodiscard]] auto address() const -> std::string;

private:
    using Tls = asio::ssl::stream<tcp::socket&>;
    [[nodiscard]] auto handshake(asio::ssl::stream_base::handshake_type as) -> asio::awaitable<Result<>>;
    [[nodiscard]] auto prepare(std::shared_ptr<const TlsContext> tls) -> Result<>;
    [[nodiscard]] auto to_error(const boost::system::error_code& ec) const -> Error;
    [[nodiscard]] auto drain() -> asio::awaitable<void>;

    tcp::socket socket_;
    std::shared_ptr<Watchdog> watchdog_;
    std::shared_ptr<const TlsContext> context_;
    Authorise authorise_;
    Verdict verdict_;
    std::optional<Tls> tls_;
    bool closed_ = false;
    bool secured_ = false;  ///< the handshake was done
};

}  // namespace cg::net
