#include "certs/identity.hpp"

#include <openssl/x509_vfy.h>

namespace cg::certs {
namespace {

constexpr std::string_view scheme = "casegate://";
constexpr std::string_view gateway_path = "gateway";
constexpr std::string_view system_path = "system/";
constexpr std::string_view person_path = "person/";

auto named(AgencyId agency, IdentityKind kind, std::string_view name) -> Result<Identity> {
    if (!is_plain_name(name, true)) return fail(Errc::malformed, "not a name of a system or person");
    return Identity{std::move(agency), kind, std::string{name}};
}

}  // namespace

auto to_string(IdentityKind kind) noexcept -> std::string_view {
    switch (kind) {
        case IdentityKind::gateway: return "gateway";
        case IdentityKind::system: return "system";
        case IdentityKind::person: return "person";
    }
    return "";
}

auto Identity::parse(std::string_view uri) -> Result<Identity> {
    if (!uri.starts_with(scheme)) return fail(Errc::malformed, "not a casegate:// identity");
    uri.remove_prefix(scheme.size());
    const auto slash = uri.find('/');
    if (slash == std::string_view::npos) return fail(Errc::malformed, "not a casegate:// identity");
    CG_TRY(auto agency, AgencyId::parse(uri.substr(0, slash)));
    const auto path = uri.substr(slash + 1);
    if (path == gateway_path) return gateway_of(std::move(agency));
    if (path.starts_with(system_path)) return named(std::move(agency), IdentityKind::system, path.substr(system_path.size()));
    if (path.starts_with(person_path)) return named(std::move(agency), IdentityKind::person, path.substr(person_path.size()));
    return fail(Errc::malformed, "not a casegate:// identity");
}

auto Identity::str() const -> std::string {
    std::string out{scheme};
    out += agency.str();
    out += '/';
    out += to_string(kind);
    if (kind != IdentityKind::gateway) out += '/' + name;
    return out;
}

auto to_string(CertificateProblem problem) noexcept -> std::string_view {
    switch (problem) {
        case CertificateProblem::unreadable: return "unreadable";
        case CertificateProblem::unknown_ca: return "unknown-ca";
        case CertificateProblem::expired: return "expired";
        case CertificateProblem::not_yet_valid: return "not-yet-valid";
        case CertificateProblem::no_identity: return "no-identity";
        case CertificateProblem::several_identities: return "several-identities";
        case CertificateProblem::wrong_agency: return "wrong-agency";
        case CertificateProblem::wrong_kind: return "wrong-kind";
        case CertificateProblem::wrong_usage: return "wrong-usage";
        case CertificateProblem::unsupported_key: return "unsupported-key";
        case CertificateProblem::missing: return "missing";
    }
    return "unreadable";
}

auto problem_of_verify_error(int x509_verify_error) noexcept -> CertificateProblem {
    switch (x509_verify_error) {
        case X509_V_ERR_CERT_HAS_EXPIRED: return CertificateProblem::expired;
        case X509_V_ERR_CERT_NOT_YET_VALID: return CertificateProblem::not_yet_valid;
        case X509_V_ERR_INVALID_PURPOSE:
        case X509_V_ERR_INVALID_CA:
        case X509_V_ERR_PATH_LENGTH_EXCEEDED: return CertificateProblem::wrong_usage;
        case X509_V_ERR_EE_KEY_TOO_SMALL:
        case X509_V_ERR_CA_KEY_TOO_SMALL:
        case X509_V_ERR_CA_MD_TOO_WEAK: return CertificateProblem::unsupported_key;
        default: return CertificateProblem::unknown_ca;
    }
}

auto to_error(CertificateProblem problem) -> Error {
    const std::string name{to_string(problem)};
    return Error{Errc::unauthenticated,
                 "certificate refused: " + name,
                 {{"certificate/" + name, "", "present a certificate that this gateway can accept", ""}}};
}

}  // namespace cg::certs
