#include "policy/repeat.hpp"

#include "policy/followup.hpp"
#include "policy/refuse.hpp"

namespace cg::policy {
namespace {

constexpr std::string_view schema = "decision-context/1";

/// The organisations that were known then.
class StoredAgencies final : public AgencyLookup {
public:
    explicit StoredAgencies(const std::vector<AgencyFacts>& list) : list_(list) {}
    [[nodiscard]] auto find(const AgencyId& id) const -> const AgencyFacts* override {
        for (const auto& facts : list_)
            if (facts.id == id) return &facts;
        return nullptr;
    }

private:
    const std::vector<AgencyFacts>& list_;
};

auto agency_json(const AgencyFacts& facts) -> Json {
    Json roles = Json::array();
    for (const auto& role : facts.roles) roles.push(role.str());
    return Json::object({{"id", facts.id.str()},
                         {"title", facts.title},
                         {"kind", to_string(facts.kind)},
                         {"public_authority", facts.public_authority},
                         {"competent_authority", facts.competent_authority},
                         {"areas", Json::texts(facts.areas)},
                         {"roles", std::move(roles)},
                         {"closed_on", facts.closed_on ? Json{to_iso_date(*facts.closed_on)} : Json{}}});
}

auto texts(const Json& list) -> std::vector<std::string> {
    std::vector<std::string> out;
    if (const auto* items = list.if_array())
        for (const auto& item : *items) out.emplace_back(item.text());
    return out;
}

auto read_kind(const Json& json) -> Result<AgencyKind> {
    if (const auto kind = parse_agency_kind(json.text())) return *kind;
    return fail(Errc::malformed, "stored inputs: no such kind of organisation");
}

auto read_agency(const Json& json) -> Result<AgencyFacts> {
    AgencyFacts out;
    CG_TRY(out.id, AgencyId::parse(json["id"].text()));
    CG_TRY(out.kind, read_kind(json["kind"]));
    out.title = json["title"].text();
    out.public_authority = json["public_authority"].is_true();
    out.competent_authority = json["competent_authority"].is_true();
    if (const auto& day = json["closed_on"]; !day.is_null()) {
        CG_TRY(out.closed_on, parse_date(day.text()));
    }
    out.areas = texts(json["areas"]);
    for (const auto& role : texts(json["roles"])) {
        CG_TRY(auto id, RoleId::parse(role));
        out.roles.push_back(std::move(id));
    }
    return out;
}

auto problems_json(const std::vector<Problem>& problems) -> Json {
    Json out = Json::array();
    for (const auto& one : problems)
        out.push(Json::object({{"type", one.type}, {"pointer", one.pointer}, {"fix", one.fix}, {"rule", one.rule}}));
    return out;
}

auto read_problems(const Json& list) -> std::vector<Problem> {
    std::vector<Problem> out;
    if (const auto* items = list.if_array())
        for (const auto& one : *items)
            out.push_back({std::string{one["type"].text()}, std::string{one["pointer"].text()},
                           std::string{one["fix"].text()}, std::string{one["rule"].text()}});
    return out;
}

auto consultation_json(const Consultation& consultation) -> Json {
    auto tokens = Json::object();
    for (const auto& [id, token] : consultation.tokens) tokens.set(id, token);
    return Json::object(
        {{"id", consultation.id}, {"secret", to_hex(consultation.secret)}, {"tokens", std::move(tokens)}});
}

auto read_consultation(const Json& json) -> Result<Consultation> {
    Consultation out;
    if (json.is_null()) return out;
    out.id = json["id"].text();
    CG_TRY(out.secret, from_hex(json["secret"].text()));
    if (const auto* tokens = json["tokens"].if_object())
        for (const auto& member : *tokens) out.tokens.emplace(member.name, member.value.text());
    return out;
}

/// The message as it was decided: some of its links, and the recipients of a correction, come from where it was handed in.
auto read_message(const RecordedDecision& record, std::string_view text) -> Result<Submission> {
    CG_TRY(auto document, parse_json(text));
    const auto* inner = document.find("submission");
    CG_TRY(auto out, parse_submission(inner == nullptr ? std::move(document) : Json{*inner}));
    const auto& submitted = record.personal["submitted"];
    out.recipients = texts(submitted["recipients"]);
    out.request = submitted["request"].text();
    out.supersedes = submitted["supersedes"].text();
    out.converted_from = submitted["converted_from"].text();
    return out;
}

void compare(Repeated& out, const Json& dec, const Json& recorded) {
    for (const auto& member : *dec.if_object()) {
        const auto* then = recorded.find(member.name);
        if (then == nullptr || !(*then == member.value)) out.differ.push_back(member.name);
    }
    if (const auto* members = recorded.if_object())
        for (const auto& member : *members)
            if (dec.find(member.name) == nullptr) out.added.push_back(member.name);
}

}  // namespace

auto SeenAgencies::find(const AgencyId& id) const -> const AgencyFacts* {
    const auto* facts = all_.find(id);
    if (facts != nullptr) seen_.emplace(id, facts);
    return facts;
}

auto SeenAgencies::seen() const -> std::vector<AgencyFacts> {
    std::vector<AgencyFacts> out;
    for (const auto& [id, facts] : seen_) out.push_back(*facts);
    return out;
}

auto to_json(const DecisionContext& context) -> Json {
    Json agencies = Json::array(), withdrawals = Json::array(), without_key = Json::array();
    for (const auto& facts : context.agencies) agencies.push(agency_json(facts));
    for (const auto& one : context.known_withdrawals)
        withdrawals.push(Json::object({{"who", one.who}, {"on", to_rfc3339(one.on)}}));
    for (const auto& [index, problems] : context.without_key)
        without_key.push(Json::object({{"recipient", index}, {"problems", problems_json(problems)}}));
    auto out = Json::object({{"schema", schema},
                             {"agencies", std::move(agencies)},
                             {"caller", Json::object({{"agency", context.caller.agency.str()},
                                                      {"kind", to_string(context.caller.kind)},
                                                      {"public_authority", context.caller.public_authority},
                                                      {"competent_authority", context.caller.competent_authority}})},
                             {"recent_overrides", Json::texts(context.recent_override_of)},
                             {"withdrawals", std::move(withdrawals)},
                             {"without_key", std::move(without_key)}});
    if (!context.consultation.id.empty()) out.set("consultation", consultation_json(context.consultation));
    return out;
}

auto parse_decision_context(const Json& json) -> Result<DecisionContext> {
    if (json["schema"].text() != schema) return fail(Errc::malformed, "this is no decision-context/1");
    DecisionContext out;
    if (const auto* list = json["agencies"].if_array()) {
        for (const auto& item : *list) {
            CG_TRY(auto facts, read_agency(item));
            out.agencies.push_back(std::move(facts));
        }
    }
    const auto& caller = json["caller"];
    CG_TRY(out.caller.agency, AgencyId::parse(caller["agency"].text()));
    CG_TRY(out.caller.kind, read_kind(caller["kind"]));
    out.caller.public_authority = caller["public_authority"].is_true();
    out.caller.competent_authority = caller["competent_authority"].is_true();
    CG_TRY(out.consultation, read_consultation(json["consultation"]));
    out.recent_override_of = texts(json["recent_overrides"]);
    if (const auto* list = json["withdrawals"].if_array()) {
        for (const auto& one : *list) {
            CG_TRY(const auto on, parse_instant(one["on"].text()));
            out.known_withdrawals.push_back({std::string{one["who"].text()}, on});
        }
    }
    if (const auto* list = json["without_key"].if_array()) {
        for (const auto& one : *list) {
            const auto index = one["recipient"].integer_or(-1);
            if (index < 0) return fail(Errc::malformed, "decision-context/1: a recipient is a number");
            out.without_key.emplace_back(static_cast<std::size_t>(index), read_problems(one["problems"]));
        }
    }
    return out;
}

auto repeat_decision(const Pack& pack, const RecordedDecision& record, std::string_view message,
                     std::vector<std::string> override_texts, ByteView view_salt) -> Result<Repeated> {
    if (pack.hash() != record.dec["pack"]["hash"].text())
        return fail(Errc::conflict, "this is not the policy that decided: find the one with the recorded hash");
    if (record.dec.find("review") != nullptr)
        return fail(Errc::conflict, "a second person decided this: repeat the decision that was held, which the record names");
    if (record.personal.find("context") == nullptr)
        return fail(Errc::not_found, "the record does not keep what this decision rested on");
    CG_TRY(const auto context, parse_decision_context(record.personal["context"]));
    CG_TRY(auto submission, read_message(record, message));
    submission.consultation = context.consultation;
    submission.recent_override_texts = std::move(override_texts);
    submission.recent_override_of = context.recent_override_of;
    submission.known_withdrawals = context.known_withdrawals;
    const StoredAgencies agencies{context.agencies};
    Repeated out;
    out.decision = decide(pack, agencies, submission, context.caller, record.decided_at, view_salt);
    if (record.dec["channel"].text() == "phone") mark_told_by_phone(out.decision);
    if (record.dec.find("correction") != nullptr) mark_corrected(out.decision);
    for (const auto& [index, problems] : context.without_key) {
        if (index >= out.decision.recipients.size() || problems.empty())
            return fail(Errc::malformed, "what the record keeps does not fit this message");
        refuse_recipient(out.decision, index, problems);
    }
    if (!submission.converted_from.empty()) mark_converted(out.decision);
    compare(out, record_fields(out.decision, submission, context.caller).dec, record.dec);
    return out;
}

}  // namespace cg::policy
