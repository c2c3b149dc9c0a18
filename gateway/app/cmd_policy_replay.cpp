// casegate policy replay: what another policy would have done with the decisions of the last weeks, as far as can be
// told.
#include "gateway/app/exit.hpp"
#include "gateway/app/log_decisions.hpp"
#include "gateway/app/output.hpp"
#include "gateway/app/policy_commands.hpp"
#include "gateway/app/words.hpp"
#include "policy/replay.hpp"

#include <CLI/CLI.hpp>

namespace cg::app {
namespace {

struct ReplayOptions {
    LedgerOptions ledger;
    std::string since = "90d", with;
    bool exact = false;
};

constexpr const char* limits_of_it =
    "What cannot be told: conditions that depend on the case, and whatever lies in its people, words and dates. The "
    "log holds no "
    "case, so those count as unknown; a field that the tables would release may still stay behind for such a reason.";

/// Numbers as they may be published, or as they are.
class Numbers {
public:
    explicit Numbers(bool exact) : exact_(exact) {}
    [[nodiscard]] auto text(std::size_t count) const -> std::string {
        return exact_ ? std::to_string(count) : policy::published(count);
    }
    [[nodiscard]] auto json(std::size_t count) const -> Json {
        return exact_ || count == 0 || count >= 5 ? Json{count} : Json{"<5"};
    }

private:
    bool exact_;
};

/// A total beside suppressed parts would give them away: it is published in fives.
auto total(const Numbers& numbers, std::size_t count, bool exact) -> std::string {
    return exact || count < 5 ? numbers.text(count) : "about " + std::to_string(count / 5 * 5);
}

using Cells = std::map<policy::ReplayCounts::Cell, std::size_t>;

auto cells_json(const Cells& cells, const Numbers& numbers) -> Json {
    Json out = Json::array();
    for (const auto& [cell, count] : cells) {
        const auto& [purpose, role, group] = cell;
        out.push(
            Json::object({{"purpose", purpose}, {"role", role}, {"group", group}, {"copies", numbers.json(count)}}));
    }
    return out;
}

auto to_json(const policy::ReplayCounts& counts, const policy::Pack& pack, const Numbers& numbers, bool exact) -> Json {
    Json fates = Json::object(), reasons = Json::object();
    for (std::size_t i = 0; i < counts.recipients.size(); ++i)
        fates.set(policy::to_string(static_cast<policy::Fate>(i)), numbers.json(counts.recipients[i]));
    for (const auto& [reason, count] : counts.reasons) reasons.set(reason, numbers.json(count));
    return Json::object(
        {{"with", Json::object({{"id", pack.id()}, {"version", pack.version()}, {"hash", pack.hash()}})},
         {"decisions", total(numbers, counts.decisions, exact)},
         {"unreadable", numbers.json(counts.unreadable)},
         {"recipients", std::move(fates)},
         {"reasons", std::move(reasons)},
         {"now_released", cells_json(counts.now_released, numbers)},
         {"now_withheld", cells_json(counts.now_withheld, numbers)},
         {"depends_on_the_case", cells_json(counts.depends, numbers)},
         {"small_numbers_suppressed", !exact},
         {"limits", limits_of_it}});
}

void tell_cells(std::string_view head, const Cells& cells, const Numbers& numbers) {
    if (cells.empty()) return;
    say(ink(Ink::strong, head));
    for (const auto& [cell, count] : cells) {
        const auto& [purpose, role, group] = cell;
        print(wrapped(
            "- " + code_words(purpose) + ", " + role + ": " + group_words(group) + " (" + numbers.text(count) + ")",
            "  "));
    }
}

void tell(const policy::ReplayCounts& counts, const policy::Pack& pack, const Numbers& numbers, bool exact) {
    static constexpr std::array labels{"as it was", "refused now", "perhaps permitted now", "other fields",
                                       "cannot be told"};
    say("With " + ink(Ink::strong, printable(pack.id() + " " + pack.version())) + ": " + total(numbers, counts.decisions, exact) +
        " recorded decisions");
    say(ink(Ink::strong, "Answers to recipients"));
    for (std::size_t i = 0; i < labels.size(); ++i)
        say(std::string{"  "} + labels.at(i) + ": " + numbers.text(counts.recipients.at(i)));
    for (const auto& [reason, count] : counts.reasons)
        print(wrapped("- " + printable(reason) + " (" + numbers.text(count) + ")", "    "));
    tell_cells("NOW RELEASED, withheld before (copies)", counts.now_released, numbers);
    tell_cells("Now withheld, released before (copies)", counts.now_withheld, numbers);
    tell_cells("Depends on the case (copies)", counts.depends, numbers);
    print(wrapped(limits_of_it, ""));
    if (exact)
        print(wrapped("Exact numbers: not for publication. Leave --exact out for a form that can be published.", ""));
}

auto run_replay(Session& session, const ReplayOptions& options) -> int {
    const auto since = parse_since(options.since, now());
    if (!since) return report(session, since.error(), exit_usage);
    const auto pack = open_pack(options.with);
    if (!pack) return report(session, pack.error());
    const auto view = LedgerView::open(session, options.ledger, false);
    if (!view) return report(session, view.error());
    policy::RecordReplay replay{*pack.value(), [&session](std::string_view hash) { return stored_pack(session, hash); }};
    const auto read =
        each_decision(view.value(), since.value(), [&](const LoggedDecision& one) { replay.add(one.dec); });
    if (!read) return report(session, read.error());
    const Numbers numbers{options.exact};
    if (session.json)
        print_json(to_json(replay.counts(), *pack.value(), numbers, options.exact));
    else
        tell(replay.counts(), *pack.value(), numbers, options.exact);
    return exit_ok;
}

}  // namespace

void add_policy_replay(CLI::App& policy, Session& session) {
    auto options = std::make_shared<ReplayOptions>();
    auto* cmd =
        policy.add_subcommand("replay", "Count what another policy would change about the decisions of the log");
    cmd->add_option("--with", options->with, "Folder of the policy to try")->required();
    cmd->add_option("--since", options->since, "From when on: 90d, 12h, a day or a time")->capture_default_str();
    cmd->add_option("--ledger", options->ledger.file, "A ledger file (default: the profile's)");
    cmd->add_option("--log-key", options->ledger.log_key, "The log's public key (default: log.vkey of the profile)");
    cmd->add_flag("--exact", options->exact, "Numbers below 5 too: not for publication");
    cmd->footer(
        "Only the part of the log without personal data is read, so the report holds counts and nothing of a "
        "person.\n\n"
        "Example:\n  casegate policy replay --profile willow --since 90d --with policy-draft");
    cmd->callback([&session, options] { session.run = [&session, options] { return run_replay(session, *options); }; });
}

}  // namespace cg::app
