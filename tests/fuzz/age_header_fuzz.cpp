// An age header that is accepted must be written back as the same bytes: no two texts stand for one header.
#include "crypto/age_header.hpp"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto file = cg::view_text({data, size});
    const auto length = cg::crypto::age_header_length(file);
    const auto text = file.substr(0, length.value_or(size));
    const auto header = cg::crypto::parse_age_header(text);
    if (!header) return 0;
    if (!length || !cg::crypto::can_begin_age_file(file)) std::abort();  // what is whole is also found
    if (cg::crypto::encode_age_header(header.value()) != text) std::abort();
    if (cg::crypto::encode_age_header_before_mac(header.value().stanzas) != cg::crypto::age_header_before_mac(text))
        std::abort();
    return 0;
}
