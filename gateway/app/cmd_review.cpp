// casegate review: what a second person must look at before it leaves, or counts as settled.
#include "config/secrets.hpp"
#include "crypto/hash.hpp"
#include "crypto/jws.hpp"
#include "gateway/app/client.hpp"
#include "gateway/app/exit.hpp"
#include "gateway/app/office_answer.hpp"
#include "gateway/app/output.hpp"
#include "gateway/app/render_decision.hpp"
#include "gateway/app/render_review.hpp"
#include "gateway/app/words.hpp"

#include <CLI/CLI.hpp>

namespace cg::app {
namespace {

constexpr std::size_t reason_least = 20;
constexpr const char* signature_type = "casegate-review+jws";

struct ReviewOptions {
    std::string id, decision, user, role, auth = "certificate", key;
    WordsFrom reason;
    std::uint64_t after = 0;
    unsigned limit = 50;
    bool rules = false;
};

auto recipients_of(const Json& entry) -> std::string {
    std::string out;
    const auto* list = entry["recipients"].if_array();
    for (const auto& one : list != nullptr ? *list : JsonArray{})
        if (one["outcome"].text() == "REVIEW") out += (out.empty() ? "" : ", ") + std::string{one["to"].text()};
    return out.empty() ? "(a decision not to share)" : out;
}

void show_list(const Json& list, const ReviewOptions& options) {
    const auto* reviews = list["reviews"].if_array();
    if (reviews == nullptr || reviews->empty()) return say("Nothing waits for a second person.");
    Table table{{"decision", "purpose", "for", "handed in", "look by"}};
    for (const auto& one : *reviews) {
        const auto at = parse_instant(one["decided_at"].text());
        const auto due = parse_instant(one["due"].text());
        table.row({std::string{one["decision_id"].text()}, code_words(one["purpose"].text()), recipients_of(one),
                   at.has_value() ? spoken(at.value()) : std::string{},
                   due.has_value() ? time_left(due.value(), now()) : std::string{}});
    }
    print(printable(table.str()));
    say("Look at one with: casegate review show DECISION");
    if (reviews->size() == options.limit)
        say("There may be more: casegate review list --after " + std::to_string(reviews->back()["position"].integer_or(0)));
}

auto list(Session& session, const ReviewOptions& options) -> int {
    auto office = Office::connect(session);
    if (!office.has_value()) return report(session, office.error());
    const auto answer = office.value().get("/v1/reviews?after=" + std::to_string(options.after) +
                                           "&limit=" + std::to_string(options.limit));
    if (!answer.has_value()) return report(session, answer.error());
    if (answer.value().status != 200) return report_problem(session, answer.value());
    const auto body = body_of(answer.value());
    if (!body.has_value()) return report(session, body.error());
    if (session.json)
        print_json(body.value());
    else
        show_list(body.value(), options);
    return exit_ok;
}

/// Nothing of this id waits: most often because somebody else was faster.
auto report_gone(const Session& session) -> int {
    return report(session, Error{Errc::not_found,
                                 "nothing waits under this id: somebody else may have been faster, or it was never held. "
                                 "`casegate review list` says what waits, `casegate log show` what was decided",
                                 {}});
}

auto show(Session& session, const ReviewOptions& options) -> int {
    if (!DecisionId::parse(options.id).has_value())
        return report(session, Error{Errc::malformed, "that is no decision id (dec-…)", {}});
    auto office = Office::connect(session);
    if (!office.has_value()) return report(session, office.error());
    const auto answer = office.value().get("/v1/reviews/" + options.id);
    if (!answer.has_value()) return report(session, answer.error());
    if (answer.value().status == 404) return report_gone(session);
    if (answer.value().status != 200) return report_problem(session, answer.value());
    const auto body = body_of(answer.value());
    if (!body.has_value()) return report(session, body.error());
    if (session.json) {
        print_json(body.value());
        return exit_ok;
    }
    print(render_review(body.value(), now()));
    print(wrapped("Decide with: casegate review release " + options.id +
                      " (it goes), or refuse (it does not), or return (whoever wrote it mends it first). Each asks for your "
                      "reason. That you have read this is in the log.",
                  ""));
    return exit_ok;
}

/// The reviewer's word: signed with the key of the client certificate, so that the record shows who let it go.
auto signed_review(Session& session, const Office& office, const ReviewOptions& options, const std::string& reason)
    -> Result<Json> {
    CG_TRY(const auto* passphrase, session.passphrase());
    CG_TRY(const auto key, config::read_signing_key(office.profile().tls.key, *passphrase));
    const auto statement = Json::object({{"review", options.id},
                                         {"decision", options.decision},
                                         {"reason_sha256", to_hex(crypto::sha256(reason))}});
    crypto::JwsHeader header;
    header.typ = signature_type;
    auto out = Json::object({{"schema", "review/1"}, {"decision", options.decision}, {"reason", reason}});
    out.set("actor", Json::object({{"user", options.user}, {"role", options.role}, {"auth", options.auth}}));
    out.set("signature", crypto::sign_jws(key, header, view_bytes(to_jcs(statement))));
    return out;
}

/// A person's certificate says who reviews; an office system says it for its user.
auto name_reviewer(const Office& office, ReviewOptions& options) -> Result<> {
    if (!options.user.empty()) return ok();
    CG_TRY(const auto identity, office.identity());
    if (identity.kind != certs::IdentityKind::person)
        return fail(Errc::malformed, "say who reviews: --as USER. (With a certificate of your own you need not.)");
    options.user = identity.name;
    return ok();
}

/// What can go wrong when two people are involved, in words for those two.
auto explain_problem(const Session& session, const wire::Response& response) -> int {
    if (response.status == 404) return report_gone(session);
    const auto body = body_of(response);
    const auto type = body.has_value() ? body.value()["type"].text() : std::string_view{};
    if (!session.json && type.ends_with("review/by-sender"))
        return report(session, Error{Errc::denied,
                                     "you handed this in yourself, so somebody else must look at it. Ask a colleague who may "
                                     "review; nothing was changed",
                                     {}});
    if (!session.json && type.ends_with("idempotency/conflict"))  // signed anew, the same review is another body
        return report(session, Error{Errc::conflict,
                                     "a review with this key was handed in before; nothing was changed by this one. `casegate review "
                                     "list` says what still waits, `casegate log search` what was decided",
                                     {}});
    if (!session.json && response.status == 409) return report_gone(session);
    return report_problem(session, response);
}

auto outcome_line(const ReviewOptions& options, const Json& decision) -> std::string {
    const auto id = printable(decision["decision_id"].text());
    if (options.decision == "refuse") return ink(Ink::warn, "Refused, with your reason. Nothing leaves.") + "  " + id;
    if (options.decision == "return") return ink(Ink::warn, "Given back, with your reason. Nothing leaves.") + "  " + id;
    if (decision["action"].text() == "no-share") return ink(Ink::good, "Confirmed: it is not shared.") + "  " + id;
    return (all_permit(decision) ? ink(Ink::good, "Released, and on its way.")
                                 : ink(Ink::warn, "Released, but the policy in force now does not let all of it go.")) +
           "  " + id;
}

auto decide(Session& session, ReviewOptions options) -> int {
    if (!DecisionId::parse(options.id).has_value())
        return report(session, Error{Errc::malformed, "that is no decision id (dec-…)", {}});
    const auto reason = read_words(options.reason, reason_least, "reason");
    if (!reason.has_value()) return report(session, reason.error());
    auto office = Office::connect(session);
    if (!office.has_value()) return report(session, office.error());
    if (const auto named = name_reviewer(office.value(), options); !named.has_value())
        return report(session, named.error(), exit_usage);
    const auto body = signed_review(session, office.value(), options, reason.value());
    if (!body.has_value()) return report(session, body.error());
    const auto key = options.key.empty() ? crypto::random_id("key-") : options.key;
    const auto answer = office.value().post("/v1/reviews/" + options.id, to_jcs(body.value()), key);
    if (!answer.has_value()) return report(session, answer.error());
    const auto decision = decision_of(answer.value());
    if (!decision) return explain_problem(session, answer.value());
    if (session.json) {
        print_json(*decision);
    } else {
        say(outcome_line(options, *decision));
        if (options.decision == "release") print(render_decision(*decision, {.rules = options.rules}));
    }
    return options.decision != "release" || went_through(*decision, answer.value().status) ? exit_ok : exit_no;
}

struct Verb {
    const char* name;
    const char* what;
};
constexpr Verb verbs[] = {
    {"release", "Let it go: what you saw, and no more, leaves now"},
    {"refuse", "Let nothing go: what was held is destroyed, and the record says why"},
    {"return", "Give it back: whoever wrote it mends it and hands it in again"},
};

void add_verb(CLI::App& parent, Session& session, const std::shared_ptr<ReviewOptions>& options, const Verb& verb) {
    auto* cmd = parent.add_subcommand(verb.name, verb.what);
    cmd->add_option("DECISION", options->id, "Decision id (dec-…)")->required();
    cmd->add_option("--reason", options->reason.text, "Why, in your own words: at least 20 characters");
    cmd->add_option("--reason-file", options->reason.file, "The same from a file ('-' or neither: standard input)");
    cmd->add_option("--as", options->user, "Who reviews: your user id (default: the person of the certificate)");
    cmd->add_option("--role", options->role, "In which function, e.g. 'head teacher'")->required();
    cmd->add_option("--auth", options->auth, "How you signed in, where an office system vouches for you")->capture_default_str();
    cmd->add_option("--key", options->key, "Idempotency key: the same review is never done twice");
    cmd->add_flag("--rules", options->rules, "Name the rule behind each line");
    cmd->footer(std::string{"Not by whoever handed it in. The decision is signed with the key of your certificate and is a record "
                            "of its own.\nA reason on the command line can be seen by others on the same machine while the "
                            "command runs: use a file there.\n\nExample:\n  casegate review "} +
                verb.name +
                " --profile willow dec-abcdefghijklmnopqrstuvwxyz --as u-head --role 'head teacher' \\\n"
                "      --reason 'I have read the case and rung the school: the area is right.'");
    cmd->callback([&session, options, name = verb.name] {
        options->decision = name;
        session.run = [&session, options] { return decide(session, *options); };
    });
}

}  // namespace

void add_review(CLI::App& root, Session& session) {
    auto options = std::make_shared<ReviewOptions>();
    auto* cmd = root.add_subcommand("review", "Look at what is held until a second person has seen it, and decide");
    cmd->require_subcommand(1);
    auto* list_cmd = cmd->add_subcommand("list", "What waits, the oldest first; nothing of the cases");
    list_cmd->add_option("--after", options->after, "Continue a list: after this position");
    list_cmd->add_option("--limit", options->limit, "At most this many, 1 to 1000")
        ->capture_default_str()
        ->check(CLI::Range(1, 1000));
    list_cmd->footer("Example:\n  casegate review list --profile willow");
    list_cmd->callback([&session, options] { session.run = [&session, options] { return list(session, *options); }; });
    auto* show_cmd = cmd->add_subcommand("show", "What is asked, why somebody must look, and what each recipient would get");
    show_cmd->add_option("DECISION", options->id, "Decision id (dec-…)")->required();
    show_cmd->footer("Shows the case: use it where nobody looks over your shoulder. That you read it is logged.\n\n"
                     "Example:\n  casegate review show --profile willow dec-abcdefghijklmnopqrstuvwxyz");
    show_cmd->callback([&session, options] { session.run = [&session, options] { return show(session, *options); }; });
    for (const auto& verb : verbs) add_verb(*cmd, session, options, verb);
    cmd->footer("Four eyes are two people: the gateway refuses whoever handed it in. `casegate person --help` makes a certificate\n"
                "for a person who reviews under their own name.");
}

}  // namespace cg::app
