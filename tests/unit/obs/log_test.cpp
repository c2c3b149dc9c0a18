#include "gateway/obs/log.hpp"

#include "gateway/obs/repeat_limit.hpp"

#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

namespace cg::obs {
namespace {

class LogTest : public ::testing::Test {
protected:
    void SetUp() override {
        set_sink([this](std::string_view line) { lines.emplace_back(line); });
        set_level(Level::info);
    }
    void TearDown() override { set_sink({}); }
    /// The line as strict JSON.
    auto parsed(std::size_t index) -> Json {
        auto value = parse_json(lines.at(index));
        EXPECT_TRUE(value.has_value()) << lines.at(index);
        return value.has_value() ? value.value() : Json{};
    }
    std::vector<std::string> lines;  // the sink takes one line at a time
};

TEST_F(LogTest, AnEventIsOneJsonObjectWithItsFieldsInOrder) {
    event("gw.message.decided", {{"dec", "dec-1"}, {"recipients", 3}, {"took_ms", 1.5}, {"dry", false}});
    ASSERT_EQ(lines.size(), 1U);
    const auto line = parsed(0);
    EXPECT_EQ(line["event"].text(), "gw.message.decided");
    EXPECT_EQ(line["level"].text(), "info");
    EXPECT_EQ(line["dec"].text(), "dec-1");
    EXPECT_EQ(line["recipients"].integer_or(-1), 3);
    EXPECT_TRUE(line["dry"].is_bool());
    EXPECT_NE(line["at"].text().find('T'), std::string_view::npos);
}

TEST_F(LogTest, ControlCharactersCannotStartAnotherLineOrEndTheText) {
    const std::string evil = std::string{"a\nb\r\x1b[2Jc\"}\\"} + '\0' + "\x7f\xc2\x85\xe2\x80\xa8";
    event("test.injection", {{"id", evil}});
    ASSERT_EQ(lines.size(), 1U);
    for (const char c : lines[0]) {
        EXPECT_GE(static_cast<unsigned char>(c), 0x20U);
        EXPECT_LE(static_cast<unsigned char>(c), 0x7eU);
    }
    EXPECT_EQ(parsed(0).size(), 4U);
    EXPECT_EQ(parsed(0)["id"].text().substr(0, 4), "a\nb\r");
}

TEST_F(LogTest, FormatCharactersAreData) {
    event("test.format", {{"id", "{} {0} %s %n"}});
    EXPECT_EQ(parsed(0)["id"].text(), "{} {0} %s %n");
}

TEST_F(LogTest, LongTextIsCut) {
    event("test.long", {{"id", std::string(10'000, 'x')}});
    EXPECT_EQ(parsed(0)["id"].text().size(), max_text_bytes);
}

TEST_F(LogTest, LinesBelowTheLevelAreNotWritten) {
    set_level(Level::warning);
    event("test.info");
    event("test.error", {}, Level::error);
    ASSERT_EQ(lines.size(), 1U);
    EXPECT_EQ(parsed(0)["event"].text(), "test.error");
}

TEST_F(LogTest, APeerDoesNotChooseHowMuchIsLogged) {
    for (int i = 0; i < 1'000; ++i) peer_event("net.tls.refused", "10.0.0.1", {{"reason", "expired"}});
    peer_event("net.tls.refused", "10.0.0.2", {{"reason", "expired"}});
    EXPECT_EQ(lines.size(), 6U) << "five of the first peer, one of the second";
    flush();
    ASSERT_EQ(lines.size(), 7U);
    EXPECT_EQ(parsed(6)["event"].text(), "obs.repeated");
    EXPECT_EQ(parsed(6)["of"].text(), "net.tls.refused");
    EXPECT_EQ(parsed(6)["source"].text(), "10.0.0.1");
    EXPECT_EQ(parsed(6)["repeats"].integer_or(0), 995);
}

TEST_F(LogTest, ManyThreadsWriteWholeLines) {
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([] {
            for (int i = 0; i < 100; ++i) event("test.threads", {{"i", i}});
        });
    for (auto& thread : threads) thread.join();
    ASSERT_EQ(lines.size(), 400U);
    for (std::size_t i = 0; i < lines.size(); ++i) EXPECT_EQ(parsed(i)["event"].text(), "test.threads");
}

TEST(RepeatLimitTest, AWindowThatIsOverIsToldOnceAndStartsAnew) {
    RepeatLimit limit{{2, std::chrono::seconds{60}, 10}};
    const RepeatLimit::Clock::time_point start{};
    EXPECT_TRUE(limit.allow("a", start));
    EXPECT_TRUE(limit.allow("a", start));
    EXPECT_FALSE(limit.allow("a", start));
    EXPECT_TRUE(limit.take_over(start + std::chrono::seconds{59}).empty());
    const auto told = limit.take_over(start + std::chrono::seconds{60});
    ASSERT_EQ(told.size(), 1U);
    EXPECT_EQ(told[0].key, "a");
    EXPECT_EQ(told[0].count, 1U);
    EXPECT_TRUE(limit.take_over(start + std::chrono::seconds{61}).empty());
    EXPECT_TRUE(limit.allow("a", start + std::chrono::seconds{61}));
}

TEST(RepeatLimitTest, ManySourcesShareOneBucketInsteadOfMemory) {
    RepeatLimit limit{{1, std::chrono::seconds{60}, 3}};
    const RepeatLimit::Clock::time_point start{};
    int allowed = 0;
    for (int i = 0; i < 1'000; ++i) allowed += limit.allow("peer-" + std::to_string(i), start) ? 1 : 0;
    EXPECT_EQ(allowed, 4) << "three keys of their own and the shared one";
    const auto told = limit.take_all();
    ASSERT_EQ(told.size(), 1U);
    EXPECT_EQ(told[0].count, 996U);
}

}  // namespace
}  // namespace cg::obs
