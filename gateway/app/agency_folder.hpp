#pragma once
/// An agency's folder: where everything of one agency lies, and the facts that its descriptor is made of.
///
///   gateway.toml client.toml   settings of the gateway, and of the office that uses it
///   agency.json                facts about the agency: public
///   keys/                      private keys, encrypted with the agency's passphrase; roles/ has one for each role
///   requests/                  what goes to the federation: certificate requests, the signed descriptor
///   certs/                     what comes back: certificates, the authorities' and the registrar's
///   directory/                 the registered descriptors of all agencies
///   data/                      ledger and checkpoint
///   log.vkey                   the public key that the log is verified with

#include "certs/descriptor.hpp"
#include "certs/pki.hpp"
#include "crypto/secret.hpp"
#include "gateway/base/result.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace cg::app {

struct AgencyFolder {
    std::filesystem::path dir;

    [[nodiscard]] auto gateway_toml() const { return dir / "gateway.toml"; }
    [[nodiscard]] auto facts() const { return dir / "agency.json"; }
    [[nodiscard]] auto key(const std::string& name) const { return dir / "keys" / (name + ".key.pem"); }
    [[nodiscard]] auto store_secret() const { return dir / "keys" / "store.secret"; }
    [[nodiscard]] auto role_key(const RoleId& role) const {
        return dir / "keys" / "roles" / (role.str() + ".identity");
    }
    [[nodiscard]] auto request(const std::string& name) const { return dir / "requests" / (name + ".csr.pem"); }
    [[nodiscard]] auto descriptor() const { return dir / "requests" / "descriptor.json"; }
    [[nodiscard]] auto certificate(const std::string& name) const { return dir / "certs" / (name + ".pem"); }
    [[nodiscard]] auto authorities() const { return dir / "certs" / "authorities.pem"; }
    [[nodiscard]] auto registrar() const { return dir / "certs" / "registrar.pub.pem"; }
    [[nodiscard]] auto directory() const { return dir / "directory"; }
    [[nodiscard]] auto log_vkey() const { return dir / "log.vkey"; }
};

/// What an agency asks certificates for. `name` is the file's: tls, signing or office.
struct CertificateWish {
    const char* name;
    certs::Issue usage;
};
inline constexpr CertificateWish certificate_wishes[] = {
    {"tls", certs::Issue::tls}, {"signing", certs::Issue::signing}, {"office", certs::Issue::tls}};
/// Whom the certificate of that name speaks for.
[[nodiscard]] auto wished_identity(std::string_view name, const AgencyId& agency) -> certs::Identity;
/// The system that uses the office listener, unless an agency adds others.
inline constexpr const char* office_system = "office";
/// The files of a person's own key, request and certificate, in that person's folder.
inline constexpr const char* person_name = "person";

/// The public facts of agency.json: a descriptor but for its signing certificate, which does not exist yet.
[[nodiscard]] auto facts_text(const certs::Descriptor& facts) -> std::string;
/// Errors  not_found, malformed with all problems
[[nodiscard]] auto read_facts(const AgencyFolder& folder) -> Result<certs::Descriptor>;

/// "label" of a role's secret file.
[[nodiscard]] inline auto role_label(const RoleId& role) -> std::string {
    return "role:" + role.str();
}
[[nodiscard]] inline auto log_name(const AgencyId& agency) -> std::string {
    return agency.str() + ".casegate/log";
}

/// Makes a folder (and those above it) that only we can look into. Errors: unavailable.
[[nodiscard]] auto make_private_folder(const std::filesystem::path& dir) -> Result<>;

}  // namespace cg::app
