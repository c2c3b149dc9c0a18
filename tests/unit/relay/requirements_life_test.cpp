// Requirements about what happens around a decision: refusals, requests, reviews, corrections, withdrawals, drafts, advice.
#include "tests/unit/relay/cases.hpp"
#include "tests/unit/relay/world.hpp"

#include "crypto/jws.hpp"
#include "gateway/relay/drafts.hpp"
#include "gateway/relay/seal.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace cg::relay::testing {
namespace {

using namespace std::chrono_literals;

const std::string front_door = "csc.front-door@exampleshire";
const std::string police = "police.public-protection@examplepolice";

auto json_of(const wire::Response& response) -> Json {
    auto parsed = parse_json(response.body);
    EXPECT_TRUE(parsed.has_value()) << response.body;
    return parsed.has_value() ? std::move(parsed).value() : Json{};
}

auto actor(std::string_view user) -> Json {
    return Json::object({{"user", user}, {"role", "designated safeguarding lead"}, {"auth", "passkey"}});
}

/// The nth message of an agency's inbox, opened as `role`.
auto open_as(World& world, std::string_view at, const std::string& role, std::size_t index = 0) -> Json {
    auto& here = world.agency(at);
    const auto items = here.ledger->inbox(0, 20).value();
    if (index >= items.size()) {
        ADD_FAILURE() << at << " got " << items.size() << " messages";
        return {};
    }
    const auto message = here.ledger->inbox_message(items[index].mid).value();
    const auto routing = wire::read_signed_routing(parse_json(message.routing).value()).value().claimed;
    const RecipientId me{RoleId::parse(role).value(), here.id};
    auto payload = open_envelope(message.envelope, routing, me, here.roles.at(me.role), world.directory(), world.now());
    EXPECT_TRUE(payload.has_value());
    return payload.has_value() ? std::move(payload).value().view : Json{};
}

auto inbox_mid(World& world, std::string_view at, std::size_t index = 0) -> std::string {
    return world.agency(at).ledger->inbox(0, 20).value().at(index).mid.str();
}

auto record_of(World& world, std::string_view at, std::string_view id) -> ledger::DecisionRecord {
    return world.agency(at).ledger->show(DecisionId::parse(id).value()).value();
}

auto codes_of(const Json& problem) -> std::vector<std::string> {
    std::vector<std::string> out;
    if (const auto* errors = problem["errors"].if_array())
        for (const auto& error : *errors) out.emplace_back(error["code"].text());
    return out;
}
auto has(const std::vector<std::string>& list, std::string_view one) -> bool {
    return std::ranges::find(list, one) != list.end();
}

auto no_share(std::vector<std::string> codes, std::string_view text) -> Json {
    auto out = Json::object({{"schema", "no-share/1"}, {"purpose", "child-protection-referral"}, {"actor", actor("u-204")}});
    out.set("reasons", Json::object({{"codes", Json::texts(codes)}, {"text", text}}));
    auto tree = referral_case();
    tree.find("risk")->set("significant_harm", false);
    out.set("case", std::move(tree));
    return out;
}
constexpr std::string_view good_reason = "The paediatrician found an explanation for the bruise, and the family asked for help themselves.";

auto information_request() -> Json {
    return parse_json(R"({"schema": "request/1", "identifier": "R-77", "requester": {"role": "csc.front-door"},
        "to": ["police.public-protection@examplepolice"], "purpose": "child-protection-referral", "policy": "ISA-EX-014",
        "actor": {"user": "u-901", "role": "social worker", "auth": "passkey"},
        "basis": {"article6": "6.1.e", "article6_ref": "Children Act 1989 s.47"},
        "person": {"given_names": "Wren", "family_name": "Maybury", "date_of_birth": "2017-09-04", "nhs_number": "9990002118"},
        "asked": ["fam_crime"], "why": "Wren may be living with somebody who has hurt children before."})")
        .value();
}

auto review(const std::string& id, std::string_view decision, std::string_view reason, std::string_view user,
            const crypto::SigningKey& key = World::caller_key()) -> Json {
    const auto statement = Json::object(
        {{"review", id}, {"decision", decision}, {"reason_sha256", to_hex(crypto::sha256(reason))}});
    auto out = Json::object({{"schema", "review/1"}, {"decision", decision}, {"reason", reason}, {"actor", actor(user)}});
    crypto::JwsHeader header;
    header.typ = "casegate-review+jws";
    out.set("signature", crypto::sign_jws(key, header, view_bytes(to_jcs(statement))));
    return out;
}
constexpr std::string_view review_reason = "I have read the case and rung the school; the area is right.";

/// A referral for a child of another area: a second person looks first.
auto held_referral(World& world, const std::string& key = "held") -> std::string {
    auto tree = referral_case();
    tree.set("home_authority", "othershire");
    const auto answer = world.office("willow", "POST", "/v1/messages",
                                     World::submission("child-protection-referral", {front_door}, std::move(tree)), key);
    EXPECT_EQ(answer.status, 202) << answer.body;
    return std::string{json_of(answer)["decision_id"].text()};
}

// ---- not sharing ------------------------------------------------------------------------------------------------------

TEST(RequirementRelay, RC_3_a_decision_not_to_share_is_recorded_with_codes_and_words) {
    World world;
    const auto answer = world.office("willow", "POST", "/v1/no-share", to_jcs(no_share({"NOT_NECESSARY"}, good_reason)), "n1");
    ASSERT_EQ(answer.status, 201) << answer.body;
    const auto record = record_of(world, "willow", json_of(answer)["decision_id"].text());
    EXPECT_EQ(record.dec["action"].text(), "no-share");
    EXPECT_EQ(record.dec["reasons"]["codes"], Json::array({"NOT_NECESSARY"}));
    EXPECT_EQ((*record.personal)["reasons"]["text"].text(), good_reason);
    EXPECT_EQ(record.dec["retention"]["class"].text(), "no-share");
    EXPECT_TRUE(record.deliveries.empty());
    EXPECT_EQ(to_jcs(record.dec).find("paediatrician"), std::string::npos) << "words are personal";
}

TEST(RequirementRelay, RC_3_without_words_there_is_no_refusal) {
    World world;
    const auto answer = world.office("willow", "POST", "/v1/no-share", to_jcs(no_share({"NOT_NECESSARY"}, "")), "n1");
    EXPECT_EQ(answer.status, 422);
    EXPECT_TRUE(has(codes_of(json_of(answer)), "refusal/reason-missing")) << answer.body;
    EXPECT_EQ(world.agency("willow").ledger->counts().value().entries, 0U);
}

TEST(RequirementRelay, FW_15_more_detrimental_to_the_child_needs_its_reason_too) {
    World world;
    const auto refused = world.office("willow", "POST", "/v1/no-share", to_jcs(no_share({"MORE_DETRIMENTAL_TO_CHILD"}, " ")), "a");
    EXPECT_EQ(refused.status, 422);
    EXPECT_TRUE(has(codes_of(json_of(refused)), "refusal/reason-missing"));
    EXPECT_EQ(world.office("willow", "POST", "/v1/no-share", to_jcs(no_share({"MORE_DETRIMENTAL_TO_CHILD"}, good_reason)), "b").status,
              201);
}

TEST(RequirementRelay, FW_1_data_protection_is_no_reason) {
    World world;
    const auto answer = world.office("willow", "POST", "/v1/no-share", to_jcs(no_share({"DATA_PROTECTION"}, good_reason)), "n1");
    EXPECT_EQ(answer.status, 422);
    EXPECT_TRUE(has(codes_of(json_of(answer)), "refusal/reason-unknown"));
    EXPECT_EQ(answer.body.find("DATA_PROTECTION"), std::string::npos) << "what was sent is not said back";
}

TEST(RequirementRelay, SW_3_significant_harm_outweighs_confidentiality_alone) {
    World world;
    auto body = no_share({"CONFIDENTIALITY"}, good_reason);
    body.find("case")->find("risk")->set("significant_harm", true);
    const auto answer = world.office("willow", "POST", "/v1/no-share", to_jcs(body), "n1");
    EXPECT_EQ(answer.status, 422);
    EXPECT_TRUE(has(codes_of(json_of(answer)), "refusal/welfare-overrides")) << answer.body;
    body.set("reasons", Json::object({{"codes", Json::array({"CONFIDENTIALITY", "COURT_RESTRICTION"})}, {"text", good_reason}}));
    EXPECT_EQ(world.office("willow", "POST", "/v1/no-share", to_jcs(body), "n2").status, 201);
}

// ---- danger -----------------------------------------------------------------------------------------------------------

auto first_instruction(const wire::Response& answer) -> std::string {
    const auto body = json_of(answer);
    const auto* lines = body["instructions"].if_array();
    return lines == nullptr || lines->empty() ? std::string{} : std::string{lines->front().text()};
}

TEST(RequirementRelay, SW_4_also_an_answer_that_cannot_read_the_message_says_whom_to_call_first) {
    World world;
    auto danger = referral_case();
    danger.find("risk")->set("immediate_danger", true);
    auto shouted = referral_case();
    shouted.find("timing")->set("urgency", "EMERGENCY");  // not one of the three words
    auto neither = referral_case();
    for (auto* tree : {&danger, &shouted, &neither}) tree->find("child")->set("date_of_birth", "23/09/2018");
    int keys = 0;
    for (const auto& [tree, words] : {std::pair{danger, "Call 999. If it is not an emergency"},
                                      std::pair{shouted, "Call 999. If it is not an emergency"},
                                      std::pair{neither, "If a child is in immediate danger call 999."}}) {
        const auto body = World::submission("child-protection-referral", {front_door}, tree);
        for (const char* path : {"/v1/checks", "/v1/messages"}) {
            const auto answer = world.office("willow", "POST", path, body, "k" + std::to_string(++keys));
            EXPECT_EQ(answer.status, 422) << answer.body;
            EXPECT_TRUE(first_instruction(answer).starts_with(words)) << path << answer.body;
        }
        auto refusal = no_share({"NOT_NECESSARY"}, good_reason);
        refusal.set("case", tree);
        EXPECT_TRUE(first_instruction(world.office("willow", "POST", "/v1/no-share", to_jcs(refusal),
                                                   "k" + std::to_string(++keys)))
                        .starts_with(words));
    }
    const auto broken = world.office("willow", "POST", "/v1/messages", R"({"case":)", "k" + std::to_string(++keys));
    EXPECT_TRUE(first_instruction(broken).starts_with("If a child is in immediate danger call 999.")) << broken.body;
    auto unsaid = no_share({"NOT_NECESSARY"}, "no");
    unsaid.find("case")->find("risk")->set("immediate_danger", true);
    const auto why = world.office("willow", "POST", "/v1/no-share", to_jcs(unsaid), "k" + std::to_string(++keys));
    EXPECT_TRUE(first_instruction(why).starts_with("Call 999. If it is not an emergency")) << why.body;
}

TEST(RequirementRelay, FW_6_a_refusal_for_the_organisations_sake_is_looked_at_by_a_second_person) {
    World world;
    const auto body = no_share({"NOT_NECESSARY"}, "Passing this on would damage our reputation with the parents of the school.");
    const auto answer = world.office("willow", "POST", "/v1/no-share", to_jcs(body), "n1");
    ASSERT_EQ(answer.status, 202) << answer.body;
    const auto told = json_of(answer);
    EXPECT_EQ(told["outcome"].text(), "REVIEW");
    EXPECT_EQ(told["problems"].if_array()->front()["type"].text(), "refusal/organisational-interest");
    const std::string id{told["decision_id"].text()};
    const auto confirmed = world.office("willow", "POST", "/v1/reviews/" + id,
                                        to_jcs(review(id, "release", review_reason, "u-head")), "r1");
    EXPECT_EQ(confirmed.status, 201) << confirmed.body;
    EXPECT_EQ(json_of(confirmed)["action"].text(), "no-share");
    const auto harmless = no_share({"NOT_NECESSARY"}, "An unreliable witness said so; nobody else saw or heard anything of the kind.");
    EXPECT_EQ(world.office("willow", "POST", "/v1/no-share", to_jcs(harmless), "n2").status, 201);
}

// ---- requests and answers ---------------------------------------------------------------------------------------------

TEST(RequirementRelay, CO_8_a_request_states_purpose_basis_and_agreement) {
    World world;
    auto body = information_request();
    const auto good = world.office("exampleshire", "POST", "/v1/requests", to_jcs(body), "q1");
    ASSERT_EQ(good.status, 201) << good.body;
    EXPECT_EQ(json_of(good)["action"].text(), "requested");
    for (const char* member : {"policy", "basis", "why"}) {
        auto without = information_request();
        without.set(member, std::string_view{member} == "basis" ? Json::object() : Json{""});
        const auto answer = world.office("exampleshire", "POST", "/v1/requests", to_jcs(without), std::string{"q-"} + member);
        EXPECT_EQ(answer.status, 422) << member << answer.body;
        EXPECT_TRUE(has(codes_of(json_of(answer)), "request/basis-missing")) << member << answer.body;
    }
    body.set("policy", "ISA-EX-999");
    const auto other = world.office("exampleshire", "POST", "/v1/requests", to_jcs(body), "q2");
    EXPECT_TRUE(has(codes_of(json_of(other)), "request/policy-mismatch")) << other.body;
}

TEST(RequirementRelay, CO_8_asking_tells_only_what_the_role_may_know) {
    World world;
    ASSERT_EQ(world.office("exampleshire", "POST", "/v1/requests", to_jcs(information_request()), "q1").status, 201);
    world.deliver();
    const auto view = open_as(world, "examplepolice", "police.public-protection");
    EXPECT_EQ(view["schema"].text(), "request/1");
    EXPECT_EQ(view["person"]["family_name"].text(), "Maybury");
    EXPECT_TRUE(view["person"]["nhs_number"].is_null()) << "the police are not told NHS numbers";
    EXPECT_EQ(view["reply_to"].text(), front_door);
    EXPECT_EQ(view["policy"].text(), "ISA-EX-014");
    EXPECT_FALSE(view["why"].text().empty());
}

TEST(RequirementRelay, RC_9_a_refused_request_is_answered_and_a_discussion_is_owed_until_it_took_place) {
    World world;
    ASSERT_EQ(world.office("exampleshire", "POST", "/v1/requests", to_jcs(information_request()), "q1").status, 201);
    world.deliver();
    const auto mid = inbox_mid(world, "examplepolice");
    auto body = no_share({"NOT_NECESSARY", "PREJUDICE_INVESTIGATION"}, good_reason);
    body.set("reply_to", front_door);
    body.set("contact", Json::object({{"role", "duty inspector"}, {"phone", "01632 960555"}}));
    const auto answer = world.office("examplepolice", "POST", "/v1/requests/" + mid + "/answer", to_jcs(body), "a1");
    ASSERT_EQ(answer.status, 201) << answer.body;
    const std::string id{json_of(answer)["decision_id"].text()};
    world.deliver();
    const auto reply = open_as(world, "exampleshire", "csc.front-door");
    EXPECT_EQ(reply["schema"].text(), "refusal-reply/1");
    EXPECT_EQ(reply["outcome"].text(), "DENY");
    EXPECT_EQ(reply["request"].text(), mid);
    EXPECT_EQ(reply["reasons"], Json::array({"NOT_NECESSARY"})) << "an investigation is not given away";
    EXPECT_EQ(reply["contact"]["phone"].text(), "01632 960555");

    const auto status = [&] { return json_of(world.office("examplepolice", "GET", "/v1/messages/" + id)); };
    EXPECT_EQ(status()["duties"].if_array()->front()["kind"].text(), "discuss-refusal");
    world.advance(24h * 14);
    const auto overdue = json_of(world.office("examplepolice", "GET", "/v1/duties"));
    EXPECT_EQ(overdue["duties"].if_array()->front()["of"].text(), id);
    auto done = Json::object({{"schema", "done/1"}, {"duty", "discuss-refusal"}, {"actor", actor("u-3")},
                              {"on", "2026-03-10T10:00:00Z"}, {"note", "They will ask the school first."}});
    EXPECT_EQ(world.office("examplepolice", "POST", "/v1/messages/" + id + "/done", to_jcs(done)).status, 422);
    done.set("with_whom", "social worker of the front door");
    EXPECT_EQ(world.office("examplepolice", "POST", "/v1/messages/" + id + "/done", to_jcs(done)).status, 201);
    EXPECT_TRUE(status()["duties"].if_array()->front()["done"].is_true());
    EXPECT_EQ(status()["events"].if_array()->front()["type"].text(), "discussion/1");
    EXPECT_EQ(json_of(world.office("examplepolice", "GET", "/v1/duties"))["duties"].size(), 0U);
}

TEST(RequirementRelay, RC_9_where_the_pack_says_so_a_refusal_neither_confirms_nor_denies) {
    std::vector<std::string> said;
    std::vector<bool> early;
    for (const auto& code : {"NOT_HELD", "PREJUDICE_INVESTIGATION"}) {
        World world;
        auto ask = information_request();
        ask.set("purpose", "strategy-discussion");
        ask.set("requester", Json::object({{"role", "csc.front-door"}}));
        ask.set("to", Json::array({"school.dsl@willow"}));
        ASSERT_EQ(world.office("exampleshire", "POST", "/v1/requests", to_jcs(ask), "q1").status, 201);
        world.deliver();
        const auto mid = inbox_mid(world, "willow");
        auto body = no_share({code}, good_reason);
        body.set("purpose", "strategy-discussion");
        body.set("reply_to", front_door);
        ASSERT_EQ(world.office("willow", "POST", "/v1/requests/" + mid + "/answer", to_jcs(body), "a1").status, 201);
        world.deliver();
        early.push_back(!world.agency("exampleshire").ledger->inbox(0, 9).value().empty());
        world.advance(2h);
        world.deliver();
        auto reply = open_as(world, "exampleshire", "csc.front-door");
        EXPECT_TRUE(reply["reasons"].is_null());
        reply.set("request", "");
        said.push_back(to_jcs(reply));
    }
    EXPECT_EQ(said[0], said[1]);
    EXPECT_EQ(early, (std::vector{false, false})) << "a quick no would tell";
}

TEST(RequirementRelay, RC_12_a_refusal_is_looked_at_again_with_new_facts_and_both_records_are_linked) {
    World world;
    const auto first = world.office("willow", "POST", "/v1/no-share", to_jcs(no_share({"NOT_NECESSARY"}, good_reason)), "n1");
    const std::string before{json_of(first)["decision_id"].text()};
    auto again = parse_json(World::submission("child-protection-referral", {front_door}, referral_case())).value();
    again.set("supersedes", before);
    const auto second = world.office("willow", "POST", "/v1/messages", to_jcs(again), "n2");
    ASSERT_EQ(second.status, 201) << second.body;
    const auto after = record_of(world, "willow", json_of(second)["decision_id"].text());
    EXPECT_EQ(after.dec["links"]["supersedes"].text(), before);
    const auto followed = json_of(world.office("willow", "GET", "/v1/messages/" + before))["followed_by"];
    ASSERT_EQ(followed.size(), 1U);
    EXPECT_EQ(followed.if_array()->front()["decision_id"].text(), after.row.id.str());
}

TEST(RequirementRelay, a_request_is_answered_only_to_whoever_asked) {
    World world;
    ASSERT_EQ(world.office("exampleshire", "POST", "/v1/requests", to_jcs(information_request()), "q1").status, 201);
    world.deliver();
    const auto path = "/v1/requests/" + inbox_mid(world, "examplepolice") + "/answer";
    auto body = no_share({"NOT_NECESSARY"}, good_reason);
    body.set("reply_to", "health.safeguarding@examplenhs");
    const auto answer = world.office("examplepolice", "POST", path, to_jcs(body), "a1");
    EXPECT_EQ(answer.status, 422) << answer.body;
    EXPECT_TRUE(has(codes_of(json_of(answer)), "request/other-agency"));
    const auto holding = Json::object({{"schema", "holding-reply/1"}, {"actor", actor("u-3")}, {"reply_to", front_door}});
    EXPECT_EQ(world.office("examplepolice", "POST", path, to_jcs(holding), "a2").status, 201);
    const auto shared = World::submission("child-protection-referral", {front_door}, referral_case());
    const auto permit = world.office("examplepolice", "POST", path, shared, "a3");
    EXPECT_EQ(permit.status, 201) << permit.body;
    world.deliver();
    EXPECT_EQ(open_as(world, "exampleshire", "csc.front-door", 0)["schema"].text(), "holding-reply/1");
    EXPECT_EQ(open_as(world, "exampleshire", "csc.front-door", 1)["schema"].text(), "view/1");
}

// ---- reviews ----------------------------------------------------------------------------------------------------------

TEST(Review, what_waits_is_listed_read_with_a_trace_and_let_go_by_somebody_else) {
    World world;
    const auto id = held_referral(world);
    world.deliver();
    EXPECT_TRUE(world.agency("exampleshire").ledger->inbox(0, 9).value().empty());
    const auto list = json_of(world.office("willow", "GET", "/v1/reviews"))["reviews"];
    ASSERT_EQ(list.size(), 1U);
    EXPECT_EQ(list.if_array()->front()["decision_id"].text(), id);
    EXPECT_FALSE(list.if_array()->front()["due"].text().empty());
    EXPECT_EQ(to_jcs(list).find("Maybury"), std::string::npos);

    const auto one = json_of(world.office("willow", "GET", "/v1/reviews/" + id));
    EXPECT_TRUE(one["now"]["recipients"].if_array()->front()["view"].is_object());
    EXPECT_EQ(json_of(world.office("willow", "GET", "/v1/messages/" + id))["events"].if_array()->front()["type"].text(), "read/1");

    const auto released =
        world.office("willow", "POST", "/v1/reviews/" + id, to_jcs(review(id, "release", review_reason, "u-head")), "r1");
    ASSERT_EQ(released.status, 201) << released.body;
    const std::string after{json_of(released)["decision_id"].text()};
    world.deliver();
    EXPECT_EQ(open_as(world, "exampleshire", "csc.front-door")["schema"].text(), "view/1");
    EXPECT_EQ(json_of(world.office("willow", "GET", "/v1/reviews"))["reviews"].size(), 0U);
    EXPECT_EQ(world.office("willow", "GET", "/v1/reviews/" + id).status, 404) << "what was held is gone";
    const auto record = record_of(world, "willow", after);
    EXPECT_EQ(record.dec["review"]["of"].text(), id);
    const auto events = world.agency("willow").ledger->events_of(id).value();
    const auto said = std::ranges::find(events, "review/1", &ledger::LoggedEvent::type);
    ASSERT_NE(said, events.end());
    EXPECT_EQ(said->fields["by"].text(), after);
    EXPECT_EQ((*said->personal)["actor"]["user"].text(), "u-head");
    EXPECT_FALSE((*said->personal)["signature"].is_null());
}

TEST(Review, not_by_the_sender_not_without_a_reason_not_unsigned) {
    World world;
    const auto id = held_referral(world);
    const auto path = "/v1/reviews/" + id;
    const auto own = world.office("willow", "POST", path, to_jcs(review(id, "release", review_reason, "u-204")), "r1");
    EXPECT_EQ(own.status, 403) << own.body;
    const auto silent = world.office("willow", "POST", path, to_jcs(review(id, "release", "fine", "u-head")), "r2");
    EXPECT_EQ(silent.status, 422);
    EXPECT_TRUE(has(codes_of(json_of(silent)), "review/reason-missing")) << silent.body;
    auto unsigned_review = review(id, "release", review_reason, "u-head");
    unsigned_review.set("signature", Json{});
    EXPECT_EQ(world.office("willow", "POST", path, to_jcs(unsigned_review), "r3").status, 422);
    const auto stranger = crypto::SigningKey::generate(crypto::SignatureAlg::ed25519);
    EXPECT_EQ(world.office("willow", "POST", path, to_jcs(review(id, "release", review_reason, "u-head", stranger)), "r4").status, 422);
    auto swapped = review(id, "refuse", review_reason, "u-head");
    swapped.set("decision", "release");
    EXPECT_EQ(world.office("willow", "POST", path, to_jcs(swapped), "r5").status, 422) << "signed for another answer";
    EXPECT_EQ(json_of(world.office("willow", "GET", "/v1/reviews"))["reviews"].size(), 1U) << "it still waits";
}

TEST(Review, refused_or_returned_nothing_leaves_and_the_second_answer_comes_too_late) {
    World world;
    const auto id = held_referral(world);
    const auto refused =
        world.office("willow", "POST", "/v1/reviews/" + id, to_jcs(review(id, "refuse", review_reason, "u-head")), "r1");
    EXPECT_EQ(refused.status, 200) << refused.body;
    EXPECT_EQ(json_of(refused)["outcome"].text(), "DENY");
    world.deliver();
    EXPECT_TRUE(world.agency("exampleshire").ledger->inbox(0, 9).value().empty());
    const auto late =
        world.office("willow", "POST", "/v1/reviews/" + id, to_jcs(review(id, "release", review_reason, "u-other")), "r2");
    EXPECT_EQ(late.status, 404) << late.body;
    const auto again =
        world.office("willow", "POST", "/v1/reviews/" + id, to_jcs(review(id, "refuse", review_reason, "u-head")), "r1");
    EXPECT_EQ(again.body == refused.body, true) << "the same key and body get the same answer";
}

TEST(Review, a_recipient_that_was_told_at_once_is_not_told_again) {
    World world;
    auto tree = referral_case();
    tree.set("home_authority", "othershire");
    const auto answer = world.office("willow", "POST", "/v1/messages",
                                     World::submission("child-protection-referral", {police, front_door}, std::move(tree)), "k");
    ASSERT_EQ(answer.status, 201) << answer.body;
    const std::string id{json_of(answer)["decision_id"].text()};
    ASSERT_EQ(json_of(world.office("willow", "GET", "/v1/reviews"))["reviews"].size(), 1U);
    ASSERT_EQ(world.office("willow", "POST", "/v1/reviews/" + id, to_jcs(review(id, "release", review_reason, "u-head")), "r").status, 201);
    world.deliver();
    EXPECT_EQ(world.agency("examplepolice").ledger->inbox(0, 9).value().size(), 1U);
    EXPECT_EQ(world.agency("exampleshire").ledger->inbox(0, 9).value().size(), 1U);
}

// ---- afterwards -------------------------------------------------------------------------------------------------------

TEST(RequirementRelay, AC_5_a_correction_goes_to_everyone_who_was_sent_the_first_one_and_both_stay) {
    World world;
    const auto first = world.office("willow", "POST", "/v1/messages",
                                    World::submission("child-protection-referral", {front_door, police}, referral_case()), "k1");
    ASSERT_EQ(first.status, 201);
    const std::string id{json_of(first)["decision_id"].text()};
    world.deliver();
    auto tree = referral_case();
    tree.find("concerns")->if_array()->front().set("text", "The bruise was on the right arm, not the left.");
    auto body = Json::object({{"schema", "correction/1"}, {"reason", "WRONG_FACT"}});
    body.set("submission", parse_json(World::submission("child-protection-referral", {front_door}, std::move(tree))).value());
    const auto corrected = world.office("willow", "POST", "/v1/messages/" + id + "/correct", to_jcs(body), "k2");
    ASSERT_EQ(corrected.status, 201) << corrected.body;
    EXPECT_EQ(json_of(corrected)["action"].text(), "corrected");
    world.deliver();
    const auto record = record_of(world, "willow", id);
    for (const auto& [at, role] : {std::pair{"exampleshire", "csc.front-door"}, std::pair{"examplepolice", "police.public-protection"}}) {
        const auto view = open_as(world, at, role, 1);
        EXPECT_EQ(view["correction"]["reason"].text(), "WRONG_FACT");
        EXPECT_EQ(view["correction"]["of"].text(), inbox_mid(world, at, 0)) << "its own copy, by its own id";
        EXPECT_EQ(open_as(world, at, role, 0)["correction"].is_null(), true) << "the first copy stays";
    }
    EXPECT_EQ(json_of(world.office("willow", "GET", "/v1/messages/" + id))["followed_by"].size(), 1U);
    body.set("reason", "BECAUSE");
    EXPECT_EQ(world.office("willow", "POST", "/v1/messages/" + id + "/correct", to_jcs(body), "k3").status, 422);
}

TEST(RequirementRelay, AC_5_who_may_not_have_the_corrected_copy_is_told_not_to_rely_on_the_old_one) {
    World world;
    const auto first = world.office("willow", "POST", "/v1/messages",
                                    World::submission("child-protection-referral", {front_door}, referral_case()), "k1");
    const std::string id{json_of(first)["decision_id"].text()};
    world.deliver();
    auto tree = referral_case();
    tree.find("basis")->set("article6", "");
    auto body = Json::object({{"schema", "correction/1"}, {"reason", "WRONG_FACT"}});
    body.set("submission", parse_json(World::submission("child-protection-referral", {front_door}, std::move(tree))).value());
    const auto corrected = world.office("willow", "POST", "/v1/messages/" + id + "/correct", to_jcs(body), "k2");
    EXPECT_EQ(corrected.status, 422) << corrected.body;
    world.deliver();
    const auto notice = open_as(world, "exampleshire", "csc.front-door", 1);
    EXPECT_EQ(notice["schema"].text(), "correction-notice/1");
    EXPECT_EQ(notice["of"].text(), inbox_mid(world, "exampleshire", 0));
}

TEST(RequirementRelay, CO_10_a_withdrawal_stops_later_sharing_and_reaches_those_who_were_told) {
    World world;
    auto tree = consented_case();
    const auto submit = [&](const std::string& key) {
        return world.office("willow", "POST", "/v1/messages", World::submission("child-in-need-referral", {front_door}, Json{tree}), key);
    };
    const auto first = submit("k1");
    ASSERT_EQ(first.status, 201) << first.body;
    world.deliver();
    world.advance(1h);
    auto body = Json::object({{"schema", "withdrawal/1"}, {"actor", actor("u-204")}, {"case_ref", tree["case_ref"]},
                              {"who", tree["consent"]["to_share"]["who"]}, {"on", "2026-03-03"}});
    const auto withdrawn = world.office("willow", "POST", "/v1/consents", to_jcs(body), "w1");
    ASSERT_EQ(withdrawn.status, 201) << withdrawn.body;
    world.deliver();
    const auto notice = open_as(world, "exampleshire", "csc.front-door", 1);
    EXPECT_EQ(notice["schema"].text(), "consent-notice/1");
    EXPECT_EQ(notice["case_ref"].text(), open_as(world, "exampleshire", "csc.front-door", 0)["case_ref"].text())
        << "so that it finds the case, under its own reference";
    world.advance(1h);
    const auto second = submit("k2");
    EXPECT_EQ(second.status, 403) << second.body;
    EXPECT_TRUE(has(codes_of(json_of(second)), "consent/withdrawn")) << second.body;
    EXPECT_EQ(record_of(world, "willow", json_of(first)["decision_id"].text()).row.outcome, "PERMIT") << "history stays";
    body.set("notify", false);
    EXPECT_EQ(world.office("willow", "POST", "/v1/consents", to_jcs(body), "w2").status, 422) << "not telling needs its reason";
}

TEST(RequirementRelay, FW_7_a_draft_at_high_risk_is_decided_about_or_somebody_is_told) {
    World world;
    const auto draft = Json::object({{"schema", "draft/1"}, {"id", "D-1"}, {"risk_level", "high"}, {"actor", actor("u-204")}});
    ASSERT_EQ(world.office("willow", "POST", "/v1/drafts", to_jcs(draft)).status, 201);
    const auto deleted = world.office("willow", "DELETE", "/v1/drafts/D-1");
    EXPECT_EQ(deleted.status, 409);
    EXPECT_NE(json_of(deleted)["type"].text().find("draft/decision-required"), std::string_view::npos);
    std::set<std::string> told;
    auto& willow = world.agency("willow");
    tell_overdue(*willow.gateway, told);
    EXPECT_FALSE(has(willow.events, "gw.duty.overdue"));
    world.advance(5h);
    tell_overdue(*willow.gateway, told);
    tell_overdue(*willow.gateway, told);
    EXPECT_EQ(std::ranges::count(willow.events, "gw.duty.overdue"), 1) << "told once";
    ASSERT_EQ(world.office("willow", "POST", "/v1/no-share?draft=D-1", to_jcs(no_share({"NOT_NECESSARY"}, good_reason)), "n1").status, 201);
    EXPECT_EQ(world.office("willow", "DELETE", "/v1/drafts/D-1").status, 200);
    const auto low = Json::object({{"schema", "draft/1"}, {"id", "D-2"}, {"risk_level", "low"}, {"actor", actor("u-204")}});
    ASSERT_EQ(world.office("willow", "POST", "/v1/drafts", to_jcs(low)).status, 201);
    EXPECT_EQ(world.office("willow", "DELETE", "/v1/drafts/D-2").status, 200);
}

TEST(RequirementRelay, OP_7_a_family_to_be_told_later_is_listed_when_the_day_has_passed) {
    World world;
    auto tree = referral_case();
    tree.find("informing")->set("inform_review_on", "2026-03-05");
    ASSERT_EQ(world.office("willow", "POST", "/v1/messages", World::submission("child-protection-referral", {front_door}, std::move(tree)), "k").status, 201);
    EXPECT_EQ(json_of(world.office("willow", "GET", "/v1/duties?kind=inform-review"))["duties"].size(), 0U);
    world.advance(24h * 3);
    EXPECT_EQ(json_of(world.office("willow", "GET", "/v1/duties?kind=inform-review"))["duties"].size(), 1U);
}

TEST(RequirementRelay, RC_11_what_was_told_by_telephone_is_recorded_afterwards_and_nothing_is_sent) {
    World world;
    auto body = Json::object({{"schema", "phone-share/1"}, {"told_at", "2026-03-03T12:05:00Z"}});
    body.set("submission", parse_json(World::submission("child-protection-referral", {front_door}, referral_case())).value());
    const auto answer = world.office("willow", "POST", "/v1/phone-shares", to_jcs(body), "p1");
    ASSERT_EQ(answer.status, 201) << answer.body;
    const auto record = record_of(world, "willow", json_of(answer)["decision_id"].text());
    EXPECT_EQ(record.dec["action"].text(), "shared-by-phone");
    EXPECT_EQ(record.dec["channel"].text(), "phone");
    EXPECT_TRUE(record.dec["recorded_late"].is_true());
    EXPECT_TRUE(record.deliveries.empty());
    body.set("told_at", "2027-01-01T00:00:00Z");
    EXPECT_EQ(world.office("willow", "POST", "/v1/phone-shares", to_jcs(body), "p2").status, 422);
}

}  // namespace
}  // namespace cg::relay::testing
