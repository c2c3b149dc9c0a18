// casegate demo --once tells its story to the end, and leaves nobody running.
#include "tests/oracles/oracle.hpp"
#include "tests/system/process.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <sstream>

namespace cg::test {
namespace {

namespace fs = std::filesystem;

/// Processes whose command line names this folder.
auto processes_of(const std::string& folder) -> std::size_t {
    std::size_t count = 0;
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator("/proc", ignored)) {
        const auto line = to_text(oracle::read_file(entry.path() / "cmdline"));
        if (line.find("serve") != std::string::npos && line.find(folder) != std::string::npos) ++count;
    }
    return count;
}

TEST(Demo, OnceTellsTheWholeStory) {
    const oracle::TemporaryFolder folder;
    const auto dir = (folder.path() / "demo").string();
    const auto told =
        casegate({"demo", "--once", "--dir", dir}, {.input = {}, .passphrase = {}, .bound = std::chrono::minutes{4}});
    ASSERT_EQ(told.status, 0) << told.out << told.err;
    for (const char* words : {"Four agencies", "csc.front-door@exampleshire", "police.public-protection@examplepolice",
                              "health.safeguarding@examplenhs", "What would change the answer", "Signature good",
                              "Holds:", "The log holds", "THE LOG DOES NOT HOLD"})
        EXPECT_NE(told.out.find(words), std::string::npos) << words << "\n" << told.out;
    EXPECT_EQ(processes_of(dir), 0U);
    for (const char* agency : {"willow", "exampleshire", "examplepolice", "examplenhs"})
        EXPECT_TRUE(fs::exists(fs::path{dir} / agency / "data" / "ledger.db"));
}

/// Reads until `marker` has come. Nothing: the time passed, or the end came first.
auto read_until(int fd, std::string_view marker) -> std::string {
    const auto end = std::chrono::steady_clock::now() + std::chrono::minutes{4};
    std::string text;
    while (text.find(marker) == std::string::npos) {
        pollfd one{fd, POLLIN, 0};
        char buffer[4096];
        if (std::chrono::steady_clock::now() > end || ::poll(&one, 1, 1000) < 0) return {};
        if (one.revents == 0) continue;
        const auto got = ::read(fd, buffer, sizeof buffer);
        if (got <= 0) return {};
        text.append(buffer, static_cast<std::size_t>(got));
    }
    return text;
}

/// The indented lines after "Your turn" that are commands.
auto commands_in(const std::string& text) -> std::vector<std::string> {
    std::vector<std::string> out;
    std::istringstream lines{text.substr(text.find("Your turn"))};
    for (std::string line; std::getline(lines, line);)
        if (line.starts_with("  ") && !line.starts_with("  #")) out.push_back(line);
    return out;
}

TEST(Demo, WhatItInvitesToTryWorksAndASignalStopsEverything) {
    const oracle::TemporaryFolder folder;
    const auto dir = (folder.path() / "demo").string();
    const auto out = process::make_pipe();
    const auto pid = process::spawn({CG_PROGRAM, "demo", "--dir", dir}, {{out.second, 1}});
    ::close(out.second);
    const auto text = read_until(out.first, "Ctrl-C stops everything.");
    ASSERT_FALSE(text.empty());
    const auto commands = commands_in(text);
    EXPECT_EQ(commands.size(), 3U) << text;
    for (const auto& command : commands) {
        const auto tried = run({"bash", "-c", command});
        EXPECT_EQ(tried.status, 0) << command << "\n" << tried.out << tried.err;
        EXPECT_EQ(tried.out.find("urn:casegate:problem"), std::string::npos) << tried.out;
        EXPECT_FALSE(tried.out.empty()) << command;
    }
    EXPECT_EQ(processes_of(dir), 4U);
    ::kill(pid, SIGTERM);
    int raw = 0;
    while (::waitpid(pid, &raw, 0) < 0 && errno == EINTR) {
    }
    EXPECT_EQ(process::status_of(raw), 0);
    ::close(out.first);
    EXPECT_EQ(processes_of(dir), 0U);
}

TEST(Demo, AFolderThatIsInUseIsLeftAlone) {
    const oracle::TemporaryFolder folder;
    oracle::write_file(folder.path() / "mine", view_bytes("mine"));
    const auto refused = casegate({"demo", "--once", "--dir", folder.path().string()});
    EXPECT_EQ(refused.status, 65);
    EXPECT_TRUE(fs::exists(folder.path() / "mine"));
    EXPECT_NE(refused.err.find("--dir"), std::string::npos) << refused.err;
}

}  // namespace
}  // namespace cg::test
