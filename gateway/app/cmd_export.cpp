// casegate export: the policy's facts for other registers.
#include "gateway/app/exit.hpp"
#include "gateway/app/output.hpp"
#include "gateway/app/policy_commands.hpp"
#include "policy/pack_pages.hpp"
#include "policy/view_schema.hpp"

#include <CLI/CLI.hpp>

namespace cg::app {
namespace {

struct ExportOptions {
    std::string folder, purpose, role;
    bool csv = false, mais = false;
};

auto run_article30(const Session& session, const ExportOptions& options) -> int {
    const auto pack = open_pack(options.folder);
    if (!pack.has_value()) return report(session, pack.error());
    if (options.csv)
        print(policy::article30_csv(*pack.value()));
    else
        print_json(policy::article30(*pack.value()));
    return exit_ok;
}

auto run_sharing_policy(const Session& session, const ExportOptions& options) -> int {
    const auto pack = open_pack(options.folder);
    if (!pack.has_value()) return report(session, pack.error());
    print_json(policy::sharing_policies(*pack.value()));
    return exit_ok;
}

auto run_view_schema(const Session& session, const ExportOptions& options) -> int {
    const auto pack = open_pack(options.folder);
    if (!pack.has_value()) return report(session, pack.error());
    const auto schema = policy::view_schema(*pack.value(), options.purpose, options.role);
    if (!schema.has_value()) return report(session, schema.error(), exit_usage);
    print_json(schema.value());
    return exit_ok;
}

}  // namespace

void add_export(CLI::App& root, Session& session) {
    auto* cmd = root.add_subcommand("export", "Write the policy's facts for registers and for other systems");
    cmd->require_subcommand(1);
    auto options = std::make_shared<ExportOptions>();
    auto* article30 = cmd->add_subcommand(
        "art30", "The record of processing activities (UK GDPR Article 30): an entry for each purpose and role");
    article30->add_option("DIR", options->folder, "The policy's folder")->required();
    article30->add_flag("--csv", options->csv, "For a spreadsheet; otherwise JSON");
    article30->footer("Example:\n  casegate export art30 config/packs/exampleshire --csv > article30.csv");
    article30->callback(
        [&session, options] { session.run = [&session, options] { return run_article30(session, *options); }; });
    auto* sharing = cmd->add_subcommand("sharing-policy", "A SharingPolicy for each purpose and role, as JSON");
    sharing->add_option("DIR", options->folder, "The policy's folder")->required();
    sharing->add_flag("--mais", options->mais, "With the names of the multi-agency information sharing (MAIS) draft")
        ->required();
    sharing->footer(
        "Example:\n  casegate export sharing-policy config/packs/exampleshire --mais > sharing-policy.json");
    sharing->callback(
        [&session, options] { session.run = [&session, options] { return run_sharing_policy(session, *options); }; });
    auto* views = cmd->add_subcommand("view-schema", "The JSON Schema of what one role receives for a purpose, with words for codes");
    views->add_option("DIR", options->folder, "The policy's folder")->required();
    views->add_option("--purpose", options->purpose, "The purpose, e.g. early-help")->required();
    views->add_option("--role", options->role, "The recipient's role, e.g. charity.lead-worker")->required();
    views->footer(
        "Example:\n"
        "  casegate export view-schema config/packs/exampleshire --purpose early-help --role charity.lead-worker");
    views->callback(
        [&session, options] { session.run = [&session, options] { return run_view_schema(session, *options); }; });
    cmd->footer("Nothing here needs a gateway, a network or a key.");
}

}  // namespace cg::app
