#pragma once
/// Bech32 (BIP 173) as age uses it: checksum constant 1, and no limit on the length.

#include "crypto/secret.hpp"
#include "gateway/base/bytes.hpp"
#include "gateway/base/result.hpp"

#include <string>
#include <string_view>

namespace cg::crypto {

struct Bech32 {
    std::string prefix;  ///< the human-readable part, in the case it was written in
    SecretBytes data;
};

/// Lower-case text. `prefix` is lower-case.
/// Secret    the text holds all of `data`: wipe it where that is secret
[[nodiscard]] auto bech32_encode(std::string_view prefix, ByteView data) -> std::string;

/// Input     all lower-case or all upper-case
/// Returns   what bech32_encode (or its upper case) would write as exactly this text
/// Errors    malformed
[[nodiscard]] auto bech32_decode(std::string_view text) -> Result<Bech32>;

}  // namespace cg::crypto
