// Decisions again: bit for bit, with another pack, and in words.
#include "policy/explain.hpp"
#include "policy/gate.hpp"
#include "policy/repeat.hpp"
#include "policy/replay.hpp"
#include "tests/unit/policy/support.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

namespace cg::policy {
namespace {

using namespace testing;

auto changed_pack(const std::vector<std::array<std::string, 3>>& edits) -> std::shared_ptr<const Pack> {
    auto files = example_files();
    for (const auto& [file, from, to] : edits) {
        auto& text = files.at(file);
        const auto place = text.find(from);
        EXPECT_NE(place, std::string::npos) << file << ": " << from;
        if (place != std::string::npos) text.replace(place, from.size(), to);
    }
    auto pack = load_pack(files);
    if (!pack)
        for (const auto& problem : pack.error().problems) ADD_FAILURE() << problem.pointer << " " << problem.fix;
    return pack.value();
}

/// As a gateway records it, through text and back.
struct Recorded {
    std::string message;
    Decision then;
    RecordedDecision record;
    std::vector<std::string> override_texts{"she is afraid of him", "she is afraid of him"};
};
auto recorded(const Json& document, const Caller& caller, const AgencyLookup& agencies = example_pack().agencies()) -> Recorded {
    Recorded out;
    out.message = to_pretty_json(document);
    auto submission = parsed(document);
    submission.recent_override_texts = out.override_texts;
    submission.recent_override_of = {"dec-a", "dec-b"};
    submission.known_withdrawals = {{"p1", that_day - std::chrono::hours{2}}};
    const SeenAgencies seen{agencies};
    out.then = decide(example_pack(), seen, submission, caller, that_day, view_bytes(salt_text));
    auto fields = record_fields(out.then, submission, caller);
    fields.id.set("context", to_json(DecisionContext{seen.seen(), caller, {}, submission.recent_override_of,
                                                     submission.known_withdrawals, {}}));
    out.record = {parse_json(to_jcs(fields.dec)).value(), parse_json(to_jcs(fields.id)).value(), that_day};
    return out;
}
auto repeated(const Recorded& of) -> Repeated {
    auto again = repeat_decision(example_pack(), of.record, of.message, of.override_texts, view_bytes(salt_text));
    EXPECT_TRUE(again.has_value()) << again.error().detail;
    return again.has_value() ? std::move(again).value() : Repeated{};
}

TEST(Requirement, RC_4_replay_with_stored_inputs_gives_the_same_outcome_bit_for_bit) {
    struct Case {
        Json document;
        Caller caller;
    };
    for (const auto& [document, caller] : std::vector<Case>{{referral(), willow()},
                                                            {child_in_need("given"), willow()},
                                                            {child_in_need("refused"), willow()},
                                                            {early_help("given"), charity()}}) {
        const auto one = recorded(document, caller);
        const auto again = repeated(one);
        EXPECT_EQ(again.differ, std::vector<std::string>{}) << one.then.purpose;
        EXPECT_EQ(again.added, std::vector<std::string>{}) << one.then.purpose;
        EXPECT_TRUE(to_jcs(to_json(again.decision, true)) == to_jcs(to_json(one.then, true))) << one.then.purpose;
        EXPECT_FALSE(one.then.rules.empty()) << "each rule evaluated, and its result";
    }
}

/// The organisations of the example, each after `change`.
class Changed final : public AgencyLookup {
public:
    explicit Changed(const std::function<void(AgencyFacts&)>& change) : list_(example_pack().agency_list()) {
        for (auto& one : list_) change(one);
    }
    [[nodiscard]] auto find(const AgencyId& id) const -> const AgencyFacts* override {
        const auto it = std::ranges::find(list_, id, &AgencyFacts::id);
        return it == list_.end() ? nullptr : &*it;
    }

private:
    std::vector<AgencyFacts> list_;
};

TEST(Requirement, RC_4_a_competent_authority_and_a_closed_organisation_are_remembered) {
    auto document = referral();
    document.find("case")->find("basis")->set("article6", "P3");
    document.find("case")->find("basis")->set("schedule8", "S8.4");
    // A police force that the directory knows and the policy's own list does not.
    const Caller force{AgencyId::trusted("coastpolice"), AgencyKind::statutory, true, true};
    auto ordinary = force;
    ordinary.competent_authority = false;
    EXPECT_FALSE(recorded(document, ordinary).record.dec == recorded(document, force).record.dec) << "it counts";
    const auto open = recorded(document, force);
    EXPECT_EQ(repeated(open).differ, std::vector<std::string>{});
    const Changed closed{[](AgencyFacts& facts) { facts.closed_on = date_of(that_day); }};
    const auto gone = recorded(document, force, closed);
    EXPECT_FALSE(gone.record.dec == open.record.dec) << "so does that";
    EXPECT_EQ(repeated(gone).differ, std::vector<std::string>{});
}

TEST(Requirement, RC_4_another_pack_does_not_pass_for_the_one_that_decided) {
    const auto other = changed_pack({{"pack.toml", "version = \"", "version = \"9."}});
    const auto one = recorded(referral(), willow());
    const auto refused = repeat_decision(*other, one.record, one.message, one.override_texts, view_bytes(salt_text));
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().code, Errc::conflict);
}

TEST(Requirement, RC_4_a_record_that_is_damaged_or_keeps_too_little_is_not_repeated) {
    EXPECT_FALSE(parse_decision_context(Json::object()).has_value());
    const auto one = recorded(referral(), willow());
    const auto code_after = [&](const auto& change) {
        auto other = one;
        change(other);
        const auto again =
            repeat_decision(example_pack(), other.record, other.message, other.override_texts, view_bytes(salt_text));
        return again.has_value() ? std::string{"none"} : std::string{to_string(again.error().code)};
    };
    EXPECT_EQ(code_after([](Recorded&) {}), "none");
    EXPECT_EQ(code_after([](Recorded& r) { r.record.personal.erase("context"); }), "not_found");
    EXPECT_EQ(code_after([](Recorded& r) { r.message = "{"; }), "malformed");
    EXPECT_EQ(code_after([](Recorded& r) {
                  r.record.personal.find("context")->set("withdrawals", parse_json(R"([{"who":"p1","on":"yesterday"}])").value());
              }),
              "malformed");
    EXPECT_EQ(code_after([](Recorded& r) {
                  r.record.personal.find("context")->set("without_key", parse_json(R"([{"recipient":9,"problems":[{"type":"x"}]}])").value());
              }),
              "malformed");
}

TEST(Requirement, RC_4_every_input_counts) {
    const auto one = recorded(referral(), willow());
    const auto differs = [&](const auto& change) {
        auto other = one;
        change(other);
        return !repeated(other).differ.empty();
    };
    EXPECT_TRUE(differs([](Recorded& r) { r.record.decided_at += std::chrono::hours{1}; }));
    EXPECT_TRUE(differs([](Recorded& r) { r.record.personal.find("context")->set("agencies", Json::array()); }));
    EXPECT_TRUE(differs([](Recorded& r) { r.message.replace(r.message.find("\"basis\""), 7, "\"bases\""); }));
    EXPECT_TRUE(differs([](Recorded& r) { r.record.dec.set("outcome", "DENY"); })) << "and so does what was recorded";
}

auto record_of(Json document, const Caller& caller = willow()) -> Json {
    const auto submission = parsed(std::move(document));
    const auto decision =
        decide(example_pack(), example_pack().agencies(), submission, caller, that_day, view_bytes(salt_text));
    return record_fields(decision, submission, caller).dec;
}
auto replayed(const Pack& pack, const Json& dec) -> ReplayCounts {
    RecordReplay replay{pack};
    replay.add(dec);
    return replay.counts();
}
auto fate(const ReplayCounts& counts, Fate which) -> std::size_t {
    return counts.recipients.at(static_cast<std::size_t>(which));
}

TEST(RecordReplay, WithTheSamePackNothingThatCanBeToldChanges) {
    for (const auto& document : {referral(), child_in_need("given"), child_in_need("refused")}) {
        const auto counts = replayed(example_pack(), record_of(document));
        EXPECT_EQ(counts.decisions, 1U);
        EXPECT_EQ(fate(counts, Fate::now_refused), 0U);
        EXPECT_EQ(fate(counts, Fate::fields_change), 0U);
        EXPECT_EQ(fate(counts, Fate::maybe_permitted), 0U);
        EXPECT_TRUE(counts.now_released.empty() && counts.now_withheld.empty());
    }
}

TEST(RecordReplay, SaysWhichGroupWouldBeReleasedAndWhichWithheld) {
    auto document = referral();
    const auto dec = record_of(document);
    ASSERT_NE(to_jcs(dec).find("PERMIT"), std::string::npos) << to_jcs(dec);
    // The front door: numbers of the family, which it may never have; and the NHS number, which it may.
    const auto pack =
        changed_pack({{"purposes/child-protection-referral.toml", "\"nhs\", ", ""},
                      {"purposes/child-protection-referral.toml", "not_necessary = [", "not_necessary = [\"nhs\", "}});
    const auto counts = replayed(*pack, dec);
    const ReplayCounts::Cell cell{"child-protection-referral", "csc.front-door", "nhs"};
    ASSERT_TRUE(counts.now_withheld.contains(cell)) << counts.now_withheld.size();
    EXPECT_EQ(counts.now_withheld.at(cell), 1U);
    EXPECT_EQ(fate(counts, Fate::fields_change), 1U);

    // The other way round: what the narrower pack withheld, the wider one releases.
    const auto submission = parsed(document);
    const auto narrow = decide(*pack, pack->agencies(), submission, willow(), that_day, view_bytes(salt_text));
    const auto back = replayed(example_pack(), record_fields(narrow, submission, willow()).dec);
    EXPECT_TRUE(back.now_released.contains(cell));
}

/// As the pack's own table says, with the pack that decided at hand or not.
auto replayed_knowing(const Pack& with, const Pack& then, const Json& dec) -> ReplayCounts {
    RecordReplay replay{with, [&then](std::string_view hash) {
                            return hash == then.hash() ? std::shared_ptr<const Pack>{std::shared_ptr<void>{}, &then} : nullptr;
                        }};
    replay.add(dec);
    return replay.counts();
}
const std::string cpr = "purposes/child-protection-referral.toml";

TEST(RecordReplay, AConditionThatIsLoosenedIsNotSaidToChangeNothing) {
    auto document = referral();
    set_at(document, "/risk/level", "low");  // the police hear of no offences
    const auto dec = record_of(document);
    const ReplayCounts::Cell crime{"child-protection-referral", "police.public-protection", "fam_crime"};
    const auto loosened = changed_pack({{cpr, "all = [\"risk-high\", \"person-linked\"]", "all = [\"person-linked\"]"}});
    EXPECT_TRUE(replayed(*loosened, dec).depends.contains(crime)) << "without the pack that decided nobody knows";
    EXPECT_TRUE(replayed_knowing(*loosened, example_pack(), dec).depends.contains(crime));
    const auto tightened = changed_pack(
        {{cpr, "all = [\"risk-high\", \"person-linked\"]", "all = [\"risk-high\", \"person-linked\", \"poses-risk\"]"}});
    EXPECT_FALSE(replayed_knowing(*tightened, example_pack(), dec).depends.contains(crime));
    const auto same = changed_pack({{"pack.toml", "version = \"", "version = \"9."}});
    EXPECT_EQ(fate(replayed_knowing(*same, example_pack(), dec), Fate::same), 3U);
    EXPECT_EQ(fate(replayed(example_pack(), dec), Fate::same), 3U);
}

TEST(RecordReplay, AllOfTheConditionsIsNotAnyOfThem) {
    const auto any = changed_pack({{cpr, "all = [\"risk-high\", \"person-linked\"]", "any = [\"risk-high\", \"person-linked\"]"}});
    const auto submission = parsed(referral());
    const auto then = decide(*any, any->agencies(), submission, willow(), that_day, view_bytes(salt_text));
    const auto dec = record_fields(then, submission, willow()).dec;
    const ReplayCounts::Cell crime{"child-protection-referral", "police.public-protection", "fam_crime"};
    EXPECT_TRUE(replayed(example_pack(), dec).depends.contains(crime)) << "one of the two was enough then";
    EXPECT_TRUE(replayed_knowing(example_pack(), *any, dec).depends.contains(crime));
    EXPECT_FALSE(replayed_knowing(*any, example_pack(), record_of(referral())).depends.contains(crime));
}

TEST(RecordReplay, OtherPeopleIdentitiesAndTagsAreNotSaidToChangeNothing) {
    auto document = referral();
    set_at(document, "/concerns/0/tags", parse_json(R"(["offence:p2"])").value());
    const auto dec = record_of(document);
    const auto health = [](const std::string& from, const std::string& to) {
        auto files = example_files();
        auto& text = files.at(cpr);
        const auto section = text.find("[roles.\"health.safeguarding\"]");
        text.replace(text.find(from, section), from.size(), to);
        return load_pack(files).value();
    };
    for (const auto& [from, to] : {std::pair{"people = \"household\"", "people = \"all\""},
                                   std::pair{"protected = false", "protected = true"},
                                   std::pair{"tags = [\"health\"]", "tags = [\"health\", \"offence\"]"}}) {
        const auto wider = health(from, to);
        EXPECT_GT(fate(replayed(*wider, dec), Fate::unknown), 0U) << to;
        EXPECT_GT(fate(replayed_knowing(*wider, example_pack(), dec), Fate::unknown), 0U) << to;
    }
    EXPECT_EQ(fate(replayed(example_pack(), dec), Fate::same), 3U);
}

TEST(RecordReplay, WhatStayedForWhatTheCaseSaysIsNotSaidToBeReleasedNow) {
    auto suspected = referral();
    set_at(suspected, "/override", parse_json(R"({"reason":"COERCION_DURESS","text":"He answers for her and holds her telephone all the time.",
        "facts":["c1"],"indicators":"he answers for her","suspected_person":"p2","safe_contact_plan":"at school"})").value());
    auto harmful = referral();
    set_at(harmful, "/basis/identifier_harm", "He reads her letters from the surgery.");
    for (const auto& document : {suspected, harmful}) {
        const auto dec = record_of(document);
        const auto counts = replayed(example_pack(), dec);
        EXPECT_TRUE(counts.now_released.empty()) << std::get<2>(counts.now_released.begin()->first) << to_jcs(dec);
        EXPECT_EQ(fate(counts, Fate::fields_change), 0U);
    }
}

TEST(RecordReplay, APurposeOrRoleOrBasisThatIsGoneIsARefusal) {
    const auto dec = record_of(referral());
    auto files = example_files();
    files.erase("purposes/child-protection-referral.toml");
    const auto without = load_pack(files);
    if (without) {  // other purposes may point at it
        const auto counts = replayed(*without.value(), dec);
        EXPECT_GT(fate(counts, Fate::now_refused), 0U);
        EXPECT_TRUE(counts.reasons.contains("refused: purpose-not-agreed"));
    }
    auto renamed = dec;
    renamed.set("purpose", "a-purpose-of-yesterday");
    EXPECT_TRUE(replayed(example_pack(), renamed).reasons.contains("refused: purpose-not-agreed"));
    auto role = dec;
    role.find("recipients")->if_array()->front().set("to", "school.dsl@willow");
    EXPECT_TRUE(replayed(example_pack(), role).reasons.contains("refused: role-not-permitted"));
    auto basis = dec;
    basis.find("law")->set("article6", "6.1.b");
    EXPECT_TRUE(replayed(example_pack(), basis).reasons.contains("refused: basis-not-for-purpose"));
}

TEST(RecordReplay, ConsentThatIsAskedForFromNowOn) {
    auto dec = record_of(referral());
    const auto pack =
        changed_pack({{"purposes/child-protection-referral.toml", "gate = \"none\"", "gate = \"consent\""}});
    EXPECT_TRUE(replayed(*pack, dec).reasons.contains("refused: consent-needed"));
    dec.set("emergency", true);
    EXPECT_FALSE(replayed(*pack, dec).reasons.contains("refused: consent-needed")) << "an emergency makes it a debt";
    dec.set("emergency", false);
    dec.find("consent")->set("state", "given");
    EXPECT_FALSE(replayed(*pack, dec).reasons.contains("refused: consent-needed"));
}

TEST(RecordReplay, WhatCannotBeReadIsCountedAndNothingMore) {
    RecordReplay replay{example_pack()};
    for (const auto& odd :
         {Json{}, Json::object(), Json::array(), Json{"decision/1"}, Json::object({{"record", "decision/1"}})})
        replay.add(odd);
    EXPECT_EQ(replay.counts().unreadable, 5U);
    replay.add(
        parse_json(
            R"({"record":"decision/1","purpose":"early-help","recipients":[{"to":"x"},7,{"to":"early-help.hub@a","outcome":"PERMIT","released":["","/","//","/people/9/name",3]}]})")
            .value());
    EXPECT_EQ(replay.counts().decisions, 6U);
}

TEST(RecordReplay, SmallNumbersAreNotPublished) {
    EXPECT_EQ(published(0), "none");
    for (std::size_t n = 1; n < 5; ++n) EXPECT_EQ(published(n), "fewer than 5");
    EXPECT_EQ(published(5), "5");
}

TEST(Requirement, FW_8_explain_prints_the_governing_documents) {
    const auto explanation = explain(record_of(referral()), &example_pack());
    ASSERT_FALSE(explanation.documents.empty());
    EXPECT_TRUE(explanation.pack_known);
    for (const auto& document : explanation.documents) {
        EXPECT_FALSE(document.id.empty());
        EXPECT_FALSE(document.title.empty()) << document.id;
        EXPECT_FALSE(document.read_on.empty()) << document.id;
    }
    EXPECT_FALSE(explanation.agreement.empty());
    EXPECT_FALSE(explanation.rules_edition.empty());
}

TEST(Explain, EveryRuleThatFiredHasItsWords) {
    for (const auto& document : {referral(), child_in_need("refused"), early_help("given")}) {
        const auto explanation = explain(record_of(document), &example_pack());
        for (const auto& rule : explanation.rules) EXPECT_FALSE(rule.text.empty()) << rule.rule;
        for (const auto& recipient : explanation.recipients)
            for (const auto& rule : recipient.rules) {
                if (rule.rule.find(".unknown") != std::string::npos) continue;
                EXPECT_FALSE(rule.text.empty()) << rule.rule;
            }
    }
}

TEST(Explain, KnowsEveryGate) {
    for (const auto& gate : submission_gates())
        EXPECT_FALSE(rule_words(nullptr, "x." + std::string{gate.name}).empty()) << gate.name;
    for (const auto& gate : recipient_gates())
        EXPECT_FALSE(rule_words(nullptr, "x.role." + std::string{gate.name} + ".2").empty()) << gate.name;
}

TEST(Explain, ARefusalSaysWhatWouldChangeIt) {
    const auto explanation = explain(record_of(child_in_need("refused")), &example_pack());
    ASSERT_EQ(explanation.recipients.size(), 1U);
    EXPECT_EQ(explanation.recipients.front().outcome, "DENY");
    EXPECT_FALSE(explanation.recipients.front().rules.empty());
}

TEST(Explain, NeverSpeaksWithTheWordsOfAnotherPack) {
    const auto other = changed_pack({{"pack.toml", "version = \"", "version = \"9."}});
    const auto explanation = explain(record_of(referral()), other.get());
    EXPECT_FALSE(explanation.pack_known);
    EXPECT_FALSE(explanation.documents.empty());
    EXPECT_TRUE(explanation.documents.front().title.empty());
}

}  // namespace
}  // namespace cg::policy
