// parse_json: what it accepts, both writers say back so that it reads the same, and JCS is a fixed point.
#include "gateway/base/json.hpp"

#include <cstdlib>

namespace {

void must(bool holds) {
    if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto json = cg::parse_json(cg::ByteView{data, size});
    if (json.has_error()) {
        must(json.error().problems.size() == 1 && !json.error().problems[0].fix.empty());
        return 0;
    }
    const auto jcs = cg::to_jcs(json.value());
    const auto again = cg::parse_json(jcs);
    must(again.has_value() && again.value() == json.value());
    must(cg::to_jcs(again.value()) == jcs);
    // Indentation takes more room: the limit of size is for what others send.
    const auto pretty = cg::parse_json(cg::to_pretty_json(json.value()), {.max_bytes = SIZE_MAX});
    must(pretty.has_value() && pretty.value() == json.value());
    return 0;
}
