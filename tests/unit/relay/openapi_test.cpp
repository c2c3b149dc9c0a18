// The description of the office API says what the gateway does, and nothing else.
#include "tests/unit/relay/world.hpp"

#include "gateway/relay/api.hpp"
#include "gateway/relay/openapi.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

namespace cg::relay::testing {
namespace {

auto document() -> const Json& {
    static const Json parsed = parse_json(openapi_document(), {.max_bytes = 8U << 20U, .max_depth = 64}).value();
    return parsed;
}

/// Whatever an id is called: "/v1/inbox/{mid}" as "/v1/inbox/{id}".
auto with_plain_id(std::string path) -> std::string {
    const auto open = path.find('{');
    return open == std::string::npos ? path : path.replace(open, path.find('}') - open + 1, "{id}");
}

auto right_of(Permission permission) -> std::string_view {
    switch (permission) {
        case Permission::send: return "send";
        case Permission::check: return "check";
        case Permission::read_inbox: return "read-inbox";
        case Permission::acknowledge: return "ack";
        case Permission::review: return "review";
    }
    return "";
}

struct Operation {
    std::string name;  ///< "POST /v1/messages"
    const Json* json;
};

auto operations() -> std::vector<Operation> {
    std::vector<Operation> out;
    for (const auto& path : *document()["paths"].if_object()) {
        for (const auto& method : *path.value.if_object()) {
            auto name = method.name;
            std::ranges::transform(name, name.begin(), [](char c) { return static_cast<char>(c - 'a' + 'A'); });
            out.push_back({name + " " + with_plain_id(path.name), &method.value});
        }
    }
    return out;
}

void collect_refs(const Json& json, std::vector<std::string>& out) {
    if (const auto* members = json.if_object()) {
        for (const auto& member : *members) {
            if (member.name == "$ref") out.emplace_back(member.value.text());
            collect_refs(member.value, out);
        }
    }
    if (const auto* items = json.if_array())
        for (const auto& item : *items) collect_refs(item, out);
}

TEST(OpenApi, EveryRouteIsDescribedWithItsRightAndNoOther) {
    std::map<std::string, std::string> served;
    for (const auto& route : office_routes()) served.emplace(route.method + " " + route.path, right_of(route.permission));
    served.emplace("GET /v1/openapi.json", "any");
    std::map<std::string, std::string> described;
    for (const auto& [name, operation] : operations()) described.emplace(name, (*operation)["x-right"].text());
    EXPECT_EQ(described, served);
}

TEST(OpenApi, EveryOperationSaysHowItCanFailAndShowsABody) {
    for (const auto& [name, operation] : operations()) {
        EXPECT_FALSE((*operation)["summary"].text().empty()) << name;
        const auto& responses = (*operation)["responses"];
        if (name == "GET /v1/openapi.json") continue;
        for (const char* status : {"401", "403", "503"}) EXPECT_NE(responses.find(status), nullptr) << name << status;
        const auto* body = operation->find("requestBody");
        if (body == nullptr) continue;
        const auto& content = (*body)["content"]["application/json"];
        EXPECT_TRUE(content.find("example") != nullptr || content.find("examples") != nullptr) << name;
        for (const char* status : {"400", "422"}) EXPECT_NE(responses.find(status), nullptr) << name << status;
    }
}

TEST(OpenApi, WhatItRefersToIsThere) {
    std::vector<std::string> refs;
    collect_refs(document(), refs);
    ASSERT_GT(refs.size(), 100U);
    for (const auto& ref : refs) {
        ASSERT_TRUE(ref.starts_with("#/")) << ref;
        EXPECT_NE(document().at_pointer(ref.substr(1)), nullptr) << ref;
    }
    for (const auto& schema : *document()["components"]["schemas"].if_object())
        EXPECT_NE(std::ranges::find(refs, "#/components/schemas/" + schema.name), refs.end()) << schema.name << " is not used";
}

TEST(OpenApi, AnUndescribedAddressIsNotServed) {
    World world;
    EXPECT_EQ(world.office("willow", "GET", "/v1/nothing").status, 404);
    EXPECT_EQ(world.office("willow", "GET", "/v1/no-share").status, 405);
}

/// An example that the gateway would not take teaches the wrong thing.
TEST(OpenApi, TheExamplesAreTaken) {
    World world;
    std::size_t tried = 0;
    for (const char* path : {"/v1/no-share", "/v1/requests", "/v1/consents", "/v1/drafts", "/v1/checks"}) {
        const auto& operation = document()["paths"][path]["post"];
        const auto& example = operation["requestBody"]["content"]["application/json"]["example"];
        ASSERT_TRUE(example.is_object()) << path;
        // The world's council asks; everything else is the school's.
        const char* agency = std::string_view{path} == "/v1/requests" ? "exampleshire" : "willow";
        const auto answer = world.office(agency, "POST", path, to_jcs(example), "example-" + std::to_string(++tried));
        EXPECT_TRUE(answer.status == 200 || answer.status == 201) << path << answer.status << answer.body;
    }
}

}  // namespace
}  // namespace cg::relay::testing
