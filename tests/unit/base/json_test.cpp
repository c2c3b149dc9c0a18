#include "gateway/base/json.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <clocale>

namespace {

using cg::Errc;
using cg::Json;
using cg::parse_json;

/// The one problem of a text that is refused.
auto problem_of(std::string_view text, const cg::JsonLimits& limits = {}) -> cg::Problem {
    const auto result = parse_json(text, limits);
    EXPECT_TRUE(result.has_error()) << text.substr(0, 80);
    if (!result.has_error() || result.error().problems.size() != 1) return {"none", "none", "none", "none"};
    return result.error().problems.front();
}

auto number_of(std::string_view text) -> double {
    const auto result = parse_json(text);
    EXPECT_TRUE(result.has_value()) << text;
    return result.has_value() && result.value().is_number() ? *result.value().if_number() : -1;
}

auto contains(const std::string& text, std::string_view part) -> bool { return text.find(part) != std::string::npos; }

auto nested(std::size_t depth) -> std::string { return std::string(depth, '[') + std::string(depth, ']'); }

TEST(JsonParse, ReadsEachKindOfValue) {
    const auto json = parse_json(R"( {"a":null,"b":true,"c":-1.5,"d":"x","e":[1,2],"f":{"g":false}} )").value();
    EXPECT_TRUE(json["a"].is_null());
    EXPECT_TRUE(json["b"].is_true());
    EXPECT_EQ(*json["c"].if_number(), -1.5);
    EXPECT_EQ(json["d"].text(), "x");
    EXPECT_EQ(json["e"].size(), 2U);
    EXPECT_FALSE(json["f"]["g"].is_true());
    EXPECT_EQ(json["f"].kind(), "object");
    EXPECT_TRUE(json["missing"].is_null());
}

TEST(JsonParse, KeepsTheOrderOfMembers) {
    const auto json = parse_json(R"({"z":1,"a":2,"m":3})").value();
    EXPECT_EQ((*json.if_object())[0].name, "z");
    EXPECT_EQ((*json.if_object())[2].name, "m");
}

TEST(JsonParse, SaysThatThereIsNothing) {
    for (const auto* text : {"", " ", "\n\t \r"}) EXPECT_TRUE(contains(problem_of(text).fix, "the input is empty")) << text;
}

TEST(JsonParse, SaysThatTheTextEndsEarly) {
    for (const auto* text : {"{", "[1", "[1,", R"({"a")", R"({"a":)", R"({"a":"b)", "tru", "\"\\u00", "-", "1e"})
        EXPECT_TRUE(contains(problem_of(text).fix, "ends early")) << text << " gave " << problem_of(text).fix;
    EXPECT_EQ(problem_of(R"({"a":{"b":[1,{"c":)").pointer, "/a/b/1/c");
}

TEST(JsonParse, SaysWhatFollowsTheEnd) {
    for (const auto* text : {"{} x", "{}{}", "1 2", "[] ,", "null\n\n!"}) {
        EXPECT_TRUE(contains(problem_of(text).fix, "what follows the end")) << text << " gave " << problem_of(text).fix;
        EXPECT_EQ(problem_of(text).pointer, "");
    }
    EXPECT_TRUE(contains(problem_of("{}\n \nx").fix, "line 3, column 1"));
    EXPECT_TRUE(contains(problem_of(std::string_view{"{}\0", 3}).fix, "what follows the end"));
    EXPECT_TRUE(parse_json("{}\n\r\t ").has_value());
}

TEST(JsonParse, SaysThatAByteOrderMarkIsInTheWay) {
    EXPECT_TRUE(contains(problem_of("\xef\xbb\xbf{}").fix, "byte-order mark"));
    problem_of("\xff\xfe{\0}\0");
    problem_of("\xef\xbb");
}

TEST(JsonParse, PointsAtTheLineAndColumnOfBadSyntax) {
    const auto problem = problem_of("{\n \"a\": [1, 2,, 3]\n}");
    EXPECT_EQ(problem.pointer, "/a/2");
    EXPECT_TRUE(contains(problem.fix, "line 2, column 13")) << problem.fix;
}

TEST(JsonParse, RefusesADuplicateMemberAtEveryDepth) {
    EXPECT_EQ(problem_of(R"({"a":1,"a":1})").pointer, "/a");
    EXPECT_EQ(problem_of(R"({"a":1,"\u0061":2})").pointer, "/a") << "two spellings of one name";
    EXPECT_EQ(problem_of(R"({"x":[0,{"y":{"b~/":1,"b~/":2}}]})").pointer, "/x/1/y/b~0~1");
    EXPECT_EQ(problem_of(R"({"":1,"":1})").pointer, "/");
    std::string deep;
    for (int i = 0; i < 30; ++i) deep += R"({"k":)";
    deep += R"({"q":1,"q":2})" + std::string(30, '}');
    EXPECT_TRUE(problem_of(deep).pointer.ends_with("/k/q"));
    EXPECT_TRUE(parse_json(R"([{"a":1},{"a":1}])").has_value()) << "the same name in two objects is no duplicate";
}

TEST(JsonParse, RefusesADuplicateAmongManyMembers) {
    for (const int first : {0, 5, 23, 24, 60}) {
        std::string text = "{";
        for (int i = 0; i < 80; ++i) text += "\"m" + std::to_string(i) + "\":0,";
        text += "\"m" + std::to_string(first) + "\":0}";
        EXPECT_EQ(problem_of(text).pointer, "/m" + std::to_string(first));
    }
}

TEST(JsonParse, RefusesLoneSurrogates) {
    for (const auto* text : {R"(["\ud800"])", R"(["\udc00"])", R"(["\ud800\ud800"])", R"(["\ud800x"])", R"(["\ud800\n"])",
                             R"(["\udc00\ud800"])", R"({"\ud83d":1})", "[\"\xed\xa0\x80\"]", "[\"\xed\xb0\x80\"]"})
        problem_of(text);
    EXPECT_EQ(parse_json(R"("\ud83d\ude00")").value().text(), "\xf0\x9f\x98\x80");
}

TEST(JsonParse, RefusesBytesThatAreNotUtf8) {
    for (const auto* bad : {"\x80", "\xc0\xaf", "\xc3", "\xe0\x80\xaf", "\xf0\x80\x80\xaf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80",
                            "\xff", "\xe2\x82"}) {
        problem_of(std::string{"[\""} + bad + "\"]");
        problem_of(std::string{"{\""} + bad + "\":1}");
    }
}

TEST(JsonParse, TakesIntegersExactlyUpToTwoToTheFiftyThree) {
    EXPECT_EQ(number_of("9007199254740992"), 9007199254740992.0);
    EXPECT_EQ(number_of("-9007199254740992"), -9007199254740992.0);
    EXPECT_EQ(number_of("9007199254740991"), 9007199254740991.0);
    // 2^53 + 1 would be rounded to 2^53 by a double: it must be read exactly to be refused.
    for (const auto* text : {"9007199254740993", "-9007199254740993", "9223372036854775807", "9223372036854775808",
                             "18446744073709551616", "100000000000000000000000000000000000000"}) {
        const auto problem = problem_of(std::string{R"({"n":[)"} + text + "]}");
        EXPECT_EQ(problem.pointer, "/n/0");
        EXPECT_TRUE(contains(problem.fix, "2^53"));
        EXPECT_FALSE(contains(problem.fix, text)) << "the value itself must not be in the error";
    }
    problem_of(std::string(400, '9'));
}

TEST(JsonParse, RefusesALargeIntegerHoweverItIsWritten) {
    for (const auto* text : {"1e16", "9007199254740994.0", "-1e20", "999999999999999900000.0", "1.00000000000000000000e18"})
        EXPECT_TRUE(contains(problem_of(text).fix, "2^53")) << text;
    for (const auto* text : {"1e21", "1e22", "123e45", "9007199254740992.0", "-9.007199254740992e15", "4503599627370497.5"}) {
        const auto jcs = cg::to_jcs(Json{number_of(text)});
        EXPECT_EQ(number_of(jcs), number_of(text)) << jcs;
    }
}

TEST(JsonParse, RefusesWhatOverflowsADouble) {
    for (const auto* text : {"1e400", "-1e400", "1e309", "1.0e999999999", "123456789.5e308", "0.001e320"})
        EXPECT_TRUE(contains(problem_of(text).fix, "too large")) << text;
    EXPECT_EQ(number_of("1.7976931348623157e308"), 1.7976931348623157e308);
    EXPECT_EQ(number_of("1000000.0e300"), 1e306);
}

TEST(JsonParse, RefusesAnExponentThatNoIntegerHolds) {
    for (const auto* text : {"1e99999999999999999999", "[1e-99999999999999999999]", "0e99999999999999999999"})
        EXPECT_TRUE(contains(problem_of(text).fix, "exponent")) << text;
}

TEST(JsonParse, TakesWhatUnderflowsAsZero) {
    for (const auto* text : {"1e-400", "-1e-400", "1.5E-999999999", "0e400", "0.0e+999999999"})
        EXPECT_EQ(number_of(text), 0.0) << text;
    EXPECT_EQ(number_of("0." + std::string(500, '0') + "1e50"), 0.0) << "a positive exponent and yet an underflow";
    EXPECT_EQ(number_of("5e-324"), 5e-324);
    EXPECT_EQ(number_of("-0"), 0.0);
}

TEST(JsonParse, ReadsNumbersTheSameInEveryLocale) {
    const std::string before = std::setlocale(LC_NUMERIC, nullptr);
    for (const auto* name : {"de_DE.UTF-8", "fr_FR.UTF-8", "C.UTF-8"}) {
        std::setlocale(LC_NUMERIC, name);
        EXPECT_EQ(number_of("1.5e-400"), 0.0);
        EXPECT_EQ(number_of("1.5"), 1.5);
    }
    std::setlocale(LC_NUMERIC, before.c_str());
}

TEST(JsonParse, RefusesWhatIsOnlyAlmostANumber) {
    for (const auto* text : {"01", "-01", "+1", ".5", "1.", "1e", "1e+", "0x10", "NaN", "Infinity", "-Infinity", "1_000", "--1"})
        problem_of(text);
}

TEST(JsonParse, HasALimitOfDepth) {
    EXPECT_TRUE(parse_json(nested(32)).has_value());
    EXPECT_TRUE(contains(problem_of(nested(33)).fix, "at most 32 levels"));
    EXPECT_TRUE(contains(problem_of(nested(10000)).fix, "at most 32 levels"));
    EXPECT_TRUE(contains(problem_of(std::string(10000, '[')).fix, "at most 32 levels"));
    std::string objects;
    for (int i = 0; i < 10000; ++i) objects += R"({"a":)";
    EXPECT_TRUE(contains(problem_of(objects).fix, "at most 32 levels"));
    EXPECT_TRUE(parse_json(nested(3), {.max_depth = 3}).has_value());
    problem_of(nested(4), {.max_depth = 3});
}

TEST(JsonParse, HasALimitOfSize) {
    const auto result = parse_json("[1,2,3]", {.max_bytes = 6});
    ASSERT_TRUE(result.has_error());
    EXPECT_EQ(result.error().code, Errc::too_large);
    EXPECT_TRUE(contains(result.error().problems.at(0).fix, "at most 6 bytes"));
    EXPECT_TRUE(parse_json("[1,2,3]", {.max_bytes = 7}).has_value());
}

TEST(JsonParse, ReportsEveryRefusalTheSameWay) {
    for (const auto* text : {"", "{", "[]]", "\xef\xbb\xbf{}", "1e400", R"({"a":1,"a":2})", "[[[[", "\"\\ud800\""}) {
        const auto result = parse_json(text, {.max_depth = 3});
        ASSERT_TRUE(result.has_error()) << text;
        EXPECT_EQ(result.error().code, Errc::malformed);
        ASSERT_EQ(result.error().problems.size(), 1U);
        EXPECT_EQ(result.error().problems[0].type, "json/malformed");
        EXPECT_FALSE(result.error().problems[0].fix.empty());
    }
}

TEST(JsonParse, KeepsValuesAndHugeNamesOutOfErrors) {
    const std::string secret = "Ottoline Quayle";
    const auto result = parse_json(R"({"name":")" + secret + R"(", "n": 1e999})");
    EXPECT_FALSE(contains(result.error().detail + result.error().problems.at(0).fix, secret));
    EXPECT_EQ(result.error().problems.at(0).pointer, "/n");
    const std::string name(1U << 20U, 'k');
    EXPECT_EQ(problem_of(R"({"outer":{")" + name + R"(":1e999}})").pointer, "/outer");
}

/// Time for an object of `count` members, in seconds.
auto seconds_for(int count) -> double {
    std::string text = "{";
    for (int i = 0; i < count; ++i) text += (i == 0 ? "\"member " : ",\"member ") + std::to_string(i * 7919 % count) + "\":0";
    text += "}";
    const auto start = std::chrono::steady_clock::now();
    const auto json = parse_json(text);
    EXPECT_EQ(json.value().size(), static_cast<std::size_t>(count));
    EXPECT_TRUE(json.value() == parse_json(cg::to_jcs(json.value())).value());
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

TEST(JsonParse, IsNotQuadraticInTheNumberOfMembers) {
    // A bound between the two laws, wide enough for a busy machine: 16 times the members would cost 256 times as much.
    const double small = std::max(seconds_for(6250), 1e-4);
    EXPECT_LT(seconds_for(100000), small * 120);
}

TEST(JsonTree, SetsReplacesAndErasesMembers) {
    Json json;
    json.set("a", 1);
    json.set("b", "two");
    json.set("a", 3);
    EXPECT_EQ(json.size(), 2U);
    EXPECT_EQ(json["a"].integer_or(0), 3);
    json.erase("a");
    json.erase("never there");
    EXPECT_EQ(json.find("a"), nullptr);
    Json list;
    list.push(1);
    list.push(Json::object({{"k", Json::texts(std::vector<std::string>{"x", "y"})}}));
    EXPECT_EQ(cg::to_jcs(list), R"([1,{"k":["x","y"]}])");
}

TEST(JsonTree, TellsWholeNumbersFromOthers) {
    EXPECT_EQ(Json{12}.integer_or(-1), 12);
    EXPECT_EQ(Json{12.5}.integer_or(-1), -1);
    EXPECT_EQ(Json{9007199254740992.0}.integer_or(-1), 9007199254740992);
    EXPECT_EQ(Json{1e300}.integer_or(-1), -1);
    EXPECT_EQ(Json{"12"}.integer_or(-1), -1);
    EXPECT_EQ(Json{true}.integer_or(-1), -1);
}

TEST(JsonTree, EqualityDoesNotCountTheOrderOfMembers) {
    EXPECT_EQ(parse_json(R"({"a":1,"b":[1,2]})").value(), parse_json(R"({"b":[1,2],"a":1})").value());
    EXPECT_FALSE(parse_json("[1,2]").value() == parse_json("[2,1]").value());
    EXPECT_FALSE(parse_json(R"({"a":1})").value() == parse_json(R"({"a":1,"b":1})").value());
    EXPECT_FALSE(parse_json(R"({"a":1})").value() == parse_json(R"({"b":1})").value());
    EXPECT_FALSE(parse_json("[]").value() == parse_json("{}").value());
    EXPECT_FALSE(parse_json("0").value() == parse_json("false").value());
    EXPECT_FALSE(parse_json("null").value() == parse_json("[]").value());
}

TEST(JsonPointer, FindsWhatRfc6901Says) {
    // The document and the pointers of RFC 6901 section 5.
    const auto json = parse_json(R"({"foo":["bar","baz"],"":0,"a/b":1,"c%d":2,"e^f":3,"g|h":4,"i\\j":5,"k\"l":6," ":7,"m~n":8})")
                          .value();
    EXPECT_EQ(json.at_pointer(""), &json);
    EXPECT_EQ(json.at_pointer("/foo/0")->text(), "bar");
    EXPECT_EQ(json.at_pointer("/")->integer_or(-1), 0);
    EXPECT_EQ(json.at_pointer("/a~1b")->integer_or(-1), 1);
    EXPECT_EQ(json.at_pointer("/c%d")->integer_or(-1), 2);
    EXPECT_EQ(json.at_pointer("/i\\j")->integer_or(-1), 5);
    EXPECT_EQ(json.at_pointer("/k\"l")->integer_or(-1), 6);
    EXPECT_EQ(json.at_pointer("/ ")->integer_or(-1), 7);
    EXPECT_EQ(json.at_pointer("/m~0n")->integer_or(-1), 8);
}

TEST(JsonPointer, FindsNothingWhereThereIsNothing) {
    const auto json = parse_json(R"({"foo":["bar","baz"],"a/b":1,"m~n":8,"":{"":5}})").value();
    for (const auto* pointer : {"foo", "/foo/2", "/foo/-", "/foo/00", "/foo/01", "/foo/+1", "/foo/-1", "/foo/1x", "/foo/ 1",
                                "/foo/0/x", "/a/b", "/a~2b", "/m~", "/m~n", "/foo/99999999999999999999999", "/foo/"})
        EXPECT_EQ(json.at_pointer(pointer), nullptr) << pointer;
    EXPECT_EQ(json.at_pointer("//")->integer_or(-1), 5);
}

TEST(JsonWrite, EscapesAsRfc8785Says) {
    EXPECT_EQ(cg::to_jcs(Json{"\b\t\n\f\r\"\\/\x01\x1f\x7f"}), "\"\\b\\t\\n\\f\\r\\\"\\\\/\\u0001\\u001f\x7f\"");
    EXPECT_EQ(cg::to_jcs(Json{std::string_view{"a\0b", 3}}), "\"a\\u0000b\"");
}

TEST(JsonWrite, SortsMembersByUtf16) {
    // The example of RFC 8785 section 3.2.3.
    const auto json = parse_json(R"({"\u20ac":"Euro Sign","\r":"Carriage Return","\ufb33":"Hebrew Letter Dalet With Dagesh",
        "1":"One","\ud83d\ude00":"Emoji: Grinning Face","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis"})")
                          .value();
    EXPECT_EQ(cg::to_jcs(json),
              "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\xc2\x80\":\"Control\",\"\xc3\xb6\":\"Latin Small Letter O With "
              "Diaeresis\",\"\xe2\x82\xac\":\"Euro Sign\",\"\xf0\x9f\x98\x80\":\"Emoji: Grinning "
              "Face\",\"\xef\xac\xb3\":\"Hebrew Letter Dalet With Dagesh\"}");
    EXPECT_EQ(cg::to_jcs(parse_json(R"({"ab":1,"a":2,"":3})").value()), R"({"":3,"a":2,"ab":1})");
    EXPECT_EQ(cg::to_jcs(parse_json(R"({"\uffff":1,"\ue000":2,"\ud7ff":3,"\udbff\udfff":4,"\ud800\udc00":5})").value()),
              "{\"\xed\x9f\xbf\":3,\"\xf0\x90\x80\x80\":5,\"\xf4\x8f\xbf\xbf\":4,\"\xee\x80\x80\":2,\"\xef\xbf\xbf\":1}");
}

TEST(JsonWrite, WritesNumbersAsEcmaScriptDoes) {
    // RFC 8785 appendix B.
    const std::vector<std::pair<double, std::string>> cases{{0.0, "0"}, {-0.0, "0"}, {5e-324, "5e-324"},
        {-5e-324, "-5e-324"}, {1.7976931348623157e308, "1.7976931348623157e+308"}, {9007199254740992.0, "9007199254740992"},
        {295147905179352830000.0, "295147905179352830000"}, {1e21, "1e+21"}, {999999999999999900000.0, "999999999999999900000"},
        {9.999999999999997e22, "9.999999999999997e+22"}, {1e23, "1e+23"}, {0.000001, "0.000001"}, {1e-7, "1e-7"},
        {333333333.33333329, "333333333.3333333"}, {-0.0000033333333333333333, "-0.0000033333333333333333"},
        {1424953923781206.2, "1424953923781206.2"}, {1.5, "1.5"}, {100, "100"}, {0.5, "0.5"}, {1e-10, "1e-10"}};
    for (const auto& [number, text] : cases) EXPECT_EQ(cg::to_es_number(number), text);
}

TEST(JsonWrite, IndentsForPeople) {
    const auto json = parse_json(R"({"b":[1,{}],"a":[]})").value();
    EXPECT_EQ(cg::to_pretty_json(json), "{\n \"b\": [\n  1,\n  {}\n ],\n \"a\": []\n}");
}

}  // namespace
