#pragma once
/// Requests to other gateways: asynchronous, over connections that are kept and used again.

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
#include <utility>
#include <vector>

namespace cg::net {

/// A request to send.
struct Outgoing {
    std::string host;                          ///< a name or a numeric address, from a signed descriptor
    std::uint16_t port = 0;
    std::string agency;                        ///< the server must be casegate://<agency>/gateway
    std::string method;
    std::string target;                        ///< path and query, as they go on the wire
    std::vector<std::pair<std::string, std::string>> headers;
    std::string content_type;                  ///< empty: none
    std::string body;
    std::chrono::steady_clock::time_point deadline;
};

struct PeerClientOptions {
    std::size_t connections_per_destination = 8;
    std::size_t waiting_per_destination = 1024;
    std::size_t response_bytes = 4U << 20U;
    std::chrono::milliseconds keep_idle{20'000};
};

/// Sends requests to gateways whose certificate our CA issued to the agency that we mean.
///
/// Every error of `done` has a code word of ours as its detail:
///   unavailable      resolve-failed, connect-refused, connect-failed, closed-early, busy
///   timed_out        timed-out
///   unauthenticated  tls-unknown-ca, tls-expired, tls-not-yet-valid, tls-revoked, tls-wrong-agency, tls-no-identity, …;
///                    tls-refused-by-peer: it does not accept our certificate
///   malformed        http-malformed
///   too_large        response-too-large
///   cancelled        stopped
///
/// A request over a kept connection that had closed meanwhile is sent once more over a new one, when nothing of an answer has
/// come: so whatever is sent must be idempotent. Redirects are not followed.
class PeerClient {
public:
    using Done = std::function<void(Result<wire::Response>)>;

    PeerClient(Runtime& runtime, std::shared_ptr<const TlsContext> tls, PeerClientOptions options = {});
    PeerClient(const PeerClient&) = delete;
    auto operator=(const PeerClient&) -> PeerClient& = delete;
    /// As stop().
    ~PeerClient();

    /// `done` is called exactly once, on a thread of the runtime, never inside this call. Threads: any.
    void send(Outgoing request, Done done);

    /// The context for new connections. Threads: any.
    void replace_tls(std::shared_ptr<const TlsContext> tls);

    /// Closes all connections; what is under way or waiting ends with `cancelled`, later requests too. Returns when no
    /// connection is left. Call from outside the runtime's threads; again: returns at once.
    void stop();

private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace cg::net
