// casegate send: hands a submission to the own gateway.
#include "crypto/hash.hpp"
#include "gateway/app/client.hpp"
#include "gateway/app/exit.hpp"
#include "gateway/app/office_answer.hpp"
#include "gateway/app/output.hpp"
#include "gateway/app/poll.hpp"
#include "gateway/app/render_decision.hpp"
#include "gateway/app/words.hpp"

#include <CLI/CLI.hpp>

namespace cg::app {
namespace {

struct SendOptions {
    std::string file = "-";
    std::string key, draft;
    unsigned wait_seconds = 0;
    bool rules = false;
};

void show(const Json& decision, const std::string& key, int status, const SendOptions& options) {
    const auto headline = status == 201 ? ink(Ink::good, "Recorded and on its way.")
                          : status == 202
                              ? ink(Ink::warn, "Recorded, and held until a person has looked at it. Nothing has left.")
                              : ink(Ink::bad, "Recorded as refused. Nothing has left.");
    say(headline + "  " + printable(decision["decision_id"].text()));
    print(render_decision(decision, {.rules = options.rules}));
    if (status == 202)
        print(wrapped("Somebody else looks at it with: casegate review show " + printable(decision["decision_id"].text()), "  "));
    if (status == 201)
        print(wrapped("Follow it: casegate log show " + printable(decision["decision_id"].text()) +
                          ". To send this very message "
                          "again without sending it twice: --key " +
                          key,
                      "  "));
}

auto wait_for_receipts(Office& office, const Json& decision, unsigned seconds) -> Result<Json> {
    const auto target = "/v1/messages/" + std::string{decision["decision_id"].text()};
    return poll(std::chrono::seconds{seconds}, [&]() -> Result<std::optional<Json>> {
        CG_TRY(const auto answer, office.get(target));
        CG_TRY(auto status, body_of(answer));
        if (all_delivered(status)) return std::optional{std::move(status)};
        return std::optional<Json>{};
    });
}

auto send(Session& session, const SendOptions& options) -> int {
    const auto text = read_message(options.file);
    if (!text.has_value()) return report(session, text.error());
    auto office = Office::connect(session);
    if (!office.has_value()) return report(session, office.error());
    const auto key = options.key.empty() ? crypto::random_id("key-") : options.key;
    const auto answer = office.value().post("/v1/messages" + draft_query(options.draft), text.value().reveal_text(), key);
    if (!answer.has_value()) return report(session, answer.error());
    auto decision = decision_of(answer.value());
    if (!decision) return report_problem(session, answer.value());
    if (!session.json) show(*decision, key, answer.value().status, options);
    if (options.wait_seconds > 0 && answer.value().status == 201) {
        const auto status = wait_for_receipts(office.value(), *decision, options.wait_seconds);
        if (!status.has_value()) return report(session, status.error());
        if (!session.json)
            say("  " + ink(Ink::good, "Every copy was received: the receipts are signed and in the log."));
        decision->set("deliveries", status.value()["deliveries"]);
    }
    if (session.json) print_json(*decision);
    return all_permit(*decision) ? exit_ok : exit_no;
}

}  // namespace

void add_send(CLI::App& root, Session& session) {
    auto options = std::make_shared<SendOptions>();
    auto* cmd =
        root.add_subcommand("send", "Send a case message: decided, written down, sealed for each recipient, delivered");
    cmd->add_option("FILE", options->file, "A submission (JSON); '-' or nothing: standard input");
    cmd->add_option("--key", options->key, "Idempotency key: the same key and message are never sent twice");
    cmd->add_option("--draft", options->draft, "The draft that this message closes: its id in your system");
    cmd->add_option("--wait", options->wait_seconds, "Wait up to this many seconds for the receipts")
        ->type_name("SECONDS");
    cmd->add_flag("--rules", options->rules, "Name the rule behind each line");
    cmd->footer(
        "The answer comes once the decision is on disk; delivery follows by itself, also after a restart. Try "
        "`casegate check` first:\n"
        "it gives the same answer and sends nothing.\n\n"
        "Exit status 0: everybody gets their part. 1: somebody does not. 65: the submission is wrong; all that is "
        "wrong is listed.\n\n"
        "Example:\n"
        "  casegate send --profile willow --wait 10 referral.json");
    cmd->callback([&session, options] { session.run = [&session, options] { return send(session, *options); }; });
}

}  // namespace cg::app
