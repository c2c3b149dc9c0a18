// The traps about whose consent counts (CO-1, CO-6): parents, children who can decide, victims, and what others said.
#include <gtest/gtest.h>

#include "variants.hpp"

namespace cg::policy::testing {
namespace {

/// The child consents; `born` says how old the child is on 13 April 2026.
auto child_consents(std::string_view born, std::string_view capacity) -> Json {
    auto document = child_in_need("given");
    set_at(document, "/child/date_of_birth", born);
    set_at(document, "/consent/to_share/who", "ch1");
    if (!capacity.empty()) set_at(document, "/consent/to_share/capacity", capacity);
    set_at(document, "/informing/told", "ch1");
    return document;
}

TEST(Trap, ConsentByAParentWithoutParentalResponsibilityIsLookedAt) {
    for (const auto* responsibility : {"no", "unknown", "not-known", "No", "none", "father only"}) {
        auto document = child_in_need("given");
        set_at(document, "/people/0/parental_responsibility", responsibility);
        EXPECT_EQ(first_of(decided(document)).outcome, Outcome::review) << responsibility;
        EXPECT_TRUE(
            has_problem(first_of(decided(document)), "consent/not-theirs-to-give", "/case/consent/to_share/who"));
    }
    auto document = child_in_need("given");
    remove_at(document, "/people/0/parental_responsibility");
    EXPECT_TRUE(has_warning(decided(document), "consent/responsibility-unknown"));
    set_at(document, "/consent/to_share/who", "p99");
    EXPECT_TRUE(has_problem(first_of(decided(document)), "consent/not-theirs-to-give")) << "nobody has this id";
}

TEST(Trap, AStepParentWithAParentalResponsibilityOrderCanConsent) {
    auto document = child_in_need("given");
    set_at(document, "/consent/to_share/who", "p2");
    set_at(document, "/informing/told", "p2");
    EXPECT_EQ(first_of(decided(document)).outcome, Outcome::review);
    for (const auto* has : {"yes", "shared-with-LA"}) {
        set_at(document, "/people/1/parental_responsibility", has);
        EXPECT_EQ(first_of(decided(document)).outcome, Outcome::permit) << has;
    }
}

TEST(Trap, AChildOfFifteenWhoUnderstandsIsNotOverruledByAParent) {
    auto document = child_consents("2010-06-01", "has-capacity");
    set_at(document, "/consent/others", json(R"([{"who":"p1","state":"refused","on":"2026-04-10"}])"));
    const auto decision = decided(document);
    EXPECT_EQ(first_of(decision).outcome, Outcome::permit) << ::testing::PrintToString(types_of(first_of(decision)));
    EXPECT_TRUE(has_warning(decision, "consent/refused-by-another"));
    remove_at(document, "/consent/to_share/capacity");
    EXPECT_EQ(first_of(decided(document)).outcome, Outcome::review);
    EXPECT_TRUE(has_problem(first_of(decided(document)), "consent/capacity-not-assessed"));
    EXPECT_TRUE(has_problem(first_of(decided(document)), "consent/disputed"));
}

TEST(Trap, FromSixteenCapacityIsPresumedAndAnUnknownAgeIsNot) {
    EXPECT_EQ(first_of(decided(child_consents("2010-04-13", ""))).outcome, Outcome::permit) << "16 today";
    EXPECT_EQ(first_of(decided(child_consents("2010-04-14", ""))).outcome, Outcome::review) << "16 tomorrow";
    EXPECT_TRUE(has_problem(first_of(decided(child_consents("not-known", ""))), "consent/capacity-not-assessed"));
}

TEST(Trap, AParentsConsentDoesNotOverruleAChildWhoUnderstandsAndRefuses) {
    auto document = child_in_need("given");
    set_at(document, "/consent/others", json(R"([{"who":"ch1","state":"refused","capacity":"competent"}])"));
    EXPECT_EQ(first_of(decided(document)).outcome, Outcome::deny);
    EXPECT_TRUE(has_problem(first_of(decided(document)), "consent/refused", "/case/consent/others/0/state"));
    for (const auto* odd : {"Refused", "refused ", "no"}) {
        set_at(document, "/consent/others/0/state", odd);
        EXPECT_EQ(first_of(decided(document)).outcome, Outcome::review) << odd;
        EXPECT_TRUE(has_problem(first_of(decided(document)), "consent/state-missing", "/case/consent/others/0/state"));
    }
    set_at(document, "/consent/others/0/state", "not-known");
    EXPECT_EQ(first_of(decided(document)).outcome, Outcome::permit) << "nobody asked";
    set_at(document, "/consent/others", json(R"([{"who":"p2","state":"refused"},{"who":"p5","state":"given"}])"));
    EXPECT_EQ(first_of(decided(document)).outcome, Outcome::review);
    EXPECT_TRUE(has_problem(first_of(decided(document)), "consent/disputed", "/case/consent/others/0/state"));
}

TEST(Trap, AParentUnderEighteenIsAParent) {
    auto document = child_in_need("given");
    set_at(document, "/people/0/date_of_birth", "2009-07-21");
    EXPECT_EQ(first_of(decided(document)).outcome, Outcome::permit) << "16: capacity is presumed";
    set_at(document, "/people/0/date_of_birth", "2011-07-21");
    EXPECT_TRUE(has_problem(first_of(decided(document)), "consent/capacity-not-assessed")) << "14";
    auto protection = referral();
    set_at(protection, "/people/0/date_of_birth", "2009-07-21");
    const auto decision = decided(protection);
    const auto& handling = first_of(decision).view["handling"];
    EXPECT_TRUE(holds_text(handling["do_not_inform"], "p1"))
        << "and is not told by accident, as a sibling would not be";
    EXPECT_FALSE(holds_text(handling["do_not_inform"], "p3"));
}

TEST(Trap, AnAdultConsentsForThemselvesWhateverTheirResponsibilityForTheChild) {
    auto document = child_in_need("given");
    set_at(document, "/people/0/parental_responsibility", "no");
    set_at(document, "/da/victim", "p1");
    for (const auto* purpose : {"marac", "adult-safeguarding-concern"}) {
        document.set("purpose", purpose);
        EXPECT_FALSE(has_problem(first_of(decided(document)), "consent/not-theirs-to-give")) << purpose;
    }
    EXPECT_TRUE(has_problem(first_of(decided(document)), "recipient/role-not-permitted")) << "it was decided";
    document.set("purpose", "child-in-need-referral");
    EXPECT_TRUE(has_problem(first_of(decided(document)), "consent/not-theirs-to-give"));
}

TEST(Trap, OnlyTheVictimCanConsentForTheVictim) {
    auto document = child_in_need("given");
    document.set("purpose", "marac");
    set_recipients(document, {"marac.coordinator@exampleshire"});
    set_at(document, "/da", json(R"({"victim":"p1","perpetrator":"p2","ric_score":16,"criteria":"visible high risk",
        "incidents_12m":4,"repeat":true,"wants":"to stay","safe_to_call":"before noon","leave_message":false})"));
    set_at(document, "/people/0/safe_contact", "before noon");
    set_at(document, "/basis/article9", "9.2.g");
    set_at(document, "/basis/schedule1", "S1.10");
    EXPECT_EQ(first_of(decided(document)).outcome, Outcome::permit)
        << ::testing::PrintToString(types_of(first_of(decided(document))));
    for (const auto* who : {"p2", "p5", "ch1"}) {
        set_at(document, "/consent/to_share/who", who);
        EXPECT_EQ(first_of(decided(document)).outcome, Outcome::deny) << who;
        EXPECT_TRUE(
            has_problem(first_of(decided(document)), "consent/not-theirs-to-give", "/case/consent/to_share/who"))
            << who;
    }
    set_at(document, "/consent/to_share/who", "p1");
    set_at(document, "/da/victim", "not-known");
    EXPECT_TRUE(has_problem(first_of(decided(document)), "consent/not-theirs-to-give")) << "whose it is, is not known";
}

TEST(Trap, WhoeverMayPoseARiskDoesNotConsentForTheAdult) {
    auto document = child_in_need("given");
    document.set("purpose", "adult-safeguarding-concern");
    set_recipients(document, {"asc.safeguarding@exampleshire"});
    EXPECT_FALSE(has_problem(first_of(decided(document)), "consent/not-theirs-to-give"));
    set_at(document, "/consent/to_share/who", "p2");
    EXPECT_EQ(first_of(decided(document)).outcome, Outcome::review);
    EXPECT_TRUE(has_problem(first_of(decided(document)), "consent/not-theirs-to-give", "/case/consent/to_share/who"));
}

TEST(Trap, AnAdultWhoIsBothVictimAndCarerIsTreatedAsBoth) {
    auto document = referral();
    set_at(document, "/da", json(R"({"victim":"p1","perpetrator":"p2","flag":"yes"})"));
    const auto decision = decided(document);
    const auto& front_door = first_of(decision);
    EXPECT_EQ(front_door.outcome, Outcome::permit);
    EXPECT_TRUE(is_released(front_door, "/people/0/safe_contact")) << "as a victim she can be reached safely";
    EXPECT_TRUE(is_released(front_door, "/concerns/4/text")) << "as a carer the concern about her goes too";
    EXPECT_TRUE(holds_text(front_door.view["handling"]["do_not_inform"], "p2"));
}

}  // namespace
}  // namespace cg::policy::testing
