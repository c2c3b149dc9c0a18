// The agreed matrix of purpose, role and field group, and the gates of each purpose, written down a second time in this
// file's own notation: whoever changes a cell of the example pack changes it here too, knowing that they do.
#include "policy/compiled.hpp"

#include <gtest/gtest.h>

#include <iterator>
#include <set>
#include <sstream>

#include "support.hpp"

namespace cg::policy::testing {
namespace {

// One letter a group: R required, A allowed, C on a condition, X forbidden, . not necessary, N the first name only.
constexpr const char* columns =
    "id id_more nhs upn la_id addr school attendance health "
    "send status desc views fam fam_contact fam_health fam_crime fam_numbers "
    "concern source referrer network risk attach da da_contact da_place missing cp incident";

struct Row {
    const char* purpose;
    const char* role;
    const char* cells;
    PeopleFilter people;
    bool protected_identities;
    std::vector<std::string> tags;
};

auto matrix() -> const std::vector<Row>& {
    using enum PeopleFilter;
    static const std::vector<std::string> none, health{"health"}, offence{"offence"}, both{"health", "offence"};
    static const std::vector<Row> rows{
        {"child-protection-referral", "csc.front-door", "RAAAARAAA AA.ARAAAX RARARA......", all, true, both},
        {"child-protection-referral", "police.public-protection", "RA.XARAX. X..ARACCX RAR.RC......", all, true,
         offence},
        {"child-protection-referral", "health.safeguarding", "RARX..AXA A..AA..XX R.RARA......", household, false,
         health},
        {"child-in-need-referral", "csc.front-door", "RAAAARAAA AA.RRACXX R.RARX......", household, false, health},
        {"early-help", "early-help.hub", "RAX..AAAC AA.RRACXX R.RA.X......", household, false, none},
        {"early-help", "charity.lead-worker", "NAXXXAC.. CX.ARRCXX RX..XX......", mother_consenting, false, none},
        {"advice", "advice.desk", "XXXXXXXXX CXXXXXXXX CXXXCXXXX...", household, false, none},
        {"marac", "marac.coordinator", "AA.X.AAX. XA.ARRACX C.RARXRRA...", household, false, none},
        {"marac", "idva.service", "N.XXXX..X XX..RR.XX A.R.RXRRC...", household, false, none},
        {"marac", "school.dsl", "R....X..X ...XXXXXX XX..XXXXX...", household, false, none},
        {"marac", "housing.officer", "X.XXXXX.X X..XRAXXX XX..CXXAC...", mother, false, none},
        {"missing-child", "police.missing", "RA.X.RAXC CARAAAX.X CXRARA...R..", household, false, none},
        {"missing-child", "csc.front-door", "R.AXARA.A .RAAAA.XX A.RAA....R..", household, false, none},
        {"strategy-discussion", "csc.chair", "RAAAAAAAA AR.ARAAAX RARARA......", all, true, both},
        {"strategy-discussion", "school.dsl", "R.....AAX A..AA.XCX RX..R.......", household, false, none},
        {"send-transfer", "la.send-team", "RAAR.RR.A RC.ARAXXX XX.AXC......", parental_responsibility, false, none},
        {"school-transfer-cp-file", "school.dsl", "RAXRX.AAA AR.AAACCX R.RAAA......", household, false, none},
        {"health-safeguarding-alert", "health.unscheduled-care", "C.RXXXXXX XXXXXXXXX XXXXXX....R.", household, false,
         none},
        {"adult-safeguarding-concern", "asc.safeguarding", "N.XXXA.XX X...RRACX R.RARCAAC...", household, false,
         health},
        {"domestic-abuse-notice-to-school", "school.dsl", "R.X.XA..X ...XCXXXX XX.XXXXXX..R", household, false, none},
    };
    return rows;
}

auto column_names() -> std::vector<std::string> {
    std::istringstream in{columns};
    return {std::istream_iterator<std::string>{in}, {}};
}

auto letter(CellKind kind) -> char {
    switch (kind) {
        case CellKind::require: return 'R';
        case CellKind::allow: return 'A';
        case CellKind::when: return 'C';
        case CellKind::forbid: return 'X';
        case CellKind::not_necessary: return '.';
    }
    return '?';
}

auto purpose_of(std::string_view id) -> const Purpose& {
    return example_pack().compiled().purposes.find(id)->second;
}
auto role_of(const Row& row) -> const RoleTable& {
    return purpose_of(row.purpose).roles.find(row.role)->second;
}

auto cell_of(const RoleTable& role, std::string_view group) -> char {
    const auto& ids = example_pack().compiled().group_ids;
    const auto kind = role.group_kinds[ids.find(group)->second];
    if (group == "id" && kind == CellKind::not_necessary &&
        role.group_kinds[ids.find("first_name")->second] == CellKind::require)
        return 'N';
    return letter(kind);
}

TEST(Matrix, HasExactlyTheseRows) {
    std::set<std::pair<std::string, std::string>> expected, found;
    for (const auto& row : matrix()) expected.emplace(row.purpose, row.role);
    for (const auto& purpose : example_pack().purposes())
        for (const auto& role : example_pack().roles_of(purpose)) found.emplace(purpose, role);
    EXPECT_EQ(expected.size(), 20U);
    EXPECT_EQ(found, expected);
}

TEST(Matrix, EveryCellIsDecidedAsAgreed) {
    const auto names = column_names();
    ASSERT_EQ(names.size(), 30U);
    for (const auto& row : matrix()) {
        std::string cells{row.cells};
        std::erase(cells, ' ');
        ASSERT_EQ(cells.size(), names.size()) << row.purpose << " " << row.role;
        for (std::size_t i = 0; i < names.size(); ++i)
            EXPECT_EQ(cell_of(role_of(row), names[i]), cells[i]) << row.purpose << " " << row.role << " " << names[i];
    }
}

TEST(Matrix, EveryRoleHasItsPeopleItsProtectionAndItsTags) {
    for (const auto& row : matrix()) {
        const auto& role = role_of(row);
        EXPECT_EQ(role.people, row.people) << row.purpose << " " << row.role;
        EXPECT_EQ(role.protected_identities, row.protected_identities) << row.purpose << " " << row.role;
        EXPECT_EQ(role.tags, row.tags) << row.purpose << " " << row.role;
    }
}

// A group outside the printed matrix goes to nobody whom the matrix does not give the group it belongs to.
TEST(Matrix, GroupsBesideTheMatrixFollowIt) {
    for (const auto& row : matrix()) {
        const auto& role = role_of(row);
        EXPECT_TRUE(cell_of(role, "da_flag") == '.' || cell_of(role, "da_flag") == 'X') << row.purpose;
        const auto unborn = cell_of(role, "unborn");
        EXPECT_TRUE(unborn == 'A' || unborn == '.' || unborn == 'X') << row.purpose << " " << row.role;
        EXPECT_EQ(cell_of(role, "envelope"), 'R');
    }
}

struct Gate {
    const char* purpose;
    const char* basis;  ///< those that the agreed table names; the pack allows at least them
    ConsentGate consent;
    std::vector<std::string> overrides;
    InformingGate informing;
    const char* send;
    const char* acknowledge;
    std::size_t minimum;  ///< lines of the emergency minimum
    const char* anchor;
    const char* period;
    const char* then;
    bool agreement;
};

auto gates() -> const std::vector<Gate>& {
    using C = ConsentGate;
    using I = InformingGate;
    static const std::vector<std::string> none;
    static const std::vector<Gate> list{
        {"child-protection-referral", "6.1.e 6.1.c 6.1.ea", C::none, none, I::expected, "PT24H", "P1D working", 4,
         "child.date_of_birth", "P25Y", "review", true},
        {"child-in-need-referral", "6.1.e", C::consent_or_override,
         {"CHILD_HARM_LIKELY", "COERCION_DURESS", "LACKS_CAPACITY"}, I::required, "P5D working", "P1D working", 0,
         "child.eighteenth_birthday", "P3Y", "destroy", true},
        {"early-help", "6.1.e 6.1.a 6.1.f", C::consent, none, I::required, "P10D working", "P5D working", 0,
         "case.closed_on", "P6Y", "destroy", true},
        {"advice", "", C::none, none, I::none, "PT8H", "P1D working", 0, "consultation.last_contact", "P6Y", "destroy",
         false},
        {"marac", "6.1.e 6.1.ea", C::consent_or_override,
         {"COERCION_DURESS", "PUBLIC_INTEREST_OTHER_ADULTS", "SERIOUS_CRIME", "VERY_SERIOUS_HARM"}, I::expected,
         "P2D working", "P1D working", 3, "marac.last_meeting", "P6Y", "destroy", true},
        {"missing-child", "6.1.d 6.1.e", C::none, none, I::none, "PT1H", "PT1H", 6, "child.eighteenth_birthday", "P3Y",
         "destroy", true},
        {"strategy-discussion", "6.1.e 6.1.c", C::none, none, I::none, "PT8H", "P1D working", 3, "child.date_of_birth",
         "P25Y", "review", true},
        {"send-transfer", "6.1.c", C::none, none, I::required, "P15D working", "P5D working", 0, "child.date_of_birth",
         "P25Y", "destroy", true},
        {"school-transfer-cp-file", "6.1.e 6.1.c", C::none, none, I::expected, "P5D working", "P5D working", 0,
         "child.date_of_birth", "P25Y", "review", true},
        {"health-safeguarding-alert", "6.1.e", C::none, none, I::none, "PT24H", "", 1, "plan.end", "P12M", "destroy",
         true},
        {"adult-safeguarding-concern", "6.1.e 6.1.ea", C::consent_or_override,
         {"COERCION_DURESS", "LACKS_CAPACITY", "PUBLIC_INTEREST_OTHER_ADULTS", "PUBLIC_INTEREST_STAFF", "SERIOUS_CRIME",
          "VERY_SERIOUS_HARM"},
         I::required, "P1D working", "P1D working", 4, "case.closed_on", "P7Y", "destroy", true},
        {"domestic-abuse-notice-to-school", "6.1.e", C::none, none, I::none, "PT24H", "P1D working", 2, "incident.date",
         "P12M", "review", true},
    };
    return list;
}

auto same_period(const std::optional<Period>& period, std::string_view text) -> bool {
    if (!period) return text.empty();
    const auto wanted = parse_period(text);
    return wanted && add(that_day, *period, {}) == add(that_day, wanted.value(), {});
}

TEST(Matrix, EveryPurposeHasItsGates) {
    ASSERT_EQ(gates().size(), 12U);
    for (const auto& gate : gates()) {
        SCOPED_TRACE(gate.purpose);
        const auto& purpose = purpose_of(gate.purpose);
        std::istringstream codes{gate.basis};
        for (std::string code; codes >> code;)
            EXPECT_NE(std::ranges::find(purpose.basis_allowed, code), purpose.basis_allowed.end()) << code;
        EXPECT_EQ(purpose.consent, gate.consent);
        auto overrides = purpose.override_reasons;
        std::ranges::sort(overrides);
        EXPECT_EQ(overrides, gate.overrides);
        EXPECT_EQ(purpose.informing, gate.informing);
        EXPECT_TRUE(same_period(purpose.send_within, gate.send));
        EXPECT_TRUE(same_period(purpose.acknowledge_within, gate.acknowledge));
        EXPECT_EQ(purpose.emergency_minimum.size(), gate.minimum);
        EXPECT_EQ(purpose.retention_anchor, gate.anchor);
        EXPECT_EQ(purpose.retention_period, gate.period);
        EXPECT_EQ(purpose.retention_then, gate.then);
        EXPECT_EQ(!purpose.agreement.empty(), gate.agreement);
        EXPECT_NE(std::ranges::find(purpose.basis_allowed, purpose.basis_emergency), purpose.basis_allowed.end());
    }
}

TEST(Matrix, OnlyAdviceIsAskedWithoutIdentityAndItHoldsTheOneStandingBasis) {
    for (const auto& id : example_pack().purposes()) {
        const bool advice = id == "advice";
        EXPECT_EQ(purpose_of(id).kind == PurposeKind::advice, advice) << id;
        EXPECT_EQ(purpose_of(id).basis_standing.empty(), !advice) << id;
    }
}

}  // namespace
}  // namespace cg::policy::testing
