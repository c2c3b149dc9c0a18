#include "gateway/app/client.hpp"

#include "certs/pki.hpp"
#include "config/secrets.hpp"
#include "gateway/app/agency_folder.hpp"
#include "gateway/app/exit.hpp"
#include "gateway/app/output.hpp"

#include <algorithm>
#include <cstdio>

namespace cg::app {

auto Office::connect(Session& session) -> Result<Office> {
    CG_TRY(auto profile, config::load_client_profile(session.profile));
    CG_TRY(const auto* passphrase, session.passphrase());
    net::TlsOptions tls;
    CG_TRY(tls.certificate_pem, config::read_public_file(profile.tls.certificate));
    CG_TRY(tls.key_pem, config::read_private_file(profile.tls.key));
    CG_TRY(tls.ca_pem, config::read_public_file(profile.tls.authorities));
    tls.passphrase = crypto::SecretBytes::copy_of(passphrase->reveal());
    auto context = net::TlsContext::client(tls);
    if (!context.has_value())
        return fail(context.error().code, "the key of the office does not open, or does not fit its certificate");
    net::OfficeClientOptions options;
    options.host = profile.gateway.host;
    options.port = profile.gateway.port;
    options.agency = profile.agency.str();
    options.tls = std::move(context).value();
    return Office{std::move(profile), net::OfficeClient{std::move(options)}};
}

auto Office::identity() const -> Result<certs::Identity> {
    CG_TRY(const auto pem, config::read_public_file(profile_.tls.certificate));
    CG_TRY(auto certificate, certs::read_certificate(pem));
    return std::move(certificate.identity);
}

auto Office::told(Result<wire::Response> answer) const -> Result<wire::Response> {
    if (answer.has_value()) return answer;
    const auto at = profile_.gateway.str();
    auto error = std::move(answer).error();
    const auto code = error.detail;
    if (error.code == Errc::unavailable || error.code == Errc::timed_out)
        error.detail = "the gateway at " + at + " does not answer (" + code +
                       "). Is it running? Start it with: casegate serve --profile DIR";
    else if (error.code == Errc::unauthenticated)
        error.detail =
            "the gateway at " + at + " and this office do not accept each other's certificates (" + code + ")";
    else
        error.detail = "the gateway at " + at + " gave an answer that cannot be used (" + code + ")";
    return fail(std::move(error));
}

auto Office::get(std::string_view target) -> Result<wire::Response> {
    return told(client_.request("GET", target));
}

auto Office::post(std::string_view target, std::string_view body, const std::string& idempotency_key)
    -> Result<wire::Response> {
    net::OfficeClient::Headers headers{{"Content-Type", "application/json"}};
    if (!idempotency_key.empty()) headers.emplace_back("Idempotency-Key", idempotency_key);
    return told(client_.request("POST", target, headers, body));
}

auto body_of(const wire::Response& response) -> Result<Json> {
    auto json = parse_json(response.body, {.max_bytes = 64U << 20U, .max_depth = 64});
    if (!json.has_value()) return fail(Errc::malformed, "the gateway's answer is not JSON");
    return json;
}

auto report_problem(const Session& session, const wire::Response& response) -> int {
    const int status = response.status == 403 || response.status == 401   ? exit_not_permitted
                       : response.status == 429 || response.status >= 500 ? exit_unreachable
                                                                          : exit_bad_input;
    const auto body = body_of(response);
    if (!body.has_value()) {
        std::fprintf(stderr, "casegate: the gateway answered %d, without saying why\n", response.status);
        return status;
    }
    if (session.json) {
        print_json(body.value());
        return status;
    }
    const auto& problem = body.value();
    std::string text;
    if (const auto* lines = problem["instructions"].if_array())
        for (const auto& line : *lines) text += wrapped(printable(line.text()), "  ");
    text +=
        "casegate: " + printable(problem["title"].text()) + "\n" + wrapped(printable(problem["detail"].text()), "  ");
    if (const auto* errors = problem["errors"].if_array()) {
        for (const auto& error : *errors) {
            const auto place =
                error["pointer"].text().empty() ? std::string{} : std::string{error["pointer"].text()} + ": ";
            text += wrapped(
                printable(place + std::string{error["fix"].text()} + " (" + std::string{error["code"].text()} + ")"),
                "  - ");
        }
    }
    std::fputs(text.c_str(), stderr);
    return status;
}

auto read_directory(const std::filesystem::path& folder, const std::filesystem::path& registrar_key)
    -> Result<certs::Directory> {
    CG_TRY(const auto pem, config::read_public_file(registrar_key));
    CG_TRY(const auto registrar, certs::read_public_key(pem));
    std::vector<certs::DescriptorText> texts;
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
        if (entry.path().extension() != ".json") continue;
        CG_TRY(auto text, config::read_public_file(entry.path()));
        texts.push_back({entry.path().filename().string(), std::move(text)});
    }
    if (error)
        return fail(Errc::not_found, "the directory folder " + folder.string() + " cannot be read: " + error.message());
    std::ranges::sort(texts, {}, &certs::DescriptorText::label);
    return certs::Directory::load(texts, registrar, now());
}

auto read_role_key(const config::ClientProfile& profile, const RoleId& role, const crypto::SecretBytes& passphrase)
    -> Result<crypto::AgeIdentity> {
    const auto file = profile.roles.find(role);
    if (file == profile.roles.end())
        return fail(Errc::not_found, "the client settings name no key for the role " + role.str());
    CG_TRY(const auto secret, config::read_secret(file->second, role_label(role), passphrase));
    return crypto::AgeIdentity::parse(secret.reveal_text());
}

}  // namespace cg::app
