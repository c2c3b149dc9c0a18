#include "gateway/base/ids.hpp"

#include <gtest/gtest.h>

#include <type_traits>
#include <unordered_set>

namespace {

using cg::AgencyId;
using cg::RecipientId;
using cg::RoleId;

static_assert(!std::is_convertible_v<AgencyId, RoleId>, "one name cannot be passed for another");
static_assert(!std::is_convertible_v<std::string, AgencyId>, "a name is parsed, never assumed");

TEST(Ids, TakePlainNames) {
    for (const auto* text : {"a", "7", "harbour-view", "a1-b2", "x--y"}) EXPECT_EQ(AgencyId::parse(text).value().str(), text);
    EXPECT_TRUE(AgencyId::parse(std::string(64, 'a')).has_value());
    EXPECT_EQ(RoleId::parse("front.door-2").value().str(), "front.door-2");
}

TEST(Ids, RefuseEverythingElse) {
    for (const auto* text : {"", "-a", "a-", ".a", "a.", "A", "a b", "a_b", "a/b", "a@b", "\xc3\xa9", "a\n", ".."}) {
        EXPECT_TRUE(AgencyId::parse(text).has_error()) << text;
        EXPECT_TRUE(RoleId::parse(text).has_error()) << text;
    }
    EXPECT_TRUE(AgencyId::parse("a.b").has_error()) << "only roles have dots";
    EXPECT_TRUE(AgencyId::parse(std::string(65, 'a')).has_error());
    EXPECT_TRUE(AgencyId::parse(std::string_view{"a\0b", 3}).has_error());
}

TEST(Ids, NameTheKindAndNeverTheText) {
    const auto result = AgencyId::parse("Marigold Fenn");
    EXPECT_EQ(result.error().code, cg::Errc::malformed);
    EXPECT_NE(result.error().detail.find("agency id"), std::string::npos);
    EXPECT_EQ(result.error().detail.find("Marigold"), std::string::npos);
}

TEST(Ids, RandomIdsHaveAPrefixAnd26Digits) {
    const std::string digits = "abcdefghijklmnopqrstuvwxyz";
    EXPECT_TRUE(cg::MessageId::parse("msg-" + digits).has_value());
    EXPECT_TRUE(cg::DecisionId::parse("dec-" + digits).has_value());
    EXPECT_TRUE(cg::MessageId::parse("dec-" + digits).has_error());
    EXPECT_TRUE(cg::MessageId::parse("msg-" + digits + "a").has_error());
    EXPECT_TRUE(cg::MessageId::parse("msg-" + digits.substr(1)).has_error());
    EXPECT_TRUE(cg::MessageId::parse("msg-" + digits.substr(1) + "1").has_error()) << "1 is no digit of base32";
    EXPECT_TRUE(cg::MessageId::parse("msg-" + digits.substr(1) + "A").has_error());
}

TEST(Ids, ARecipientIsARoleAtAnAgency) {
    const auto recipient = RecipientId::parse("duty.desk@harbour-view").value();
    EXPECT_EQ(recipient.role.str(), "duty.desk");
    EXPECT_EQ(recipient.agency.str(), "harbour-view");
    EXPECT_EQ(recipient.str(), "duty.desk@harbour-view");
    for (const auto* text : {"", "@", "a@", "@b", "a", "a@b@c", "a@b.c", "a @b", "A@b", "someone@example.org"})
        EXPECT_TRUE(RecipientId::parse(text).has_error()) << text;
}

TEST(Ids, CompareAndHashByTheirText) {
    const auto a = AgencyId::parse("a").value();
    EXPECT_EQ(a, AgencyId::trusted("a"));
    EXPECT_LT(a, AgencyId::trusted("b"));
    EXPECT_TRUE(AgencyId{}.empty());
    std::unordered_set<AgencyId> set{a, AgencyId::trusted("a"), AgencyId::trusted("b")};
    EXPECT_EQ(set.size(), 2U);
}

TEST(IdsDeathTest, ATrustedNameThatIsNoneIsABugOfOurs) { EXPECT_DEATH((void)AgencyId::trusted("Not A Name"), "internal error"); }

}  // namespace
