#pragma once
/// A pack as pages and tables for people who do not program: what one role may have, who may have how much, and where
/// each of the eight Caldicott principles is met. Exports of the same facts for registers.

#include "gateway/base/json.hpp"
#include "gateway/base/result.hpp"
#include "policy/pack.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace cg::policy {

/// Values of one field group that have the same answer.
struct PageLine {
    std::string group;                ///< id
    std::string title;                ///< of the group, in words
    std::vector<std::string> values;  ///< in words, e.g. "mental health"
    std::vector<std::string> leaves;  ///< their patterns, in the same order
    std::string condition;            ///< "only if …", what keeps it back all the same, or empty
    bool whole{true};                 ///< all values of the group
};

/// What one role may have for one purpose, and what must be true first.
struct RolePage {
    std::string purpose, purpose_title, role, role_title, told_purpose;
    std::string agreement, procedure;
    std::vector<PageLine> required, allowed, conditional, forbidden, not_necessary;
    std::string people;  ///< who of the family may appear
    bool protected_identities{false};
    std::vector<std::string> tags;           ///< sensitive words it may read
    std::vector<std::string> concern_kinds;  ///< the only kinds of concern that it is told of; empty: all
    std::vector<std::string> stricter;       ///< what single organisations keep back beyond this: a sentence each
    std::vector<std::string> law;        ///< legal bases, in words with their codes
    std::string consent;                 ///< a sentence
    std::vector<std::string> overrides;  ///< reasons that can stand in for consent
    std::string family;                  ///< what the family is told: a sentence
    std::vector<std::string> deadlines;  ///< sentences
    std::string retention;               ///< a sentence
    std::string marking, onward;
    std::vector<std::string> holders;  ///< organisations that hold the role
};
/// Errors    not_found (purpose, or role in the purpose; the detail names those there are)
[[nodiscard]] auto role_page(const Pack& pack, std::string_view purpose, std::string_view role) -> Result<RolePage>;
[[nodiscard]] auto to_json(const RolePage& page) -> Json;

/// One principle, and where the pack meets it for this purpose.
struct PrincipleMet {
    std::string principle;
    std::vector<std::string> where;
};
/// The eight principles of the National Data Guardian (2020), in order.
/// Errors    not_found
[[nodiscard]] auto caldicott_page(const Pack& pack, std::string_view purpose) -> Result<std::vector<PrincipleMet>>;

/// How many values one role may have for one purpose; the five counts are all values of the pack.
struct MatrixCell {
    std::string purpose, role;
    std::size_t required{0}, allowed{0}, conditional{0}, forbidden{0}, not_necessary{0};
};
/// By purpose, then role.
[[nodiscard]] auto matrix(const Pack& pack) -> std::vector<MatrixCell>;
/// RFC 4180, with a head line; one row a cell.
[[nodiscard]] auto matrix_csv(const Pack& pack) -> std::string;
/// One page that needs nothing else: the table, and under it the list that each cell links to.
[[nodiscard]] auto matrix_html(const Pack& pack) -> std::string;

/// The record of processing activities (UK GDPR Article 30(1)): one entry for each purpose and role, each with every
/// item (a) to (g) in its own member.
[[nodiscard]] auto article30(const Pack& pack) -> Json;
[[nodiscard]] auto article30_csv(const Pack& pack) -> std::string;

/// One `SharingPolicy` for each purpose and role, with the member names of the MAIS draft.
[[nodiscard]] auto sharing_policies(const Pack& pack) -> Json;

/// A row of RFC 4180. A cell that a spreadsheet would take for a formula is told apart with an apostrophe.
[[nodiscard]] auto csv_row(const std::vector<std::string>& cells) -> std::string;

}  // namespace cg::policy
