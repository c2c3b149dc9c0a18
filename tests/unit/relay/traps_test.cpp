// Cases that went wrong elsewhere, or easily could: what time and other people's changes do to a message on its way.
#include "tests/unit/relay/cases.hpp"
#include "tests/unit/relay/world.hpp"

#include "gateway/relay/seal.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <future>

namespace cg::relay::testing {
namespace {

using namespace std::chrono_literals;

const std::string front_door = "csc.front-door@exampleshire";

auto json_of(const wire::Response& response) -> Json {
    auto parsed = parse_json(response.body);
    EXPECT_TRUE(parsed.has_value()) << response.body;
    return parsed.has_value() ? std::move(parsed).value() : Json{};
}

auto open_with(World& world, std::size_t index, const crypto::AgeIdentity& key) -> Result<wire::ViewPayload> {
    auto& here = world.agency("exampleshire");
    const auto message = here.ledger->inbox_message(here.ledger->inbox(0, 20).value().at(index).mid).value();
    const auto routing = wire::read_signed_routing(parse_json(message.routing).value()).value().claimed;
    const RecipientId me{RoleId::parse("csc.front-door").value(), here.id};
    return open_envelope(message.envelope, routing, me, key, world.directory(), world.now());
}

auto send(World& world, std::string_view purpose, Json tree, const std::string& key) -> Json {
    const auto answer = world.office("willow", "POST", "/v1/messages", World::submission(purpose, {front_door}, std::move(tree)), key);
    EXPECT_EQ(answer.status, 201) << answer.body;
    return json_of(answer);
}

auto actor() -> Json { return Json::object({{"user", "u-204"}, {"role", "designated safeguarding lead"}, {"auth", "passkey"}}); }

auto withdrawal(const Json& tree) -> std::string {
    return to_jcs(Json::object({{"schema", "withdrawal/1"}, {"actor", actor()}, {"case_ref", tree["case_ref"]},
                                {"who", tree["consent"]["to_share"]["who"]}, {"on", "2026-03-03"}}));
}

TEST(Trap, a_key_rotated_between_seal_and_open_opens_what_was_sealed_to_it_and_no_more) {
    World world;
    world.down["exampleshire"] = "timed-out";
    send(world, "child-protection-referral", referral_case(), "k1");
    world.deliver();
    const auto fresh = crypto::AgeIdentity::generate(crypto::AgeKind::mlkem768x25519);
    world.use_directory(world.directory_with("exampleshire", [&](certs::Descriptor& d) {
        auto& role = *std::ranges::find(d.roles, std::string{"csc.front-door"}, [](const auto& r) { return r.role.str(); });
        role.recipients.front().recipient = fresh.recipient().str();
        role.recipients.front().kid = certs::recipient_kid(fresh.recipient().str());
    }));
    world.down.clear();
    world.advance(10min);
    world.deliver();
    send(world, "child-protection-referral", referral_case("C-2"), "k2");
    world.deliver();
    const auto& old = world.agency("exampleshire").roles.at(RoleId::parse("csc.front-door").value());
    EXPECT_TRUE(open_with(world, 0, old).has_value()) << "keep the old key for as long as messages may wait for it";
    EXPECT_FALSE(open_with(world, 0, fresh).has_value());
    EXPECT_TRUE(open_with(world, 1, fresh).has_value());
    EXPECT_FALSE(open_with(world, 1, old).has_value());
}

TEST(Trap, consent_withdrawn_during_delivery_the_notice_arrives_after_the_copy_and_not_before) {
    World world;
    world.down["exampleshire"] = "timed-out";
    const auto tree = consented_case();
    send(world, "child-in-need-referral", Json{tree}, "k1");
    world.deliver();
    ASSERT_EQ(world.office("willow", "POST", "/v1/consents", withdrawal(tree), "w1").status, 201);
    world.deliver();
    world.down.clear();
    world.advance(10min);
    world.deliver();
    world.advance(10min);
    world.deliver();
    const auto& key = world.agency("exampleshire").roles.at(RoleId::parse("csc.front-door").value());
    ASSERT_EQ(world.agency("exampleshire").ledger->inbox(0, 9).value().size(), 2U);
    EXPECT_EQ(open_with(world, 0, key).value().view["schema"].text(), "view/1");
    EXPECT_EQ(open_with(world, 1, key).value().view["schema"].text(), "consent-notice/1");
}

TEST(Trap, a_correction_reaches_everyone_also_after_retention_destroyed_the_original) {
    World world;
    const std::string id{send(world, "child-protection-referral", referral_case(), "k1")["decision_id"].text()};
    world.deliver();
    std::promise<bool> erased;
    world.agency("willow").ledger->erase(DecisionId::parse(id).value(), "retention",
                                         [&erased](Result<void> done) { erased.set_value(done.has_value()); });
    ASSERT_TRUE(erased.get_future().get());
    auto body = Json::object({{"schema", "correction/1"}, {"reason", "OUT_OF_DATE"}});
    body.set("submission", parse_json(World::submission("child-protection-referral", {front_door}, referral_case())).value());
    const auto answer = world.office("willow", "POST", "/v1/messages/" + id + "/correct", to_jcs(body), "k2");
    ASSERT_EQ(answer.status, 201) << answer.body;
    world.deliver();
    const auto& key = world.agency("exampleshire").roles.at(RoleId::parse("csc.front-door").value());
    EXPECT_EQ(open_with(world, 1, key).value().view["correction"]["reason"].text(), "OUT_OF_DATE");
}

TEST(Trap, a_clock_that_was_set_back_does_not_set_the_log_back) {
    World world;
    send(world, "child-protection-referral", referral_case(), "k1");
    world.advance(-20min);
    const std::string id{send(world, "child-protection-referral", referral_case("C-2"), "k2")["decision_id"].text()};
    const auto lines = world.agency("willow").ledger->tail(10).value();
    EXPECT_TRUE(std::ranges::is_sorted(lines, {}, &ledger::LogEntry::at));
    EXPECT_EQ(world.agency("willow").ledger->show(DecisionId::parse(id).value()).value().row.decided_at, world.now())
        << "the decision says the hour that the clock showed";
}

TEST(Trap, the_same_override_text_in_capitals_is_found_across_messages_of_the_same_person) {
    World world;
    std::vector<int> statuses;
    const std::string words = "Wren arrived hungry and bruised twice in February and was late nine times.";
    for (int i = 0; i < 4; ++i) {
        auto tree = refused_consent_case();
        tree.set("case_ref", "C-" + std::to_string(i));
        tree.find("risk")->set("significant_harm", true);
        tree.find("basis")->set("article9", "9.2.h");
        tree.find("basis")->set("schedule1", "S1.2");
        auto text = words;
        if (i % 2 == 1) std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
        auto given = Json::object({{"reason", "CHILD_HARM_LIKELY"}, {"text", text}});
        given.set("facts", Json::array({"b1"}));
        tree.set("override", std::move(given));
        const auto answer = world.office("willow", "POST", "/v1/messages",
                                         World::submission("child-in-need-referral", {front_door}, std::move(tree)), "k" + std::to_string(i));
        statuses.push_back(answer.status);
        EXPECT_EQ(answer.body.find("override/boilerplate") != std::string::npos, i == 3) << answer.body;
    }
    EXPECT_EQ(statuses.back(), 202) << "FW-12: a second person looks at the fourth";
    EXPECT_EQ(std::vector(statuses.begin(), statuses.end() - 1), (std::vector{201, 201, 201}));
}

}  // namespace
}  // namespace cg::relay::testing
