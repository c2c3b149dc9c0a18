#pragma once
/// What the rules ask of a case again and again, looked up once: people, concerns, consent.

#include "gateway/base/json.hpp"
#include "gateway/base/time.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cg::policy {

/// Lifetime  all views borrow the case
struct Person {
    const Json* tree{nullptr};
    std::string_view id, name, relationship;
    bool household{false};
    bool identity_protected{false};
    bool poses_risk{false};
    bool linked{false};  ///< a concern is about them, concerns them, or came from them
    bool minor{false};   ///< under 18 on the day, by date of birth
    bool deceased{false};
};

struct Concern {
    const Json* tree{nullptr};
    std::string_view id, about, concerning;
};

struct Consent {
    std::string_view who, state, capacity;
    bool withdrawn_elsewhere{false};  ///< the agency knows of a withdrawal that this case does not say (CO-10)
    std::optional<Date> on, expires;
    std::vector<std::string_view> purposes, recipients, groups;  ///< of the scope; empty: not limited
};

/// What one person was told, or why not (OP-1). The members of /informing itself are a record of everyone in `told`.
struct InformingRecord {
    const Json* tree{nullptr};
    std::string pointer;      ///< into the case
    std::string_view person;  ///< an id or `all`
    bool told{false};
};

struct CaseFacts {
    const Json* tree{nullptr};
    Date today{};
    std::string_view child_id;
    bool child_deceased{false};
    bool living{true};              ///< somebody in the case is alive, so data protection applies (FW-11)
    std::vector<Person> people;     ///< by index in /people
    std::vector<Concern> concerns;  ///< by index in /concerns
    Consent consent;
    std::vector<Consent> others;            ///< what other people said to sharing, by index in /consent/others
    std::vector<InformingRecord> informed;  ///< in the order of the case
    std::string_view suspected;             ///< override.suspected_person: who is thought to put pressure on (CO-7)
    std::vector<std::string_view> exceptions;  ///< codes of why somebody was not told, of all records
    std::vector<std::string_view> told;        ///< ids of those who were, or `none`, `all`

    [[nodiscard]] auto person(std::string_view id) const noexcept -> const Person*;
};

/// Parental responsibility, alone or with the council; a word that nobody knows is none.
[[nodiscard]] auto has_responsibility(const Person& person) -> bool;

/// Total: whatever is missing or of another type is left empty.
[[nodiscard]] auto read_case_facts(const Json& case_tree, Date today) -> CaseFacts;

/// Whole years on the day; empty where the date of birth is not known.
[[nodiscard]] auto age_on(const Json& person, Date today) -> std::optional<int>;
/// FW-11. A day of death that is written down and has come; anything else leaves the law for the living in force.
[[nodiscard]] auto has_died(const Json& person, Date today) -> bool;

/// A text, or each text of a list.
[[nodiscard]] auto texts_of(const Json& value) -> std::vector<std::string_view>;
/// The same without the words for "nothing" and "not known".
[[nodiscard]] auto answers_of(const Json& value) -> std::vector<std::string_view>;
/// The same digits, however they are spaced; no digits at all are never the same.
[[nodiscard]] auto same_digits(std::string_view a, std::string_view b) -> bool;
/// Of a telephone number of this country, without what it is written with abroad (+44, 0044) and at home (0): always the
/// same. Empty: it is none.
[[nodiscard]] auto national_number(std::string_view digits) noexcept -> std::string_view;
/// The same telephone, however it is written.
[[nodiscard]] auto same_phone(std::string_view a, std::string_view b) -> bool;
[[nodiscard]] auto same_ignoring_case(std::string_view a, std::string_view b) noexcept -> bool;

}  // namespace cg::policy
