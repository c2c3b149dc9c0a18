// Routings: whatever is accepted prints to the very bytes that were read, as a payload and inside its signature.
#include "gateway/wire/routing.hpp"

#include <cstdlib>

namespace {

void must(bool holds) {
    if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const cg::ByteView input{data, size};
    const auto routing = cg::wire::parse_routing(input);
    if (routing.has_value()) must(cg::to_jcs(cg::wire::to_json(routing.value())) == cg::view_text(input));
    const auto json = cg::parse_json(input);
    if (json.has_error()) return 0;
    const auto read = cg::wire::read_signed_routing(json.value());
    if (read.has_error()) return 0;
    const auto payload = cg::to_jcs(cg::wire::to_json(read.value().claimed));
    must(cg::to_base64(cg::view_bytes(payload), cg::Base64::url) == json.value()["payload"].text());
    return 0;
}
