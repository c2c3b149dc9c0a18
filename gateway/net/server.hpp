#pragma once
/// HTTP/1.1 (RFC 9112) over TLS: connections in, `wire::Request` to a handler, `wire::Response` back. Knows no route.

#include "gateway/base/result.hpp"
#include "gateway/net/runtime.hpp"
#include "gateway/net/tls.hpp"
#include "gateway/wire/http.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace cg::net {

/// What one client may ask of us. Each limit has one answer: refuse, say which, and close.
struct Limits {
    std::size_t head_bytes = 16U << 10U;                   ///< else 431
    std::size_t body_bytes = 8U << 20U;                    ///< else 413, before the body is read
    std::size_t connections = 1024;                        ///< of this listener; more are closed unanswered
    std::size_t connections_per_certificate = 64;          ///< else 503
    std::size_t body_bytes_in_flight = 256U << 20U;        ///< of this listener, declared; else 503
    std::uint64_t body_bytes_per_second = 16U << 10U;      ///< after `body_grace`; else 408
    std::chrono::milliseconds handshake{5'000};            ///< else closed
    std::chrono::milliseconds head{5'000};                 ///< from its first byte; else 408
    std::chrono::milliseconds body_grace{10'000};
    std::chrono::milliseconds handler{60'000};             ///< else 504
    std::chrono::milliseconds write{30'000};               ///< else closed
    std::chrono::milliseconds idle{60'000};                ///< between requests; then closed
    std::chrono::milliseconds connection_age{3'600'000};   ///< then closed after the answer, so certificates are looked at anew
};

/// The largest body of a route in bytes, where it differs from `Limits::body_bytes`; 0: as the limits say. Pure.
using BodyLimit = std::function<std::size_t(std::string_view method, std::string_view path)>;

struct ListenerOptions {
    std::string name;                          ///< "office", "peer", "ops": in log and metrics
    std::string address = "127.0.0.1";         ///< a numeric address
    std::uint16_t port = 0;                    ///< 0: any free one
    std::shared_ptr<const TlsContext> tls;     ///< null: plain, and then `address` must be a loopback address
    wire::Handler handler;                     ///< called on a thread of the runtime, many at a time; one at a time for each connection
    Limits limits;
    BodyLimit body_limit;
};

/// A group of listeners that start and stop together.
///
/// Answers of its own, all RFC 9457 problem JSON: 400 malformed, 401 the certificate has expired meanwhile, 408 too slow,
/// 413 body, 415 content coding, 431 head, 500 the handler gave up, 503 too busy or stopping, 504 the handler was too slow.
class Server {
public:
    /// Listens. Connections are served from here on.
    /// Errors    malformed    an address that is none, or plain and not loopback
    ///           unavailable  the port is taken or may not be bound
    [[nodiscard]] static auto start(Runtime& runtime, std::vector<ListenerOptions> listeners)
        -> Result<std::unique_ptr<Server>>;

    struct State;
    explicit Server(std::shared_ptr<State> state);
    Server(const Server&) = delete;
    auto operator=(const Server&) -> Server& = delete;
    /// Stops with a bound of one second, where stop() has not been called.
    ~Server();

    /// The port a listener is bound to; 0 where there is no such listener.
    [[nodiscard]] auto port(std::string_view listener) const -> std::uint16_t;

    /// New connections get this context; those there keep theirs. For renewed certificates and revocations.
    /// Returns   false: no such listener, or a plain one. Threads: any
    auto replace_tls(std::string_view listener, std::shared_ptr<const TlsContext> tls) -> bool;

    /// Stops accepting, closes idle connections, lets requests in flight finish until `bound` has passed, then closes the
    /// rest. Returns when no connection is left. Call from outside the runtime's threads; again: returns at once.
    void stop(std::chrono::milliseconds bound);

private:
    std::shared_ptr<State> state_;
};

}  // namespace cg::net
