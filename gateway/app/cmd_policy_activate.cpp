// casegate policy activate, rollback, status: changing the policy of a running gateway.
#include "config/load.hpp"
#include "gateway/app/agency_folder.hpp"
#include "gateway/app/exit.hpp"
#include "gateway/app/output.hpp"
#include "gateway/app/pack_check.hpp"
#include "gateway/app/policy_commands.hpp"
#include "gateway/app/poll.hpp"

#include <CLI/CLI.hpp>
#include <csignal>
#include <cstring>
#include <pwd.h>
#include <unistd.h>

namespace cg::app {
namespace {

constexpr auto answer_bound = std::chrono::seconds{60};

struct ActivateOptions {
    std::string folder, config;
    bool dry_run = false;
};

/// The gateway's settings and its store.
struct Place {
    config::Config config;
    config::PackStore store;
    PackRules rules;
};

auto open_place(const Session& session, const ActivateOptions& options) -> Result<Place> {
    const auto file =
        options.config.empty() ? AgencyFolder{session.profile}.gateway_toml() : std::filesystem::path{options.config};
    CG_TRY(auto config, config::load_config(file));
    CG_TRY(auto signatories, read_signatories(config));
    const config::PackStore store{config.policy.store};
    const auto required = config.policy.require_signatures;
    return Place{std::move(config), store, {required, std::move(signatories)}};
}

/// Who sits at the terminal, as the system knows them.
auto user() -> std::string {
    const auto* entry = ::getpwuid(::getuid());
    return entry != nullptr ? entry->pw_name : "uid " + std::to_string(::getuid());
}

/// A version of the store as a pack; null: there is none.
auto load_version(const config::PackStore& store, const std::string& version)
    -> Result<std::shared_ptr<const policy::Pack>> {
    if (version.empty()) return std::shared_ptr<const policy::Pack>{};
    CG_TRY(const auto stored, store.get(version));
    return policy::load_pack(stored.files);
}

auto refusal(std::vector<Problem> problems) -> Error {
    return Error{Errc::malformed, "the policy was refused; the one before stays in force", std::move(problems)};
}

/// What the gateway answered.
auto read_answer(const Json& answer) -> Result<Json> {
    if (answer["in_force"].is_true()) return answer;
    std::vector<Problem> problems;
    if (const auto* list = answer["problems"].if_array())
        for (const auto& one : *list)
            problems.push_back({std::string{one["type"].text()}, std::string{one["pointer"].text()},
                                std::string{one["fix"].text()}, ""});
    auto error = refusal(std::move(problems));
    error.detail = answer["detail"].text();
    return fail(std::move(error));
}

/// Files the request, wakes the gateway, and waits for its answer. None: no gateway runs; it is done at the next start.
auto ask_gateway(const config::PackStore& store, const config::PackRequest& request) -> Result<std::optional<Json>> {
    CG_TRY(const auto id, store.ask(request));
    const auto gateway = store.holder();
    if (gateway == 0) return std::optional<Json>{};
    if (::kill(gateway, SIGHUP) != 0) {
        const auto* why = std::strerror(errno);
        static_cast<void>(store.withdraw(id));
        return fail(Errc::denied, std::string{"the gateway cannot be told (run this as its user): "} + why);
    }
    auto answer = poll(answer_bound, [&] { return store.take_answer(id); });
    if (!answer) {
        if (store.withdraw(id)) return fail(Errc::timed_out, "the gateway did not answer; nothing was changed");
        return fail(Errc::timed_out, "the gateway has not answered yet: see 'casegate policy status'");
    }
    CG_TRY(auto done, read_answer(answer.value()));
    return std::optional{std::move(done)};
}

void tell_in_force(const Json& answer) {
    say(ink(Ink::good, "In force: ") + printable(answer["pack"]["id"].text()) + " " +
        printable(answer["pack"]["version"].text()) + "  " + ink(Ink::faint, answer["pack"]["hash"].text()));
    const auto* widenings = answer["widenings"].if_array();
    if (widenings == nullptr || widenings->empty()) return say("  It releases nothing that was withheld before.");
    say(ink(Ink::warn, "Released from now on:"));
    for (const auto& line : *widenings) print(wrapped("* " + printable(line.text()), "  "));
}

auto finish(const Session& session, const Result<std::optional<Json>>& done) -> int {
    if (!done) return report(session, done.error());
    const auto waits = Json::object({{"in_force", false}, {"waiting", true}});
    if (session.json)
        print_json(done.value() ? *done.value() : waits);
    else if (done.value())
        tell_in_force(*done.value());
    else
        say("The gateway does not run. It will do this when it starts.");
    return exit_ok;
}

auto activate(Session& session, const ActivateOptions& options) -> int {
    const auto place = open_place(session, options);
    if (!place) return report(session, place.error());
    auto candidate = config::read_signed_pack(options.folder);
    if (!candidate) return report(session, candidate.error());
    const auto& store = place.value().store;
    if (options.dry_run || store.holder() == 0) {  // nobody else is there to say what is wrong
        const auto state = store.in_force();
        if (!state) return report(session, state.error());
        const auto in_force = load_version(store, state.value().current);
        auto check = check_successor(candidate.value(), in_force ? in_force.value().get() : nullptr, place.value().rules, now());
        if (!in_force && place.value().rules.require_signatures &&
            config::version_of(candidate.value()) != state.value().current)
            check.problems.push_back(no_comparison());
        if (!check.problems.empty()) return report(session, refusal(check.problems));
        if (options.dry_run) {
            if (session.json)
                print_json(Json::object({{"acceptable", true},
                                         {"pack", pack_json(check)},
                                         {"widenings", Json::texts(check.step.widenings)}}));
            else
                say("It would come into force. Nothing was changed.");
            return exit_ok;
        }
    }
    return finish(session, ask_gateway(store, {"activate", user(), std::move(candidate).value(), {}}));
}

auto roll_back(Session& session, const ActivateOptions& options) -> int {
    const auto place = open_place(session, options);
    if (!place) return report(session, place.error());
    const auto state = place.value().store.in_force();
    if (!state) return report(session, state.error());
    if (state.value().previous.empty() && place.value().store.holder() == 0)
        return report(
            session,
            refusal({Problem{"pack/nothing-before", "", "No other policy was in force before this one.", ""}}));
    return finish(session, ask_gateway(place.value().store, {"rollback", user(), {}, state.value().current}));
}

auto version_json(const Place& place, const std::string& version) -> Json {
    if (version.empty()) return {};
    const auto stored = place.store.get(version);
    if (!stored) return Json::object({{"stored", version}, {"problems", problems_json(stored.error().problems)}});
    const auto check = check_pack(stored.value(), place.rules, now());
    auto out = pack_json(check);
    out.set("signed_by", Json::texts(check.signed_by));
    out.set("problems", problems_json(check.problems));
    return out;
}

void tell_version(const std::string& label, const Json& version) {
    if (version.is_null()) return say(label + "none");
    say(label + ink(Ink::strong, printable(version["id"].text()) + " " + printable(version["version"].text())) + "  " +
        ink(Ink::faint, version["hash"].text()));
    std::string names;
    if (const auto* list = version["signed_by"].if_array())
        for (const auto& name : *list) names += (names.empty() ? "" : ", ") + printable(name.text());
    say("             signed by " + (names.empty() ? "nobody" : names));
    if (const auto* list = version["problems"].if_array())
        for (const auto& problem : *list) print(wrapped(printable(problem["fix"].text()), "             "));
}

auto status(Session& session, const ActivateOptions& options) -> int {
    const auto place = open_place(session, options);
    if (!place) return report(session, place.error());
    const auto& [config, store, rules] = place.value();
    const auto state = store.in_force();
    if (!state) return report(session, state.error());
    const auto current = version_json(place.value(), state.value().current);
    const auto previous = version_json(place.value(), state.value().previous);
    const bool running = store.holder() != 0;
    const auto waiting = store.waiting().size();
    if (session.json) {
        print_json(Json::object({{"current", current},
                                 {"previous", previous},
                                 {"running", running},
                                 {"waiting", waiting},
                                 {"require_signatures", rules.require_signatures}}));
        return exit_ok;
    }
    tell_version("In force:    ", current);
    tell_version("Before that: ", previous);
    say(running ? "The gateway runs." : "The gateway does not run.");
    if (waiting != 0) say(counted(waiting, "request") + " waits for it.");
    if (!rules.require_signatures) say(ink(Ink::warn, "Signatures are not asked for here: for development only."));
    return exit_ok;
}

}  // namespace

void add_policy_activate(CLI::App& policy, Session& session) {
    auto options = std::make_shared<ActivateOptions>();
    const auto command = [&](const char* name, const char* what, const char* more,
                             int (*run)(Session&, const ActivateOptions&)) {
        auto* cmd = policy.add_subcommand(name, what);
        cmd->add_option("--config", options->config, "Configuration (default: gateway.toml of the profile)");
        cmd->footer(more);
        cmd->callback(
            [&session, options, run] { session.run = [&session, options, run] { return run(session, *options); }; });
        return cmd;
    };
    auto* activate_cmd =
        command("activate", "Bring a policy into force in the running gateway, or say everything that is wrong with it",
                "It is checked, copied whole into the gateway's own store, written to the log and put in force at "
                "once; messages that\n"
                "are being decided keep the policy they began with. What is refused changes nothing. Run this as the "
                "gateway's user.\n\n"
                "Example:\n  casegate policy activate policy --profile willow",
                activate);
    activate_cmd->add_option("DIR", options->folder, "The policy's folder, with its signatures")->required();
    activate_cmd->add_flag("--dry-run", options->dry_run, "Only say whether it would be accepted");
    command("rollback", "Go back to the policy that was in force before",
            "In one step, without new signatures: it was signed when it came into force. The log says so. A second "
            "roll-back\n"
            "returns to the newer one.\n\n"
            "Example:\n  casegate policy rollback --profile willow",
            roll_back);
    command("status", "Which policy is in force, which one was before, and who signed them",
            "Example:\n  casegate policy status --profile willow", status);
}

}  // namespace cg::app
