#pragma once
/// What requests and the authority share. Not for use outside this room.

#include "certs/openssl.hpp"
#include "certs/pki.hpp"

namespace cg::certs {

/// Errors  malformed (not an encrypted key), unauthenticated
[[nodiscard]] auto load_key(const KeyFile& file) -> Result<PkeyPtr>;
/// Null for Ed25519, which hashes by itself.
[[nodiscard]] auto digest_for(const EVP_PKEY* key) -> const EVP_MD*;
[[nodiscard]] auto set_subject(X509_NAME* name, const std::string& organisation, const std::string& common_name) -> bool;
/// Errors  malformed (a host name)
[[nodiscard]] auto make_names(const Identity& identity, const HostNames& hosts) -> Result<NamesPtr>;
/// Null where it is not a request.
[[nodiscard]] auto parse_request(std::string_view pem) -> RequestPtr;

}  // namespace cg::certs
