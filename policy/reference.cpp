#include "policy/reference.hpp"

#include "crypto/hash.hpp"

#include <algorithm>

namespace cg::policy {

auto is_local_label(std::string_view id) noexcept -> bool {
    const auto letters =
        static_cast<std::size_t>(std::ranges::find_if(id, [](char c) { return c < 'a' || c > 'z'; }) - id.begin());
    const auto digits = id.substr(letters);
    return letters >= 1 && letters <= 3 && digits.size() >= 1 && digits.size() <= 3 &&
           std::ranges::all_of(digits, [](char c) { return c >= '0' && c <= '9'; });
}

auto pairwise_reference(ByteView salt, std::string_view recipient, std::string_view id, std::string_view prefix)
    -> std::string {
    constexpr std::string_view alphabet = "abcdefghijklmnopqrstuvwxyz234567";
    constexpr std::string_view domain{"casegate.reference/1\0", 21};
    constexpr std::string_view nul{"\0", 1};
    const auto mac =
        crypto::hmac_sha256(salt, {view_bytes(domain), view_bytes(recipient), view_bytes(nul), view_bytes(id)});
    std::string out{prefix};
    std::uint32_t bits = 0;
    unsigned held = 0;
    for (std::size_t i = 0; i < 10; ++i) {
        bits = (bits << 8U) | mac[i];
        for (held += 8; held >= 5; held -= 5) out.push_back(alphabet[(bits >> (held - 5)) & 31U]);
    }
    return out;
}

}  // namespace cg::policy
