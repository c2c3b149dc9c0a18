// casegate policy: for the people who write and answer for the sharing policy.
#include "config/load.hpp"
#include "config/pack_dir.hpp"
#include "config/pack_store.hpp"
#include "gateway/app/agency_folder.hpp"
#include "gateway/app/policy_commands.hpp"

#include <CLI/CLI.hpp>

namespace cg::app {

auto open_pack(const std::string& folder) -> Result<std::shared_ptr<const policy::Pack>> {
    CG_TRY(const auto files, config::read_pack_dir(folder));
    auto pack = policy::load_pack(files);
    if (pack) return pack;
    auto error = std::move(pack).error();
    error.detail += " (" + folder + ")";
    return fail(std::move(error));
}

auto stored_pack(const Session& session, std::string_view hash) -> std::shared_ptr<const policy::Pack> {
    const auto config = config::load_config(AgencyFolder{session.profile}.gateway_toml());
    if (!config) return nullptr;
    const auto stored = config::PackStore{config.value().policy.store}.find(hash);
    if (!stored) return nullptr;
    auto pack = policy::load_pack(stored.value().files);
    return pack ? std::move(pack).value() : nullptr;
}

void add_policy(CLI::App& root, Session& session) {
    auto* cmd = root.add_subcommand("policy", "Read, check, test and compare the sharing policy");
    cmd->require_subcommand(1);
    for (const auto add : {
             add_policy_diff,
             add_policy_lint,
             add_policy_explain,
             add_policy_repeat,
             add_policy_replay,
             add_policy_sign,
             add_policy_activate,
             add_policy_test,
             add_policy_show,
             add_policy_matrix,
             add_policy_notice,
         })
        add(*cmd, session);
    cmd->footer(
        "A policy is a folder of plain text files (config/packs/exampleshire is an example). None of these commands "
        "needs a gateway, a network or a key, unless its help says so.");
}

}  // namespace cg::app
