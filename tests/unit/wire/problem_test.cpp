#include "gateway/wire/problem.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace cg::wire {
namespace {

auto body_of(const Response& response) { return parse_json(response.body).value(); }

TEST(Problem, EveryTypeHasAStatusATitleAndAFixSentence) {
    std::set<std::string_view> codes;
    for (const auto types : {problem_types(), problem_families()}) {
        for (const auto& type : types) {
            EXPECT_TRUE(codes.insert(type.code).second) << type.code << " is there twice";
            EXPECT_TRUE(type.status >= 400 && type.status <= 599) << type.code;
            EXPECT_FALSE(type.title.empty()) << type.code;
            EXPECT_TRUE(type.fix.size() > 8 && type.fix.ends_with('.')) << type.code;
            EXPECT_TRUE(std::ranges::all_of(type.code, [](char c) { return (c >= 'a' && c <= 'z') || c == '-' || c == '/'; }));
            EXPECT_EQ(type.fix.find("ata protection"), std::string_view::npos) << "never a reason: " << type.code;
        }
    }
    EXPECT_GE(codes.size(), 40U);
}

TEST(Problem, IsWrittenAsRfc9457Says) {
    ProblemContext context;
    context.errors = {{"format/missing", "/mid", "add this member", ""}, {"consent/refused", "/case/consent", "fix", "CO-3"}};
    context.outcome = "DENY";
    context.instructions = {"Ring the front door."};
    context.decision_id = "dec-x";
    const auto response = problem_response("policy/denied", context);
    EXPECT_EQ(response.status, 403);
    EXPECT_EQ(response.content_type, "application/problem+json");
    const auto body = body_of(response);
    EXPECT_EQ(body["type"].text(), "urn:casegate:problem:policy/denied");
    EXPECT_EQ(body["status"].integer_or(0), 403);
    EXPECT_EQ(body["detail"].text(), problem_type("policy/denied").fix);
    EXPECT_EQ(body["outcome"].text(), "DENY");
    EXPECT_EQ(body.at_pointer("/errors/0/pointer")->text(), "/mid");
    EXPECT_EQ(body.at_pointer("/errors/1/rule")->text(), "CO-3");
    EXPECT_EQ(body.find("purpose"), nullptr);
    EXPECT_EQ(body.at_pointer("/instructions/0")->text(), "Ring the front door.");
}

TEST(Problem, EveryInstanceIsItsOwn) {
    std::set<std::string> seen;
    for (int i = 0; i < 50; ++i) {
        const auto instance = std::string{body_of(problem_response("request/not-found"))["instance"].text()};
        ASSERT_EQ(instance.size(), 45U);
        EXPECT_TRUE(instance.starts_with("urn:uuid:"));
        EXPECT_EQ(instance[23], '4');
        EXPECT_TRUE(seen.insert(instance).second);
    }
}

TEST(Problem, APolicyProblemKeepsItsOwnCode) {
    const auto response = problem_response("consent/refused");
    EXPECT_EQ(response.status, 403);
    EXPECT_EQ(body_of(response)["type"].text(), "urn:casegate:problem:consent/refused");
}

TEST(Problem, AnUnknownCodeIsOurOwnMistake) {
    const auto response = problem_response("no/such-code");
    EXPECT_EQ(response.status, 500);
    EXPECT_EQ(body_of(response)["type"].text(), "urn:casegate:problem:gateway/internal");
}

TEST(Problem, EveryErrorCodeHasItsAnswer) {
    const std::vector<std::pair<Errc, int>> expected{
        {Errc::malformed, 400},   {Errc::truncated, 400}, {Errc::too_large, 413}, {Errc::unauthenticated, 401},
        {Errc::denied, 403},      {Errc::conflict, 409},  {Errc::not_found, 404}, {Errc::timed_out, 504},
        {Errc::cancelled, 503},   {Errc::unavailable, 503}, {Errc::corrupt, 500}, {Errc::unsupported, 501}};
    for (const auto& [code, status] : expected) EXPECT_EQ(error_response(Error{code, "", {}}).status, status) << to_string(code);
}

TEST(Problem, TheFirstProblemOfAnErrorNamesTheAnswer) {
    EXPECT_EQ(problem_code(Error{Errc::denied, "", {{"security/wrong-recipient", "/routing", "x", ""}}}), "security/wrong-recipient");
    EXPECT_EQ(problem_code(Error{Errc::denied, "", {{"recipient/role-not-permitted", "", "x", ""}}}), "recipient/role-not-permitted");
    EXPECT_EQ(problem_code(Error{Errc::malformed, "", {{"format/missing", "/a", "x", ""}}}), "request/invalid");
    EXPECT_EQ(problem_code(Error{Errc::malformed, "", {{"json/malformed", "/a", "x", ""}}}), "request/malformed");
}

TEST(Problem, TheOperatorsDetailStaysInside) {
    const Error error{Errc::corrupt, "CANARY /var/lib/casegate/ledger.db", {}};
    EXPECT_EQ(error_response(error).body.find("CANARY"), std::string::npos);
}

TEST(Problem, TellsAClientWhenToTryAgain) {
    EXPECT_EQ(problem_response("gateway/unavailable").headers.front().first, "Retry-After");
    EXPECT_TRUE(problem_response("request/malformed").headers.empty());
}

}  // namespace
}  // namespace cg::wire
