#pragma once
/// Internal to net: one connection of a listener, from its handshake to its end.

#include "gateway/net/http_codec.hpp"
#include "gateway/net/server_state.hpp"
#include "gateway/net/stream.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace cg::net {

/// Threads   its own strand, but for what says otherwise
class Session : public std::enable_shared_from_this<Session> {
public:
    Session(std::shared_ptr<ServerState> server, std::shared_ptr<Listener> listener, std::shared_ptr<const TlsContext> tls,
            Strand strand, tcp::socket socket);

    /// Serves until the connection ends. The root of a task.
    [[nodiscard]] auto run() -> asio::awaitable<void>;

    /// Ends after the request in flight, at once where there is none. Threads: any.
    void stop_soon();
    /// Ends now. Threads: any.
    void stop_now();

    /// The certificate that this was counted under. After run() has ended.
    [[nodiscard]] auto admitted() const -> std::optional<crypto::Digest> { return admitted_; }

    /// The answer to request `number`. On the strand.
    void answered(std::uint64_t number, wire::Response response);

private:
    enum class Next : std::uint8_t { another, finish, drop };

    [[nodiscard]] auto secure() -> asio::awaitable<bool>;
    [[nodiscard]] auto serve_one() -> asio::awaitable<Next>;
    [[nodiscard]] auto read_head() -> asio::awaitable<std::optional<Next>>;
    [[nodiscard]] auto read_body() -> asio::awaitable<Next>;
    [[nodiscard]] auto fill_body() -> asio::awaitable<std::optional<Next>>;
    [[nodiscard]] auto read_more(std::string_view on_timeout) -> asio::awaitable<std::optional<Next>>;
    [[nodiscard]] auto handle() -> asio::awaitable<Next>;
    [[nodiscard]] auto wait_for_answer() -> asio::awaitable<wire::Response>;
    [[nodiscard]] auto send(wire::Response response, bool keep_alive) -> asio::awaitable<Result<>>;
    [[nodiscard]] auto refuse(std::string_view problem, std::string_view reason) -> asio::awaitable<Next>;
    [[nodiscard]] auto must_end() const -> bool;
    void call_handler(wire::Request request);
    void tell_refusal(std::string_view event, std::string_view reason) const;

    std::shared_ptr<ServerState> server_;
    std::shared_ptr<Listener> listener_;
    std::shared_ptr<const TlsContext> tls_;
    Strand strand_;
    Stream stream_;
    RequestReader reader_;
    Bytes received_;
    wire::Peer peer_;
    std::optional<crypto::Digest> admitted_;
    std::optional<Instant> certificate_end_;
    Deadline born_;
    asio::steady_timer wake_;
    std::optional<wire::Response> answer_;
    std::uint64_t number_ = 0;  ///< of the request that is being answered
    bool to_head_ = false;      ///< it is a HEAD
    bool busy_ = false;         ///< its certificate has too many connections
    bool idle_ = false;
    bool stopping_ = false;
};

}  // namespace cg::net
