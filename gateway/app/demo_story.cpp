#include "config/secrets.hpp"
#include "gateway/app/agency_folder.hpp"
#include "gateway/app/client.hpp"
#include "gateway/app/demo.hpp"
#include "gateway/app/exit.hpp"
#include "gateway/app/output.hpp"
#include "gateway/app/poll.hpp"
#include "gateway/app/render_decision.hpp"
#include "gateway/ledger/sqlite/tamper.hpp"

#include <algorithm>

namespace cg::app {
namespace {

constexpr auto receipt_bound = std::chrono::seconds{60};
constexpr const char* referral_file = "child-protection-referral.json";
constexpr const char* refused_file = "child-in-need-refused.json";

void heading(int number, const std::string& words) {
    say("\n" + ink(Ink::strong, std::to_string(number) + ". " + words));
}
void tell(std::string_view words) {
    print(wrapped(words, "   "));
}

auto not_so(const std::string& what) {
    return fail(Errc::corrupt, "the demonstration found something that should not be: " + what);
}

auto shown(const std::string& text, std::size_t lines) -> std::string {
    std::size_t at = 0, seen = 0;
    while (seen < lines && at < text.size()) {
        const auto end = text.find('\n', at);
        if (end == std::string::npos) return text;
        at = end + 1;
        ++seen;
    }
    const auto left = std::ranges::count(text.substr(at), '\n');
    return text.substr(0, at) +
           (left > 0 ? "  … and " + counted(static_cast<std::size_t>(left), "line") + " more\n" : "");
}

auto write_case(const DemoFederation& fed, const char* name) -> Result<std::string> {
    CG_TRY(const auto submission, read_example(name, now()));
    const auto file = fed.dir() / "cases" / name;
    CG_TRY(config::write_private_file(file, to_pretty_json(submission) + "\n"));
    return file.string();
}

/// Some values of the case that a reader recognises, and who was given them.
void show_matrix(const Json& decision) {
    static constexpr std::pair<const char*, const char*> rows[] = {
        {"the child's name", "/child/family_name"},
        {"home address", "/child/address/line1"},
        {"NHS number", "/child/nhs_number"},
        {"pupil number", "/child/upn"},
        {"school attendance", "/child/education/attendance_pct"},
        {"special educational needs", "/child/send/need"},
        {"the child's medication", "/child/health/medication"},
        {"mother's mental health", "/people/0/mental_health"},
        {"partner's offence", "/people/1/offences"},
        {"mother's insurance number", "/people/0/nino"},
        {"name of the neighbour who told", "/people/3/name"},
        {"what the child said", "/concerns/1/text"}};
    std::vector<std::string> heads{"value in the case"};
    const auto* recipients = decision["recipients"].if_array();
    if (recipients == nullptr) return;
    for (const auto& one : *recipients) heads.emplace_back(one["to"].text().substr(one["to"].text().find('@') + 1));
    Table table{heads};
    for (const auto& [words, pointer] : rows) {
        std::vector<std::string> cells{words};
        for (const auto& one : *recipients) {
            const auto* released = one["released"].if_array();
            const bool given = released != nullptr && std::ranges::any_of(*released, [p = pointer](const Json& item) {
                                   return item.text() == p;
                               });
            cells.emplace_back(given ? "given" : "-");
        }
        table.row(std::move(cells));
    }
    print(table.str());
}

auto refer(const DemoFederation& fed) -> Result<Json> {
    heading(2, "A school is worried about a child");
    tell(
        "Willow's safeguarding lead sends one referral (cases/child-protection-referral.json; everybody in it is "
        "invented) to three "
        "agencies. The gateway decides who may have which part, writes that down, seals a separate copy for each, and "
        "only then sends.");
    CG_TRY(const auto file, write_case(fed, referral_file));
    CG_TRY(const auto decision, fed.ask("willow", {"send", "--wait", "60", file}, exit_ok));
    if (!all_permit(decision)) return not_so("the referral was not permitted");
    say();
    show_matrix(decision);
    say();
    tell("In full, with what was withheld from whom and why:");
    print(render_decision(decision));
    tell(
        "All three copies have arrived; each recipient's gateway answered with a signed receipt, which is in both "
        "logs.");
    return decision;
}

auto refuse(const DemoFederation& fed) -> Result<> {
    heading(3, "A referral that must not go");
    tell(
        "Another child is often late. The school would like the council's help, the father was asked and said no, and "
        "nobody fears harm. "
        "That purpose needs consent.");
    CG_TRY(const auto file, write_case(fed, refused_file));
    CG_TRY(const auto answer, fed.ask("willow", {"send", file}, exit_no));
    if (answer["outcome"].text() != "DENY") return not_so("a referral without consent was not refused");
    say();
    print(render_decision(answer));
    tell("Nothing left. The refusal is in the log, as carefully as a share would be.");
    return ok();
}

/// The message that came from willow, as the council's inbox lists it.
auto council_message(const DemoFederation& fed) -> Result<std::string> {
    CG_TRY(const auto inbox, fed.ask("exampleshire", {"inbox"}, exit_ok));
    const auto* messages = inbox["messages"].if_array();
    if (messages == nullptr || messages->size() != 1)
        return not_so("the council's inbox does not hold exactly one message");
    return std::string{(*messages)[0]["mid"].text()};
}

auto wait_until_opened(const DemoFederation& fed, const std::string& decision, const std::string& mid) -> Result<> {
    Session session;
    session.profile = fed.folder("willow").string();
    CG_TRY(session.passphrase_fd, passphrase_fd(fed.passphrase()));
    CG_TRY(auto office, Office::connect(session));
    const auto opened = poll(receipt_bound, [&]() -> Result<std::optional<Json>> {
        CG_TRY(const auto answer, office.get("/v1/messages/" + decision));
        CG_TRY(auto status, body_of(answer));
        const auto* deliveries = status["deliveries"].if_array();
        if (deliveries == nullptr) return std::optional<Json>{};
        const auto one = std::ranges::find_if(*deliveries, [&](const Json& item) { return item["mid"].text() == mid; });
        if (one == deliveries->end() || (*one)["state"].text() != "opened") return std::optional<Json>{};
        return std::optional{std::move(status)};
    });
    if (!opened.has_value()) return fail(opened.error());
    return ok();
}

auto open_at_council(const DemoFederation& fed, const std::string& decision) -> Result<> {
    heading(4, "The council opens its copy");
    tell(
        "Until now nobody but the front door could read it: not the network, not the council's own gateway or its "
        "disk.");
    CG_TRY(const auto mid, council_message(fed));
    CG_TRY(const auto opened, fed.run("exampleshire", {"open", mid}));
    if (opened.status != exit_ok) return not_so("the council could not open its message: " + opened.err);
    say();
    print(shown(opened.out, 44));
    CG_TRY(wait_until_opened(fed, decision, mid));
    tell("Willow knows by now: the receipt says \"opened\".");
    return ok();
}

auto show_log(const DemoFederation& fed, const std::string& decision) -> Result<> {
    heading(5, "What the log says");
    tell(
        "Months later somebody asks: who shared what with whom, and why? One screen answers, with the proof that it "
        "was not altered:");
    CG_TRY(const auto record, fed.run("willow", {"log", "show", decision}));
    if (record.status != exit_ok) return not_so("the record's proof does not hold: " + record.err + record.out);
    say();
    print(record.out);
    return ok();
}

auto verify_all(const DemoFederation& fed) -> Result<> {
    heading(6, "All four logs are verified");
    for (const auto& one : fed.agencies()) {
        CG_TRY(const auto verified, fed.run(one.id, {"log", "verify"}));
        if (verified.status != exit_ok)
            return not_so("the log of " + one.id + " does not verify: " + verified.err + verified.out);
        print("   " + verified.out);
    }
    return ok();
}

auto tamper(const DemoFederation& fed, const std::string& decision) -> Result<> {
    heading(7, "Somebody alters history");
    tell(
        "An administrator with the database open changes, in a copy of willow's ledger, to whom the referral went: "
        "from the police to "
        "the health trust. Then the copy is verified with nothing but the log's public key:");
    const auto copy = fed.dir() / "altered" / "ledger.db";
    CG_TRY(make_private_folder(copy.parent_path()));
    CG_TRY(ledger::sqlite::copy_ledger((fed.folder("willow") / "data" / "ledger.db").string(), copy.string()));
    CG_TRY(ledger::sqlite::rewrite_record(copy.string(), decision, "police.public-protection@examplepolice",
                                          "health.safeguarding@examplenhs"));
    CG_TRY(const auto verified, fed.run("willow", {"log", "verify", "--ledger", copy.string()}));
    if (verified.status != exit_no || verified.out.find(decision) == std::string::npos)
        return not_so("the altered ledger was not noticed, or the record not named: " + verified.out + verified.err);
    say();
    print(verified.out);
    return ok();
}

void introduce(const DemoFederation& fed) {
    heading(1, "Four agencies, none of them real");
    tell("Each is a process of its own, with its own keys, certificates, ledger and ports on this machine:");
    Table table{{"agency", "", "receives as", "for its own systems", "for other gateways"}};
    for (const auto& one : fed.agencies())
        table.row({one.id, one.name, one.role, "127.0.0.1:" + std::to_string(one.office),
                   "127.0.0.1:" + std::to_string(one.peer)});
    print(table.str());
}

}  // namespace

auto tell_story(const DemoFederation& federation, const std::function<bool()>& stopped) -> Result<std::string> {
    const auto go_on = [&]() -> Result<> {
        if (stopped()) return fail(Errc::cancelled, "stopped");
        return ok();
    };
    introduce(federation);
    CG_TRY(go_on());
    CG_TRY(const auto referral, refer(federation));
    const std::string decision{referral["decision_id"].text()};
    CG_TRY(go_on());
    CG_TRY(refuse(federation));
    CG_TRY(go_on());
    CG_TRY(open_at_council(federation, decision));
    CG_TRY(go_on());
    CG_TRY(show_log(federation, decision));
    CG_TRY(go_on());
    CG_TRY(verify_all(federation));
    CG_TRY(go_on());
    CG_TRY(tamper(federation, decision));
    return decision;
}

}  // namespace cg::app
