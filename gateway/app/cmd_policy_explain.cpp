// casegate policy explain: a recorded decision in plain words.
#include "gateway/app/exit.hpp"
#include "gateway/app/ledger_view.hpp"
#include "gateway/app/output.hpp"
#include "gateway/app/policy_commands.hpp"
#include "gateway/app/words.hpp"
#include "policy/explain.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>

namespace cg::app {
namespace {

struct ExplainOptions {
    LedgerOptions ledger;
    std::string id, pack;
    bool personal = false, all = false;
};

/// The very pack that decided: from a folder that was named, or from the gateway's store. Null: not to be had.
auto deciding_pack(const Session& session, const ExplainOptions& options, std::string_view hash)
    -> std::shared_ptr<const policy::Pack> {
    if (!options.pack.empty()) {
        auto pack = open_pack(options.pack);
        return pack ? std::move(pack).value() : nullptr;
    }
    return stored_pack(session, hash);
}

/// What the sender was told to do: in full from the answer, which is kept sealed; else in the policy's own words.
auto fixes(const LedgerView& view, const ledger::DecisionRow& row, const policy::Explanation& e) -> std::vector<std::string> {
    std::vector<std::string> out;
    for (const auto& recipient : e.recipients)
        for (const auto& text : recipient.would_change)
            if (std::ranges::find(out, text) == out.end()) out.push_back(text);
    if (view.vault() == nullptr) return out;
    const auto stored = view.store().answer_of(row.seq);
    if (!stored || !stored.value()) return out;
    const auto opened = view.vault()->open_answer(row.id, stored.value()->response);
    const auto answer = opened ? parse_json(opened.value()) : Result<Json>{Json{}};
    const auto body = answer ? parse_json(answer.value()["body"].text()) : Result<Json>{Json{}};
    if (!body) return out;
    const auto& decision = body.value().find("decision") != nullptr ? body.value()["decision"] : body.value();
    const auto* lines = decision["what_would_change"].if_array();
    if (lines == nullptr) return out;
    out.clear();
    for (const auto& line : *lines) out.emplace_back(line.text());
    return out;
}

auto rules_json(const std::vector<policy::RuleWords>& rules) -> Json {
    Json out = Json::array();
    for (const auto& rule : rules)
        out.push(Json::object({{"rule", rule.rule}, {"result", rule.result}, {"text", rule.text}}));
    return out;
}

auto to_json(const policy::Explanation& e, const std::vector<std::string>& changes) -> Json {
    Json documents = Json::array();
    for (const auto& one : e.documents)
        documents.push(
            Json::object({{"id", one.id}, {"title", one.title}, {"address", one.address}, {"read_on", one.read_on}}));
    Json recipients = Json::array();
    for (const auto& one : e.recipients)
        recipients.push(Json::object({{"to", one.to},
                                      {"outcome", one.outcome},
                                      {"released", one.released},
                                      {"withheld", one.withheld},
                                      {"rules", rules_json(one.rules)},
                                      {"would_change", Json::texts(one.would_change)}}));
    return Json::object({{"purpose", e.purpose},
                         {"pack", e.pack},
                         {"pack_known", e.pack_known},
                         {"agreement", e.agreement},
                         {"procedure", e.procedure},
                         {"policy_document", e.policy_document},
                         {"rules_edition", Json::texts(e.rules_edition)},
                         {"documents", std::move(documents)},
                         {"recipients", std::move(recipients)},
                         {"rules", rules_json(e.rules)},
                         {"what_would_change", Json::texts(changes)}});
}

/// A rule says what must be so. Beside a word for failure alone, "Consent to share was given" would be read as a fact.
void tell_rule(const policy::RuleWords& rule, std::string_view result) {
    const bool question = rule.text.starts_with("Whether ");
    const auto text = rule.text.empty() ? ": " : (question ? ": " : ". What is asked for: ") + printable(rule.text) + " ";
    print(wrapped("- " + std::string{result} + text + "[" + printable(rule.rule) + "]", "    "));
}

void tell_recipient(const policy::RecipientWords& one) {
    say("  " + ink(Ink::strong, printable(one.to)) + ": " + outcome_words(one.outcome) + ", " +
        counted(one.released, "value") + " released, " + std::to_string(one.withheld) + " kept back");
    for (const auto& rule : one.rules)
        tell_rule(rule,
                  rule.result.find('/') == std::string::npos ? reason_words(rule.result) : "problem " + rule.result);
    for (const auto& text : one.would_change) print(wrapped("> " + text, "    "));
}

void tell_sources(const policy::Explanation& e) {
    say(ink(Ink::strong, "What it rests on"));
    print(wrapped("Policy " + e.pack + (e.agreement.empty() ? "" : ", agreement " + e.agreement) +
                      (e.procedure.empty() ? "" : ", procedure " + e.procedure) +
                      (e.policy_document.empty() ? "" : ", policy document " + e.policy_document),
                  "  "));
    for (const auto& document : e.documents)
        print(wrapped("- " + document.id + (document.title.empty() ? "" : ": " + document.title) +
                          (document.read_on.empty() ? "" : ", read on " + document.read_on) +
                          (document.address.empty() ? "" : ", " + document.address),
                      "  "));
    if (!e.pack_known)
        print(wrapped("The policy that decided is not at hand, so titles are missing: give its folder with --pack.",
                      "  "));
}

void tell(const policy::Explanation& e, const ledger::DecisionRecord& record, const std::vector<std::string>& changes,
          bool all) {
    say(ink(Ink::strong, record.row.id.str()) + "  " + spoken(record.row.decided_at) + "  " +
        code_words(printable(e.purpose)));
    if (record.personal) {
        std::string names;
        if (const auto* subjects = (*record.personal)["subjects"].if_array())
            for (const auto& subject : *subjects)
                if (const auto* list = subject["names"].if_array())
                    for (const auto& name : *list) names += (names.empty() ? "" : ", ") + printable(name.text());
        say("  About: " + names + "; decided by " + printable((*record.personal)["actor"]["user"].text()));
    }
    say(ink(Ink::strong, "The answer for each recipient, and why"));
    for (const auto& one : e.recipients) tell_recipient(one);
    say(ink(Ink::strong, "The rules that the whole message went through"));
    for (const auto& rule : e.rules)
        if (all || rule.result != "pass") tell_rule(rule, rule.result);
    if (!all) {
        const auto passed =
            static_cast<std::size_t>(std::ranges::count(e.rules, std::string{"pass"}, &policy::RuleWords::result));
        say("    " + counted(passed, "rule") + " passed (--all lists them)");
    }
    tell_sources(e);
    say(ink(Ink::strong, "What would change the answer"));
    for (const auto& text : changes) print(wrapped("- " + printable(text), "  "));
    if (record.row.outcome != "PERMIT" && !record.personal)
        say("  The answer to the sender says it in full: --personal shows that.");
    else if (changes.empty())
        say("  Nothing is asked for.");
}

auto run_explain(Session& session, const ExplainOptions& options) -> int {
    const auto id = DecisionId::parse(options.id);
    if (!id) return report(session, Error{Errc::malformed, "that is no decision id (dec-…)", {}});
    const auto view = LedgerView::open(session, options.ledger, options.personal);
    if (!view) return report(session, view.error());
    const auto record = view.value().reader().show(id.value());
    if (!record) return report(session, record.error());
    const auto& dec = record.value().dec;
    const auto pack = deciding_pack(session, options, dec["pack"]["hash"].text());
    const auto explanation = policy::explain(dec, pack.get());
    auto changes = fixes(view.value(), record.value().row, explanation);
    if (session.json) {
        auto json = to_json(explanation, changes);
        json.set("decision_id", record.value().row.id.str());
        if (record.value().personal) json.set("personal", *record.value().personal);
        print_json(json);
        return exit_ok;
    }
    tell(explanation, record.value(), changes, options.all);
    return exit_ok;
}

}  // namespace

void add_policy_explain(CLI::App& policy, Session& session) {
    auto options = std::make_shared<ExplainOptions>();
    auto* cmd = policy.add_subcommand("explain", "Say in plain words why a recorded decision came out as it did");
    cmd->add_option("DECISION", options->id, "Decision id (dec-…)")->required();
    cmd->add_option("--pack", options->pack, "Folder of the policy that decided (default: from the gateway's store)");
    cmd->add_option("--ledger", options->ledger.file, "A ledger file (default: the profile's)");
    cmd->add_option("--log-key", options->ledger.log_key, "The log's public key (default: log.vkey of the profile)");
    cmd->add_flag("--all", options->all, "Also the rules that simply passed");
    cmd->add_flag("--personal", options->personal, "Also names, and what the sender was told would change the answer (asks for the passphrase)");
    cmd->footer(
        "Without --personal nothing of a person is shown.\n\n"
        "Example:\n  casegate policy explain --profile willow dec-abcdefghijklmnopqrstuvwxyz");
    cmd->callback(
        [&session, options] { session.run = [&session, options] { return run_explain(session, *options); }; });
}

}  // namespace cg::app
