// Who gets in: each refusal has its name in our log, and is a plain alert on the wire.
#include "gateway/net/tls.hpp"

#include "gateway/net/office_client.hpp"
#include "tests/unit/net/support.hpp"

namespace cg::net {
namespace {

using namespace test;

auto only_eastmoor(const PeerCertificate& peer) -> std::string {
    return peer.uri == "casegate://eastmoor/gateway" ? "" : "wrong-agency";
}

/// What a client with this certificate sees at a listener for eastmoor: "" when it is served, else the alert.
auto seen_by_client(const std::string& certificate, int max_version = TLS1_3_VERSION) -> std::string {
    Runtime runtime{1};
    const auto server = start(runtime, tls_listener(server_context(only_eastmoor)));
    RawClient raw{server->port("test")};
    if (auto reason = raw.handshake(certificate, max_version); !reason.empty()) return reason;
    raw.write(get("/"));  // in TLS 1.3 the client is done before it is judged; it learns from its first read
    if (raw.read_until("\r\n\r\n").starts_with("HTTP/1.1 200")) return "";
    return raw.end_reason();
}

struct Case {
    const char* name;
    std::string (*certificate)();
    int max_version;
    const char* in_our_log;
    const char* on_the_wire;
};

class RefusedCertificate : public ::testing::TestWithParam<Case> {};

TEST_P(RefusedCertificate, IsNamedInOurLogAndAnAlertOnTheWire) {
    LogCapture log;
    const auto& c = GetParam();
    EXPECT_EQ(seen_by_client(c.certificate(), c.max_version), c.on_the_wire);
    EXPECT_TRUE(log.saw("\"event\":\"net.tls.refused\",\"listener\":\"test\",\"reason\":\"" + std::string{c.in_our_log} + '"'));
}

INSTANTIATE_TEST_SUITE_P(
    Tls, RefusedCertificate,
    ::testing::Values(
        Case{"TlsOneTwo", [] { return our_authority().issue("casegate://eastmoor/gateway"); }, TLS1_2_VERSION, "tls-version",
             "tlsv1 alert protocol version"},
        Case{"NoCertificate", [] { return std::string{}; }, TLS1_3_VERSION, "tls-missing", "tlsv13 alert certificate required"},
        Case{"AnotherAuthority", [] { return foreign_authority().issue("casegate://eastmoor/gateway"); }, TLS1_3_VERSION,
             "tls-unknown-ca", "tlsv1 alert unknown ca"},
        Case{"Expired", [] { return our_authority().issue("casegate://eastmoor/gateway", -3, -1); }, TLS1_3_VERSION, "tls-expired",
             "sslv3 alert certificate expired"},
        Case{"NotYetValid", [] { return our_authority().issue("casegate://eastmoor/gateway", 2, 3); }, TLS1_3_VERSION,
             "tls-not-yet-valid", "sslv3 alert bad certificate"},
        Case{"AnotherAgency", [] { return our_authority().issue("casegate://westhaven/gateway"); }, TLS1_3_VERSION,
             "tls-wrong-agency", "sslv3 alert bad certificate"},
        Case{"AnotherKind", [] { return our_authority().issue("casegate://eastmoor/system/registry"); }, TLS1_3_VERSION,
             "tls-wrong-agency", "sslv3 alert bad certificate"}),
    [](const auto& which) { return std::string{which.param.name}; });

TEST(TlsTest, TheRightCertificateIsServed) {
    EXPECT_EQ(seen_by_client(our_authority().issue("casegate://eastmoor/gateway")), "");
}

TEST(TlsTest, PlainHttpOnATlsPortIsNamed) {
    LogCapture log;
    Runtime runtime{1};
    const auto server = start(runtime, tls_listener(server_context()));
    RawClient raw{server->port("test")};
    ASSERT_TRUE(raw.write(get("/")));
    EXPECT_EQ(raw.read_all().find("HTTP/1.1"), std::string::npos);
    EXPECT_TRUE(log.saw("\"reason\":\"tls-not-spoken\""));
}

TEST(TlsTest, NoSessionIsResumed) {
    Runtime runtime{1};
    const auto server = start(runtime, tls_listener(server_context()));
    RawClient raw{server->port("test")};
    ASSERT_EQ(raw.handshake(our_authority().issue("casegate://eastmoor/gateway")), "");
    ASSERT_TRUE(raw.write(get("/")));
    ASSERT_NE(raw.read_until("GET /").find("200"), std::string::npos);
    EXPECT_FALSE(raw.resumable());
}

auto detail_of(const TlsOptions& options) -> std::string {
    const auto made = TlsContext::client(options);
    return made.has_error() ? made.error().detail : "";
}

TEST(TlsTest, FilesThatDoNotFitTogetherAreSaid) {
    const auto good = our_authority().issue("casegate://eastmoor/gateway");
    auto options = encrypted_options_for(good);
    EXPECT_EQ(detail_of(options), "");
    options = encrypted_options_for(good);
    options.passphrase = crypto::SecretBytes::copy_of(std::string_view{"wrong"});
    EXPECT_EQ(detail_of(options), "tls key: wrong passphrase or not a key");
    options = encrypted_options_for(good);
    options.passphrase = {};
    EXPECT_EQ(detail_of(options), "tls key: wrong passphrase or not a key");
    options = encrypted_options_for(good);
    options.key_pem = crypto::SecretBytes::copy_of(std::string_view{authority_key_pem()});
    EXPECT_EQ(detail_of(options), "tls key does not belong to the certificate");
    options = options_for("no certificate");
    EXPECT_EQ(detail_of(options), "tls certificate");
    options = encrypted_options_for(good);
    options.ca_pem.clear();
    EXPECT_EQ(detail_of(options), "tls authority");
    options = encrypted_options_for(good);
    options.ca_pem = good;
    EXPECT_EQ(detail_of(options), "tls authority") << "an end certificate is no authority";
}

}  // namespace
}  // namespace cg::net
