// casegate person: a folder for one person of an agency, who then uses the gateway under their own name.
#include "certs/pki.hpp"
#include "config/client_profile.hpp"
#include "config/secrets.hpp"
#include "gateway/app/agency_folder.hpp"
#include "gateway/app/exit.hpp"
#include "gateway/app/output.hpp"
#include "gateway/app/session.hpp"

#include <CLI/CLI.hpp>

namespace cg::app {
namespace {

namespace fs = std::filesystem;

struct PersonOptions {
    std::string dir, name;
};

/// The person's settings: their own key, and the agency's gateway, directory and authorities as they are now.
auto person_settings(config::ClientProfile out) -> config::ClientProfile {
    out.tls = {"certs/person.pem", "keys/person.key.pem", "certs/authorities.pem"};
    out.roles.clear();
    return out;
}

auto make_person(Session& session, const PersonOptions& options) -> Result<certs::Identity> {
    const AgencyFolder folder{options.dir};
    if (fs::exists(folder.dir / config::client_profile_name))
        return fail(Errc::conflict, "choose another folder: there are settings and keys in this one already");
    CG_TRY(auto profile, config::load_client_profile(session.profile));
    certs::Identity identity{profile.agency, certs::IdentityKind::person, options.name};
    if (!certs::Identity::parse(identity.str()).has_value())
        return fail(Errc::malformed, "--name: give the user id as a-z, 0-9, '-' and '.'; the certificate will carry it");
    CG_TRY(const auto* passphrase, session.passphrase(true));
    for (const auto& dir : {folder.dir, folder.dir / "keys", folder.dir / "requests", folder.dir / "certs"}) {
        CG_TRY(make_private_folder(dir));
    }
    const auto key = certs::make_key_file(crypto::SignatureAlg::es256, *passphrase);
    CG_TRY(config::write_private_file(folder.key(person_name), key));
    CG_TRY(const auto request, certs::make_request(identity, {}, {key, *passphrase}));
    CG_TRY(config::write_public_file(folder.request(person_name), request));
    CG_TRY(config::write_public_file(folder.dir / config::client_profile_name,
                                     config::to_toml(person_settings(std::move(profile)))));
    return identity;
}

auto caller_lines(const certs::Identity& identity) -> std::string {
    return "[[caller]]\nidentity = \"" + identity.str() + "\"\nmay = [\"review\"]\nroles = []\n";
}

void explain(const PersonOptions& options, const certs::Identity& identity) {
    say(ink(Ink::good, "Made a folder for " + identity.name + ": ") + options.dir);
    say();
    print(wrapped("1. Send " + options.dir + "/requests/person.csr.pem to the federation's certificate authority. Put what comes "
                      "back into " + options.dir + "/certs as person.pem, with the authority's own as authorities.pem. (Trying "
                      "it out? `casegate authority issue FED --agency " + identity.agency.str() + " --person " + identity.name +
                      " --from " + options.dir + "`)",
                  "  "));
    print(wrapped("2. Add these lines to the agency's gateway.toml, and restart the gateway:", "  "));
    say();
    print(caller_lines(identity));
    say();
    print(wrapped("3. Give the folder to its owner alone. They use it with --profile " + options.dir +
                      "; the passphrase is theirs, not the agency's.",
                  "  "));
}

auto person(Session& session, const PersonOptions& options) -> int {
    const auto made = make_person(session, options);
    if (!made.has_value()) return report(session, made.error());
    if (session.json)
        print_json(Json::object({{"identity", made.value().str()}, {"folder", options.dir}, {"caller", caller_lines(made.value())}}));
    else
        explain(options, made.value());
    return exit_ok;
}

}  // namespace

void add_person(CLI::App& root, Session& session) {
    auto options = std::make_shared<PersonOptions>();
    auto* cmd = root.add_subcommand("person", "Make a folder for a person who uses the gateway under their own name");
    cmd->add_option("DIR", options->dir, "The person's folder, to be made")->required();
    cmd->add_option("--name", options->name, "Their user id: a-z, 0-9, '-', '.'. What they sign is recorded under it")->required();
    cmd->footer(
        "For those who review what is held: their key signs the review, and nobody else can sign under their name. The agency's\n"
        "folder is named with --profile.\n\n"
        "Example:\n"
        "  casegate person head-folder --profile willow --name u-head\n"
        "  casegate authority issue fed --agency willow --person u-head --from head-folder    (development only)\n"
        "Afterwards it says what to add to gateway.toml.");
    cmd->callback([&session, options] { session.run = [&session, options] { return person(session, *options); }; });
}

}  // namespace cg::app
