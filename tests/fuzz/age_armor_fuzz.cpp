// Armor that is accepted must be written back as the same text, but for line ends and the white space around it.
#include "crypto/age.hpp"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text{reinterpret_cast<const char*>(data), size};
    const auto sealed = cg::crypto::age_dearmor(text);
    if (!sealed) return 0;
    if (!cg::crypto::is_age_armored({data, size})) std::abort();
    std::string line_feeds;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text.compare(i, 2, "\r\n") != 0) line_feeds.push_back(text[i]);
    }
    const auto first = line_feeds.find_first_not_of(" \t\r\n");
    const auto last = line_feeds.find_last_not_of(" \t\r\n");
    if (cg::crypto::age_armor(sealed.value()) != line_feeds.substr(first, last - first + 1) + "\n") std::abort();
    return 0;
}
