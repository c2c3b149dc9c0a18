// casegate policy repeat: a recorded decision made again from its message, and compared bit for bit.
#include "crypto/hash.hpp"
#include "gateway/app/exit.hpp"
#include "gateway/app/files.hpp"
#include "gateway/app/ledger_view.hpp"
#include "gateway/app/output.hpp"
#include "gateway/app/policy_commands.hpp"
#include "gateway/app/words.hpp"
#include "policy/repeat.hpp"

#include <CLI/CLI.hpp>

namespace cg::app {
namespace {

constexpr std::size_t max_bytes = std::size_t{4} << 20U;

struct RepeatOptions {
    LedgerOptions ledger;
    std::string id, message, pack;
};

/// The record with its personal part.
auto record_of(const LedgerView& view, const std::string& text) -> Result<ledger::DecisionRecord> {
    CG_TRY(const auto id, DecisionId::parse(text));
    CG_TRY(auto record, view.reader().show(id));
    if (!record.personal)
        return fail(Errc::not_found, "the personal part of this record was erased, and what the decision rested on with it");
    return record;
}

/// The message has to be the one that was decided, to the byte.
auto check_message(const LedgerView& view, const ledger::DecisionRecord& record, ByteView message) -> Result<> {
    CG_TRY(const auto answer, view.store().answer_of(record.row.seq));
    if (answer && answer->body == crypto::sha256(message)) return ok();
    return fail(Errc::malformed, "this is not the message that was decided: give the file exactly as it was handed in");
}

auto pack_of(const Session& session, const RepeatOptions& options, std::string_view hash)
    -> Result<std::shared_ptr<const policy::Pack>> {
    if (!options.pack.empty()) return open_pack(options.pack);
    if (auto pack = stored_pack(session, hash)) return pack;
    return fail(Errc::not_found, "the policy that decided is not in the gateway's store: give its folder with --pack");
}

/// The texts of earlier overrides, from the records that the context names.
auto override_texts(const LedgerView& view, const Json& context) -> Result<std::vector<std::string>> {
    std::vector<std::string> out;
    const auto* list = context["recent_overrides"].if_array();
    for (const auto& of : list != nullptr ? *list : JsonArray{}) {
        CG_TRY(const auto earlier, record_of(view, std::string{of.text()}));
        out.emplace_back((*earlier.personal)["override"]["text"].text());
    }
    return out;
}

auto repeated(const Session& session, const LedgerView& view, const ledger::DecisionRecord& record,
              const RepeatOptions& options) -> Result<policy::Repeated> {
    CG_TRY(auto input, Input::open(options.message));
    CG_TRY(const auto message, input.read_all(max_bytes));
    CG_TRY(check_message(view, record, message.reveal()));
    CG_TRY(const auto pack, pack_of(session, options, record.dec["pack"]["hash"].text()));
    CG_TRY(auto texts, override_texts(view, (*record.personal)["context"]));
    // References in views come from a secret of the gateway, and the record holds no view.
    const auto salt = crypto::sha256("casegate policy repeat");
    return policy::repeat_decision(*pack, {record.dec, *record.personal, record.row.decided_at}, message.reveal_text(),
                                   std::move(texts), salt);
}

auto members(const std::vector<std::string>& names) -> std::string {
    std::string out;
    for (const auto& name : names) out += (out.empty() ? "" : ", ") + code_words(printable(name));
    return out;
}

void tell(const policy::Repeated& again, const ledger::DecisionRecord& record) {
    const auto& pack = record.dec["pack"];
    say(ink(Ink::strong, record.row.id.str()) + "  " + spoken(record.row.decided_at) + "  " +
        outcome_words(record.row.outcome));
    if (again.differ.empty())
        print(wrapped(ink(Ink::good, "The same, bit for bit.") + " Policy " +
                          printable(std::string{pack["id"].text()} + " " + std::string{pack["version"].text()}) +
                          " decides this message so, with what was known then: " +
                          counted(again.decision.rules.size(), "rule") + ", each with the recorded result.",
                      "  "));
    else
        print(wrapped(ink(Ink::bad, "NOT THE SAME.") + " The record says otherwise in: " + members(again.differ) + ".", "  "));
    if (!again.added.empty())
        print(wrapped("Beside the decision, the record holds: " + members(again.added) + ".", "  "));
}

auto run_repeat(Session& session, const RepeatOptions& options) -> int {
    const auto view = LedgerView::open(session, options.ledger, true);
    if (!view) return report(session, view.error());
    const auto record = record_of(view.value(), options.id);
    if (!record) return report(session, record.error());
    const auto again = repeated(session, view.value(), record.value(), options);
    if (!again) return report(session, again.error());
    if (session.json)
        print_json(Json::object({{"decision_id", record.value().row.id.str()},
                                 {"same", again.value().differ.empty()},
                                 {"differ", Json::texts(again.value().differ)},
                                 {"added", Json::texts(again.value().added)},
                                 {"rules", again.value().decision.rules.size()}}));
    else
        tell(again.value(), record.value());
    return again.value().differ.empty() ? exit_ok : exit_no;
}

}  // namespace

void add_policy_repeat(CLI::App& policy, Session& session) {
    auto options = std::make_shared<RepeatOptions>();
    auto* cmd = policy.add_subcommand("repeat", "Make a recorded decision again from its message, and compare the two");
    cmd->add_option("DECISION", options->id, "Decision id (dec-…)")->required();
    cmd->add_option("--message", options->message, "The file that was handed in, to the byte; - reads standard input")
        ->required();
    cmd->add_option("--pack", options->pack, "Folder of the policy that decided (default: from the gateway's store)");
    cmd->add_option("--ledger", options->ledger.file, "A ledger file (default: the profile's)");
    cmd->add_option("--log-key", options->ledger.log_key, "The log's public key (default: log.vkey of the profile)");
    cmd->footer(
        "Reads the personal part of the record, so it asks for the passphrase; nothing of a person is shown.\n"
        "Ends with 0 where the decision is the same, bit for bit.\n\n"
        "Example:\n  casegate policy repeat --profile willow dec-abcdefghijklmnopqrstuvwxyz --message referral.json");
    cmd->callback([&session, options] { session.run = [&session, options] { return run_repeat(session, *options); }; });
}

}  // namespace cg::app
