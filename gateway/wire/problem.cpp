#include "gateway/wire/problem.hpp"

#include <array>

namespace cg::wire {
namespace {

/// RFC 9562, version 4.
auto fresh_urn_uuid() -> std::string {
    std::array<std::uint8_t, 16> bytes{};
    crypto::random_fill(bytes);
    bytes[6] = static_cast<std::uint8_t>((bytes[6] & 0x0fU) | 0x40U);
    bytes[8] = static_cast<std::uint8_t>((bytes[8] & 0x3fU) | 0x80U);
    const std::string hex = to_hex(bytes);
    return "urn:uuid:" + hex.substr(0, 8) + "-" + hex.substr(8, 4) + "-" + hex.substr(12, 4) + "-" + hex.substr(16, 4) + "-" +
           hex.substr(20);
}

auto to_json(const Problem& problem) -> Json {
    Json out = Json::object({{"code", problem.type}, {"pointer", problem.pointer}, {"fix", problem.fix}});
    if (!problem.rule.empty()) out.set("rule", problem.rule);
    return out;
}

void set_if(Json& body, std::string_view name, const std::string& text) {
    if (!text.empty()) body.set(name, text);
}

}  // namespace

auto problem_response(std::string_view code, const ProblemContext& context) -> Response {
    const auto& type = problem_type(code);
    const auto name = type.code.ends_with('/') ? code : type.code;  // of a family, the code itself
    const int status = context.status != 0 ? context.status : type.status;
    Json body = Json::object({{"type", "urn:casegate:problem:" + std::string{name}},
                              {"title", type.title},
                              {"status", status},
                              {"detail", context.detail.empty() ? std::string{type.fix} : context.detail},
                              {"instance", fresh_urn_uuid()}});
    set_if(body, "outcome", context.outcome);
    set_if(body, "purpose", context.purpose);
    set_if(body, "recipient", context.recipient);
    set_if(body, "rule", context.rule);
    set_if(body, "what_would_change_this", context.what_would_change_this);
    if (!context.instructions.empty()) body.set("instructions", Json::texts(context.instructions));
    set_if(body, "decision_id", context.decision_id);
    if (!context.errors.empty()) {
        Json errors = Json::array();
        for (const auto& problem : context.errors) errors.push(to_json(problem));
        body.set("errors", std::move(errors));
    }
    if (!context.decision.is_null()) body.set("decision", context.decision);
    Response response = json_response(status, body);
    response.content_type = "application/problem+json";
    if (status == 429 || status == 503) response.headers.emplace_back("Retry-After", "1");
    return response;
}

auto error_response(const Error& error) -> Response {
    ProblemContext context;
    context.errors = error.problems;
    context.instructions = error.instructions;
    return problem_response(problem_code(error), context);
}

auto json_response(int status, const Json& body) -> Response {
    Response response;
    response.status = status;
    response.body = to_jcs(body);
    return response;
}

}  // namespace cg::wire
