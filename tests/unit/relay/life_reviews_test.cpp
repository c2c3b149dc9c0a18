// Reviews under strain: the world changes between the holding and the look, several people look, people pretend.
#include "tests/unit/relay/life.hpp"

namespace cg::relay::testing {
namespace {

using namespace life;

TEST(Review, what_a_reviewer_refuses_does_not_leave_though_the_policy_would_let_it_go_by_now) {
    for (const char* decision : {"refuse", "return"}) {
        World world;
        const auto id = held_referral(world);
        serve_othershire(world);
        const auto answer = reviewed(world, id, decision);
        EXPECT_EQ(answer.status, 200) << answer.body;
        EXPECT_EQ(json_of(answer)["outcome"].text(), "DENY") << decision;
        world.deliver();
        EXPECT_TRUE(inbox_of(world, "exampleshire").empty()) << decision;
        const auto duties = world.agency("willow").ledger->duties_of(id_of(answer)).value();
        EXPECT_EQ(std::ranges::count(duties, "complete-by", &ledger::Duty::kind), 0);
    }
}

}  // namespace
}  // namespace cg::relay::testing
