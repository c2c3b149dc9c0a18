#include "tests/oracles/oracle.hpp"

#include <gtest/gtest.h>

#include <filesystem>

#include "support.hpp"

namespace cg::policy::testing {
namespace {

void replace(std::string& text, std::string_view from, std::string_view to) {
    const auto at = text.find(from);
    ASSERT_NE(at, std::string::npos) << from;
    text.replace(at, from.size(), to);
}

auto faults_of(const PackFiles& files) -> std::vector<Problem> {
    const auto result = load_pack(files);
    return result ? std::vector<Problem>{} : result.error().problems;
}
auto has(const std::vector<Problem>& faults, std::string_view type, std::string_view file) -> bool {
    return std::ranges::any_of(faults, [&](const Problem& p) { return p.type == type && p.pointer.starts_with(file); });
}

constexpr const char* early_help_file = "purposes/early-help.toml";

TEST(PackLoad, TheExampleLoadsAndKnowsItself) {
    const auto& pack = example_pack();
    EXPECT_EQ(pack.id(), "exampleshire-safeguarding");
    EXPECT_EQ(pack.purposes(),
              (std::vector<std::string>{"adult-safeguarding-concern", "advice", "child-in-need-referral",
                                        "child-protection-referral", "domestic-abuse-notice-to-school", "early-help",
                                        "health-safeguarding-alert", "marac", "missing-child",
                                        "school-transfer-cp-file", "send-transfer", "strategy-discussion"}));
    EXPECT_EQ(pack.roles_of("early-help"), (std::vector<std::string>{"charity.lead-worker", "early-help.hub"}));
    EXPECT_TRUE(pack.hash().starts_with("sha256:"));
    EXPECT_EQ(pack.hash().size(), 71U);
    EXPECT_NE(pack.agencies().find(AgencyId::trusted("willow")), nullptr);
    EXPECT_EQ(pack.agencies().find(AgencyId::trusted("elsewhere")), nullptr);
}

TEST(PackLoad, TheHashChangesWithAnyByteAndAnyName) {
    auto files = example_files();
    const auto before = load_pack(files).value()->hash();
    EXPECT_EQ(load_pack(example_files()).value()->hash(), before);
    files["codes.toml"] += "\n";
    EXPECT_NE(load_pack(files).value()->hash(), before);
    auto renamed = example_files();
    renamed["purposes/early-help-2.toml"] = renamed[early_help_file];
    renamed.erase(early_help_file);
    EXPECT_NE(load_pack(renamed).value()->hash(), before);
}

TEST(PackLoad, AllFaultsOfAllFilesAreSaidWithTheirPlaces) {
    auto files = example_files();
    replace(files["pack.toml"], "[emergency]", "colour = \"blue\"\n[emergency]");
    replace(files["codes.toml"], "text = \"The person has not agreed, and this purpose needs their agreement.\"",
            "text = \"For reasons of data protection.\"");
    replace(files["fields.toml"], "\"/child/upn\"]\nnumbers", "\"/child/upn\", \"/child/shoe_size\"]\nnumbers");
    replace(files[early_help_file], "\"fam_crime\", \"fam_numbers\", \"attach\"]", "\"fam_crime\", \"fam_numberz\"]");
    replace(files["purposes/child-in-need-referral.toml"], "agreement = \"ISA-EX-014\"\n", "");
    replace(files["purposes/child-in-need-referral.toml"], "period = \"P3Y\"", "period = \"three years\"");
    files["roles.toml"] += "\n[roles.\"x\"\n";
    const auto faults = faults_of(files);
    EXPECT_TRUE(has(faults, "pack/key-unknown", "pack.toml:"));
    EXPECT_TRUE(has(faults, "pack/reason-too-vague", "codes.toml:"));
    EXPECT_TRUE(has(faults, "pack/leaf-unknown", "fields.toml:"));
    EXPECT_TRUE(has(faults, "pack/group-unknown", early_help_file));
    EXPECT_TRUE(has(faults, "pack/group-undecided", early_help_file));
    EXPECT_TRUE(has(faults, "pack/agreement-missing", "purposes/child-in-need-referral.toml:"));
    EXPECT_TRUE(has(faults, "pack/period", "purposes/child-in-need-referral.toml:"));
    EXPECT_TRUE(has(faults, "pack/syntax", "roles.toml:"));
    for (const auto& fault : faults) {
        EXPECT_EQ(std::ranges::count(fault.pointer, ':'), 2) << fault.pointer;
        EXPECT_FALSE(fault.fix.empty());
    }
}

TEST(PackLoad, APlaceIsTheLineAndColumnOfTheFault) {
    auto files = example_files();
    files["agencies.toml"] = "[agencies.willow]\ntitle = \"Willow\"\nkind = \"parish\"\npublic_authority = true\n";
    const auto faults = faults_of(files);
    const auto it = std::ranges::find(faults, "agencies.toml:3:8", &Problem::pointer);
    ASSERT_NE(it, faults.end());
    EXPECT_EQ(it->type, "pack/code-unknown");
}

struct Fault {
    const char* file;
    const char* from;
    const char* to;
    const char* type;
};

TEST(PackLoad, EachFaultHasItsOwnName) {
    const Fault cases[] = {
        {"pack.toml", "policy_document = \"WSP-APD-3\"", "", "pack/apd-missing"},
        {"pack.toml", "in_force_from = 2025-01-01", "in_force_from = \"soon\"", "pack/wrong-type"},
        {"pack.toml", "id = \"exampleshire-safeguarding\"", "", "pack/key-missing"},
        {early_help_file, "class = \"early-help\"", "", "pack/key-missing"},
        {early_help_file, "[retention]", "[keeping]", "pack/retention-missing"},
        {early_help_file, "forbid = [\"nhs\", \"fam_crime\"", "forbid = [\"fam\", \"nhs\", \"fam_crime\"",
         "pack/group-decided-twice"},
        {early_help_file, "forbid = [\"nhs\", \"upn\"", "forbid = [\"id\", \"nhs\", \"upn\"",
         "pack/group-decided-twice"},
        {early_help_file, "  \"id\", \"unborn\",", "  \"unborn\",", "pack/group-undecided"},
        {early_help_file, "all = [\"consent-scope\"]", "all = [\"full-moon\"]", "pack/condition-unknown"},
        {early_help_file, "people = \"mother-consenting\"", "people = \"everybody\"", "pack/code-unknown"},
        {early_help_file, "allowed = [\"6.1.a\"", "allowed = [\"6.1.z\"", "pack/code-unknown"},
        {early_help_file, "\"/child/address/uprn\" =", "\"/child/address/planet\" =", "pack/leaf-unknown"},
        {early_help_file, "[roles.\"early-help.hub\"]", "[roles.\"early-help.pub\"]", "pack/role-unknown"},
        {"agencies.toml", "roles = [\"charity.lead-worker\"]", "roles = []", "pack/role-unheld"},
        {"fields.toml", "\"/child/nhs_number\"]\nnumbers", "\"/consent/to_share/words\"]\nnumbers",
         "pack/leaf-unknown"},
        {"fields.toml", "leaves = [\"/child/upn\"]", "leaves = [\"/child/nhs_number\"]", "pack/leaf-repeated"},
    };
    for (const auto& fault : cases) {
        auto files = example_files();
        replace(files[fault.file], fault.from, fault.to);
        EXPECT_TRUE(std::ranges::any_of(faults_of(files), [&](const Problem& p) { return p.type == fault.type; }))
            << fault.file << ": " << fault.to << " should say " << fault.type;
    }
}

TEST(PackLoad, AGroupThatIsForbiddenCannotBeOpenedByOneOfItsParts) {
    auto files = example_files();
    replace(files[early_help_file], "forbid = [\"nhs\", \"upn\"", "forbid = [\"id\", \"nhs\", \"upn\"");
    replace(files[early_help_file], "  \"id\", \"unborn\",", "  \"unborn\",");
    EXPECT_TRUE(has(faults_of(files), "pack/allow-forbid-overlap", early_help_file));
}

TEST(PackLoad, NoGoverningDocumentNoPack) {
    auto files = example_files();
    auto& text = files["pack.toml"];
    const auto begin = text.find("[[documents]]");
    text.erase(begin, text.find("[emergency]") - begin);
    EXPECT_TRUE(has(faults_of(files), "pack/no-governing-document", "pack.toml:"));
}

TEST(PackLoad, EveryFileIsNeededOrKnown) {
    for (const auto* name : {"pack.toml", "codes.toml", "fields.toml", "roles.toml"}) {
        auto files = example_files();
        files.erase(name);
        EXPECT_TRUE(has(faults_of(files), "pack/file-missing", name)) << name;
    }
    auto files = example_files();
    files["notes.toml"] = "";
    EXPECT_TRUE(has(faults_of(files), "pack/file-unknown", "notes.toml"));
    EXPECT_FALSE(load_pack({}));
}

TEST(PackLoad, WithoutAgenciesAPackLoadsAndKnowsNone) {
    auto files = example_files();
    files.erase("agencies.toml");
    ASSERT_TRUE(load_pack(files));
    EXPECT_TRUE(load_pack(files).value()->agency_list().empty());
}

TEST(PackLoad, AFileInAFolderOrWithAnEndingThatNothingReadsIsSaid) {
    const std::string rules = "[purposes.early-help.roles.\"charity.lead-worker\"]\nforbid = [\"views\"]\n";
    for (const char* name : {"overlay/willow.toml", "overlays/willow.toml.txt", "overlays/willow.TOML", "overlays/old/willow.toml",
                             "purposes/early-help.toml.txt", "tests/old/family.toml", "overlays/.toml.txt"}) {
        auto files = example_files();
        files[name] = rules;
        const auto faults = faults_of(files);
        EXPECT_TRUE(has(faults, "pack/file-unknown", name)) << name;
        EXPECT_EQ(faults.size(), 1U) << name << ": and nothing reads it";
    }
}

class PackDirEdited : public ::testing::Test {
protected:
    void SetUp() override { std::filesystem::copy(source_dir + "/config/packs/exampleshire", at(""), std::filesystem::copy_options::recursive); }
    [[nodiscard]] auto at(const std::string& name) const -> std::filesystem::path { return folder_.path() / "pack" / name; }
    static void write(const std::filesystem::path& file, std::string_view text) {
        std::filesystem::create_directories(file.parent_path());
        std::ofstream{file, std::ios::binary} << text;
    }
    [[nodiscard]] auto problems() const -> std::vector<Problem> {
        const auto files = config::read_pack_dir(at(""));
        return files ? std::vector<Problem>{} : files.error().problems;
    }
    oracle::TemporaryFolder folder_;
};

TEST_F(PackDirEdited, WhatWasMeantToCountIsReadUnderItsName) {
    for (const char* name : {"overlay/willow.toml", "overlays/willow.toml.txt", "overlays/willow.TOML", "purposes/old/x.toml"})
        write(at(name), "x = 1\n");
    for (const char* name : {"README.md", "roles.toml~", ".roles.toml.swp", "roles.toml.bak", "signatures/x.toml", ".git/x.toml", "notes.txt"})
        write(at(name), "x = 1\n");
    const auto files = config::read_pack_dir(at(""));
    ASSERT_TRUE(files.has_value());
    EXPECT_EQ(files.value().size(), example_files().size() + 4);
    for (const char* name : {"overlay/willow.toml", "overlays/willow.toml.txt", "overlays/willow.TOML", "purposes/old/x.toml"})
        EXPECT_TRUE(files.value().contains(name)) << name;
}

TEST_F(PackDirEdited, EveryFileThatCannotBeReadIsNamed) {
    namespace fs = std::filesystem;
    fs::create_directories(at("overlays"));
    fs::create_symlink("/nowhere", at("overlays/willow.toml"));
    fs::remove(at("roles.toml"));
    fs::create_directories(at("roles.toml"));
    fs::remove(at("areas.toml"));
    fs::create_symlink("areas.toml", at("areas.toml"));
    write(at("displays.toml"), std::string(17U << 20U, '#'));
    const auto found = problems();
    for (const char* name : {"areas.toml", "displays.toml", "overlays/willow.toml", "roles.toml"})
        EXPECT_EQ(std::ranges::count(found, name, &Problem::pointer), 1) << name;
    EXPECT_EQ(found.size(), 4U);
    for (const auto& problem : found) EXPECT_FALSE(problem.fix.empty());
}

TEST_F(PackDirEdited, ALinkToAFileIsThatFile) {
    std::filesystem::rename(at("areas.toml"), folder_.path() / "elsewhere.toml");
    std::filesystem::create_symlink(folder_.path() / "elsewhere.toml", at("areas.toml"));
    EXPECT_EQ(pack_hash(config::read_pack_dir(at("")).value()), example_pack().hash());
}

TEST(PackDir, AFolderThatIsNoneIsNotFound) {
    EXPECT_EQ(config::read_pack_dir(source_dir + "/tests/nothing-here").error().code, Errc::not_found);
    EXPECT_EQ(config::read_pack_dir(source_dir + "/tests").error().code, Errc::not_found);
}

}  // namespace
}  // namespace cg::policy::testing
