// Everything that is wrong with a pack at once, with place, id, reason and remedy.
#include "policy/lint.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <regex>

#include "pack_edit.hpp"

namespace cg::policy::testing {
namespace {

const Date today{std::chrono::year{2026} / 4 / 13};
const std::string cin = "purposes/child-in-need-referral.toml";
const std::string cp = "purposes/child-protection-referral.toml";
const std::string eh = "purposes/early-help.toml";

auto find(const std::vector<LintFinding>& findings, std::string_view id) -> const LintFinding* {
    const auto it = std::ranges::find(findings, id, &LintFinding::id);
    return it == findings.end() ? nullptr : &*it;
}
auto all_text(const std::vector<LintFinding>& findings) -> std::string {
    std::string out;
    for (const auto& one : findings)
        out += one.place + (one.error ? " error " : " notice ") + one.id + ": " + one.fix + "\n";
    return out;
}

TEST(Lint, TheExamplePackHasNoErrors) {
    const auto findings = lint(example_files(), today, LintUse::put_in_force);
    EXPECT_EQ(std::ranges::count(findings, true, &LintFinding::error), 0) << all_text(findings);
}

TEST(Lint, EveryFindingSaysWhatWhyAndWhatToDo) {
    auto files = example_files();
    replace_once(files["pack.toml"], "signatories = [\"ig-lead\", \"caldicott-guardian\"]",
                 "signatories = [\"ig-lead\"]");
    replace_once(files[cin], "agreement = ", "agreemnt = ");
    replace_once(files["roles.toml"], "area_bound", "areabound");
    const auto findings = lint(files, today);
    ASSERT_GE(findings.size(), 4U) << all_text(findings);
    for (const auto& one : findings) {
        EXPECT_FALSE(one.what.empty()) << one.id;
        EXPECT_FALSE(one.why.empty()) << one.id;
        EXPECT_FALSE(one.fix.empty()) << one.id;
        EXPECT_EQ(std::ranges::count(one.place, ':'), 2) << one.place;
    }
}

TEST(Lint, IdsStandOnceInTheCatalogueWithTheirWords) {
    std::set<std::string_view> ids;
    for (const auto& rule : lint_rules()) {
        EXPECT_TRUE(ids.insert(rule.id).second) << rule.id;
        EXPECT_FALSE(rule.what.empty()) << rule.id;
        EXPECT_FALSE(rule.why.empty()) << rule.id;
    }
}

/// Ids that the loader and the rules of lint give, read from the code itself.
auto ids_in_the_code() -> std::set<std::string> {
    std::set<std::string> out;
    const std::regex id{"\"(pack/[a-z0-9-]+)\""};
    for (const auto& file : std::filesystem::directory_iterator{source_dir + "/policy"}) {
        const auto name = file.path().filename().string();
        const bool loads = name.starts_with("pack_") || name.starts_with("lint_") || name == "pack.cpp" || name == "toml_tree.cpp";
        if (!loads || name == "lint_rules.cpp" || name.starts_with("pack_trust")) continue;  // signatures are not looked at here
        const auto text = read_text(file.path().string());
        for (std::sregex_iterator it{text.begin(), text.end(), id}, end; it != end; ++it) out.insert((*it)[1].str());
    }
    return out;
}

TEST(Lint, EveryIdThatTheLoaderGivesIsInTheCatalogue) {
    const auto ids = ids_in_the_code();
    EXPECT_GT(ids.size(), 30U);
    for (const auto& id : ids) EXPECT_NE(std::ranges::find(lint_rules(), id, &LintRule::id), lint_rules().end()) << id;
}

TEST(Lint, ABrokenFileIsToldAloneWhateverElseNeedsIt) {
    for (const auto& [file, good] : example_files()) {
        for (const auto& broken : {"title = \"Caf\xe9\"\n" + good, good + "\n[unclosed\n", good + "\nx = \"never closed\n"}) {
            auto files = example_files();
            files["overlays/willow.toml"] =
                "[purposes.early-help.roles.\"early-help.hub\"]\nforbid = [\"network\"]\n[retention.early-help]\nperiod = \"P7Y\"\nthen = \"destroy\"\n";
            files[file] = broken;
            const auto findings = lint(files, today);
            ASSERT_EQ(findings.size(), 1U) << file << "\n" << all_text(findings);
            EXPECT_EQ(findings.front().id, "pack/syntax");
            EXPECT_TRUE(findings.front().place.starts_with(file + ":")) << findings.front().place;
        }
    }
}

TEST(Lint, AMissingFileIsToldAlone) {
    for (const auto* file : {"pack.toml", "codes.toml", "fields.toml", "roles.toml", "information.toml", "scrub.toml"}) {
        auto files = example_files();
        files.erase(file);
        auto findings = lint(files, today);
        std::erase_if(findings, [](const LintFinding& one) { return !one.error; });
        ASSERT_EQ(findings.size(), 1U) << file << "\n" << all_text(findings);
        EXPECT_EQ(findings.front().id, "pack/file-missing");
    }
}

TEST(Lint, WhatIsWrongWithALineIsSaidInPlainWords) {
    const std::pair<const char*, const char*> slips[] = {
        {"title = \"Caf\xe9\"", "save the file as UTF-8"},
        {"title = \"Early help", "straight quotation mark"},
        {"title = \xe2\x80\x9c" "Early\xe2\x80\x9d", "curly ones do not count"},
        {"title = Early", "between straight quotation marks"},
        {"title: \"Early\"", "equals sign"},
        {"day = 2026-02-30", "There is no such day"},
        {"day = 01.09.2026", "Write a day as 2026-09-01"},
        {"day = 1/9/2026", "Write a day as 2026-09-01"},
        {"yes = True", "true or false, in small letters"},
        {"list = [\"a\" \"b\"]", "A list is written"},
        {"list = [\"a\",, \"b\"]", "A list is written"},
        {"one = 1\none = 2", "stands there twice"},
        {"[a]\n[b]\n[a]", "stands there twice"},
        {"[a]]", "A heading is"},
        {"/child/upn = \"allow\"", "between quotation marks"},
        {"one =\n", "Nothing stands after the equals sign"},
        {"one =", "Something is missing at the end of the file"},
        {"one = 1 two", "Something stands after the value"},
        {"// a note", "with #"},
        {"path = \"C:\\new\\q\"", "backslash"},
    };
    for (const auto& [text, words] : slips) {
        auto files = example_files();
        files["areas.toml"] = text;
        const auto findings = lint(files, today);
        ASSERT_FALSE(findings.empty()) << text;
        EXPECT_NE(findings.front().fix.find(words), std::string::npos) << text << "\n" << findings.front().fix;
    }
}

TEST(Lint, ACharacterThatNobodySeesIsFoundWhereverItStands) {
    for (const char* hidden : {"\\u001b[2K", "\\u0007", "\\u007f", "\\u009b2K", "\\u202e", "\xE2\x80\xAE", "\xE2\x81\xA6", "\\u200f"}) {
        auto files = example_files();
        ASSERT_TRUE(replace_once(files[eh], "title = \"Early help\"", "title = \"Early " + std::string{hidden} + "help\""));
        auto findings = lint(files, today);
        ASSERT_FALSE(findings.empty()) << hidden;
        EXPECT_EQ(findings.front().id, "pack/hidden-character") << hidden << "\n" << all_text(findings);
        EXPECT_FALSE(load_pack(files)) << hidden;
        files = example_files();
        files["roles.toml"] += "\n[roles.\"a.b\"]\ntitle = \"x\"\n\"col" + std::string{hidden} + "our\" = \"red\"\n";
        EXPECT_NE(find(lint(files, today), "pack/hidden-character"), nullptr) << hidden;
    }
    auto files = example_files();
    ASSERT_TRUE(replace_once(files[eh], "title = \"Early help\"", "title = \"Cymorth cynnar \xC5\xB5 \xE2\x80\x93 \xC2\xA0 \xE2\x80\x99\""));
    EXPECT_EQ(find(lint(files, today), "pack/hidden-character"), nullptr);
}

TEST(Lint, NamesTheLineAndColumn) {
    auto files = example_files();
    files["roles.toml"] = "[roles.\"a.b\"]\ntitle = \"x\"\n   colour = \"red\"\n" + files["roles.toml"];
    const auto findings = lint(files, today);
    const auto* one = find(findings, "pack/key-unknown");
    ASSERT_NE(one, nullptr) << all_text(findings);
    EXPECT_EQ(one->place, "roles.toml:3:13") << all_text(findings);
    EXPECT_TRUE(one->error);
}

TEST(Lint, FindsFaultsOfEveryFileAtOnce) {
    auto files = example_files();
    replace_once(files["pack.toml"], "policy_document = ", "# policy_document = ");
    replace_once(files[cin], "[retention]", "[retntion]");
    replace_once(files[eh], "all = [\"own-consent\", \"consent-scope\"]", "all = [\"full-moon\"]");
    replace_once(files["codes.toml"], "text = \"The person has not agreed, and this purpose needs their agreement.\"",
                 "text = \"Data protection.\"");
    files["notes.toml"] = "a = 1\n";
    const auto findings = lint(files, today);
    for (const auto* id : {"pack/apd-missing", "pack/retention-missing", "pack/condition-unknown",
                           "pack/reason-too-vague", "pack/file-unknown", "pack/key-unknown"})
        EXPECT_NE(find(findings, id), nullptr) << id << "\n" << all_text(findings);
}

TEST(Lint, AFileThatCannotBeReadIsToldAloneAmongItsKind) {
    auto files = example_files();
    files["fields.toml"] = "[groups";
    const auto findings = lint(files, today);
    ASSERT_NE(find(findings, "pack/syntax"), nullptr) << all_text(findings);
    EXPECT_EQ(find(findings, "pack/field-unclassified"), nullptr);
    EXPECT_FALSE(lint({}, today).empty());
}

struct LintCase {
    std::string id, file, before, after;
    bool error;
};
void PrintTo(const LintCase& c, std::ostream* out) {
    *out << c.id << " in " << c.file;
}
class LintFinds : public ::testing::TestWithParam<LintCase> {};

TEST_P(LintFinds, TheFault) {
    const auto& c = GetParam();
    auto files = example_files();
    ASSERT_TRUE(replace_once(files[c.file], c.before, c.after)) << c.before;
    const auto before = lint(example_files(), today), after = lint(files, today);
    const auto count = [&c](const auto& findings) { return std::ranges::count(findings, c.id, &LintFinding::id); };
    EXPECT_GT(count(after), count(before)) << all_text(after);
    const auto* one = find(after, c.id);
    ASSERT_NE(one, nullptr) << all_text(after);
    EXPECT_EQ(one->error, c.error);
    // Who holds a role is said in another file than the purpose that needs it.
    if (c.file != "agencies.toml") {
        EXPECT_TRUE(one->place.starts_with(c.file + ":")) << one->place;
    }
}

INSTANTIATE_TEST_SUITE_P(
    All, LintFinds,
    ::testing::Values(
        LintCase{"pack/group-undecided", cin, "forbid = [\"fam_crime\", ", "forbid = [", true},
        LintCase{"pack/group-decided-twice", cin, "forbid = [\"fam_crime\", ", "forbid = [\"fam\", \"fam_crime\", ",
                 true},
        LintCase{"pack/allow-forbid-overlap", eh, "\"/child/address/uprn\" = \"not_necessary\"",
                 "\"/child/nhs_number\" = \"allow\"", true},
        LintCase{"pack/rule-redundant", eh, "\"/child/address/uprn\" = \"not_necessary\"",
                 "\"/child/address/uprn\" = \"allow\"", true},
        LintCase{"pack/rule-unreachable", cp, "all = [\"injury-evidence\"]", "all = [\"person-linked\"]", true},
        LintCase{"pack/rule-unreachable", eh, "gate = \"consent\"\n",
                 "gate = \"consent\"\noverride_reasons = [\"SERIOUS_CRIME\"]\n", true},
        LintCase{"pack/role-unheld", "agencies.toml", "roles = [\"health.safeguarding\"", "roles = [\"school.dsl\"",
                 true},
        LintCase{"pack/retention-missing", cin, "[retention]\nclass = \"child-in-need\"\n", "[time_]\nx = 1\n", true},
        LintCase{"pack/agreement-missing", cin, "agreement = \"ISA-EX-014\"\n", "", true},
        LintCase{"pack/apd-missing", "pack.toml", "policy_document = \"WSP-APD-3\"\n", "", true},
        LintCase{"pack/basis-missing", cin, "allowed = [\"6.1.a\", \"6.1.e\", \"6.1.ea\", \"6.1.f\"]", "allowed = []",
                 true},
        LintCase{"pack/emergency-minimum-missing", cin, "minimum = []", "", true},
        LintCase{"pack/signatories-too-few", "pack.toml", "\"caldicott-guardian\"", "\"ig-lead\"", true},
        LintCase{"pack/field-unclassified", "fields.toml", "leaves = [\"/child/education/attendance_pct\"]",
                 "leaves = []", true},
        LintCase{"pack/not-yet-in-force", "pack.toml", "in_force_from = 2025-01-01", "in_force_from = 2031-01-01",
                 false},
        LintCase{"pack/leaf-unknown", "purposes/marac.toml", "never_told = [\"/da/perpetrator\"]",
                 "never_told = [\"/da/perpetrater\"]", true},
        LintCase{"pack/leaf-unknown", "codes.toml", "leaf = \"/consent/to_share/who\"", "leaf = \"/consent/who\"", true},
        LintCase{"pack/leaf-unknown", "fields.toml", "harmful = \"/basis/identifier_harm\"",
                 "harmful = \"/basis/identifer_harm\"", true},
        LintCase{"pack/leaf-unknown", "fields.toml", "= \"/unborn/expected_date\" }", "= \"/unborn/expected\" }", true},
        LintCase{"pack/wrong-type", cp, "[\"/referrer/phone\"],", "[\"/referer/phone\"],", true},
        LintCase{"pack/short-repeated", eh, "short = \"eh\"", "short = \"cp\"", true},
        LintCase{"pack/period", eh, "period = \"P6Y\"", "period = \"P0D\"", true},
        LintCase{"pack/never-in-force", "pack.toml", "in_force_from = 2025-01-01",
                 "in_force_from = 2025-01-01\nin_force_until = 2025-01-01", true},
        LintCase{"pack/tag-unknown", cp, "tags = [\"health\", \"offence\"]", "tags = [\"heath\", \"offence\"]", true},
        LintCase{"pack/role-unused", "roles.toml", "[roles.\"school.dsl\"]",
                 "[roles.\"town.crier\"]\ntitle = \"Crier\"\n[roles.\"school.dsl\"]", false},
        LintCase{"pack/code-unused", "codes.toml", "[basis.\"6.1.c\"]",
                 "[basis.\"6.1.z\"]\ntitle = \"none\"\n[basis.\"6.1.c\"]", false},
        LintCase{"pack/records-missing", "pack.toml", "[records]\ncontroller = \"",
                 "[records]\ncontroller = \"\"\n# \"", false}));

TEST(Lint, ADayOutsideItsOwnIsAnErrorOnlyForUse) {
    auto files = example_files();
    replace_once(files["pack.toml"], "in_force_from = 2025-01-01", "in_force_from = 2031-01-01");
    const auto is_error = [&files](std::string_view id, LintUse use) {
        const auto findings = lint(files, today, use);
        const auto* one = find(findings, id);
        return one != nullptr && one->error;
    };
    EXPECT_FALSE(is_error("pack/not-yet-in-force", LintUse::look));
    EXPECT_TRUE(is_error("pack/not-yet-in-force", LintUse::put_in_force));
    replace_once(files["pack.toml"], "in_force_from = 2031-01-01",
                 "in_force_from = 2020-01-01\nin_force_until = 2021-01-01");
    EXPECT_TRUE(is_error("pack/no-longer-in-force", LintUse::put_in_force));
}

TEST(Lint, ValuesThatNoTaskNeedsAreNamed) {
    auto files = example_files();
    files[eh] += "\n[roles.\"early-help.hub\".tasks]\n\"ring the family\" = [\"fam_contact\", \"/people/*/name\"]\n";
    const auto findings = lint(files, today);
    const auto* one = find(findings, "pack/value-without-task");
    ASSERT_NE(one, nullptr) << all_text(findings);
    EXPECT_FALSE(one->error);
    EXPECT_NE(one->fix.find("/child/date_of_birth"), std::string::npos) << one->fix;
    EXPECT_EQ(one->fix.find("/people/*/phone"), std::string::npos) << one->fix;
    EXPECT_EQ(one->fix.find("/child/nhs_number"), std::string::npos) << "withheld anyway";
    files[eh] += "\"nothing\" = [\"no-such-group\"]\n";
    EXPECT_NE(find(lint(files, today), "pack/group-unknown"), nullptr);
}

TEST(Lint, FaultsInTestTablesAreToldToo) {
    auto files = example_files();
    files["tests/mine.toml"] = "[[row]]\nname = \"x\"\n";
    const auto findings = lint(files, today);
    const auto it = std::ranges::find_if(
        findings, [](const LintFinding& one) { return one.place.starts_with("tests/mine.toml:"); });
    ASSERT_NE(it, findings.end()) << all_text(findings);
}

}  // namespace

TEST(Requirement, OP_4_lint_warns_of_a_pack_that_takes_do_not_inform_out_and_the_view_keeps_it) {
    const auto files = edited(cp, "health.safeguarding", [](RoleText& role) {
        role.other["do_not_inform"] = "false";
        role.other["tell_family"] = "false";
    });
    const auto findings = lint(files, today);
    const auto* notice = find(findings, "pack/do-not-inform-removed");
    ASSERT_NE(notice, nullptr) << all_text(findings);
    EXPECT_FALSE(notice->error);
    const auto pack = loaded(files);
    auto document = referral();
    set_recipients(document, {"health.safeguarding@examplenhs"});
    const auto decision =
        decide(*pack, pack->agencies(), parsed(std::move(document)), willow(), that_day, view_bytes(salt_text));
    ASSERT_EQ(decision.recipients.at(0).outcome, Outcome::permit);
    const auto& handling = decision.recipients[0].view["handling"];
    EXPECT_GT(handling["do_not_inform"].size(), 0U);
    EXPECT_EQ(handling["do_not_inform_reason"].text(), "RISK_TO_CHILD");
}

TEST(Requirement, IT_3_lint_asks_every_purpose_that_identifies_for_its_agreement) {
    auto files = example_files();
    auto& send = files["purposes/send-transfer.toml"];
    const auto at = send.find("\nagreement = ");
    ASSERT_NE(at, std::string::npos);
    send.erase(at, send.find('\n', at + 1) - at);
    const auto findings = lint(files, today);
    const auto* one = find(findings, "pack/agreement-missing");
    ASSERT_NE(one, nullptr) << all_text(findings);
    EXPECT_TRUE(one->error);
    EXPECT_TRUE(one->place.starts_with("purposes/send-transfer.toml:"));
}

}  // namespace cg::policy::testing
