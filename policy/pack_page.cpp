// What one role may have for one purpose, in words.
#include "policy/compiled.hpp"
#include "policy/pack_pages.hpp"
#include "policy/pack_words.hpp"

#include <algorithm>
#include <map>
#include <tuple>

namespace cg::policy {
namespace {

struct Answer {
    CellKind kind;
    std::uint8_t condition;
    std::string kept_back;  ///< what keeps it back although the table lets it go
    auto operator<(const Answer& other) const -> bool {
        return std::tie(kind, condition, kept_back) < std::tie(other.kind, other.condition, other.kept_back);
    }
};

/// SE-9: a value that the table lets go, and that stays where the role is not trusted with it.
auto kept_back(const CompiledPack& pack, const RoleTable& table, LeafId id) -> std::string {
    const auto trusted = [&table](const std::string& kind) {
        return kind.empty() || std::ranges::find(table.trusted_with, kind) != table.trusted_with.end();
    };
    const auto& leaf = pack.leaves[id];
    if (!opens(table.cells[id].kind)) return {};
    if (!trusted(leaf.restricted))
        return leaf.restricted_when.empty() ? "stays: this role is not trusted with " + leaf.restricted
                                            : "not where it is restricted: this role is not trusted with " + leaf.restricted;
    if (leaf.only_with == no_leaf) return {};
    const auto& note = pack.leaves[leaf.only_with];
    if (trusted(note.restricted) && opens(table.cells[leaf.only_with].kind)) return {};
    return "not where there is a note on " + leaf_name(note.pattern) + ", which this role may not have";
}

auto lines_for(RolePage& page, CellKind kind) -> std::vector<PageLine>& {
    switch (kind) {
        case CellKind::require: return page.required;
        case CellKind::allow: return page.allowed;
        case CellKind::when: return page.conditional;
        case CellKind::forbid: return page.forbidden;
        case CellKind::not_necessary: break;
    }
    return page.not_necessary;
}

/// Each whole group once, in as many lines as its values have different answers.
void add_lines(const CompiledPack& pack, const RoleTable& table, RolePage& page) {
    for (GroupId id = 0; id < pack.groups.size(); ++id) {
        const auto& group = pack.groups[id];
        if (group.part_of != no_group) continue;
        std::map<Answer, std::vector<LeafId>> answers;
        for (const auto leaf : group.leaves) {
            const auto& cell = table.cells[leaf];
            answers[{cell.kind, cell.kind == CellKind::when ? cell.condition : std::uint8_t{0}, kept_back(pack, table, leaf)}]
                .push_back(leaf);
        }
        for (const auto& [answer, leaves] : answers) {
            PageLine line{group.name, group_words(group), {}, {}, {}, answers.size() == 1};
            if (answer.kind == CellKind::when) line.condition = condition_words(table.conditions[answer.condition]);
            if (!answer.kept_back.empty()) line.condition += (line.condition.empty() ? "" : "; ") + answer.kept_back;
            for (const auto leaf : leaves) {
                line.values.push_back(leaf_name(pack.leaves[leaf].pattern));
                line.leaves.push_back(pack.leaves[leaf].pattern);
            }
            lines_for(page, answer.kind).push_back(std::move(line));
        }
    }
}

auto consent_words(const Purpose& purpose) -> std::string {
    if (purpose.consent == ConsentGate::none) return "Consent is recorded, but not needed.";
    std::string out = purpose.consent == ConsentGate::consent
                          ? "Nothing goes without consent. There is no override."
                          : "Nothing goes without consent, or a reason that the policy names, with its facts.";
    if (!purpose.consent_of.empty())
        out += " Only the consent of one person counts (" + leaf_words(purpose.consent_of, PeopleFilter::all) + ").";
    if (purpose.consent_per_recipient) out += " It names each recipient.";
    if (purpose.informed_first) out += " It counts only if it was explained first.";
    if (purpose.consent_max_age) out += " It counts for " + period_words(*purpose.consent_max_age) + ".";
    return out;
}

auto family_words(const CompiledPack& pack, const Purpose& purpose) -> std::string {
    std::string out = purpose.informing == InformingGate::required
                          ? "The family is told, or there is a reason why not; without either a person looks first."
                      : purpose.informing == InformingGate::expected
                          ? "The family is told, unless there is a reason why not."
                          : "This purpose does not ask whether the family was told.";
    if (purpose.agreement_sought) out += " They are asked whether they agree, and that is written down.";
    if (!purpose.never_told.empty()) out += " Some people are never told, whatever is decided.";
    if (!purpose.not_told_until.empty())
        out += " Nobody is told yet: " + code_title(pack, purpose.not_told_until) + ".";
    return out;
}

auto deadline_words(const Purpose& purpose) -> std::vector<std::string> {
    std::vector<std::string> out;
    if (purpose.send_within)
        out.push_back("Send within " + period_words(*purpose.send_within) + " of " +
                      (purpose.from_phone ? "the telephone call, or else of the concern." : "the concern."));
    if (purpose.acknowledge_within)
        out.push_back("The recipient acknowledges within " + period_words(*purpose.acknowledge_within) + ".");
    out.push_back("What an emergency left out is supplied within " + period_words(purpose.complete_within) + ".");
    for (const auto& follow_up : purpose.follow_ups)
        out.push_back(follow_up.within ? "Within " + period_words(*follow_up.within) + ": " + follow_up.text
                                       : follow_up.text);
    return out;
}

auto retention_words(const Purpose& purpose) -> std::string {
    std::string anchor = purpose.retention_anchor;
    std::ranges::replace(anchor, '_', ' ');
    std::ranges::replace(anchor, '.', ' ');
    return "Kept for " + period_words(purpose.retention_period) + " from " + anchor + ", then " +
           (purpose.retention_then == "review" ? "reviewed" : "destroyed") + " (" + purpose.retention_class + ").";
}

auto holders_of(const CompiledPack& pack, std::string_view role) -> std::vector<std::string> {
    std::vector<std::string> out;
    for (const auto& [id, agency] : pack.agencies.by_id)
        if (std::ranges::any_of(agency.roles, [role](const RoleId& one) { return one.str() == role; }))
            out.push_back(agency.title.empty() ? id : agency.title);
    return out;
}

/// RC-10: what each organisation keeps back beyond the policy.
auto stricter(const CompiledPack& pack, const Purpose& purpose, const RoleTable& table) -> std::vector<std::string> {
    std::map<std::string, std::string> lines;  // by organisation
    for (const auto& [agency, overlay] : pack.overlays) {
        const auto own = overlay.purposes.find(purpose.id);
        const auto* role = own == overlay.purposes.end() ? nullptr : &own->second.roles.find(table.role)->second;
        std::map<std::string, std::string> groups;
        for (LeafId leaf = 0; role != nullptr && leaf < pack.leaves.size(); ++leaf) {
            if (!opens(table.cells[leaf].kind) || opens(role->cells[leaf].kind)) continue;
            auto& values = groups[group_words(pack.groups[pack.leaves[leaf].group])];
            values += (values.empty() ? "" : ", ") + leaf_name(pack.leaves[leaf].pattern);
        }
        if (groups.empty()) continue;
        const auto facts = pack.agencies.by_id.find(agency);
        auto& line = lines[agency];
        line = (facts == pack.agencies.by_id.end() ? agency : facts->second.title) + " sends less. It keeps back as well: ";
        for (const auto& [group, values] : groups) line += (line.ends_with(": ") ? "" : "; ") + group + " (" + values + ")";
        line += ".";
    }
    std::vector<std::string> out;
    for (auto& [agency, line] : lines) out.push_back(std::move(line));
    return out;
}

auto names(std::vector<std::string> list) -> std::string {
    std::string out;
    for (const auto& one : list) out += (out.empty() ? "" : ", ") + one;
    return out;
}

auto to_json(const std::vector<PageLine>& lines) -> Json {
    Json out = Json::array();
    for (const auto& line : lines) {
        Json one = Json::object({{"group", line.group}, {"title", line.title}, {"leaves", Json::texts(line.leaves)}});
        if (!line.condition.empty()) one.set("condition", line.condition);
        out.push(std::move(one));
    }
    return out;
}

}  // namespace

auto role_page(const Pack& pack, std::string_view purpose, std::string_view role) -> Result<RolePage> {
    const auto& compiled = pack.compiled();
    const auto found = compiled.purposes.find(purpose);
    if (found == compiled.purposes.end())
        return fail(Errc::not_found, "there is no such purpose; there are " + names(pack.purposes()));
    const auto& p = found->second;
    const auto table = p.roles.find(role);
    if (table == p.roles.end())
        return fail(Errc::not_found,
                    "nothing is sent to this role for " + p.id + "; recipients are " + names(pack.roles_of(purpose)));
    const auto& r = table->second;
    RolePage page;
    page.purpose = p.id;
    page.purpose_title = p.title;
    page.role = r.role;
    page.role_title = role_words(compiled, r.role);
    page.told_purpose = r.label.empty() ? p.label : r.label;
    page.agreement = p.agreement;
    page.procedure = p.procedure;
    add_lines(compiled, r, page);
    page.people = people_words(r.people);
    page.protected_identities = r.protected_identities;
    page.tags = r.tags;
    for (const auto& code : r.concern_kinds)
        page.concern_kinds.push_back(compiled.concern_categories.find(code)->second + " (" + code + ")");
    page.stricter = stricter(compiled, p, r);
    for (const auto& code : p.basis_allowed) page.law.push_back(code_title(compiled, code));
    page.consent = consent_words(p);
    for (const auto& code : p.override_reasons) page.overrides.push_back(code_title(compiled, code));
    page.family = family_words(compiled, p);
    page.deadlines = deadline_words(p);
    page.retention = retention_words(p);
    page.marking = p.marking;
    page.onward = p.onward;
    page.holders = holders_of(compiled, r.role);
    return page;
}

auto to_json(const RolePage& page) -> Json {
    return Json::object({{"purpose", page.purpose},
                         {"purpose_title", page.purpose_title},
                         {"role", page.role},
                         {"role_title", page.role_title},
                         {"told_purpose", page.told_purpose},
                         {"agreement", page.agreement},
                         {"procedure", page.procedure},
                         {"required", to_json(page.required)},
                         {"allowed", to_json(page.allowed)},
                         {"conditional", to_json(page.conditional)},
                         {"forbidden", to_json(page.forbidden)},
                         {"not_necessary", to_json(page.not_necessary)},
                         {"people", page.people},
                         {"protected_identities", page.protected_identities},
                         {"tags", Json::texts(page.tags)},
                         {"concern_categories", Json::texts(page.concern_kinds)},
                         {"stricter_organisations", Json::texts(page.stricter)},
                         {"law", Json::texts(page.law)},
                         {"consent", page.consent},
                         {"override_reasons", Json::texts(page.overrides)},
                         {"family", page.family},
                         {"deadlines", Json::texts(page.deadlines)},
                         {"retention", page.retention},
                         {"marking", page.marking},
                         {"onward", page.onward},
                         {"holders", Json::texts(page.holders)}});
}

auto caldicott_page(const Pack& pack, std::string_view purpose) -> Result<std::vector<PrincipleMet>> {
    const auto& compiled = pack.compiled();
    const auto found = compiled.purposes.find(purpose);
    if (found == compiled.purposes.end())
        return fail(Errc::not_found, "there is no such purpose; there are " + names(pack.purposes()));
    const auto& p = found->second;
    std::vector<std::string> needed, roles, duties;
    for (const auto& role : pack.roles_of(purpose)) {
        CG_TRY(const auto page, role_page(pack, purpose, role));
        std::size_t values = 0, all = compiled.leaves.size();
        for (const auto* list : {&page.required, &page.allowed, &page.conditional})
            for (const auto& line : *list) values += line.leaves.size();
        needed.push_back(page.role_title + ": " + std::to_string(values) + " of " + std::to_string(all) +
                         " kinds of value; every other one stays");
        roles.push_back(page.role_title + " (" + role + "), held by " +
                        (page.holders.empty() ? std::string{"nobody in agencies.toml"} : names(page.holders)));
    }
    duties = {"Every copy is marked " + p.marking + ", and passing it on: " + p.onward + ".",
              "The signatories of the policy: " + names(compiled.signatories) + "."};
    if (p.acknowledge_within)
        duties.push_back("The recipient takes it over within " + period_words(*p.acknowledge_within) + ".");
    std::vector<std::string> necessary{
        "Nothing leaves that no table names; a message without what the recipient needs is refused.", consent_words(p)};
    for (const auto& code : p.override_reasons)
        necessary.push_back("May stand in for consent: " + code_title(compiled, code));
    std::vector<std::string> law{
        "Sharing agreement: " + (p.agreement.empty() ? std::string{"none; nothing identifies anybody"} : p.agreement),
        "Appropriate policy document: " + compiled.policy_document};
    for (const auto& code : p.basis_allowed) law.push_back("Legal basis: " + code_title(compiled, code));
    std::vector<std::string> share{"Every refusal names its reason and what would change it.",
                                   "In an emergency missing paperwork is owed, and never holds a message up."};
    if (p.send_within) share.push_back("It is sent within " + period_words(*p.send_within) + ".");
    return std::vector<PrincipleMet>{
        {"1. Justify the purpose", {p.title + " (" + p.id + ")", "Procedure: " + p.procedure}},
        {"2. Use confidential information only when it is necessary", necessary},
        {"3. Use the minimum necessary", needed},
        {"4. Access on a need-to-know basis", roles},
        {"5. Everyone aware of their responsibilities", duties},
        {"6. Comply with the law", law},
        {"7. The duty to share is as important as the duty to protect", share},
        {"8. Inform people how their information is used", {family_words(compiled, p)}},
    };
}

}  // namespace cg::policy
