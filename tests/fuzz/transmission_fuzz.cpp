// Transmissions: whatever is accepted prints to the canonical form of what was read: nothing is dropped, nothing changed.
#include "gateway/wire/transmission.hpp"

#include <cstdlib>

namespace {

void must(bool holds) {
    if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const cg::ByteView input{data, size};
    const auto transmission = cg::wire::parse_transmission(input);
    if (transmission.has_error()) return 0;
    must(cg::wire::to_text(transmission.value()) == cg::to_jcs(cg::parse_json(input).value()));
    return 0;
}
