#include "gateway/app/render_record.hpp"

#include "gateway/app/output.hpp"
#include "gateway/app/render_decision.hpp"
#include "gateway/app/words.hpp"

namespace cg::app {
namespace {

auto joined(const Json& list) -> std::string {
    std::string out;
    if (const auto* items = list.if_array())
        for (const auto& item : *items) out += (out.empty() ? "" : ", ") + printable(item.text());
    return out;
}

auto line(std::string_view name, const std::string& text) -> std::string {
    return text.empty() ? std::string{} : "  " + ink(Ink::faint, name) + text + "\n";
}

auto who(const ledger::DecisionRecord& record) -> std::string {
    const auto& sender = record.dec["sender"];
    auto text = printable(sender["organisation"].text());
    if (!record.personal) return text;
    const auto& actor = (*record.personal)["actor"];
    if (const auto role = actor["role"].text(); !role.empty()) text += ", " + printable(role);
    if (const auto user = actor["user"].text(); !user.empty()) text += " (" + printable(user) + ")";
    return text;
}

auto law(const Json& dec) -> std::string {
    std::string out =
        dec["law"]["article6"].text().empty() ? std::string{} : basis_words(dec["law"]["article6"].text());
    for (const char* member : {"article9", "schedule1"})
        if (const auto code = dec["law"][member].text(); !code.empty()) out += ", " + printable(code);
    return out;
}

/// What this decision answers, corrects or continues.
auto links(const Json& dec) -> std::string {
    std::string out;
    for (const auto& [member, words] : {std::pair{"request", "answers "}, std::pair{"supersedes", "takes the place of "},
                                        std::pair{"converted_from", "was advice "}, std::pair{"follow_up_to", "continues "}})
        if (const auto id = dec["links"][member].text(); !id.empty())
            out += (out.empty() ? "" : ", ") + std::string{words} + printable(id);
    if (const auto reviewed = dec["review"]["of"].text(); !reviewed.empty())
        out += (out.empty() ? "" : ", ") + std::string{"review of "} + printable(reviewed) + ": " +
               code_words(printable(dec["review"]["decision"].text()));
    return out;
}

auto personal_lines(const Json& personal) -> std::string {
    std::string names;
    if (const auto* subjects = personal["subjects"].if_array())
        for (const auto& subject : *subjects) names += (names.empty() ? "" : "; ") + joined(subject["names"]);
    return line("About:      ", names) + line("Case:       ", printable(personal["case_ref"].text())) +
           line("In words:   ", printable(personal["reasons"]["text"].text()));
}

/// Rules that did not simply pass: what a reader asks about.
auto notable_rules(const Json& dec) -> std::string {
    std::string out;
    std::size_t passed = 0;
    if (const auto* rules = dec["rules"].if_array()) {
        for (const auto& rule : *rules) {
            const auto result = rule["result"].text();
            if (result == "pass" || result == "not-applicable")
                ++passed;
            else
                out += (out.empty() ? "" : ", ") + printable(rule["id"].text()) + " (" + printable(result) + ")";
        }
    }
    return counted(passed, "rule") + " passed" + (out.empty() ? "" : "; not: " + out);
}

auto deliveries(const ledger::DecisionRecord& record) -> std::string {
    std::string out;
    for (const auto& one : record.deliveries) {
        out += "  " + one.to.str() + ": " + state_words(to_string(one.state));
        if (one.attempts > 1) out += ", " + counted(one.attempts, "attempt");
        if (!one.last_error.empty()) out += ", last trouble: " + code_words(one.last_error);
        out += ink(Ink::faint, "  " + one.mid.str()) + "\n";
    }
    return out.empty() ? "  Nothing left.\n" : out;
}

auto proof_lines(const ledger::DecisionRecord& record, const Result<ProofFacts>& proof) -> std::string {
    if (!proof.has_value()) return "  " + ink(Ink::bad, "THE PROOF DOES NOT HOLD: ") + proof.error().detail + "\n";
    if (!proof.value().record_fits)
        return "  " + ink(Ink::bad, "THE RECORD WAS ALTERED: ") +
               "it is not the one that was written down under number " + std::to_string(record.row.seq) + "\n";
    const auto& head = proof.value().checkpoint;
    return "  " + ink(Ink::good, "Holds: ") + "entry " + std::to_string(record.row.seq) + " of " +
           std::to_string(head.size) + " in the log " + head.origin +
           ", under its signed checkpoint; not altered since.\n";
}

}  // namespace

auto render_record(const ledger::DecisionRecord& record, const Result<ProofFacts>& proof) -> std::string {
    const auto& dec = record.dec;
    auto out = ink(Ink::strong, record.row.id.str()) + "  " + spoken(record.row.decided_at) + "  " +
               action_words(printable(dec["action"].text())) + "\n";
    out += line("Who:        ", who(record));
    if (record.personal) out += personal_lines(*record.personal);
    out +=
        line("Why:        ",
             code_words(printable(dec["purpose"].text())) +
                 (joined(dec["reasons"]["codes"]).empty() ? "" : "; refused for " + joined(dec["reasons"]["codes"])));
    out += line("Follows:    ", links(dec));
    out += line("Law:        ", law(dec));
    out += line("Consent:    ", code_words(printable(dec["consent"]["state"].text())));
    out += line("Rules:      ", notable_rules(dec));
    out += ink(Ink::strong, "With whom, and what") + "\n" + render_decision(dec, {.rules = true});
    out += ink(Ink::strong, "Delivery") + "\n" + deliveries(record);
    out += ink(Ink::strong, "Proof") + "\n" + proof_lines(record, proof);
    return out;
}

auto record_json(const ledger::DecisionRecord& record, const Result<ProofFacts>& proof) -> Json {
    Json copies = Json::array();
    for (const auto& one : record.deliveries) {
        Json receipts = Json::array();
        for (const auto& text : one.receipts)
            if (auto receipt = parse_json(text); receipt.has_value()) receipts.push(std::move(receipt).value());
        copies.push(Json::object({{"mid", one.mid.str()},
                                  {"to", one.to.str()},
                                  {"state", to_string(one.state)},
                                  {"attempts", one.attempts},
                                  {"last_error", one.last_error},
                                  {"receipts", std::move(receipts)}}));
    }
    const bool holds = proof.has_value() && proof.value().record_fits;
    Json out = Json::object({{"decision_id", record.row.id.str()},
                             {"seq", record.row.seq},
                             {"decided_at", to_rfc3339(record.row.decided_at)},
                             {"decision", record.dec},
                             {"deliveries", std::move(copies)},
                             {"leaf", record.leaf},
                             {"proof", record.proof},
                             {"proof_holds", holds}});
    if (record.personal) out.set("personal", *record.personal);
    return out;
}

}  // namespace cg::app
