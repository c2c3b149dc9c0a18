#include "gateway/net/client_connection.hpp"

#include "gateway/net/http_codec.hpp"

#include <array>
#include <utility>
#include <vector>

namespace cg::net {
namespace {

constexpr std::size_t receive_bytes = 16U << 10U;

auto is_numeric(const std::string& host) -> bool {
    boost::system::error_code ec;
    asio::ip::make_address(host, ec);
    return !ec;
}

/// Who the server must be.
auto expect_gateway(std::string agency) -> Authorise {
    return [agency = std::move(agency)](const PeerCertificate& certificate) -> std::string {
        if (certificate.identity.kind != certs::IdentityKind::gateway)
            return std::string{certs::to_string(certs::CertificateProblem::wrong_kind)};
        if (certificate.identity.agency.str() != agency)
            return std::string{certs::to_string(certs::CertificateProblem::wrong_agency)};
        return {};
    };
}

/// A lookup that may outlive whoever asked: the system's resolver cannot be interrupted.
struct Lookup : std::enable_shared_from_this<Lookup> {
    explicit Lookup(const asio::any_io_executor& on) : resolver(on), wake(on) {}
    void start(const std::string& host, std::uint16_t port) {
        resolver.async_resolve(host, std::to_string(port), tcp::resolver::numeric_service,
                               [self = shared_from_this()](const boost::system::error_code&, const tcp::resolver::results_type& found) {
                                   for (const auto& entry : found) self->endpoints.push_back(entry.endpoint());
                                   self->done = true;
                                   self->wake.cancel();
                               });
    }
    tcp::resolver resolver;
    asio::steady_timer wake;
    std::vector<tcp::endpoint> endpoints;
    bool done = false;
};

}  // namespace

auto host_field(const std::string& host, std::uint16_t port) -> std::string {
    const bool bracket = host.find(':') != std::string::npos;
    return (bracket ? '[' + host + ']' : host) + ':' + std::to_string(port);
}

auto ClientConnection::resolve(Deadline deadline) -> asio::awaitable<Result<std::vector<tcp::endpoint>>> {
    boost::system::error_code ec;
    const auto address = asio::ip::make_address(to_.host, ec);
    if (!ec) {
        std::vector<tcp::endpoint> one;
        one.emplace_back(address, to_.port);
        co_return one;
    }
    const auto lookup = std::make_shared<Lookup>(strand_);
    lookup->wake.expires_at(deadline);
    lookup->start(to_.host, to_.port);
    co_await lookup->wake.async_wait(as_value);
    if (closed_) co_return fail(Errc::cancelled, "stopped");
    if (!lookup->done) co_return fail(Errc::timed_out, "timed-out");
    if (lookup->endpoints.empty()) co_return fail(Errc::unavailable, "resolve-failed");
    co_return lookup->endpoints;
}

auto ClientConnection::open(std::shared_ptr<const TlsContext> tls, Deadline deadline) -> asio::awaitable<Result<>> {
    CG_CO_TRY(const auto endpoints, co_await resolve(deadline));
    Result<> connected = fail(Errc::unavailable, "resolve-failed");
    for (const auto& endpoint : endpoints) {
        if (closed_) co_return fail(Errc::cancelled, "stopped");
        tcp::socket socket{strand_};
        stream_ = std::make_unique<Stream>(std::move(socket));
        stream_->deadline(deadline);
        connected = co_await stream_->connect(endpoint);
        if (connected.has_value() || connected.error().code != Errc::unavailable) break;
    }
    CG_CO_TRY(std::move(connected));
    if (!tls) co_return ok();
    auto expected = expect_gateway(to_.agency);
    auto name = is_numeric(to_.host) ? std::string{} : to_.host;
    co_return co_await stream_->handshake_as_client(std::move(tls), std::move(expected), std::move(name));
}

auto ClientConnection::exchange(std::shared_ptr<const TlsContext> tls, Exchange what)
    -> asio::awaitable<Result<wire::Response>> {
    const bool kept = std::exchange(reusable_, false);
    if (kept) {
        stream_->deadline(what.deadline);
        auto answer = co_await once(what);
        // Only a connection that ended before it said anything can have been closed before our request came.
        const bool stale = answer.has_error() && answer.error().code == Errc::unavailable && !answer_began_;
        if (!stale || !what.may_repeat) co_return answer;
    }
    const auto opened = co_await open(std::move(tls), what.deadline);
    if (opened.has_error()) co_return fail(opened.error());
    co_return co_await once(what);
}

// NOLINTNEXTLINE(cppcoreguidelines-avoid-reference-coroutine-parameters): exchange() owns it and awaits in place
auto ClientConnection::once(const Exchange& what) -> asio::awaitable<Result<wire::Response>> {
    ResponseReader reader{what.response_bytes, what.to_head};
    answer_began_ = false;
    const auto sent = co_await stream_->write_all(what.bytes);
    // A server may refuse before it has read everything: its answer tells more than our failed write.
    if (sent.has_error() && sent.error().code != Errc::unavailable) co_return fail(sent.error());
    Bytes received(receive_bytes);
    for (;;) {
        const auto got = co_await stream_->read_some(received);
        if (got.has_error()) co_return fail(got.error());
        if (got.value() == 0) co_return fail(Errc::unavailable, "closed-early");
        answer_began_ = true;
        const auto whole = reader.put(ByteView{received}.first(got.value()));
        if (whole.has_error()) co_return fail(whole.error());
        if (whole.value()) break;
    }
    reusable_ = sent.has_value() && reader.keep_alive() && !closed_;
    stream_->deadline(Deadline::max());
    co_return reader.take();
}

void ClientConnection::close() {
    closed_ = true;
    reusable_ = false;
    if (stream_) stream_->close();
}

}  // namespace cg::net
