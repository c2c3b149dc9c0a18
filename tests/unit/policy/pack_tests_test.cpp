// The pack's own tests: tables in words, what differed, and which rules they used.
#include "policy/pack_tests.hpp"

#include "policy/pack_tests_read.hpp"

#include <gtest/gtest.h>

#include "pack_edit.hpp"

namespace cg::policy::testing {
namespace {

const std::string table = "tests/probe.toml";

auto run(const std::string& rows) -> PackTestReport {
    auto files = example_files();
    std::erase_if(
        files, [](const auto& file) { return file.first.starts_with("tests/") && file.first != "tests/family.toml"; });
    files[table] = rows;
    return run_pack_tests(*loaded(files));
}

auto row(const std::string& given, const std::string& when, const std::string& then) -> std::string {
    return "[[row]]\nname = \"probe\"\ngiven = { case = \"family\"" + given +
           " }\nwhen = { purpose = \"child-protection-referral\", to = \"csc.front-door@exampleshire\"" + when +
           " }\nthen = { " + then + " }\n";
}

auto differences(const PackTestReport& report) -> std::string {
    std::string out;
    for (const auto& fault : report.faults) out += fault.pointer + " " + fault.type + " " + fault.fix + "\n";
    for (const auto& one : report.rows)
        for (const auto& text : one.differences) out += one.place + " " + one.name + ": " + text + "\n";
    return out;
}

TEST(PackTests, TheExamplePacksTablesPass) {
    const auto report = run_pack_tests(example_pack());
    EXPECT_GE(report.rows.size(), 7U);
    EXPECT_EQ(differences(report), "");
    EXPECT_EQ(report.failed(), 0U);
}

TEST(PackTests, AWrongExpectationFailsAndSaysWhatDiffered) {
    const auto report =
        run(row("", "", R"(outcome = "DENY", released = ["fam_numbers"], withheld = { fam = "" })") +
            row("", "", R"(outcome = "PERMIT", withheld = { fam_numbers = "NOT_NECESSARY" })") +
            row("", "", R"(outcome = "PERMIT", problems = ["consent/refused"], obligations = ["dance"])"));
    const auto text = differences(report);
    ASSERT_EQ(report.failed(), 3U) << text;
    EXPECT_EQ(report.rows[0].place, "tests/probe.toml:1:1") << text;
    for (const auto* words :
         {"the answer is PERMIT, not DENY", "fam_numbers is not released: FORBIDDEN", "fam is released: /people/0/id",
          "fam_numbers is withheld as FORBIDDEN, not as NOT_NECESSARY", "there is no problem consent/refused",
          "nobody has to dance"})
        EXPECT_NE(text.find(words), std::string::npos) << words << "\n" << text;
}

TEST(PackTests, GivenChangesTheCaseByWordsOrPointer) {
    const auto permit = R"(outcome = "PERMIT")";
    EXPECT_EQ(differences(run(row(R"(, with = { "risk level" = "low", "/child/sex" = "M" })", "", permit))), "");
    EXPECT_EQ(differences(run(row(R"(, without = ["the child's family name"])", "",
                                  R"(outcome = "DENY", problems = ["adequacy/field-missing"])"))),
              "");
    EXPECT_EQ(differences(run(row(R"(, without = ["child's family name"])", R"(, urgency = "emergency")", permit))),
              "");
    // An expectation about the day: before the policy is in force.
    EXPECT_EQ(differences(run(row("", ", on = 2020-01-01", R"(outcome = "DENY")"))), "");
}

TEST(PackTests, PlacesAreFoundByTheirWords) {
    const auto document = referral();
    const auto& tree = document["case"];
    const auto place = [&tree](std::string_view words) {
        const auto found = place_in_case(tree, words);
        return found.has_value() ? found.value() : "? " + found.error().detail;
    };
    EXPECT_EQ(place("/any/pointer"), "/any/pointer");
    EXPECT_EQ(place("risk level"), "/risk/level");
    EXPECT_EQ(place("the child's date of birth"), "/child/date_of_birth");
    EXPECT_EQ(place("mother's phone"), "/people/0/phone");
    EXPECT_EQ(place("step-parent's offences"), "/people/1/offences");
    EXPECT_EQ(place("p3's date of birth"), "/people/2/date_of_birth");
    EXPECT_EQ(place("c1's kind"), "/concerns/0/kind");
    EXPECT_EQ(place("child's postcode"), "/child/address/postcode");
    EXPECT_NE(place("grandmother's phone").find("nobody"), std::string::npos);
    EXPECT_NE(place("shoe size").find("no place"), std::string::npos);
    EXPECT_NE(place("family name").find("could be"), std::string::npos) << place("family name");
}

TEST(PackTests, MistakesInATableAreFaultsWithTheirPlace) {
    const auto report =
        run("[[row]]\nname = \"x\"\ngiven = { case = \"family\", wiht = 1 }\nwhen = { to = \"a@b\" }\n"
            "then = { outcome = \"MAYBE\" }\n");
    std::set<std::string> types;
    for (const auto& fault : report.faults) {
        types.insert(fault.type);
        EXPECT_TRUE(fault.pointer.starts_with("tests/probe.toml:")) << fault.pointer;
    }
    EXPECT_EQ(types, (std::set<std::string>{"pack/code-unknown", "pack/key-missing", "pack/key-unknown"}));
    EXPECT_FALSE(run("[[row").faults.empty());
    EXPECT_EQ(run(row("", ", from = \"nobody\"", R"(outcome = "DENY")")).failed(), 1U);
}

TEST(PackTests, CoverageCountsWhatTheRowsUsed) {
    const auto none = run("");
    EXPECT_GT(none.coverage.rules, 100U);
    EXPECT_EQ(none.coverage.hit, 0U);
    EXPECT_EQ(none.coverage.missed.size(), none.coverage.rules);
    const auto one = run(row("", "", R"(outcome = "PERMIT")")).coverage;
    EXPECT_EQ(one.rules, none.coverage.rules);
    EXPECT_EQ(one.hit + one.missed.size(), one.rules);
    const auto missed = [&one](std::string_view rule) {
        return std::ranges::find(one.missed, rule) != one.missed.end();
    };
    EXPECT_FALSE(missed("cp.csc.front-door.fam"));
    EXPECT_FALSE(missed("cp.csc.front-door.fam_numbers"));
    EXPECT_FALSE(missed("cp.consent"));
    EXPECT_TRUE(missed("cp.police.public-protection.fam"));
    EXPECT_TRUE(missed("eh.consent"));
    EXPECT_TRUE(missed("cp.police.public-protection.fam_crime (met)"));
    EXPECT_TRUE(missed("cp.police.public-protection.fam_crime (not met)"));
    // No rule is hit that is not counted.
    EXPECT_LT(one.hit, one.rules);
}

TEST(PackTests, AConditionCountsOnlyWhenSeenBothWays) {
    const std::string police =
        R"(when = { purpose = "child-protection-referral", to = "police.public-protection@examplepolice" })";
    const auto with_risk = [&](const std::string& level) {
        return "[[row]]\nname = \"x\"\ngiven = { case = \"family\", with = { \"risk level\" = \"" + level + "\" } }\n" +
               police + "\nthen = { outcome = \"PERMIT\" }\n";
    };
    const auto missed = [](const PackTestReport& report) {
        std::set<std::string> out{report.coverage.missed.begin(), report.coverage.missed.end()};
        return std::pair{out.contains("cp.police.public-protection.fam_crime (met)"),
                         out.contains("cp.police.public-protection.fam_crime (not met)")};
    };
    EXPECT_EQ(missed(run(with_risk("low"))), std::pair(true, false));
    EXPECT_EQ(missed(run(with_risk("low") + with_risk("high"))), std::pair(false, false));
}

}  // namespace
}  // namespace cg::policy::testing
