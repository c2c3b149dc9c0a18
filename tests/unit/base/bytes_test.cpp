#include "gateway/base/bytes.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace {

using cg::Base64;
using cg::Bytes;

constexpr Base64 forms[]{Base64::standard, Base64::unpadded, Base64::url};

TEST(Hex, WritesLowerCaseAndReadsItBack) {
    EXPECT_EQ(cg::to_hex(Bytes{0x00, 0x0f, 0xa5, 0xff}), "000fa5ff");
    EXPECT_EQ(cg::from_hex("000fa5ff").value(), (Bytes{0x00, 0x0f, 0xa5, 0xff}));
    EXPECT_TRUE(cg::from_hex("").value().empty());
}

TEST(Hex, RefusesEverythingElse) {
    for (const auto* text : {"0", "AA", "0g", " 00", "00 ", "0x", "\xc3\xa9"}) EXPECT_TRUE(cg::from_hex(text).has_error()) << text;
}

TEST(Base64Text, GivesTheVectorsOfRfc4648) {
    const std::pair<const char*, const char*> vectors[]{{"", ""},         {"f", "Zg=="},     {"fo", "Zm8="},    {"foo", "Zm9v"},
                                                        {"foob", "Zm9vYg=="}, {"fooba", "Zm9vYmE="}, {"foobar", "Zm9vYmFy"}};
    for (const auto& [plain, text] : vectors) {
        EXPECT_EQ(cg::to_base64(cg::view_bytes(plain), Base64::standard), text);
        EXPECT_EQ(cg::from_base64(text, Base64::standard).value(), cg::to_bytes(plain));
    }
    EXPECT_EQ(cg::to_base64(Bytes{0xfb, 0xff}, Base64::standard), "+/8=");
    EXPECT_EQ(cg::to_base64(Bytes{0xfb, 0xff}, Base64::unpadded), "+/8");
    EXPECT_EQ(cg::to_base64(Bytes{0xfb, 0xff}, Base64::url), "-_8");
}

TEST(Base64Text, RefusesEverySecondSpelling) {
    for (const auto* text : {"Zg", "Zg=", "Zg===", "Zh==", "Zm9=", "Zm8", "Z===", "====", "=", "Zg==Zg==", "Zm9v=", "Zm9v====",
                             "Zm 9v", "Zm9v\n", "\nZm9v", "Zm9-", "Z=g=", "Zg=A"})
        EXPECT_TRUE(cg::from_base64(text, Base64::standard).has_error()) << text;
    for (const auto* text : {"Zg==", "Zh", "Zm9", "Z", "Zm9vZ", "Zm9v=", "+/8", "Zm9v\n"})
        EXPECT_TRUE(cg::from_base64(text, Base64::url).has_error()) << text;
    EXPECT_TRUE(cg::from_base64("-_8", Base64::unpadded).has_error());
}

TEST(Base64Text, ReadsBackWhatItWrote) {
    EXPECT_TRUE(rc::check([](const Bytes& bytes) {
        for (const auto form : forms) RC_ASSERT(cg::from_base64(cg::to_base64(bytes, form), form).value() == bytes);
        RC_ASSERT(cg::from_hex(cg::to_hex(bytes)).value() == bytes);
    }));
}

TEST(Base64Text, AcceptsOnlyWhatItWouldWrite) {
    EXPECT_TRUE(rc::check([] {
        const auto text = *rc::gen::container<std::string>(rc::gen::elementOf(std::string{"AQgwZaz09+/-_=\n"}));
        for (const auto form : forms) {
            const auto bytes = cg::from_base64(text, form);
            if (bytes.has_value()) RC_ASSERT(cg::to_base64(bytes.value(), form) == text);
        }
    }));
}

}  // namespace
