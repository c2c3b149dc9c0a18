#include "tests/unit/base/json_gen.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>

namespace {

using cg::Json;
using cg::parse_json;
using cg::testing::any_json;
using cg::testing::any_number;

/// The same tree with the members of every object in another order.
auto reversed(const Json& json) -> Json {
    if (const auto* items = json.if_array()) {
        Json out = Json::array();
        for (const auto& item : *items) out.push(reversed(item));
        return out;
    }
    if (const auto* members = json.if_object()) {
        Json out = Json::object();
        for (auto it = members->rbegin(); it != members->rend(); ++it) out.set(it->name, reversed(it->value));
        return out;
    }
    return json;
}

/// Visits every value with its pointer.
template <class Visit>
void walk(const Json& json, const std::string& pointer, const Visit& visit) {
    visit(json, pointer);
    if (const auto* items = json.if_array()) {
        for (std::size_t i = 0; i < items->size(); ++i) walk((*items)[i], pointer + "/" + std::to_string(i), visit);
    } else if (const auto* members = json.if_object()) {
        for (const auto& member : *members) {
            auto longer = pointer;
            cg::append_pointer(longer, member.name);
            walk(member.value, longer, visit);
        }
    }
}

TEST(JsonProperty, BothWrittenFormsParseToTheSameTree) {
    EXPECT_TRUE(rc::check([] {
        const Json json = *any_json(3);
        RC_ASSERT(parse_json(cg::to_jcs(json)).value() == json);
        RC_ASSERT(parse_json(cg::to_pretty_json(json)).value() == json);
    }));
}

TEST(JsonProperty, JcsIsAFixedPointAndBlindToTheOrderOfMembers) {
    EXPECT_TRUE(rc::check([] {
        const Json json = *any_json(3);
        const auto jcs = cg::to_jcs(json);
        RC_ASSERT(cg::to_jcs(parse_json(jcs).value()) == jcs);
        RC_ASSERT(cg::to_jcs(reversed(json)) == jcs);
        RC_ASSERT(reversed(json) == json);
    }));
}

TEST(JsonProperty, ANumberReadsBackAsItself) {
    EXPECT_TRUE(rc::check([] {
        const double number = *any_number();
        const auto text = cg::to_es_number(number);
        RC_ASSERT(std::strtod(text.c_str(), nullptr) == number);
        RC_ASSERT(text.size() <= 25U);
        // A whole number of up to 21 digits is written as an integer literal, which beyond 2^53 is not I-JSON.
        if (text.find_first_of(".e") == std::string::npos && std::abs(number) > 9007199254740992.0)
            RC_ASSERT(parse_json(text).has_error());
        else
            RC_ASSERT(*parse_json(text).value().if_number() == number);
    }));
}

TEST(JsonProperty, EveryValueIsFoundAtItsPointer) {
    EXPECT_TRUE(rc::check([] {
        const Json json = *any_json(3);
        walk(json, "", [&json](const Json& value, const std::string& pointer) { RC_ASSERT(json.at_pointer(pointer) == &value); });
    }));
}

TEST(JsonProperty, NoPrefixOfAnObjectIsAJsonText) {
    EXPECT_TRUE(rc::check([] {
        const auto text = cg::to_jcs(Json::array({*any_json(2)}));
        const auto cut = *rc::gen::inRange<std::size_t>(0, text.size());
        const auto result = parse_json(std::string_view{text}.substr(0, cut));
        RC_ASSERT(result.has_error());
        RC_ASSERT(result.error().problems.size() == 1U);
    }));
}

TEST(JsonProperty, ADuplicatedMemberIsRefusedWhereverItStands) {
    EXPECT_TRUE(rc::check([] {
        const auto name = cg::to_jcs(Json{*cg::testing::any_text()});
        const auto before = *rc::gen::inRange(0, 60);
        const auto depth = *rc::gen::inRange<std::size_t>(0, 30);
        std::string text;
        for (std::size_t i = 0; i < depth; ++i) text += R"([0,)";
        text += "{" + name + ":1";
        for (int i = 0; i < before; ++i) text += ",\"other \\u0007 name " + std::to_string(i) + "\":null";
        text += "," + name + ":1}" + std::string(depth, ']');
        const auto result = parse_json(text);
        RC_ASSERT(result.has_error());
        RC_ASSERT(result.error().problems.at(0).fix.find("twice") != std::string::npos);
    }));
}

TEST(JsonProperty, RandomBytesNeverBreakTheParser) {
    EXPECT_TRUE(rc::check([] {
        const auto bytes = *rc::gen::container<cg::Bytes>(
            rc::gen::oneOf(rc::gen::arbitrary<std::uint8_t>(), rc::gen::elementOf(cg::to_bytes("[]{}:,\"\\u0eE+-.truefalsnd \n"))));
        const auto result = parse_json(cg::ByteView{bytes});
        if (result.has_value()) RC_ASSERT(parse_json(cg::to_pretty_json(result.value())).value() == result.value());
    }));
}

}  // namespace
