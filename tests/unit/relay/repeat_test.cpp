// Every kind of decision that a gateway records, made again from the record and the message (RC-4).
#include "policy/repeat.hpp"
#include "tests/unit/relay/life.hpp"

namespace cg::relay::testing {
namespace {

using namespace life;

class RequirementRepeat : public ::testing::Test {
protected:
    auto hand_in(const std::string& path, const std::string& body, const std::string& key = "k1") -> std::string {
        const auto answer = world.office("willow", "POST", path, body, key);
        const auto id = id_of(answer);
        EXPECT_FALSE(id.empty()) << answer.body;
        return id;
    }
    auto repeated(const std::string& id, const std::string& body) -> Result<policy::Repeated> {
        const auto record = record_of(world, "willow", id);
        std::vector<std::string> texts;
        if (const auto* list = (*record.personal)["context"]["recent_overrides"].if_array())
            for (const auto& of : *list)
                texts.emplace_back((*record_of(world, "willow", of.text()).personal)["override"]["text"].text());
        const auto salt = crypto::sha256("another salt than the gateway's");
        return policy::repeat_decision(*world.agency("willow").gateway->pack(),
                                       {record.dec, *record.personal, record.row.decided_at}, body, texts, salt);
    }
    void expect_same(const std::string& id, const std::string& body, std::vector<std::string> added = {}) {
        const auto again = repeated(id, body);
        ASSERT_TRUE(again.has_value()) << again.error().detail;
        EXPECT_EQ(again.value().differ, std::vector<std::string>{});
        EXPECT_EQ(again.value().added, added);
        EXPECT_FALSE(again.value().decision.rules.empty()) << "each rule evaluated, and its result";
    }
    static auto referral_to(const std::vector<std::string>& to, Json tree = referral_case()) -> std::string {
        return World::submission("child-protection-referral", to, std::move(tree));
    }

    World world;
};

TEST_F(RequirementRepeat, RC_4_what_was_sent_refused_or_held) {
    const auto sent = referral_to({front_door, police});
    expect_same(hand_in("/v1/messages", sent, "k1"), sent);
    auto tree = referral_case();
    tree.find("basis")->set("article6", "");
    const auto refused = referral_to({front_door}, tree);
    expect_same(hand_in("/v1/messages", refused, "k2"), refused);
    const auto held = referral_to({front_door}, foreign_case());
    expect_same(hand_in("/v1/messages", held, "k3"), held);
    world.advance(std::chrono::hours{24 * 400});
    serve_othershire(world);
    expect_same(id_of(world.office("willow", "POST", "/v1/messages", held, "k3")), held);
}

TEST_F(RequirementRepeat, RC_4_a_recipient_without_a_key_was_refused_for_that) {
    world.use_directory(
        world.directory_with("examplepolice", [](certs::Descriptor& d) { d.roles.front().recipients.clear(); }));
    const auto body = referral_to({front_door, police});
    const auto id = hand_in("/v1/messages", body);
    const auto record = record_of(world, "willow", id);
    const auto& refused = record.dec["recipients"].if_array()->at(1);
    EXPECT_EQ(refused["outcome"].text(), "DENY");
    EXPECT_EQ(refused["released_count"].integer_or(-1), 0) << "nothing left";
    expect_same(id, body);
}

TEST_F(RequirementRepeat, RC_4_an_override_is_measured_against_the_same_earlier_ones) {
    auto tree = refused_consent_case();
    tree.find("risk")->set("significant_harm", true);
    tree.find("basis")->set("article9", "9.2.h");
    tree.find("basis")->set("schedule1", "S1.2");
    tree.set("override", Json::object({{"reason", "CHILD_HARM_LIKELY"},
                                       {"text", "The child arrived hungry and bruised twice, and is afraid to go home."},
                                       {"facts", Json::array({"b1"})}}));
    std::string body, id;
    for (int i = 0; i < 4; ++i) {
        tree.set("case_ref", "C-" + std::to_string(i));
        body = World::submission("child-in-need-referral", {front_door}, tree);
        id = hand_in("/v1/messages", body, "k" + std::to_string(i));
        world.advance(std::chrono::minutes{1});
    }
    const auto record = record_of(world, "willow", id);
    EXPECT_EQ((*record.personal)["context"]["recent_overrides"].size(), 3U);
    EXPECT_EQ(to_jcs((*record.personal)["context"]).find("afraid to go home"), std::string::npos) << "it names them, and no more";
    expect_same(id, body);
}

TEST_F(RequirementRepeat, RC_4_what_was_told_by_telephone_and_what_was_corrected) {
    const auto phone = Json::object({{"schema", "phone-share/1"},
                                     {"told_at", to_rfc3339(world.now() - std::chrono::minutes{20})},
                                     {"submission", parse_json(referral_to({front_door})).value()}});
    expect_same(hand_in("/v1/phone-shares", to_jcs(phone), "k1"), to_jcs(phone), {"channel", "recorded_late", "told_at"});
    const auto first = hand_in("/v1/messages", referral_to({front_door, police}), "k2");
    auto tree = referral_case();
    tree.find("child")->set("date_of_birth", "2017-09-05");
    const auto correction = Json::object({{"schema", "correction/1"},
                                          {"reason", "WRONG_FACT"},
                                          {"submission", parse_json(referral_to({front_door}, tree)).value()}});
    expect_same(hand_in("/v1/messages/" + first + "/correct", to_jcs(correction), "k3"), to_jcs(correction), {"correction"});
}

TEST_F(RequirementRepeat, RC_4_a_question_without_identity_its_follow_up_and_the_referral_that_it_becomes) {
    const auto question = [](std::string_view follow_up_to) {
        auto out = parse_json(World::submission("advice", {"advice.desk@exampleshire"}, referral_case())).value();
        auto advice = Json::object({{"question", "is this a child protection referral?"}});
        if (!follow_up_to.empty()) advice.set("follow_up_to", follow_up_to);
        out.set("advice", std::move(advice));
        return to_jcs(out);
    };
    const auto first = question({});
    const auto id = hand_in("/v1/messages", first, "k1");
    expect_same(id, first);
    const auto second = question(id);
    expect_same(hand_in("/v1/messages", second, "k2"), second);
    const auto named = referral_to({front_door});
    expect_same(hand_in("/v1/messages/" + id + "/convert", named, "k3"), named, {"advice_sought", "identity_disclosed_to"});
}

TEST_F(RequirementRepeat, RC_4_another_message_another_policy_and_another_persons_word_are_told_apart) {
    const auto body = referral_to({front_door});
    const auto id = hand_in("/v1/messages", body);
    auto tree = referral_case();
    tree.find("risk")->set("level", "low");
    const auto other = repeated(id, referral_to({front_door}, tree));
    ASSERT_TRUE(other.has_value());
    EXPECT_FALSE(other.value().differ.empty()) << "what does not fit is named";
    const auto held = referral_to({front_door}, foreign_case());
    const auto waits = hand_in("/v1/messages", held, "k2");
    const auto let_go = reviewed(world, waits, "release");
    const auto settled = id_of(let_go);
    ASSERT_FALSE(settled.empty()) << let_go.body;
    EXPECT_EQ(repeated(settled, held).error().code, Errc::conflict);
    expect_same(waits, held);
    const auto nothing = to_jcs(no_share({"NOT_NECESSARY"}, good_reason));
    EXPECT_EQ(repeated(hand_in("/v1/no-share", nothing, "k4"), nothing).error().code, Errc::not_found)
        << "no policy decided this";
}

}  // namespace
}  // namespace cg::relay::testing
