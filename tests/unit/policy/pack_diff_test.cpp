// What a new pack lets happen that the old one did not, in words.
#include "policy/pack_diff.hpp"

#include "policy/pack_diff_parts.hpp"

#include <gtest/gtest.h>

#include "pack_edit.hpp"

namespace cg::policy::testing {
namespace {

const std::string cin = "purposes/child-in-need-referral.toml";
const std::string cp = "purposes/child-protection-referral.toml";
const std::string eh = "purposes/early-help.toml";

auto compare(const PackFiles& files) -> PackDiff {
    return diff(example_pack(), *loaded(files));
}

auto find(const PackDiff& diff, std::string_view kind, std::string_view words) -> const Change* {
    const auto it = std::ranges::find_if(diff.changes, [&](const Change& change) {
        return change.kind == kind && change.text.find(words) != std::string::npos;
    });
    return it == diff.changes.end() ? nullptr : &*it;
}
auto all_text(const PackDiff& diff) -> std::string {
    std::string out;
    for (const auto& change : diff.changes)
        out += (change.widening ? "+ " : "- ") + change.kind + ": " + change.text + "\n";
    return out;
}

void expect_change(const PackDiff& diff, std::string_view kind, std::string_view words, bool widening) {
    const auto* change = find(diff, kind, words);
    ASSERT_NE(change, nullptr) << words << "\n" << all_text(diff);
    EXPECT_EQ(change->widening, widening) << all_text(diff);
}

TEST(PackDiff, OfAPackWithItselfIsEmpty) {
    const auto none = compare(example_files());
    EXPECT_TRUE(none.changes.empty()) << all_text(none);
    EXPECT_FALSE(none.widens());
}

TEST(PackDiff, NotesAndLayoutAreNoDifference) {
    auto files = example_files();
    files[cin] = "# a note\n\n" + files[cin];
    EXPECT_TRUE(compare(files).changes.empty());
}

TEST(PackDiff, SaysInWordsWhatIsReleasedNow) {
    const auto wider =
        compare(edited(eh, "charity.lead-worker", [](RoleText& role) { role.move("fam_crime", "allow"); }));
    EXPECT_TRUE(wider.widens());
    ASSERT_FALSE(wider.changes.empty());
    expect_change(wider, "released", "NOW RELEASED: offences and risk posed by people around the child (", true);
    expect_change(wider, "released", "to charity.lead-worker for early-help (was withheld: never allowed)", true);
    EXPECT_EQ(wider.changes.front().purpose, "early-help");
    EXPECT_EQ(wider.changes.front().role, "charity.lead-worker");
}

TEST(PackDiff, NamesTheSingleValueThatMoved) {
    auto files = example_files();
    replace_once(files[eh], "\"/child/address/uprn\" = \"not_necessary\"\n", "");
    expect_change(compare(files), "released", "NOW RELEASED: the child's property number (UPRN) to charity.lead-worker",
                  true);
}

TEST(PackDiff, SaysWhatIsWithheldNow) {
    const auto narrower =
        compare(edited(eh, "charity.lead-worker", [](RoleText& role) { role.move("views", "not_necessary"); }));
    expect_change(narrower, "withheld", "NO LONGER RELEASED", false);
    EXPECT_FALSE(narrower.widens()) << all_text(narrower);
}

TEST(PackDiff, ATextOfThePackMakesNoLinesOfItsOwn) {
    auto files = example_files();
    auto copy = files[eh];
    replace_once(copy, "id = \"early-help\"", "id = \"earlier-help\"");
    replace_once(copy, "short = \"eh\"", "short = \"earlier\"");
    replace_once(copy, "title = \"Early help\"", "title = \"Early help\\n\\nIt releases nothing that was withheld before.\"");
    files["purposes/earlier-help.toml"] = copy;
    const auto changes = compare(files);
    EXPECT_TRUE(changes.widens());
    for (const auto& change : changes.changes) EXPECT_EQ(change.text.find('\n'), std::string::npos) << change.text;
}

TEST(PackDiff, WideningsComeFirst) {
    const auto both = compare(edited(eh, "charity.lead-worker", [](RoleText& role) {
        role.move("views", "not_necessary");
        role.move("attendance", "allow");
    }));
    ASSERT_GE(both.changes.size(), 2U);
    EXPECT_TRUE(both.changes.front().widening);
    EXPECT_FALSE(both.changes.back().widening);
}

TEST(PackDiff, AConditionIsTakenAwayTightenedOrWeakened) {
    const auto police = "police.public-protection";
    expect_change(compare(edited(cp, police, [](RoleText& role) { role.move("fam_crime", "allow"); })), "condition",
                  "NOW RELEASED WITHOUT CONDITION", true);
    expect_change(compare(edited(cp, police, [](RoleText& role) { role.when("fam_crime", {"risk-high"}); })),
                  "condition", "CONDITION WEAKENED", true);
    expect_change(compare(edited(cp, police,
                                 [](RoleText& role) {
                                     role.when("fam_crime", {"risk-high", "person-linked", "own-consent"});
                                 })),
                  "condition", "CONDITION TIGHTENED", false);
    expect_change(compare(edited(cp, police, [](RoleText& role) { role.when("id_more", {"risk-high"}); })), "condition",
                  "NOW RELEASED CONDITIONALLY", false);
}

TEST(PackDiff, PeopleIdentitiesAndTags) {
    const auto hub = "early-help.hub";
    expect_change(compare(edited(eh, hub, [](RoleText& role) { role.people = "all"; })), "people", "MORE PEOPLE", true);
    expect_change(compare(edited(eh, hub, [](RoleText& role) { role.people = "mother"; })), "people", "OTHER PEOPLE",
                  true);
    expect_change(compare(edited(cp, "csc.front-door", [](RoleText& role) { role.people = "household"; })), "people",
                  "FEWER PEOPLE", false);
    expect_change(compare(edited(eh, hub, [](RoleText& role) { role.protected_identities = true; })), "identities",
                  "asked to be protected", true);
    expect_change(compare(edited(eh, hub, [](RoleText& role) { role.tags = {"health"}; })), "tags", "speak of health",
                  true);
    expect_change(compare(edited(cp, "csc.front-door", [](RoleText& role) { role.tags = {"health"}; })), "tags",
                  "NO LONGER RELEASED: concerns that speak of offence", false);
}

struct SettingCase {
    std::string file, before, after, kind, words;
    bool widening;
};
class PackDiffSetting : public ::testing::TestWithParam<SettingCase> {};

TEST_P(PackDiffSetting, IsJudgedBothWays) {
    const auto& c = GetParam();
    auto files = example_files();
    ASSERT_TRUE(replace_once(files[c.file], c.before, c.after)) << c.before;
    const auto changed = loaded(files);
    const auto there = diff(example_pack(), *changed), back = diff(*changed, example_pack());
    expect_change(there, c.kind, c.words, c.widening);
    EXPECT_EQ(there.widens(), c.widening) << all_text(there);
    if (c.widening && c.words.find("COUNTS AS WIDER") == std::string::npos) {
        EXPECT_FALSE(back.widens()) << all_text(back);
    }
}

INSTANTIATE_TEST_SUITE_P(
    All, PackDiffSetting,
    ::testing::Values(
        SettingCase{cin, "gate = \"consent-or-override\"", "gate = \"none\"", "consent", "RELAXED: consent", true},
        SettingCase{cin, "\"CHILD_HARM_LIKELY\", ", "\"CHILD_HARM_LIKELY\", \"SERIOUS_CRIME\", ", "consent",
                    "added a serious crime has been committed", true},
        SettingCase{cin, "informed_first = true", "informed_first = false", "consent", "only after an explanation",
                    true},
        SettingCase{cin, "max_age = \"P12M\"", "max_age = \"P2Y\"", "consent", "now 2 years (was 1 year)", true},
        SettingCase{eh, "gate = \"required\"", "gate = \"expected\"", "informing", "telling the family", true},
        SettingCase{eh, "\"6.1.a\", ", "\"6.1.a\", \"6.1.c\", ", "basis", "legal obligation (6.1.c)", true},
        SettingCase{cp, "voice = true", "voice = false", "check", "the child's view", true},
        SettingCase{cp, "onward = \"ask-sender\"", "onward = \"free\"", "handling", "COUNTS AS WIDER", true},
        SettingCase{cp, "send_within = \"PT24H\"", "send_within = \"P2D\"", "deadline", "now 2 days (was 24 hours)",
                    false},
        SettingCase{cp, "period = \"P25Y\"", "period = \"P30Y\"", "retention", "now 30 years (was 25 years)", false},
        SettingCase{"codes.toml", "not_after_refusal = true\n", "", "law", "does not fit after a refusal", true},
        SettingCase{"codes.toml", "high_risk_levels = [\"high\"", "high_risk_levels = [\"medium\", \"high\"", "list",
                    "added medium", true},
        SettingCase{"codes.toml", "vague = true", "vague = false", "informing", "telling would be inappropriate", true},
        SettingCase{"fields.toml", "references = [\"/attachments/*/shows\"]\n", "", "field",
                    "go only with their person", true},
        SettingCase{"pack.toml", "override_text_min = 40", "override_text_min = 10", "check", "characters", true},
        SettingCase{"pack.toml", "\"ig-lead\", ", "\"lead\", ", "check", "COUNTS AS WIDER", true},
        SettingCase{"roles.toml", "discloses = true\n", "", "handling", "asks nobody who hears a neutral word", true},
        SettingCase{"fields.toml", "discloses = true\n", "", "handling", "kept from roles that hear a neutral word", true},
        SettingCase{"roles.toml", "area_bound = true", "area_bound = false", "check", "receives only for the areas",
                    true}));

auto renamed_group(PackFiles files, const std::string& from, const std::string& to) -> PackFiles {
    replace_once(files["fields.toml"], "[groups." + from + "]", "[groups." + to + "]");
    for (auto& [file, text] : files)
        if (file.starts_with("purposes/"))
            while (replace_once(text, quoted(from), quoted(to))) {
            }
    return files;
}

TEST(PackDiff, AGroupThatChangesItsNameReleasesNothing) {
    const auto same = compare(renamed_group(example_files(), "missing", "missing_child"));
    EXPECT_FALSE(same.widens()) << all_text(same);
}

TEST(PackDiff, AGroupThatLosesItsMarksWithItsNameIsAWidening) {
    auto files = renamed_group(example_files(), "missing", "missing_child");
    ASSERT_TRUE(replace_once(files["fields.toml"], "numbers = [\"/missing/child_phone\"]\n", ""));
    ASSERT_TRUE(replace_once(files["fields.toml"],
                             "narrative = [\n  \"/missing/last_seen_place\", \"/missing/circumstances\", \"/missing/associates\", "
                             "\"/missing/online\", \"/missing/previous\",\n]\n",
                             ""));
    const auto wider = compare(files);
    expect_change(wider, "field", "numbers that are also taken out of free text, in missing_child", true);
    expect_change(wider, "field", "free text that is searched for names, in missing_child", true);
}

TEST(PackDiff, AValueThatTakesItsMarksToAnotherGroupKeepsThem) {
    auto files = example_files();
    auto& fields = files["fields.toml"];
    ASSERT_TRUE(replace_once(fields, "\"/child/health/conditions\", \"/child/health/medication\",\n", "\"/child/health/medication\",\n"));
    ASSERT_TRUE(replace_once(fields, "special = [\"/child/health/conditions\", ", "special = ["));
    ASSERT_TRUE(replace_once(fields, "narrative = [\"/child/health/conditions\", ", "narrative = ["));
    ASSERT_TRUE(replace_once(fields, "leaves = [\"/da/flag\"]",
                             "leaves = [\"/da/flag\", \"/child/health/conditions\"]\nspecial = [\"/child/health/conditions\"]\n"
                             "narrative = [\"/child/health/conditions\"]"));
    const auto moved = compare(files);
    EXPECT_EQ(find(moved, "law", "special"), nullptr) << all_text(moved);
    EXPECT_EQ(find(moved, "field", "free text"), nullptr) << all_text(moved);
}

TEST(PackDiff, RestrictionsAreComparedByWhatTheyDo) {
    auto files = example_files();
    ASSERT_TRUE(replace_once(files["fields.toml"], "restricted_when = \"/child/address/restricted\"\n", ""));
    const auto always = loaded(files);
    const auto there = diff(example_pack(), *always), back = diff(*always, example_pack());
    expect_change(there, "field", "only to roles trusted with them (restricted-address)", false);
    EXPECT_FALSE(there.widens()) << all_text(there);
    expect_change(back, "field", "now restricted-address, unless /child/address/restricted is false", true);
}

TEST(PackDiff, ANewAreaThatLetsARoleKnowWhereAVictimIsIsAWidening) {
    auto files = example_files();
    files["areas.toml"] += "\n[areas.newshire]\ntitle = \"New\"\nprotocol = \"WT-2023\"\nsafety_planning = [\"housing.officer\"]\n";
    expect_change(compare(files), "role", "area newshire: added housing.officer", true);
    replace_once(files["areas.toml"], "safety_planning = [\"housing.officer\"]\n", "");
    EXPECT_FALSE(compare(files).widens()) << all_text(compare(files));
}

TEST(PackDiff, WhatWasCollectedForNothingElseAndIsNoLongerListedIsAWidening) {
    auto files = example_files();
    auto& text = files["information.toml"];
    const auto begin = text.find("[collected_for.fundraising]");
    text.erase(begin, text.find("\n[", begin) + 1 - begin);
    const auto without = loaded(files);
    const auto there = diff(example_pack(), *without), back = diff(*without, example_pack());
    expect_change(there, "law", "collected for fundraising may serve no other purpose", true);
    EXPECT_FALSE(back.widens()) << all_text(back);
}

TEST(PackDiff, ARefusalThatSaysMoreToWhoeverAskedIsAWidening) {
    auto files = example_files();
    ASSERT_TRUE(replace_once(files["codes.toml"], "[refusal.PREJUDICE_INVESTIGATION]\n",
                             "[refusal.PREJUDICE_INVESTIGATION]\nsaid = true\n"));
    expect_change(compare(files), "handling", "may be told the reason PREJUDICE_INVESTIGATION", true);
}

TEST(PackDiff, FewerKindsOfConcernAreNoWidening) {
    const auto fewer = compare(
        edited(eh, "early-help.hub", [](RoleText& role) { role.lists["concern_categories"] = {"NEG"}; }));
    EXPECT_FALSE(fewer.widens()) << all_text(fewer);
    const auto more = diff(*loaded(edited(eh, "early-help.hub", [](RoleText& role) { role.lists["concern_categories"] = {"NEG"}; })),
                           example_pack());
    expect_change(more, "condition", "categories of concern", true);
}

TEST(PackDiff, ALessStrictRequirementIsTold) {
    auto files = example_files();
    ASSERT_TRUE(replace_once(files["fields.toml"], "names = [\"/people/*/name\"]\n", "names = [\"/people/*/name\"]\nany_item = true\n"));
    expect_change(compare(files), "required", "REQUIRED LESS STRICTLY", true);
    const auto back = diff(*loaded(files), example_pack());
    expect_change(back, "required", "REQUIRED MORE STRICTLY", false);
    EXPECT_FALSE(back.widens()) << all_text(back);
}

constexpr const char* willow_file = "overlays/willow.toml";
auto with_overlay(const std::string& line, PackFiles files = example_files()) -> PackFiles {
    files[willow_file] = "[purposes.missing-child.roles.\"police.missing\"]\n" + line + "\n";
    return files;
}

TEST(PackDiff, AnOrganisationThatNarrowsLessIsToldAsWhatItSends) {
    const auto narrowed = loaded(with_overlay("not_necessary = [\"attach\"]"));
    const auto there = diff(example_pack(), *narrowed), back = diff(*narrowed, example_pack());
    EXPECT_FALSE(there.widens()) << all_text(there);
    expect_change(there, "withheld", "in what willow sends", false);
    expect_change(back, "released", "in what willow sends", true);
    const auto forbidden = loaded(with_overlay("forbid = [\"attach\"]"));
    EXPECT_FALSE(diff(*narrowed, *forbidden).widens());
    EXPECT_FALSE(diff(*forbidden, *narrowed).widens()) << "it stays either way";
}

TEST(PackDiff, AValueThatLeavesTheGroupWhichAnOrganisationNarrowedIsAWidening) {
    const auto before = loaded(with_overlay("not_necessary = [\"id_more\"]"));
    auto files = with_overlay("not_necessary = [\"id_more\"]");
    auto& fields = files["fields.toml"];
    ASSERT_TRUE(replace_once(fields, "\"/child/first_language\", ", ""));
    ASSERT_TRUE(replace_once(fields, "leaves = [\"/network/*/role\", ", "leaves = [\"/child/first_language\", \"/network/*/role\", "));
    const auto after = diff(*before, *loaded(files));
    expect_change(after, "released", "first language to police.missing for missing-child (was withheld: not needed), in what willow sends",
                  true);
}

TEST(PackDiff, NewAndLostRecipientsAreTold) {
    auto files = example_files();
    files.erase("purposes/missing-child.toml");
    const auto without = loaded(files);
    const auto there = diff(example_pack(), *without), back = diff(*without, example_pack());
    EXPECT_FALSE(there.widens()) << all_text(there);
    expect_change(there, "purpose", "NO LONGER A PURPOSE", false);
    expect_change(back, "purpose", "NEW PURPOSE: information may now be shared for missing-child", true);
    expect_change(back, "role", "NEW RECIPIENT: police.missing", true);
}

/// Keys without a line in pack_diff_rules.cpp: any change of them would count as a widening.
void unjudged(std::string_view scope, const TomlNode& table, std::vector<std::string>& path, std::string& out) {
    for (const auto& [key, node] : table.members) {
        path.push_back(key);
        if (node.kind == TomlNode::Kind::table)
            unjudged(scope, node, path, out);
        else if (setting_rule(scope, path) == nullptr)
            for (const auto& one : path) out += (&one == &path.front() ? "\n" + std::string{scope} + ": " : "/") + one;
        path.pop_back();
    }
}
TEST(PackDiff, JudgesEveryKeyOfTheExamplePack) {
    std::string missing;
    for (const auto& [file, text] : example_files()) {
        if (file.starts_with("tests/")) continue;
        Faults faults;
        const auto root = parse_toml(file, text, faults);
        std::vector<std::string> path;
        unjudged(file.starts_with("purposes/") ? "purpose" : file.substr(0, file.find('.')), *root, path, missing);
    }
    EXPECT_EQ(missing, "") << "say in policy/pack_diff_rules.cpp which way these widen";
}

TEST(PackDiff, AKeyThatNobodyJudgedCountsAsAWidening) {
    EXPECT_EQ(setting_rule("purpose", {"no-such-key"}), nullptr);
    EXPECT_EQ(setting_rule("purpose", {"consent"}), nullptr);
    ASSERT_NE(setting_rule("purpose", {"consent", "gate"}), nullptr);
    EXPECT_EQ(setting_rule("purpose", {"consent", "gate", "deeper"}), nullptr);
}

// Example E10 of the domain: the statute made it so, and the comparison says it.
TEST(PackDiff, GivesTheLegalReasonOfTheNewPack) {
    auto files = edited(eh, "early-help.hub", [](RoleText& role) {
        role.move("nhs", "allow");
        role.other["change_note"] = "\"Children Act 2004 section 16LC\"";
    });
    const auto wider = compare(files);
    const auto* change = find(wider, "released", "NHS number");
    ASSERT_NE(change, nullptr) << all_text(wider);
    EXPECT_TRUE(change->widening);
    EXPECT_EQ(change->reason, "Children Act 2004 section 16LC");
    // In the next comparison it is no news any more.
    const auto second = diff(*loaded(files), *loaded([&] {
        auto next = files;
        replace_once(next[eh], "voluntary support", "support");
        replace_once(next[eh], "title = \"Early help\"", "title = \"Early support\"");
        return next;
    }()));
    for (const auto& one : second.changes) EXPECT_TRUE(one.reason.empty()) << one.text;
}

}  // namespace
}  // namespace cg::policy::testing
