#include "gateway/wire/head_guard.hpp"

#include <gtest/gtest.h>

#include <set>

namespace cg::wire {
namespace {

using Verdict = GuardResult::Verdict;

const std::string plain = "POST /v1/messages?x=%20y HTTP/1.1\r\nHost: gateway.example:8443\r\nContent-Length: 12\r\n\r\n";

auto guard(std::string_view text) { return guard_head(view_bytes(text)); }
auto with_fields(const std::string& fields) { return "GET / HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n"; }

struct Bad {
    std::string head;
    HeadRefusal reason;
};
const std::string nul(1, '\0');
const std::vector<Bad> bad_heads{
    {with_fields("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"), HeadRefusal::both_lengths},
    {with_fields("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n"), HeadRefusal::both_lengths},
    {with_fields("Transfer-Encoding: gzip, chunked\r\n"), HeadRefusal::unknown_coding},
    {with_fields("Transfer-Encoding: chunked, chunked\r\n"), HeadRefusal::unknown_coding},
    {with_fields("Transfer-Encoding: identity\r\n"), HeadRefusal::unknown_coding},
    {with_fields("Transfer-Encoding: \"chunked\"\r\n"), HeadRefusal::unknown_coding},
    {with_fields("Transfer-Encoding:\r\n"), HeadRefusal::unknown_coding},
    {with_fields("Transfer-Encoding: xchunked\r\n"), HeadRefusal::unknown_coding},
    {with_fields("Transfer-Encoding: chunked\r\ntransfer-encoding: chunked\r\n"), HeadRefusal::duplicate_coding},
    {with_fields("Content-Length: 5\r\ncontent-length: 5\r\n"), HeadRefusal::duplicate_length},
    {with_fields("Content-Length: 5, 5\r\n"), HeadRefusal::duplicate_length},
    {with_fields("Content-Length: +5\r\n"), HeadRefusal::bad_length},
    {with_fields("Content-Length: -5\r\n"), HeadRefusal::bad_length},
    {with_fields("Content-Length: 0x5\r\n"), HeadRefusal::bad_length},
    {with_fields("Content-Length: 05\r\n"), HeadRefusal::bad_length},
    {with_fields("Content-Length: 5 5\r\n"), HeadRefusal::bad_length},
    {with_fields("Content-Length:\r\n"), HeadRefusal::bad_length},
    {with_fields("Content-Length: 18446744073709551617\r\n"), HeadRefusal::bad_length},
    {with_fields("Host: b\r\n"), HeadRefusal::duplicate_host},
    {"GET / HTTP/1.1\r\nhost: a\r\nHOST: a\r\n\r\n", HeadRefusal::duplicate_host},
    {"GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", HeadRefusal::bad_host},
    {"GET / HTTP/1.1\r\nHost: a, b\r\n\r\n", HeadRefusal::bad_host},
    {"GET / HTTP/1.1\r\nHost:\r\n\r\n", HeadRefusal::bad_host},
    {"GET / HTTP/1.1\r\nAccept: x\r\n\r\n", HeadRefusal::missing_host},
    {"GET / HTTP/1.1\r\n\r\n", HeadRefusal::missing_host},
    {"GET / HTTP/1.1\nHost: a\r\n\r\n", HeadRefusal::bare_lf},
    {"GET / HTTP/1.1\r\nHost: a\nX: y\r\n\r\n", HeadRefusal::bare_lf},
    {"GET / HTTP/1.1\r\nHost: a\r\n\n", HeadRefusal::bare_lf},
    {"GET / HTTP/1.1\r\nHost: a\rX: y\r\n\r\n", HeadRefusal::bare_cr},
    {"GET / HTTP/1.1\r\nHost: a\r\n\rX", HeadRefusal::bare_cr},
    {"GET / HTTP/1.1\rHost: a\r\n\r\n", HeadRefusal::bare_cr},
    {with_fields("X: a\r\n b\r\n"), HeadRefusal::folded_line},
    {with_fields("X: a\r\n\tb\r\n"), HeadRefusal::folded_line},
    {"GET / HTTP/1.1\r\n Host: a\r\n\r\n", HeadRefusal::folded_line},
    {with_fields("Content-Length : 5\r\n"), HeadRefusal::space_before_colon},
    {with_fields("Content-Length\t: 5\r\n"), HeadRefusal::space_before_colon},
    {with_fields(": 5\r\n"), HeadRefusal::bad_field_name},
    {with_fields("X(y): 5\r\n"), HeadRefusal::bad_field_name},
    {with_fields("X\r\n"), HeadRefusal::bad_field_name},
    {with_fields("X: a" + nul + "b\r\n"), HeadRefusal::control_byte},
    {with_fields("X" + nul + ": a\r\n"), HeadRefusal::control_byte},
    {with_fields("X: \x01\r\n"), HeadRefusal::control_byte},
    {with_fields("X: caf\xc3\xa9\r\n"), HeadRefusal::control_byte},
    {with_fields("X: \x7f\r\n"), HeadRefusal::control_byte},
    {nul + plain, HeadRefusal::control_byte},
    {"\r\n" + plain, HeadRefusal::bad_method},
    {" " + plain, HeadRefusal::bad_method},
    {"get / HTTP/1.1\r\nHost: a\r\n\r\n", HeadRefusal::bad_method},
    {"G(T / HTTP/1.1\r\nHost: a\r\n\r\n", HeadRefusal::bad_method},
    {"ABCDEFGHIJKLMNOPQ / HTTP/1.1\r\nHost: a\r\n\r\n", HeadRefusal::bad_method},
    {"GET http://other.example/ HTTP/1.1\r\nHost: a\r\n\r\n", HeadRefusal::bad_target},
    {"GET //other.example/ HTTP/1.1\r\nHost: a\r\n\r\n", HeadRefusal::bad_target},
    {"CONNECT other.example:443 HTTP/1.1\r\nHost: a\r\n\r\n", HeadRefusal::bad_target},
    {"OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", HeadRefusal::bad_target},
    {"GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n", HeadRefusal::bad_target},
    {"GET /a\\b HTTP/1.1\r\nHost: a\r\n\r\n", HeadRefusal::bad_target},
    {"GET /a%0 HTTP/1.1\r\nHost: a\r\n\r\n", HeadRefusal::bad_target},
    {"GET /a%00 HTTP/1.1\r\nHost: a\r\n\r\n", HeadRefusal::bad_target},
    {"GET /a%zz HTTP/1.1\r\nHost: a\r\n\r\n", HeadRefusal::bad_target},
    {"GET  / HTTP/1.1\r\nHost: a\r\n\r\n", HeadRefusal::bad_target},
    {"GET /\r\nHost: a\r\n\r\n", HeadRefusal::bad_target},
    {"GET /\tHTTP/1.1\r\nHost: a\r\n\r\n", HeadRefusal::bad_target},
    {"GET / HTTP/1.0\r\nHost: a\r\n\r\n", HeadRefusal::bad_version},
    {"GET / HTTP/2\r\nHost: a\r\n\r\n", HeadRefusal::bad_version},
    {"GET / http/1.1\r\nHost: a\r\n\r\n", HeadRefusal::bad_version},
    {"GET / x HTTP/1.1\r\nHost: a\r\n\r\n", HeadRefusal::bad_version},
    {"GET / HTTP/1.1 \r\nHost: a\r\n\r\n", HeadRefusal::bad_version},
    {"GET /" + std::string(17000, 'a') + " HTTP/1.1\r\nHost: a\r\n\r\n", HeadRefusal::too_large},
    {with_fields("X: " + std::string(17000, 'a') + "\r\n"), HeadRefusal::too_large},
};

TEST(HeadGuard, PassesAPlainHeadAndSaysHowTheBodyIsFramed) {
    HeadGuard one;
    EXPECT_EQ(one.feed(view_bytes(plain + "body body bo")), (GuardResult{Verdict::ok, plain.size(), {}}));
    EXPECT_EQ(one.content_length(), 12U);
    EXPECT_FALSE(one.chunked());
    HeadGuard two;
    EXPECT_EQ(two.feed(view_bytes(with_fields("Transfer-Encoding: Chunked \r\n"))).verdict, Verdict::ok);
    EXPECT_TRUE(two.chunked());
    EXPECT_FALSE(two.content_length().has_value());
    EXPECT_EQ(guard(with_fields("")).verdict, Verdict::ok);
    EXPECT_EQ(guard("GET / HTTP/1.1\r\nHost: [::1]:80\r\nX:\r\nY: \t a b\t\r\nContent-Length: 0\r\n\r\n").verdict, Verdict::ok);
}

TEST(HeadGuard, RefusesEachThingThatTwoParsersCouldReadDifferently) {
    for (const auto& bad : bad_heads) {
        const auto result = guard(bad.head);
        EXPECT_EQ(result.verdict, Verdict::refuse) << bad.head.substr(0, 200);
        EXPECT_EQ(to_string(result.reason), to_string(bad.reason)) << bad.head.substr(0, 200);
    }
}

TEST(HeadGuard, HasATestForEveryReason) {
    std::set<HeadRefusal> seen;
    for (const auto& bad : bad_heads) seen.insert(bad.reason);
    for (int i = 0; i <= static_cast<int>(HeadRefusal::both_lengths); ++i) EXPECT_TRUE(seen.contains(static_cast<HeadRefusal>(i))) << i;
}

TEST(HeadGuard, AnswersTheSameHoweverTheInputIsCut) {
    auto heads = bad_heads;
    heads.push_back({plain + "body", {}});
    heads.push_back({plain.substr(0, plain.size() - 1), {}});
    for (const auto& [head, reason] : heads) {
        const auto whole = guard(head);
        const std::size_t step = head.size() > 1000 ? 97 : 1;
        for (std::size_t cut = 0; cut <= head.size(); cut += step) {
            HeadGuard two;
            static_cast<void>(two.feed(view_bytes(head.substr(0, cut))));
            EXPECT_EQ(two.feed(view_bytes(head.substr(cut))), whole) << "cut at " << cut << " of " << head.substr(0, 100);
        }
        HeadGuard bytes;
        GuardResult last;
        for (const auto byte : view_bytes(head)) last = bytes.feed({&byte, 1});
        EXPECT_EQ(last, whole);
    }
}

TEST(HeadGuard, AsksForMoreUntilTheEmptyLine) {
    for (std::size_t size = 0; size < plain.size(); ++size) EXPECT_EQ(guard(plain.substr(0, size)).verdict, Verdict::need_more);
    EXPECT_EQ(guard(plain).verdict, Verdict::ok);
}

TEST(HeadGuard, KeepsToItsLimits) {
    const auto head = with_fields("X: " + std::string(100, 'a') + "\r\n");
    EXPECT_EQ(guard_head(view_bytes(head), {.max_bytes = head.size()}).verdict, Verdict::ok);
    EXPECT_EQ(guard_head(view_bytes(head), {.max_bytes = head.size() - 1}).reason, HeadRefusal::too_large);
    EXPECT_EQ(guard_head(view_bytes(head), {.max_fields = 2}).verdict, Verdict::ok);
    EXPECT_EQ(guard_head(view_bytes(head), {.max_fields = 1}).reason, HeadRefusal::too_large);
    // Endless input without a single line end is refused as soon as it is over.
    EXPECT_EQ(guard(std::string(16U << 10U, 'G')).verdict, Verdict::refuse);
}

TEST(HeadGuard, KeepsItsVerdict) {
    HeadGuard refused;
    static_cast<void>(refused.feed(view_bytes("get / HTTP/1.1\r\n")));
    EXPECT_EQ(refused.feed(view_bytes(plain)).reason, HeadRefusal::bad_method);
    HeadGuard passed;
    static_cast<void>(passed.feed(view_bytes(plain)));
    EXPECT_EQ(passed.feed(view_bytes("\n\n\n")), (GuardResult{Verdict::ok, plain.size(), {}}));
}

}  // namespace
}  // namespace cg::wire
