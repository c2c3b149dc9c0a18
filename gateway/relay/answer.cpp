#include "gateway/relay/answer.hpp"

#include "gateway/wire/problem.hpp"

#include <algorithm>
#include <array>

namespace cg::relay {
namespace {

/// Problems that the sender mends by adding or correcting information; all others are policy's no.
auto is_incompleteness(std::string_view type) -> bool {
    constexpr std::array prefixes{"adequacy/", "accuracy/", "risk/", "informing/", "confidence/"};
    constexpr std::array types{"basis/missing", "basis/evidence-missing", "consent/state-missing", "override/evidence-missing",
                               "override/boilerplate", "request/basis-missing",  "request/person-unclear"};
    return std::ranges::any_of(prefixes, [type](std::string_view prefix) { return type.starts_with(prefix); }) ||
           std::ranges::find(types, type) != types.end();
}

/// What the answer as a whole is about: the first policy refusal if there is one, else the first gap.
auto leading_problem(const policy::Decision& decision) -> const Problem* {
    const Problem* first = nullptr;
    for (const auto& recipient : decision.recipients) {
        if (recipient.outcome == policy::Outcome::permit) continue;
        for (const auto& problem : recipient.problems) {
            if (!is_incompleteness(problem.type)) return &problem;
            if (first == nullptr) first = &problem;
        }
    }
    return first;
}

auto all_problems(const policy::Decision& decision) -> std::vector<Problem> {
    std::vector<Problem> all;
    for (const auto& recipient : decision.recipients)
        for (const auto& problem : recipient.problems)
            if (std::ranges::find(all, problem) == all.end()) all.push_back(problem);
    return all;
}

auto refusal(const policy::Decision& decision, const DecisionId& id, Json body) -> wire::Response {
    const auto* leading = leading_problem(decision);
    const bool incomplete = leading != nullptr && is_incompleteness(leading->type);
    wire::ProblemContext context;
    context.errors = all_problems(decision);
    context.outcome = to_string(decision.outcome);
    context.purpose = decision.purpose;
    if (decision.recipients.size() == 1) context.recipient = decision.recipients.front().to_text;
    if (leading != nullptr) {
        context.detail = leading->fix;
        context.rule = leading->rule;
    }
    for (const auto& line : decision.what_would_change)
        context.what_would_change_this += (context.what_would_change_this.empty() ? "" : " ") + line;
    context.instructions = decision.instructions;
    context.decision_id = id.str();
    context.decision = std::move(body);
    context.status = incomplete ? 422 : 403;
    return wire::problem_response(leading != nullptr ? leading->type : "policy/denied", context);
}

auto decision_body(const policy::Decision& decision, const DecisionId& id, const std::vector<std::string>& mids) -> Json {
    Json body = Json::object({{"decision_id", id.str()}});
    Json decided = policy::to_json(decision, false);
    for (auto& member : *decided.if_object()) body.set(member.name, std::move(member.value));
    auto* recipients = body.find("recipients")->if_array();
    for (std::size_t i = 0; i < recipients->size() && i < mids.size(); ++i)
        if (!mids[i].empty()) (*recipients)[i].set("mid", mids[i]);
    return body;
}

}  // namespace

auto stored_answer(const policy::Decision& decision, const DecisionId& id, const std::vector<std::string>& mids, int status)
    -> std::string {
    auto body = decision_body(decision, id, mids);
    wire::Response response;
    if (status != 0) response = wire::json_response(status, body);
    else switch (decision.outcome) {
        case policy::Outcome::permit: response = wire::json_response(201, body); break;
        case policy::Outcome::review: response = wire::json_response(202, body); break;
        case policy::Outcome::deny: response = refusal(decision, id, std::move(body)); break;
    }
    return to_jcs(Json::object({{"status", response.status}, {"type", response.content_type}, {"body", response.body}}));
}

auto answer_from(std::string_view stored) -> wire::Response {
    const auto parsed = parse_json(stored);
    CG_ENSURE(parsed.has_value());
    wire::Response response;
    response.status = static_cast<int>(parsed.value()["status"].integer_or(500));
    response.content_type = parsed.value()["type"].text();
    response.body = parsed.value()["body"].text();
    return response;
}

static auto aftermath_json(const Aftermath& aftermath, Json& out) -> void {
    auto& followed = out.set("followed_by", Json::array());
    for (const auto& row : aftermath.followed_by)
        followed.push(Json::object({{"decision_id", row.id.str()}, {"purpose", row.purpose.str()}, {"outcome", row.outcome}}));
    auto& events = out.set("events", Json::array());
    for (const auto& event : aftermath.events)
        events.push(Json::object({{"type", event.type}, {"at", to_rfc3339(event.at)}, {"fields", event.fields}}));
    auto& duties = out.set("duties", Json::array());
    for (const auto& duty : aftermath.duties)
        duties.push(Json::object({{"kind", duty.kind}, {"due", to_rfc3339(duty.due)}, {"done", duty.done}}));
}

auto status_body(const ledger::DecisionRecord& record, const Aftermath& aftermath) -> Json {
    Json deliveries = Json::array();
    for (const auto& delivery : record.deliveries) {
        Json receipts = Json::array();
        for (const auto& text : delivery.receipts)
            if (auto receipt = parse_json(text); receipt.has_value()) receipts.push(std::move(receipt).value());
        Json entry = Json::object({{"mid", delivery.mid.str()}, {"to", delivery.to.str()}, {"state", to_string(delivery.state)},
                                   {"attempts", delivery.attempts}, {"receipts", std::move(receipts)}});
        if (!delivery.last_error.empty()) entry.set("last_error", delivery.last_error);
        deliveries.push(std::move(entry));
    }
    auto out = Json::object({{"decision_id", record.row.id.str()},
                         {"decided_at", to_rfc3339(record.row.decided_at)},
                         {"purpose", record.row.purpose.str()},
                         {"outcome", record.row.outcome},
                         {"decision", record.dec},
                         {"deliveries", std::move(deliveries)}});
    aftermath_json(aftermath, out);
    return out;
}

}  // namespace cg::relay
