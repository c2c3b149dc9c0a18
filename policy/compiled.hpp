#pragma once
/// A pack as decisions use it: every name resolved to an index, one table per (purpose, role). For policy/ only.

#include "gateway/base/json.hpp"
#include "gateway/base/time.hpp"
#include "policy/agency.hpp"
#include "policy/path_trie.hpp"
#include "policy/words.hpp"

#include <bitset>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace cg::policy {

struct TextHash {
    using is_transparent = void;
    auto operator()(std::string_view text) const noexcept -> std::size_t { return std::hash<std::string_view>{}(text); }
};
template <class Value>
using TextMap = std::unordered_map<std::string, Value, TextHash, std::equal_to<>>;

inline constexpr std::size_t max_leaves = 512;
using LeafSet = std::bitset<max_leaves>;
using GroupId = std::uint16_t;
inline constexpr GroupId no_group = 0xFFFF;

/// What a leaf's value is, beyond being data.
enum class LeafUse : std::uint8_t {
    plain,
    name,            ///< a person's name: looked for in narrative when it is withheld
    number,          ///< a number or address that points at a person: likewise
    narrative,       ///< free text: may be rewritten where it names someone withheld
    reference,       ///< the id of a person: withheld with that person
    label,           ///< an id inside the case: made pairwise where it says more than `p1`
    case_reference,  ///< the sender's reference of the case: always made pairwise
};

struct Leaf {
    std::string pattern;
    GroupId group{no_group};  ///< the group that says `withheld`; never a part_of group
    LeafUse use{LeafUse::plain};
    bool special{false};            ///< special-category data (UK GDPR Article 9)
    bool offence{false};            ///< criminal-offence data (Article 10)
    bool tag{false};                ///< a narrative tag of a concern
    std::string restricted{};       ///< only for roles trusted with this (SE-9); empty: for any
    std::string restricted_when{};  ///< … where this place does not say `false`; empty: always
    LeafId only_with{no_leaf};      ///< stays where this other leaf of the same item has to stay
    std::string checked{};          ///< the day this was last checked, of what, e.g. `address` (AC-4)
    bool coded{false};              ///< displays.toml says what its codes mean (AQ-3)
    std::string token;              ///< what stands in free text for this value where it is withheld, e.g. `[PHONE]`
};

struct Group {
    std::string name;
    std::string title;
    GroupId part_of{no_group};  ///< a group of some leaves of another group
    std::vector<LeafId> leaves;
    std::vector<LeafId> core;                             ///< what `require` asks for
    std::vector<std::pair<LeafId, std::string>> instead;  ///< a core leaf, and the pointer that may stand in for it
    std::string gap_type;                                 ///< problem type of a gap
    std::string note_if_missing;                          ///< not a gap: a note with this code
    std::string note_if_sent, note_if_harmful;            ///< the other notes of the consistent identifier (FW-16)
    std::string harmful;                                  ///< pointer to why it stays, where sending it would do harm
    bool always{false};                                   ///< released to every role
    bool discloses{false};                                ///< its very name says what a message is about
    bool any_item{false};                                 ///< required of one list item, not of each
    std::string list;  ///< first token where the leaves are those of list items, e.g. `people`
};

enum class CellKind : std::uint8_t { not_necessary, forbid, allow, require, when };

struct Cell {
    CellKind kind{CellKind::not_necessary};
    std::uint8_t condition{0};  ///< index into RoleTable::conditions, for `when`
    GroupId group{no_group};    ///< the group that decided it
};

struct ConditionInput;
using ConditionTest = bool (*)(const ConditionInput&);

struct Condition {
    std::vector<ConditionTest> all, any;
    std::string text;      ///< the names, e.g. `risk-high, person-linked`
    bool per_item{false};  ///< may differ from one list item to the next
    bool scope{false};     ///< asks for the consent's scope
};

/// `mother_consenting`: the mother, and only while her consent stands.
enum class PeopleFilter : std::uint8_t { all, household, mother, mother_consenting, parental_responsibility };

/// A group that a role must receive.
struct Requirement {
    GroupId group{};
    LeafSet core;
};

struct RoleTable {
    std::string role;
    std::string label;        ///< purpose as told to this role
    std::string change_note;  ///< as that of the purpose
    PeopleFilter people{PeopleFilter::household};
    bool protected_identities{false};
    std::vector<std::string> tags;
    std::vector<Cell> cells;               ///< by leaf
    std::vector<std::string> group_rules;  ///< rule id by group
    std::vector<CellKind> group_kinds;     ///< by group, for `handling`
    std::vector<Condition> conditions;
    std::vector<std::pair<std::string, std::vector<std::string>>>
        tasks;  ///< what the role does, and groups or leaves for it
    std::vector<Requirement> requirements;
    std::vector<std::string> not_necessary, forbidden;  ///< group names, told in `handling`
    bool tell_basis{true}, tell_consent{true}, tell_family{true};
    bool tell_withheld{true};  ///< false: what is withheld is not named to this role, for the names would say too much
    std::vector<std::string> trusted_with;   ///< kinds of restricted leaves (SE-9)
    std::vector<std::string> concern_kinds;  ///< categories of concern that it needs; empty: all (RE-1)
};

enum class ConsentGate : std::uint8_t { none, consent, consent_or_override };
enum class InformingGate : std::uint8_t { none, expected, required };
/// `advice`: a question without identity (AD-1); everything else is a `case`.
enum class PurposeKind : std::uint8_t { identified, advice };

/// What somebody has to do after the message, e.g. offer an interview.
struct FollowUp {
    std::string type, text;
    std::vector<std::string> roles;  ///< of the recipients who do it
    std::optional<Period> within;    ///< of the decision; empty: counted from something that only the text can name
};

/// A purpose that answers look-ups by one number (IT-1).
struct Lookup {
    std::string number;                     ///< pointer to the child's number
    std::vector<std::string> not_notified;  ///< care settings of which the responsible authority is not told
    std::string notice;                     ///< what to tell it, in words
};

struct Purpose {
    std::string id, short_name, title, label, agreement, procedure, marking, onward;
    PurposeKind kind{PurposeKind::identified};
    std::string change_note;  ///< the legal reason for the latest change, told by the comparison of packs
    std::vector<std::string> basis_allowed;
    std::string basis_emergency;
    std::string basis_standing, basis_standing_text;  ///< advice: the one basis of the sender's own step
    ConsentGate consent{ConsentGate::none};
    bool informed_first{false};
    bool own_consent{false};  ///< an adult consents for themselves: parental responsibility is not asked for
    std::string consent_of;   ///< pointer to the id of the one person whose consent counts; empty: see gate_giver.cpp
    bool consent_per_recipient{false};  ///< a consent names each recipient
    std::string override_hint;          ///< said wherever a reason stands in for consent; empty: nothing
    std::optional<Period> consent_max_age;
    std::vector<std::string> override_reasons;
    InformingGate informing{InformingGate::none};
    bool agreement_sought{false};         ///< OP-5: agreement must have been asked for
    std::vector<std::string> never_told;  ///< pointers to ids of people whom nobody may inform
    std::string not_told_until;           ///< reason code: nobody is told before somebody decides so; empty: none
    bool risk_answers{false};
    bool voice{false};                  ///< OP-9: the child's view, or why not
    bool compatible_by_default{false};  ///< FW-4: takes what was collected for anything that does not forbid it
    std::vector<std::string> compatible_with;  ///< FW-4: and what was collected for these
    std::optional<Period> send_within;
    bool from_phone{false};  ///< the limit counts from the telephone call where there was one
    bool limit_only_at_high_risk{false};
    std::optional<Period> acknowledge_within;
    Period complete_within;
    std::vector<std::vector<std::string>> emergency_minimum;  ///< each: pointers of which one must be there
    std::string notice_why;  ///< why we may share, in words for a family (OP-8)
    std::vector<FollowUp> follow_ups;
    std::optional<Lookup> lookup;
    int history_months{12};
    std::string retention_class, retention_anchor, retention_period, retention_then;
    TextMap<RoleTable> roles;
};

/// What must be written down when a code is used.
struct Evidence {
    std::string pointer;
    std::string what;
    std::vector<std::string> one_of;  ///< the only answers; empty: any text
    bool person{false};               ///< must be the id of somebody in the case
};
/// Law and lists change: a decision sees only what was in force on its day.
struct InForce {
    std::optional<Date> from, until;
    [[nodiscard]] auto holds(Date day) const -> bool { return (!from || day >= *from) && (!until || day < *until); }
};
struct BasisRule {
    std::string title;
    bool public_authority{true};  ///< open to public authorities performing their tasks
    bool others{true};            ///< open to everyone else
    bool consent{false};          ///< rests on consent that was given
    bool law_enforcement{false};  ///< Part 3 of the Data Protection Act 2018: competent authorities alone
    std::vector<Evidence> evidence;
    std::vector<std::string> request_for;  ///< paragraphs of Annex 1 that answer somebody's request
    InForce in_force;
};
struct Article9Rule {
    std::string title;
    std::vector<std::string> schedule1;  ///< one of these must be named beside it; empty: none asked
    bool consent{false};
    InForce in_force;
};
struct Schedule1Rule {
    std::string title;
    std::vector<std::string> reasons;  ///< one of these must be named; empty: none asked
    bool not_after_refusal{false};     ///< a refusal by a person with capacity does not fit it (CO-12)
    InForce in_force;
};
/// A value that must not stand there, or one that must not be the same as another.
struct Contradiction {
    std::string pointer;
    Json value;
    std::string same_as;  ///< pointer; then `value` does not count
    std::string text;
};
/// Values that cannot all be true.
struct ContradictoryValues {
    std::vector<std::pair<std::string, Json>> all;
    std::string text;
};
/// Words for what somebody can decide, and from what age that is presumed (CO-1, CO-6).
struct CapacityWords {
    int presumed_from_age{16};
    std::vector<std::string> able, assessed, doubted, lacking;
};
struct OverrideRule {
    std::string title;
    bool cites_facts{true};
    std::vector<Evidence> evidence;
    std::vector<Contradiction> contradicted_by;
    std::string consent_state;  ///< must be this; empty: any
    InForce in_force;
};
struct ExceptionRule {
    std::string title;
    bool vague{false};      ///< not enough on its own
    bool household{false};  ///< nobody at home may be told, and no notice is written (OP-3)
    InForce in_force;
};
struct RefusalCode {
    std::string code, text;
    std::vector<std::string> problems;  ///< problem types, or areas ending in `/`
    bool said{false};                   ///< whoever asked may be told this reason
    bool confidentiality{false};        ///< says no more than that something is confidential (SW-3)
};

/// What is said, and by when, if something is not shared, asked for, put right or taken back: answers.toml.
struct Answers {
    std::optional<Period> review_within, discuss_within, answer_within, draft_within, record_within;
    std::vector<std::string> draft_levels;
    std::size_t refusal_text_min{1};
    std::vector<std::string> organisational_interest;  ///< FW-6, lower case
    std::string retention_class, retention_anchor, retention_period, retention_then;
    std::string general_text;
    std::vector<std::string> hidden_purposes;  ///< neither confirm nor deny
    std::string hidden_text;
    std::optional<Period> hidden_after;
    TextMap<std::string> corrections;  ///< by code, in the words that recipients read
    TextMap<std::string> outcomes;     ///< by code: what a recipient did with a message (IT-2)
    std::string correction_notice, withdrawal_notice;
};

struct RoleRule {
    std::string title;
    bool area_bound{false};
    bool discloses{false};  ///< its very name says what a message is about, e.g. domestic abuse
    std::vector<std::string> trusted_with;  ///< e.g. `restricted-address`, `safe-contact` (SE-9)
};

/// FW-4: what something was collected for.
struct Collected {
    std::string title;
    bool for_any{false};   ///< may be used for every purpose
    bool for_none{false};  ///< for no other
};

/// NE-4: a kind of sensitive narrative.
struct TagRule {
    std::string title;
    bool special{false};
    bool offence{false};
};

/// A document that stands behind the policy.
struct Document {
    std::string id, title, address;
    Date read_on{};
};

/// An authority area and its local protocol (IT-4).
struct Area {
    std::string title;
    std::string protocol;                      ///< id of a document
    std::vector<std::string> safety_planning;  ///< roles that the protocol asks to plan for a victim's safety
};

class AgencyTable final : public AgencyLookup {
public:
    [[nodiscard]] auto find(const AgencyId& id) const -> const AgencyFacts* override {
        const auto it = by_id.find(id.str());
        return it == by_id.end() ? nullptr : &it->second;
    }
    std::map<std::string, AgencyFacts, std::less<>> by_id;
};

/// Who answers for the processing, for registers (UK GDPR Article 30). Decisions do not look at it.
struct ProcessingRecord {
    std::string controller, contact, joint_controllers, representative, officer, transfers;
    std::vector<std::string> security;
};

struct ScrubRules;  // policy/scrub_rules.hpp

/// How one organisation narrows the policy for what it sends (RC-10). Never wider.
struct Overlay {
    TextMap<Purpose> purposes;               ///< those that it changes, whole
    std::vector<std::string> record_fields;  ///< what its records hold besides the core
    struct Retention {
        std::string period, then;
    };
    TextMap<Retention> retention;  ///< by class, for what it sends and for what it receives (RT-2)
};

struct CompiledPack {
    std::string id, version, hash, title;
    std::map<std::string, std::string, std::less<>> sources;  ///< the texts it was made of, for comparing packs
    Date in_force_from{};
    std::optional<Date> in_force_until;
    std::vector<std::string> rules_edition, documents, signatories;
    ProcessingRecord records;
    std::vector<Document> document_list;  ///< the same documents, in full
    TextMap<Area> areas;
    std::string policy_document;
    std::vector<Date> holidays;
    std::string danger_text, refusal_instruction;
    std::vector<std::string> high_risk_levels, risk_levels;
    std::size_t override_text_min{40}, boilerplate_k{3};
    int checked_months{12};  ///< contacts and addresses checked earlier are told with their age (AC-4)

    std::vector<Leaf> leaves;
    std::vector<Group> groups;
    PathTrie trie;
    std::vector<PathTrie::Node> in_schema;  ///< by node of `trie`: its place in case/1
    TextMap<GroupId> group_ids;

    TextMap<RoleRule> roles;
    AgencyTable agencies;
    TextMap<BasisRule> basis;
    TextMap<Article9Rule> article9;
    TextMap<Schedule1Rule> schedule1;
    TextMap<OverrideRule> overrides;
    TextMap<ExceptionRule> exceptions;
    std::vector<ContradictoryValues> contradictions;
    CapacityWords capacity;
    std::vector<std::string> consent_states, concern_kinds, attachment_evidence, evidence_categories;
    std::vector<std::string> plan_files, social_care_sections, exploitation_categories, officer_safety_categories;
    std::vector<RefusalCode> refusals;
    Answers answers;
    TextMap<Collected> collected_for;
    TextMap<TagRule> tags;
    TextMap<std::string> tag_words;                       ///< a word in small letters, and the tag that it suggests
    TextMap<std::string> concern_categories;              ///< code and what it says
    std::vector<std::string> confidence_gates;            ///< what opens a confidence (FW-5)
    TextMap<std::vector<std::string>> what_would_change;  ///< by problem type
    TextMap<Purpose> purposes;
    std::shared_ptr<const ScrubRules> scrub;  ///< null: the pack has no scrub.toml
    TextMap<std::vector<std::pair<std::string, std::string>>> displays;  ///< by leaf: codes and their words
    struct {
        std::string heading, rights, contact;
    } notice;                   ///< the parts of a notice to a family that are the same for every purpose
    TextMap<Overlay> overlays;  ///< by organisation
};

}  // namespace cg::policy
