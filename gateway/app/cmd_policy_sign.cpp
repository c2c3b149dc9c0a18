// casegate policy key, policy sign: what signatories do. It needs neither a gateway nor a network.
#include "certs/pki.hpp"
#include "config/load.hpp"
#include "config/secrets.hpp"
#include "gateway/app/agency_folder.hpp"
#include "gateway/app/exit.hpp"
#include "gateway/app/output.hpp"
#include "gateway/app/pack_check.hpp"
#include "gateway/app/policy_commands.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>

namespace cg::app {
namespace {

namespace fs = std::filesystem;

struct SignOptions {
    std::string folder, name, key, against, out = ".";
};

auto check_name(const std::string& name) -> Result<> {
    if (is_plain_name(name, true)) return ok();
    return fail(Errc::malformed, "name a signatory by function, such as ig-lead: a-z, 0-9, '-' and '.'");
}

auto make_key(Session& session, const SignOptions& options) -> Result<> {
    CG_TRY(check_name(options.name));
    CG_TRY(const auto* passphrase, session.passphrase(true));
    CG_TRY(make_private_folder(options.out));
    const auto key = crypto::SigningKey::generate(crypto::SignatureAlg::ed25519);
    const auto file = fs::path{options.out} / options.name;
    CG_TRY(config::write_private_file(file.string() + ".key.pem", key.to_encrypted_pem(*passphrase)));
    return config::write_public_file(file.string() + ".pub.pem", certs::public_key_pem(key.verify_key()));
}

auto key_command(Session& session, const SignOptions& options) -> int {
    const auto made = make_key(session, options);
    if (!made) return report(session, made.error());
    const auto file = (fs::path{options.out} / options.name).string();
    if (session.json)
        print_json(
            Json::object({{"signatory", options.name}, {"key", file + ".key.pem"}, {"public_key", file + ".pub.pem"}}));
    else
        print(wrapped("Made the key of " + options.name + ". Keep " + file +
                          ".key.pem to yourself, apart from its passphrase. Give " + file +
                          ".pub.pem to every agency that uses the policy: it goes under [policy.signatories] in "
                          "gateway.toml.",
                      ""));
    return exit_ok;
}

/// The pack that the new one is compared with: a folder, or what is in force in the profile's gateway. Null: neither.
auto predecessor(const Session& session, const SignOptions& options) -> Result<std::shared_ptr<const policy::Pack>> {
    if (!options.against.empty()) return open_pack(options.against);
    std::error_code error;
    const auto settings = AgencyFolder{session.profile}.gateway_toml();
    if (!fs::exists(settings, error)) return std::shared_ptr<const policy::Pack>{};
    CG_TRY(const auto config, config::load_config(settings));
    const config::PackStore store{config.policy.store};
    CG_TRY(const auto state, store.in_force());
    if (state.current.empty()) return std::shared_ptr<const policy::Pack>{};
    CG_TRY(const auto stored, store.get(state.current));
    return policy::load_pack(stored.files);
}

struct Signed {
    std::shared_ptr<const policy::Pack> pack;
    policy::PackStep step;
    bool compared = false;
};

auto write_signature(const fs::path& file, const crypto::SigningKey& key, std::string_view typ, const std::string& name,
                     const Json& statement) -> Result<> {
    const auto jws = crypto::sign_jws(key, {std::string{typ}, {}, name}, view_bytes(to_jcs(statement)));
    return config::write_public_file(file, to_jcs(jws) + "\n");
}

auto sign(Session& session, const SignOptions& options) -> Result<Signed> {
    CG_TRY(check_name(options.name));
    Signed out;
    CG_TRY(out.pack, open_pack(options.folder));
    const auto& named = policy::named_signatories(*out.pack);
    if (std::ranges::find(named, options.name) == named.end())
        return fail(Errc::denied, "'signatories' in pack.toml does not name " + options.name);
    if (auto errors = lint_errors(out.pack->files(), now()); !errors.empty())
        return fail(Errc::malformed, "this policy has faults: mend them before you sign it", std::move(errors));
    CG_TRY(const auto before, predecessor(session, options));
    CG_TRY(const auto* passphrase, session.passphrase());
    CG_TRY(const auto key, config::read_signing_key(options.key, *passphrase));
    const auto beside = fs::path{options.folder} / "signatures";
    std::error_code error;
    fs::create_directories(beside, error);
    if (error) return fail(Errc::unavailable, "the folder " + beside.string() + " cannot be made: " + error.message());
    const auto at = std::chrono::floor<std::chrono::milliseconds>(now());
    CG_TRY(write_signature(beside / (options.name + ".jws"), key, policy::pack_signature_typ, options.name,
                           policy::pack_statement(*out.pack, options.name, at)));
    if (!before || before->hash() == out.pack->hash()) return out;
    out.compared = true;
    out.step = policy::step_between(*before, *out.pack);
    const auto file = beside / (options.name + ".widening.jws");
    if (out.step.widenings.empty()) {
        fs::remove(file, error);
        return out;
    }
    CG_TRY(write_signature(file, key, policy::widening_signature_typ, options.name,
                           policy::widening_statement(out.step, options.name, at)));
    return out;
}

void tell(const Signed& done, const SignOptions& options) {
    say("Signed as " + ink(Ink::strong, options.name) + ": " + printable(done.pack->id() + " " + done.pack->version()) +
        ", in force from " + to_iso_date(done.pack->in_force_from()));
    say("  " + ink(Ink::faint, done.pack->hash()));
    if (!done.compared)
        return print(
            wrapped("It was compared with no other policy. Where one is in force that this one widens, the second "
                    "signatory signs with --against the folder of that one.",
                    "  "));
    if (done.step.widenings.empty()) return say("  It releases nothing that was withheld before.");
    say(ink(Ink::warn, "You have also signed that you read what is RELEASED FROM NOW ON:"));
    for (const auto& line : done.step.widenings) print(wrapped("* " + printable(line), "  "));
}

auto sign_command(Session& session, const SignOptions& options) -> int {
    const auto done = sign(session, options);
    if (!done) return report(session, done.error());
    const auto& value = done.value();
    if (session.json)
        print_json(Json::object({{"signatory", options.name},
                                 {"hash", value.pack->hash()},
                                 {"compared", value.compared},
                                 {"widenings", Json::texts(value.step.widenings)}}));
    else
        tell(value, options);
    return exit_ok;
}

}  // namespace

void add_policy_sign(CLI::App& policy, Session& session) {
    auto options = std::make_shared<SignOptions>();
    auto* key = policy.add_subcommand("key", "Make a signatory's key");
    key->add_option("NAME", options->name, "The signatory's function, e.g. ig-lead")->required();
    key->add_option("--out", options->out, "Folder for NAME.key.pem and NAME.pub.pem")->capture_default_str();
    key->footer(
        "Each signatory makes their own, with a passphrase that only they know.\n\n"
        "Example:\n  casegate policy key ig-lead --out my-keys");
    key->callback(
        [&session, options] { session.run = [&session, options] { return key_command(session, *options); }; });

    auto* sign_cmd = policy.add_subcommand("sign", "Sign a policy as one of its signatories");
    sign_cmd->add_option("DIR", options->folder, "The policy's folder")->required();
    sign_cmd->add_option("--as", options->name, "Which signatory you are, e.g. ig-lead")->required();
    sign_cmd->add_option("--key", options->key, "Your key file")->required();
    sign_cmd->add_option("--against", options->against,
                         "Folder of the policy in force (default: that of the profile's gateway, if there is one)");
    sign_cmd->footer(
        "Two different signatories sign, each with a key of their own; any later change of a file undoes it. Where the "
        "new\n"
        "policy releases what the one in force withholds, the list is shown and signed as well: a gateway asks for "
        "that of\n"
        "somebody other than the first who signed. Signatures go to DIR/signatures.\n\n"
        "Example:\n"
        "  casegate policy sign policy --as caldicott-guardian --key guardian.key.pem --against policy-in-force");
    sign_cmd->callback(
        [&session, options] { session.run = [&session, options] { return sign_command(session, *options); }; });
}

}  // namespace cg::app
