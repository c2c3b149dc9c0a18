#include "gateway/wire/signed.hpp"

namespace cg::wire {

auto parse_canonical(ByteView untrusted, std::size_t max_bytes) -> Result<Json> {
    CG_TRY(auto json, parse_json(untrusted, {.max_bytes = max_bytes, .max_depth = 48}));  // a case may be 32 deep, and is wrapped
    if (to_jcs(json) == view_text(untrusted)) return json;
    return fail(refuse("payload not canonical", {{"format/not-canonical", "", "write the payload in the form of RFC 8785", ""}}));
}

auto read_signed(const Json& jws, std::string_view typ) -> Result<SignedPayload> {
    CG_TRY(auto parsed, crypto::parse_jws(jws));
    const auto header_problem = [](std::string fix) {
        return fail(refuse("JWS header refused", {{"format/jws-header", "/protected", std::move(fix), ""}}));
    };
    if (jws.find("signatures") != nullptr || parsed.signatures.size() != 1)
        return fail(refuse("JWS form refused", {{"format/jws-form", "", "send the flattened form, with one signature", ""}}));
    auto& signature = parsed.signatures.front();
    if (signature.header.typ != typ) return header_problem("set typ to " + std::string{typ});
    if (!signature.header.x5t_s256) return header_problem("name the signing certificate with x5t#S256");
    if (!signature.header.kid.empty()) return header_problem("leave out kid");
    const auto certificate = *signature.header.x5t_s256;
    return SignedPayload{std::move(parsed.payload), certificate, std::move(signature)};
}

auto refuse(std::string what, std::vector<Problem> problems) -> Error {
    return Error{Errc::malformed, std::move(what), std::move(problems)};
}

}  // namespace cg::wire
