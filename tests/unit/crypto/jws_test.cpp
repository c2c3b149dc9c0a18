#include "crypto/jws.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace {

using cg::Base64;
using cg::Bytes;
using cg::Errc;
using cg::Json;
using cg::crypto::JwsHeader;
using cg::crypto::SignatureAlg;
using cg::crypto::SigningKey;

auto key_of(SignatureAlg alg) -> const SigningKey& {
    static const SigningKey ed25519 = SigningKey::generate(SignatureAlg::ed25519);
    static const SigningKey es256 = SigningKey::generate(SignatureAlg::es256);
    return alg == SignatureAlg::ed25519 ? ed25519 : es256;
}

auto b64(std::string_view text) -> std::string { return cg::to_base64(cg::view_bytes(text), Base64::url); }

/// A JWS whose protected header is this text, signed with the Ed25519 key whatever the header says.
auto with_header(std::string_view header, std::string_view payload = "p") -> Json {
    const auto input = b64(header) + "." + b64(payload);
    const auto signature = key_of(SignatureAlg::ed25519).sign(cg::view_bytes(input));
    return Json::object({{"payload", b64(payload)}, {"protected", b64(header)}, {"signature", cg::to_base64(signature, Base64::url)}});
}

auto good() -> Json { return with_header(R"({"alg":"EdDSA","typ":"minutes+jws"})"); }

auto code_of(const Json& jws) -> Errc {
    const auto result = cg::crypto::parse_jws(jws);
    EXPECT_TRUE(result.has_error()) << cg::to_jcs(jws);
    return result.has_error() ? result.error().code : Errc{};
}

class Jws : public ::testing::TestWithParam<SignatureAlg> {
protected:
    const SigningKey& key = key_of(GetParam());
};

INSTANTIATE_TEST_SUITE_P(BothKinds, Jws, ::testing::Values(SignatureAlg::ed25519, SignatureAlg::es256),
                         [](const auto& which) { return which.param == SignatureAlg::ed25519 ? "EdDSA" : "ES256"; });

TEST_P(Jws, OpensWhatItSigned) {
    EXPECT_TRUE(rc::check([this](const Bytes& payload) {
        const auto jws = cg::crypto::sign_jws(key, {.typ = "minutes+jws", .x5t_s256 = {}, .kid = ""}, payload);
        RC_ASSERT(cg::crypto::open_jws(jws, "minutes+jws", key.verify_key()).value() == payload);
    }));
}

TEST_P(Jws, CarriesItsHeader) {
    const auto thumbprint = cg::crypto::sha256(std::string_view{"a certificate"});
    const auto jws = cg::crypto::sign_jws(key, {.typ = "t", .x5t_s256 = thumbprint, .kid = "k1"}, {});
    const auto parsed = cg::crypto::parse_jws(jws).value();
    ASSERT_EQ(parsed.signatures.size(), 1U);
    EXPECT_EQ(parsed.signatures[0].alg, GetParam());
    EXPECT_EQ(parsed.signatures[0].header.typ, "t");
    EXPECT_EQ(parsed.signatures[0].header.kid, "k1");
    EXPECT_EQ(parsed.signatures[0].header.x5t_s256, thumbprint);
    const auto bare = cg::crypto::parse_jws(cg::crypto::sign_jws(key, {}, {})).value();
    EXPECT_EQ(bare.signatures[0].header.kid, "");
    EXPECT_FALSE(bare.signatures[0].header.x5t_s256.has_value());
}

TEST_P(Jws, FailsWhenAnyByteIsAltered) {
    const auto jws = cg::crypto::sign_jws(key, {.typ = "minutes+jws", .x5t_s256 = {}, .kid = "k"}, cg::view_bytes("the minutes"));
    const auto text = cg::to_jcs(jws);
    for (std::size_t i = 0; i < text.size(); ++i) {
        for (const char c : {'A', 'b', '_', '"', ' ', '='}) {
            if (text[i] == c) continue;
            auto bad = text;
            bad[i] = c;
            const auto json = cg::parse_json(bad);
            if (json.has_error()) continue;
            ASSERT_TRUE(cg::crypto::open_jws(json.value(), "minutes+jws", key.verify_key()).has_error()) << i << " " << c;
        }
    }
}

TEST_P(Jws, IsRefusedByAnotherKeyOfItsKindAndByAKeyOfTheOtherKind) {
    const auto jws = cg::crypto::sign_jws(key, {.typ = "t", .x5t_s256 = {}, .kid = ""}, cg::view_bytes("x"));
    EXPECT_EQ(cg::crypto::open_jws(jws, "t", SigningKey::generate(GetParam()).verify_key()).error().code, Errc::unauthenticated);
    const auto other = GetParam() == SignatureAlg::ed25519 ? SignatureAlg::es256 : SignatureAlg::ed25519;
    EXPECT_EQ(cg::crypto::open_jws(jws, "t", key_of(other).verify_key()).error().code, Errc::unauthenticated);
}

TEST_P(Jws, IsRefusedAsAnotherTypeOfDocument) {
    const auto jws = cg::crypto::sign_jws(key, {.typ = "receipt+jws", .x5t_s256 = {}, .kid = ""}, cg::view_bytes("x"));
    for (const auto* typ : {"", "view+jws", "Receipt+jws", "receipt+jws "})
        EXPECT_EQ(cg::crypto::open_jws(jws, typ, key.verify_key()).error().code, Errc::unauthenticated) << typ;
}

TEST_P(Jws, CannotBePutTogetherFromTwo) {
    const auto a = cg::crypto::sign_jws(key, {.typ = "t", .x5t_s256 = {}, .kid = ""}, cg::view_bytes("a"));
    const auto b = cg::crypto::sign_jws(key, {.typ = "t", .x5t_s256 = {}, .kid = ""}, cg::view_bytes("b"));
    auto mixed = a;
    mixed.set("payload", b["payload"]);
    EXPECT_EQ(cg::crypto::open_jws(mixed, "t", key.verify_key()).error().code, Errc::unauthenticated);
    mixed = a;
    mixed.set("signature", b["signature"]);
    EXPECT_EQ(cg::crypto::open_jws(mixed, "t", key.verify_key()).error().code, Errc::unauthenticated);
}

TEST(JwsGeneral, HoldsSeveralSignaturesOverOnePayload) {
    auto jws = cg::crypto::general_jws(cg::view_bytes("agreed"));
    cg::crypto::add_signature(jws, key_of(SignatureAlg::ed25519), {.typ = "pack+jws", .x5t_s256 = {}, .kid = "first"});
    cg::crypto::add_signature(jws, key_of(SignatureAlg::es256), {.typ = "pack+jws", .x5t_s256 = {}, .kid = "second"});
    const auto parsed = cg::crypto::parse_jws(cg::parse_json(cg::to_jcs(jws)).value()).value();
    ASSERT_EQ(parsed.signatures.size(), 2U);
    EXPECT_EQ(parsed.payload, cg::to_bytes("agreed"));
    EXPECT_EQ(parsed.signatures[1].header.kid, "second");
    EXPECT_TRUE(parsed.signatures[0].verifies(key_of(SignatureAlg::ed25519).verify_key()));
    EXPECT_TRUE(parsed.signatures[1].verifies(key_of(SignatureAlg::es256).verify_key()));
    EXPECT_FALSE(parsed.signatures[0].verifies(key_of(SignatureAlg::es256).verify_key()));
    EXPECT_EQ(cg::crypto::open_jws(jws, "pack+jws", key_of(SignatureAlg::ed25519).verify_key()).error().code, Errc::malformed)
        << "one of two signatures is not the one signature";
}

TEST(JwsGeneral, NeedsFromOneToSixteenSignatures) {
    auto jws = cg::crypto::general_jws({});
    EXPECT_EQ(code_of(jws), Errc::malformed);
    for (int i = 0; i < 16; ++i) cg::crypto::add_signature(jws, key_of(SignatureAlg::ed25519), {});
    EXPECT_TRUE(cg::crypto::parse_jws(jws).has_value());
    cg::crypto::add_signature(jws, key_of(SignatureAlg::ed25519), {});
    EXPECT_EQ(code_of(jws), Errc::malformed);
}

TEST(JwsStrict, TakesTheGoodOneThatTheOthersAreMadeFrom) {
    EXPECT_TRUE(cg::crypto::open_jws(good(), "minutes+jws", key_of(SignatureAlg::ed25519).verify_key()).has_value());
}

TEST(JwsStrict, RefusesHeadersThatBringTheirOwnKeyOrMeaning) {
    for (const auto* member :
         {R"("jku":"https://keys.example")", R"("x5u":"https://keys.example")", R"("jwk":{"kty":"OKP"})", R"("x5c":["MII="])",
          R"("crit":["exp"])", R"("crit":[])", R"("b64":false)", R"("b64":true)", R"("x5t":"c2hhMQ")", R"("cty":"json")",
          R"("zip":"DEF")", R"("enc":"A256GCM")", R"("iat":1)", R"("Typ":"t")"})
        EXPECT_EQ(code_of(with_header(std::string{R"({"alg":"EdDSA",)"} + member + "}")), Errc::malformed) << member;
}

TEST(JwsStrict, RefusesOtherAlgorithms) {
    for (const auto* alg : {"none", "None", "", "HS256", "RS256", "ES256K", "ES384", "Ed448", "eddsa", "EdDSA "})
        EXPECT_EQ(code_of(with_header(std::string{R"({"alg":")"} + alg + "\"}")), Errc::unsupported) << alg;
    for (const auto* header : {"{}", R"({"alg":1})", R"({"alg":null})", R"({"alg":["EdDSA"]})", R"({"typ":"t"})"})
        EXPECT_EQ(code_of(with_header(header)), Errc::malformed) << header;
}

TEST(JwsStrict, RefusesHeadersOfTheWrongKind) {
    for (const auto* header :
         {R"({"alg":"EdDSA","typ":1})", R"({"alg":"EdDSA","typ":""})", R"({"alg":"EdDSA","kid":""})", R"({"alg":"EdDSA","kid":null})",
          R"({"alg":"EdDSA","x5t#S256":"c2hvcnQ"})", R"({"alg":"EdDSA","x5t#S256":null})",
          R"({"alg":"EdDSA","alg":"EdDSA"})", R"({"alg":"EdDSA","\u0061lg":"none"})", R"(["EdDSA"])", R"("EdDSA")", "null", "",
          R"({"alg":"EdDSA"} x)", R"({"alg":"EdDSA")"})
        EXPECT_EQ(code_of(with_header(header)), Errc::malformed) << header;
    EXPECT_EQ(code_of(with_header(R"({"alg":"EdDSA","kid":")" + std::string(257, 'k') + "\"}")), Errc::malformed);
    EXPECT_EQ(code_of(with_header(R"({"alg":"EdDSA"})" + std::string(5000, ' '))), Errc::malformed);
}

TEST(JwsStrict, RefusesAnUnprotectedHeader) {
    auto jws = good();
    jws.set("header", Json::object({{"kid", "x"}}));
    EXPECT_EQ(code_of(jws), Errc::malformed);
    auto general = cg::crypto::general_jws({});
    cg::crypto::add_signature(general, key_of(SignatureAlg::ed25519), {});
    general.find("signatures")->if_array()->front().set("header", Json::object());
    EXPECT_EQ(code_of(general), Errc::malformed);
}

TEST(JwsStrict, RefusesMissingExtraAndMixedMembers) {
    for (const auto* name : {"payload", "protected", "signature"}) {
        auto jws = good();
        jws.erase(name);
        EXPECT_EQ(code_of(jws), Errc::malformed) << name;
        jws.set("signatures", Json::array());
        EXPECT_EQ(code_of(jws), Errc::malformed) << name;
        for (const auto& other : {Json{}, Json{1}, Json{true}, Json::array(), Json::object()}) {
            jws = good();
            jws.set(name, other);
            EXPECT_EQ(code_of(jws), Errc::malformed) << name;
        }
    }
    auto jws = good();
    jws.set("signatures", Json::array({good()}));
    EXPECT_EQ(code_of(jws), Errc::malformed);
    for (const auto& other : {Json{}, Json{"a.b.c"}, Json::array(), Json::object()}) EXPECT_EQ(code_of(other), Errc::malformed);
    auto general = cg::crypto::general_jws({});
    for (const auto& item : {Json{}, Json{"x"}, Json::object(), good()}) {
        general.set("signatures", Json::array({item}));
        EXPECT_EQ(code_of(general), Errc::malformed);
    }
}

TEST(JwsStrict, RefusesASecondSpellingOfAnyPart) {
    for (const auto* name : {"payload", "protected", "signature"}) {
        for (const auto* tail : {"=", "==", "\n", " ", "A", "+", "/"}) {
            auto jws = good();
            jws.set(name, std::string{jws[name].text()} + tail);
            EXPECT_TRUE(cg::crypto::open_jws(jws, "minutes+jws", key_of(SignatureAlg::ed25519).verify_key()).has_error()) << name << tail;
        }
    }
    auto jws = good();  // a payload of one byte has four stray bits
    auto payload = std::string{jws["payload"].text()};
    payload.back() = static_cast<char>(payload.back() + 1);
    jws.set("payload", payload);
    EXPECT_EQ(code_of(jws), Errc::malformed);
}

TEST(JwsStrict, RefusesASignatureOfAnotherLength) {
    for (const std::size_t size : {0U, 1U, 63U, 65U, 128U}) {
        auto jws = good();
        jws.set("signature", cg::to_base64(Bytes(size, 7), Base64::url));
        EXPECT_EQ(code_of(jws), Errc::malformed) << size;
    }
}

TEST(JwsVectors, TakesTheEd25519ExampleOfRfc8037) {
    // RFC 8037 appendix A.4, in the flattened form.
    const auto key = cg::crypto::VerifyKey::from_ed25519(cg::from_base64("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo", Base64::url).value());
    const auto jws = Json::object({{"payload", "RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc"}, {"protected", "eyJhbGciOiJFZERTQSJ9"},
        {"signature", "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"}});
    EXPECT_EQ(cg::crypto::open_jws(jws, "", key.value()).value(), cg::to_bytes("Example of Ed25519 signing"));
}

TEST(JwsVectors, TakesTheEs256ExampleOfRfc7515) {
    // RFC 7515 appendix A.3: the key's coordinates, then the JWS.
    auto spki = cg::from_hex("3059301306072a8648ce3d020106082a8648ce3d03010703420004").value();
    for (const auto* text : {"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}) {
        const auto coordinate = cg::from_base64(text, Base64::url).value();
        spki.insert(spki.end(), coordinate.begin(), coordinate.end());
    }
    const auto key = cg::crypto::VerifyKey::from_spki(spki).value();
    const auto jws = Json::object({{"payload", "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"},
        {"protected", "eyJhbGciOiJFUzI1NiJ9"},
        {"signature", "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"}});
    EXPECT_TRUE(cg::crypto::open_jws(jws, "", key).has_value());
}

}  // namespace
