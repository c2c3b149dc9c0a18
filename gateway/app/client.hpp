#pragma once
/// The office's side: its settings, its gateway, the directory it believes, and the keys of its roles.

#include "certs/directory.hpp"
#include "config/client_profile.hpp"
#include "crypto/age.hpp"
#include "gateway/app/session.hpp"
#include "gateway/net/office_client.hpp"
#include "gateway/wire/http.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace cg::app {

/// A connection to the own gateway, as the office system of the profile.
class Office {
public:
    /// Errors  those of the profile, the passphrase, the key files
    [[nodiscard]] static auto connect(Session& session) -> Result<Office>;

    [[nodiscard]] auto profile() const noexcept -> const config::ClientProfile& { return profile_; }
    /// Whom the client certificate speaks for. Errors: those of reading it
    [[nodiscard]] auto identity() const -> Result<certs::Identity>;
    /// Errors  unavailable or timed_out, saying in plain words that and where the gateway does not answer;
    /// unauthenticated
    [[nodiscard]] auto get(std::string_view target) -> Result<wire::Response>;
    [[nodiscard]] auto post(std::string_view target, std::string_view body, const std::string& idempotency_key = {})
        -> Result<wire::Response>;

private:
    Office(config::ClientProfile profile, net::OfficeClient client)
        : profile_(std::move(profile)), client_(std::move(client)) {}
    auto told(Result<wire::Response> answer) const -> Result<wire::Response>;

    config::ClientProfile profile_;
    net::OfficeClient client_;
};

/// The body of an answer. Errors: malformed (not JSON).
[[nodiscard]] auto body_of(const wire::Response& response) -> Result<Json>;
/// Says what a problem answer (RFC 9457) says, with every entry of its errors[]. Returns the exit status.
[[nodiscard]] auto report_problem(const Session& session, const wire::Response& response) -> int;

/// The descriptors of a folder, checked against the registrar's key. Refused ones are in refusals().
/// Errors  not_found, malformed, unavailable
[[nodiscard]] auto read_directory(const std::filesystem::path& folder, const std::filesystem::path& registrar_key)
    -> Result<certs::Directory>;

/// The key that messages to this role are opened with.
/// Errors  not_found (no key here for this role), unauthenticated (passphrase), denied (file mode)
[[nodiscard]] auto read_role_key(const config::ClientProfile& profile, const RoleId& role,
                                 const crypto::SecretBytes& passphrase) -> Result<crypto::AgeIdentity>;

}  // namespace cg::app
