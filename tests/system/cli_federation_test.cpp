// Two agencies, made and used with the program alone: init, authority, directory, serve, send, inbox, open, log.
#include "gateway/base/time.hpp"
#include "gateway/ledger/sqlite/tamper.hpp"
#include "tests/system/federation.hpp"
#include "tests/system/referral.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace cg::test {
namespace {

namespace fs = std::filesystem;

/// One federation for all tests of this file: making keys takes a second.
class TwoAgencies : public testing::Test {
protected:
    static void SetUpTestSuite() {
        federation_ = std::make_unique<Federation>();
        ASSERT_TRUE(federation_->start())
            << to_text(oracle::read_file(federation_->path("willow") + "/gateway.log"))
            << to_text(oracle::read_file(federation_->path("exampleshire") + "/gateway.log"));
    }
    static void TearDownTestSuite() { federation_.reset(); }
    static auto fed() -> Federation& { return *federation_; }

    /// Sends, waits for the receipt, and gives the decision's id and the copy's.
    static auto send() -> std::pair<std::string, std::string> {
        const auto [status, decision] = fed().ask({"send", "--wait", "60", "-"}, "willow", to_jcs(referral()));
        EXPECT_EQ(status, 0) << to_jcs(decision);
        if (decision["recipients"].size() != 1) return {};
        return {std::string{decision["decision_id"].text()},
                std::string{(*decision["recipients"].if_array())[0]["mid"].text()}};
    }

    static inline std::unique_ptr<Federation> federation_;
};

TEST_F(TwoAgencies, AReferralGoesFromSendToOpenAndTheReceiptComesBack) {
    const auto [decision, mid] = send();
    ASSERT_FALSE(mid.empty());
    const auto [listed, inbox] = fed().ask({"inbox"}, "exampleshire");
    EXPECT_EQ(listed, 0);
    EXPECT_TRUE(std::ranges::any_of(*inbox["messages"].if_array(),
                                    [&m = mid](const Json& one) { return one["mid"].text() == m; }));

    const auto [opened, message] = fed().ask({"open", mid}, "exampleshire");
    EXPECT_EQ(opened, 0) << to_jcs(message);
    EXPECT_EQ(message["from"].text(), "willow");
    EXPECT_EQ(message["to"].text(), "csc.front-door@exampleshire");
    EXPECT_EQ(message["view"]["child"]["family_name"].text(), "Sampleton");
    EXPECT_EQ(message["view"]["people"].if_array()->front().find("nino"), nullptr) << "never necessary for this role";
    EXPECT_TRUE(message["view"]["handling"].is_object());

    EXPECT_TRUE(eventually([&d = decision] {
        const auto [status, record] = fed().ask({"log", "show", d}, "willow");
        const auto* deliveries = record["deliveries"].if_array();
        return status == 0 && deliveries != nullptr && deliveries->size() == 1 &&
               (*deliveries)[0]["state"].text() == "opened";
    }));
    EXPECT_EQ(fed().run({"open", mid, "--acknowledge"}, "exampleshire").status, 0);
}

TEST_F(TwoAgencies, WhatPeopleReadSaysWhoSentItAndWhatIsMissing) {
    const auto [decision, mid] = send();
    const auto opened = fed().run({"open", mid, "--no-receipt"}, "exampleshire");
    EXPECT_EQ(opened.status, 0) << opened.err;
    for (const char* words : {"From willow", "Signature good", "DO NOT TELL", "You were not given these", "Noa"})
        EXPECT_NE(opened.out.find(words), std::string::npos) << words << "\n" << opened.out;
    const auto shown = fed().run({"log", "show", decision}, "willow");
    EXPECT_EQ(shown.status, 0) << shown.err;
    for (const char* words : {"Who:        willow", "child protection referral", "public task",
                              "csc.front-door@exampleshire", "[cp.csc.front-door.fam_numbers]", "Holds:"})
        EXPECT_NE(shown.out.find(words), std::string::npos) << words << "\n" << shown.out;
    EXPECT_EQ(shown.out.find("Sampleton"), std::string::npos) << "names only with --personal";
    const auto named = fed().run({"log", "show", "--personal", decision}, "willow");
    EXPECT_NE(named.out.find("Sampleton"), std::string::npos) << named.out << named.err;
    EXPECT_NE(named.out.find("willow, designated safeguarding lead (u-204)"), std::string::npos) << named.out;
}

TEST_F(TwoAgencies, TheSameKeyAndMessageIsNotSentTwice) {
    const auto body = to_jcs(referral());
    const auto [first_status, first] = fed().ask({"send", "--key", "key-once", "-"}, "willow", body);
    const auto [again_status, again] = fed().ask({"send", "--key", "key-once", "-"}, "willow", body);
    EXPECT_EQ(first_status, 0);
    EXPECT_EQ(again_status, 0);
    EXPECT_EQ(first["decision_id"], again["decision_id"]);
    const auto [other_status, other] =
        fed().ask({"send", "--key", "key-once", "-"}, "willow", to_jcs(referral()) + " ");
    EXPECT_EQ(other_status, 65) << to_jcs(other);
    EXPECT_TRUE(other["type"].text().ends_with("idempotency/conflict")) << to_jcs(other);
}

TEST_F(TwoAgencies, SearchFindsByTimePurposeRecipientOutcomeAndPerson) {
    const auto [decision, mid] = send();
    const auto found = [&d = decision](std::vector<std::string> conditions) {
        conditions.insert(conditions.begin(), {"log", "search"});
        const auto [status, list] = fed().ask(std::move(conditions), "willow");
        EXPECT_EQ(status, 0) << to_jcs(list);
        const auto* rows = list["decisions"].if_array();
        return rows != nullptr &&
               std::ranges::any_of(*rows, [&d](const Json& row) { return row["decision_id"].text() == d; });
    };
    EXPECT_TRUE(found({}));
    EXPECT_TRUE(found({"--from", today(), "--purpose", "child-protection-referral"}));
    EXPECT_FALSE(found({"--until", today()}));
    EXPECT_FALSE(found({"--purpose", "early-help"}));
    EXPECT_TRUE(found({"--recipient", "exampleshire", "--outcome", "PERMIT"}));
    EXPECT_TRUE(found({"--recipient", "csc.front-door@exampleshire"}));
    EXPECT_FALSE(found({"--recipient", "examplepolice"}));
    EXPECT_FALSE(found({"--outcome", "DENY"}));
    EXPECT_TRUE(found({"--actor", "u-204"}));
    EXPECT_FALSE(found({"--actor", "u-205"}));
    EXPECT_TRUE(found({"--subject", "WPS-2026-031"}));
    EXPECT_FALSE(found({"--subject", "WPS-2026-032"}));
    EXPECT_EQ(fed().run({"log", "search", "--from", "soon"}, "willow").status, 64);
}

TEST_F(TwoAgencies, TheLogVerifiesWithThePublicKeyAloneAndNamesAnAlteredRecord) {
    const auto [decision, mid] = send();
    for (const char* agency : {"willow", "exampleshire"}) {
        const auto verified = fed().run({"log", "verify"}, agency);
        EXPECT_EQ(verified.status, 0) << verified.out << verified.err;
    }
    const auto copies = fs::path{fed().path("copies")};
    fs::create_directories(copies);
    const auto copy = (copies / (decision + ".db")).string();
    ASSERT_TRUE(ledger::sqlite::copy_ledger(fed().path("willow") + "/data/ledger.db", copy).has_value());
    const auto key = to_text(oracle::read_file(fed().path("willow") + "/log.vkey"));
    const std::vector<std::string> verify{"log", "verify",    "--ledger",
                                          copy,  "--log-key", key.substr(0, key.find('\n'))};
    EXPECT_EQ(casegate(verify).status, 0);
    ASSERT_TRUE(
        ledger::sqlite::rewrite_record(copy, decision, "csc.front-door@exampleshire", "csc.front-door@examplesnire")
            .has_value());
    const auto found = casegate(verify);
    EXPECT_EQ(found.status, 1) << found.out << found.err;
    EXPECT_NE(found.out.find(decision), std::string::npos) << found.out;
    auto as_json = verify;
    as_json.emplace_back("--json");
    const auto machine = parse_json(casegate(as_json).out);
    ASSERT_TRUE(machine.has_value());
    EXPECT_EQ(machine.value()["good"], Json{false});
}

TEST_F(TwoAgencies, AnotherLogsKeyDoesNotVerify) {
    send();
    const auto key = to_text(oracle::read_file(fed().path("exampleshire") + "/log.vkey"));
    const auto verified = fed().run({"log", "verify", "--log-key", key.substr(0, key.find('\n'))}, "willow");
    EXPECT_NE(verified.status, 0) << verified.out;
}

TEST_F(TwoAgencies, TailShowsTheLatestEntries) {
    send();
    const auto [status, list] = fed().ask({"log", "tail", "-n", "3"}, "willow");
    EXPECT_EQ(status, 0);
    EXPECT_EQ(list["entries"].size(), 3U) << to_jcs(list);
}

TEST_F(TwoAgencies, TheDirectoryListsWhoCanReceive) {
    const auto [status, list] = fed().ask({"directory", "list"}, "willow");
    EXPECT_EQ(status, 0);
    EXPECT_EQ(list["agencies"].size(), 2U) << to_jcs(list);
    const auto people = fed().run({"directory", "list"}, "willow");
    EXPECT_NE(people.out.find("csc.front-door@exampleshire"), std::string::npos) << people.out;
}

TEST_F(TwoAgencies, AFileCanBeSealedToARoleByItsName) {
    const auto sealed = fed().run({"seal", "--to", "csc.front-door@exampleshire"}, "willow", "a letter");
    ASSERT_EQ(sealed.status, 0) << sealed.err;
    const auto opened = fed().run({"open", "--raw"}, "exampleshire", sealed.out);
    EXPECT_EQ(opened.status, 0) << opened.err;
    EXPECT_EQ(opened.out, "a letter");
    EXPECT_EQ(fed().run({"open", "--raw"}, "willow", sealed.out).status, 65);
}

TEST_F(TwoAgencies, CheckAsksTheGatewayAndRecordsNothing) {
    const auto before = fed().ask({"log", "search", "--limit", "1000"}, "willow").second["decisions"].size();
    const auto [status, decision] = fed().ask({"check", "-"}, "willow", to_jcs(referral()));
    EXPECT_EQ(status, 0) << to_jcs(decision);
    EXPECT_TRUE((*decision["recipients"].if_array())[0]["view"].is_object());
    EXPECT_EQ(fed().ask({"log", "search", "--limit", "1000"}, "willow").second["decisions"].size(), before);
}

TEST_F(TwoAgencies, ARefusalIsRecordedAndSaysWhatWouldChangeIt) {
    auto submission = referral();
    submission.set("purpose", "child-in-need-referral");
    submission.find("case")->find("consent")->find("to_share")->set("state", "refused");
    const auto [status, decision] = fed().ask({"send", "-"}, "willow", to_jcs(submission));
    EXPECT_EQ(status, 1) << to_jcs(decision);
    EXPECT_GT(decision["what_would_change"].size(), 0U) << to_jcs(decision);
    const auto [shown, record] = fed().ask({"log", "show", std::string{decision["decision_id"].text()}}, "willow");
    EXPECT_EQ(shown, 0);
    EXPECT_EQ(record["deliveries"].size(), 0U);
}

TEST_F(TwoAgencies, BadInputHasOneClearErrorEach) {
    EXPECT_EQ(fed().run({"send", "-"}, "willow", "{").status, 65);
    EXPECT_EQ(fed().run({"send", "-"}, "willow", "[1,2]").status, 65);
    EXPECT_EQ(fed().run({"send", "/no/such/file"}, "willow").status, 65);
    EXPECT_EQ(fed().run({"open", "not-an-id"}, "willow").status, 65);
    EXPECT_EQ(fed().run({"open", "msg-aaaaaaaaaaaaaaaaaaaaaaaaaa"}, "willow").status, 65);
    EXPECT_EQ(fed().run({"log", "show", "dec-aaaaaaaaaaaaaaaaaaaaaaaaaa"}, "willow").status, 65);
    EXPECT_EQ(casegate({"inbox", "--profile", "/no/such/folder"}).status, 65);
    const auto incomplete = fed().run({"send", "-"}, "willow", R"({"schema":"submission/1"})");
    EXPECT_EQ(incomplete.status, 65);
    for (const char* place : {"/purpose", "/recipients", "/actor", "/case"})
        EXPECT_NE(incomplete.err.find(place), std::string::npos) << incomplete.err;
}

TEST_F(TwoAgencies, AWrongPassphraseIsNotPermitted) {
    const auto result =
        casegate({"inbox", "--profile", fed().path("willow")}, {.input = "", .passphrase = "not the passphrase"});
    EXPECT_EQ(result.status, 77) << result.err;
    EXPECT_EQ(result.err.find("not the passphrase"), std::string::npos);
}

TEST_F(TwoAgencies, AnAgencyIsNotReplacedByInit) {
    const auto result = fed().run({"init", fed().path("willow"), "--agency", "willow"});
    EXPECT_EQ(result.status, 65);
}

TEST_F(TwoAgencies, TheAuthorityRefusesARequestForAnotherAgency) {
    const auto result = fed().run(
        {"authority", "issue", fed().path("federation"), "--agency", "exampleshire", "--from", fed().path("willow")});
    EXPECT_EQ(result.status, 77) << result.err;
}

TEST(OneAgency, AGatewayThatDoesNotRunIsUnreachable) {
    const Federation fed{{{"willow", "school.dsl"}}};
    const auto result = fed.run({"inbox"}, "willow");
    EXPECT_EQ(result.status, 69) << result.err;
    EXPECT_NE(result.err.find("casegate serve"), std::string::npos) << result.err;
}

TEST(OneAgency, PrivateFilesAreForTheirOwnerAlone) {
    const Federation fed{{{"willow", "school.dsl"}}};
    std::size_t keys = 0;
    for (const auto& entry : fs::recursive_directory_iterator(fed.path("willow") + "/keys")) {
        if (!entry.is_regular_file()) continue;
        EXPECT_EQ(entry.status().permissions() & (fs::perms::group_all | fs::perms::others_all), fs::perms::none)
            << entry.path();
        const auto text = to_text(oracle::read_file(entry.path()));
        EXPECT_EQ(text.find("BEGIN PRIVATE KEY"), std::string::npos) << entry.path();
        EXPECT_EQ(text.find("AGE-SECRET-KEY"), std::string::npos) << entry.path();
        ++keys;
    }
    EXPECT_EQ(keys, 6U) << "tls, signing, office, log, store and one role";
}

}  // namespace
}  // namespace cg::test
