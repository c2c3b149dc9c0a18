#include "crypto/padme.hpp"

#include <algorithm>
#include <bit>
#include <limits>

namespace cg::crypto {

auto padme_length(std::size_t length, std::size_t floor) noexcept -> std::size_t {
    if (length < 2) return std::max(length, floor);
    const auto exponent = static_cast<std::size_t>(std::bit_width(length)) - 1;
    const auto kept_bits = static_cast<std::size_t>(std::bit_width(exponent));
    if (kept_bits >= exponent) return std::max(length, floor);  // short lengths keep all their bits
    const auto mask = (std::size_t{1} << (exponent - kept_bits)) - 1;
    if (length > std::numeric_limits<std::size_t>::max() - mask) return length;
    return std::max((length + mask) & ~mask, floor);
}

}  // namespace cg::crypto
