#pragma once
/// Everything a gateway can be told, in one struct. Behaviour lives elsewhere; this only says.

#include "certs/identity.hpp"
#include "gateway/base/ids.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace cg::config {

/// Where to listen.
struct HostPort {
    std::string host;        ///< an IP address or a host name
    std::uint16_t port = 0;  ///< 0: any free port
    [[nodiscard]] auto str() const -> std::string;  ///< "127.0.0.1:8443", "[::1]:8443"
    auto operator==(const HostPort&) const -> bool = default;
};

struct Listeners {
    HostPort office;
    HostPort peer;
    HostPort ops;            ///< loopback only; no TLS
};

struct TlsFiles {
    std::filesystem::path certificate;  ///< PEM
    std::filesystem::path key;          ///< encrypted PEM
    std::filesystem::path authorities;  ///< PEM bundle
};

struct SigningFiles {
    std::filesystem::path certificate;
    std::filesystem::path key;
};

/// Where the passphrase of the key files comes from. Never an argument, never the environment.
struct PassphraseSource {
    enum class Kind : std::uint8_t {
        descriptor,   ///< a file descriptor given on the command line
        credential,   ///< a systemd credential: a file in $CREDENTIALS_DIRECTORY
    };
    Kind kind = Kind::descriptor;
    std::string credential;  ///< its name
    auto operator==(const PassphraseSource&) const -> bool = default;
};

/// What an office caller may ask for.
enum class Right : std::uint8_t { send, check, read_inbox, ack, review };
/// "send", "check", "read-inbox", "ack", "review"
[[nodiscard]] auto to_string(Right right) noexcept -> std::string_view;

struct Caller {
    certs::Identity identity;    ///< a system or person of this agency
    std::set<Right> rights;
    std::set<RoleId> roles;      ///< recipient roles that it holds; an envelope does not show its role, so the inbox is one
};

struct Limits {
    std::uint64_t body_bytes = 8U << 20U;           ///< of an office request
    std::uint64_t envelope_bytes = 16U << 20U;      ///< of a peer's envelope
    std::uint32_t head_bytes = 16U << 10U;
    std::uint32_t connections = 1024;               ///< of one listener
    std::uint32_t connections_per_peer = 64;
    std::uint32_t queue_length = 1024;              ///< submissions waiting for the ledger
    std::chrono::milliseconds head_time{5000};
    std::chrono::milliseconds request_time{30000};
    std::chrono::milliseconds idle_time{60000};
};

struct Delivery {
    std::chrono::milliseconds first_retry{1000};
    std::chrono::milliseconds longest_retry{300000};
    std::chrono::milliseconds attempt_time{20000};
    std::uint32_t parallel = 16;                    ///< transmissions under way at once
};

/// How a policy pack comes into force.
struct PolicySettings {
    std::filesystem::path store;        ///< versions that are or were in force; default: `packs` in the data folder
    bool require_signatures = true;     ///< two signatories; off for development only
    std::map<std::string, std::filesystem::path> signatories;  ///< name to PEM public key
};

enum class LogLevel : std::uint8_t { debug, info, warn, error };
[[nodiscard]] auto to_string(LogLevel level) noexcept -> std::string_view;

struct Config {
    AgencyId agency;
    std::filesystem::path data_dir;
    Listeners listen;
    TlsFiles tls;
    SigningFiles signing;
    std::filesystem::path log_key;        ///< encrypted PEM, Ed25519: signs checkpoints
    std::filesystem::path store_secret;   ///< secret file (label "store"): encrypts personal groups, keys the blind index
    PassphraseSource passphrase;
    std::filesystem::path pack_dir;       ///< what a gateway starts with that has no policy in force yet
    PolicySettings policy;
    std::filesystem::path directory_dir;  ///< one file per descriptor
    std::filesystem::path registrar_key;  ///< PEM public key
    std::vector<Caller> callers;
    std::set<AgencyId> peers;             ///< whom we talk to at all
    Limits limits;
    Delivery delivery;
    LogLevel log_level = LogLevel::info;

    /// Null: no such caller. Lifetime: this config's.
    [[nodiscard]] auto find_caller(std::string_view uri) const -> const Caller*;
};

}  // namespace cg::config
