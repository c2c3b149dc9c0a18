// purposes/*.toml: the gates of one purpose. Who may have what is read in pack_role_table.cpp.
#include "policy/case_schema.hpp"
#include "policy/pack_load.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>
#include <utility>

namespace cg::policy {
namespace {

template <class Value, std::size_t count>
auto choice(TableReader& reader, std::string_view key,
            const std::array<std::pair<std::string_view, Value>, count>& choices) -> Value {
    const auto text = reader.text(key);
    std::string names;
    for (const auto& [name, value] : choices) {
        if (name == text) return value;
        names += (names.empty() ? "'" : ", '") + std::string{name} + "'";
    }
    if (!text.empty()) reader.fault_at(key, "pack/code-unknown", "Say one of " + names + ".");
    return choices.front().second;
}

auto period(TableReader& reader, std::string_view key, const std::string& text) -> Period {
    if (text.empty()) return {};
    auto parsed = parse_period(text);
    if (parsed) return parsed.value();
    reader.fault_at(key, "pack/period", "Write a period such as P12M, P5D working or PT24H.");
    return {};
}
auto period_if(TableReader& reader, std::string_view key) -> std::optional<Period> {
    const auto text = reader.text_or(key, "");
    return text.empty() ? std::nullopt : std::optional{period(reader, key, text)};
}

template <class Map>
void known_codes(TableReader& reader, std::string_view key, const std::vector<std::string>& codes, const Map& map,
                 std::string_view where = "codes.toml") {
    for (const auto& code : codes)
        if (!map.contains(code))
            reader.fault_at(key, "pack/code-unknown", "There is no '" + code + "' in " + std::string{where} + ".");
}

void read_basis(TableReader& file, const CompiledPack& pack, Purpose& out) {
    const auto* table = file.table("basis");
    if (table == nullptr) return;
    TableReader reader{file.file(), *table, file.faults()};
    out.basis_allowed = reader.texts("allowed");
    known_codes(reader, "allowed", out.basis_allowed, pack.basis);
    out.basis_emergency = reader.text("emergency");
    if (!out.basis_emergency.empty()) known_codes(reader, "emergency", {out.basis_emergency}, pack.basis);
    if (out.kind == PurposeKind::advice) {  // AD-1: one basis for the sender's own step, none asked of the practitioner
        out.basis_standing = reader.text("standing");
        out.basis_standing_text = reader.text("standing_text");
        if (!out.basis_standing.empty()) known_codes(reader, "standing", {out.basis_standing}, pack.basis);
    }
    reader.finish();
}

void read_consent(TableReader& file, const CompiledPack& pack, Purpose& out) {
    using Choice = std::pair<std::string_view, ConsentGate>;
    static constexpr std::array gates{Choice{"none", ConsentGate::none}, Choice{"consent", ConsentGate::consent},
                                      Choice{"consent-or-override", ConsentGate::consent_or_override}};
    const auto* table = file.table("consent");
    if (table == nullptr) return;
    TableReader reader{file.file(), *table, file.faults()};
    out.consent = choice(reader, "gate", gates);
    out.informed_first = reader.flag_or("informed_first", false);
    out.consent_per_recipient = reader.flag_or("per_recipient", false);
    out.own_consent = reader.flag_or("own", false);
    out.consent_of = reader.text_or("of", "");
    if (!out.consent_of.empty() && !out.consent_of.starts_with('/'))
        reader.fault_at("of", "pack/leaf-unknown", "Write the place of the person's id, such as /da/victim.");
    out.override_hint = reader.text_or("override_hint", "");
    out.consent_max_age = period_if(reader, "max_age");
    out.override_reasons = reader.texts_or_none("override_reasons");
    known_codes(reader, "override_reasons", out.override_reasons, pack.overrides);
    if (out.consent == ConsentGate::consent_or_override && out.override_reasons.empty())
        reader.fault("pack/key-missing", "Add 'override_reasons': the codes that can stand in for consent.");
    reader.finish();
}

void read_informing(TableReader& file, Purpose& out) {
    using Choice = std::pair<std::string_view, InformingGate>;
    static constexpr std::array gates{Choice{"none", InformingGate::none}, Choice{"expected", InformingGate::expected},
                                      Choice{"required", InformingGate::required}};
    const auto* table = file.table("informing");
    if (table == nullptr) return;
    TableReader reader{file.file(), *table, file.faults()};
    out.informing = choice(reader, "gate", gates);
    out.agreement_sought = reader.flag_or("agreement_sought", false);
    out.never_told = reader.texts_or_none("never_told");
    for (const auto& place : out.never_told) check_case_place(reader, "never_told", place);
    out.not_told_until = reader.text_or("not_told_until", "");
    reader.finish();
}

void read_time(TableReader& file, Purpose& out) {
    using Choice = std::pair<std::string_view, bool>;
    static constexpr std::array anchors{Choice{"concern", false}, Choice{"phone", true}};
    const auto* table = file.table("time");
    if (table == nullptr) return;
    TableReader reader{file.file(), *table, file.faults()};
    out.send_within = period_if(reader, "send_within");
    if (out.send_within) out.from_phone = choice(reader, "counted_from", anchors);
    out.limit_only_at_high_risk = reader.flag_or("only_at_high_risk", false);
    out.acknowledge_within = period_if(reader, "acknowledge_within");
    reader.finish();
}

/// A place that a case can have, where * stands for any item of a list.
auto is_place_of_any(std::string pointer) -> bool {
    for (auto at = pointer.find("/*"); at != std::string::npos; at = pointer.find("/*", at)) pointer[at + 1] = '0';
    return is_case_place(pointer);
}

void read_emergency(TableReader& file, Purpose& out) {
    const auto* table = file.table("emergency");
    if (table == nullptr) return;
    TableReader reader{file.file(), *table, file.faults()};
    out.complete_within = period(reader, "complete_within", reader.text("complete_within"));
    if (const auto* lines = reader.list_if("minimum")) {
        for (const auto& line : lines->items) {
            auto& places = out.emergency_minimum.emplace_back();
            for (const auto& place : line.items)
                if (place.kind == TomlNode::Kind::text && is_place_of_any(place.text)) places.push_back(place.text);
            if (places.empty() || places.size() != line.items.size())
                file.faults().add(file.file(), line, "pack/wrong-type",
                                  "Each line is a list of places that a case has, such as \"/child/given_names\".");
        }
    }
    reader.finish();
}

void read_follow_ups(TableReader& file, const CompiledPack& pack, Purpose& out) {
    for (const auto* node : file.tables("follow_up")) {
        TableReader reader{file.file(), *node, file.faults()};
        FollowUp follow_up{reader.text("type"), reader.text("text"), reader.texts("roles"), {}};
        follow_up.within = period_if(reader, "within");
        known_codes(reader, "roles", follow_up.roles, pack.roles, "roles.toml");
        out.follow_ups.push_back(std::move(follow_up));
        reader.finish();
    }
}

void read_lookup(TableReader& file, Purpose& out) {
    const auto* table = file.table_if("lookup");
    if (table == nullptr) return;
    TableReader reader{file.file(), *table, file.faults()};
    out.lookup = Lookup{reader.text("number"), reader.texts_or_none("not_notified"), reader.text("notice")};
    if (!out.lookup->number.empty() && (!out.lookup->number.starts_with("/child/") || !is_case_place(out.lookup->number)))
        reader.fault_at("number", "pack/leaf-unknown", "Write the place of the number, such as /child/nhs_number.");
    reader.finish();
}

/// What is destroyed the moment it is written proves nothing.
void check_retention(TableReader& reader, std::string_view key, const std::string& text) {
    if (const auto parsed = parse_period(text); !parsed)
        static_cast<void>(period(reader, key, text));
    else if (is_nothing(parsed.value()))
        reader.fault_at(key, "pack/period", "Give a time that is not nothing, such as P6Y.");
}

void read_retention(TableReader& file, Purpose& out) {
    const auto* table = file.table_if("retention");
    if (table == nullptr)
        return file.fault("pack/retention-missing", "Say how long records of this purpose are kept: add [retention].");
    TableReader reader{file.file(), *table, file.faults()};
    out.retention_class = reader.text("class");
    out.retention_anchor = reader.text("anchor");
    out.retention_period = reader.text("period");
    out.retention_then = reader.text("then");
    if (out.retention_then == "review" || out.retention_then == "destroy") {
        if (!out.retention_period.empty()) check_retention(reader, "period", out.retention_period);
    } else if (!out.retention_then.empty()) {
        reader.fault_at("then", "pack/code-unknown", "Say 'review' or 'destroy'.");
    }
    reader.finish();
}

void read_kind(TableReader& reader, Purpose& out) {
    const auto kind = reader.text_or("kind", "case");
    if (kind == "advice")
        out.kind = PurposeKind::advice;
    else if (kind != "case")
        reader.fault_at("kind", "pack/code-unknown", "Say 'case' or 'advice'; without this line it is 'case'.");
}

void read_compatibility(TableReader& reader, const CompiledPack& pack, Purpose& out) {
    out.compatible_by_default = reader.flag_or("compatible_by_default", false);
    out.compatible_with = reader.texts_or_none("compatible_with");
    for (const auto& code : out.compatible_with)
        if (!pack.collected_for.contains(code))
            reader.fault_at("compatible_with", "pack/code-unknown",
                            "There is no 'collected_for." + code + "' in information.toml.");
}

void read_head(TableReader& reader, Purpose& out) {
    read_kind(reader, out);
    out.id = reader.text("id");
    if (!out.id.empty() && !PurposeId::parse(out.id))
        reader.fault_at("id", "pack/purpose-id", "A purpose's id is made of a-z, 0-9 and '-'.");
    out.short_name = reader.text("short");
    out.title = reader.text("title");
    out.label = reader.text_or("label", out.id);
    out.agreement = reader.text_or("agreement", "");
    if (out.agreement.empty() && out.kind != PurposeKind::advice)  // IT-3; nothing identified, nothing to agree
        reader.fault("pack/agreement-missing", "Name the sharing agreement this purpose rests on: add 'agreement'.");
    out.procedure = reader.text_or("procedure", "");
    out.change_note = reader.text_or("change_note", "");
    out.notice_why = reader.text("notice");
    out.marking = reader.text("marking");  // SE-4
    out.onward = reader.text("onward");
    out.risk_answers = reader.flag_or("risk_answers", false);
    out.voice = reader.flag_or("voice", false);
    const auto horizon = period_if(reader, "history_horizon");
    if (horizon && horizon->months <= 0)
        reader.fault_at("history_horizon", "pack/period", "Give the horizon in months or years, such as P12M.");
    if (horizon) out.history_months = horizon->months;
}

void read_roles(TableReader& file, const CompiledPack& pack, Purpose& out) {
    const auto* roles = file.table("roles");
    if (roles == nullptr) return;
    for (const auto& member : roles->members) {
        const auto& role = member.first;
        TableReader reader{file.file(), member.second, file.faults()};
        if (!pack.roles.contains(role))
            reader.fault("pack/role-unknown", "There is no role '" + role + "' in roles.toml.");
        else if (!pack.agencies.by_id.empty() && std::ranges::none_of(pack.agencies.by_id, [&role](const auto& agency) {
                     return std::ranges::any_of(agency.second.roles,
                                                [&role](const RoleId& r) { return r.str() == role; });
                 }))
            reader.fault("pack/role-unheld", "No organisation in agencies.toml holds this role.");
        out.roles.emplace(role, load_role_table(reader, out, role, pack));
        reader.finish();
    }
    if (out.roles.empty()) file.fault("pack/key-missing", "A purpose needs at least one role that can receive.");
}

}  // namespace

void load_purpose(std::string_view file, const TomlNode& root, CompiledPack& pack, Faults& faults) {
    TableReader reader{file, root, faults};
    Purpose out;
    read_head(reader, out);
    read_compatibility(reader, pack, out);
    read_basis(reader, pack, out);
    read_consent(reader, pack, out);
    read_informing(reader, out);
    read_time(reader, out);
    read_emergency(reader, out);
    read_follow_ups(reader, pack, out);
    read_lookup(reader, out);
    read_retention(reader, out);
    read_roles(reader, pack, out);
    for (const auto& [id, other] : pack.purposes)
        if (other.short_name == out.short_name && !out.short_name.empty() && id != out.id)
            reader.fault_at("short", "pack/short-repeated",
                            "'" + id + "' has this short name, too, and the ids of their rules would be the same: choose another.");
    reader.finish();
    if (pack.purposes.contains(out.id))
        reader.fault_at("id", "pack/purpose-repeated", "Another file describes this purpose already.");
    else
        pack.purposes.emplace(out.id, std::move(out));
}

}  // namespace cg::policy
