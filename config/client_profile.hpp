#pragma once
/// What the command line needs to know to speak to its own gateway: a small TOML file in the agency's folder.

#include "config/schema.hpp"
#include "gateway/base/ids.hpp"
#include "gateway/base/result.hpp"

#include <filesystem>
#include <map>
#include <string>

namespace cg::config {

struct ClientProfile {
    AgencyId agency;
    HostPort gateway;  ///< the office listener
    TlsFiles tls;      ///< certificate and key of this office
    std::filesystem::path directory_dir;
    std::filesystem::path registrar_key;
    std::filesystem::path gateway_config;           ///< for `log`, which reads the ledger beside the gateway
    std::map<RoleId, std::filesystem::path> roles;  ///< secret files (label "role:<role>") with an age identity each
};

inline constexpr const char* client_profile_name = "client.toml";

/// Reads `client.toml` of an agency's folder. All errors at once; a key that is not known is one.
/// Errors  not_found, malformed, too_large
[[nodiscard]] auto load_client_profile(const std::filesystem::path& folder) -> Result<ClientProfile>;
/// TOML that load_client_profile reads back (paths as they are).
[[nodiscard]] auto to_toml(const ClientProfile& profile) -> std::string;

}  // namespace cg::config
