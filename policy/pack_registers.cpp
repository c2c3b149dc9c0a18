// The pack's facts for other people's registers: Article 30, and the sharing policies of the MAIS draft.
#include "policy/compiled.hpp"
#include "policy/pack_pages.hpp"
#include "policy/pack_words.hpp"

#include <algorithm>
#include <array>

namespace cg::policy {
namespace {

auto joined(const std::vector<std::string>& list, std::string_view between = "; ") -> std::string {
    std::string out;
    for (const auto& one : list) out += (out.empty() ? "" : std::string{between}) + one;
    return out;
}
auto or_unsaid(const std::string& text) -> std::string {
    return text.empty() ? "not stated in the policy" : text;
}

/// Lines of values that may leave.
auto open_lines(const RolePage& page) -> std::vector<PageLine> {
    std::vector<PageLine> out;
    for (const auto* list : {&page.required, &page.allowed, &page.conditional})
        out.insert(out.end(), list->begin(), list->end());
    return out;
}

auto subjects_of(const RolePage& page) -> std::vector<std::string> {
    std::vector<std::string> out;
    const auto has = [&page](std::string_view start) {
        for (const auto& line : open_lines(page))
            for (const auto& leaf : line.leaves)
                if (leaf.starts_with(start)) return true;
        return false;
    };
    if (has("/child/")) out.emplace_back("the child");
    if (has("/people/")) out.push_back(page.people);
    if (has("/concerns/*/source_name")) out.emplace_back("people who reported a concern");
    if (has("/referrer/") || has("/network/")) out.emplace_back("professionals");
    return out;
}

/// Each group once, although its values may have several answers.
auto categories_of(const RolePage& page) -> std::vector<std::string> {
    std::vector<std::string> out;
    for (const auto& line : open_lines(page))
        if (std::ranges::find(out, line.title) == out.end()) out.push_back(line.title);
    return out;
}

struct Sensitive {
    bool special{false}, offence{false};
};
auto sensitive_in(const CompiledPack& pack, const RolePage& page) -> Sensitive {
    Sensitive out;
    for (const auto& line : open_lines(page)) {
        for (const auto& pattern : line.leaves) {
            const auto& leaf = pack.leaves[pack.trie.find(pattern)];
            out.special = out.special || leaf.special;
            out.offence = out.offence || leaf.offence;
        }
    }
    return out;
}

template <class Make>
auto for_every_role(const Pack& pack, Make make) -> Json {
    Json out = Json::array();
    for (const auto& purpose : pack.purposes())
        for (const auto& role : pack.roles_of(purpose))
            if (const auto page = role_page(pack, purpose, role); page.has_value()) out.push(make(page.value()));
    return out;
}

auto article30_entry(const CompiledPack& pack, const RolePage& page) -> Json {
    const auto& records = pack.records;
    const auto sensitive = sensitive_in(pack, page);
    return Json::object({{"purpose_id", page.purpose},
                         {"role", page.role},
                         {"controller", or_unsaid(records.controller)},
                         {"controller_contact", or_unsaid(records.contact)},
                         {"joint_controllers", or_unsaid(records.joint_controllers)},
                         {"representative", or_unsaid(records.representative)},
                         {"data_protection_officer", or_unsaid(records.officer)},
                         {"purposes", page.purpose_title},
                         {"legal_bases", Json::texts(page.law)},
                         {"agreement", page.agreement},
                         {"categories_of_people", Json::texts(subjects_of(page))},
                         {"categories_of_data", Json::texts(categories_of(page))},
                         {"special_category_data", sensitive.special},
                         {"criminal_offence_data", sensitive.offence},
                         {"categories_of_recipients", page.role_title},
                         {"recipients", Json::texts(page.holders)},
                         {"transfers_abroad", or_unsaid(records.transfers)},
                         {"time_limits", page.retention},
                         {"security_measures", or_unsaid(joined(records.security))}});
}

auto policy_uri(const CompiledPack& pack, const RolePage& page) -> std::string {
    return "urn:casegate:sharing-policy:" + pack.id + ":" + pack.version + ":" + page.purpose + ":" + page.role;
}

auto data_of(const RolePage& page) -> Json {
    Json out = Json::array();
    const auto add = [&out](const std::vector<PageLine>& lines, const char* answer) {
        for (const auto& line : lines) {
            Json one = Json::object({{"identifier", line.group},
                                     {"title", line.title},
                                     {"path", Json::texts(line.leaves)},
                                     {"necessity", answer}});
            if (!line.condition.empty()) one.set("condition", line.condition);
            out.push(std::move(one));
        }
    };
    add(page.required, "required");
    add(page.allowed, "allowed");
    add(page.conditional, "conditional");
    return out;
}

auto party_of(const CompiledPack& pack, const RolePage& page) -> Json {
    Json out = Json::array();
    for (const auto& [id, agency] : pack.agencies.by_id) {
        const bool holds =
            std::ranges::any_of(agency.roles, [&page](const RoleId& one) { return one.str() == page.role; });
        out.push(Json::object({{"identifier", id},
                               {"name", agency.title},
                               {"role", holds ? page.role : std::string{"sender"}},
                               {"function", holds ? "recipient" : "provider"}}));
    }
    return out;
}

auto restrictions_of(const RolePage& page) -> Json {
    std::vector<std::string> out;
    for (const auto& line : page.forbidden)
        out.push_back("never: " + line.title + " (" + joined(line.values, ", ") + ")");
    for (const auto& line : page.not_necessary)
        out.push_back("not needed: " + line.title + " (" + joined(line.values, ", ") + ")");
    out.push_back("people: " + page.people);
    out.push_back("sensitive words: " + (page.tags.empty() ? std::string{"none"} : joined(page.tags, ", ")));
    if (!page.concern_kinds.empty()) out.push_back("concerns: only " + joined(page.concern_kinds, ", "));
    for (const auto& line : page.stricter) out.push_back(line);
    out.emplace_back(page.protected_identities ? "identities of protected people may be told"
                                               : "identities of protected people stay");
    return Json::texts(out);
}

auto sharing_policy(const CompiledPack& pack, const RolePage& page) -> Json {
    auto duties = page.deadlines;
    duties.push_back("Passing it on: " + page.onward + ".");
    duties.push_back(page.retention);
    auto compliance = page.law;
    compliance.push_back("Appropriate policy document " + pack.policy_document);
    compliance.push_back(page.consent);
    for (const auto& reason : page.overrides) compliance.push_back("May stand in for consent: " + reason);
    compliance.push_back(page.family);
    Json out = Json::object(
        {{"uri", policy_uri(pack, page)},
         {"identifier", page.agreement.empty() ? page.procedure : page.agreement},
         {"party", party_of(pack, page)},
         {"data", data_of(page)},
         {"purpose", Json::array({Json::object({{"identifier", page.purpose}, {"title", page.purpose_title}})})},
         {"start", to_iso_date(pack.in_force_from)},
         {"end", pack.in_force_until ? Json{to_iso_date(*pack.in_force_until)} : Json{}},
         {"permittedUse", page.purpose_title + ", by " + page.role_title},
         {"restrictions", restrictions_of(page)},
         {"recipientDuties", Json::texts(duties)},
         {"securityMeasures", Json::texts(pack.records.security)},
         {"legalCompliance", Json::texts(compliance)}});
    return out;
}

constexpr std::array article30_columns{"purpose_id",
                                       "role",
                                       "controller",
                                       "controller_contact",
                                       "joint_controllers",
                                       "representative",
                                       "data_protection_officer",
                                       "purposes",
                                       "legal_bases",
                                       "agreement",
                                       "categories_of_people",
                                       "categories_of_data",
                                       "special_category_data",
                                       "criminal_offence_data",
                                       "categories_of_recipients",
                                       "recipients",
                                       "transfers_abroad",
                                       "time_limits",
                                       "security_measures"};

auto cell_text(const Json& value) -> std::string {
    if (const auto* flag = value.if_bool()) return *flag ? "yes" : "no";
    const auto* items = value.if_array();
    if (items == nullptr) return std::string{value.text()};
    std::string out;
    for (const auto& item : *items) out += (out.empty() ? "" : "; ") + std::string{item.text()};
    return out;
}

}  // namespace

auto article30(const Pack& pack) -> Json {
    return for_every_role(pack, [&pack](const RolePage& page) { return article30_entry(pack.compiled(), page); });
}

auto article30_csv(const Pack& pack) -> std::string {
    auto out = csv_row({article30_columns.begin(), article30_columns.end()});
    const auto entries = article30(pack);
    for (const auto& entry : *entries.if_array()) {
        std::vector<std::string> row;
        for (const auto* column : article30_columns) row.push_back(cell_text(entry[column]));
        out += csv_row(row);
    }
    return out;
}

auto sharing_policies(const Pack& pack) -> Json {
    return for_every_role(pack, [&pack](const RolePage& page) { return sharing_policy(pack.compiled(), page); });
}

}  // namespace cg::policy
