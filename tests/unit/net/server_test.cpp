#include "gateway/net/server.hpp"

#include "gateway/net/office_client.hpp"
#include "tests/unit/net/support.hpp"

#include <atomic>
#include <future>
#include <thread>

namespace cg::net {
namespace {

using namespace test;

auto count_of(std::string_view text, std::string_view part) -> int {
    int count = 0;
    for (auto at = text.find(part); at != text.npos; at = text.find(part, at + 1)) ++count;
    return count;
}

auto office_client(std::uint16_t port, std::shared_ptr<const TlsContext> tls = nullptr) -> OfficeClient {
    OfficeClientOptions options;
    options.port = port;
    options.agency = "northport";
    options.tls = std::move(tls);
    return OfficeClient{std::move(options)};
}

TEST(ServerTest, ARequestGoesThereAndBackWithTheCallersIdentity) {
    Runtime runtime{2};
    const auto server = start(runtime, tls_listener(server_context()));
    auto client = office_client(server->port("test"), client_context("casegate://northport/system/registry"));
    const auto answer = client.request("POST", "/v1/checks?x=1", {{"Idempotency-Key", "k"}}, "{\"a\":1}");
    ASSERT_TRUE(answer.has_value()) << answer.error().detail;
    EXPECT_EQ(answer.value().status, 200);
    EXPECT_EQ(answer.value().body, "POST /v1/checks casegate://northport/system/registry {\"a\":1}");
}

TEST(ServerTest, AConnectionServesManyRequests) {
    std::atomic<int> handshakes{0};
    Runtime runtime{2};
    const auto server = start(runtime, tls_listener(server_context([&](const PeerCertificate&) {
                                  ++handshakes;
                                  return std::string{};
                              })));
    auto client = office_client(server->port("test"), client_context());
    for (int i = 0; i < 20; ++i) ASSERT_TRUE(client.request("GET", "/" + std::to_string(i)).has_value());
    EXPECT_EQ(handshakes.load(), 1);
}

TEST(ServerTest, PipelinedRequestsAreAnsweredInOrder) {
    Runtime runtime{2};
    const auto server = start(runtime, plain_listener());
    RawClient raw{server->port("test")};
    ASSERT_TRUE(raw.write(get("/one") + get("/two") + get("/three")));
    const auto all = raw.read_until("GET /three");
    EXPECT_LT(all.find("GET /one"), all.find("GET /two"));
    EXPECT_LT(all.find("GET /two"), all.find("GET /three"));
    EXPECT_EQ(count_of(all, "HTTP/1.1 200 OK"), 3);
}

TEST(ServerTest, AHeadRequestGetsNoBody) {
    Runtime runtime{1};
    const auto server = start(runtime, plain_listener());
    RawClient raw{server->port("test")};
    ASSERT_TRUE(raw.write("HEAD /h HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"));
    const auto all = raw.read_all();
    EXPECT_NE(all.find("Content-Length: 9\r\n"), std::string::npos) << all;
    EXPECT_TRUE(all.ends_with("\r\n\r\n"));
}

TEST(ServerTest, ExpectContinueIsAnsweredBeforeTheBodyComes) {
    Runtime runtime{1};
    const auto server = start(runtime, plain_listener());
    RawClient raw{server->port("test")};
    ASSERT_TRUE(raw.write("POST /e HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n"));
    EXPECT_EQ(raw.read_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
    ASSERT_TRUE(raw.write("hi"));
    EXPECT_NE(raw.read_until("POST /e  hi").find("200 OK"), std::string::npos);
}

TEST(ServerTest, ManyClientsAtOnceGetTheirOwnAnswers) {
    Runtime runtime{4};
    const auto server = start(runtime, tls_listener(server_context()));
    const auto tls = client_context();
    std::atomic<int> right{0};
    std::vector<std::thread> threads;
    for (int t = 0; t < 8; ++t)
        threads.emplace_back([&, t] {
            auto client = office_client(server->port("test"), tls);
            for (int i = 0; i < 25; ++i) {
                const auto path = "/" + std::to_string(t) + "/" + std::to_string(i);
                const auto answer = client.request("GET", path);
                if (answer.has_value() && answer.value().body == "GET " + path + " casegate://eastmoor/gateway ") ++right;
            }
        });
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(right.load(), 200);
}

TEST(ServerTest, AnAnswerMayComeFromAnotherThreadLater) {
    std::vector<std::thread> threads;
    {
        Runtime runtime{2};
        const auto server = start(runtime, plain_listener([&](wire::Request, wire::Respond respond) {
                                      threads.emplace_back([respond = std::move(respond)] { respond({202, "text/plain", "later", {}}); });
                                  }));
        auto client = office_client(server->port("test"));
        for (int i = 0; i < 10; ++i) {
            const auto answer = client.request("GET", "/");
            ASSERT_TRUE(answer.has_value());
            EXPECT_EQ(answer.value().status, 202);
        }
    }
    for (auto& thread : threads) thread.join();
}

TEST(ServerTest, AnAnswerAfterTheEndOfEverythingFindsNobody) {
    wire::Respond kept;
    Gate called;
    {
        Runtime runtime{1};
        const auto server = start(runtime, plain_listener([&](wire::Request, wire::Respond respond) {
                                      kept = std::move(respond);
                                      called.open();
                                  }));
        RawClient raw{server->port("test")};
        ASSERT_TRUE(raw.write(get("/")));
        ASSERT_TRUE(called.wait());
        server->stop(0ms);
    }
    kept({});
}

TEST(ServerTest, ASecondAnswerIsIgnoredAndTold) {
    LogCapture log;
    Runtime runtime{1};
    const auto server = start(runtime, plain_listener([](wire::Request, const wire::Respond& respond) {
                                  respond({200, "text/plain", "first", {}});
                                  respond({200, "text/plain", "second", {}});
                              }));
    auto client = office_client(server->port("test"));
    for (int i = 0; i < 3; ++i) EXPECT_EQ(client.request("GET", "/").value().body, "first");
    EXPECT_TRUE(log.saw("net.answered-twice"));
}

TEST(ServerTest, AHandlerThatThrowsOrForgetsGivesAProblem) {
    Runtime runtime{1};
    const auto server = start(runtime, plain_listener([](const wire::Request& request, const wire::Respond&) {
                                  if (request.path == "/throw") throw std::runtime_error{"a secret of the message"};
                              }));
    auto client = office_client(server->port("test"));
    for (const auto* path : {"/throw", "/forget"}) {
        const auto answer = client.request("GET", path);
        ASSERT_TRUE(answer.has_value());
        EXPECT_EQ(answer.value().status, 500);
        EXPECT_EQ(answer.value().content_type, "application/problem+json");
        EXPECT_EQ(answer.value().body.find("secret"), std::string::npos);
    }
}

TEST(ServerTest, AHandlerThatIsTooSlowIsAnsweredForAndItsLateAnswerIsDropped) {
    LogCapture log;
    Limits limits;
    limits.handler = 30ms;
    std::promise<wire::Respond> kept;
    Runtime runtime{1};
    const auto server = start(runtime, plain_listener([&](const wire::Request& request, wire::Respond respond) {
                                  if (request.path == "/slow") kept.set_value(std::move(respond));
                                  else respond({200, "text/plain", "fast", {}});
                              }, limits));
    auto client = office_client(server->port("test"));
    EXPECT_EQ(client.request("GET", "/slow").value().status, 504);
    kept.get_future().get()({200, "text/plain", "late", {}});
    EXPECT_EQ(client.request("GET", "/fast").value().body, "fast");
}

TEST(ServerTest, StopLetsARequestInFlightFinish) {
    Gate called;
    std::promise<wire::Respond> kept;
    Runtime runtime{2};
    const auto server = start(runtime, plain_listener([&](wire::Request, wire::Respond respond) {
                                  kept.set_value(std::move(respond));
                                  called.open();
                              }));
    RawClient idle{server->port("test")};
    RawClient busy{server->port("test")};
    ASSERT_TRUE(busy.write(get("/")));
    ASSERT_TRUE(called.wait());
    std::thread stopper{[&] { server->stop(20s); }};
    EXPECT_EQ(idle.read_all(), "");  // it is told at once, so stopping has begun
    kept.get_future().get()({200, "text/plain", "finished", {}});
    const auto all = busy.read_all();
    EXPECT_NE(all.find("finished"), std::string::npos);
    EXPECT_NE(all.find("Connection: close"), std::string::npos);
    stopper.join();
    RawClient late{server->port("test")};
    EXPECT_FALSE(late.connected());
}

TEST(ServerTest, StopDoesNotWaitBeyondItsBound) {
    Gate called;
    wire::Respond kept;
    Runtime runtime{2};
    const auto server = start(runtime, plain_listener([&](wire::Request, wire::Respond respond) {
                                  kept = std::move(respond);
                                  called.open();
                              }));
    RawClient busy{server->port("test")};
    ASSERT_TRUE(busy.write(get("/")));
    ASSERT_TRUE(called.wait());
    server->stop(20ms);
    EXPECT_EQ(busy.read_all(), "");
}

TEST(ServerTest, APlainListenerOffLoopbackIsRefused) {
    Runtime runtime{1};
    auto options = plain_listener();
    options.address = "0.0.0.0";
    std::vector<ListenerOptions> listeners;
    listeners.push_back(std::move(options));
    const auto server = Server::start(runtime, std::move(listeners));
    ASSERT_TRUE(server.has_error());
    EXPECT_EQ(server.error().code, Errc::malformed);
}

TEST(ServerTest, APortThatIsTakenIsSaid) {
    Runtime runtime{1};
    const auto first = start(runtime, plain_listener());
    auto options = plain_listener();
    options.port = first->port("test");
    std::vector<ListenerOptions> listeners;
    listeners.push_back(std::move(options));
    const auto second = Server::start(runtime, std::move(listeners));
    ASSERT_TRUE(second.has_error());
    EXPECT_EQ(second.error().code, Errc::unavailable);
}

TEST(ServerTest, NewConnectionsGetTheReplacedCertificate) {
    Runtime runtime{1};
    const auto server = start(runtime, tls_listener(server_context()));
    ASSERT_TRUE(server->replace_tls("test", server_context({}, "casegate://westhaven/gateway")));
    EXPECT_FALSE(server->replace_tls("other", server_context()));
    auto client = office_client(server->port("test"), client_context());
    const auto answer = client.request("GET", "/");
    ASSERT_TRUE(answer.has_error());
    EXPECT_EQ(answer.error().detail, "tls-wrong-agency");
}

}  // namespace
}  // namespace cg::net
