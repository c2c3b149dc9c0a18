// The signatures of a descriptor.

#include "certs/descriptor.hpp"

#include <algorithm>

namespace cg::certs {
namespace {

constexpr std::size_t max_descriptor_bytes = 512U << 10U;

auto bad_signature(std::string_view whose) {
    const std::string type = "directory/" + std::string{whose} + "-signature";
    return fail(Errc::unauthenticated, type, {Problem{type, "", "have the descriptor signed by its agency and by the registrar", ""}});
}

struct Opened {
    Descriptor descriptor;
    std::vector<crypto::JwsSignature> registrar;  ///< not yet checked
};

auto is_registrar(const crypto::JwsSignature& signature) -> bool {
    return signature.header.kid == registrar_kid && !signature.header.x5t_s256;
}

/// The descriptor, and that exactly one signature by one of its own certificates is there and good.
auto open_agency_part(const Json& jws) -> Result<Opened> {
    CG_TRY(auto parsed, crypto::parse_jws(jws));
    if (jws.find("signatures") == nullptr) return bad_signature("registrar");
    for (const auto& signature : parsed.signatures)
        if (signature.header.typ != descriptor_typ) return bad_signature("agency");
    CG_TRY(const auto json, parse_json(parsed.payload, {.max_bytes = max_descriptor_bytes, .max_depth = 16}));
    if (to_jcs(json) != view_text(parsed.payload))
        return fail(Errc::malformed, "descriptor refused",
                    {Problem{"format/not-canonical", "", "write the payload in the form of RFC 8785", ""}});
    Opened out;
    CG_TRY(out.descriptor, descriptor_from_json(json));
    // The iterator form: Clang 14 does not take what the range form returns.
    const auto others = std::stable_partition(parsed.signatures.begin(), parsed.signatures.end(), is_registrar);
    if (std::distance(others, parsed.signatures.end()) != 1) return bad_signature("agency");
    const auto& own = *others;
    const auto named = std::ranges::find_if(out.descriptor.signing, [&own](const Certificate& certificate) {
        return own.header.x5t_s256 && certificate.sha256 == *own.header.x5t_s256;
    });
    if (named == out.descriptor.signing.end() || !own.header.kid.empty() || !own.verifies(named->key)) return bad_signature("agency");
    out.registrar.assign(parsed.signatures.begin(), others);
    return out;
}

}  // namespace

auto sign_descriptor(const Descriptor& descriptor, const crypto::SigningKey& key, const crypto::Digest& certificate_sha256)
    -> Result<Json> {
    const Json json = to_json(descriptor);
    CG_TRY(const auto checked, descriptor_from_json(json));
    const auto named = std::ranges::find(checked.signing, certificate_sha256, &Certificate::sha256);
    if (named == checked.signing.end() || named->key.spki() != key.verify_key().spki())
        return fail(Errc::malformed, "the signing key is not that of a certificate in the descriptor");
    Json jws = crypto::general_jws(view_bytes(to_jcs(json)));
    crypto::add_signature(jws, key, {std::string{descriptor_typ}, certificate_sha256, ""});
    return jws;
}

auto open_unregistered(const Json& jws) -> Result<Descriptor> {
    CG_TRY(auto opened, open_agency_part(jws));
    return std::move(opened.descriptor);
}

auto register_descriptor(const Json& jws, const crypto::SigningKey& registrar) -> Result<Json> {
    CG_TRY(const auto opened, open_agency_part(jws));
    CG_TRY(const auto parsed, crypto::parse_jws(jws));
    Json out = jws;
    JsonArray& kept = *out.find("signatures")->if_array();
    for (std::size_t i = parsed.signatures.size(); i-- > 0;)
        if (is_registrar(parsed.signatures[i])) kept.erase(kept.begin() + static_cast<std::ptrdiff_t>(i));
    crypto::add_signature(out, registrar, {std::string{descriptor_typ}, {}, std::string{registrar_kid}});
    return out;
}

auto open_descriptor(const Json& jws, const crypto::VerifyKey& registrar) -> Result<Descriptor> {
    CG_TRY(auto opened, open_agency_part(jws));
    if (opened.registrar.size() != 1 || !opened.registrar.front().verifies(registrar)) return bad_signature("registrar");
    return std::move(opened.descriptor);
}

}  // namespace cg::certs
