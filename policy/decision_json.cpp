#include "policy/decision.hpp"

#include <array>

namespace cg::policy {
namespace {

constexpr std::array<std::string_view, 3> outcome_words{"PERMIT", "DENY", "REVIEW"};
constexpr std::array<std::string_view, 10> reason_words{"NOT_NECESSARY",
                                                        "FORBIDDEN",
                                                        "CONDITION_NOT_MET",
                                                        "THIRD_PARTY_NOT_RELEVANT",
                                                        "IDENTITY_PROTECTED",
                                                        "NOT_ABOUT_THIS_CHILD",
                                                        "SENSITIVE_TAG_NOT_ALLOWED",
                                                        "PURPOSE_INCOMPATIBLE",
                                                        "OUTSIDE_CONSENT_SCOPE",
                                                        "STALE_UNEXPLAINED"};

auto problems_json(const std::vector<Problem>& problems) -> Json {
    Json out = Json::array();
    for (const auto& problem : problems)
        out.push(Json::object(
            {{"type", problem.type}, {"pointer", problem.pointer}, {"rule", problem.rule}, {"fix", problem.fix}}));
    return out;
}

auto obligations_json(const std::vector<Obligation>& obligations) -> Json {
    Json out = Json::array();
    for (const auto& obligation : obligations) {
        auto item = Json::object({{"type", obligation.type}});
        if (obligation.due) item.set("due", to_rfc3339(*obligation.due));
        item.set("text", obligation.text);
        out.push(std::move(item));
    }
    return out;
}

auto withheld_json(const std::vector<Withheld>& withheld) -> Json {
    Json out = Json::array();
    for (const auto& leaf : withheld)
        out.push(Json::object({{"pointer", leaf.pointer},
                               {"group", leaf.group},
                               {"reason", to_string(leaf.reason)},
                               {"rule", leaf.rule}}));
    return out;
}

/// NE-2: how much goes, before anything does.
auto size_json(const RecipientDecision& recipient) -> Json {
    const std::size_t bytes = recipient.view.is_object() ? to_jcs(recipient.view).size() : 0;
    return Json::object(
        {{"fields", recipient.released.size()}, {"withheld", recipient.withheld.size()}, {"bytes", bytes}});
}

auto recipient_json(const RecipientDecision& recipient, bool with_view) -> Json {
    auto out = Json::object({{"to", recipient.to_text},
                             {"outcome", to_string(recipient.outcome)},
                             {"released", Json::texts(recipient.released)},
                             {"withheld", withheld_json(recipient.withheld)},
                             {"problems", problems_json(recipient.problems)},
                             {"obligations", obligations_json(recipient.obligations)},
                             {"conditions_met", Json::texts(recipient.conditions_met)}});
    if (!recipient.notes.empty()) {
        auto& notes = out.set("notes", Json::array());
        for (const auto& note : recipient.notes)
            notes.push(Json::object({{"code", note.code}, {"pointer", note.pointer}}));
    }
    out.set("size", size_json(recipient));
    if (!recipient.reason_codes.empty()) out.set("reason_codes", Json::texts(recipient.reason_codes));
    if (with_view && recipient.view.is_object()) out.set("view", recipient.view);
    return out;
}

auto advice_json(const AdviceResult& advice) -> Json {
    auto replaced = Json::object();
    for (const auto& [kind, count] : advice.replacements) replaced.set(kind, count);
    auto out = Json::object({{"replacements", std::move(replaced)}, {"leftovers_resolved", advice.leftovers_resolved}});
    if (!advice.consultation.empty()) out.set("consultation", advice.consultation);
    auto& list = out.set("leftovers", Json::array());
    for (const auto& leftover : advice.leftovers)
        list.push(Json::object({{"pointer", leftover.pointer},
                                {"offset", leftover.offset},
                                {"length", leftover.length},
                                {"why", leftover.why},
                                {"text_sha256", leftover.text_sha256}}));
    return out;
}

}  // namespace

auto to_string(Outcome outcome) noexcept -> std::string_view {
    return outcome_words[static_cast<std::size_t>(outcome)];
}
auto to_string(WithheldReason reason) noexcept -> std::string_view {
    return reason_words[static_cast<std::size_t>(reason)];
}

auto to_json(const Decision& decision, bool with_views) -> Json {
    auto out = Json::object({{"outcome", to_string(decision.outcome)},
                             {"action", decision.action},
                             {"purpose", decision.purpose},
                             {"urgency", decision.urgency},
                             {"emergency", decision.emergency},
                             {"decided_at", to_rfc3339(decision.decided_at)}});
    out.set("instructions", Json::texts(decision.instructions));
    out.set("what_would_change", Json::texts(decision.what_would_change));
    auto& recipients = out.set("recipients", Json::array());
    for (const auto& recipient : decision.recipients) recipients.push(recipient_json(recipient, with_views));
    if (!decision.problems.empty()) out.set("problems", problems_json(decision.problems));
    if (!decision.reason_codes.empty()) out.set("reason_codes", Json::texts(decision.reason_codes));
    out.set("warnings", problems_json(decision.warnings));
    out.set("obligations", obligations_json(decision.obligations));
    auto& rules = out.set("rules", Json::array());
    for (const auto& rule : decision.rules) rules.push(Json::object({{"id", rule.id}, {"result", rule.result}}));
    auto& tests = out.set("tests", Json::object());
    for (std::size_t i = 0; i < test_names.size(); ++i) tests.set(test_names[i], decision.tests[i]);
    if (decision.advice) out.set("advice", advice_json(*decision.advice));
    out.set("documents", Json::texts(decision.documents));
    out.set("pack",
            Json::object({{"id", decision.pack.id}, {"version", decision.pack.version}, {"hash", decision.pack.hash}}));
    return out;
}

}  // namespace cg::policy
