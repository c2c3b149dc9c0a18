// What people do around a message, with the program alone and between gateways that run: say no, ask and answer, look as a second
// person, put right, take consent back, and see what is owed.
#include "gateway/base/time.hpp"
#include "tests/system/federation.hpp"
#include "tests/system/referral.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>

namespace cg::test {
namespace {

const std::string head = "head-of-willow";

class ThreeAgencies : public testing::Test {
protected:
    static void SetUpTestSuite() {
        federation_ = std::make_unique<Federation>(std::vector<MemberSpec>{
            {"willow", "school.dsl"}, {"exampleshire", "csc.front-door"}, {"examplepolice", "police.public-protection"}});
        make_head();
        ASSERT_TRUE(federation_->start()) << to_text(oracle::read_file(federation_->path("willow") + "/gateway.log"));
    }
    static void TearDownTestSuite() { federation_.reset(); }
    static auto fed() -> Federation& { return *federation_; }

    /// A person of willow with a key of their own, who may review.
    static void make_head() {
        const auto [made, answer] = fed().ask({"person", fed().path(head), "--name", "u-head"}, "willow");
        ASSERT_EQ(made, 0) << to_jcs(answer);
        std::ofstream{fed().path("willow") + "/gateway.toml", std::ios::app} << "\n" << answer["caller"].text();
        const auto issued = fed().run({"authority", "issue", fed().path("federation"), "--agency", "willow", "--person", "u-head",
                                       "--from", fed().path(head)});
        ASSERT_EQ(issued.status, 0) << issued.err;
    }

    static auto mids(const std::string& at) -> std::vector<std::string> {
        std::vector<std::string> out;
        const auto [status, list] = fed().ask({"inbox", "--all"}, at);
        EXPECT_EQ(status, 0) << to_jcs(list);
        if (const auto* messages = list["messages"].if_array())
            for (const auto& one : *messages) out.emplace_back(one["mid"].text());
        return out;
    }
    /// Does `act`, and waits for the message that comes of it at an agency.
    template <class Act>
    static auto arrival(const std::string& at, const Act& act) -> std::string {
        const auto before = mids(at).size();
        act();
        std::vector<std::string> all;
        EXPECT_TRUE(eventually([&] { return (all = mids(at)).size() > before; })) << "nothing came to " << at;
        return all.size() > before ? all.back() : std::string{"msg-none"};
    }
    /// Runs a command that records a decision, and gives the decision's id.
    static auto decided(const std::vector<std::string>& words, const std::string& as, const Json& body, int expected = 0)
        -> std::string {
        const auto [status, answer] = fed().ask(words, as, to_jcs(body));
        EXPECT_EQ(status, expected) << words.front() << to_jcs(answer);
        return std::string{answer["decision_id"].text()};
    }
    static void expect_words(const RunResult& result, std::initializer_list<const char*> all) {
        for (const char* words : all) EXPECT_NE(result.out.find(words), std::string::npos) << words << "\n" << result.out << result.err;
    }
    static auto owed(const std::string& report, const std::string& as) -> std::vector<std::string> {
        std::vector<std::string> out;
        const auto [status, list] = fed().ask({"report", report, "--all"}, as);
        EXPECT_EQ(status, 0) << "nothing is overdue yet" << to_jcs(list);
        if (const auto* duties = list["duties"].if_array())
            for (const auto& duty : *duties) out.emplace_back(duty["of"].text());
        return out;
    }
    static auto has(const std::vector<std::string>& list, const std::string& one) -> bool {
        return std::ranges::find(list, one) != list.end();
    }
    static void expect_logs_verify() {
        for (const char* agency : {"willow", "exampleshire", "examplepolice"}) {
            const auto verified = fed().run({"log", "verify"}, agency);
            EXPECT_EQ(verified.status, 0) << agency << verified.out << verified.err;
        }
    }
    /// A referral for a child of another area, held.
    static auto held() -> std::string {
        auto submission = referral();
        submission.find("case")->set("home_authority", "othershire");
        return decided({"send", "-"}, "willow", submission, 1);
    }

    static inline std::unique_ptr<Federation> federation_;
};

TEST_F(ThreeAgencies, ARequestIsAnsweredWithNoAndTheNoIsTalkedOver) {
    std::string asked;
    const auto request = arrival("examplepolice", [&] { asked = decided({"request", "-"}, "exampleshire", example("request")); });
    expect_words(fed().run({"open", request}, "examplepolice"),
                 {"You are asked for information", "csc.front-door of exampleshire", "Whom they ask about", "Noa",
                  "family members' offences", "ISA-EX-014", "casegate answer"});
    EXPECT_TRUE(has(owed("answers-due", "exampleshire"), asked));

    const auto later = arrival("exampleshire", [&] { decided({"answer", request, "-"}, "examplepolice", example("answer-later")); });
    expect_words(fed().run({"open", later}, "exampleshire"), {"It takes more time", "neither yes nor no"});

    std::string refused;
    const auto reply =
        arrival("exampleshire", [&] { refused = decided({"answer", request, "-"}, "examplepolice", example("answer-no")); });
    expect_words(fed().run({"open", reply}, "exampleshire"),
                 {"The answer to your request is no", "not necessary", "01632 960555", "does not mean that a child is safe"});

    EXPECT_TRUE(has(owed("refusals-undiscussed", "examplepolice"), refused));
    const std::vector<std::string> done{"done", refused, "--duty", "discuss-refusal", "--as", "u-3", "--role", "duty inspector"};
    EXPECT_EQ(fed().run(done, "examplepolice", "They will ask the school first.").status, 65) << "with whom?";
    auto with_whom = done;
    with_whom.insert(with_whom.end(), {"--with-whom", "social worker, front door"});
    EXPECT_EQ(fed().run(with_whom, "examplepolice", "They will ask the school first.").status, 0);
    EXPECT_FALSE(has(owed("refusals-undiscussed", "examplepolice"), refused));
    EXPECT_EQ(fed().run({"answer", "msg-none", "-"}, "examplepolice", to_jcs(example("answer-no"))).status, 65);
    expect_logs_verify();
}

TEST_F(ThreeAgencies, WhatIsHeldIsLetGoBySomebodyElseAndNobodyTwice) {
    const auto id = held();
    const auto list = fed().run({"review", "list"}, head);
    expect_words(list, {id.c_str(), "child protection referral", "csc.front-door@exampleshire", "left"});
    EXPECT_EQ(list.out.find("Sampleton"), std::string::npos) << "the list says nothing of the cases";
    EXPECT_TRUE(has(owed("reviews-waiting", "willow"), id));
    expect_words(fed().run({"review", "show", id}, head),
                 {"DO NOT TELL THE FAMILY", "A second person must look", "designated safeguarding lead (u-204)", "left)",
                  "Why somebody must look", "What csc.front-door@exampleshire would see", "Sampleton"});

    const std::string reason = "I have read the case and rung the school: the area is right.";
    const auto own = fed().run({"review", "release", id, "--as", "u-204", "--role", "lead", "--reason", reason}, "willow");
    EXPECT_EQ(own.status, 77) << own.err;
    EXPECT_NE(own.err.find("somebody else must look"), std::string::npos) << own.err;
    EXPECT_EQ(fed().run({"review", "release", id, "--role", "head teacher", "--reason", "fine"}, head).status, 65);
    const auto nameless = fed().run({"review", "release", id, "--role", "head teacher", "--reason", reason}, "willow");
    EXPECT_EQ(nameless.status, 64) << "an office system says for whom it speaks" << nameless.err;
    const auto other = fed().run({"review", "release", id, "--as", "u-9", "--role", "head teacher", "--reason", reason}, head);
    EXPECT_EQ(other.status, 77) << "a person reviews under their own name" << other.err;

    std::string released;
    const auto mid = arrival("exampleshire", [&] {
        const auto [status, answer] = fed().ask({"review", "release", id, "--role", "head teacher", "--key", "my-review"}, head, reason);
        EXPECT_EQ(status, 0) << to_jcs(answer);
        released = answer["decision_id"].text();
    });
    EXPECT_EQ(fed().ask({"open", mid}, "exampleshire").second["view"]["child"]["family_name"].text(), "Sampleton");
    const auto again = fed().run({"review", "release", id, "--role", "head teacher", "--reason", reason, "--key", "my-review"}, head);
    EXPECT_TRUE(again.status == 0 || again.err.find("was handed in before") != std::string::npos) << again.out << again.err;
    EXPECT_EQ(again.err.find("new key"), std::string::npos) << "a new key is no help" << again.err;
    const auto late = fed().run({"review", "release", id, "--role", "head teacher", "--reason", reason}, head);
    EXPECT_EQ(late.status, 65);
    EXPECT_NE(late.err.find("somebody else may have been faster"), std::string::npos) << late.err;
    EXPECT_EQ(fed().run({"review", "show", id}, head).status, 65) << "what was held is gone";
    expect_words(fed().run({"log", "show", released}, "willow"), {"review of", id.c_str(), "release", "Holds:"});
    EXPECT_FALSE(has(owed("reviews-waiting", "willow"), id));
    EXPECT_EQ(fed().run({"send", "-"}, head, to_jcs(referral())).status, 77) << "that person may only review";
    expect_logs_verify();
}

TEST_F(ThreeAgencies, AReviewerSaysNoOrGivesItBackAndNothingLeaves) {
    const auto before = mids("exampleshire").size();
    for (const char* verb : {"refuse", "return"}) {
        const auto id = held();
        const auto result = fed().run({"review", verb, id, "--as", "u-deputy", "--role", "deputy head", "--reason-file", "-"}, "willow",
                                      "Ring the other council first: they know this family.\n");
        EXPECT_EQ(result.status, 0) << result.err;
        EXPECT_NE(result.out.find("Nothing leaves."), std::string::npos) << result.out;
        EXPECT_EQ(fed().run({"review", "show", id}, "willow").status, 65);
    }
    EXPECT_EQ(mids("exampleshire").size(), before);
    expect_logs_verify();
}

TEST_F(ThreeAgencies, ACorrectionFollowsTheCopyThatWasSent) {
    std::string first;
    const auto wrong = arrival("exampleshire", [&] { first = decided({"send", "-"}, "willow", referral()); });
    auto correction = example("correction");
    correction.set("submission", dated(Json{correction["submission"]}));
    const auto outcome = arrival("willow", [&] { decided({"answer", wrong, "-"}, "exampleshire", example("answer-outcome")); });
    expect_words(fed().run({"open", outcome}, "willow"), {"What was done with your message", wrong.c_str(), "assessment"});
    auto kept = example("outcome-record");
    kept.set("mid", wrong);
    EXPECT_EQ(fed().run({"outcome-record", first, "-"}, "willow", to_jcs(kept)).status, 0);

    const auto right = arrival("exampleshire", [&] { decided({"correct", first, "-"}, "willow", correction); });
    expect_words(fed().run({"open", right}, "exampleshire"),
                 {("THIS TAKES THE PLACE OF " + wrong).c_str(), "left forearm", "DO NOT TELL THE FAMILY"});
    correction.set("reason", "BECAUSE");
    EXPECT_EQ(fed().run({"correct", first, "-"}, "willow", to_jcs(correction)).status, 65);
    EXPECT_EQ(fed().run({"correct", "../x", "-"}, "willow", to_jcs(correction)).status, 65);
    expect_logs_verify();
}

TEST_F(ThreeAgencies, ConsentIsTakenBackAndWhoReliedOnItIsTold) {
    auto help = dated(example("child-in-need-refused"));
    auto& tree = *help.find("case");
    tree.find("consent")->set("to_share", Json::object({{"who", "p1"}, {"state", "given"}, {"on", day_from_today(0)}, {"method", "written"}}));
    tree.find("consent")->set("agreement_to_service", "agreed");
    tree.find("informing")->set("reaction", "agreed");
    arrival("exampleshire", [&] { decided({"send", "-"}, "willow", help); });
    auto withdrawal = example("withdrawal");
    withdrawal.set("on", day_from_today(0));
    const auto notice = arrival("exampleshire", [&] { decided({"withdraw", "-"}, "willow", withdrawal); });
    expect_words(fed().run({"open", notice}, "exampleshire"), {"Consent was taken back", "Share nothing further"});
    decided({"send", "-"}, "willow", help, 1);
    expect_logs_verify();
}

TEST_F(ThreeAgencies, ADecisionNotToShareIsWrittenDownWithItsReasons) {
    const auto told = fed().run({"no-share", CG_SOURCE_DIR "/config/examples/cases/no-share.json"}, "willow");
    EXPECT_EQ(told.status, 0) << told.err;
    expect_words(told, {"Recorded: not shared, with your reasons.", "dec-"});
    const auto id = decided({"no-share", "-"}, "willow", example("no-share"));
    const auto shown = fed().run({"log", "show", id}, "willow");
    expect_words(shown, {"decided not to share", "NOT_NECESSARY", "Nothing left.", "Holds:"});
    EXPECT_EQ(shown.out.find("Quill"), std::string::npos) << "names only with --personal";
    expect_words(fed().run({"log", "show", "--personal", id}, "willow"), {"Quill", "The family asked for help"});

    auto wordless = example("no-share");
    wordless.find("reasons")->set("text", "no");
    EXPECT_EQ(fed().run({"no-share", "-"}, "willow", to_jcs(wordless)).status, 65);
    auto selfish = example("no-share");
    selfish.find("reasons")->set("text", "Passing this on would damage our reputation with the parents of the school.");
    const auto waits = decided({"no-share", "-"}, "willow", selfish, 1);
    expect_words(fed().run({"review", "show", waits}, head), {"Not to share", "organisation's own interest", "reputation"});
    EXPECT_EQ(fed().run({"review", "return", waits, "--role", "head teacher", "--reason", "The child comes first: think again."}, head)
                  .status,
              0);
    expect_words(fed().run({"report", "drafts"}, "willow"), {"No draft waits for a decision."});
    expect_words(fed().run({"report", "debts"}, "willow"), {"Nothing is owed."});
    expect_logs_verify();
}

TEST_F(ThreeAgencies, WhatWasToldByTelephoneIsWrittenDownAfterwards) {
    auto told = example("phone-share");
    told.set("told_at", moment_ago(std::chrono::minutes{50}));
    told.set("submission", dated(Json{told["submission"]}));
    const auto id = decided({"phone-share", "-"}, "willow", told);
    expect_words(fed().run({"log", "show", id}, "willow"), {"told by telephone", "Nothing left."});
    EXPECT_TRUE(has(owed("inform-due", "willow"), id)) << "the family is still to be told";
    told.set("told_at", "2999-01-01T00:00:00Z");
    EXPECT_EQ(fed().run({"phone-share", "-"}, "willow", to_jcs(told)).status, 65);
    expect_logs_verify();
}

}  // namespace
}  // namespace cg::test
