// casegate check: what would happen, without sending anything.
#include "config/pack_dir.hpp"
#include "crypto/hash.hpp"
#include "gateway/app/client.hpp"
#include "gateway/app/exit.hpp"
#include "gateway/app/files.hpp"
#include "gateway/app/output.hpp"
#include "gateway/app/render_decision.hpp"
#include "policy/danger.hpp"
#include "policy/decide.hpp"

#include <CLI/CLI.hpp>

namespace cg::app {
namespace {

constexpr std::size_t max_bytes = 8U << 20U;

struct CheckOptions {
    std::string file = "-";
    std::string pack, as, at;
    bool syntax_only = false, views = false, rules = false;
};

auto show(const Session& session, const Json& decision, const CheckOptions& options) -> int {
    if (session.json) {
        print_json(decision);
    } else {
        print(render_decision(decision, {.rules = options.rules}));
        if (options.views) {
            const auto* recipients = decision["recipients"].if_array();
            for (const auto& recipient : recipients != nullptr ? *recipients : JsonArray{}) {
                say("\n" + ink(Ink::strong, "What " + printable(recipient["to"].text()) + " would see"));
                say(printable(to_pretty_json(recipient["view"])));
            }
        }
    }
    return all_permit(decision) ? exit_ok : exit_no;
}

/// Well-formed I-JSON, or where it is not.
auto check_syntax(const Session& session, const CheckOptions& options) -> int {
    auto input = Input::open(options.file);
    if (!input.has_value()) return report(session, input.error());
    const auto text = input.value().read_all(max_bytes);
    if (!text.has_value()) return report(session, text.error());
    const auto json = parse_json(text.value().reveal());
    if (!json.has_value()) return report(session, json.error(), exit_bad_input);
    if (session.json)
        print_json(Json::object({{"well_formed", true}}));
    else
        say("Well-formed I-JSON.");
    return exit_ok;
}

/// The whole decision from files alone. References in its views are not those of a gateway, whose key for them is
/// secret.
auto decide_offline(const CheckOptions& options) -> Result<policy::Decision> {
    CG_TRY(auto input, Input::open(options.file));
    CG_TRY(const auto text, input.read_all(max_bytes));
    CG_TRY(const auto files, config::read_pack_dir(options.pack));
    CG_TRY(const auto pack, policy::load_pack(files));
    CG_TRY(const auto agency, AgencyId::parse(options.as));
    const auto* facts = pack->agencies().find(agency);
    if (facts == nullptr) return fail(Errc::not_found, "the pack's agencies.toml has no such agency as --as names");
    CG_TRY(const auto at, parse_instant(options.at));
    CG_TRY(auto document, parse_json(text.reveal()));
    CG_TRY(const auto submission, policy::parse_submission(*pack, std::move(document)));
    const auto salt = crypto::sha256("casegate check without a gateway");
    return policy::decide(*pack, pack->agencies(), submission, policy::caller_of(*facts), at, salt);
}

auto check_offline(const Session& session, const CheckOptions& options) -> int {
    if (options.as.empty() || options.at.empty()) {
        return report(
            session,
            Error{Errc::malformed,
                  "a check without a gateway needs --pack, --as and --at (e.g. --as willow --at 2026-03-03T12:58:00Z)",
                  {}},
            exit_usage);
    }
    const auto decision = decide_offline(options);
    if (!decision.has_value()) return report(session, decision.error());
    return show(session, policy::to_json(decision.value(), true), options);
}

auto check_online(Session& session, const CheckOptions& options) -> int {
    auto input = Input::open(options.file);
    if (!input.has_value()) return report(session, input.error());
    const auto text = input.value().read_all(max_bytes);
    if (!text.has_value()) return report(session, text.error());
    auto office = Office::connect(session);
    if (!office.has_value()) return report(session, office.error());
    const auto answer = office.value().post("/v1/checks", text.value().reveal_text());
    if (!answer.has_value()) return report(session, answer.error());
    if (answer.value().status != 200) return report_problem(session, answer.value());
    const auto decision = body_of(answer.value());
    if (!decision.has_value()) return report(session, decision.error());
    return show(session, decision.value(), options);
}

auto check(Session& session, const CheckOptions& options) -> int {
    if (options.syntax_only) return check_syntax(session, options);
    if (!options.pack.empty() || !options.as.empty() || !options.at.empty()) return check_offline(session, options);
    return check_online(session, options);
}

}  // namespace

void add_check(CLI::App& root, Session& session) {
    auto options = std::make_shared<CheckOptions>();
    auto* cmd = root.add_subcommand("check", "Say who would get what, and why. Nothing is sent and nothing recorded");
    cmd->add_option("FILE", options->file, "A submission (JSON); '-' or nothing: standard input");
    cmd->add_flag("--syntax-only", options->syntax_only, "Only whether FILE is well-formed I-JSON (RFC 7493)");
    cmd->add_option("--pack", options->pack,
                    "Decide with this policy folder, without a gateway, network, ledger or keys");
    cmd->add_option("--as", options->as, "With --pack: the sending agency, from the pack's agencies.toml");
    cmd->add_option("--at", options->at, "With --pack: the time of the decision, e.g. 2026-03-03T12:58:00Z");
    cmd->add_flag("--views", options->views, "Show what each recipient would see");
    cmd->add_flag("--rules", options->rules, "Name the rule behind each line");
    cmd->footer(
        "Exit status 0: everybody may have their part. 1: somebody may not. 65: the submission is wrong; all that is "
        "wrong is listed.\n\n"
        "Examples:\n"
        "  casegate check --profile willow referral.json\n"
        "  casegate check --pack config/packs/exampleshire --as willow --at 2026-03-03T12:58:00Z --views "
        "referral.json\n"
        "  casegate check --syntax-only referral.json");
    cmd->callback([&session, options] { session.run = [&session, options] { return check(session, *options); }; });
}

}  // namespace cg::app
