#pragma once
/// The sub-commands of `casegate policy` and `casegate export`: one function each, in cmd_policy_<name>.cpp or
/// cmd_export.cpp. A new one is a file, a line here and a line in the list of cmd_policy.cpp.

#include "gateway/app/session.hpp"
#include "gateway/base/result.hpp"
#include "policy/pack.hpp"

#include <memory>
#include <string>

namespace cg::app {

/// A pack from its folder.
/// Errors    as read_pack_dir and load_pack, with the folder named
[[nodiscard]] auto open_pack(const std::string& folder) -> Result<std::shared_ptr<const policy::Pack>>;

/// The pack with this hash, from the gateway's store. Null: not to be had.
[[nodiscard]] auto stored_pack(const Session& session, std::string_view hash) -> std::shared_ptr<const policy::Pack>;

void add_policy_diff(CLI::App& policy, Session& session);
void add_policy_lint(CLI::App& policy, Session& session);
void add_policy_explain(CLI::App& policy, Session& session);
void add_policy_repeat(CLI::App& policy, Session& session);
void add_policy_replay(CLI::App& policy, Session& session);
void add_policy_sign(CLI::App& policy, Session& session);      // key, sign
void add_policy_activate(CLI::App& policy, Session& session);  // activate, rollback, status
void add_policy_test(CLI::App& policy, Session& session);
void add_policy_show(CLI::App& policy, Session& session);
void add_policy_matrix(CLI::App& policy, Session& session);
void add_policy_notice(CLI::App& policy, Session& session);

}  // namespace cg::app
