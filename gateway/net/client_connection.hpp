#pragma once
/// Internal to net: one connection to a server, and one request at a time over it. What both clients are made of.

#include "gateway/net/stream.hpp"
#include "gateway/wire/http.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace cg::net {

struct Destination {
    std::string host;
    std::uint16_t port = 0;
    std::string agency;  ///< the server must be casegate://<agency>/gateway
    auto operator<=>(const Destination&) const = default;
};

/// Threads   its strand
class ClientConnection {
public:
    ClientConnection(asio::any_io_executor strand, Destination to) : strand_(std::move(strand)), to_(std::move(to)) {}

    struct Exchange {
        std::string bytes;                ///< the request as it goes on the wire
        bool to_head = false;
        bool may_repeat = false;          ///< once more, when a kept connection turns out to be closed
        std::size_t response_bytes = 0;   ///< the largest answer
        Deadline deadline;
    };
    /// Connects where it is not connected, sends, and waits for the answer. Errors: as PeerClient.
    [[nodiscard]] auto exchange(std::shared_ptr<const TlsContext> tls, Exchange what) -> asio::awaitable<Result<wire::Response>>;

    /// Whether the next exchange can do without connecting.
    [[nodiscard]] auto reusable() const noexcept -> bool { return reusable_; }
    void close();
    [[nodiscard]] auto strand() const -> const asio::any_io_executor& { return strand_; }

private:
    [[nodiscard]] auto open(std::shared_ptr<const TlsContext> tls, Deadline deadline) -> asio::awaitable<Result<>>;
    [[nodiscard]] auto resolve(Deadline deadline) -> asio::awaitable<Result<std::vector<tcp::endpoint>>>;
    [[nodiscard]] auto once(const Exchange& what) -> asio::awaitable<Result<wire::Response>>;

    asio::any_io_executor strand_;
    Destination to_;
    std::unique_ptr<Stream> stream_;
    bool reusable_ = false;
    bool answer_began_ = false;  ///< a byte of the answer has come
    bool closed_ = false;
};

/// The Host field for a destination.
[[nodiscard]] auto host_field(const std::string& host, std::uint16_t port) -> std::string;

}  // namespace cg::net
