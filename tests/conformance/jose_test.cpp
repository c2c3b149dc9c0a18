// npm jose verifies our JWS, and we verify its.
#include "crypto/jws.hpp"
#include "tests/oracles/oracle.hpp"

#include <gtest/gtest.h>

namespace cg::crypto {
namespace {

constexpr SignatureAlg algs[]{SignatureAlg::ed25519, SignatureAlg::es256};
auto name_of(SignatureAlg alg) -> const char* { return alg == SignatureAlg::ed25519 ? "EdDSA" : "ES256"; }

/// Asks jose; the answer is an array with one item for each asked.
auto ask(const char* verb, const Json& asked) -> Json {
    const auto out = oracle::run("jose.mjs", {verb}, view_bytes(to_jcs(asked)));
    EXPECT_TRUE(out.has_value()) << (out.has_error() ? out.error().detail : "");
    if (out.has_error()) return Json::array();
    const auto json = parse_json(ByteView{out.value()});
    EXPECT_TRUE(json.has_value());
    return json.has_value() ? json.value() : Json::array();
}

auto question(Json jws, const VerifyKey& key) -> Json {
    return Json::object({{"jws", std::move(jws)}, {"spki", to_base64(key.spki(), Base64::standard)}, {"alg", name_of(key.alg())}});
}

TEST(JoseConformance, JoseVerifiesWhatWeSign) {
    Json asked = Json::array();
    std::vector<Bytes> payloads;
    for (const auto alg : algs) {
        for (const std::size_t size : {0U, 1U, 2U, 3U, 100U, 6000U}) {
            const auto key = SigningKey::generate(alg);
            payloads.push_back(random_bytes(size));
            const JwsHeader header{.typ = "minutes+jws", .x5t_s256 = sha256(ByteView{payloads.back()}), .kid = "k1"};
            asked.push(question(sign_jws(key, header, payloads.back()), key.verify_key()));
            auto general = general_jws(payloads.back());
            add_signature(general, key, header);
            asked.push(question(general, key.verify_key()));
            payloads.push_back(payloads.back());
        }
    }
    const auto answers = ask("verify", asked);
    ASSERT_EQ(answers.size(), payloads.size());
    for (std::size_t i = 0; i < payloads.size(); ++i) {
        const auto& answer = (*answers.if_array())[i];
        ASSERT_EQ(answer.find("refused"), nullptr) << answer["refused"].text();
        EXPECT_EQ(answer["payload"].text(), to_base64(payloads[i], Base64::standard));
        EXPECT_EQ(answer["header"]["typ"].text(), "minutes+jws");
        EXPECT_EQ(answer["header"]["x5t#S256"].text(), to_base64(sha256(ByteView{payloads[i]}), Base64::url));
    }
}

TEST(JoseConformance, JoseRefusesWhatWeSignedAndSomebodyAltered) {
    Json asked = Json::array();
    for (const auto alg : algs) {
        const auto key = SigningKey::generate(alg);
        const auto good = sign_jws(key, {.typ = "t", .x5t_s256 = {}, .kid = ""}, view_bytes("as agreed"));
        auto bad = good;
        bad.set("payload", to_base64(view_bytes("as denied"), Base64::url));
        asked.push(question(bad, key.verify_key()));
        asked.push(question(good, SigningKey::generate(alg).verify_key()));
    }
    const auto answers = ask("verify", asked);
    ASSERT_EQ(answers.size(), 4U);
    for (const auto& answer : *answers.if_array()) EXPECT_NE(answer.find("refused"), nullptr);
}

TEST(JoseConformance, WeVerifyWhatJoseSigns) {
    Json asked = Json::array();
    std::vector<Bytes> payloads;
    for (const auto alg : algs) {
        for (const std::size_t size : {0U, 1U, 2U, 3U, 100U, 6000U}) {
            payloads.push_back(random_bytes(size));
            asked.push(Json::object({{"alg", name_of(alg)}, {"typ", "minutes+jws"}, {"payload", to_base64(payloads.back(), Base64::standard)}}));
        }
    }
    const auto answers = ask("sign", asked);
    ASSERT_EQ(answers.size(), payloads.size());
    for (std::size_t i = 0; i < payloads.size(); ++i) {
        const auto& answer = (*answers.if_array())[i];
        const auto key = VerifyKey::from_spki(from_base64(answer["spki"].text(), Base64::standard).value());
        ASSERT_TRUE(key.has_value());
        for (const auto* form : {"jws", "general"}) {
            const auto opened = open_jws(answer[form], "minutes+jws", key.value());
            ASSERT_TRUE(opened.has_value()) << opened.error().detail;
            EXPECT_EQ(opened.value(), payloads[i]);
            auto bad = answer[form];
            bad.set("payload", to_base64(view_bytes("another"), Base64::url));
            EXPECT_EQ(open_jws(bad, "minutes+jws", key.value()).error().code, Errc::unauthenticated);
        }
    }
}

}  // namespace
}  // namespace cg::crypto
