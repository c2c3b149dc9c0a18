#pragma once
/// Plain age files on disk or through pipes: sealed and opened as streams, whole or not at all.

#include "crypto/age.hpp"
#include "gateway/base/result.hpp"

#include <span>
#include <string>
#include <vector>

namespace cg::app {

/// Armor is text for mail and chat, handled in memory up to this; larger files are left binary.
inline constexpr std::size_t max_armored_bytes = 64U << 20U;

/// Opens `from` ("-": standard input) into `to` ("" or "-": standard output). A named output appears only when all of
/// the file was authenticated. To standard output a file that can be read twice is checked first and then written;
/// through a pipe each 64 KiB are written once they are authenticated. Errors  those of age_open, too_large (armor),
/// not_found, unavailable
[[nodiscard]] auto open_age(const std::string& from, const std::string& to,
                            std::span<const crypto::AgeIdentity> identities) -> Result<>;

/// Seals `from` into `to`, likewise.
[[nodiscard]] auto seal_age(const std::string& from, const std::string& to,
                            std::span<const crypto::AgeRecipient> recipients, bool armor) -> Result<>;

/// Reads identities, one a line; empty lines and those that begin with '#' are passed over. The file must be private.
/// Errors  not_found, denied (file mode), malformed and unsupported (with the line), unavailable
[[nodiscard]] auto read_identity_file(const std::string& file) -> Result<std::vector<crypto::AgeIdentity>>;

}  // namespace cg::app
