// What comes after a decision: duties, drafts, corrections, withdrawals.
#include "tests/unit/relay/life.hpp"

#include "gateway/relay/drafts.hpp"

namespace cg::relay::testing {
namespace {

using namespace life;
using namespace std::chrono_literals;

auto duties(World& world, const std::string& query) -> Json {
    return json_of(world.office("willow", "GET", "/v1/duties?" + query))["duties"];
}

TEST(RequirementRelay, OP_7_each_day_on_which_somebody_is_to_be_told_is_listed) {
    World world;
    auto tree = referral_case();
    tree.find("informing")->set("inform_review_on", "2026-03-05");
    tree.find("informing")->set("people", parse_json(R"([{"person": "p2", "told": "none", "exception": "RISK_TO_CHILD",
        "exception_facts": "c2: the child names him.", "inform_review_on": "2026-03-12"}])").value());
    const auto answer = world.office("willow", "POST", "/v1/messages",
                                     World::submission("child-protection-referral", {front_door}, std::move(tree)), "k");
    ASSERT_EQ(answer.status, 201) << answer.body;
    EXPECT_EQ(duties(world, "kind=inform-review&before=2026-04-01T00:00:00Z").size(), 2U);
    world.advance(24h * 3);
    const auto done = Json::object({{"schema", "done/1"}, {"duty", "inform-review"}, {"actor", actor("u-204")},
                                    {"on", "2026-03-06T09:00:00Z"}, {"note", "The mother was told at the clinic."}});
    ASSERT_EQ(world.office("willow", "POST", "/v1/messages/" + id_of(answer) + "/done", to_jcs(done)).status, 201);
    const auto left = duties(world, "kind=inform-review&before=2026-04-01T00:00:00Z");
    ASSERT_EQ(left.size(), 1U);
    EXPECT_EQ(left.if_array()->front()["due"].text(), "2026-03-12T00:00:00.000Z");
}

}  // namespace
}  // namespace cg::relay::testing
