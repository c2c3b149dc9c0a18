#pragma once
/// The command line's way to its own gateway: one request at a time, on the caller's thread.

#include "gateway/base/result.hpp"
#include "gateway/net/tls.hpp"
#include "gateway/wire/http.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cg::net {

struct OfficeClientOptions {
    std::string host = "127.0.0.1";
    std::uint16_t port = 0;
    std::string agency;                          ///< the server must be casegate://<agency>/gateway
    std::shared_ptr<const TlsContext> tls;       ///< null: plain, for the ops listener
    std::chrono::milliseconds patience{30'000};  ///< for each request, connecting included
    std::size_t response_bytes = 64U << 20U;
};

/// Keeps its connection between requests.
///
/// Threads   one at a time
class OfficeClient {
public:
    using Headers = std::vector<std::pair<std::string, std::string>>;

    explicit OfficeClient(OfficeClientOptions options);
    OfficeClient(OfficeClient&&) noexcept;
    auto operator=(OfficeClient&&) noexcept -> OfficeClient&;
    ~OfficeClient();

    /// Sends and waits. `target` is path and query; a body without a Content-Type in `headers` is application/json.
    /// A request on a kept connection that had closed is sent once more only where that is safe: a GET, or one with an
    /// Idempotency-Key.
    /// Errors    as PeerClient
    [[nodiscard]] auto request(std::string_view method, std::string_view target, const Headers& headers = {},
                               std::string_view body = {}) -> Result<wire::Response>;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace cg::net
