// The courier's order, patience and limits, with a clock that the test moves.

#include "tests/unit/relay/cases.hpp"
#include "tests/unit/relay/world.hpp"

#include <gtest/gtest.h>

namespace cg::relay::testing {
namespace {

class CourierTest : public ::testing::Test {
protected:
    void send(const char* key, std::vector<std::string> to = {"csc.front-door@exampleshire"}, Json case_tree = referral_case()) {
        const auto sent = world.office("willow", "POST", "/v1/messages",
                                       World::submission("child-protection-referral", to, std::move(case_tree)), key);
        ASSERT_EQ(sent.status, 201) << sent.body;
    }
    auto courier() -> Courier& { return *world.agency("willow").courier; }
    auto woken() -> std::vector<CourierAction> { return courier().woken(world.now()); }
    static auto sends(const std::vector<CourierAction>& actions) -> std::vector<Send> {
        std::vector<Send> out;
        for (const auto& action : actions)
            if (const auto* send = std::get_if<Send>(&action)) out.push_back(*send);
        return out;
    }
    auto delivered() -> std::size_t { return world.agency("exampleshire").ledger->inbox(0, 100).value().size(); }
    auto willow_counts() { return world.agency("willow").ledger->counts().value(); }

    World world;
};

TEST_F(CourierTest, NothingIsSentThatIsNotRecorded) {
    EXPECT_TRUE(sends(woken()).empty());
    send("k1");
    EXPECT_EQ(sends(woken()).size(), 1U);
    EXPECT_TRUE(sends(woken()).empty()) << "what is under way is not sent again";
}

TEST_F(CourierTest, AnUnansweredCopyIsTriedAgainLaterAndLaterUntilItArrives) {
    world.down["exampleshire"] = "connect-refused";
    send("k1");
    world.deliver();
    EXPECT_EQ(delivered(), 0U);
    EXPECT_EQ(willow_counts().queued, 1U);
    world.deliver();  // not due yet: nothing happens
    world.advance(std::chrono::seconds{2});
    world.deliver();
    world.down.clear();
    world.advance(std::chrono::milliseconds{500});
    world.deliver();
    EXPECT_EQ(delivered(), 0U) << "the second pause is longer than the first";
    world.advance(std::chrono::seconds{10});
    world.deliver();
    EXPECT_EQ(delivered(), 1U);
    EXPECT_EQ(willow_counts().queued, 0U);
}

TEST_F(CourierTest, APeerThatKeepsFailingIsLeftAloneAndThenProbedByOne) {
    CourierOptions options;
    world.down["exampleshire"] = "timed-out";
    for (unsigned i = 0; i < options.breaker_after; ++i)
        send(("k" + std::to_string(i)).c_str(), {"csc.front-door@exampleshire"}, referral_case("C-" + std::to_string(i)));
    world.deliver();
    EXPECT_EQ(courier().open_circuits(world.now()).size(), 1U);
    world.advance(options.breaker_open + std::chrono::seconds{30});
    EXPECT_EQ(sends(woken()).size(), 1U) << "one probe, not all that wait";
}

TEST_F(CourierTest, OneDeadPeerDoesNotHoldUpAnother) {
    world.down["exampleshire"] = "timed-out";
    for (int i = 0; i < 20; ++i)
        send(("k" + std::to_string(i)).c_str(), {"csc.front-door@exampleshire"}, referral_case("C-" + std::to_string(i)));
    send("other", {"police.public-protection@examplepolice"});
    world.deliver();
    EXPECT_EQ(world.agency("examplepolice").ledger->inbox(0, 10).value().size(), 1U);
}

TEST_F(CourierTest, AnEmergencyLeavesFirst) {
    send("k1");
    auto urgent = referral_case("C-2");
    urgent.find("timing")->set("urgency", "emergency");
    send("k2", {"csc.front-door@exampleshire"}, std::move(urgent));
    const auto first = sends(woken());
    ASSERT_EQ(first.size(), 2U);
    EXPECT_EQ(first.front().item.lane, ledger::Lane::emergency);
}

TEST_F(CourierTest, CopiesOfOneCaseLeaveInTheOrderTheyWereDecided) {
    send("k1");
    send("k2");
    const auto first = sends(woken());
    EXPECT_EQ(first.size(), 1U) << "the second waits for the first's receipt";
    world.deliver();
}

TEST_F(CourierTest, AFinalRefusalBecomesADeadLetterThatIsKept) {
    send("k1");
    const auto out = sends(woken());
    wire::Response refusal;
    refusal.status = 422;
    const auto actions = courier().answered(out.at(0).item, refusal, world.now());
    ASSERT_EQ(actions.size(), 1U);
    const auto* attempt = std::get_if<RecordAttempt>(&actions.front());
    ASSERT_NE(attempt, nullptr);
    EXPECT_FALSE(attempt->next.has_value());
    EXPECT_EQ(attempt->error_code, "status-422");
}

TEST_F(CourierTest, AReceiptThatDoesNotVerifyIsNoReceipt) {
    send("k1");
    const auto out = sends(woken());
    wire::Response lie;
    lie.status = 201;
    lie.body = R"({"payload":"e30","protected":"e30","signature":""})";
    const auto actions = courier().answered(out.at(0).item, lie, world.now());
    ASSERT_EQ(actions.size(), 1U);
    const auto* attempt = std::get_if<RecordAttempt>(&actions.front());
    ASSERT_NE(attempt, nullptr);
    EXPECT_TRUE(attempt->next.has_value());
    EXPECT_EQ(attempt->error_code, "bad-receipt");
}

TEST_F(CourierTest, AnExpiredCopyIsNotSent) {
    world.down["exampleshire"] = "timed-out";
    send("k1");
    world.deliver();
    world.down.clear();
    world.advance(std::chrono::hours{24 * 15});
    world.deliver();
    EXPECT_EQ(delivered(), 0U);
    EXPECT_EQ(willow_counts().queued, 0U);
}

TEST_F(CourierTest, WhileTheLedgerTakesNoWritesNothingIsSentInARow) {
    send("k1");
    const auto out = sends(woken());
    wire::Response any;
    any.status = 503;
    (void)courier().answered(out.at(0).item, any, world.now());
    const auto actions = courier().recorded(out.at(0).item, false, world.now());
    EXPECT_TRUE(sends(actions).empty());
    ASSERT_EQ(actions.size(), 1U);
    EXPECT_GT(std::get<WakeAt>(actions.front()).at, world.now());
}

}  // namespace
}  // namespace cg::relay::testing
