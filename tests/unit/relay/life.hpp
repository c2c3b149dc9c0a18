#pragma once
/// What tests of the life around a decision share: bodies of the office API, and the record and inbox afterwards.

#include "tests/unit/relay/cases.hpp"
#include "tests/unit/relay/world.hpp"

#include "crypto/jws.hpp"
#include "gateway/relay/seal.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace cg::relay::testing::life {

inline const std::string front_door = "csc.front-door@exampleshire";
inline const std::string police = "police.public-protection@examplepolice";

inline auto json_of(const wire::Response& response) -> Json {
    auto parsed = parse_json(response.body);
    EXPECT_TRUE(parsed.has_value()) << response.body;
    return parsed.has_value() ? std::move(parsed).value() : Json{};
}

inline auto id_of(const wire::Response& response) -> std::string {
    const auto body = json_of(response);
    return std::string{body["decision_id"].text()};
}

inline auto type_of(const wire::Response& response) -> std::string {
    const auto body = json_of(response);
    return std::string{body["type"].text()};
}

inline auto codes_of(const wire::Response& response) -> std::vector<std::string> {
    const auto body = json_of(response);
    std::vector<std::string> out;
    if (const auto* errors = body["errors"].if_array())
        for (const auto& error : *errors) out.emplace_back(error["code"].text());
    return out;
}

inline auto warnings_of(const wire::Response& response) -> std::vector<std::string> {
    const auto body = json_of(response);
    std::vector<std::string> out;
    if (const auto* warnings = body["warnings"].if_array())
        for (const auto& warning : *warnings) out.emplace_back(warning["type"].text());
    return out;
}

inline auto has(const std::vector<std::string>& list, std::string_view one) -> bool {
    return std::ranges::find(list, one) != list.end();
}

inline auto actor(std::string_view user) -> Json {
    return Json::object({{"user", user}, {"role", "designated safeguarding lead"}, {"auth", "passkey"}});
}

inline auto inbox_of(World& world, std::string_view at) -> std::vector<ledger::InboxItem> {
    return world.agency(at).ledger->inbox(0, 50).value();
}
inline auto inbox_mid(World& world, std::string_view at, std::size_t index = 0) -> std::string {
    return inbox_of(world, at).at(index).mid.str();
}

/// The nth message of an agency's inbox, opened as `role`.
inline auto open_as(World& world, std::string_view at, const std::string& role, std::size_t index = 0) -> Json {
    auto& here = world.agency(at);
    const auto items = inbox_of(world, at);
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

inline auto record_of(World& world, std::string_view at, std::string_view id) -> ledger::DecisionRecord {
    return world.agency(at).ledger->show(DecisionId::parse(id).value()).value();
}

inline constexpr std::string_view good_reason =
    "The paediatrician found an explanation for the bruise, and the family asked for help themselves.";
inline constexpr std::string_view review_reason = "I have read the case and rung the school; the area is right.";

inline auto no_share(std::vector<std::string> codes, std::string_view text) -> Json {
    auto out = Json::object({{"schema", "no-share/1"}, {"purpose", "child-protection-referral"}, {"actor", actor("u-204")}});
    out.set("reasons", Json::object({{"codes", Json::texts(codes)}, {"text", text}}));
    auto tree = referral_case();
    tree.find("risk")->set("significant_harm", false);
    out.set("case", std::move(tree));
    return out;
}

inline auto review(const std::string& id, std::string_view decision, std::string_view reason, std::string_view user,
                   const crypto::SigningKey& key = World::caller_key()) -> Json {
    const auto statement = Json::object(
        {{"review", id}, {"decision", decision}, {"reason_sha256", to_hex(crypto::sha256(reason))}});
    auto out = Json::object({{"schema", "review/1"}, {"decision", decision}, {"reason", reason}, {"actor", actor(user)}});
    crypto::JwsHeader header;
    header.typ = "casegate-review+jws";
    out.set("signature", crypto::sign_jws(key, header, view_bytes(to_jcs(statement))));
    return out;
}

/// A second person's word about what is held at willow.
inline auto reviewed(World& world, const std::string& id, std::string_view decision, const std::string& key = "review")
    -> wire::Response {
    return world.office("willow", "POST", "/v1/reviews/" + id, to_jcs(review(id, decision, review_reason, "u-head")), key);
}

inline auto foreign_case() -> Json {
    auto tree = referral_case();
    tree.set("home_authority", "othershire");
    return tree;
}

/// A referral for a child of another area: a second person looks first.
inline auto held_referral(World& world, const std::string& key = "held", const std::vector<std::string>& to = {front_door},
                          const std::string& path = "/v1/messages") -> std::string {
    const auto answer = world.office("willow", "POST", path, World::submission("child-protection-referral", to, foreign_case()), key);
    EXPECT_TRUE(answer.status == 202 || to.size() > 1) << answer.body;
    return id_of(answer);
}

/// From now on the council serves the child's area, too: the policy asks nobody to look any more.
inline void serve_othershire(World& world) {
    world.use_directory(
        world.directory_with("exampleshire", [](certs::Descriptor& d) { d.areas.emplace_back("othershire"); }));
}

inline auto information_request() -> Json {
    return parse_json(R"({"schema": "request/1", "identifier": "R-77", "requester": {"role": "csc.front-door"},
        "to": ["police.public-protection@examplepolice"], "purpose": "child-protection-referral", "policy": "ISA-EX-014",
        "actor": {"user": "u-901", "role": "social worker", "auth": "passkey"},
        "basis": {"article6": "6.1.e", "article6_ref": "Children Act 1989 s.47"},
        "person": {"given_names": "Wren", "family_name": "Maybury", "date_of_birth": "2017-09-04", "nhs_number": "9990002118"},
        "asked": ["fam_crime"], "why": "Wren may be living with somebody who has hurt children before."})")
        .value();
}

/// The council asks the school; the policy lets nobody learn from a refusal whether anything is known.
inline auto hidden_request(World& world, const std::string& key = "q1") -> std::string {
    auto body = information_request();
    body.set("purpose", "strategy-discussion");
    body.set("to", Json::array({"school.dsl@willow"}));
    const auto answer = world.office("exampleshire", "POST", "/v1/requests", to_jcs(body), key);
    EXPECT_EQ(answer.status, 201) << answer.body;
    world.deliver();
    const auto items = inbox_of(world, "willow");
    return items.empty() ? std::string{} : items.back().mid.str();
}

inline auto hidden_refusal(std::string_view text = good_reason) -> Json {
    auto body = no_share({"PREJUDICE_INVESTIGATION"}, text);
    body.set("purpose", "strategy-discussion");
    body.set("reply_to", front_door);
    return body;
}
inline constexpr std::string_view organisational_reason =
    "Passing this on would damage our reputation with the parents of the school.";

}  // namespace cg::relay::testing::life
