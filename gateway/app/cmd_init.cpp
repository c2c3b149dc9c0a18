// casegate init: an agency's folder, with its keys, its requests and its settings.
#include "config/client_profile.hpp"
#include "config/load.hpp"
#include "config/secrets.hpp"
#include "crypto/age.hpp"
#include "crypto/hash.hpp"
#include "crypto/note.hpp"
#include "gateway/app/agency_folder.hpp"
#include "gateway/app/exit.hpp"
#include "gateway/app/output.hpp"
#include "gateway/app/session.hpp"

#include <CLI/CLI.hpp>

namespace cg::app {
namespace {

namespace fs = std::filesystem;
constexpr auto role_key_life = std::chrono::days{730};

struct InitOptions {
    std::string dir, agency, name, kind = "statutory", listen = "127.0.0.1", host = "127.0.0.1";
    std::string pack = CG_SHARE_DIR "/packs/exampleshire", duty_role = "Duty officer", duty_phone = "01632 960000";
    bool public_authority = false, unsigned_policy = false;
    std::uint16_t office_port = 8443, peer_port = 8444, ops_port = 8445;
    std::vector<std::string> areas, roles, peers, signatories;
};

/// NAME=FILE, with a public key in the file.
auto read_signatory(const std::string& text) -> Result<std::pair<std::string, std::string>> {
    const auto equals = text.find('=');
    auto name = text.substr(0, equals);
    if (equals == std::string::npos || !is_plain_name(name, true)) return fail(Errc::malformed);
    CG_TRY(auto pem, config::read_public_file(text.substr(equals + 1)));
    CG_TRY(certs::read_public_key(pem));
    return std::pair{std::move(name), std::move(pem)};
}

/// The options as checked values.
struct Plan {
    AgencyFolder folder;
    certs::Descriptor facts;
    std::set<AgencyId> peers;
    std::map<std::string, std::string> signatories;  ///< name to public key (PEM)
};

auto check_options(const InitOptions& options) -> Result<Plan> {
    Plan plan{{options.dir}, {}, {}, {}};
    std::vector<Problem> problems;
    const auto note = [&](std::string option, std::string fix) {
        problems.push_back({"usage/value", std::move(option), std::move(fix), ""});
    };
    auto agency = AgencyId::parse(options.agency);
    if (agency.has_value())
        plan.facts.agency = std::move(agency).value();
    else
        note("--agency", "give an id of a-z, 0-9 and '-'");
    if (const auto kind = certs::parse_agency_kind(options.kind))
        plan.facts.kind = *kind;
    else
        note("--kind", "give statutory, charitable, independent or provider");
    for (const auto& text : options.roles) {
        if (auto role = RoleId::parse(text); role.has_value())
            plan.facts.roles.push_back({std::move(role).value(), {}, {}});
        else
            note("--role", "give role ids such as csc.front-door");
    }
    for (const auto& text : options.peers) {
        if (auto peer = AgencyId::parse(text); peer.has_value())
            plan.peers.insert(std::move(peer).value());
        else
            note("--peer", "give agency ids of a-z, 0-9 and '-'");
    }
    for (const auto& text : options.signatories) {
        if (auto signatory = read_signatory(text); signatory.has_value())
            plan.signatories.insert(std::move(signatory).value());
        else
            note("--signatory", "give NAME=FILE: a function such as ig-lead, and its public key as 'casegate policy key' made it");
    }
    if (fs::exists(plan.folder.gateway_toml()))
        note("DIR", "choose another folder: an agency lives in this one, and its keys must not be replaced");
    if (!problems.empty()) return fail(Errc::malformed, "nothing was made", std::move(problems));
    plan.facts.name = options.name.empty() ? options.agency : options.name;
    plan.facts.public_authority = options.public_authority;
    plan.facts.areas = options.areas;
    plan.facts.peer = {options.host, options.peer_port};
    plan.facts.duty = {options.duty_role, options.duty_phone};
    return plan;
}

auto make_roles(Plan& plan, const crypto::SecretBytes& passphrase) -> Result<> {
    const auto from = std::chrono::floor<std::chrono::seconds>(now());
    for (auto& role : plan.facts.roles) {
        const auto identity = crypto::AgeIdentity::generate(crypto::AgeKind::mlkem768x25519);
        const auto recipient = identity.recipient().str();
        role.recipients.push_back({certs::recipient_kid(recipient), recipient, from, from + role_key_life});
        role.holders.push_back({plan.facts.agency, certs::IdentityKind::system, office_system});
        const auto file = crypto::seal_secret_file(identity.secret_text(), role_label(role.role), passphrase);
        CG_TRY(config::write_private_file(plan.folder.role_key(role.role), file));
    }
    return ok();
}

auto host_names(const certs::Descriptor& facts) -> certs::HostNames {
    certs::HostNames names{{"localhost"}, {"127.0.0.1", "::1"}};
    const auto& host = facts.peer.host;
    const bool number =
        host.find(':') != std::string::npos || host.find_first_not_of("0123456789.") == std::string::npos;
    auto& list = number ? names.ip : names.dns;
    if (std::ranges::find(list, host) == list.end()) list.push_back(host);
    return names;
}

auto make_keys(Plan& plan, const crypto::SecretBytes& passphrase) -> Result<> {
    const auto& folder = plan.folder;
    for (const auto& wish : certificate_wishes) {
        const auto alg =
            wish.usage == certs::Issue::signing ? crypto::SignatureAlg::ed25519 : crypto::SignatureAlg::es256;
        const auto key = certs::make_key_file(alg, passphrase);
        CG_TRY(config::write_private_file(folder.key(wish.name), key));
        CG_TRY(const auto request, certs::make_request(wished_identity(wish.name, plan.facts.agency),
                                                       host_names(plan.facts), {key, passphrase}));
        CG_TRY(config::write_public_file(folder.request(wish.name), request));
    }
    const auto log_key = crypto::SigningKey::generate(crypto::SignatureAlg::ed25519);
    CG_TRY(config::write_private_file(folder.key("log"), log_key.to_encrypted_pem(passphrase)));
    plan.facts.log = crypto::NoteVerifier{log_name(plan.facts.agency), log_key.verify_key()}.vkey();
    CG_TRY(config::write_public_file(folder.log_vkey(), plan.facts.log + "\n"));
    const auto store = crypto::seal_secret_file(crypto::random_secret(32), "store", passphrase);
    CG_TRY(config::write_private_file(folder.store_secret(), store));
    return make_roles(plan, passphrase);
}

/// Relative to the agency's folder.
auto signatory_file(const std::string& name) -> fs::path { return fs::path{"certs/signatories"} / (name + ".pub.pem"); }

auto gateway_settings(const Plan& plan, const InitOptions& options) -> config::Config {
    config::Config out;
    out.agency = plan.facts.agency;
    out.data_dir = "data";
    out.listen = {
        {options.listen, options.office_port}, {options.listen, options.peer_port}, {"127.0.0.1", options.ops_port}};
    out.tls = {"certs/tls.pem", "keys/tls.key.pem", "certs/authorities.pem"};
    out.signing = {"certs/signing.pem", "keys/signing.key.pem"};
    out.log_key = "keys/log.key.pem";
    out.store_secret = "keys/store.secret";
    out.pack_dir = fs::absolute(options.pack).lexically_normal();
    out.policy.store = out.data_dir / "packs";
    out.policy.require_signatures = !options.unsigned_policy;
    for (const auto& [name, pem] : plan.signatories) out.policy.signatories.emplace(name, signatory_file(name));
    out.directory_dir = "directory";
    out.registrar_key = "certs/registrar.pub.pem";
    config::Caller office{wished_identity(office_system, plan.facts.agency),
                          {config::Right::send, config::Right::check, config::Right::read_inbox, config::Right::ack,
                           config::Right::review},  // it vouches for its users, and no sender reviews their own
                          {}};
    for (const auto& role : plan.facts.roles) office.roles.insert(role.role);
    out.callers.push_back(std::move(office));
    out.peers = plan.peers;
    return out;
}

auto client_settings(const Plan& plan, const InitOptions& options) -> config::ClientProfile {
    config::ClientProfile out;
    out.agency = plan.facts.agency;
    out.gateway = {options.listen == "0.0.0.0" ? "127.0.0.1" : options.listen, options.office_port};
    out.gateway_config = "gateway.toml";
    out.tls = {"certs/office.pem", "keys/office.key.pem", "certs/authorities.pem"};
    out.directory_dir = "directory";
    out.registrar_key = "certs/registrar.pub.pem";
    for (const auto& role : plan.facts.roles)
        out.roles.emplace(role.role, "keys/roles/" + role.role.str() + ".identity");
    return out;
}

auto make_agency(Plan& plan, const InitOptions& options, const crypto::SecretBytes& passphrase) -> Result<> {
    const auto& folder = plan.folder;
    for (const auto& dir : {folder.dir, folder.dir / "keys", folder.dir / "keys/roles", folder.dir / "requests",
                            folder.dir / "certs", folder.dir / "certs/signatories", folder.directory(), folder.dir / "data"}) {
        CG_TRY(make_private_folder(dir));
    }
    CG_TRY(make_keys(plan, passphrase));
    for (const auto& [name, pem] : plan.signatories) {
        CG_TRY(config::write_public_file(folder.dir / signatory_file(name), pem));
    }
    CG_TRY(config::write_public_file(folder.facts(), facts_text(plan.facts)));
    CG_TRY(config::write_public_file(folder.dir / config::client_profile_name,
                                     config::to_toml(client_settings(plan, options))));
    // Last, because its presence says that the folder is complete.
    return config::write_public_file(folder.gateway_toml(), config::to_toml(gateway_settings(plan, options)));
}

auto policy_step(const Plan& plan, const InitOptions& options) -> std::string {
    if (options.unsigned_policy)
        return "3. The sharing policy is used without signatures: good for trying out, never for real cases. Afterwards set "
               "require_signatures = true in gateway.toml.";
    std::string text = "3. The sharing policy in " + options.pack +
                       " needs the signatures of two of its signatories: `casegate policy key --help`, `casegate policy sign --help`.";
    if (plan.signatories.size() < 2)
        text += " Put their public keys under [policy.signatories] in gateway.toml, or give --signatory next time.";
    return text;
}

void explain(const Plan& plan, const InitOptions& options) {
    const auto dir = plan.folder.dir.string();
    say(ink(Ink::good, "Made the folder of " + plan.facts.agency.str() + ": ") + dir);
    say();
    print(wrapped("What happens next:", ""));
    print(wrapped("1. Send the three requests in " + dir +
                      "/requests (tls, signing, office) to the federation's certificate authority. "
                      "Put what comes back into " +
                      dir +
                      "/certs as tls.pem, signing.pem and office.pem, with the authority's own "
                      "certificate as authorities.pem and the registrar's public key as registrar.pub.pem.",
                  "  "));
    print(
        wrapped("2. Run `casegate directory describe --profile " + dir +
                    "` and send requests/descriptor.json to the federation's registrar, who "
                    "checks that you are who you say, and signs it. Put the signed descriptors of all agencies into " +
                    dir + "/directory.",
                "  "));
    print(wrapped(policy_step(plan, options), "  "));
    print(
        wrapped("4. Read gateway.toml, name the agencies you exchange with under `peers`, and start: `casegate serve "
                "--profile " +
                    dir + "`.",
                "  "));
    print(wrapped("5. Whoever reviews what is held under their own name, with a key of their own: `casegate person --help`. "
                  "Otherwise your case system vouches for its users, two different ones.",
                  "  "));
    say();
    print(
        wrapped("Keep the passphrase apart from this folder. Nobody can read the agency's messages without it, you "
                "included. Move "
                "keys/roles to wherever the messages of each role are read: the gateway itself does not need them.",
                ""));
    print(wrapped("Only trying it out? `casegate authority --help` plays the authority and the registrar.", ""));
}

auto init(Session& session, const InitOptions& options) -> int {
    auto plan = check_options(options);
    if (!plan.has_value()) return report(session, plan.error());
    const auto passphrase = session.passphrase(true);
    if (!passphrase.has_value()) return report(session, passphrase.error());
    const auto made = make_agency(plan.value(), options, *passphrase.value());
    if (!made.has_value()) return report(session, made.error());
    if (session.json)
        print_json(Json::object(
            {{"agency", plan.value().facts.agency.str()}, {"folder", options.dir}, {"log", plan.value().facts.log}}));
    else
        explain(plan.value(), options);
    return exit_ok;
}

}  // namespace

void add_init(CLI::App& root, Session& session) {
    auto options = std::make_shared<InitOptions>();
    auto* cmd = root.add_subcommand("init", "Make an agency's folder: its keys, certificate requests and settings");
    cmd->add_option("DIR", options->dir, "The folder to make")->required();
    cmd->add_option("--agency", options->agency, "Short id in the federation: a-z, 0-9, '-'")->required();
    cmd->add_option("--name", options->name, "Name as people know it");
    cmd->add_option("--kind", options->kind, "statutory, charitable, independent or provider")->capture_default_str();
    cmd->add_flag("--public-authority", options->public_authority,
                  "It is a public authority: some legal bases depend on it");
    cmd->add_option("--area", options->areas, "Authority area it serves; may be repeated")->allow_extra_args(false);
    cmd->add_option("--role", options->roles, "Role that receives messages here, e.g. csc.front-door; may be repeated")
        ->allow_extra_args(false);
    cmd->add_option("--peer", options->peers, "Agency to exchange with; may be repeated")->allow_extra_args(false);
    cmd->add_option("--host", options->host, "Name or address under which other gateways reach this one")
        ->capture_default_str();
    cmd->add_option("--listen", options->listen, "Address to listen on")->capture_default_str();
    cmd->add_option("--office-port", options->office_port, "Port for own systems")->capture_default_str();
    cmd->add_option("--peer-port", options->peer_port, "Port for other gateways")->capture_default_str();
    cmd->add_option("--ops-port", options->ops_port, "Port for health and metrics, on loopback")->capture_default_str();
    cmd->add_option("--pack", options->pack, "Folder of the sharing policy")->capture_default_str();
    cmd->add_option("--signatory", options->signatories,
                    "NAME=FILE: a signatory of the policy, and their public key; twice or more often")
        ->allow_extra_args(false);
    cmd->add_flag("--unsigned-policy", options->unsigned_policy, "For development: use the policy without signatures");
    cmd->add_option("--duty-role", options->duty_role, "Whom to ring when a message waits: a function, not a name")
        ->capture_default_str();
    cmd->add_option("--duty-phone", options->duty_phone, "Their number")->capture_default_str();
    cmd->footer(
        "Example:\n"
        "  casegate init willow --agency willow --name 'Willow Primary School' --public-authority \\\n"
        "      --role school.dsl --peer exampleshire \\\n"
        "      --pack policy --signatory ig-lead=ig-lead.pub.pem --signatory caldicott-guardian=guardian.pub.pem\n"
        "Afterwards it says what to send to whom.");
    cmd->callback([&session, options] { session.run = [&session, options] { return init(session, *options); }; });
}

}  // namespace cg::app
