// The JSON vectors of JSONTestSuite. I-JSON is narrower than JSON: where the two part, the tables below say why.
#include "gateway/base/json.hpp"
#include "tests/oracles/oracle.hpp"

#include <gtest/gtest.h>

#include <map>

namespace {

using cg::Json;

const std::filesystem::path folder = std::filesystem::path{CG_SHARED_DIR} / "vectors/json";

struct Verdict {
    bool accepted;
    const char* reason;
};

constexpr const char* lone = "a lone surrogate stands for no character (RFC 7493 section 2.1)";
constexpr const char* not_utf8 = "the bytes are not UTF-8 (RFC 8259 section 8.1)";
constexpr const char* overflow = "no double holds it (RFC 7493 section 2.2)";
constexpr const char* inexact = "an integer beyond 2^53 is not kept exactly (RFC 7493 section 2.2)";

/// What the suite leaves to the implementation, and what we do.
const std::map<std::string, Verdict> ours{
    {"i_number_double_huge_neg_exp.json", {true, "an underflow is zero"}},
    {"i_number_huge_exp.json", {false, "its exponent is too large for anything"}},
    {"i_number_neg_int_huge_exp.json", {false, overflow}},
    {"i_number_pos_double_huge_exp.json", {false, overflow}},
    {"i_number_real_neg_overflow.json", {false, overflow}},
    {"i_number_real_pos_overflow.json", {false, overflow}},
    {"i_number_real_underflow.json", {true, "an underflow is zero"}},
    {"i_number_too_big_neg_int.json", {false, inexact}},
    {"i_number_too_big_pos_int.json", {false, inexact}},
    {"i_number_very_big_negative_int.json", {false, inexact}},
    {"i_object_key_lone_2nd_surrogate.json", {false, lone}},
    {"i_string_1st_surrogate_but_2nd_missing.json", {false, lone}},
    {"i_string_1st_valid_surrogate_2nd_invalid.json", {false, lone}},
    {"i_string_UTF-16LE_with_BOM.json", {false, not_utf8}},
    {"i_string_UTF-8_invalid_sequence.json", {false, not_utf8}},
    {"i_string_UTF8_surrogate_U+D800.json", {false, not_utf8}},
    {"i_string_incomplete_surrogate_and_escape_valid.json", {false, lone}},
    {"i_string_incomplete_surrogate_pair.json", {false, lone}},
    {"i_string_incomplete_surrogates_escape_valid.json", {false, lone}},
    {"i_string_invalid_lonely_surrogate.json", {false, lone}},
    {"i_string_invalid_surrogate.json", {false, lone}},
    {"i_string_invalid_utf-8.json", {false, not_utf8}},
    {"i_string_inverted_surrogates_U+1D11E.json", {false, lone}},
    {"i_string_iso_latin_1.json", {false, not_utf8}},
    {"i_string_lone_second_surrogate.json", {false, lone}},
    {"i_string_lone_utf8_continuation_byte.json", {false, not_utf8}},
    {"i_string_not_in_unicode_range.json", {false, not_utf8}},
    {"i_string_overlong_sequence_2_bytes.json", {false, not_utf8}},
    {"i_string_overlong_sequence_6_bytes.json", {false, not_utf8}},
    {"i_string_overlong_sequence_6_bytes_null.json", {false, not_utf8}},
    {"i_string_truncated-utf-8.json", {false, not_utf8}},
    {"i_string_utf16BE_no_BOM.json", {false, not_utf8}},
    {"i_string_utf16LE_no_BOM.json", {false, not_utf8}},
    {"i_structure_500_nested_arrays.json", {false, "deeper than our limit of 32"}},
    {"i_structure_UTF-8_BOM_empty_object.json", {false, "a byte-order mark (RFC 8259 section 8.1 forbids writing one)"}},
};

/// Well-formed JSON that I-JSON does not take.
const std::map<std::string, const char*> good_json_that_is_not_i_json{
    {"y_object_duplicated_key.json", "a name stands twice (RFC 7493 section 2.3)"},
    {"y_object_duplicated_key_and_value.json", "a name stands twice (RFC 7493 section 2.3)"},
};

/// What other parsers make different things of.
const std::map<std::string, Verdict> transforms{
    {"number_-9223372036854775808.json", {false, inexact}},
    {"number_-9223372036854775809.json", {false, inexact}},
    {"number_1.0.json", {true, "a double, and the same as 1"}},
    {"number_1.000000000000000005.json", {true, "a double; RFC 7493 section 2.2 lets precision go"}},
    {"number_1000000000000000.json", {true, "within 2^53"}},
    {"number_10000000000000000999.json", {false, inexact}},
    {"number_1e-999.json", {true, "an underflow is zero"}},
    {"number_1e6.json", {true, "a double"}},
    {"number_9223372036854775807.json", {false, inexact}},
    {"number_9223372036854775808.json", {false, inexact}},
    {"object_key_nfc_nfd.json", {true, "two names: nothing is normalised"}},
    {"object_key_nfd_nfc.json", {true, "two names: nothing is normalised"}},
    {"object_same_key_different_values.json", {false, "a name stands twice"}},
    {"object_same_key_same_value.json", {false, "a name stands twice"}},
    {"object_same_key_unclear_values.json", {false, "a name stands twice"}},
    {"string_1_escaped_invalid_codepoint.json", {false, lone}},
    {"string_1_invalid_codepoint.json", {false, not_utf8}},
    {"string_2_escaped_invalid_codepoints.json", {false, lone}},
    {"string_2_invalid_codepoints.json", {false, not_utf8}},
    {"string_3_escaped_invalid_codepoints.json", {false, lone}},
    {"string_3_invalid_codepoints.json", {false, not_utf8}},
    {"string_with_escaped_NULL.json", {true, "U+0000 is a character like another"}},
};

auto files_of(const char* kind) -> std::vector<std::filesystem::path> {
    std::vector<std::filesystem::path> out;
    for (const auto& entry : std::filesystem::directory_iterator(folder / kind)) out.push_back(entry.path());
    std::ranges::sort(out);
    return out;
}

auto parse(const std::filesystem::path& path) { return cg::parse_json(cg::ByteView{cg::oracle::read_file(path)}); }

class JsonVectors : public ::testing::Test {
protected:
    void SetUp() override {
        if (!std::filesystem::exists(folder)) GTEST_SKIP() << "the shared JSON vectors are not on this machine: " << folder;
    }
};

TEST_F(JsonVectors, EveryTextThatIsNotJsonIsRefused) {
    std::size_t count = 0;
    for (const auto& path : files_of("test_parsing")) {
        if (!path.filename().string().starts_with("n_")) continue;
        const auto result = parse(path);
        ASSERT_TRUE(result.has_error()) << path;
        EXPECT_EQ(result.error().problems.size(), 1U) << path;
        ++count;
    }
    EXPECT_GT(count, 50U);
}

TEST_F(JsonVectors, EveryJsonTextIsAcceptedUnlessAMemberStandsTwice) {
    std::size_t count = 0;
    for (const auto& path : files_of("test_parsing")) {
        const auto name = path.filename().string();
        if (!name.starts_with("y_")) continue;
        const auto result = parse(path);
        EXPECT_EQ(result.has_error(), good_json_that_is_not_i_json.contains(name)) << path;
        if (result.has_value()) {
            EXPECT_EQ(cg::parse_json(cg::to_jcs(result.value())).value(), result.value()) << path;
        }
        ++count;
    }
    EXPECT_GT(count, 30U);
}

TEST_F(JsonVectors, WhatTheSuiteLeavesOpenIsDecidedHere) {
    for (const auto& path : files_of("test_parsing")) {
        const auto name = path.filename().string();
        if (!name.starts_with("i_")) continue;
        const auto verdict = ours.find(name);
        ASSERT_NE(verdict, ours.end()) << name << " has no verdict yet";
        EXPECT_EQ(parse(path).has_value(), verdict->second.accepted) << name << ": " << verdict->second.reason;
    }
}

TEST_F(JsonVectors, WhatOtherParsersDisagreeAboutIsDecidedHere) {
    for (const auto& path : files_of("test_transform")) {
        const auto name = path.filename().string();
        const auto verdict = transforms.find(name);
        ASSERT_NE(verdict, transforms.end()) << name << " has no verdict yet";
        EXPECT_EQ(parse(path).has_value(), verdict->second.accepted) << name << ": " << verdict->second.reason;
    }
}

}  // namespace
