// parse_jws: what it accepts is spelt in the one way there is, and no input but the example of RFC 8037 fits its key.
#include "crypto/jws.hpp"

#include <cstdlib>

namespace {

void must(bool holds) {
    if (!holds) std::abort();
}

auto key() -> const cg::crypto::VerifyKey& {
    static const auto the_key =
        cg::crypto::VerifyKey::from_ed25519(
            cg::from_base64("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo", cg::Base64::url).value())
            .value();
    return the_key;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto json = cg::parse_json(cg::ByteView{data, size});
    if (json.has_error()) return 0;
    const auto jws = cg::crypto::parse_jws(json.value());
    if (jws.has_error()) return 0;
    const auto payload = cg::to_base64(jws.value().payload, cg::Base64::url);
    must(payload == json.value()["payload"].text());
    must(!jws.value().signatures.empty());
    for (const auto& signature : jws.value().signatures) {
        must(signature.signing_input.ends_with("." + payload));
        must(signature.signature.size() == 64);
        if (signature.verifies(key())) must(cg::view_text(jws.value().payload) == "Example of Ed25519 signing");
    }
    return 0;
}
