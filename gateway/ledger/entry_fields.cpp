#include "gateway/ledger/entry_fields.hpp"

namespace cg::ledger {

auto decision_fields(const NewDecision& decision, std::string_view stored_answer) -> Json {
    auto recipients = Json::array();
    for (const auto& [to, outcome] : decision.search.recipients)
        recipients.push(Json::object({{"to", to.str()}, {"outcome", outcome}}));
    auto releases = Json::array();
    for (const auto& release : decision.releases)
        releases.push(Json::object({{"to", release.to.str()}, {"mid", release.mid.str()}}));
    auto out = Json::object({{"id", decision.id.str()},
                             {"decided_at", to_rfc3339(decision.decided_at)},
                             {"purpose", decision.search.purpose.str()},
                             {"outcome", decision.search.outcome},
                             {"recipients", std::move(recipients)},
                             {"releases", std::move(releases)},
                             {"body_sha256", to_hex(decision.body_sha256)},
                             {"response_sha256", to_hex(crypto::sha256(stored_answer))},
                             {"record", decision.dec}});
    if (!decision.held.empty()) out.set("held", true);
    if (decision.settles) out.set("settles", decision.settles->str());
    if (!decision.search.links.empty()) out.set("links", Json::texts(decision.search.links));
    set_duties(out, decision.duties, decision.duties_done);
    return out;
}

auto duty_id(std::string_view kind, std::string_view ref, std::size_t nth) -> std::string {
    auto out = std::string{kind}.append(":").append(ref);
    return nth <= 1 ? out : out.append("#").append(std::to_string(nth));
}

void set_duties(Json& fields, const std::vector<NewDuty>& duties, const std::vector<std::string>& done) {
    if (!duties.empty()) {
        auto& list = fields.set("duties", Json::array());
        for (const auto& duty : duties) list.push(Json::object({{"kind", duty.kind}, {"due", to_rfc3339(duty.due)}}));
    }
    if (!done.empty()) fields.set("duties_done", Json::texts(done));
}

auto personal_fields(const NewDecision& decision) -> Json {
    auto search = Json::object({{"actor", decision.search.actor}, {"subjects", Json::texts(decision.search.subjects)}});
    return Json::object({{"caller", decision.caller},
                         {"case_key", decision.case_key},
                         {"search", std::move(search)},
                         {"record", decision.personal}});
}

auto release_fields(const Release& release) -> Json {
    return Json::object({{"mid", release.mid.str()},
                         {"envelope_sha256", to_hex(release.envelope_sha256)},
                         {"kid", release.kid},
                         {"bytes", release.envelope.size()}});
}

auto erasure_fields(const DecisionId& id, const std::string& reason_code) -> Json {
    return Json::object(
        {{"of", id.str()}, {"reason", reason_code}, {"what", Json::array({"personal", "content"})}});
}

auto receipt_fields(Side side, std::string_view mid, const crypto::Digest& envelope_sha256, DeliveryState state) -> Json {
    return Json::object({{"side", side == Side::sender ? "sender" : "recipient"},
                         {"mid", mid},
                         {"envelope_sha256", to_hex(envelope_sha256)},
                         {"state", to_string(state)}});
}

auto search_keys(const Vault& vault, const std::string& actor, const std::vector<std::string>& subjects)
    -> std::set<Blind> {
    std::set<Blind> keys;
    if (!actor.empty()) keys.insert(vault.actor(actor));
    for (const auto& subject : subjects)
        if (!subject.empty()) keys.insert(vault.subject(subject));
    return keys;
}

auto personal_search(std::string_view personal_jcs) -> Result<PersonalSearch> {
    CG_TRY(const auto personal, parse_json(personal_jcs));
    const auto& search = personal["search"];
    const auto* subjects = search["subjects"].if_array();
    if (subjects == nullptr) return fail(Errc::corrupt, "personal details without search terms");
    PersonalSearch out;
    out.actor = search["actor"].text();
    for (const auto& subject : *subjects) out.subjects.emplace_back(subject.text());
    return out;
}

}  // namespace cg::ledger
