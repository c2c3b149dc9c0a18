// casegate policy notice: what a family is told about a purpose, in plain words (OP-8); none where a case says that they
// must not be told (OP-3).
#include "gateway/app/exit.hpp"
#include "gateway/app/files.hpp"
#include "gateway/app/output.hpp"
#include "gateway/app/policy_commands.hpp"
#include "policy/case_facts.hpp"
#include "policy/notice.hpp"
#include "policy/submission.hpp"

#include <CLI/CLI.hpp>
#include <cstdio>

namespace cg::app {
namespace {

constexpr std::size_t max_bytes = 8U << 20U;

struct NoticeOptions {
    std::string folder, purpose, about;
};

auto read_case(const std::string& file) -> Result<policy::Submission> {
    CG_TRY(auto input, Input::open(file));
    CG_TRY(const auto text, input.read_all(max_bytes));
    CG_TRY(auto document, parse_json(text.reveal()));
    return policy::parse_submission(std::move(document));
}

/// There is a reason why the family was not told: the notice is for the day when it has gone.
auto not_yet(const policy::Submission& about) -> bool {
    return !policy::read_case_facts(about.case_tree, Date{}).exceptions.empty();
}

auto run_notice(const Session& session, const NoticeOptions& options) -> int {
    const auto pack = open_pack(options.folder);
    if (!pack.has_value()) return report(session, pack.error());
    std::optional<policy::Submission> about;
    if (!options.about.empty()) {
        auto read = read_case(options.about);
        if (!read.has_value()) return report(session, read.error());
        about = std::move(read).value();
    }
    const auto notice = policy::family_notice(*pack.value(), options.purpose, about ? &*about : nullptr);
    if (!notice.has_value())
        return report(session, notice.error(), notice.error().code == Errc::not_found ? exit_usage : exit_no);
    const bool wait = about && not_yet(*about);
    if (session.json) {
        print_json(Json::object({{"purpose", options.purpose}, {"notice", notice.value()}, {"not_yet", wait}}));
        return exit_ok;
    }
    print(notice.value());
    if (wait)
        std::fputs("\nDo not give this to the family yet: the case names a reason for not telling them.\n", stderr);
    return exit_ok;
}

}  // namespace

void add_policy_notice(CLI::App& policy, Session& session) {
    auto options = std::make_shared<NoticeOptions>();
    auto* cmd = policy.add_subcommand("notice", "Write the notice for a family: what is held, why it may be shared, who may need it");
    cmd->add_option("DIR", options->folder, "The policy's folder")->required();
    cmd->add_option("--purpose", options->purpose, "The purpose, e.g. early-help")->required();
    cmd->add_option("--about", options->about,
                    "The submission (JSON) that the family is to be told of: no notice is written where it says that nobody "
                    "at home may learn of it");
    cmd->footer(
        "Say --about whenever there is a case: without it nobody looks whether the family may be told.\n"
        "Status 1: they may not, so no notice is written.\n"
        "Example:\n"
        "  casegate policy notice config/packs/exampleshire --purpose early-help\n"
        "  casegate policy notice config/packs/exampleshire --purpose child-protection-referral \\\n"
        "      --about config/examples/cases/child-protection-referral.json");
    cmd->callback([&session, options] { session.run = [&session, options] { return run_notice(session, *options); }; });
}

}  // namespace cg::app
