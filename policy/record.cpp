// The two halves of a decision record. What may hold a person's name goes to `id`, and nothing of it to `dec`.
#include "policy/case_facts.hpp"
#include "policy/decide.hpp"
#include "policy/uk_time.hpp"
#include "policy/words.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <tuple>

namespace cg::policy {
namespace {

auto text_or_null(const std::string& text) -> Json {
    return text.empty() ? Json{} : Json{text};
}

auto pack_json(const Decision& d) -> Json {
    return Json::object({{"id", d.pack.id},
                         {"version", d.pack.version},
                         {"hash", d.pack.hash},
                         {"rules_edition", Json::texts(d.rules_edition)},
                         {"agreement", text_or_null(d.agreement)},
                         {"procedure", text_or_null(d.procedure)},
                         {"documents", Json::texts(d.documents)},
                         {"protocol", text_or_null(d.protocol)},
                         {"appropriate_policy_document", text_or_null(d.policy_document)}});
}

auto times_json(const Decision& d, const Json& timing) -> Json {
    auto out = Json::object();
    for (const auto* leaf : {"concern_arose", "phoned_at"})
        if (const auto at = read_instant(timing[leaf])) out.set(leaf, to_rfc3339(*at));
    // RC-7: when a person decided is what they say; when this gateway did is the clock's. A long gap is reported.
    if (const auto at = read_instant(timing["decided_at"]); at && *at <= d.decided_at)
        out.set("person_decided_at", to_rfc3339(*at));
    out.set("decided_at", to_rfc3339(d.decided_at));
    return out;
}

auto problems_json(const std::vector<Problem>& problems) -> Json {
    Json out = Json::array();
    for (const auto& p : problems) out.push(Json::object({{"type", p.type}, {"pointer", p.pointer}, {"rule", p.rule}}));
    return out;
}

/// Withheld leaves by rule and reason. A leaf that no group names is counted only: its name is the sender's own text.
auto withheld_json(const std::vector<Withheld>& withheld) -> Json {
    std::map<std::tuple<WithheldReason, std::string, std::string>, std::vector<const std::string*>> by_rule;
    for (const auto& leaf : withheld) by_rule[{leaf.reason, leaf.group, leaf.rule}].push_back(&leaf.pointer);
    Json out = Json::array();
    for (const auto& [key, pointers] : by_rule) {
        const auto& [reason, group, rule] = key;
        auto item =
            Json::object({{"reason", to_string(reason)}, {"group", group}, {"rule", rule}, {"count", pointers.size()}});
        if (group != "unknown") {
            auto& list = item.set("pointers", Json::array());
            for (const auto* pointer : pointers) list.push(Json{*pointer});
        }
        out.push(std::move(item));
    }
    return out;
}

auto notes_json(const std::vector<Note>& notes) -> Json {
    Json out = Json::array();
    for (const auto& note : notes) out.push(Json::object({{"code", note.code}, {"pointer", note.pointer}}));
    return out;
}

/// RC-2: what went to whom. The digest of the exact bytes stands in the ledger, beside the release.
auto recipients_json(const Decision& d) -> Json {
    Json out = Json::array();
    for (const auto& r : d.recipients)
        out.push(Json::object({{"to", r.to.role.empty() ? Json{"not-a-recipient"} : Json{r.to.str()}},
                               {"outcome", to_string(r.outcome)},
                               {"released_count", r.released.size()},
                               {"released", Json::texts(r.released)},
                               {"withheld", withheld_json(r.withheld)},
                               {"problems", problems_json(r.problems)},
                               {"conditions_met", Json::texts(r.conditions_met)},
                               {"notes", notes_json(r.notes)}}));
    return out;
}

auto reason_codes(const Decision& d) -> Json {
    std::vector<std::string> codes = d.reason_codes;
    for (const auto& r : d.recipients)
        for (const auto& code : r.reason_codes)
            if (std::ranges::find(codes, code) == codes.end()) codes.push_back(code);
    return Json::object({{"codes", Json::texts(codes)}});
}

auto obligations_json(const Decision& d) -> Json {
    Json out = Json::array();
    for (const auto& o : d.obligations) {
        auto item = Json::object({{"type", o.type}});
        if (o.due) item.set("due", to_rfc3339(*o.due));
        out.push(std::move(item));
    }
    return out;
}

auto rules_json(const Decision& d) -> Json {
    Json out = Json::array();
    for (const auto& rule : d.rules) out.push(Json::object({{"id", rule.id}, {"result", rule.result}}));
    return out;
}

/// A text of the sender's own stays out.
auto link(const std::string& text) -> Json {
    return is_link(text) ? Json{text} : Json{};
}

auto codes_json(Json& out, const Decision& d) -> void {
    const auto& codes = d.codes;
    out.set("law", Json::object({{"article6", text_or_null(d.basis)},
                                 {"article9", text_or_null(codes.article9)},
                                 {"schedule1", text_or_null(codes.schedule1)},
                                 {"schedule1_reason", text_or_null(codes.schedule1_reason)},
                                 {"confidence_gate", text_or_null(codes.confidence_gate)}}));
    out.set("consent", Json::object({{"state", codes.consent_state}}));
    out.set("override", codes.override_reason.empty() ? Json{} : Json::object({{"reason", codes.override_reason}}));
    out.set("informing", Json::object({{"told", codes.told}, {"exception", Json::texts(codes.exceptions)}}));
}

/// What the scrubber did, in numbers: kinds are its own words, and a position says where in which field.
auto scrub_json(const AdviceResult& advice) -> Json {
    auto replaced = Json::object();
    for (const auto& [kind, count] : advice.replacements) replaced.set(kind, count);
    Json open = Json::array();
    for (const auto& leftover : advice.leftovers)
        open.push(Json::object({{"pointer", leftover.pointer}, {"offset", leftover.offset}, {"length", leftover.length}}));
    return Json::object({{"consultation", link(advice.consultation)},
                         {"scrub", Json::object({{"gazetteer_hits", std::move(replaced)},
                                                 {"leftovers_resolved", advice.leftovers_resolved},
                                                 {"leftovers", std::move(open)}})},
                         {"subjects_disclosed", Json::array()}});
}

auto dec_fields(const Decision& d, const Submission& s, const Caller& caller) -> Json {
    const bool known_purpose = !d.retention.retention_class.empty();
    auto out = Json::object({{"record", "decision/1"},
                             {"action", d.action},
                             {"outcome", to_string(d.outcome)},
                             {"purpose", known_purpose ? Json{d.purpose} : Json{"not-known"}},
                             {"pack", pack_json(d)},
                             {"sender", Json::object({{"organisation", caller.agency.str()},
                                                      {"kind", to_string(caller.kind)},
                                                      {"public_authority", caller.public_authority}})},
                             {"urgency", d.urgency},
                             {"emergency", d.emergency},
                             {"times", times_json(d, s.case_tree["timing"])},
                             {"timeliness", Json::object({{"late", d.late}})}});
    codes_json(out, d);
    out.set("regimes", Json::texts(d.regimes));
    out.set("links", Json::object({{"follow_up_to", link(s.follow_up_to)},
                                   {"request", link(s.request)},
                                   {"supersedes", link(s.supersedes)},
                                   {"converted_from", link(s.converted_from)},
                                   {"advice_of", link(s.advice_of)}}));
    if (d.advice) out.set("advice", scrub_json(*d.advice));
    auto& tests = out.set("tests", Json::object());
    for (std::size_t i = 0; i < test_names.size(); ++i) tests.set(test_names[i], d.tests[i]);
    out.set("rules", rules_json(d));
    out.set("reasons", reason_codes(d));
    out.set("recipients", recipients_json(d));
    out.set("obligations", obligations_json(d));
    out.set("warnings", problems_json(d.warnings));
    out.set("retention", Json::object({{"class", d.retention.retention_class},
                                       {"anchor", d.retention.anchor},
                                       {"period", d.retention.period},
                                       {"then", d.retention.then}}));
    return out;
}

void push_text(Json& list, const Json& value) {
    if (!is_blank(value) && value.is_string() && !is_unknown_word(value.text())) list.push(value);
}

auto subject(const Json& tree, Date today, std::string_view relationship, std::initializer_list<const char*> names,
             std::initializer_list<const char*> numbers) -> Json {
    auto out = Json::object({{"id", tree["id"]}, {"relationship", relationship}});
    auto& name_list = out.set("names", Json::array());
    for (const auto* name : names) push_text(name_list, tree[name]);
    auto& number_list = out.set("identifiers", Json::array());
    for (const auto* number : numbers) push_text(number_list, tree[number]);
    if (!is_blank(tree["date_of_birth"])) out.set("date_of_birth", tree["date_of_birth"]);
    if (tree["identity_protected"].is_true()) out.set("identity_protected", true);
    out.set("regime", has_died(tree, today) ? regime_words[1] : regime_words[0]);
    return out;
}

/// SW-5: parents and everyone else in the case are found again as the child is.
auto subjects_json(const Json& tree, Date today) -> Json {
    Json out = Json::array();
    const auto& child = tree["child"];
    auto first = subject(child, today, "child", {"given_names", "family_name", "preferred_name"},
                         {"nhs_number", "upn", "la_child_id"});
    if (const auto given = child["given_names"].text(), family = child["family_name"].text();
        !given.empty() && !family.empty())
        first.find("names")->push(Json{std::string{given} + " " + std::string{family}});
    out.push(std::move(first));
    if (const auto* people = tree["people"].if_array())
        for (const auto& person : *people)
            out.push(subject(person, today, person["relationship"].text(), {"name"}, {"nhs_number", "nino", "pnc_id"}));
    return out;
}

auto unknown_leaves(const Decision& d) -> Json {
    Json out = Json::array();
    if (d.recipients.empty()) return out;
    for (const auto& leaf : d.recipients.front().withheld)
        if (leaf.group == "unknown") out.push(Json{leaf.pointer});
    return out;
}

auto id_fields(const Decision& d, const Submission& s, const Caller& caller) -> Json {
    static constexpr std::array answers{"if_shared_person", "if_shared_others", "if_not_shared_person",
                                        "if_not_shared_others"};
    static constexpr std::array blocks{"consent", "override", "informing",     "basis",
                                       "timing",  "reasons",  "third_parties", "advice_sought",
                                       "query",   "record_fields"};
    const auto& tree = s.case_tree;
    auto out = Json::object({{"case_ref", tree["case_ref"]},
                             {"home_authority", tree["home_authority"]},
                             {"subjects", subjects_json(tree, uk_date(d.decided_at))},
                             {"actor", Json::object({{"user", s.actor.user},  // RC-5
                                                     {"role", s.actor.role},
                                                     {"auth", s.actor.auth},
                                                     {"organisation", caller.agency.str()}})}});
    auto& balance = out.set("balance", Json::object());
    for (const auto* answer : answers)
        if (const auto* value = tree["risk"].find(answer)) balance.set(answer, *value);
    for (const auto* block : blocks)
        if (const auto* value = tree.find(block)) out.set(block, *value);
    out.set("unknown_leaves", unknown_leaves(d));
    out.set("submitted", Json::object({{"purpose", s.purpose},
                                       {"recipients", Json::texts(s.recipients)},
                                       {"follow_up_to", text_or_null(s.follow_up_to)},
                                       {"request", text_or_null(s.request)},
                                       {"supersedes", text_or_null(s.supersedes)},
                                       {"converted_from", text_or_null(s.converted_from)},
                                       {"advice_of", text_or_null(s.advice_of)}}));
    if (s.advice) out.set("question", text_or_null(s.advice->question));
    if (d.advice) {
        out.set("token_map", d.advice->token_map);
        if (d.advice->leftovers_resolved > 0) out.set("leftovers_resolved_by", s.actor.user);
    }
    return out;
}

}  // namespace

auto record_fields(const Decision& decision, const Submission& submission, const Caller& caller) -> RecordFields {
    return {dec_fields(decision, submission, caller), id_fields(decision, submission, caller)};
}

}  // namespace cg::policy
