// casegate authority: a certificate authority and registrar for development and the demonstration.
#include "config/secrets.hpp"
#include "gateway/app/agency_folder.hpp"
#include "gateway/app/exit.hpp"
#include "gateway/app/output.hpp"
#include "gateway/app/session.hpp"

#include <CLI/CLI.hpp>

namespace cg::app {
namespace {

namespace fs = std::filesystem;
constexpr auto authority_life = std::chrono::days{1825};
constexpr auto certificate_life = std::chrono::days{365};
/// Clocks of a federation differ: what is made now should be good elsewhere now.
constexpr auto clock_margin = std::chrono::minutes{10};

struct AuthorityOptions {
    std::string dir;
    std::string agency_dir;
    std::string agency;
    std::string person;
    std::vector<std::string> publish;
};

struct AuthorityFolder {
    fs::path dir;
    [[nodiscard]] auto key() const { return dir / "authority.key.pem"; }
    [[nodiscard]] auto certificate() const { return dir / "authority.pem"; }
    [[nodiscard]] auto registrar_key() const { return dir / "registrar.key.pem"; }
    [[nodiscard]] auto registrar_public() const { return dir / "registrar.pub.pem"; }
    [[nodiscard]] auto directory() const { return dir / "directory"; }
};

auto validity(std::chrono::days life) -> certs::Validity {
    const auto from = std::chrono::floor<std::chrono::seconds>(now() - clock_margin);
    return {from, from + life};
}

auto make_authority(Session& session, const AuthorityFolder& folder) -> Result<> {
    if (fs::exists(folder.key()))
        return fail(Errc::conflict, "an authority lives in this folder already; choose another");
    CG_TRY(const auto* passphrase, session.passphrase(true));
    CG_TRY(make_private_folder(folder.dir));
    CG_TRY(make_private_folder(folder.directory()));
    const auto key = certs::make_key_file(crypto::SignatureAlg::es256, *passphrase);
    CG_TRY(const auto pem, certs::make_authority("Casegate development authority (not for real data)",
                                                 {key, *passphrase}, validity(authority_life)));
    const auto registrar = crypto::SigningKey::generate(crypto::SignatureAlg::ed25519);
    CG_TRY(config::write_private_file(folder.registrar_key(), registrar.to_encrypted_pem(*passphrase)));
    CG_TRY(config::write_public_file(folder.registrar_public(), certs::public_key_pem(registrar.verify_key())));
    CG_TRY(config::write_public_file(folder.certificate(), pem));
    return config::write_private_file(folder.key(), key);
}

/// Who asks for a certificate, in which file of the folder.
struct Wish {
    std::string name;
    certs::Issue usage;
    certs::Identity identity;
};

auto wishes_of(const AgencyId& agency, const std::string& person) -> std::vector<Wish> {
    if (!person.empty()) return {{person_name, certs::Issue::tls, {agency, certs::IdentityKind::person, person}}};
    std::vector<Wish> out;
    for (const auto& wish : certificate_wishes) out.push_back({wish.name, wish.usage, wished_identity(wish.name, agency)});
    return out;
}

auto issue(Session& session, const AuthorityFolder& folder, const AgencyFolder& agency, const std::vector<Wish>& wishes)
    -> Result<> {
    CG_TRY(const auto* passphrase, session.passphrase());
    CG_TRY(const auto key, config::read_private_file(folder.key()));
    CG_TRY(const auto pem, config::read_public_file(folder.certificate()));
    CG_TRY(const auto registrar, config::read_public_file(folder.registrar_public()));
    for (const auto& wish : wishes) {
        CG_TRY(const auto request, config::read_public_file(agency.request(wish.name)));
        CG_TRY(const auto certificate,
               certs::issue_certificate(request, wish.identity, wish.usage, validity(certificate_life),
                                        pem, {key.reveal_text(), *passphrase}));
        CG_TRY(config::write_public_file(agency.certificate(wish.name), certificate));
    }
    CG_TRY(config::write_public_file(agency.authorities(), pem));
    return config::write_public_file(agency.registrar(), registrar);
}

auto register_agency(Session& session, const AuthorityFolder& folder, const AgencyFolder& agency)
    -> Result<certs::Descriptor> {
    CG_TRY(const auto* passphrase, session.passphrase());
    CG_TRY(const auto registrar, config::read_signing_key(folder.registrar_key(), *passphrase));
    CG_TRY(const auto text, config::read_public_file(agency.descriptor()));
    CG_TRY(const auto jws, parse_json(text));
    CG_TRY(auto descriptor, certs::open_unregistered(jws));
    CG_TRY(const auto registered, certs::register_descriptor(jws, registrar));
    CG_TRY(
        config::write_public_file(folder.directory() / (descriptor.agency.str() + ".json"), to_jcs(registered) + "\n"));
    return descriptor;
}

/// Copies every registered descriptor to an agency's folder.
auto publish(const AuthorityFolder& folder, const std::vector<std::string>& agencies) -> Result<> {
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(folder.directory(), error)) {
        CG_TRY(const auto text, config::read_public_file(entry.path()));
        for (const auto& agency : agencies) {
            CG_TRY(config::write_public_file(AgencyFolder{agency}.directory() / entry.path().filename(), text));
        }
    }
    if (error)
        return fail(Errc::unavailable, "the folder of registered descriptors cannot be read: " + error.message());
    return ok();
}

auto done(const Session& session, const std::string& words, Json json) -> int {
    if (session.json)
        print_json(json);
    else
        print(wrapped(words, ""));
    return exit_ok;
}

auto init_command(Session& session, const AuthorityOptions& options) -> int {
    const auto made = make_authority(session, {options.dir});
    if (!made.has_value()) return report(session, made.error());
    return done(session,
                "Made a development authority and registrar in " + options.dir +
                    ". It vouches for nobody: use it for trying out only.",
                Json::object({{"folder", options.dir}}));
}

auto issue_command(Session& session, const AuthorityOptions& options) -> int {
    const auto id = AgencyId::parse(options.agency);
    if (!id.has_value()) return report(session, id.error());
    const auto issued = issue(session, {options.dir}, {options.agency_dir}, wishes_of(id.value(), options.person));
    if (!issued.has_value()) return report(session, issued.error());
    if (!options.person.empty())
        return done(session, "Issued a certificate for " + options.person + " of " + options.agency + " into " +
                                 options.agency_dir + "/certs.",
                    Json::object({{"agency", options.agency}, {"person", options.person}}));
    return done(session,
                "Issued certificates for " + options.agency + " into " + options.agency_dir +
                    "/certs. Next: casegate directory describe --profile " + options.agency_dir,
                Json::object({{"agency", options.agency}}));
}

auto register_command(Session& session, const AuthorityOptions& options) -> int {
    const AuthorityFolder folder{options.dir};
    const auto registered = register_agency(session, folder, {options.agency_dir});
    if (!registered.has_value()) return report(session, registered.error());
    const auto published = publish(folder, options.publish);
    if (!published.has_value()) return report(session, published.error());
    const auto& agency = registered.value();
    return done(session,
                "Registered " + printable(agency.name) + " (" + agency.agency.str() + "), number " +
                    std::to_string(agency.seq) + ". All registered descriptors are in " + folder.directory().string() +
                    ": every agency needs a copy in its directory/.",
                Json::object({{"agency", agency.agency.str()}, {"seq", agency.seq}}));
}

}  // namespace

void add_authority(CLI::App& root, Session& session) {
    auto options = std::make_shared<AuthorityOptions>();
    auto* cmd = root.add_subcommand("authority",
                                    "For development only: play the federation's certificate authority and registrar");
    cmd->require_subcommand(1);
    cmd->footer(
        "A real federation has its own authority and registrar, which read the same requests. Nothing that this one "
        "signs should be\n"
        "trusted with real data.\n\n"
        "Example:\n"
        "  casegate authority init fed\n"
        "  casegate authority issue fed --agency willow --from willow\n"
        "  casegate directory describe --profile willow\n"
        "  casegate authority register fed --from willow --publish willow --publish exampleshire");
    const auto command = [&](const char* name, const char* what, int (*run)(Session&, const AuthorityOptions&)) {
        auto* sub = cmd->add_subcommand(name, what);
        sub->add_option("DIR", options->dir, "The authority's folder")->required();
        sub->callback(
            [&session, options, run] { session.run = [&session, options, run] { return run(session, *options); }; });
        return sub;
    };
    command("init", "Make an authority and a registrar", init_command);
    auto* issue_cmd = command("issue", "Answer the certificate requests of an agency's folder", issue_command);
    issue_cmd->add_option("--agency", options->agency, "Whom you mean: a request for anybody else is refused")
        ->required();
    issue_cmd->add_option("--person", options->person, "A person of that agency: answers the request of `casegate person`");
    issue_cmd->add_option("--from", options->agency_dir, "The agency's folder, or the person's")->required();
    auto* register_cmd = command("register", "Vouch for an agency's signed descriptor", register_command);
    register_cmd->add_option("--from", options->agency_dir, "The agency's folder")->required();
    register_cmd
        ->add_option("--publish", options->publish,
                     "Copy all registered descriptors to this agency's folder; may be repeated")
        ->allow_extra_args(false);
}

}  // namespace cg::app
