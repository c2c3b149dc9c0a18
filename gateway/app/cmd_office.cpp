// What an office does around a message: say no, ask, answer, put right, take consent back. One line of a table each.
#include "crypto/hash.hpp"
#include "gateway/app/client.hpp"
#include "gateway/app/exit.hpp"
#include "gateway/app/office_answer.hpp"
#include "gateway/app/output.hpp"
#include "gateway/app/render_decision.hpp"
#include "gateway/app/words.hpp"

#include <CLI/CLI.hpp>

#include <array>

namespace cg::app {
namespace {

/// One command: a file is handed to one address of the gateway.
struct OfficeCommand {
    const char* name;
    const char* what;
    const char* before;  ///< the address; with `id`, what stands before it
    const char* id;      ///< name of the id in the address; empty: none
    const char* behind;
    const char* id_help;
    const char* file_help;
    bool draft;              ///< may close a draft
    const char* recorded;    ///< headline of a 201
    const char* afterwards;  ///< what happens next
    const char* help;
    const char* example;
};

constexpr std::array commands{
    OfficeCommand{"no-share", "Write down a decision not to share, with its reasons", "/v1/no-share", "", "", "",
                  "The decision (no-share/1)", true, "Recorded: not shared, with your reasons.",
                  "Circumstances change: look at it again when you learn more, and send it then.",
                  "A decision not to share is a decision: it needs a reason of the policy's list, and your own words. 'Data "
                  "protection' is never a reason.\n"
                  "To answer somebody who asked, use `casegate answer`.",
                  "no-share --profile willow config/examples/cases/no-share.json"},
    OfficeCommand{"request", "Ask another agency for information about somebody", "/v1/requests", "", "", "",
                  "The request (request/1)", false, "Recorded, and on its way: they are asked.",
                  "The answer comes to your inbox. Who has not answered in time: casegate report answers-due",
                  "Asking tells whom you ask about, so it is decided like any sharing: say why, on which legal basis and under "
                  "which\nagreement.",
                  "request --profile exampleshire config/examples/cases/request.json"},
    OfficeCommand{"answer", "Answer a message in your inbox: yes, no, later, advice, or what was done", "/v1/requests/", "MESSAGE",
                  "/answer", "The request, as `casegate inbox` lists it (msg-…)",
                  "The answer: submission/1 (yes), no-share/1 (no), holding-reply/1 (later), advice-reply/1, or\n"
                  "outcome-reply/1 (what was done)", false,
                  "Recorded, and answered.", "",
                  "Only whoever asked is answered. A no goes back with those reasons that the policy lets them know, and is "
                  "talked over\nafterwards: `casegate report refusals-undiscussed` says what is still owed.",
                  "answer --profile examplepolice msg-abcdefghijklmnopqrstuvwxyz config/examples/cases/answer-no.json"},
    OfficeCommand{"correct", "Put right a message that was sent: the new copy follows the old one everywhere", "/v1/messages/",
                  "DECISION", "/correct", "The decision that sent the wrong message (dec-…)", "The correction (correction/1)",
                  false, "Recorded, and on its way to everybody who has the first copy.",
                  "Both copies stay in the record, linked.",
                  "The corrected case goes to everybody who was sent the first one. Who may not have it now is told not to rely "
                  "on the old copy.",
                  "correct --profile willow dec-abcdefghijklmnopqrstuvwxyz config/examples/cases/correction.json"},
    OfficeCommand{"convert", "Make a referral of a question that was asked without a name", "/v1/messages/", "DECISION",
                  "/convert", "The decision that sent the question (dec-…)", "The referral (submission/1), now with the name",
                  false, "Recorded, and on its way: the name is disclosed to those below.",
                  "The question and the referral are linked in the record.",
                  "The adviser asked for the name, or you decided to refer. A full decision is made, as for any message.",
                  "convert --profile willow dec-abcdefghijklmnopqrstuvwxyz \\\n      config/examples/cases/child-protection-referral.json"},
    OfficeCommand{"advice-record", "Write down what an adviser said, beside the question", "/v1/messages/", "DECISION",
                  "/advice", "The decision that sent the question (dec-…)", "What was said (advice-record/1)", false,
                  "Recorded beside the question.", "If it becomes a referral, the record says whose advice was sought.",
                  "Also for advice given by telephone.",
                  "advice-record --profile willow dec-abcdefghijklmnopqrstuvwxyz config/examples/cases/advice-record.json"},
    OfficeCommand{"outcome-record", "Write down what a recipient did with your message", "/v1/messages/", "DECISION", "/outcome",
                  "The decision that sent the message (dec-…)", "What was done (outcome-record/1)", false,
                  "Recorded beside the message.", "",
                  "The recipient says it with an answer (outcome-reply/1), or on the telephone.",
                  "outcome-record --profile willow dec-abcdefghijklmnopqrstuvwxyz config/examples/cases/outcome-record.json"},
    OfficeCommand{"withdraw", "Take consent back, and tell those who relied on it", "/v1/consents", "", "", "",
                  "The withdrawal (withdrawal/1)", false, "Recorded: this consent counts no longer.",
                  "Nothing is erased: what was lawfully shared stays part of the record.",
                  "From now on nothing is shared on the strength of that consent. Who was given something because of it is told, "
                  "unless the\nfile says why that would be unsafe.",
                  "withdraw --profile willow config/examples/cases/withdrawal.json"},
    OfficeCommand{"phone-share", "Write down what was told by telephone already", "/v1/phone-shares", "", "", "",
                  "What was told, to whom and when (phone-share/1)", true, "Recorded: told by telephone. Nothing was sent.", "",
                  "In an emergency, ring first and write it down afterwards. The record says what was told and what the policy "
                  "would have\nsaid of it; nothing is sent.",
                  "phone-share --profile willow config/examples/cases/phone-share.json"},
};

struct OfficeOptions {
    const OfficeCommand* command = nullptr;
    std::string id, file = "-", key, draft;
    bool rules = false;
};

auto target_of(const OfficeOptions& options) -> std::string {
    const auto& command = *options.command;
    return std::string{command.before} + options.id + command.behind + draft_query(options.draft);
}

/// Ids go into an address: only what an id can be made of.
auto is_id(std::string_view text) -> bool {
    return (text.starts_with("dec-") || text.starts_with("msg-") || text.starts_with("k-")) && text.size() <= 64 &&
           std::ranges::all_of(text, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
}

auto headline(const OfficeCommand& command, int status) -> std::string {
    if (status == 201 || status == 200) return ink(Ink::good, command.recorded);
    if (status == 202) return ink(Ink::warn, "Recorded, and held until a second person has looked at it. Nothing has left.");
    return ink(Ink::bad, "Recorded as refused. Nothing of the case has left.");
}

void tell(const OfficeOptions& options, const Json& decision, int status, const std::string& key) {
    const auto id = printable(decision["decision_id"].text());
    say(headline(*options.command, status) + (id.empty() ? "" : "  " + id));
    if (!decision["action"].is_null()) print(render_decision(decision, {.rules = options.rules}));
    if (status == 202) print(wrapped("Somebody else looks at it with: casegate review show " + id, "  "));
    if (status == 201 && *options.command->afterwards != '\0') print(wrapped(options.command->afterwards, "  "));
    if (!key.empty() && status == 201)
        print(wrapped(ink(Ink::faint, "To hand in this very file again without doing it twice: --key " + key), "  "));
}

auto hand_in(Session& session, const OfficeOptions& options) -> int {
    if (*options.command->id != '\0' && !is_id(options.id))
        return report(session, Error{Errc::malformed, "that is no id of a decision (dec-…) or message (msg-…)", {}});
    const auto text = read_message(options.file);
    if (!text.has_value()) return report(session, text.error());
    auto office = Office::connect(session);
    if (!office.has_value()) return report(session, office.error());
    const auto key = options.key.empty() ? crypto::random_id("key-") : options.key;
    const auto answer = office.value().post(target_of(options), text.value().reveal_text(), key);
    if (!answer.has_value()) return report(session, answer.error());
    const auto decision = decision_of(answer.value());
    if (!decision) return report_problem(session, answer.value());
    if (session.json)
        print_json(*decision);
    else
        tell(options, *decision, answer.value().status, key);
    // Recording advice answers without a decision: there was nothing to decide.
    const bool done = (*decision)["action"].is_null() || went_through(*decision, answer.value().status);
    return done ? exit_ok : exit_no;
}

}  // namespace

void add_office(CLI::App& root, Session& session) {
    for (const auto& command : commands) {
        auto options = std::make_shared<OfficeOptions>();
        options->command = &command;
        auto* cmd = root.add_subcommand(command.name, command.what);
        if (*command.id != '\0') cmd->add_option(command.id, options->id, command.id_help)->required();
        cmd->add_option("FILE", options->file, std::string{command.file_help} + "; '-' or nothing: standard input");
        cmd->add_option("--key", options->key, "Idempotency key: the same key and file are never done twice");
        if (command.draft) cmd->add_option("--draft", options->draft, "The draft that this closes: its id in your system");
        cmd->add_flag("--rules", options->rules, "Name the rule behind each line");
        cmd->footer(std::string{command.help} +
                    "\n\nExit status 0: done. 1: recorded, but refused by the policy or held for a second person. 65: the file is "
                    "wrong;\nall that is wrong is listed.\n\nExample:\n  casegate " +
                    command.example);
        cmd->callback([&session, options] { session.run = [&session, options] { return hand_in(session, *options); }; });
    }
}

}  // namespace cg::app
