#include "gateway/net/http_codec.hpp"

#include "gateway/net/http_target.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace cg::net {
namespace {

using State = RequestReader::State;
constexpr std::size_t head_limit = 4'096;

/// Feeds `bytes` in two pieces and lets a body of up to `limit` bytes in.
auto read_in_two(RequestReader& reader, std::string_view bytes, std::size_t cut, std::size_t limit) -> State {
    for (const auto piece : {bytes.substr(0, cut), bytes.substr(cut)}) {
        reader.put(view_bytes(piece));
        if (reader.state() == State::decide) reader.allow_body(limit);
    }
    return reader.state();
}

auto read(std::string_view bytes, std::size_t limit = 1'000) -> std::pair<State, RequestReader::Refusal> {
    RequestReader reader{head_limit};
    const auto state = read_in_two(reader, bytes, bytes.size(), limit);
    return {state, reader.refusal()};
}

TEST(RequestReaderTest, AnySplitGivesTheSameRequest) {
    const std::string plain =
        "POST /v1/messages?since=1%2B2&x HTTP/1.1\r\nHost: a\r\nIdempotency-Key: k-1\r\nContent-Type: Application/JSON; "
        "charset=utf-8\r\nContent-Length: 5\r\n\r\nhello";
    const std::string chunked =
        "POST /v1/messages?since=1%2B2&x HTTP/1.1\r\nHost: a\r\nIdempotency-Key: k-1\r\nContent-Type: application/json\r\n"
        "Transfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3;ext=1\r\nllo\r\n0\r\nIdempotency-Key: other\r\n\r\n";
    for (const auto& whole : {plain, chunked})
        for (std::size_t cut = 0; cut <= whole.size(); ++cut) {
            RequestReader reader{head_limit};
            ASSERT_EQ(read_in_two(reader, whole, cut, 5), State::done) << "split at " << cut;
            const auto request = reader.take();
            EXPECT_EQ(request.method, "POST");
            EXPECT_EQ(request.path, "/v1/messages");
            ASSERT_EQ(request.query.size(), 2U);
            EXPECT_EQ(request.query[0], (std::pair<std::string, std::string>{"since", "1+2"}));
            EXPECT_EQ(request.idempotency_key, "k-1") << "a trailer must not count";
            EXPECT_EQ(request.content_type, "application/json");
            EXPECT_EQ(to_text(request.body), "hello");
            EXPECT_FALSE(reader.started());
        }
}

TEST(RequestReaderTest, PipelinedRequestsComeOneAtATime) {
    const std::string one = "GET /a HTTP/1.1\r\nHost: a\r\n\r\n";
    const std::string two = "POST /b HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx";
    RequestReader reader{head_limit};
    reader.put(view_bytes(one + two));
    ASSERT_EQ(reader.state(), State::decide);
    ASSERT_EQ(reader.allow_body(10), State::done);
    EXPECT_EQ(reader.take().path, "/a");
    ASSERT_EQ(reader.state(), State::decide);
    ASSERT_EQ(reader.allow_body(10), State::done);
    const auto second = reader.take();
    EXPECT_EQ(second.path, "/b");
    EXPECT_EQ(to_text(second.body), "x");
    EXPECT_FALSE(reader.started());
}

TEST(RequestReaderTest, HeadsThatTwoParsersCouldReadDifferentlyAreRefused) {
    const std::vector<std::string> heads = {
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding : chunked\r\n\r\n",
        "GET / HTTP/1.1\nHost: a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nX: a\r\n b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        "GET / HTTP/1.1\r\n\r\n",
        std::string{"GET / HTTP/1.1\r\nHost: a\r\nX: a"} + '\0' + "b\r\n\r\n",
        "GET / HTTP/1.0\r\nHost: a\r\n\r\n",
        "GET http://a/ HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /a%2fb HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /a%00 HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /a%zz HTTP/1.1\r\nHost: a\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nIdempotency-Key: 1\r\nIdempotency-Key: 2\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Type: a/b\r\nContent-Type: c/d\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nExpect: 200-ok\r\n\r\n",
    };
    for (const auto& head : heads) {
        const auto [state, refusal] = read(head);
        EXPECT_EQ(state, State::refused) << head;
        EXPECT_EQ(refusal.problem, "request/head-refused") << head;
    }
}

TEST(RequestReaderTest, LimitsAreTheirOwnRefusals) {
    EXPECT_EQ(read("GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(head_limit, 'x')).second.problem, "request/head-too-large");
    EXPECT_EQ(read("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1001\r\n\r\n").second.problem, "request/too-large");
    EXPECT_EQ(read("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3e9\r\n").second.problem, "request/too-large");
    EXPECT_EQ(read("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Encoding: gzip\r\n\r\n").second.problem,
              "request/content-type");
}

TEST(RequestReaderTest, BrokenOrEndlessChunksAreRefused) {
    const std::string head = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
    EXPECT_EQ(read(head + "zz\r\n").second.problem, "request/malformed");
    EXPECT_EQ(read(head + "2\r\nheX\r\n0\r\n\r\n").second.problem, "request/malformed");
    EXPECT_EQ(read(head + "2;" + std::string(20'000, 'a')).second.problem, "request/malformed");
    EXPECT_EQ(read(head + "0\r\nX: " + std::string(20'000, 'a')).second.problem, "request/malformed");
}

TEST(ResponseReaderTest, AnySplitGivesTheSameResponse) {
    const std::string whole =
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201 Created\r\nContent-Type: Application/JSON;a=b\r\nX-Id: 7\r\n"
        "Content-Length: 2\r\n\r\n{}";
    for (std::size_t cut = 0; cut <= whole.size(); ++cut) {
        ResponseReader reader{10, false};
        const auto first = reader.put(view_bytes(whole.substr(0, cut)));
        ASSERT_TRUE(first.has_value()) << cut;
        if (!first.value()) {
            const auto second = reader.put(view_bytes(whole.substr(cut)));
            ASSERT_TRUE(second.has_value() && second.value()) << cut;
        }
        EXPECT_TRUE(reader.keep_alive());
        const auto response = reader.take();
        EXPECT_EQ(response.status, 201);
        EXPECT_EQ(response.content_type, "application/json");
        EXPECT_EQ(response.body, "{}");
        ASSERT_EQ(response.headers.size(), 1U);
        EXPECT_EQ(response.headers[0].second, "7");
    }
}

TEST(ResponseReaderTest, WhatCannotBeTrustedIsRefused) {
    const auto error_of = [](std::string_view bytes, std::size_t limit = 10) {
        ResponseReader reader{limit, false};
        const auto result = reader.put(view_bytes(bytes));
        return result.has_error() ? result.error().detail : "no error";
    };
    EXPECT_EQ(error_of("SSH-2.0-x\r\n\r\n"), "http-malformed");
    EXPECT_EQ(error_of("HTTP/1.1 200 OK\r\n\r\nbody until close", 100), "http-malformed");
    EXPECT_EQ(error_of("HTTP/1.1 101 Switching\r\n\r\n"), "http-malformed");
    EXPECT_EQ(error_of("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nxHTTP/1.1 200 OK\r\n"), "http-malformed");
    EXPECT_EQ(error_of("HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n"), "response-too-large");
}

TEST(ResponseWriterTest, AHeaderThatWouldSplitTheResponseBecomesAnError) {
    wire::Response response;
    response.headers.emplace_back("Location", "/a\r\nSet-Cookie: b");
    const auto bytes = to_bytes_on_wire(response, false, true);
    EXPECT_TRUE(bytes.starts_with("HTTP/1.1 500 "));
    EXPECT_EQ(bytes.find("Set-Cookie"), std::string::npos);
}

TEST(RequestWriterTest, APartThatWouldBreakOutOfItsPlaceIsRefused) {
    const std::vector<std::pair<std::string, std::string>> none;
    const std::vector<std::pair<std::string, std::string>> evil = {{"X", "a\r\nY: b"}};
    EXPECT_TRUE(to_bytes_on_wire({"GET", "/a?b=c", "h:1", none, "", ""}).has_value());
    EXPECT_TRUE(to_bytes_on_wire({"GET", "/a b", "h:1", none, "", ""}).has_error());
    EXPECT_TRUE(to_bytes_on_wire({"GET", "/a\r\nX: y", "h:1", none, "", ""}).has_error());
    EXPECT_TRUE(to_bytes_on_wire({"GET", "/a", "h:1", evil, "", ""}).has_error());
    EXPECT_TRUE(to_bytes_on_wire({"GE T", "/a", "h:1", none, "", ""}).has_error());
}

TEST(RequestWriterTest, WhatWeWriteWeCanRead) {
    const std::vector<std::pair<std::string, std::string>> headers = {{"Idempotency-Key", "k"}};
    const auto bytes = to_bytes_on_wire({"POST", "/v1/checks", "h:1", headers, "application/json", "{}"});
    ASSERT_TRUE(bytes.has_value());
    RequestReader reader{head_limit};
    ASSERT_EQ(read_in_two(reader, bytes.value(), bytes.value().size(), 10), State::done);
    const auto request = reader.take();
    EXPECT_EQ(request.idempotency_key, "k");
    EXPECT_EQ(to_text(request.body), "{}");
}

}  // namespace
}  // namespace cg::net
