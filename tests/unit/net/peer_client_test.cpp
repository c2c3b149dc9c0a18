#include "gateway/net/peer_client.hpp"

#include "gateway/net/office_client.hpp"
#include "tests/unit/net/support.hpp"

#include <atomic>
#include <future>
#include <mutex>
#include <thread>

namespace cg::net {
namespace {

using namespace test;

auto outgoing(std::uint16_t port, std::string target = "/", std::string agency = "northport") -> Outgoing {
    Outgoing out;
    out.host = "127.0.0.1";
    out.port = port;
    out.agency = std::move(agency);
    out.method = "POST";
    out.target = std::move(target);
    out.content_type = "application/json";
    out.body = "{}";
    out.deadline = std::chrono::steady_clock::now() + 20s;
    return out;
}

auto send_later(PeerClient& client, Outgoing out) -> std::future<Result<wire::Response>> {
    auto promise = std::make_shared<std::promise<Result<wire::Response>>>();
    client.send(std::move(out), [promise](Result<wire::Response> result) { promise->set_value(std::move(result)); });
    return promise->get_future();
}
auto send(PeerClient& client, Outgoing out) -> Result<wire::Response> { return send_later(client, std::move(out)).get(); }

auto word_of(const Result<wire::Response>& result) -> std::string { return result.has_error() ? result.error().detail : "none"; }

/// Counts the connections that it lets in.
auto counting(std::atomic<int>& connections) -> Authorise {
    return [&connections](const PeerCertificate&) {
        ++connections;
        return std::string{};
    };
}

TEST(PeerClientTest, RequestsShareAConnection) {
    std::atomic<int> connections{0};
    Runtime runtime{2};
    const auto server = start(runtime, tls_listener(server_context(counting(connections))));
    PeerClient client{runtime, client_context()};
    for (int i = 0; i < 5; ++i) {
        const auto answer = send(client, outgoing(server->port("test"), "/v1/envelopes"));
        ASSERT_TRUE(answer.has_value()) << word_of(answer);
        EXPECT_EQ(answer.value().body, "POST /v1/envelopes casegate://eastmoor/gateway {}");
    }
    EXPECT_EQ(connections.load(), 1);
}

TEST(PeerClientTest, AHostNameIsResolved) {
    Runtime runtime{2};
    const auto server = start(runtime, tls_listener(server_context()));
    PeerClient client{runtime, client_context()};
    auto out = outgoing(server->port("test"));
    out.host = "localhost";
    EXPECT_EQ(word_of(send(client, std::move(out))), "none");
}

TEST(PeerClientTest, AConnectionThatClosedMeanwhileIsReplacedOnce) {
    std::atomic<int> connections{0};
    Runtime runtime{2};
    auto server = start(runtime, tls_listener(server_context(counting(connections))));
    const auto port = server->port("test");
    PeerClient client{runtime, client_context()};
    ASSERT_EQ(word_of(send(client, outgoing(port))), "none");
    server->stop(0ms);
    server.reset();
    auto options = tls_listener(server_context(counting(connections)));
    options.port = port;
    server = start(runtime, std::move(options));
    EXPECT_EQ(word_of(send(client, outgoing(port))), "none");
    EXPECT_EQ(connections.load(), 2);
    server->stop(0ms);
    server.reset();
    EXPECT_EQ(word_of(send(client, outgoing(port))), "connect-refused") << "once, and then it is told";
}

TEST(PeerClientTest, AnotherAgencysServerIsRefused) {
    Runtime runtime{2};
    const auto server = start(runtime, tls_listener(server_context({}, "casegate://westhaven/gateway")));
    PeerClient client{runtime, client_context()};
    const auto answer = send(client, outgoing(server->port("test")));
    ASSERT_TRUE(answer.has_error());
    EXPECT_EQ(answer.error().code, Errc::unauthenticated);
    EXPECT_EQ(answer.error().detail, "tls-wrong-agency");
}

TEST(PeerClientTest, AServerThatIsNoGatewayIsRefused) {
    Runtime runtime{2};
    const auto server = start(runtime, tls_listener(server_context({}, "casegate://northport/system/registry")));
    PeerClient client{runtime, client_context()};
    EXPECT_EQ(word_of(send(client, outgoing(server->port("test")))), "tls-wrong-kind");
}

TEST(PeerClientTest, AServerOfAnotherAuthorityIsRefused) {
    Runtime runtime{2};
    const auto foreign = TlsContext::server(options_for(foreign_authority().issue("casegate://northport/gateway")), {});
    const auto server = start(runtime, tls_listener(foreign.value()));
    PeerClient client{runtime, client_context()};
    EXPECT_EQ(word_of(send(client, outgoing(server->port("test")))), "tls-unknown-ca");
}

TEST(PeerClientTest, AServerThatRefusesUsIsTold) {
    Runtime runtime{2};
    const auto server = start(runtime, tls_listener(server_context([](const PeerCertificate&) { return std::string{"wrong-agency"}; })));
    PeerClient client{runtime, client_context()};
    const auto answer = send(client, outgoing(server->port("test")));
    ASSERT_TRUE(answer.has_error());
    EXPECT_EQ(answer.error().code, Errc::unauthenticated);
    EXPECT_EQ(answer.error().detail, "tls-refused-by-peer");
}

TEST(PeerClientTest, ASilentServerRunsIntoTheDeadline) {
    wire::Respond kept;
    Gate called;
    Runtime runtime{2};
    const auto server = start(runtime, tls_listener(server_context(), [&](wire::Request, wire::Respond respond) {
                                  kept = std::move(respond);
                                  called.open();
                              }));
    PeerClient client{runtime, client_context()};
    auto out = outgoing(server->port("test"));
    out.deadline = std::chrono::steady_clock::now() + 300ms;
    const auto answer = send(client, std::move(out));
    ASSERT_TRUE(answer.has_error());
    EXPECT_EQ(answer.error().code, Errc::timed_out);
    server->stop(0ms);
}

TEST(PeerClientTest, AFullLaneMakesRequestsWaitAndThenSaysSo) {
    std::mutex mutex;
    std::vector<wire::Respond> kept;
    Gate first;
    PeerClientOptions options;
    options.connections_per_destination = 1;
    options.waiting_per_destination = 2;
    Runtime runtime{2};
    const auto server = start(runtime, tls_listener(server_context(), [&](const wire::Request& request, wire::Respond respond) {
                                  if (request.path != "/held") return respond({});
                                  const std::lock_guard lock{mutex};
                                  kept.push_back(std::move(respond));
                                  first.open();
                              }));
    PeerClient client{runtime, client_context(), options};
    auto held = send_later(client, outgoing(server->port("test"), "/held"));
    ASSERT_TRUE(first.wait());
    auto impatient = outgoing(server->port("test"));
    impatient.deadline = std::chrono::steady_clock::now() + 30ms;
    EXPECT_EQ(word_of(send(client, std::move(impatient))), "timed-out");
    auto second = send_later(client, outgoing(server->port("test")));
    auto third = send_later(client, outgoing(server->port("test")));
    EXPECT_EQ(word_of(send(client, outgoing(server->port("test")))), "busy");
    {
        const std::lock_guard lock{mutex};
        kept.front()({});
    }
    EXPECT_EQ(word_of(held.get()), "none");
    EXPECT_EQ(word_of(second.get()), "none");
    EXPECT_EQ(word_of(third.get()), "none");
}

TEST(PeerClientTest, StopEndsWhatIsUnderWayAndWhatWaits) {
    wire::Respond kept;
    Gate called;
    PeerClientOptions options;
    options.connections_per_destination = 1;
    Runtime runtime{2};
    const auto server = start(runtime, tls_listener(server_context(), [&](wire::Request, wire::Respond respond) {
                                  kept = std::move(respond);
                                  called.open();
                              }));
    PeerClient client{runtime, client_context(), options};
    auto under_way = send_later(client, outgoing(server->port("test")));
    auto waiting = send_later(client, outgoing(server->port("test")));
    ASSERT_TRUE(called.wait());
    client.stop();
    EXPECT_EQ(word_of(under_way.get()), "stopped");
    EXPECT_EQ(word_of(waiting.get()), "stopped");
    EXPECT_EQ(word_of(send(client, outgoing(server->port("test")))), "stopped");
    server->stop(0ms);
}

TEST(PeerClientTest, AnAnswerThatIsTooLargeIsRefused) {
    PeerClientOptions options;
    options.response_bytes = 10;
    Runtime runtime{2};
    const auto server = start(runtime, tls_listener(server_context()));
    PeerClient client{runtime, client_context(), options};
    EXPECT_EQ(word_of(send(client, outgoing(server->port("test")))), "response-too-large");
}

TEST(PeerClientTest, ARedirectIsAnAnswerLikeAnyOther) {
    std::atomic<int> calls{0};
    Runtime runtime{2};
    const auto server = start(runtime, tls_listener(server_context(), [&](wire::Request, const wire::Respond& respond) {
                                  ++calls;
                                  respond({302, "text/plain", "", {{"Location", "/elsewhere"}}});
                              }));
    PeerClient client{runtime, client_context()};
    const auto answer = send(client, outgoing(server->port("test")));
    ASSERT_TRUE(answer.has_value());
    EXPECT_EQ(answer.value().status, 302);
    EXPECT_EQ(calls.load(), 1);
}

TEST(PeerClientTest, AHeaderThatWouldSplitTheRequestIsNotSent) {
    Runtime runtime{2};
    PeerClient client{runtime, client_context()};
    auto out = outgoing(1);
    out.headers.emplace_back("X", "a\r\nEvil: b");
    EXPECT_EQ(word_of(send(client, std::move(out))), "request-malformed");
}

/// Accepts one connection after another and says the same to each, in clear.
class Parrot {
public:
    explicit Parrot(std::string says) : says_(std::move(says)), fd_(socket(AF_INET, SOCK_STREAM, 0)) {
        sockaddr_in at{};
        at.sin_family = AF_INET;
        at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        EXPECT_EQ(bind(fd_, reinterpret_cast<const sockaddr*>(&at), sizeof at), 0);
        EXPECT_EQ(listen(fd_, 8), 0);
        socklen_t size = sizeof at;
        getsockname(fd_, reinterpret_cast<sockaddr*>(&at), &size);
        port_ = ntohs(at.sin_port);
        thread_ = std::thread{[this] { serve(); }};
    }
    ~Parrot() {
        shutdown(fd_, SHUT_RDWR);
        thread_.join();
        ::close(fd_);
    }
    [[nodiscard]] auto port() const -> std::uint16_t { return port_; }
    [[nodiscard]] auto served() const -> int { return served_.load(); }

private:
    void serve() {
        for (int fd = accept(fd_, nullptr, nullptr); fd >= 0; fd = accept(fd_, nullptr, nullptr)) {
            ++served_;
            char buffer[4096];
            if (recv(fd, buffer, sizeof buffer, 0) > 0) send(fd, says_.data(), says_.size(), MSG_NOSIGNAL);
            shutdown(fd, SHUT_WR);
            while (recv(fd, buffer, sizeof buffer, 0) > 0) {
            }
            ::close(fd);
        }
    }
    std::string says_;
    int fd_;
    std::uint16_t port_ = 0;
    std::atomic<int> served_{0};
    std::thread thread_;
};

auto ask(std::uint16_t port, std::string_view method = "GET", const OfficeClient::Headers& headers = {}) -> std::vector<std::string> {
    OfficeClientOptions options;
    options.port = port;
    OfficeClient client{std::move(options)};
    std::vector<std::string> out;
    for (int i = 0; i < 2; ++i) out.push_back(word_of(client.request(method, "/", headers)));
    return out;
}

TEST(OfficeClientTest, WhatIsNoHttpIsSaid) {
    Parrot parrot{"hello\r\n\r\n"};
    EXPECT_EQ(ask(parrot.port()), (std::vector<std::string>{"http-malformed", "http-malformed"}));
}

TEST(OfficeClientTest, AnAnswerThatIsCutShortIsSaid) {
    Parrot parrot{"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"};
    EXPECT_EQ(ask(parrot.port()), (std::vector<std::string>{"closed-early", "closed-early"}));
}

TEST(OfficeClientTest, AStaleConnectionIsReplacedWhereThatIsSafe) {
    Parrot parrot{"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"};
    EXPECT_EQ(ask(parrot.port()), (std::vector<std::string>{"none", "none"}));
    EXPECT_EQ(parrot.served(), 2);
    EXPECT_EQ(ask(parrot.port(), "POST", {{"Idempotency-Key", "k"}}), (std::vector<std::string>{"none", "none"}));
    EXPECT_EQ(ask(parrot.port(), "POST"), (std::vector<std::string>{"none", "closed-early"}));
}

TEST(OfficeClientTest, NobodyThereIsSaid) {
    std::uint16_t port = 0;
    {
        Parrot parrot{""};
        port = parrot.port();
    }
    EXPECT_EQ(ask(port), (std::vector<std::string>{"connect-refused", "connect-refused"}));
}

}  // namespace
}  // namespace cg::net
