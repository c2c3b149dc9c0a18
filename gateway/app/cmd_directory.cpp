// casegate directory: who is in the federation, and this agency's own entry.
#include "config/secrets.hpp"
#include "gateway/app/agency_folder.hpp"
#include "gateway/app/client.hpp"
#include "gateway/app/exit.hpp"
#include "gateway/app/output.hpp"

#include <CLI/CLI.hpp>

namespace cg::app {
namespace {

constexpr auto descriptor_life = std::chrono::days{365};

auto agency_json(const certs::Descriptor& agency, bool in_force) -> Json {
    Json roles = Json::array();
    for (const auto& role : agency.roles) roles.push(role.role.str() + "@" + agency.agency.str());
    return Json::object({{"agency", agency.agency.str()},
                         {"name", agency.name},
                         {"kind", to_string(agency.kind)},
                         {"public_authority", agency.public_authority},
                         {"areas", Json::texts(agency.areas)},
                         {"recipients", std::move(roles)},
                         {"log", agency.log},
                         {"seq", agency.seq},
                         {"expires", to_rfc3339(agency.expires)},
                         {"in_force", in_force}});
}

void show_people(const certs::Directory& directory) {
    Table table{{"recipient", "agency", "kind", "good until"}};
    for (const auto& id : directory.agencies()) {
        const auto& agency = *directory.find(id);
        const bool in_force = directory.in_force(id, now()).has_value();
        const auto until = to_iso_date(date_of(agency.expires)) + (in_force ? "" : " (expired)");
        if (agency.roles.empty())
            table.row({"(sends only)", printable(agency.name), std::string{to_string(agency.kind)}, until});
        for (const auto& role : agency.roles)
            table.row(
                {role.role.str() + "@" + id.str(), printable(agency.name), std::string{to_string(agency.kind)}, until});
    }
    print(table.str());
    for (const auto& refusal : directory.refusals())
        say(ink(Ink::warn, "  not used: " + refusal.label + " (" + refusal.reason + ")"));
}

auto list(Session& session) -> int {
    const auto profile = config::load_client_profile(session.profile);
    if (!profile.has_value()) return report(session, profile.error());
    const auto directory = read_directory(profile.value().directory_dir, profile.value().registrar_key);
    if (!directory.has_value()) return report(session, directory.error());
    if (!session.json) {
        show_people(directory.value());
        return directory.value().refusals().empty() ? exit_ok : exit_no;
    }
    Json agencies = Json::array();
    for (const auto& id : directory.value().agencies())
        agencies.push(agency_json(*directory.value().find(id), directory.value().in_force(id, now()).has_value()));
    Json refused = Json::array();
    for (const auto& refusal : directory.value().refusals())
        refused.push(
            Json::object({{"file", refusal.label}, {"agency", refusal.agency.str()}, {"reason", refusal.reason}}));
    print_json(Json::object({{"agencies", std::move(agencies)}, {"refused", std::move(refused)}}));
    return directory.value().refusals().empty() ? exit_ok : exit_no;
}

/// Makes and signs this agency's descriptor from agency.json and the certificates that came back.
auto describe(Session& session, const AgencyFolder& folder) -> Result<certs::Descriptor> {
    CG_TRY(auto facts, read_facts(folder));
    CG_TRY(const auto pem, config::read_public_file(folder.certificate("signing")));
    CG_TRY(const auto certificate, certs::read_certificate(pem));
    CG_TRY(const auto* passphrase, session.passphrase());
    CG_TRY(const auto key, config::read_signing_key(folder.key("signing"), *passphrase));
    facts.seq += 1;
    facts.issued = std::chrono::floor<std::chrono::seconds>(now());
    facts.expires = std::min<Instant>(facts.issued + descriptor_life, certificate.not_after);
    facts.signing = {certificate};
    CG_TRY(const auto signed_text, certs::sign_descriptor(facts, key, certificate.sha256));
    CG_TRY(config::write_public_file(folder.descriptor(), to_jcs(signed_text) + "\n"));
    CG_TRY(config::write_public_file(folder.facts(), facts_text(facts)));
    return facts;
}

auto describe_command(Session& session) -> int {
    const AgencyFolder folder{session.profile};
    const auto facts = describe(session, folder);
    if (!facts.has_value()) return report(session, facts.error());
    if (session.json) {
        print_json(agency_json(facts.value(), true));
    } else {
        say(ink(Ink::good, "Signed: ") + folder.descriptor().string());
        print(
            wrapped("Send it to the federation's registrar. It says how to reach this agency, which roles receive here "
                    "and with which "
                    "keys. It holds no secret.",
                    ""));
    }
    return exit_ok;
}

}  // namespace

void add_directory(CLI::App& root, Session& session) {
    auto* cmd = root.add_subcommand("directory", "Who can receive in this federation; and this agency's own entry");
    cmd->require_subcommand(1);
    auto* list_cmd = cmd->add_subcommand("list", "List all recipients (role@agency) and the agencies behind them");
    list_cmd->footer("Example:\n  casegate directory list --profile willow");
    list_cmd->callback([&session] { session.run = [&session] { return list(session); }; });
    auto* describe_cmd = cmd->add_subcommand("describe", "Sign this agency's entry, to be sent to the registrar");
    describe_cmd->footer(
        "Needs certs/signing.pem from the federation's authority. Each time its number goes up by one.\n\n"
        "Example:\n  casegate directory describe --profile willow");
    describe_cmd->callback([&session] { session.run = [&session] { return describe_command(session); }; });
}

}  // namespace cg::app
