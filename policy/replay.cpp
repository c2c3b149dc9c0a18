#include "policy/replay.hpp"

namespace cg::policy {
namespace {

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

}  // namespace

auto to_json(const StoredInputs& inputs) -> Json {
    Json agencies = Json::array();
    for (const auto& facts : inputs.agencies) agencies.push(agency_json(facts));
    auto tokens = Json::object();
    for (const auto& [id, token] : inputs.consultation.tokens) tokens.set(id, token);
    Json withdrawals = Json::array();
    for (const auto& one : inputs.known_withdrawals)
        withdrawals.push(Json::object({{"who", one.who}, {"on", to_rfc3339(one.on)}}));
    return Json::object({{"inputs", "decision-inputs/1"},
                         {"pack_hash", inputs.pack_hash},
                         {"submission", inputs.submission},
                         {"agencies", std::move(agencies)},
                         {"caller", Json::object({{"agency", inputs.caller.agency.str()},
                                                  {"kind", to_string(inputs.caller.kind)},
                                                  {"public_authority", inputs.caller.public_authority},
                                                  {"competent_authority", inputs.caller.competent_authority}})},
                         {"now", to_rfc3339(inputs.now)},
                         {"view_salt", to_hex(inputs.view_salt)},
                         {"consultation", Json::object({{"id", inputs.consultation.id},
                                                        {"secret", to_hex(inputs.consultation.secret)},
                                                        {"tokens", std::move(tokens)}})},
                         {"recent_override_texts", Json::texts(inputs.recent_override_texts)},
                         {"known_withdrawals", std::move(withdrawals)}});
}

auto parse_stored_inputs(const Json& json) -> Result<StoredInputs> {
    if (json["inputs"].text() != "decision-inputs/1") return fail(Errc::malformed, "these are no stored inputs");
    StoredInputs out;
    out.pack_hash = json["pack_hash"].text();
    out.submission = json["submission"].text();
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
    CG_TRY(out.now, parse_instant(json["now"].text()));
    CG_TRY(out.view_salt, from_hex(json["view_salt"].text()));
    out.consultation.id = json["consultation"]["id"].text();
    CG_TRY(out.consultation.secret, from_hex(json["consultation"]["secret"].text()));
    if (const auto* tokens = json["consultation"]["tokens"].if_object())
        for (const auto& member : *tokens) out.consultation.tokens.emplace(member.name, member.value.text());
    out.recent_override_texts = texts(json["recent_override_texts"]);
    if (const auto* list = json["known_withdrawals"].if_array()) {
        for (const auto& one : *list) {
            CG_TRY(const auto on, parse_instant(one["on"].text()));
            out.known_withdrawals.push_back({std::string{one["who"].text()}, on});
        }
    }
    return out;
}

// RC-4: the record names the pack by its hash, and the same pack with the same inputs gives the same bytes.
auto replay(const Pack& pack, const StoredInputs& inputs) -> Result<Decision> {
    if (pack.hash() != inputs.pack_hash)
        return fail(Errc::conflict, "this is not the policy that decided: find the one with the recorded hash");
    CG_TRY(auto document, parse_json(inputs.submission));
    CG_TRY(auto submission, parse_submission(std::move(document)));
    submission.consultation = inputs.consultation;
    submission.recent_override_texts = inputs.recent_override_texts;
    submission.known_withdrawals = inputs.known_withdrawals;
    const StoredAgencies agencies{inputs.agencies};
    return decide(pack, agencies, submission, inputs.caller, inputs.now, inputs.view_salt);
}

}  // namespace cg::policy
