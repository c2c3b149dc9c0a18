// casegate open: reads a message from the inbox, or any age file.
#include "gateway/app/client.hpp"
#include "gateway/app/exit.hpp"
#include "gateway/app/files.hpp"
#include "gateway/app/output.hpp"
#include "gateway/app/raw_age.hpp"
#include "gateway/app/render_view.hpp"
#include "gateway/relay/seal.hpp"

#include <CLI/CLI.hpp>

namespace cg::app {
namespace {

struct OpenOptions {
    std::string what = "-";  ///< a message id, or with `raw` a file
    std::string role, out, identity;
    bool raw = false, acknowledge = false, no_receipt = false;
};

/// A message as it came from the gateway, nothing of it believed yet.
struct Fetched {
    Bytes envelope;
    wire::Routing routing;
};

/// Reads the answer of `GET /v1/inbox/{mid}`; the routing's signature is checked with the directory.
auto read_fetched(const Json& body, const certs::Directory& directory) -> Result<Fetched> {
    CG_TRY(auto envelope, from_base64(body["envelope"].text(), Base64::standard));
    CG_TRY(const auto unverified, wire::read_signed_routing(body["routing"]));
    CG_TRY(const auto key, directory.signing_key(unverified.claimed.from, unverified.certificate_sha256, now()));
    CG_TRY(auto routing, unverified.verified_by(key));
    return Fetched{std::move(envelope), std::move(routing)};
}

/// RE-3: only a role's own key opens what was sent to it.
/// Tries the keys of the profile's roles, or of the one that was named: the outside does not tell for whom it is.
auto open_with_role(Session& session, const config::ClientProfile& profile, const Fetched& fetched,
                    const certs::Directory& directory, const std::string& only) -> Result<wire::ViewPayload> {
    CG_TRY(const auto* passphrase, session.passphrase());
    std::optional<Error> refused;
    for (const auto& [role, file] : profile.roles) {
        if (!only.empty() && role.str() != only) continue;
        CG_TRY(const auto identity, read_role_key(profile, role, *passphrase));
        auto opened =
            relay::open_envelope(fetched.envelope, fetched.routing, {role, profile.agency}, identity, directory, now());
        if (opened.has_value()) return opened;
        // A reason with a Problem is about this very message; without one the key was another's.
        if (!refused || !opened.error().problems.empty()) refused = std::move(opened).error();
    }
    if (!refused) return fail(Errc::not_found, "the client settings have no key for that role");
    if (refused->problems.empty())
        refused->detail = "none of the keys here opens this message: it is for another role, or it was altered";
    return fail(std::move(*refused));
}

auto acknowledge(Office& office, const std::string& mid, std::string_view state) -> Result<> {
    CG_TRY(const auto answer, office.post("/v1/inbox/" + mid + "/ack", to_jcs(Json::object({{"state", state}}))));
    if (answer.status == 200) return ok();
    return fail(Errc::unavailable, "the message is open, but the gateway did not take the receipt (answer " +
                                       std::to_string(answer.status) + "); run the command again");
}

void show(const Session& session, const wire::ViewPayload& payload) {
    if (session.json) {
        print_json(Json::object({{"mid", payload.mid.str()},
                                 {"from", payload.from.str()},
                                 {"to", payload.to.str()},
                                 {"purpose", payload.purpose.str()},
                                 {"issued", to_rfc3339(payload.issued)},
                                 {"signature", "verified"},
                                 {"view", payload.view}}));
        return;
    }
    print(render_view(payload));
}

auto open_message(Session& session, const OpenOptions& options) -> int {
    const auto mid = MessageId::parse(options.what);
    if (!mid.has_value())
        return report(session, Error{Errc::malformed, "that is no message id (msg-…); for a file use --raw", {}});
    auto office = Office::connect(session);
    if (!office.has_value()) return report(session, office.error());
    const auto& profile = office.value().profile();
    const auto answer = office.value().get("/v1/inbox/" + mid.value().str());
    if (!answer.has_value()) return report(session, answer.error());
    if (answer.value().status != 200) return report_problem(session, answer.value());
    const auto body = body_of(answer.value());
    if (!body.has_value()) return report(session, body.error());
    const auto directory = read_directory(profile.directory_dir, profile.registrar_key);
    if (!directory.has_value()) return report(session, directory.error());
    const auto fetched = read_fetched(body.value(), directory.value());
    if (!fetched.has_value()) return report(session, fetched.error());
    const auto payload = open_with_role(session, profile, fetched.value(), directory.value(), options.role);
    if (!payload.has_value()) return report(session, payload.error());
    show(session, payload.value());
    if (options.no_receipt) return exit_ok;
    const auto told = acknowledge(office.value(), mid.value().str(), options.acknowledge ? "acknowledged" : "opened");
    if (!told.has_value()) return report(session, told.error());
    if (!session.json)
        say(ink(Ink::faint, options.acknowledge
                                ? "The sender is told, with a signed receipt, that you have taken this over."
                                : "The sender is told, with a signed receipt, that you have opened this. Take it over "
                                  "with --acknowledge."));
    return exit_ok;
}

/// The role keys of the profile, or the age identities of a file.
auto identities(Session& session, const OpenOptions& options) -> Result<std::vector<crypto::AgeIdentity>> {
    if (!options.identity.empty()) return read_identity_file(options.identity);
    CG_TRY(const auto profile, config::load_client_profile(session.profile));
    CG_TRY(const auto* passphrase, session.passphrase());
    std::vector<crypto::AgeIdentity> all;
    for (const auto& [role, file] : profile.roles) {
        if (!options.role.empty() && role.str() != options.role) continue;
        CG_TRY(auto identity, read_role_key(profile, role, *passphrase));
        all.push_back(std::move(identity));
    }
    if (all.empty()) return fail(Errc::not_found, "no key to open with: name a file of age identities with --identity");
    return all;
}

auto open_raw(Session& session, const OpenOptions& options) -> int {
    const auto keys = identities(session, options);
    if (!keys.has_value()) return report(session, keys.error());
    const auto opened = open_age(options.what, options.out, keys.value());
    if (opened.has_value()) return exit_ok;
    auto error = opened.error();
    if (error.code == Errc::unauthenticated) error.detail = "this file is sealed to another key, or was altered";
    return report(session, error, error.code == Errc::unauthenticated ? exit_bad_input : exit_of(error.code));
}

}  // namespace

void add_open(CLI::App& root, Session& session) {
    auto options = std::make_shared<OpenOptions>();
    auto* cmd =
        root.add_subcommand("open", "Open a message from the inbox with your role's key; with --raw, any age file");
    cmd->add_option("MESSAGE", options->what,
                    "Message id (msg-…); with --raw: an age file, '-' or nothing for standard input");
    cmd->add_option("--role", options->role, "Only this role's key (default: all that the profile has)");
    cmd->add_flag("--acknowledge", options->acknowledge,
                  "Tell the sender that you have taken it over, not only opened it");
    cmd->add_flag("--no-receipt", options->no_receipt, "Do not tell the sender now");
    cmd->add_flag("--raw", options->raw, "Open a plain age file, binary or armored");
    cmd->add_option("-o,--output", options->out, "With --raw: write here (default: standard output)");
    cmd->add_option("-i,--identity", options->identity,
                    "With --raw: file with age identities, one a line (default: the role keys)");
    cmd->footer(
        "The sender's signature is checked with the directory: what is shown was written by the agency it names, for "
        "you.\n"
        "With --raw nothing of a damaged file appears under the output's name.\n\n"
        "Examples:\n"
        "  casegate open --profile exampleshire msg-abcdefghijklmnopqrstuvwxyz\n"
        "  casegate open --raw --identity key.txt -o letter.pdf letter.pdf.age");
    cmd->callback([&session, options] {
        session.run = [&session, options] {
            return options->raw ? open_raw(session, *options) : open_message(session, *options);
        };
    });
}

}  // namespace cg::app
