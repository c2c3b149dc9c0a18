// The policy of a running gateway: who may change it, what a bad one does (nothing), and what the log says of it.
#include "tests/system/policy_change_support.hpp"

#include <gtest/gtest.h>

namespace cg::test {
namespace {

class PolicyChange : public ::testing::Test {
protected:
    static void SetUpTestSuite() {
        first() = signatories().pack("first", "2026.2");
        agency() = std::make_unique<SignedAgency>(first());
        ASSERT_TRUE(agency()->start()) << agency()->log();
    }
    static void TearDownTestSuite() { agency().reset(); }
    static auto agency() -> std::unique_ptr<SignedAgency>& {
        static std::unique_ptr<SignedAgency> one;
        return one;
    }
    static auto first() -> fs::path& {
        static fs::path folder;
        return folder;
    }
    static auto signatories() -> const Signatories& { return Signatories::get(); }

    void SetUp() override {
        const auto result = agency()->activate(first());
        ASSERT_EQ(result.status, 0) << result.err;
        ASSERT_EQ(agency()->hash_in_force(), hash_of(first()));
    }

    /// Refused: nothing changes, and every reason is told wherever somebody may look.
    static void expect_refused(const fs::path& folder, const std::vector<std::string>& types) {
        const auto entries_before = agency()->entries().size();
        const auto result = agency()->activate(folder);
        EXPECT_EQ(result.status, 65) << result.out;
        const auto ready = agency()->readyz();
        EXPECT_EQ(ready.status, 200) << "the old policy works: nothing is held up";
        EXPECT_TRUE(ready.body["degraded"].is_true());
        EXPECT_EQ(ready.body["pack"]["hash"].text(), hash_of(first()));
        const auto body = to_jcs(ready.body);
        const auto entries = agency()->entries();
        ASSERT_EQ(entries.size(), entries_before + 1);
        EXPECT_EQ(entries.back()["action"].text(), "rejected");
        const auto entry = to_jcs(entries.back());
        for (const auto& type : types) {
            EXPECT_NE(result.err.find(type), std::string::npos) << type << " is not in: " << result.err;
            EXPECT_NE(body.find(type), std::string::npos) << type << " is not in /readyz: " << body;
            EXPECT_NE(entry.find(type), std::string::npos) << type << " is not in the ledger: " << entry;
            EXPECT_NE(agency()->log().find(type), std::string::npos) << type << " is not in the operational log";
        }
        EXPECT_EQ(agency()->store().in_force().value().logged, agency()->store().in_force().value().current);
    }
    static void expect_in_force(const fs::path& folder) {
        const auto ready = agency()->readyz();
        EXPECT_EQ(ready.status, 200);
        EXPECT_EQ(ready.body["pack"]["hash"].text(), hash_of(folder));
        EXPECT_FALSE(ready.body["degraded"].is_true()) << to_jcs(ready.body);
    }
};

TEST_F(PolicyChange, TheFirstPolicyIsInTheLog) {
    const auto entries = agency()->entries();
    ASSERT_FALSE(entries.empty());
    EXPECT_EQ(entries.front()["action"].text(), "loaded");
    EXPECT_EQ(entries.front()["pack"]["hash"].text(), hash_of(first()));
    EXPECT_EQ(entries.front()["signed_by"], Json::texts(std::vector<std::string>{"ig-lead", "caldicott-guardian"}));
    EXPECT_TRUE(agency()->log_holds());
}

TEST_F(PolicyChange, ASignedPolicyComesIntoForceWhileTheGatewayRuns) {
    const auto next = signatories().pack("next", "2026.3", first());
    const auto before = agency()->entries().size();
    const auto result = agency()->activate(next);
    ASSERT_EQ(result.status, 0) << result.err;
    expect_in_force(next);
    ASSERT_EQ(agency()->entries().size(), before + 1);
    const auto entry = agency()->entries().back();
    EXPECT_EQ(entry["action"].text(), "activated");
    EXPECT_EQ(entry["pack"]["version"].text(), "2026.3");
    EXPECT_EQ(entry["previous"].text(), hash_of(first()));
    EXPECT_EQ(entry["widenings"].integer_or(-1), 0);
    EXPECT_TRUE(agency()->log_holds());
    fs::remove_all(next);
    agency()->hang_up();
    EXPECT_EQ(agency()->run({"policy", "status"}).status, 0) << "the working folder is needed no more";
    ASSERT_EQ(agency()->run({"policy", "rollback"}).status, 0);
}

TEST_F(PolicyChange, TheSamePolicyAgainIsNoChange) {
    const auto before = agency()->entries().size();
    EXPECT_EQ(agency()->activate(first()).status, 0);
    EXPECT_EQ(agency()->entries().size(), before);
}

TEST_F(PolicyChange, NobodySigned) {
    expect_refused(signatories().draft("bad", "2026.3"), {"pack/unsigned"});
}

TEST_F(PolicyChange, OneSignatureIsNotEnough) {
    const auto folder = signatories().draft("bad", "2026.3");
    ASSERT_EQ(signatories().sign(folder, "ig-lead").status, 0);
    expect_refused(folder, {"pack/one-signature"});
}

TEST_F(PolicyChange, OneKeyForTwoNames) {
    const auto folder = signatories().draft("bad", "2026.3");
    ASSERT_EQ(signatories().sign(folder, "ig-lead").status, 0);
    ASSERT_EQ(signatories().sign(folder, "caldicott-guardian", {}, "ig-lead").status, 0);
    expect_refused(folder, {"pack/signature-invalid", "pack/one-signature"});
}

TEST_F(PolicyChange, APackCannotVouchForItself) {
    const auto folder = signatories().draft("bad", "2026.3");
    Signatories::edit(folder / "pack.toml", "\"caldicott-guardian\"]", "\"stranger\"]");
    ASSERT_EQ(signatories().sign(folder, "ig-lead").status, 0);
    ASSERT_EQ(signatories().sign(folder, "stranger").status, 0);
    expect_refused(folder, {"pack/signatory-unknown", "pack/one-signature"});
}

TEST_F(PolicyChange, EditedAfterSigningWithAllThatIsWrongAtOnce) {
    const auto folder = signatories().pack("bad", "2026.3");
    Signatories::edit(folder / "pack.toml", "in_force_from = 2025-01-01", "in_force_from = 2999-01-01");
    expect_refused(folder, {"pack/edited-after-signing", "pack/unsigned", "pack/not-yet-in-force"});
}

TEST_F(PolicyChange, AnUnknownFieldWithItsPlace) {
    const auto folder = signatories().pack("bad", "2026.3");
    Signatories::edit(folder / "pack.toml", "title = ", "titel = ");
    expect_refused(folder, {"pack/key-unknown", "pack/edited-after-signing"});
    EXPECT_NE(to_jcs(agency()->readyz().body).find("pack.toml:"), std::string::npos) << "file, line and column";
}

TEST_F(PolicyChange, AWideningNeedsASecondPerson) {
    auto folder = signatories().draft("wider", "2026.3");
    Signatories::edit(folder / "purposes/child-in-need-referral.toml", "informed_first = true",
                      "informed_first = false");
    ASSERT_EQ(signatories().sign(folder, "ig-lead", first()).status,
              0);  // the first has read the list; the second has not
    ASSERT_EQ(signatories().sign(folder, "caldicott-guardian").status, 0);
    expect_refused(folder, {"pack/widening-not-countersigned"});
    const auto read = signatories().sign(folder, "caldicott-guardian", first());
    ASSERT_EQ(read.status, 0) << read.err;
    EXPECT_NE(read.out.find("RELEASED FROM NOW ON"), std::string::npos) << read.out;
    const auto result = agency()->activate(folder);
    ASSERT_EQ(result.status, 0) << result.err;
    expect_in_force(folder);
    EXPECT_GT(agency()->entries().back()["widenings"].integer_or(0), 0);
    EXPECT_NE(agency()->log().find("gw.policy.widened"), std::string::npos);
    ASSERT_EQ(agency()->run({"policy", "rollback"}).status, 0);
}

TEST_F(PolicyChange, TheWayBackIsOneCommandAndLogged) {
    const auto next = signatories().pack("next", "2026.4", first());
    ASSERT_EQ(agency()->activate(next).status, 0);
    const auto back = agency()->run({"policy", "rollback"});
    ASSERT_EQ(back.status, 0) << back.err;
    expect_in_force(first());
    EXPECT_EQ(agency()->entries().back()["action"].text(), "rolled-back");
    EXPECT_EQ(agency()->entries().back()["previous"].text(), hash_of(next));
    ASSERT_EQ(agency()->run({"policy", "rollback"}).status, 0);
    expect_in_force(next);
    ASSERT_EQ(agency()->run({"policy", "rollback"}).status, 0);
    EXPECT_TRUE(agency()->log_holds());
}

TEST_F(PolicyChange, ADamagedStoreLeavesTheOldInForceUntilItIsMended) {
    const auto version = agency()->store().in_force().value().current;
    const auto file = fs::path{agency()->fed().path("willow")} / "data/packs/versions" / version / "fields.toml";
    const auto whole = read_whole(file);
    write_whole(file, whole.substr(0, whole.size() / 2));
    agency()->hang_up();
    ASSERT_TRUE(eventually([&] { return agency()->readyz().body["degraded"].is_true(); }));
    const auto ready = agency()->readyz();
    EXPECT_EQ(ready.status, 200);
    EXPECT_EQ(ready.body["pack"]["hash"].text(), hash_of(first()));
    EXPECT_NE(to_jcs(ready.body).find("pack/stored-damaged"), std::string::npos) << to_jcs(ready.body);
    write_whole(file, whole);
    agency()->hang_up();
    EXPECT_TRUE(eventually([&] { return !agency()->readyz().body["degraded"].is_true(); }));
}

/// What cannot be compared with may widen: nothing but the policy in force itself comes in.
TEST_F(PolicyChange, ADamagedStoreLetsNoWideningIn) {
    const auto wider = signatories().draft("wider", "2026.7");
    Signatories::edit(wider / "purposes/child-in-need-referral.toml", "informed_first = true", "informed_first = false");
    for (const char* who : {"ig-lead", "caldicott-guardian"}) ASSERT_EQ(signatories().sign(wider, who).status, 0);
    const auto version = agency()->store().in_force().value().current;
    const auto file = fs::path{agency()->fed().path("willow")} / "data/packs/versions" / version / "fields.toml";
    write_whole(file, "");
    const auto refused = agency()->activate(wider);
    EXPECT_EQ(refused.status, 65) << refused.out;
    EXPECT_NE(refused.err.find("pack/no-comparison"), std::string::npos) << refused.err;
    EXPECT_EQ(agency()->hash_in_force(), hash_of(first()));
    const auto mended = agency()->activate(first());
    ASSERT_EQ(mended.status, 0) << mended.err;
    expect_in_force(first());
    expect_refused(wider, {"pack/widening-not-countersigned"});
}

TEST_F(PolicyChange, AnotherSignatureOfTheSamePolicyIsNoStepToGoBackTo) {
    const auto next = signatories().pack("next", "2026.6", first());
    ASSERT_EQ(agency()->activate(next).status, 0);
    ASSERT_EQ(signatories().sign(next, "ig-lead", first()).status, 0);
    ASSERT_EQ(agency()->activate(next).status, 0);
    expect_in_force(next);
    ASSERT_EQ(agency()->run({"policy", "rollback"}).status, 0);
    expect_in_force(first());
}

TEST_F(PolicyChange, WhatLintCallsAnErrorIsNeitherSignedNorActivated) {
    const auto folder = signatories().pack("bad", "2026.3");
    Signatories::edit(folder / "purposes/missing-child.toml", "minimum = [", "minimun = [");
    Signatories::edit(folder / "purposes/early-help.toml", "allowed = [\"6.1.a\", \"6.1.e\", \"6.1.f\"]", "allowed = []");
    const auto signing = signatories().sign(folder, "ig-lead");
    EXPECT_EQ(signing.status, 65) << signing.out;
    expect_refused(folder, {"pack/basis-missing", "pack/key-unknown", "pack/edited-after-signing"});
}

TEST_F(PolicyChange, ADryRunChangesNothing) {
    const auto next = signatories().pack("next", "2026.5", first());
    const auto before = agency()->entries().size();
    EXPECT_EQ(agency()->run({"policy", "activate", next.string(), "--dry-run"}).status, 0);
    EXPECT_EQ(agency()->run({"policy", "activate", signatories().draft("bad", "2026.6").string(), "--dry-run"}).status,
              65);
    EXPECT_EQ(agency()->entries().size(), before);
    EXPECT_EQ(agency()->hash_in_force(), hash_of(first()));
}

TEST_F(PolicyChange, TheStatusSaysWhoSigned) {
    const auto result = agency()->run({"policy", "status"});
    EXPECT_EQ(result.status, 0) << result.err;
    for (const char* text : {"2026.2", "ig-lead, caldicott-guardian", "The gateway runs."})
        EXPECT_NE(result.out.find(text), std::string::npos) << text << " is not in: " << result.out;
}

TEST(PolicyStart, NoSignaturesNoStartAndAPolicyThatWaitsForTheGateway) {
    const auto& signatories = Signatories::get();
    const auto folder = signatories.draft("start", "2026.2");
    SignedAgency agency{folder};
    EXPECT_FALSE(agency.start());
    EXPECT_NE(agency.log().find("pack/unsigned"), std::string::npos) << agency.log();
    ASSERT_EQ(signatories.sign(folder, "ig-lead").status, 0);
    ASSERT_EQ(signatories.sign(folder, "caldicott-guardian").status, 0);
    ASSERT_TRUE(agency.start()) << agency.log();
    agency.fed().stop("willow");

    EXPECT_EQ(agency.activate(signatories.draft("bad", "2026.3")).status, 65)
        << "said at once, and not left for the start";
    const auto next = signatories.pack("next", "2026.3", folder);
    const auto waits = agency.activate(next);
    EXPECT_EQ(waits.status, 0) << waits.err;
    EXPECT_NE(waits.out.find("does not run"), std::string::npos) << waits.out;
    ASSERT_TRUE(agency.start()) << agency.log();
    EXPECT_EQ(agency.hash_in_force(), hash_of(next));
    EXPECT_EQ(agency.entries().back()["action"].text(), "activated");
    EXPECT_TRUE(agency.log_holds());
}

/// Killed between the pointer and the log: the next start tells the log what is in force.
TEST(PolicyStart, WhatTheLogWasNotToldIsToldAtTheNextStart) {
    const auto& signatories = Signatories::get();
    const auto folder = signatories.pack("start", "2026.2");
    SignedAgency agency{folder};
    ASSERT_TRUE(agency.start()) << agency.log();
    agency.fed().stop("willow");
    auto state = agency.store().in_force().value();
    state.logged.clear();
    ASSERT_TRUE(agency.store().set(state).has_value());
    const auto before = agency.entries().size();
    ASSERT_TRUE(agency.start()) << agency.log();
    ASSERT_EQ(agency.entries().size(), before + 1);
    EXPECT_EQ(agency.entries().back()["action"].text(), "loaded");
}

/// Midnight needs no reload: whoever watches the gateway sees that it refuses everything, and why.
TEST(PolicyStart, APolicyWhoseLastDayIsOverIsToldByItself) {
    const auto& signatories = Signatories::get();
    const auto folder = signatories.pack("start", "2026.2");
    SignedAgency agency{folder};
    ASSERT_TRUE(agency.start()) << agency.log();
    agency.fed().stop("willow");
    const auto old = signatories.draft("old", "2025.9");
    Signatories::edit(old / "pack.toml", "in_force_from = 2025-01-01", "in_force_from = 2025-01-01\nin_force_until = 2025-06-01");
    for (const char* who : {"ig-lead", "caldicott-guardian"}) ASSERT_EQ(signatories.sign(old, who).status, 0);
    auto state = agency.store().in_force().value();
    state.current = agency.store().put(config::read_signed_pack(old).value()).value();
    ASSERT_TRUE(agency.store().set(state).has_value());
    ASSERT_TRUE(agency.start()) << agency.log();
    const auto ready = agency.readyz();
    EXPECT_TRUE(ready.body["degraded"].is_true()) << to_jcs(ready.body);
    EXPECT_NE(to_jcs(ready.body).find("pack/expired"), std::string::npos) << to_jcs(ready.body);
    EXPECT_NE(to_jcs(ready.body).find("Every message is refused"), std::string::npos);
}

/// A gateway in development follows its folder.
TEST(PolicyStart, InDevelopmentTheFolderIsFollowed) {
    const auto folder = Signatories::get().draft("development", "2026.2");
    Federation fed{{{"willow", "school.dsl"}}, {"--pack", folder.string(), "--unsigned-policy"}};
    ASSERT_TRUE(fed.start());
    const auto ready = [&] { return plain_get(fed.ops_port("willow"), "/readyz").body; };
    Signatories::edit(folder / "pack.toml", "2026.2", "2026.3");
    ::kill(fed.gateway("willow").pid(), SIGHUP);
    EXPECT_TRUE(eventually([&] { return ready()["pack"]["version"].text() == "2026.3"; }));
    const auto good = read_whole(folder / "roles.toml");
    write_whole(folder / "roles.toml", good.substr(0, good.size() / 2));  // as an editor leaves it half-way
    ::kill(fed.gateway("willow").pid(), SIGHUP);
    EXPECT_TRUE(eventually([&] { return ready()["degraded"].is_true(); }));
    EXPECT_EQ(ready()["pack"]["version"].text(), "2026.3");
    write_whole(folder / "roles.toml", good);
    ::kill(fed.gateway("willow").pid(), SIGHUP);
    EXPECT_TRUE(eventually([&] { return !ready()["degraded"].is_true(); }));
}

}  // namespace
}  // namespace cg::test
