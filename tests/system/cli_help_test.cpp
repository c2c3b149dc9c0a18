// Every command explains itself, and a wrong command line says so with its own exit status.
#include "tests/system/process.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

namespace cg::test {
namespace {

class CommandHelp : public testing::TestWithParam<const char*> {};

TEST_P(CommandHelp, TeachesWithAnExample) {
    std::vector<std::string> words;
    std::string word;
    for (const char* c = GetParam(); *c != '\0'; ++c) {
        if (*c == ' ')
            words.push_back(std::exchange(word, {}));
        else
            word += *c;
    }
    words.push_back(word);
    words.emplace_back("--help");
    const auto help = casegate(words);
    EXPECT_EQ(help.status, 0) << help.err;
    EXPECT_NE(help.out.find("Example"), std::string::npos) << help.out;
    EXPECT_NE(help.out.find("casegate " + std::string{GetParam()}), std::string::npos) << help.out;
    for (auto at = help.out.find("config/examples/"); at != std::string::npos; at = help.out.find("config/examples/", at + 1)) {
        const auto file = help.out.substr(at, help.out.find_first_of(" \n", at) - at);
        EXPECT_TRUE(std::filesystem::exists(CG_SOURCE_DIR "/" + file)) << file << " is not there to try";
    }
}

TEST(CommandLine, ThereIsAFileToTryForEachCommandThatHandsOneIn) {
    for (const char* command : {"no-share", "request", "answer", "correct", "convert", "advice-record", "outcome-record", "withdraw",
                                "phone-share"})
        EXPECT_NE(casegate({command, "--help"}).out.find("config/examples/cases/"), std::string::npos) << command;
}

INSTANTIATE_TEST_SUITE_P(All, CommandHelp,
                         testing::Values("serve", "init", "authority", "directory list", "directory describe", "send",
                                         "check", "inbox", "open", "seal", "log search", "log show", "log tail",
                                         "log verify", "demo", "policy key", "policy sign", "policy activate",
                                         "policy rollback", "policy status", "policy replay", "policy repeat",
                                         "policy explain",
                                         "report late-records", "policy lint", "policy test", "policy diff",
                                         "policy show", "policy matrix", "policy notice", "export art30",
                                         "export sharing-policy", "export view-schema",
                                         "review list", "review show", "review release",
                                         "review refuse", "review return", "no-share", "request", "answer", "correct",
                                         "convert", "advice-record", "outcome-record", "withdraw", "phone-share",
                                         "done", "person", "report inform-due", "report refusals-undiscussed",
                                         "report reviews-waiting", "report drafts", "report debts",
                                         "report answers-due"),
                         [](const auto& info) {
                             std::string name = info.param;
                             std::ranges::replace_if(
                                 name, [](char c) { return c == ' ' || c == '-'; }, '_');
                             return name;
                         });

TEST(CommandLine, HelpListsTheExitStatuses) {
    const auto help = casegate({"--help"});
    EXPECT_EQ(help.status, 0);
    for (const char* text : {"64", "65", "69", "70", "77", "casegate demo --once"})
        EXPECT_NE(help.out.find(text), std::string::npos) << text;
}

TEST(CommandLine, SaysItsVersion) {
    const auto version = casegate({"--version"});
    EXPECT_EQ(version.status, 0);
    EXPECT_TRUE(version.out.starts_with("casegate ")) << version.out;
}

TEST(CommandLine, AWrongOneIsAUsageError) {
    for (const auto& words : std::vector<std::vector<std::string>>{{},
                                                                   {"fly"},
                                                                   {"check", "--no-such-option"},
                                                                   {"log"},
                                                                   {"init"},
                                                                   {"seal"},
                                                                   {"log", "search", "--outcome", "MAYBE"}}) {
        const auto result = casegate(words);
        EXPECT_EQ(result.status, 64) << (words.empty() ? "nothing" : words.front()) << result.out;
        EXPECT_FALSE(result.err.empty());
    }
}

TEST(CommandLine, NoColoursWithoutATerminal) {
    for (const auto& words : std::vector<std::vector<std::string>>{
             {"--help"}, {"check", "--syntax-only", CG_SOURCE_DIR "/CMakePresets.json"}}) {
        const auto result = casegate(words);
        EXPECT_EQ(result.out.find('\x1b'), std::string::npos);
    }
}

}  // namespace
}  // namespace cg::test
