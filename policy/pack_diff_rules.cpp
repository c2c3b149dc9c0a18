// Every setting of a pack, and which way it widens. A new key of a pack is a line here; without one, any change of it
// counts as a widening.
#include "policy/pack_diff_parts.hpp"

#include <algorithm>
#include <array>

namespace cg::policy {
namespace {

using enum Direction;

constexpr std::array settings{
    // pack.toml
    SettingRule{"pack", "id", any, "unclassified", "the policy's id"},
    SettingRule{"pack", "version", neutral, "text", "the version"},
    SettingRule{"pack", "title", neutral, "text", "the title"},
    SettingRule{"pack", "in_force_from", earlier, "deadline", "the first day in force"},
    SettingRule{"pack", "in_force_until", longer, "deadline", "the last day in force"},
    SettingRule{"pack", "rules_edition", neutral, "law", "the editions of the golden rules"},
    SettingRule{"pack", "policy_document", neutral, "law", "the appropriate policy document"},
    SettingRule{"pack", "signatories", any, "check", "who signs this policy"},
    SettingRule{"pack", "holidays", neutral, "deadline", "days that are not working days"},
    SettingRule{"pack", "documents", neutral, "law", "the governing documents"},
    SettingRule{"pack", "notice/**", neutral, "text", "words for families"},
    SettingRule{"pack", "emergency/**", neutral, "text", "words for emergencies"},
    SettingRule{"pack", "limits/override_text_min", less, "check", "how much an override must say (characters)", "40"},
    SettingRule{"pack", "limits/boilerplate_repeats", greater, "check",
                "how often the same override text may stand before a second person looks", "3"},
    SettingRule{"pack", "limits/checked_within", neutral, "check", "when an address or number counts as old", "P12M"},
    SettingRule{"pack", "notice/**", neutral, "text", "the words of every notice to a family (%)"},
    SettingRule{"pack", "records/**", neutral, "law", "the record of processing (%)"},
    // codes.toml
    SettingRule{"codes", "basis/*/title", neutral, "text", "the name of legal basis %"},
    SettingRule{"codes", "basis/*/public_authority", on, "law", "legal basis % open to public authorities", "true"},
    SettingRule{"codes", "basis/*/others", on, "law", "legal basis % open to others than public authorities", "true"},
    SettingRule{"codes", "basis/*/consent", off, "law", "legal basis % needs consent that was given", "false"},
    SettingRule{"codes", "basis/*/evidence", fewer, "law", "what must be written down for legal basis %"},
    SettingRule{"codes", "basis/*/in_force_from", earlier, "law", "the first day of legal basis %"},
    SettingRule{"codes", "basis/*/in_force_until", longer, "law", "the last day of legal basis %"},
    SettingRule{"codes", "article9/*/title", neutral, "text", "the name of condition %"},
    SettingRule{"codes", "article9/*/schedule1", choices, "law", "the Schedule 1 conditions that go with condition %"},
    SettingRule{"codes", "article9/*/consent", off, "law", "condition % needs consent that was given", "false"},
    SettingRule{"codes", "schedule1/*/title", neutral, "text", "the name of Schedule 1 condition %"},
    SettingRule{"codes", "schedule1/*/reasons", choices, "law", "the reasons of Schedule 1 condition %"},
    SettingRule{"codes", "schedule1/*/not_after_refusal", off, "law",
                "Schedule 1 condition % does not fit after a refusal", "false"},
    SettingRule{"codes", "override/*/title", neutral, "text", "the words of override reason %"},
    SettingRule{"codes", "override/*/cites_facts", off, "consent", "override reason % must name the facts it rests on",
                "true"},
    SettingRule{"codes", "override/*/evidence", fewer, "consent", "what must be written down for override reason %"},
    SettingRule{"codes", "override/*/contradicted_by", fewer, "consent", "what contradicts override reason %"},
    SettingRule{"codes", "override/*/consent_state", any, "consent", "the state of consent for override reason %"},
    SettingRule{"codes", "exception/*/title", neutral, "text", "the words of the reason % for not telling the family"},
    SettingRule{"codes", "exception/*/vague", off, "informing",
                "reason % for not telling the family is too little alone", "false"},
    SettingRule{"codes", "lists/*", more, "list", "the list '%'"},
    SettingRule{"codes", "refusal/*/said", on, "handling", "whoever asked may be told the reason %", "false"},
    SettingRule{"codes", "refusal/**", neutral, "text", "reasons for a refusal"},
    SettingRule{"codes", "what_would_change/**", neutral, "text", "what would change the answer"},
    SettingRule{"codes", "basis/*/law_enforcement", any, "law", "legal basis % is law enforcement's"},
    SettingRule{"codes", "basis/*/request_for", fewer, "law", "grounds of legal basis % that need a request"},
    SettingRule{"codes", "*/*/in_force_from", earlier, "law", "the first day of %"},
    SettingRule{"codes", "*/*/in_force_until", longer, "law", "the last day of %"},
    SettingRule{"codes", "exception/*/household", off, "informing", "for the reason '%' nobody at home may learn of it",
                "false"},
    SettingRule{"codes", "capacity/presumed_from_age", less, "consent", "the age from which capacity is presumed",
                "16"},
    SettingRule{"codes", "capacity/able", more, "consent", "words for somebody who can decide"},
    SettingRule{"codes", "capacity/assessed", more, "consent", "words for somebody who was found able to decide"},
    SettingRule{"codes", "capacity/doubted", fewer, "consent", "words for somebody whose capacity is doubted"},
    SettingRule{"codes", "capacity/lacking", fewer, "consent", "words for somebody who cannot decide"},
    SettingRule{"codes", "contradictions", fewer, "check", "what cannot be true at once"},
    // answers.toml
    SettingRule{"answers", "deadlines/**", neutral, "deadline", "the time for an answer (%)"},
    SettingRule{"answers", "refusals/text_min", less, "check", "how much a refusal must say (characters)", "1"},
    SettingRule{"answers", "refusals/organisational_interest", fewer, "check",
                "words that put the organisation first in a refusal"},
    SettingRule{"answers", "refusals/retention/**", neutral, "retention", "how long refusals are kept (%)"},
    SettingRule{"answers", "refusals/general_text", neutral, "text", "the general words of a refusal"},
    SettingRule{"answers", "refusals/neither_confirm_nor_deny/purposes", fewer, "handling",
                "purposes for which nothing is confirmed or denied"},
    SettingRule{"answers", "refusals/neither_confirm_nor_deny/text", neutral, "text",
                "the words that neither confirm nor deny"},
    SettingRule{"answers", "refusals/neither_confirm_nor_deny/after", any, "handling",
                "the time after which nothing is confirmed or denied"},
    SettingRule{"answers", "correction/**", neutral, "text", "the words of a correction (%)"},
    SettingRule{"answers", "outcome/**", neutral, "text", "the words of an outcome (%)"},
    SettingRule{"answers", "notices/**", neutral, "text", "the words of a notice (%)"},
    // information.toml
    SettingRule{"information", "confidence_gates", more, "law", "what lifts a confidence"},
    SettingRule{"information", "collected_for/*/title", neutral, "text", "the name of what was collected for %"},
    SettingRule{"information", "collected_for/*/compatible", more, "law",
                "purposes that what was collected for % may serve"},
    SettingRule{"information", "collected_for/*/incompatible", fewer, "law",
                "purposes that what was collected for % may not serve"},
    SettingRule{"information", "tag/*/title", neutral, "text", "the name of tag %"},
    SettingRule{"information", "tag/*/special", off, "law", "tag % is special-category data", "false"},
    SettingRule{"information", "tag/*/offence", off, "law", "tag % is criminal-offence data", "false"},
    SettingRule{"information", "tag/*/words", neutral, "text", "words that ask for tag %"},
    SettingRule{"information", "collected_for/*/for_any", on, "law", "what was collected for % may serve any purpose",
                "false"},
    SettingRule{"information", "collected_for/*/for_none", off, "law",
                "what was collected for % may serve no other purpose", "false"},
    SettingRule{"information", "category/*/title", neutral, "text", "the name of category %"},
    // displays.toml, scrub.toml
    SettingRule{"displays", "**", neutral, "text", "what codes mean in words"},
    SettingRule{"scrub", "tokens/**", neutral, "text", "words that stand for a name (%)"},
    SettingRule{"scrub", "instructions/**", neutral, "text", "words about advice (%)"},
    SettingRule{"scrub", "**", any, "field", "how identity is taken out of questions for advice"},
    // fields.toml: which values a role may have is compared role by role, and what is said of each value, value by value
    SettingRule{"fields", "groups/*/title", neutral, "text", "the name of field group %"},
    SettingRule{"fields", "groups/*/leaves", elsewhere, "", ""},
    SettingRule{"fields", "groups/*/core", elsewhere, "", ""},
    SettingRule{"fields", "groups/*/always", elsewhere, "", ""},
    SettingRule{"fields", "groups/*/part_of", elsewhere, "", ""},
    SettingRule{"fields", "groups/*/note_if_missing", elsewhere, "", ""},
    SettingRule{"fields", "groups/*/note_if_sent", neutral, "text", "the note where % goes"},
    SettingRule{"fields", "groups/*/note_if_harmful", neutral, "text", "the note where % would do harm"},
    SettingRule{"fields", "groups/*/gap", neutral, "text", "how a gap in % is reported"},
    SettingRule{"fields", "groups/*/discloses", off, "handling", "the name of field group % is kept from roles that hear a neutral word",
                "false"},
    SettingRule{"fields", "groups/*/any_item", elsewhere, "", ""},
    SettingRule{"fields", "groups/*/instead/*", elsewhere, "", ""},
    SettingRule{"fields", "groups/*/names", elsewhere, "", ""},
    SettingRule{"fields", "groups/*/numbers", elsewhere, "", ""},
    SettingRule{"fields", "groups/*/narrative", elsewhere, "", ""},
    SettingRule{"fields", "groups/*/references", elsewhere, "", ""},
    SettingRule{"fields", "groups/*/labels", elsewhere, "", ""},
    SettingRule{"fields", "groups/*/case_references", elsewhere, "", ""},
    SettingRule{"fields", "groups/*/special", elsewhere, "", ""},
    SettingRule{"fields", "groups/*/offence", elsewhere, "", ""},
    SettingRule{"fields", "groups/*/restricted", elsewhere, "", ""},
    SettingRule{"fields", "groups/*/restricted_when", elsewhere, "", ""},
    SettingRule{"fields", "groups/*/trusted", elsewhere, "", ""},
    SettingRule{"fields", "groups/*/only_with/*", elsewhere, "", ""},
    SettingRule{"fields", "groups/*/harmful", elsewhere, "", ""},
    SettingRule{"fields", "groups/*/checked/*", neutral, "text", "values whose age is looked at, in %"},
    // roles.toml, areas.toml, agencies.toml
    SettingRule{"roles", "roles/*/trusted_with", more, "role", "what role % is trusted with"},
    SettingRule{"areas", "areas/*/title", neutral, "text", "the name of area %"},
    SettingRule{"areas", "areas/*/protocol", neutral, "law", "the protocol of area %"},
    SettingRule{"areas", "areas/*/safety_planning", more, "role", "roles that plan for a victim's safety in area %"},
    SettingRule{"agencies", "agencies/*/competent_authority", any, "agency",
                "organisation % may use the law enforcement regime"},
    SettingRule{"agencies", "agencies/*/closed_on", longer, "agency", "the day organisation % closed"},
    SettingRule{"roles", "roles/*/title", neutral, "text", "the name of role %"},
    SettingRule{"roles", "roles/*/discloses", off, "handling", "role % asks nobody who hears a neutral word", "false"},
    SettingRule{"roles", "roles/*/area_bound", off, "check", "role % receives only for the areas it serves", "false"},
    SettingRule{"agencies", "agencies/*/title", neutral, "text", "the name of organisation %"},
    SettingRule{"agencies", "agencies/*/kind", any, "agency", "the kind of organisation %"},
    SettingRule{"agencies", "agencies/*/public_authority", any, "agency", "organisation % is a public authority"},
    SettingRule{"agencies", "agencies/*/areas", choices, "agency", "the areas that organisation % serves"},
    SettingRule{"agencies", "agencies/*/roles", more, "agency", "the roles that organisation % holds"},
    // displays.toml, overlays/*.toml
    SettingRule{"displays", "displays/**", neutral, "text", "words for codes (%)"},
    SettingRule{"overlay", "record/add", fewer, "check", "what an organisation records as well"},
    SettingRule{"overlay", "retention/**", neutral, "retention", "how long an organisation keeps records (%)"},
    SettingRule{"overlay", "purposes/*/procedure", neutral, "law", "an organisation's own procedure for %"},
    SettingRule{"overlay", "purposes/*/roles/*/forbid", elsewhere, "", ""},
    SettingRule{"overlay", "purposes/*/roles/*/not_necessary", elsewhere, "", ""},
    // purposes/*.toml
    SettingRule{"purpose", "id", elsewhere, "", ""},
    SettingRule{"purpose", "short", neutral, "text", "the short name in rule ids"},
    SettingRule{"purpose", "title", neutral, "text", "the title"},
    SettingRule{"purpose", "label", any, "handling", "what recipients are told the purpose is"},
    SettingRule{"purpose", "agreement", neutral, "law", "the sharing agreement"},
    SettingRule{"purpose", "procedure", neutral, "law", "the procedure"},
    SettingRule{"purpose", "marking", any, "handling", "the protective marking"},
    SettingRule{"purpose", "onward", any, "handling", "whether the recipient may pass it on"},
    SettingRule{"purpose", "change_note", elsewhere, "", ""},
    SettingRule{"purpose", "kind", any, "check", "whether it is a question without identity"},
    SettingRule{"purpose", "notice", neutral, "text", "the words of the notice to the family"},
    SettingRule{"purpose", "compatible_with", more, "law", "what else information may have been collected for"},
    SettingRule{"purpose", "compatible_by_default", on, "law",
                "information collected for other things may serve it unless named", "false"},
    SettingRule{"purpose", "risk_answers", off, "check", "the four answers about risk are needed", "false"},
    SettingRule{"purpose", "voice", off, "check", "the child's view is needed, or why not", "false"},
    SettingRule{"purpose", "history_horizon", longer, "check", "how old a concern may be without saying why it matters",
                "P12M"},
    SettingRule{"purpose", "basis/allowed", more, "basis", "legal bases that can be relied on"},
    SettingRule{"purpose", "basis/emergency", any, "basis", "the legal basis assumed in an emergency"},
    SettingRule{"purpose", "basis/standing", any, "basis", "the standing legal basis"},
    SettingRule{"purpose", "basis/standing_text", neutral, "text", "the words of the standing legal basis"},
    SettingRule{"purpose", "consent/own", on, "consent", "an adult consents for themselves", "false"},
    SettingRule{"purpose", "consent/of", any, "consent", "the one person whose consent counts"},
    SettingRule{"purpose", "consent/per_recipient", off, "consent", "a consent names each recipient", "false"},
    SettingRule{"purpose", "consent/override_hint", neutral, "text", "what is said where a reason stands in for consent"},
    SettingRule{"purpose", "consent/gate", order, "consent", "consent", "consent;consent-or-override;none"},
    SettingRule{"purpose", "consent/informed_first", off, "consent", "consent counts only after an explanation",
                "false"},
    SettingRule{"purpose", "consent/max_age", longer, "consent", "how old a consent may be"},
    SettingRule{"purpose", "consent/override_reasons", more, "consent", "reasons that can stand in for consent"},
    SettingRule{"purpose", "informing/gate", order, "informing", "telling the family", "required;expected;none"},
    SettingRule{"purpose", "informing/agreement_sought", off, "informing", "the family's agreement must be asked for",
                "false"},
    SettingRule{"purpose", "informing/never_told", fewer, "informing", "who is never told"},
    SettingRule{"purpose", "informing/not_told_until", any, "informing", "until when nobody is told"},
    SettingRule{"purpose", "time/only_at_high_risk", neutral, "deadline", "the time to send counts only at high risk"},
    SettingRule{"purpose", "notice", neutral, "text", "why information may be shared, in words for families"},
    SettingRule{"purpose", "lookup/number", any, "check", "the number that a look-up goes by"},
    SettingRule{"purpose", "lookup/not_notified", more, "check", "settings of care that the authority is not told of"},
    SettingRule{"purpose", "lookup/notice", neutral, "text", "what the authority is told of a look-up"},
    SettingRule{"purpose", "follow_up", neutral, "deadline", "what has to be done afterwards"},
    SettingRule{"purpose", "time/send_within", neutral, "deadline", "the time to send"},
    SettingRule{"purpose", "time/counted_from", neutral, "deadline", "what the time to send counts from"},
    SettingRule{"purpose", "time/acknowledge_within", neutral, "deadline", "the time to acknowledge"},
    SettingRule{"purpose", "emergency/complete_within", neutral, "deadline",
                "the time to complete what an emergency left out"},
    SettingRule{"purpose", "emergency/minimum", neutral, "emergency", "the least that an emergency message should say"},
    SettingRule{"purpose", "retention/**", neutral, "retention", "how long records are kept (%)"},
    SettingRule{"purpose", "roles/*/label", any, "handling", "what the role is told the purpose is"},
    SettingRule{"purpose", "roles/*/tell_basis", on, "handling", "the role is told the legal basis", "true"},
    SettingRule{"purpose", "roles/*/tell_consent", on, "handling", "the role is told about consent", "true"},
    SettingRule{"purpose", "roles/*/tell_family", on, "handling", "the role is told who knows", "true"},
    SettingRule{"purpose", "roles/*/tell_withheld", on, "handling", "the role is told what kinds are withheld", "true"},
    SettingRule{"purpose", "roles/*/concern_categories", choices, "condition", "categories of concern for the role"},
    SettingRule{"purpose", "roles/*/tasks/*", neutral, "text", "what the role does with what it is told (%)"},
    SettingRule{"purpose", "roles/*/do_not_inform", neutral, "text", "a line without effect"},
    SettingRule{"purpose", "roles/*/people", elsewhere, "", ""},
    SettingRule{"purpose", "roles/*/protected", elsewhere, "", ""},
    SettingRule{"purpose", "roles/*/tags", elsewhere, "", ""},
    SettingRule{"purpose", "roles/*/require", elsewhere, "", ""},
    SettingRule{"purpose", "roles/*/allow", elsewhere, "", ""},
    SettingRule{"purpose", "roles/*/when", elsewhere, "", ""},
    SettingRule{"purpose", "roles/*/forbid", elsewhere, "", ""},
    SettingRule{"purpose", "roles/*/not_necessary", elsewhere, "", ""},
    SettingRule{"purpose", "roles/*/leaves/*", elsewhere, "", ""},
    SettingRule{"purpose", "roles/*/change_note", elsewhere, "", ""},
};

constexpr std::array entries{
    // A basis or an override reason does nothing until a purpose names it; conditions of law count everywhere. The keys that
    // come last count by themselves, whether their entry was there before or not.
    EntryRule{"codes", "basis/*", false, "law", "legal basis"},
    EntryRule{"codes", "article9/*", true, "law", "condition for special-category data"},
    EntryRule{"codes", "schedule1/*", true, "law", "Schedule 1 condition"},
    EntryRule{"codes", "override/*", false, "consent", "override reason"},
    EntryRule{"codes", "exception/*", true, "informing", "reason for not telling the family", "household"},
    EntryRule{"codes", "refusal/*", false, "text", "reason for a refusal", "said"},
    EntryRule{"fields", "groups/*", false, "field", "field group"},
    EntryRule{"roles", "roles/*", false, "role", "role"},
    EntryRule{"areas", "areas/*", false, "text", "area", "safety_planning"},
    EntryRule{"information", "collected_for/*", false, "law", "what information is collected for", "for_any;for_none"},
    EntryRule{"information", "category/*", false, "list", "category of concern"},
    EntryRule{"information", "tag/*", false, "field", "tag"},
    EntryRule{"agencies", "agencies/*", true, "agency", "organisation"},
    EntryRule{"purpose", "roles/*", false, "", ""},  // diff_tables tells
};

auto next_key(std::string_view& pattern) -> std::string_view {
    const auto key = pattern.substr(0, pattern.find('/'));
    pattern.remove_prefix(std::min(key.size() + 1, pattern.size()));
    return key;
}

auto fits(std::string_view pattern, const std::vector<std::string>& path) -> bool {
    for (const auto& key : path) {
        if (pattern.empty()) return false;
        const auto wanted = next_key(pattern);
        if (wanted == "**") return true;
        if (wanted != "*" && wanted != key) return false;
    }
    return pattern.empty();
}

template <class Rules>
auto first_fit(const Rules& rules, std::string_view scope, const std::vector<std::string>& path) ->
    typename Rules::const_pointer {
    const auto it =
        std::ranges::find_if(rules, [&](const auto& rule) { return rule.scope == scope && fits(rule.path, path); });
    return it == rules.end() ? nullptr : &*it;
}

}  // namespace

auto setting_rule(std::string_view scope, const std::vector<std::string>& path) -> const SettingRule* {
    return first_fit(settings, scope, path);
}
auto entry_rule(std::string_view scope, const std::vector<std::string>& path) -> const EntryRule* {
    return first_fit(entries, scope, path);
}

}  // namespace cg::policy
