// casegate policy show: what one role may have, or where the Caldicott principles are met.
#include "gateway/app/exit.hpp"
#include "gateway/app/output.hpp"
#include "gateway/app/policy_commands.hpp"
#include "policy/pack_pages.hpp"

#include <CLI/CLI.hpp>

namespace cg::app {
namespace {

struct ShowOptions {
    std::string folder, purpose, role;
    bool principles = false;
};

auto joined(const std::vector<std::string>& list) -> std::string {
    std::string out;
    for (const auto& one : list) out += (out.empty() ? "" : ", ") + one;
    return out;
}

void show_lines(Ink colour, std::string_view title, const std::vector<policy::PageLine>& lines) {
    if (lines.empty()) return;
    say("\n" + ink(colour, title));
    for (const auto& line : lines) {
        auto text = "- " + line.title;
        // One value that says what its group says needs no repeating.
        if (line.values.size() > 1 || !line.whole) text += ": " + joined(line.values);
        if (!line.condition.empty()) text += " (" + line.condition + ")";
        print(wrapped(printable(text), "  "));
    }
}

void show_fact(std::string_view head, const std::string& text) {
    if (!text.empty()) print(wrapped(std::string{head} + ": " + printable(text), "  "));
}

void show_page(const policy::RolePage& page) {
    say(ink(Ink::strong, printable(page.role_title + ", for: " + page.purpose_title)));
    show_fact("Agreement", page.agreement.empty() ? "none; nothing that identifies anybody is shared" : page.agreement);
    show_fact("Procedure", page.procedure);
    show_fact("Held by", page.holders.empty() ? "nobody in agencies.toml" : joined(page.holders));
    show_fact("Told that the purpose is", page.told_purpose);
    show_lines(Ink::good, "Required: a message without these is refused", page.required);
    show_lines(Ink::good, "Allowed: sent where it is there", page.allowed);
    show_lines(Ink::warn, "Only if a condition holds", page.conditional);
    show_lines(Ink::bad, "Never: the sender cannot open these", page.forbidden);
    show_lines(Ink::faint, "Not needed: stays", page.not_necessary);
    say("\n" + ink(Ink::strong, "Of whom"));
    show_fact("People", page.people);
    show_fact("People who asked to be protected", page.protected_identities ? "may be named" : "stay unnamed");
    show_fact("Sensitive words it may read", page.tags.empty() ? "none" : joined(page.tags));
    show_fact("Kinds of concern", page.concern_kinds.empty() ? "all" : "only " + joined(page.concern_kinds));
    for (const auto& one : page.stricter) print(wrapped(printable(one), "  "));
    say("\n" + ink(Ink::strong, "What must be true first"));
    show_fact("Law", joined(page.law));
    show_fact("Consent", page.consent);
    show_fact("Reasons that can stand in for consent", joined(page.overrides));
    show_fact("The family", page.family);
    for (const auto& deadline : page.deadlines) show_fact("Time", deadline);
    show_fact("Retention", page.retention);
    show_fact("Marking", page.marking);
    show_fact("Passing it on", page.onward);
}

auto principles_json(const std::vector<policy::PrincipleMet>& list) -> Json {
    Json out = Json::array();
    for (const auto& one : list)
        out.push(Json::object({{"principle", one.principle}, {"where", Json::texts(one.where)}}));
    return out;
}

auto show_principles(const Session& session, const policy::Pack& pack, const ShowOptions& options) -> int {
    const auto list = policy::caldicott_page(pack, options.purpose);
    if (!list.has_value()) return report(session, list.error(), exit_usage);
    if (session.json) return print_json(principles_json(list.value())), exit_ok;
    say(ink(Ink::strong, "The eight Caldicott principles, and where " + printable(options.purpose) + " meets each"));
    for (const auto& one : list.value()) {
        say("\n" + ink(Ink::strong, one.principle));
        for (const auto& where : one.where) print(wrapped("- " + printable(where), "  "));
    }
    return exit_ok;
}

auto run_show(const Session& session, const ShowOptions& options) -> int {
    const auto pack = open_pack(options.folder);
    if (!pack.has_value()) return report(session, pack.error());
    if (options.principles) return show_principles(session, *pack.value(), options);
    const auto page = policy::role_page(*pack.value(), options.purpose, options.role);
    if (!page.has_value()) return report(session, page.error(), exit_usage);
    if (session.json)
        print_json(policy::to_json(page.value()));
    else
        show_page(page.value());
    return exit_ok;
}

struct MatrixOptions {
    std::string folder;
    bool html = false, csv = false;
};

auto matrix_json(const policy::Pack& pack) -> Json {
    Json out = Json::array();
    for (const auto& cell : policy::matrix(pack))
        out.push(Json::object({{"purpose", cell.purpose},
                               {"role", cell.role},
                               {"required", cell.required},
                               {"allowed", cell.allowed},
                               {"conditional", cell.conditional},
                               {"forbidden", cell.forbidden},
                               {"not_necessary", cell.not_necessary}}));
    return out;
}

auto run_matrix(const Session& session, const MatrixOptions& options) -> int {
    const auto pack = open_pack(options.folder);
    if (!pack.has_value()) return report(session, pack.error());
    if (options.html) return print(policy::matrix_html(*pack.value())), exit_ok;
    if (options.csv) return print(policy::matrix_csv(*pack.value())), exit_ok;
    if (session.json) return print_json(matrix_json(*pack.value())), exit_ok;
    Table table{{"purpose", "role", "required", "allowed", "only if", "never", "not needed"}};
    for (const auto& cell : policy::matrix(*pack.value()))
        table.row({cell.purpose, cell.role, std::to_string(cell.required), std::to_string(cell.allowed),
                   std::to_string(cell.conditional), std::to_string(cell.forbidden),
                   std::to_string(cell.not_necessary)});
    print(table.str());
    return exit_ok;
}

}  // namespace

void add_policy_show(CLI::App& policy, Session& session) {
    auto options = std::make_shared<ShowOptions>();
    auto* cmd = policy.add_subcommand("show", "Say in plain words what one role may have, and what must be true first");
    cmd->add_option("DIR", options->folder, "The policy's folder")->required();
    cmd->add_option("--purpose", options->purpose, "The purpose, e.g. early-help")->required();
    auto* role = cmd->add_option("--role", options->role, "The recipient's role, e.g. charity.lead-worker");
    auto* principles = cmd->add_flag("--principles", options->principles,
                                     "Where this purpose meets each of the eight Caldicott principles");
    role->excludes(principles);
    cmd->footer(
        "Example:\n"
        "  casegate policy show config/packs/exampleshire --purpose early-help --role charity.lead-worker\n"
        "  casegate policy show config/packs/exampleshire --purpose marac --principles");
    cmd->callback([&session, options] {
        if (!options->principles && options->role.empty()) throw CLI::RequiredError("Say --role, or --principles:");
        session.run = [&session, options] { return run_show(session, *options); };
    });
}

void add_policy_matrix(CLI::App& policy, Session& session) {
    auto options = std::make_shared<MatrixOptions>();
    auto* cmd = policy.add_subcommand("matrix", "Count what every role may have for every purpose, in one table");
    cmd->add_option("DIR", options->folder, "The policy's folder")->required();
    auto* html = cmd->add_flag("--html", options->html, "A web page by itself; every cell leads to its list");
    cmd->add_flag("--csv", options->csv, "For a spreadsheet")->excludes(html);
    cmd->footer(
        "Example:\n"
        "  casegate policy matrix config/packs/exampleshire --html > matrix.html");
    cmd->callback([&session, options] { session.run = [&session, options] { return run_matrix(session, *options); }; });
}

}  // namespace cg::app
