// Fail loud, lose nothing: a ledger that is corrupt, read-only, out of disk, from a backup, or somebody else's at the moment.
#include "tests/support/live_agency.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

namespace cg::test {
namespace {

using ::testing::HasSubstr;

constexpr int exit_unavailable = 69;
constexpr int cap_dac_override = 1, cap_dac_read_search = 2;  // linux/capability.h
const std::vector<std::string> to_council{"csc.front-door@exampleshire"};

class LedgerTroubleTest : public ::testing::Test {
protected:
    void start_both() {
        for (auto* agency : {&sender_, &council_}) agency->launch(launch_of(*agency));
        for (auto* agency : {&sender_, &council_}) ASSERT_TRUE(agency->ready()) << agency->process().err();
    }

    /// Log in memory: a limit on file sizes must not stop it.
    static auto launch_of(const LiveAgency& agency) -> Launch {
        auto launch = agency.serve_launch();
        launch.error_file.clear();
        launch.ignore_file_size_signal = true;
        return launch;
    }

    auto post(const std::string& key) -> wire::Response {
        auto office = sender_.office();
        return must(post_message(office, key, to_jcs(submission("CR-" + key, to_council))), "posting");
    }

    /// 200 or 503, and the reasons.
    auto readiness() -> std::pair<int, Json> {
        const auto answer = must(sender_.ops().request("GET", "/readyz"), "readyz");
        return {answer.status, must(parse_json(answer.body), "readyz")};
    }

    /// Starts serve, which must end by itself with this status and these words.
    void expect_refusal(Launch launch, int status, const std::string& words) {
        auto process = Process::start(std::move(launch));
        const auto end = process.wait(std::chrono::minutes{3});
        ASSERT_TRUE(end.has_value()) << "it runs on such a ledger";
        EXPECT_EQ(end->status, status);
        EXPECT_THAT(process.err(), HasSubstr(words));
        EXPECT_THAT(process.err(), HasSubstr("ledger"));
        EXPECT_FALSE(process.ready_line(std::chrono::milliseconds{0}).has_value()) << "it said that it was ready";
    }

    /// All of these are recorded, and were delivered once each.
    void expect_nothing_lost(const std::map<std::string, std::string>& answers) {
        EXPECT_TRUE(eventually([this] { return sender_.metric("casegate_outbox_queued") == 0.0; }, std::chrono::minutes{1}));
        for (const auto& [key, answer] : answers) EXPECT_EQ(post(key).body, answer) << key;
        const auto list = must(parse_json(must(council_.office().request("GET", "/v1/inbox?limit=1000"), "inbox").body), "inbox");
        EXPECT_EQ(list["messages"].size(), answers.size());
        const auto verified = federation_.run({"log", "verify"}, "willow");
        EXPECT_EQ(verified.status, 0) << verified.out << verified.err;
    }

    Federation federation_{{{"willow", "school.dsl"}, {"exampleshire", "csc.front-door"}}};
    LiveAgency sender_{federation_, "willow"}, council_{federation_, "exampleshire"};
};

/// How large a file may get that the process writes.
void limit_files(const LiveAgency& agency, pid_t pid, rlim_t bytes) {
    rlimit now{};
    ASSERT_EQ(::prlimit(pid, RLIMIT_FSIZE, nullptr, &now), 0) << agency.id();
    now.rlim_cur = bytes;
    ASSERT_EQ(::prlimit(pid, RLIMIT_FSIZE, &now, nullptr), 0);
}

TEST_F(LedgerTroubleTest, AFullDiskAcknowledgesNothingSaysSoAndEndsWithoutALoss) {
    start_both();
    std::map<std::string, std::string> answers;
    const auto first = post("before");
    ASSERT_EQ(first.status, 201) << first.body;
    answers["before"] = first.body;
    EXPECT_EQ(readiness().first, 200);

    limit_files(sender_, sender_.process().pid(), 1);
    for (const std::string key : {"during-1", "during-2"}) {
        const auto refused = post(key);
        EXPECT_EQ(refused.status, 503) << refused.body;
        EXPECT_EQ(refused.content_type, "application/problem+json");
        EXPECT_THAT(refused.body, HasSubstr("gateway/unavailable"));
    }
    const auto [status, body] = readiness();
    EXPECT_EQ(status, 503);
    ASSERT_GE(body["reasons"].size(), 1U);
    EXPECT_THAT(std::string{(*body["reasons"].if_array())[0]["code"].text()}, HasSubstr("ledger/"));
    EXPECT_FALSE((*body["reasons"].if_array())[0]["detail"].text().empty());
    EXPECT_EQ(must(sender_.ops().request("GET", "/healthz"), "healthz").status, 200) << "the process lives";
    EXPECT_EQ(post("before").body, answers["before"]) << "what was answered before is still known";

    limit_files(sender_, sender_.process().pid(), RLIM_INFINITY);
    for (const std::string key : {"during-1", "during-2", "after"}) {
        const auto accepted = post(key);
        EXPECT_EQ(accepted.status, 201) << accepted.body;
        answers[key] = accepted.body;
    }
    EXPECT_EQ(readiness().first, 200);
    expect_nothing_lost(answers);
}

TEST_F(LedgerTroubleTest, AReceiverOutOfDiskGivesNoReceiptAndGetsItLater) {
    for (const auto* agency : {&sender_, &council_})
        agency->adjust([](config::Config& settings) {
            settings.delivery.first_retry = std::chrono::milliseconds{50};
            settings.delivery.longest_retry = std::chrono::milliseconds{500};
        });
    start_both();
    limit_files(council_, council_.process().pid(), 1);
    const auto accepted = post("one");
    ASSERT_EQ(accepted.status, 201) << accepted.body;
    const auto status = [&] {
        const auto id = std::string{must(parse_json(accepted.body), "answer")["decision_id"].text()};
        return must(parse_json(must(sender_.office().request("GET", "/v1/messages/" + id), "status").body), "status");
    };
    EXPECT_TRUE(eventually([&] { return (*status()["deliveries"].if_array())[0]["attempts"].integer_or(0) >= 1; }));
    EXPECT_EQ((*status()["deliveries"].if_array())[0]["state"].text(), "queued");
    EXPECT_EQ(must(council_.ops().request("GET", "/readyz"), "readyz").status, 503);
    limit_files(council_, council_.process().pid(), RLIM_INFINITY);
    EXPECT_TRUE(eventually([&] { return (*status()["deliveries"].if_array())[0]["state"].text() == "received"; }, std::chrono::minutes{1}));
    expect_nothing_lost({{"one", accepted.body}});
}

TEST_F(LedgerTroubleTest, ASecondProcessOnTheSameLedgerIsTurnedAway) {
    start_both();
    const auto first = post("one");
    ASSERT_EQ(first.status, 201) << first.body;
    expect_refusal(launch_of(sender_), exit_unavailable, "another process has this ledger open");
    const auto second = post("two");
    EXPECT_EQ(second.status, 201) << "the first is disturbed";
    expect_nothing_lost({{"one", first.body}, {"two", second.body}});
}

TEST_F(LedgerTroubleTest, ACorruptLedgerIsNotServedAndTheMendedOneLostNothing) {
    start_both();
    const auto first = post("one");
    ASSERT_EQ(first.status, 201) << first.body;
    ASSERT_TRUE(eventually([this] { return sender_.metric("casegate_outbox_queued") == 0.0; }));
    ASSERT_EQ(sender_.stop(), 0);
    const auto whole = slurp(sender_.ledger_file());
    ASSERT_GT(whole.size(), 8192U);
    const auto write_ledger = [&](const std::string& bytes) {
        std::ofstream out{sender_.ledger_file(), std::ios::binary | std::ios::trunc};
        out << bytes;
    };
    const auto spoilt = [&](std::size_t from, std::size_t count) {
        auto bytes = whole;
        for (std::size_t i = from; i < std::min(bytes.size(), from + count); ++i) bytes[i] = static_cast<char>(bytes[i] ^ 0x5a);
        return bytes;
    };
    write_ledger(spoilt(0, 100));  // the file's own header
    expect_refusal(launch_of(sender_), exit_unavailable, "");
    write_ledger(spoilt(4096, whole.size()));  // every page but the first
    expect_refusal(launch_of(sender_), exit_unavailable, "");
    write_ledger(whole.substr(0, whole.size() / 2));
    expect_refusal(launch_of(sender_), exit_unavailable, "");

    write_ledger(whole);
    sender_.launch(launch_of(sender_));
    ASSERT_TRUE(sender_.ready()) << sender_.process().err();
    expect_nothing_lost({{"one", first.body}});
}

TEST_F(LedgerTroubleTest, ALedgerRestoredFromABackupIsNoticedAndRefused) {
    start_both();
    ASSERT_EQ(post("one").status, 201);
    ASSERT_TRUE(eventually([this] { return sender_.metric("casegate_outbox_queued") == 0.0; }));
    ASSERT_EQ(sender_.stop(), 0);
    const auto backup = slurp(sender_.ledger_file());
    sender_.launch(launch_of(sender_));
    ASSERT_TRUE(sender_.ready()) << sender_.process().err();
    ASSERT_EQ(post("two").status, 201);
    ASSERT_TRUE(eventually([this] { return sender_.metric("casegate_outbox_queued") == 0.0; }));
    ASSERT_EQ(sender_.stop(), 0);
    {
        std::ofstream{sender_.ledger_file(), std::ios::binary | std::ios::trunc} << backup;
    }
    expect_refusal(launch_of(sender_), exit_unavailable, "older");
}

TEST_F(LedgerTroubleTest, AReadOnlyLedgerIsRefusedWithAClearWord) {
    start_both();
    const auto first = post("one");
    ASSERT_EQ(first.status, 201) << first.body;
    ASSERT_TRUE(eventually([this] { return sender_.metric("casegate_outbox_queued") == 0.0; }));
    ASSERT_EQ(sender_.stop(), 0);
    auto launch = launch_of(sender_);
    if (::geteuid() == 0) launch.without_capabilities = {cap_dac_override, cap_dac_read_search};  // root heeds no mode otherwise
    ASSERT_EQ(::chmod(sender_.ledger_file().c_str(), 0400), 0);
    expect_refusal(launch, exit_unavailable, "read-only");
    ASSERT_EQ(::chmod(sender_.ledger_file().c_str(), 0600), 0);
    sender_.launch(launch);
    ASSERT_TRUE(sender_.ready()) << sender_.process().err();
    expect_nothing_lost({{"one", first.body}});
}

}  // namespace
}  // namespace cg::test
