#include "gateway/net/office_client.hpp"

#include "gateway/net/client_connection.hpp"
#include "gateway/net/http_codec.hpp"

#include <algorithm>
#include <exception>
#include <optional>
#include <utility>

namespace cg::net {

struct OfficeClient::State {
    explicit State(OfficeClientOptions o)
        : options(std::move(o)), connection(asio::make_strand(io), {options.host, options.port, options.agency}) {}

    OfficeClientOptions options;
    asio::io_context io{1};
    ClientConnection connection;
    std::optional<Result<wire::Response>> answer;

    [[nodiscard]] auto run(ClientConnection::Exchange what) -> asio::awaitable<void> {
        co_await asio::this_coro::throw_if_cancelled(false);
        answer = co_await connection.exchange(options.tls, std::move(what));
    }
};

namespace {

auto has(const OfficeClient::Headers& headers, std::string_view name) -> bool {
    return std::ranges::any_of(headers, [&](const auto& header) {
        return std::ranges::equal(header.first, name, [](char a, char b) { return (a | 0x20) == (b | 0x20); });
    });
}

}  // namespace

OfficeClient::OfficeClient(OfficeClientOptions options) : state_(std::make_unique<State>(std::move(options))) {}
OfficeClient::OfficeClient(OfficeClient&&) noexcept = default;
auto OfficeClient::operator=(OfficeClient&&) noexcept -> OfficeClient& = default;
OfficeClient::~OfficeClient() = default;

auto OfficeClient::request(std::string_view method, std::string_view target, const Headers& headers, std::string_view body)
    -> Result<wire::Response> {
    auto& self = *state_;
    const auto host = host_field(self.options.host, self.options.port);
    const bool typed = body.empty() || has(headers, "content-type");
    ClientConnection::Exchange what;
    CG_TRY(what.bytes, to_bytes_on_wire({method, target, host, headers, typed ? "" : "application/json", body}));
    what.to_head = method == "HEAD";
    what.may_repeat = method == "GET" || method == "HEAD" || has(headers, "idempotency-key");
    what.response_bytes = self.options.response_bytes;
    what.deadline = Clock::now() + self.options.patience;
    self.answer.reset();
    std::exception_ptr failure;
    auto finished = [&failure](const std::exception_ptr& thrown) { failure = thrown; };
    asio::co_spawn(self.connection.strand(), self.run(std::move(what)), finished);
    self.io.restart();
    while (!self.answer && !failure && self.io.run_one() != 0) {
    }
    if (failure || !self.answer) return fail(Errc::unavailable, "connect-failed");
    return *std::move(self.answer);
}

}  // namespace cg::net
