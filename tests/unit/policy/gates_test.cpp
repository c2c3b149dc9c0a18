// One test for each gate and trap: take something away, or put something wrong in, and the named problem appears.
#include <gtest/gtest.h>

#include "support.hpp"

namespace cg::policy::testing {
namespace {

auto first(const Decision& decision) -> const RecipientDecision& {
    return decision.recipients.at(0);
}

// ---- recipients and purpose
// ---------------------------------------------------------------------------------------------

TEST(RecipientGate, AnUnknownPurposeIsRefusedForEverybody) {
    auto document = referral();
    document.set("purpose", "marketing");
    const auto decision = decided(document);
    ASSERT_EQ(decision.recipients.size(), 3U);
    for (const auto& recipient : decision.recipients) {
        EXPECT_EQ(recipient.outcome, Outcome::deny);
        EXPECT_TRUE(has_problem(recipient, "request/purpose-unknown", "/purpose"));
        EXPECT_EQ(recipient.reason_codes, (std::vector<std::string>{"PURPOSE_NOT_AGREED"}));
    }
}

TEST(RecipientGate, ABadRecipientIsAnsweredAloneAndTheOthersGo) {
    auto document = referral();
    set_recipients(document, {"csc.front-door@exampleshire", "somebody", "school.dsl@willow", "csc.front-door@nowhere",
                              "csc.front-door@examplenhs"});
    const auto decision = decided(document);
    EXPECT_EQ(decision.outcome, Outcome::permit);
    EXPECT_EQ(first(decision).outcome, Outcome::permit);
    EXPECT_TRUE(has_problem(decision.recipients[1], "recipient/unknown", "/recipients/1"));
    EXPECT_TRUE(has_problem(decision.recipients[2], "recipient/role-not-permitted", "/recipients/2"));
    EXPECT_TRUE(has_problem(decision.recipients[3], "recipient/unknown", "/recipients/3"));
    EXPECT_TRUE(has_problem(decision.recipients[4], "recipient/role-unheld", "/recipients/4"));
    EXPECT_TRUE(has_warning(decision, "recipient/not-all"));
    for (std::size_t i = 1; i < 5; ++i) EXPECT_EQ(decision.recipients[i].outcome, Outcome::deny) << i;
}

TEST(RecipientGate, AnAreaThatTheOrganisationDoesNotServeIsReviewed) {
    auto document = referral();
    set_at(document, "/home_authority", "othershire");
    const auto decision = decided(document);
    EXPECT_EQ(first(decision).outcome, Outcome::review);
    EXPECT_TRUE(has_problem(first(decision), "recipient/area-mismatch"));
    EXPECT_EQ(decision.recipients[1].outcome, Outcome::permit) << "the police role is not bound to an area";
}

// ---- law
// ----------------------------------------------------------------------------------------------------------------

TEST(BasisGate, NoBasisNoShare) {
    auto document = referral();
    remove_at(document, "/basis/article6");
    const auto decision = decided(document);
    EXPECT_EQ(first(decision).outcome, Outcome::deny);
    EXPECT_TRUE(has_problem(first(decision), "basis/missing", "/case/basis/article6"));
    EXPECT_EQ(first(decision).reason_codes, (std::vector<std::string>{"BASIS_NOT_SHOWN"}));
}

TEST(BasisGate, EachBasisNamesTheEvidenceItLacks) {
    const std::map<std::string, std::string> missing{{"6.1.c", "/case/basis/article6_ref"},
                                                     {"6.1.d", "/case/basis/vital_interest_of"},
                                                     {"6.1.e", "/case/basis/article6_ref"}};
    for (const auto& [code, pointer] : missing) {
        auto document = referral();
        set_at(document, "/basis/article6", code);
        remove_at(document, "/basis/article6_ref");
        EXPECT_TRUE(has_problem(first(decided(document)), "basis/evidence-missing", pointer)) << code;
    }
}

TEST(BasisGate, RecognisedLegitimateInterestIsNotForPublicAuthorities) {
    auto document = referral();
    set_at(document, "/basis/article6", "6.1.ea");
    set_at(document, "/basis/annex1_paragraph", "6");
    set_at(document, "/basis/necessity", "The child cannot be protected without it.");
    EXPECT_TRUE(has_problem(first(decided(document)), "basis/not-available-to-public-authority"));
    EXPECT_EQ(first(decided(document, charity())).outcome, Outcome::permit) << "a charity may";
    EXPECT_TRUE(has_problem(first(decided(document, charity(), at("2026-01-20T11:00:00Z"))), "basis/not-in-force"));
}

TEST(BasisGate, ABasisThatThePurposeIsNotAgreedOnIsRefused) {
    auto document = referral();
    set_at(document, "/basis/article6", "6.1.a");
    EXPECT_TRUE(has_problem(first(decided(document)), "basis/not-for-purpose"));
}

TEST(BasisGate, AnOldDecisionUsesNoPackThatWasNotInForce) {
    const auto decision = decided(referral(), willow(), at("2024-12-31T10:00:00Z"));
    EXPECT_TRUE(has_problem(first(decision), "pack/not-in-force"));
}

TEST(SensitiveDataGate, HealthDataNeedAnArticleNineConditionOnlyWhereTheyAreSent) {
    auto document = referral();
    remove_at(document, "/basis/article9");
    EXPECT_TRUE(has_problem(first(decided(document)), "basis/evidence-missing", "/case/basis/article9"));
    set_recipients(document, {"police.public-protection@examplepolice"});
    remove_at(document, "/child/ethnicity");
    EXPECT_EQ(first(decided(document)).outcome, Outcome::permit) << "the police copy holds no such data";
}

TEST(SensitiveDataGate, OffenceDataNeedAScheduleOneCondition) {
    auto document = referral();
    set_recipients(document, {"police.public-protection@examplepolice"});
    remove_at(document, "/child/ethnicity");
    remove_at(document, "/basis/schedule1");
    EXPECT_TRUE(has_problem(first(decided(document)), "basis/evidence-missing", "/case/basis/schedule1"));
    set_at(document, "/risk/level", "low");
    EXPECT_FALSE(has_problem(first(decided(document)), "basis/evidence-missing"))
        << "at low risk offences are not sent";
}

TEST(SensitiveDataGate, ParagraphEighteenNeedsOneOfItsThreeReasons) {
    auto document = referral();
    set_at(document, "/basis/schedule1_reason", "d");
    EXPECT_TRUE(has_problem(first(decided(document)), "basis/evidence-missing", "/case/basis/schedule1_reason"));
}

// ---- consent
// ------------------------------------------------------------------------------------------------------------

TEST(ConsentGate, EachStateThatIsNoConsentHasItsOwnProblem) {
    const std::map<std::string, std::string> expected{{"refused", "consent/refused"},
                                                      {"withdrawn", "consent/withdrawn"},
                                                      {"not_sought", "consent/not-sought"},
                                                      {"not_possible", "consent/not-possible"},
                                                      {"perhaps", "consent/state-missing"}};
    for (const auto& [state, type] : expected) {
        const auto decision = decided(child_in_need(state));
        EXPECT_EQ(first(decision).outcome, Outcome::deny) << state;
        EXPECT_TRUE(has_problem(first(decision), type)) << state;
    }
    EXPECT_EQ(first(decided(child_in_need("given"))).outcome, Outcome::permit);
}

TEST(ConsentGate, AgreeingToAServiceIsNotConsentToShare) {
    auto document = early_help("not_sought");
    set_at(document, "/consent/agreement_to_service", "given");
    EXPECT_TRUE(has_problem(first(decided(document)), "consent/not-for-sharing"));
}

TEST(ConsentGate, ConsentFromBeforeTheExplanationIsNotInformed) {
    auto document = early_help("given");
    set_at(document, "/consent/to_share/on", "2026-04-09");
    EXPECT_TRUE(has_problem(first(decided(document)), "consent/not-informed"));
}

TEST(ConsentGate, OldOrEndedConsentIsExpired) {
    auto document = early_help("given");
    set_at(document, "/consent/to_share/expires", "2026-04-12");
    EXPECT_TRUE(has_problem(first(decided(document)), "consent/expired"));
    document = early_help("given");
    EXPECT_TRUE(has_problem(first(decided(document, willow(), at("2027-04-11T09:00:00Z"))), "consent/expired"));
}

TEST(ConsentGate, ConsentForAnotherPurposeOrRecipientDoesNotCount) {
    auto document = early_help("given");
    set_at(document, "/consent/to_share/scope", parse_json(R"({"purposes":["child-in-need-referral"]})").value());
    EXPECT_TRUE(has_problem(first(decided(document)), "consent/outside-scope"));
    set_at(document, "/consent/to_share/scope",
           parse_json(R"({"recipients":["early-help.hub@exampleshire"]})").value());
    const auto decision = decided(document);
    EXPECT_EQ(decision.recipients[0].outcome, Outcome::permit);
    EXPECT_TRUE(has_problem(decision.recipients[1], "consent/outside-scope"));
}

TEST(ConsentGate, TheScopeLimitsWhatGoesBeyondTheRequired) {
    auto document = early_help("given");
    set_at(document, "/consent/to_share/scope", parse_json(R"({"fields":["school"],"recipients":["early-help.hub","brightside"]})").value());
    const auto decision = decided(document);
    const auto& lead = decision.recipients[1];
    EXPECT_EQ(lead.outcome, Outcome::permit);
    EXPECT_TRUE(is_released(lead, "/child/education/setting")) << "the condition holds now";
    EXPECT_TRUE(is_withheld(lead, "/child/address/line1", WithheldReason::outside_consent_scope));
    EXPECT_TRUE(is_released(lead, "/people/0/phone")) << "the purpose cannot do without it";
}

TEST(ConsentGate, SomebodyWithoutParentalResponsibilityCannotConsent) {
    auto document = child_in_need("given");
    set_at(document, "/consent/to_share/who", "p2");
    set_at(document, "/informing/told", "p2");
    EXPECT_TRUE(has_problem(first(decided(document)), "consent/not-theirs-to-give"));
}

TEST(ConsentGate, ChildProtectionDoesNotNeedItButWritesARefusalDown) {
    auto document = referral();
    set_at(document, "/consent/to_share/state", "refused");
    const auto decision = decided(document);
    EXPECT_EQ(first(decision).outcome, Outcome::permit);
    EXPECT_TRUE(has_warning(decision, "consent/refused"));
}

// ---- override
// -----------------------------------------------------------------------------------------------------------

auto with_override(std::string_view json) -> Json {
    auto document = child_in_need("refused");
    set_at(document, "/override", parse_json(json).value());
    set_at(document, "/risk/significant_harm", true);
    return document;
}

TEST(OverrideGate, EveryReasonNeedsItsEvidence) {
    constexpr const char* coercion =
        R"({"reason":"COERCION_DURESS","facts":["c2"],"text":"Her partner answered every question for her at the gate.",
            "indicators":"partner answers for her","suspected_person":"p2","safe_contact_plan":"call at work"})";
    EXPECT_EQ(first(decided(with_override(coercion))).outcome, Outcome::permit);
    for (const auto* item : {"/override/indicators", "/override/suspected_person", "/override/safe_contact_plan"}) {
        auto document = with_override(coercion);
        remove_at(document, item);
        EXPECT_TRUE(has_problem(first(decided(document)), "override/evidence-missing", std::string{"/case"} + item))
            << item;
    }
    auto document = with_override(
        R"({"reason":"LACKS_CAPACITY","facts":["c2"],"text":"She could not say back what sharing would mean for her.","best_interests":"yes"})");
    EXPECT_TRUE(has_problem(first(decided(document)), "override/capacity-assessment-missing"));
}

TEST(OverrideGate, AFactThatIsNotInTheCaseIsNoEvidence) {
    const auto document = with_override(
        R"({"reason":"CHILD_HARM_LIKELY","facts":["c1","c99"],"text":"Two bruises and a child who is afraid to go home today."})");
    EXPECT_TRUE(has_problem(first(decided(document)), "override/evidence-missing", "/case/override/facts"));
}

TEST(OverrideGate, TheSameWordsAFourthTimeAreReviewed) {
    auto submission = parsed(with_override(
        R"({"reason":"CHILD_HARM_LIKELY","facts":["c1"],"text":"We believe that sharing is needed to keep this child safe."})"));
    const auto outcome = [&] {
        return decide(example_pack(), example_pack().agencies(), submission, willow(), that_day, view_bytes(salt_text))
            .recipients.at(0);
    };
    submission.recent_override_texts.assign(2, "We believe that sharing is needed to keep this child safe.");
    EXPECT_EQ(outcome().outcome, Outcome::permit);
    submission.recent_override_texts.push_back("WE BELIEVE  that sharing is needed to keep this child safe.");
    EXPECT_EQ(outcome().outcome, Outcome::review);
    EXPECT_TRUE(has_problem(outcome(), "override/boilerplate"));
}

TEST(OverrideGate, ARefusalByAnAdultWhoCanDecideDoesNotFitParagraphEighteen) {
    auto document = with_override(
        R"({"reason":"CHILD_HARM_LIKELY","facts":["c1"],"text":"Two bruises and a child who is afraid to go home today."})");
    set_at(document, "/basis/article9", "9.2.g");
    set_at(document, "/basis/schedule1", "S1.18");
    const auto decision = decided(document);
    EXPECT_EQ(first(decision).outcome, Outcome::review);
    EXPECT_TRUE(has_problem(first(decision), "basis/evidence-missing", "/case/basis/schedule1"));
}

// ---- openness, risk, accuracy
// -------------------------------------------------------------------------------------------

TEST(InformingGate, NobodyToldAndNoReasonIsReviewed) {
    auto document = referral();
    set_at(document, "/informing", Json::object());
    const auto decision = decided(document);
    EXPECT_EQ(first(decision).outcome, Outcome::review);
    EXPECT_TRUE(has_problem(first(decision), "informing/not-addressed"));
    EXPECT_FALSE(first(decision).view["handling"].find("do_not_inform"));
}

TEST(InformingGate, AReasonNeedsFactsAndMoreThanAVagueWord) {
    auto document = referral();
    remove_at(document, "/informing/exception_facts");
    EXPECT_TRUE(has_problem(first(decided(document)), "informing/exception-facts-missing"));
    document = referral();
    set_at(document, "/informing/exception", "INAPPROPRIATE");
    EXPECT_TRUE(has_problem(first(decided(document)), "informing/exception-too-vague"));
    set_at(document, "/informing/exception", Json::texts(std::vector<std::string>{"INAPPROPRIATE", "UNSAFE"}));
    EXPECT_EQ(first(decided(document)).outcome, Outcome::permit);
}

TEST(InformingGate, HalfAnExplanationNamesTheGap) {
    auto document = child_in_need("given");
    set_at(document, "/informing/why_what_how_whom", Json::texts(std::vector<std::string>{"why", "what"}));
    const auto decision = decided(document);
    ASSERT_TRUE(has_problem(first(decision), "informing/incomplete"));
    const auto it = std::ranges::find(first(decision).problems, "informing/incomplete", &Problem::type);
    EXPECT_NE(it->fix.find("how, whom"), std::string::npos);
}

TEST(RiskGate, EachOfTheFourAnswersIsAskedFor) {
    for (const auto* answer :
         {"if_shared_person", "if_shared_others", "if_not_shared_person", "if_not_shared_others"}) {
        auto document = referral();
        set_at(document, std::string{"/risk/"} + answer, " ");
        const auto decision = decided(document);
        EXPECT_EQ(first(decision).outcome, Outcome::deny);
        EXPECT_TRUE(has_problem(first(decision), "risk/unanswered", std::string{"/case/risk/"} + answer)) << answer;
    }
}

TEST(AccuracyGate, EveryConcernSaysWhatKindItIsWhoseAndWhen) {
    const std::map<std::string, std::string> cases{{"/concerns/0/kind", "accuracy/kind-missing"},
                                                   {"/concerns/2/opinion_basis", "accuracy/opinion-unowned"},
                                                   {"/concerns/1/speaker", "accuracy/opinion-unowned"},
                                                   {"/concerns/0/source_role", "adequacy/concern-unsourced"},
                                                   {"/concerns/0/observed_on", "adequacy/concern-unsourced"},
                                                   {"/concerns/0/recorded_on", "adequacy/concern-unsourced"},
                                                   {"/concerns/4/historical_note", "accuracy/historical-unexplained"}};
    for (const auto& [leaf, type] : cases) {
        auto document = referral();
        remove_at(document, leaf);
        const auto decision = decided(document);
        EXPECT_EQ(first(decision).outcome, Outcome::deny) << leaf;
        EXPECT_TRUE(has_problem(first(decision), type, "/case" + leaf)) << leaf;
    }
}

TEST(AccuracyGate, TomorrowHasNotBeenSeenYet) {
    auto document = referral();
    set_at(document, "/concerns/0/observed_on", "2026-04-14");
    EXPECT_TRUE(has_problem(first(decided(document)), "accuracy/date-in-future", "/case/concerns/0/observed_on"));
}

TEST(AccuracyGate, AnOldAddressIsAWarning) {
    auto document = referral();
    set_at(document, "/child/address/checked_on", "2024-01-10");
    const auto decision = decided(document);
    EXPECT_EQ(first(decision).outcome, Outcome::permit);
    EXPECT_TRUE(has_warning(decision, "accuracy/address-old"));
}

TEST(VoiceGate, AMissingVoiceIsSaid) {
    auto document = referral();
    remove_at(document, "/child/views/text");
    EXPECT_TRUE(has_problem(first(decided(document)), "adequacy/voice"));
    EXPECT_EQ(first(decided(document)).outcome, Outcome::review) << "somebody looks; it is not refused";
    auto support = child_in_need("given");
    remove_at(support, "/child/views/text");
    EXPECT_TRUE(has_problem(first(decided(support)), "adequacy/voice")) << "there it is required";
    set_at(support, "/child/views/reason_not", "Too young to be asked.");
    EXPECT_EQ(first(decided(support)).outcome, Outcome::permit);
}

TEST(TimelinessGate, LateIsSaidAndNotHeldUp) {
    const auto decision = decided(referral(), willow(), at("2026-04-14T10:16:00Z"));
    EXPECT_EQ(first(decision).outcome, Outcome::permit);
    EXPECT_TRUE(decision.late);
    EXPECT_TRUE(has_warning(decision, "timeliness/late"));
    EXPECT_FALSE(decided(referral(), willow(), at("2026-04-14T10:14:00Z")).late);
}

// ---- adequacy
// -----------------------------------------------------------------------------------------------------------

TEST(AdequacyGate, EveryRequiredFieldIsMissedAndAllAtOnce) {
    const std::vector<std::string> required{"/child/given_names", "/child/family_name",   "/child/date_of_birth",
                                            "/child/sex",         "/child/address/line1", "/child/address/postcode",
                                            "/people/1/name",     "/concerns/1/text",     "/referrer/name",
                                            "/referrer/phone",    "/risk/level"};
    auto all = referral();
    for (const auto& leaf : required) {
        auto document = referral();
        remove_at(document, leaf);
        remove_at(all, leaf);
        EXPECT_TRUE(has_problem(first(decided(document)), "adequacy/field-missing", "/case" + leaf)) << leaf;
        EXPECT_EQ(first(decided(document)).outcome, Outcome::deny) << leaf;
    }
    EXPECT_EQ(std::ranges::count(types_of(first(decided(all))), "adequacy/field-missing"),
              static_cast<long>(required.size()));
}

TEST(AdequacyGate, WhatPolicyStripsDoesNotCountAsGiven) {
    auto document = child_in_need("given");
    set_at(document, "/people",
           parse_json(R"([{"id":"p9","relationship":"lodger","household":false,"name":"Nim Elsewhere"}])").value());
    set_at(document, "/consent/to_share/who", "p9");
    const auto gap = [](const Decision& decision) {
        const auto it = std::ranges::find(first(decision).problems, "/case/people", &Problem::pointer);
        return it == first(decision).problems.end() ? std::string{} : it->fix;
    };
    EXPECT_TRUE(has_problem(first(decided(document)), "adequacy/field-missing", "/case/people"));
    EXPECT_NE(gap(decided(document)).find("told only of"), std::string::npos) << "nothing is left to fill in";
    set_at(document, "/people", Json::array());
    EXPECT_NE(gap(decided(document)).find("fill it in"), std::string::npos);
}

TEST(AdequacyGate, AChildNotBornYetHasAnExpectedDate) {
    auto document = referral();
    remove_at(document, "/child/date_of_birth");
    set_at(document, "/unborn/expected_date", "2026-08-01");
    EXPECT_EQ(first(decided(document)).outcome, Outcome::permit);
}

TEST(AdequacyGate, NotKnowingTheNhsNumberIsNotedAndNeverBlocks) {
    auto document = referral();
    remove_at(document, "/child/nhs_number");
    const auto decision = decided(document);
    EXPECT_EQ(decision.recipients[2].outcome, Outcome::permit);
    EXPECT_TRUE(has_warning(decision, "adequacy/identifier-unknown"));
}

// ---- emergency
// ----------------------------------------------------------------------------------------------------------

TEST(Emergency, MissingPaperworkBecomesADebtWithADeadlineAndCall999ComesFirst) {
    auto document = referral();
    set_at(document, "/timing/urgency", "emergency");
    for (const auto* leaf : {"/risk/if_shared_person", "/child/address/line1", "/basis/article6", "/referrer/name"})
        remove_at(document, leaf);
    set_at(document, "/informing", Json::object());
    const auto decision = decided(document);
    EXPECT_EQ(first(decision).outcome, Outcome::permit);
    EXPECT_TRUE(decision.emergency);
    ASSERT_FALSE(decision.instructions.empty());
    EXPECT_TRUE(decision.instructions.front().starts_with("Call 999"));
    EXPECT_EQ(decision.complete_by, at("2026-04-13T13:00:00Z"));
    EXPECT_EQ(decision.basis, "6.1.d") << "the preset";
    for (const auto* type : {"risk/unanswered", "adequacy/field-missing", "basis/missing", "informing/not-addressed"})
        EXPECT_TRUE(has_warning(decision, type)) << type;
    EXPECT_EQ(first(decision).view["handling"]["complete_by"].text(), "2026-04-13T13:00:00Z");
    EXPECT_TRUE(
        std::ranges::any_of(first(decision).obligations, [](const Obligation& o) { return o.type == "complete-by"; }));
}

TEST(Emergency, KindRoleAndNecessityAreNotRelaxed) {
    auto document = referral();
    set_at(document, "/timing/urgency", "emergency");
    EXPECT_EQ(withheld_table(first(decided(document))), withheld_table(first(decided(referral()))));
    remove_at(document, "/concerns/0/kind");
    EXPECT_TRUE(has_problem(first(decided(document)), "accuracy/kind-missing"));
}

TEST(Emergency, BelowTheMinimumItGoesAndIsMarked) {
    auto document = referral();
    set_at(document, "/timing/urgency", "emergency");
    remove_at(document, "/referrer/phone");
    const auto decision = decided(document);
    EXPECT_EQ(first(decision).outcome, Outcome::permit);
    EXPECT_TRUE(has_warning(decision, "timeliness/minimum-not-met"));
}

TEST(Emergency, DangerWithoutTheWordShowsTheNumberToo) {
    auto document = referral();
    set_at(document, "/risk/immediate_danger", true);
    EXPECT_TRUE(decided(document).instructions.front().starts_with("Call 999"));
}

TEST(MembersGate, AMisspeltNameThatNoRuleSeesIsSaid) {
    EXPECT_FALSE(has_warning(decided(referral()), "case/member-unknown"));
    auto document = referral();
    set_at(document, "/people/3/identityProtected", true);
    set_at(document, "/Mo Guarded", "x");
    const auto decision = decided(document);
    EXPECT_EQ(decision.outcome, Outcome::permit);
    const auto it = std::ranges::find(decision.warnings, "case/member-unknown", &Problem::type);
    ASSERT_NE(it, decision.warnings.end());
    EXPECT_TRUE(it->fix.starts_with("2 values"));
    EXPECT_EQ(it->fix.find("Guarded"), std::string::npos) << "a name may be somebody's";
}

// ---- minimise
// -----------------------------------------------------------------------------------------------------------

TEST(Minimise, NarrativeTagsObeyTheRole) {
    auto document = referral();
    set_at(document, "/concerns/2/tags", Json::texts(std::vector<std::string>{"health:p1", "offence:p2"}));
    const auto decision = decided(document);
    EXPECT_TRUE(is_released(decision.recipients[0], "/concerns/2/text"));
    for (const auto i : {1U, 2U}) {
        EXPECT_TRUE(is_withheld(decision.recipients[i], "/concerns/2/text", WithheldReason::sensitive_tag_not_allowed));
        EXPECT_TRUE(
            is_withheld(decision.recipients[i], "/concerns/2/tags/0", WithheldReason::sensitive_tag_not_allowed));
        EXPECT_EQ(decision.recipients[i].outcome, Outcome::permit);
    }
}

TEST(Minimise, ReferencesArePairwise) {
    auto document = referral();
    set_at(document, "/concerns/0/id", "concern-889123");
    const auto decision = decided(document);
    std::vector<std::string> case_refs, ids;
    for (const auto& recipient : decision.recipients) {
        case_refs.emplace_back(recipient.view["case_ref"].text());
        ids.emplace_back(recipient.view["concerns"].if_array()->at(0)["id"].text());
    }
    for (auto* list : {&case_refs, &ids}) {
        std::ranges::sort(*list);
        EXPECT_EQ(std::ranges::adjacent_find(*list), list->end());
    }
    EXPECT_EQ(to_jcs(decision.recipients[0].view).find("HB/2026"), std::string::npos);
    EXPECT_EQ(to_jcs(decision.recipients[0].view).find("889123"), std::string::npos);
    EXPECT_EQ(decided(document).recipients[0].view["case_ref"].text(), decision.recipients[0].view["case_ref"].text())
        << "the same recipient sees the same reference again";
}

TEST(Minimise, AStructuredValueIsNeverRewritten) {
    auto document = referral();
    set_recipients(document, {"health.safeguarding@examplenhs"});
    set_at(document, "/people/3/name", "Willow Guarded");
    set_at(document, "/concerns/0/text", "Willow saw it.");
    const auto decision = decided(document);
    EXPECT_EQ(decision.recipients[0].view["child"]["education"]["setting"].text(), "Willow Primary School");
    EXPECT_EQ(decision.recipients[0].view["concerns"].if_array()->at(0)["text"].text(),
              "A member of the public saw it.");
}

TEST(Minimise, WithheldNumbersAreTakenOutHoweverTheyAreSpaced) {
    auto document = referral();
    set_recipients(document, {"police.public-protection@examplepolice"});
    set_at(document, "/concerns/0/text",
           "NHS 999 000 2118, UPN B80-1200-005001, call +44 7700 900321, aunt on 01632-960-556.");
    EXPECT_EQ(decided(document).recipients[0].view["concerns"].if_array()->at(0)["text"].text(),
              "NHS [NUMBER], UPN [NUMBER], call +44 7700 900321, aunt on [PHONE].");
}

TEST(Minimise, NamesAreFoundWhateverTheirLettersLookLike) {
    auto document = referral();
    set_recipients(document, {"health.safeguarding@examplenhs"});
    set_at(document, "/people/3/name", "José O'Hidden");
    set_at(document, "/concerns/0/text",
           "JOSE O\u2019HIDDEN\u2019s car; Jos\u00e9, Jose\u0301 and Mr\u00a0O'Hid\u200bden came.");
    const auto text = std::string{decided(document).recipients[0].view["concerns"].if_array()->at(0)["text"].text()};
    for (const auto* name : {"ose", "OSE", "idden", "IDDEN", "Hid", "HID"})
        EXPECT_EQ(text.find(name), std::string::npos) << name << " in: " << text;
}

TEST(Minimise, AReferenceToNobodyMayBeANameAndStays) {
    auto document = referral();
    set_at(document, "/concerns/0/concerning", "Dale Quill");
    EXPECT_TRUE(is_withheld(decided(document).recipients[0], "/concerns/0/concerning",
                            WithheldReason::third_party_not_relevant));
}

TEST(Minimise, EachAnswerNamesItsRule) {
    const auto decision = decided(referral());
    for (const auto& recipient : decision.recipients)
        for (const auto& leaf : recipient.withheld) {
            EXPECT_FALSE(leaf.rule.empty());
            EXPECT_TRUE(leaf.rule.starts_with("cp." + recipient.to.role.str() + ".")) << leaf.rule;
        }
}

}  // namespace
}  // namespace cg::policy::testing
