#include "policy/refusal.hpp"

#include "policy/compiled.hpp"
#include "policy/danger.hpp"
#include "policy/members.hpp"
#include "policy/summary.hpp"
#include "policy/uk_time.hpp"
#include "policy/words.hpp"

#include <algorithm>
#include <array>

namespace cg::policy {
namespace {

constexpr std::string_view rule = "no-share.reasons";
constexpr std::array<std::string_view, 4> answers{"if_shared_person", "if_shared_others", "if_not_shared_person",
                                                  "if_not_shared_others"};

auto fault(int check, std::string type, std::string pointer, std::string fix) -> Problem {
    return {std::move(type), std::move(pointer), std::move(fix), std::string{rule} + "." + std::to_string(check)};
}

/// Takes the members that a submission does not have out of the document.
auto take(Json& document, std::string_view name) -> Json {
    Json out;
    auto* members = document.if_object();
    for (auto it = members->begin(); it != members->end(); ++it) {
        if (it->name != name) continue;
        out = std::move(it->value);
        members->erase(it);
        break;
    }
    return out;
}

void read_reasons(const Json& reasons, Refusal& out, std::vector<Problem>& problems) {
    if (!reasons.is_object()) {
        problems.push_back(fault(1, "refusal/reason-missing", "/reasons", "Say why it is not shared: codes and text."));
        return;
    }
    refuse_unknown_members(reasons, "/reasons", {"codes", "text"}, problems);
    for (const auto code : texts_of(reasons["codes"])) out.codes.emplace_back(code);
    out.text = reasons["text"].text();
}

auto find_code(const CompiledPack& pack, std::string_view code) -> const RefusalCode* {
    const auto it = std::ranges::find(pack.refusals, code, &RefusalCode::code);
    return it == pack.refusals.end() ? nullptr : &*it;
}

void check_codes(const CompiledPack& pack, const Refusal& refusal, std::vector<Problem>& out) {
    if (refusal.codes.empty())
        out.push_back(fault(1, "refusal/reason-missing", "/reasons/codes", "Name at least one reason of the policy's list."));
    bool only_confidential = !refusal.codes.empty();
    for (std::size_t i = 0; i < refusal.codes.size(); ++i) {
        const auto* code = find_code(pack, refusal.codes[i]);
        if (code == nullptr)  // FW-1: nothing else is a reason
            out.push_back(fault(2, "refusal/reason-unknown", "/reasons/codes/" + std::to_string(i),
                                "Choose a reason of the policy's list. 'Data protection' is never one."));
        only_confidential = only_confidential && code != nullptr && code->confidentiality;
    }
    // SW-3: the child's welfare comes before confidentiality.
    if (only_confidential && refusal.base.case_tree["risk"]["significant_harm"].is_true())
        out.push_back(fault(3, "refusal/welfare-overrides", "/reasons/codes",
                            "You fear significant harm: confidentiality alone is no reason not to share. Share, or name another "
                            "reason and the facts."));
}

/// RC-3, FW-15: in words, and as many as it takes. Letters count, not spaces.
void check_text(const CompiledPack& pack, const Refusal& refusal, std::vector<Problem>& out) {
    const auto words = same_words_form(refusal.text);
    if (words.size() < pack.answers.refusal_text_min)
        out.push_back(fault(4, "refusal/reason-missing", "/reasons/text",
                            "Say in your own words why it is not shared: at least " +
                                std::to_string(pack.answers.refusal_text_min) + " characters."));
}

/// SW-1: what happens if it is not shared is part of the reason not to.
void check_balance(const Refusal& refusal, std::vector<Problem>& out) {
    const auto& risk = refusal.base.case_tree["risk"];
    for (const auto answer : answers)
        if (is_blank(risk[answer]))
            out.push_back(fault(5, "risk/unanswered", "/case/risk/" + std::string{answer},
                                "Describe the risk, or write 'none identified'."));
}

/// FW-6: words that put the organisation first. Whole words, so that "unreliable" does not say "liable".
auto organisation_first(const CompiledPack& pack, std::string_view text) -> bool {
    auto words = same_words_form(text);
    std::ranges::replace_if(words, [](char c) { return c != '\'' && !(c >= 'a' && c <= 'z') && !(c & 0x80); }, ' ');
    words = " " + words + " ";
    return std::ranges::any_of(pack.answers.organisational_interest,
                               [&words](const std::string& phrase) { return words.find(" " + phrase) != std::string::npos; });
}

auto hides(const CompiledPack& pack, std::string_view purpose) -> bool {
    return std::ranges::find(pack.answers.hidden_purposes, purpose) != pack.answers.hidden_purposes.end();
}

auto refusal_reply(const CompiledPack& pack, const Purpose& purpose, const Refusal& refusal) -> Json {
    auto out = Json::object({{"schema", "refusal-reply/1"}, {"request", refusal.base.request}, {"outcome", "DENY"}});
    out.set("handling", Json::object({{"marking", purpose.marking}}));
    if (hides(pack, refusal.base.purpose)) {  // nothing else: whom to ring would say who knows the family
        out.set("said", pack.answers.hidden_text);
        return out;
    }
    if (!refusal.contact_role.empty())
        out.set("contact", Json::object({{"role", refusal.contact_role}, {"phone", refusal.contact_phone}}));
    std::vector<std::string> codes;
    std::string said;
    for (const auto& name : refusal.codes) {
        const auto* code = find_code(pack, name);
        if (code == nullptr || !code->said) continue;
        codes.push_back(name);
        said += code->text + " ";
    }
    if (!codes.empty()) out.set("reasons", Json::texts(codes));
    out.set("said", said + pack.answers.general_text);
    return out;
}

void add_reply(const CompiledPack& pack, const Purpose& purpose, const Refusal& refusal, bool review, Decision& out) {
    for (const auto& text : refusal.base.recipients) {
        auto& recipient = out.recipients.emplace_back();
        recipient.to_text = text;
        if (auto to = RecipientId::parse(text)) recipient.to = std::move(to).value();
        recipient.outcome = review ? Outcome::review : Outcome::deny;
        recipient.purpose_label = "answer";
        recipient.reason_codes = refusal.codes;
        recipient.problems = out.problems;
        if (!review) recipient.reply = refusal_reply(pack, purpose, refusal);
    }
}

}  // namespace

auto parse_refusal(Json document) -> Result<Refusal> {
    std::vector<Problem> problems;
    Refusal out;
    if (!document.is_object())
        return fail(Errc::malformed, "not a decision not to share",
                    {fault(1, "submission/wrong-type", "", "Send one JSON object, no-share/1.")});
    if (document["schema"].text() != "no-share/1")
        problems.push_back(fault(1, "submission/schema", "/schema", "Set the schema to \"no-share/1\"."));
    document.set("schema", "submission/1");
    read_reasons(take(document, "reasons"), out, problems);
    const auto contact = take(document, "contact");
    refuse_unknown_members(contact, "/contact", {"role", "phone"}, problems);
    out.contact_role = contact["role"].text();
    out.contact_phone = contact["phone"].text();
    const auto reply_to = take(document, "reply_to");
    const bool asked = reply_to.is_string() && !reply_to.text().empty();
    if (!reply_to.is_null() && !asked)
        problems.push_back(fault(6, "submission/wrong-type", "/reply_to", "Name whoever asked, as role@agency."));
    if (document.find("recipients") != nullptr)
        problems.push_back(fault(6, "submission/member-unknown", "/recipients",
                                 "Nothing is shared, so there are no recipients: name whoever asked in reply_to."));
    document.set("recipients", Json::array({asked ? Json{reply_to} : Json{"nobody@here"}}));
    auto base = parse_submission(std::move(document));
    if (!base) {
        auto more = base.error().problems;
        problems.insert(problems.end(), more.begin(), more.end());
    } else {
        out.base = std::move(base).value();
        if (!asked) out.base.recipients.clear();
    }
    if (!problems.empty()) return fail(Errc::malformed, "not a complete decision not to share", std::move(problems));
    return out;
}

auto decide_refusal(const Pack& whole, const AgencyLookup& agencies, const Refusal& refusal, Instant now, bool reviewed)
    -> Result<Decision> {
    const auto& pack = whole.compiled();
    std::vector<Problem> problems;
    const auto purpose = pack.purposes.find(refusal.base.purpose);
    if (purpose == pack.purposes.end())
        problems.push_back(
            {"request/purpose-unknown", "/purpose", "Choose a purpose that the policy knows.", "pack.purpose.1"});
    check_codes(pack, refusal, problems);
    check_text(pack, refusal, problems);
    check_balance(refusal, problems);
    for (const auto& text : refusal.base.recipients) {
        const auto to = RecipientId::parse(text);
        if (!to || agencies.find(to.value().agency) == nullptr)
            problems.push_back(fault(6, "recipient/unknown", "/reply_to", "Name whoever asked, as role@agency of the directory."));
    }
    if (!problems.empty()) {
        Error error{Errc::malformed, "the reasons are not complete", std::move(problems)};
        error.instructions = first_instructions_for_case(pack, refusal.base.case_tree);
        return boost::outcome_v2::failure(std::move(error));
    }

    Decision out;
    start_decision(out, pack, &purpose->second, refusal.base, now);
    out.reason_codes = refusal.codes;
    const bool review = !reviewed && organisation_first(pack, refusal.text);
    if (review)
        out.problems.push_back(fault(7, "refusal/organisational-interest", "/reasons/text",
                                     "The reasons speak of the organisation's own interest: a second person looks at this first. "
                                     "A child's safety never comes second to it."));
    out.rules.push_back({std::string{rule}, review ? "review" : "pass"});
    add_reply(pack, purpose->second, refusal, review, out);
    finish_decision(out, pack, read_case_facts(refusal.base.case_tree, uk_date(now)), refusal.base);
    for (const auto& problem : out.problems) out.what_would_change.push_back(problem.fix);
    out.outcome = review ? Outcome::review : Outcome::deny;
    out.action = review ? "held" : "no-share";
    const auto& kept = pack.answers;
    if (!kept.retention_class.empty())
        out.retention = {kept.retention_class, kept.retention_anchor, kept.retention_period, kept.retention_then};
    if (!review && !refusal.base.recipients.empty() && kept.discuss_within)
        out.obligations.push_back({"discuss-refusal", add(now, *kept.discuss_within, pack.holidays),
                                   "Talk the refusal over with whoever asked, and write down what came of it."});
    return out;
}

auto reply_not_before(const Pack& whole, std::string_view purpose, Instant asked_at) -> std::optional<Instant> {
    const auto& pack = whole.compiled();
    if (!hides(pack, purpose) || !pack.answers.hidden_after) return std::nullopt;
    return add(asked_at, *pack.answers.hidden_after, pack.holidays);
}

}  // namespace cg::policy
