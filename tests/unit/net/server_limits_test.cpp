// What a client may not do, and what it is told.
#include "gateway/net/server.hpp"

#include "tests/unit/net/support.hpp"

#include <atomic>

namespace cg::net {
namespace {

using namespace test;

auto never(std::atomic<int>& calls) -> wire::Handler {
    return [&calls](wire::Request, const wire::Respond& respond) {
        ++calls;
        respond({});
    };
}

struct Refused {
    std::string answer;
    int handled = 0;
};

/// What a plain listener says to `bytes`, until it closes.
auto answer_to(std::string_view bytes, const Limits& limits) -> Refused {
    std::atomic<int> calls{0};
    Runtime runtime{1};
    const auto server = start(runtime, plain_listener(never(calls), limits));
    RawClient raw{server->port("test")};
    EXPECT_TRUE(raw.write(bytes));
    return {raw.read_all(), calls.load()};
}

void expect_problem(const Refused& refused, std::string_view status, std::string_view type) {
    EXPECT_TRUE(refused.answer.starts_with("HTTP/1.1 " + std::string{status})) << refused.answer;
    EXPECT_NE(refused.answer.find("Content-Type: application/problem+json"), std::string::npos) << refused.answer;
    EXPECT_NE(refused.answer.find("Connection: close"), std::string::npos) << refused.answer;
    EXPECT_NE(refused.answer.find(type), std::string::npos) << refused.answer;
    EXPECT_EQ(refused.handled, 0);
}

TEST(ServerLimitsTest, AHundredMegabytesAreRefusedByTheirHead) {
    expect_problem(answer_to("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 104857600\r\n\r\n", {}), "413", "request/too-large");
}

TEST(ServerLimitsTest, AHundredMegabytesThatComeAnywayAreNotRead) {
    std::atomic<int> calls{0};
    Runtime runtime{1};
    const auto server = start(runtime, tls_listener(server_context(), never(calls)));
    RawClient raw{server->port("test")};
    ASSERT_EQ(raw.handshake(our_authority().issue("casegate://eastmoor/gateway")), "");
    ASSERT_TRUE(raw.write("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 104857600\r\n\r\n"));
    const std::string megabyte(1U << 20U, 'x');
    int written = 0;
    while (written < 100 && raw.write(megabyte)) ++written;
    EXPECT_LT(written, 50) << "it was read, or thrown away for nothing";
    EXPECT_EQ(calls.load(), 0);
}

TEST(ServerLimitsTest, ABodyLimitMayDependOnTheRoute) {
    std::atomic<int> calls{0};
    auto options = plain_listener(never(calls));
    options.body_limit = [](std::string_view method, std::string_view path) -> std::size_t {
        return method == "PUT" && path == "/small" ? 3 : 0;
    };
    Runtime runtime{1};
    const auto server = start(runtime, std::move(options));
    RawClient small{server->port("test")};
    ASSERT_TRUE(small.write("PUT /small HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nabcd"));
    EXPECT_NE(small.read_all().find("413"), std::string::npos);
    RawClient other{server->port("test")};
    ASSERT_TRUE(other.write("PUT /other HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nConnection: close\r\n\r\nabcd"));
    EXPECT_NE(other.read_all().find("200"), std::string::npos);
}

TEST(ServerLimitsTest, ABodyThatComesTooSlowlyIsRefused) {
    Limits limits;
    limits.body_bytes = 20U << 20U;
    limits.body_grace = 50ms;
    limits.body_bytes_per_second = 1U << 30U;
    const auto head = std::string{"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10485760\r\n\r\n"};
    expect_problem(answer_to(head + std::string(1'000, 'x'), limits), "408", "request/timed-out");
}

TEST(ServerLimitsTest, AHeadThatDoesNotEndInTimeIsRefused) {
    Limits limits;
    limits.head = 50ms;
    expect_problem(answer_to("GET / HTTP/1.1\r\nHost: a\r\nX:", limits), "408", "request/timed-out");
}

TEST(ServerLimitsTest, ASilentConnectionIsClosed) {
    Limits limits;
    limits.idle = 50ms;
    EXPECT_EQ(answer_to("", limits).answer, "");
}

TEST(ServerLimitsTest, ASilentHandshakeIsClosed) {
    LogCapture log;
    Limits limits;
    limits.handshake = 50ms;
    Runtime runtime{1};
    const auto server = start(runtime, tls_listener(server_context(), echo, limits));
    RawClient raw{server->port("test")};
    EXPECT_EQ(raw.read_all(), "");
    EXPECT_TRUE(log.saw("\"reason\":\"timed-out\""));
}

TEST(ServerLimitsTest, AHeadThatIsTooLargeIsRefused) {
    expect_problem(answer_to("GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(20'000, 'x'), {}), "431", "request/head-too-large");
}

TEST(ServerLimitsTest, SmugglingHeadsAreRefusedAndNamed) {
    LogCapture log;
    expect_problem(answer_to("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", {}),
                   "400", "request/head-refused");
    EXPECT_TRUE(log.saw("\"reason\":\"both-lengths\""));
    expect_problem(answer_to("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nContent-Length: 4\r\n\r\nabcd", {}), "400",
                   "request/head-refused");
}

TEST(ServerLimitsTest, ACertificateHasOnlySoManyConnections) {
    Limits limits;
    limits.connections_per_certificate = 2;
    Runtime runtime{2};
    const auto server = start(runtime, tls_listener(server_context(), echo, limits));
    const auto certificate = our_authority().issue("casegate://eastmoor/gateway");
    const auto ask = [&](RawClient& raw) {
        EXPECT_EQ(raw.handshake(certificate), "");
        EXPECT_TRUE(raw.write(get("/")));
        return raw.read_until("\r\n\r\n").substr(0, 12);
    };
    RawClient one{server->port("test")};
    EXPECT_EQ(ask(one), "HTTP/1.1 200");
    {
        RawClient two{server->port("test")};
        EXPECT_EQ(ask(two), "HTTP/1.1 200");
        RawClient three{server->port("test")};
        EXPECT_EQ(ask(three), "HTTP/1.1 503");
        RawClient other{server->port("test")};
        EXPECT_EQ(other.handshake(our_authority().issue("casegate://westhaven/gateway")), "");
        EXPECT_TRUE(other.write(get("/")));
        EXPECT_EQ(other.read_until("\r\n\r\n").substr(0, 12), "HTTP/1.1 200");
    }
}

TEST(ServerLimitsTest, AListenerHasOnlySoManyConnections) {
    Limits limits;
    limits.connections = 1;
    Runtime runtime{1};
    const auto server = start(runtime, plain_listener(echo, limits));
    RawClient one{server->port("test")};
    ASSERT_TRUE(one.write(get("/")));
    EXPECT_NE(one.read_until("GET /").find("200"), std::string::npos);
    RawClient two{server->port("test")};
    EXPECT_EQ(two.read_all(), "");
    ASSERT_TRUE(one.write(get("/again")));
    EXPECT_NE(one.read_until("GET /again").find("200"), std::string::npos);
}

TEST(ServerLimitsTest, BodiesInFlightShareABound) {
    Limits limits;
    limits.body_bytes_in_flight = 10;
    Runtime runtime{1};
    const auto server = start(runtime, plain_listener(echo, limits));
    RawClient one{server->port("test")};
    ASSERT_TRUE(one.write("POST /1 HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 8\r\n\r\n"));
    ASSERT_NE(one.read_until("\r\n\r\n").find("100 Continue"), std::string::npos);
    RawClient two{server->port("test")};
    ASSERT_TRUE(two.write("POST /2 HTTP/1.1\r\nHost: a\r\nContent-Length: 8\r\n\r\n"));
    EXPECT_NE(two.read_all().find("503"), std::string::npos);
    ASSERT_TRUE(one.write("abcdefgh"));
    EXPECT_NE(one.read_until("abcdefgh").find("200"), std::string::npos);
    RawClient three{server->port("test")};
    ASSERT_TRUE(three.write("POST /3 HTTP/1.1\r\nHost: a\r\nContent-Length: 8\r\n\r\nabcdefgh"));
    EXPECT_NE(three.read_until("abcdefgh").find("200"), std::string::npos) << "the share was given back";
}

TEST(ServerLimitsTest, AnOldConnectionIsClosedAfterItsAnswer) {
    Limits limits;
    limits.connection_age = 0ms;
    Runtime runtime{1};
    const auto server = start(runtime, plain_listener(echo, limits));
    RawClient raw{server->port("test")};
    ASSERT_TRUE(raw.write(get("/")));
    EXPECT_NE(raw.read_all().find("Connection: close"), std::string::npos);
}

}  // namespace
}  // namespace cg::net
