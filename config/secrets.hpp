#pragma once
/// Reading passphrases, key files and the like from disk.
///
/// Secret  what is read goes straight into wiped memory; no error says anything of a file's content

#include "config/schema.hpp"
#include "crypto/keys.hpp"
#include "crypto/secret.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace cg::config {

/// Reads the passphrase once, up to the end or the first new line (which is not part of it): 8 to 1024 bytes.
/// `fd` is the descriptor of the command line, if one was given; it is closed. It wins over the configuration.
/// Errors  not_found (nothing says where it is, or no such credential), malformed (length), unavailable
[[nodiscard]] auto read_passphrase(const PassphraseSource& source, std::optional<int> fd) -> Result<crypto::SecretBytes>;

/// A private file: a regular file, not a link, owned by us or root, and closed to group and others.
/// Errors  not_found; denied (file mode or owner, with a Problem that says which command mends it); too_large; unavailable
[[nodiscard]] auto read_private_file(const std::filesystem::path& file, std::size_t max_bytes = 64U << 10U) -> Result<crypto::SecretBytes>;
/// A public file (certificate, descriptor). Errors: not_found, too_large, unavailable.
[[nodiscard]] auto read_public_file(const std::filesystem::path& file, std::size_t max_bytes = 1U << 20U) -> Result<std::string>;

/// read_private_file, then SigningKey::from_encrypted_pem.
[[nodiscard]] auto read_signing_key(const std::filesystem::path& file, const crypto::SecretBytes& passphrase) -> Result<crypto::SigningKey>;
/// read_private_file, then open_secret_file.
[[nodiscard]] auto read_secret(const std::filesystem::path& file, std::string_view label, const crypto::SecretBytes& passphrase)
    -> Result<crypto::SecretBytes>;

/// Creates a file that only we can read (mode 0600), or fails if it is there.
/// Durable  on disk, its folder too
/// Errors   conflict (it exists), unavailable
[[nodiscard]] auto write_private_file(const std::filesystem::path& file, std::string_view content) -> Result<>;
/// Writes a public file (mode 0644) by way of a temporary name, so that a reader sees the old or the new one.
/// Durable  on disk
[[nodiscard]] auto write_public_file(const std::filesystem::path& file, std::string_view content) -> Result<>;

}  // namespace cg::config
