// Directory descriptors: whatever is accepted is written in exactly one way, and nothing unsigned is believed.
#include "certs/descriptor.hpp"

#include <cstdlib>

namespace {

void must(bool holds) {
    if (!holds) std::abort();
}

auto registrar() -> const cg::crypto::VerifyKey& {
    static const auto key = cg::crypto::SigningKey::generate(cg::crypto::SignatureAlg::ed25519).verify_key();
    return key;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto json = cg::parse_json(cg::ByteView{data, size});
    if (json.has_error()) return 0;
    const auto descriptor = cg::certs::descriptor_from_json(json.value());
    if (descriptor.has_value()) must(cg::to_jcs(cg::certs::to_json(descriptor.value())) == cg::to_jcs(json.value()));
    // A fresh registrar's key signed none of this.
    must(cg::certs::open_descriptor(json.value(), registrar()).has_error());
    static_cast<void>(cg::certs::open_unregistered(json.value()));
    return 0;
}
