#include "policy/case_schema.hpp"

#include "policy/words.hpp"

#include <array>
#include <set>
#include <string>

namespace cg::policy {
namespace {

using enum LeafType;

struct Block {
    std::string_view prefix;
    LeafType type;
    bool decision_input;
    std::string_view names;  // separated by spaces
};

// What a leaf is for is the pack's to say; this table only says what it looks like.
constexpr std::array blocks{
    Block{"/", text, false, "schema case_ref home_authority"},
    Block{"/child/", text, false,
          "id given_names family_name preferred_name sex ethnicity first_language interpreter nhs_number upn "
          "la_child_id"},
    Block{"/child/", date, false, "date_of_birth deceased_on"},
    Block{"/child/address/", text, false, "line1 town postcode uprn"},
    Block{"/child/address/", date, false, "checked_on"},
    Block{"/child/address/", flag, false, "restricted"},
    Block{"/child/education/", text, false, "setting urn year_group"},
    Block{"/child/education/", number, false, "attendance_pct"},
    Block{"/child/health/", text, false, "gp_practice conditions medication"},
    Block{"/child/health/", any, false, "medication_with_child"},
    Block{"/child/send/", text, false, "status need disabilities plan_ref sections/*"},
    Block{"/child/status/", text, false, "cp_plan looked_after legal early_help"},
    Block{"/child/description/", number, false, "height_cm"},
    Block{"/child/description/", text, false, "hair clothing photo"},
    Block{"/child/views/", text, false, "text said_to reason_not"},
    Block{"/child/views/", date, false, "said_on"},
    Block{"/child/views/", flag, false, "spoken_to asked_for_secrecy told_cannot_promise"},
    Block{"/people/*/", text, false,
          "id relationship parental_responsibility name phone safe_contact mental_health substance_use offences pnc_id "
          "nino nhs_number"},
    Block{"/people/*/", date, false, "date_of_birth deceased_on contact_checked_on"},
    Block{"/people/*/", flag, false, "household poses_risk identity_protected"},
    Block{"/concerns/*/", text, false,
          "id about concerning category kind text speaker opinion_basis source_role source_name historical_note"},
    Block{"/concerns/*/", date, false, "observed_on recorded_on"},
    Block{"/concerns/*/", flag, false, "historical"},
    Block{"/concerns/*/tags/", text, false, "*"},
    Block{"/referrer/", text, false, "name role organisation phone reply_to"},
    Block{"/network/*/", text, false, "role organisation phone"},
    Block{"/risk/", text, false, "level if_shared_person if_shared_others if_not_shared_person if_not_shared_others"},
    Block{"/risk/", flag, false, "immediate_danger significant_harm"},
    Block{"/attachments/*/", text, false, "id kind media_type sha256 shows"},
    Block{"/attachments/*/", number, false, "bytes"},
    Block{"/da/", any, false,
          "victim perpetrator ric_score criteria incidents_12m repeat wants safe_to_call leave_message current_address "
          "flag"},
    Block{"/missing/", any, false, "last_seen_at last_seen_place circumstances child_phone associates online previous"},
    Block{"/cp/", any, false, "plan_type start end authority office_phone emergency_phone"},
    Block{"/incident/", any, false, "date time place nature severity child_present involved_relationship"},
    Block{"/unborn/", date, false, "expected_date"},
    Block{"/unborn/", text, false, "mother"},
    Block{"/basis/", text, true,
          "article6 article6_ref article9 article10 schedule1 schedule1_reason confidence_gate annex1_paragraph "
          "necessity vital_interest_of assessment_ref schedule8 identifier_harm"},
    Block{"/consent/", any, true, "agreement_to_service"},
    Block{"/consent/to_share/", text, true, "who state method words why capacity"},
    Block{"/consent/to_share/", date, true, "on expires"},
    Block{"/consent/others/*/", text, true, "who state method words why capacity"},
    Block{"/consent/others/*/", date, true, "on expires"},
    Block{"/consent/to_share/scope/", text, true,
          "purpose purposes/* recipients recipients/* fields fields/* groups groups/*"},
    Block{
        "/override/", text, true,
        "reason text facts facts/* who_else how staff_role line_manager_role whose_risk harm how_soon nature crime_ref "
        "indicators suspected_person safe_contact_plan best_interests delay risk balance lado_referral"},
    Block{"/override/capacity_assessment/", text, true, "assessor_role decision"},
    Block{"/override/capacity_assessment/", date, true, "on"},
    Block{"/informing/", text, true,
          "told told/* exception exception/* exception_facts why_what_how_whom why_what_how_whom/* by how reaction"},
    // The same for each person, where one answer does not fit all (OP-1).
    Block{"/informing/people/*/", text, true,
          "person exception exception/* exception_facts why_what_how_whom why_what_how_whom/* by how reaction"},
    Block{"/informing/people/*/", any, true, "expected_by_subject agreement_sought agreement_result"},
    Block{"/informing/people/*/", date, true, "on inform_review_on first_contact_on"},
    Block{"/informing/", any, true, "expected_by_subject agreement_sought agreement_result"},
    Block{"/informing/", date, true, "on inform_review_on first_contact_on"},
    Block{"/timing/", text, true, "urgency phoned_role late_reason"},
    Block{"/timing/", instant, true, "concern_arose phoned_at decided_at"},
    Block{"/reasons/", text, true, "text codes/* facts/*"},
    Block{"/third_parties/*/", text, true, "person role effect"},
    Block{"/record_fields/*/", text, true, "name value"},
    Block{"/query/", text, true, "nhs_number given_names family_name sex care_setting author_role"},
    Block{"/query/", date, true, "date_of_birth"},
    Block{"/da/", flag, true, "contact_confirmed"},
    Block{"/advice_sought/*/", text, true, "role organisation on advice"},
};

// FW-4, FW-5, NE-4: what a sender can say of any of these and of everything inside.
constexpr std::array marked{"",
                            "/child",
                            "/child/address",
                            "/child/education",
                            "/child/health",
                            "/child/send",
                            "/child/status",
                            "/child/views",
                            "/child/description",
                            "/people/*",
                            "/concerns/*",
                            "/attachments/*",
                            "/network/*",
                            "/referrer",
                            "/unborn",
                            "/risk",
                            "/da",
                            "/missing",
                            "/incident",
                            "/cp"};
constexpr std::array marks{
    Block{"/", text, true,
          "collected_for balance/if_shared balance/if_not_shared balance/on_whom spans/*/words spans/*/tag"},
    Block{"/", flag, true, "confidential"},
};

class SchemaBuilder {
public:
    SchemaBuilder() { patterns().reserve(512); }

    void add(std::string_view place, const Block& block) {
        auto rest = block.names;
        while (!rest.empty()) {
            const auto end = rest.find(' ');
            const auto name = rest.substr(0, end);
            rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
            CG_ENSURE(patterns().size() < patterns().capacity());
            patterns().push_back(std::string{place}.append(block.prefix).append(name));
            CG_ENSURE(schema.trie.add(patterns().back(), static_cast<LeafId>(schema.leaves.size())));
            schema.leaves.push_back({patterns().back(), block.type, block.decision_input});
        }
    }
    CaseSchema schema;

private:
    /// SchemaLeaf borrows from here.
    static auto patterns() -> std::vector<std::string>& {
        static std::vector<std::string> list;
        return list;
    }
};

auto build() -> CaseSchema {
    SchemaBuilder builder;
    for (const auto& block : blocks) builder.add("", block);
    for (const auto* place : marked)
        for (const auto& block : marks) builder.add(place, block);
    return std::move(builder.schema);
}

auto wanted(LeafType type) -> std::string_view {
    switch (type) {
        case text: return "Give a text here; write 'not-known' or 'none' rather than leave it empty.";
        case number: return "Give a number here, or the text 'not-known'.";
        case flag: return "Give true or false here, or the text 'not-known'.";
        case date: return "Give a date as YYYY-MM-DD here, or the text 'not-known'.";
        case instant: return "Give a time as YYYY-MM-DDThh:mm:ssZ here, or the text 'not-known'.";
        case any: return "Give a text, a number, true or false here.";
    }
    return "";
}

auto fits(const Json& value, LeafType type) -> bool {
    // A field that was left empty is missing, and the gates say so; it is no reason to turn an emergency away.
    if (value.is_string() && type != text && (is_unknown_word(value.text()) || is_blank(value))) return true;
    switch (type) {
        case text: return value.is_string();
        case number: return value.is_number();
        case flag: return value.is_bool();
        case date: return read_date(value).has_value();
        case instant: return read_instant(value).has_value();
        case any: return !value.is_null();
    }
    return false;
}

class ShapeCheck {
public:
    ShapeCheck(std::string_view prefix, std::vector<Problem>& problems) : problems_(problems), pointer_(prefix) {}

    void visit(const Json& value, PathTrie::Node at) {
        const auto& schema = case_schema();
        const auto leaf = schema.trie.leaf(at);
        if (const auto* members = value.if_object()) {
            if (!schema.trie.has_members(at)) return refuse_container(leaf, at);
            for (const auto& [name, inner] : *members) descend(name, inner, schema.trie.member(at, name));
        } else if (const auto* items = value.if_array()) {
            if (!schema.trie.has_items(at)) return refuse_container(leaf, at);
            if (!bounded(items->size())) return;
            for (std::size_t i = 0; i < items->size(); ++i)
                descend(std::to_string(i), (*items)[i], schema.trie.item(at));
        } else if (leaf == no_leaf) {
            add("case/type", schema.trie.has_items(at) ? "Give a list here." : "Give an object here.");
        } else if (!fits(value, schema.leaves[leaf].type)) {
            add("case/type", wanted(schema.leaves[leaf].type));
        }
    }

    void unique_ids(const Json& list) {
        const auto* items = list.if_array();
        if (items == nullptr) return;
        for (std::size_t i = 0; i < items->size(); ++i) {
            const auto id = (*items)[i]["id"].text();
            if (id.empty() || ids_.emplace(id).second) continue;
            const auto mark = pointer_.size();
            append_pointer(pointer_, std::to_string(i));
            append_pointer(pointer_, "id");
            add("case/id-repeated", "Give every person, concern and attachment an id of its own.");
            pointer_.resize(mark);
        }
    }
    void in(std::string_view token, const Json& list) {
        const auto mark = pointer_.size();
        append_pointer(pointer_, token);
        unique_ids(list);
        pointer_.resize(mark);
    }
    void reserve_id(std::string_view id) { ids_.emplace(id); }

private:
    /// Rules look at pairs of people, concerns and tagged words: lists without end would hold up everybody's messages.
    auto bounded(std::size_t items) -> bool {
        constexpr std::size_t most_in_a_list = 2'000, most_in_all = 6'000;
        if (items_ > most_in_all) return false;  // said before
        items_ += items;
        if (items <= most_in_a_list && items_ <= most_in_all) return true;
        add("case/too-many", "Send fewer at once: a list of a case holds at most 2000 entries, all its lists 6000.");
        return false;
    }
    void descend(std::string_view token, const Json& inner, PathTrie::Node at) {
        if (at == PathTrie::nowhere) return;  // unknown to case/1: kept, and withheld
        const auto mark = pointer_.size();
        append_pointer(pointer_, token);
        visit(inner, at);
        pointer_.resize(mark);
    }
    void refuse_container(LeafId leaf, PathTrie::Node at) {
        const auto& schema = case_schema();
        if (leaf != no_leaf)
            add("case/type", wanted(schema.leaves[leaf].type));
        else
            add("case/type", schema.trie.has_items(at) ? "Give a list here." : "Give an object here.");
    }
    void add(std::string_view type, std::string_view fix) {
        problems_.push_back({std::string{type}, pointer_, std::string{fix}, {}});
    }

    std::vector<Problem>& problems_;
    std::string pointer_;
    std::size_t items_{0};
    std::set<std::string, std::less<>> ids_;
};

}  // namespace

auto case_schema() -> const CaseSchema& {
    static const CaseSchema schema = build();
    return schema;
}

auto is_case_place(std::string_view pointer) -> bool {
    if (!pointer.starts_with('/')) return false;
    const auto& trie = case_schema().trie;
    auto at = PathTrie::root;
    while (!pointer.empty()) {
        pointer.remove_prefix(1);
        const auto token = pointer.substr(0, pointer.find('/'));
        pointer.remove_prefix(token.size());
        const bool number = !token.empty() && token.find_first_not_of("0123456789") == std::string_view::npos;
        at = number && trie.has_items(at) ? trie.item(at) : trie.member(at, token);
    }
    return at != PathTrie::nowhere;
}

void check_case_shape(const Json& untrusted_case, std::string_view prefix, std::vector<Problem>& problems) {
    ShapeCheck check{prefix, problems};
    check.visit(untrusted_case, PathTrie::root);
    if (const auto id = untrusted_case["child"]["id"].text(); !id.empty()) check.reserve_id(id);
    for (const auto* list : {"people", "concerns", "attachments"}) check.in(list, untrusted_case[list]);
}

}  // namespace cg::policy
