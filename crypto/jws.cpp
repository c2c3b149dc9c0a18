#include "crypto/jws.hpp"

#include <algorithm>
#include <array>

namespace cg::crypto {
namespace {

constexpr std::size_t max_header_chars = 4096;
constexpr std::size_t max_header_text = 256;
constexpr std::size_t max_signatures = 16;
constexpr std::size_t signature_bytes = 64;

auto alg_name(SignatureAlg alg) -> std::string_view { return alg == SignatureAlg::ed25519 ? "EdDSA" : "ES256"; }

auto protected_header(SignatureAlg alg, const JwsHeader& header) -> std::string {
    Json json = Json::object({{"alg", alg_name(alg)}});
    if (!header.typ.empty()) json.set("typ", header.typ);
    if (!header.kid.empty()) json.set("kid", header.kid);
    if (header.x5t_s256) json.set("x5t#S256", to_base64(*header.x5t_s256, Base64::url));
    return to_base64(view_bytes(to_jcs(json)), Base64::url);
}

struct Signed {
    std::string protected_part;
    std::string signature;
};

auto sign(const SigningKey& key, const JwsHeader& header, std::string_view payload_part) -> Signed {
    auto protected_part = protected_header(key.alg(), header);
    std::string input = protected_part + ".";
    input += payload_part;
    return {std::move(protected_part), to_base64(key.sign(view_bytes(input)), Base64::url)};
}

auto malformed(std::string detail) { return fail(Errc::malformed, "JWS refused: " + std::move(detail)); }

/// Exactly these members, in any order. (The JSON parser lets no name stand twice.)
template <std::size_t N>
auto has_exactly(const Json& json, const std::array<std::string_view, N>& names) -> bool {
    return json.is_object() && json.size() == N &&
           std::ranges::all_of(names, [&json](auto name) { return json.find(name) != nullptr; });
}

auto header_text(const Json& value) -> Result<std::string> {
    if (value.text().empty() || value.text().size() > max_header_text)
        return malformed("a header is not a text of sensible length");
    return std::string{value.text()};
}

auto parse_thumbprint(const Json& value) -> Result<Digest> {
    const auto bytes = from_base64(value.text(), Base64::url);
    Digest out{};
    if (bytes.has_error() || bytes.value().size() != out.size()) return malformed("x5t#S256 is not a SHA-256 thumbprint");
    std::ranges::copy(bytes.value(), out.begin());
    return out;
}

auto parse_alg(const Json& header) -> Result<SignatureAlg> {
    const auto* alg = header.find("alg");
    if (alg == nullptr || !alg->is_string()) return malformed("it has no alg");
    for (const auto known : {SignatureAlg::ed25519, SignatureAlg::es256})
        if (alg->text() == alg_name(known)) return known;
    return fail(Errc::unsupported, "JWS refused: alg is neither EdDSA nor ES256");
}

/// Whatever is not known is refused: a header that we pass over could change what the signature means to another reader.
auto parse_header(const Json& json, JwsSignature& out) -> Result<> {
    if (!json.is_object()) return malformed("the protected header is not an object");
    CG_TRY(out.alg, parse_alg(json));
    for (const auto& [name, value] : *json.if_object()) {
        if (name == "alg") continue;
        if (name == "typ") {
            CG_TRY(out.header.typ, header_text(value));
        } else if (name == "kid") {
            CG_TRY(out.header.kid, header_text(value));
        } else if (name == "x5t#S256") {
            CG_TRY(out.header.x5t_s256, parse_thumbprint(value));
        } else {
            return malformed("the protected header has a member other than alg, typ, kid and x5t#S256");
        }
    }
    return ok();
}

auto parse_signature(const Json& protected_part, const Json& signature, std::string_view payload_part)
    -> Result<JwsSignature> {
    if (!protected_part.is_string() || !signature.is_string() || protected_part.text().size() > max_header_chars)
        return malformed("protected and signature are not texts of sensible length");
    const auto header = from_base64(protected_part.text(), Base64::url);
    auto bytes = from_base64(signature.text(), Base64::url);
    if (header.has_error() || bytes.has_error()) return malformed("a part is not canonical base64url");
    if (bytes.value().size() != signature_bytes) return malformed("the signature does not have 64 bytes");
    const auto json = parse_json(ByteView{header.value()});
    if (json.has_error()) return malformed("the protected header is not I-JSON");
    JwsSignature out;
    CG_TRY(parse_header(json.value(), out));
    out.signing_input.append(protected_part.text()).append(".").append(payload_part);
    out.signature = std::move(bytes).value();
    return out;
}

constexpr std::array<std::string_view, 3> flattened_members{"payload", "protected", "signature"};
constexpr std::array<std::string_view, 2> general_members{"payload", "signatures"};
constexpr std::array<std::string_view, 2> signature_members{"protected", "signature"};

auto parse_signatures(const Json& list, std::string_view payload_part, Jws& out) -> Result<> {
    const auto* items = list.if_array();
    if (items == nullptr || items->empty() || items->size() > max_signatures)
        return malformed("signatures is not a list of 1 to 16");
    for (const auto& item : *items) {
        if (!has_exactly(item, signature_members)) return malformed("a signature has other members than it should");
        CG_TRY(auto signature, parse_signature(item["protected"], item["signature"], payload_part));
        out.signatures.push_back(std::move(signature));
    }
    return ok();
}

}  // namespace

auto JwsSignature::verifies(const VerifyKey& key) const -> bool {
    // The key decides which algorithm it is used with, never the message (RFC 8725 section 3.1).
    return key.alg() == alg && key.verifies(view_bytes(signing_input), signature);
}

auto sign_jws(const SigningKey& key, const JwsHeader& header, ByteView payload) -> Json {
    auto payload_part = to_base64(payload, Base64::url);
    auto part = sign(key, header, payload_part);
    return Json::object({{"payload", std::move(payload_part)},
                         {"protected", std::move(part.protected_part)},
                         {"signature", std::move(part.signature)}});
}

auto general_jws(ByteView payload) -> Json {
    return Json::object({{"payload", to_base64(payload, Base64::url)}, {"signatures", Json::array()}});
}

void add_signature(Json& jws, const SigningKey& key, const JwsHeader& header) {
    auto* signatures = jws.find("signatures");
    CG_ENSURE(signatures != nullptr && signatures->is_array() && jws["payload"].is_string());
    auto part = sign(key, header, jws["payload"].text());
    signatures->push(Json::object(
        {{"protected", std::move(part.protected_part)}, {"signature", std::move(part.signature)}}));
}

auto parse_jws(const Json& jws) -> Result<Jws> {
    const bool flattened = has_exactly(jws, flattened_members);
    if (!flattened && !has_exactly(jws, general_members))
        return malformed("it is neither the flattened nor the general form, or has further members");
    const auto& payload = jws["payload"];
    auto bytes = from_base64(payload.text(), Base64::url);
    if (!payload.is_string() || bytes.has_error()) return malformed("the payload is not canonical base64url");
    Jws out;
    if (flattened) {
        CG_TRY(auto signature, parse_signature(jws["protected"], jws["signature"], payload.text()));
        out.signatures.push_back(std::move(signature));
    } else {
        CG_TRY(parse_signatures(jws["signatures"], payload.text(), out));
    }
    out.payload = std::move(bytes).value();
    return out;
}

auto open_jws(const Json& jws, std::string_view typ, const VerifyKey& key) -> Result<Bytes> {
    CG_TRY(auto parsed, parse_jws(jws));
    if (parsed.signatures.size() != 1) return malformed("it has not exactly one signature");
    const auto& signature = parsed.signatures.front();
    if (signature.header.typ != typ)
        return fail(Errc::unauthenticated, "JWS refused: it was signed as another type of document");
    if (!signature.verifies(key)) return fail(Errc::unauthenticated, "JWS refused: its signature does not fit the key");
    return std::move(parsed.payload);
}

}  // namespace cg::crypto
