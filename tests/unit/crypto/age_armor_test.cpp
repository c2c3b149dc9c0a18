#include "crypto/age.hpp"
#include "crypto/hash.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace cg::crypto {
namespace {

const std::string begin_line = "-----BEGIN AGE ENCRYPTED FILE-----\n";
const std::string end_line = "-----END AGE ENCRYPTED FILE-----\n";

auto with_line_ends(std::string_view text, std::string_view line_end) -> std::string {
    std::string out;
    for (const char c : text) c == '\n' ? out += line_end : out += c;
    return out;
}

TEST(AgeArmor, EveryLengthComesBack) {
    for (std::size_t size = 0; size < 200; ++size) {
        const auto bytes = random_bytes(size);
        const auto text = age_armor(bytes);
        EXPECT_TRUE(is_age_armored(view_bytes(text)));
        const auto back = age_dearmor(text);
        ASSERT_TRUE(back.has_value()) << size;
        EXPECT_EQ(back.value(), bytes);
    }
}

TEST(AgeArmor, LinesHaveSixtyFourColumns) {
    EXPECT_EQ(age_armor(Bytes(49)), begin_line + std::string(64, 'A') + "\nAA==\n" + end_line);
    EXPECT_EQ(age_armor({}), begin_line + end_line);
}

TEST(AgeArmor, WhiteSpaceAroundAndOtherLineEndsAreTaken) {
    const auto bytes = random_bytes(100);
    const auto text = age_armor(bytes);
    for (const auto& good :
         {" \t\r\n" + text + "\n\n  ", text.substr(0, text.size() - 1), with_line_ends(text, "\r\n")}) {
        const auto back = age_dearmor(good);
        ASSERT_TRUE(back.has_value()) << good;
        EXPECT_EQ(back.value(), bytes);
        EXPECT_TRUE(is_age_armored(view_bytes(good)));
    }
}

TEST(AgeArmor, EveryOtherFormIsRefused) {
    const std::string row(64, 'A');
    for (const auto& body : {"\n", "AA==\n\n", "\nAA==\n", "AAAA\nAAAA\n", "AA=\n=\n", "AA\n", "AB==\n", " AA==\n",
                             "AA== \n", "AA==\r\n", "AA==", "A\n", "Version: 1\n\nAA==\n", "AAAA\n=AAAA\n"}) {
        const auto text = begin_line + body + end_line;
        EXPECT_FALSE(age_dearmor(text).has_value()) << text;
    }
    for (const auto& text :
         {begin_line + row + "A\n" + end_line, begin_line + row + "\n" + row + "AAAA\n" + end_line,
          begin_line + "AA==\n", "AA==\n" + end_line, "x" + begin_line + "AA==\n" + end_line,
          begin_line + "AA==\n" + end_line + "x", with_line_ends(begin_line, "\r\n") + "AA==\n" + end_line,
          begin_line + begin_line + end_line, std::string{}, begin_line, end_line}) {
        const auto back = age_dearmor(text);
        ASSERT_FALSE(back.has_value()) << text;
        EXPECT_EQ(back.error().code, Errc::malformed);
    }
}

TEST(AgeArmor, NothingElseLooksArmored) {
    EXPECT_FALSE(is_age_armored({}));
    EXPECT_FALSE(is_age_armored(view_bytes("age-encryption.org/v1\n")));
    EXPECT_FALSE(is_age_armored(view_bytes("-----BEGIN CERTIFICATE-----\n")));
}

}  // namespace
}  // namespace cg::crypto
