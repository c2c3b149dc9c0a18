#include "policy/pack_trust.hpp"

#include "tests/unit/policy/support.hpp"

#include <gtest/gtest.h>

namespace cg::policy {
namespace {

using namespace testing;

auto key_of(int n) -> const crypto::SigningKey& {
    static const std::array keys{crypto::SigningKey::generate(crypto::SignatureAlg::ed25519),
                                 crypto::SigningKey::generate(crypto::SignatureAlg::es256),
                                 crypto::SigningKey::generate(crypto::SignatureAlg::ed25519)};
    return keys.at(static_cast<std::size_t>(n));
}

/// The example pack names both.
auto two_signatories() -> std::vector<Signatory> {
    return {{"ig-lead", key_of(0).verify_key()}, {"caldicott-guardian", key_of(1).verify_key()}};
}

auto jws(const crypto::SigningKey& key, std::string_view typ, std::string_view name, const Json& statement)
    -> std::string {
    return to_jcs(crypto::sign_jws(key, {std::string{typ}, {}, std::string{name}}, view_bytes(to_jcs(statement))));
}
auto signature(int key, std::string_view name, const Pack& pack = example_pack(),
               std::string_view at_time = "2026-04-01T09:00:00Z") -> std::string {
    return jws(key_of(key), pack_signature_typ, name, pack_statement(pack, name, at(at_time)));
}
auto both() -> SignatureFiles {
    return {{"signatures/a.jws", signature(0, "ig-lead")},
            {"signatures/b.jws", signature(1, "caldicott-guardian", example_pack(), "2026-04-02T09:00:00Z")}};
}
auto check(const SignatureFiles& files, const std::vector<Signatory>& signatories = two_signatories())
    -> SignatureCheck {
    return check_signatures(example_pack().hash(), named_signatories(example_pack()), files, signatories);
}
auto types(const std::vector<Problem>& problems) -> std::vector<std::string> {
    std::vector<std::string> out;
    for (const auto& problem : problems) {
        EXPECT_FALSE(problem.fix.empty());
        out.push_back(problem.type);
    }
    return out;
}
using Types = std::vector<std::string>;

auto changed_pack(std::string_view file, std::string_view from, std::string_view to) -> std::shared_ptr<const Pack> {
    auto files = example_files();
    auto& text = files.find(file)->second;
    const auto place = text.find(from);
    EXPECT_NE(place, std::string::npos) << from;
    text.replace(place, from.size(), to);
    return load_pack(files).value();
}

TEST(PackTrust, TwoSignaturesByTwoSignatoriesAreEnough) {
    const auto result = check(both());
    EXPECT_EQ(types(result.problems), Types{});
    EXPECT_EQ(result.signed_by, (Types{"ig-lead", "caldicott-guardian"})) << "the earliest first";
}

TEST(PackTrust, NobodySigned) {
    EXPECT_EQ(types(check({}).problems), Types{"pack/unsigned"});
}

TEST(PackTrust, OneSignatureIsNotEnough) {
    auto files = both();
    files.erase("signatures/b.jws");
    EXPECT_EQ(types(check(files).problems), Types{"pack/one-signature"});
}

TEST(PackTrust, TheSameSignatoryTwiceCountsOnce) {
    auto files = both();
    files["signatures/b.jws"] = signature(0, "ig-lead", example_pack(), "2026-04-03T09:00:00Z");
    EXPECT_EQ(types(check(files).problems), (Types{"pack/signatory-twice", "pack/one-signature"}));
}

TEST(PackTrust, OneKeyUnderTwoNamesCountsOnce) {
    const std::vector<Signatory> shared{{"ig-lead", key_of(0).verify_key()},
                                        {"caldicott-guardian", key_of(0).verify_key()}};
    auto files = both();
    files["signatures/b.jws"] = signature(0, "caldicott-guardian");
    EXPECT_EQ(types(check(files, shared).problems), (Types{"pack/key-twice", "pack/one-signature"}));
}

TEST(PackTrust, ASignatoryThatTheConfigurationDoesNotKnow) {
    auto signatories = two_signatories();
    signatories.pop_back();
    EXPECT_EQ(types(check(both(), signatories).problems), (Types{"pack/signatory-unknown", "pack/one-signature"}));
}

TEST(PackTrust, ASignatoryThatThePackDoesNotName) {
    auto signatories = two_signatories();
    signatories.push_back({"caretaker", key_of(2).verify_key()});
    auto files = both();
    files["signatures/b.jws"] = signature(2, "caretaker");
    EXPECT_EQ(types(check(files, signatories).problems), (Types{"pack/signatory-not-named", "pack/one-signature"}));
}

TEST(PackTrust, AStrangersKeyUnderAGoodName) {
    auto files = both();
    files["signatures/b.jws"] = signature(2, "caldicott-guardian");
    EXPECT_EQ(types(check(files).problems), (Types{"pack/signature-invalid", "pack/one-signature"}));
}

TEST(PackTrust, EditedAfterSigning) {
    const auto edited = changed_pack("pack.toml", "version = \"", "version = \"9.");
    const auto result = check_signatures(edited->hash(), named_signatories(*edited), both(), two_signatories());
    EXPECT_EQ(types(result.problems),
              (Types{"pack/edited-after-signing", "pack/edited-after-signing", "pack/unsigned"}));
}

TEST(PackTrust, WhatIsNoSignatureIsSaid) {
    auto files = both();
    files["signatures/c.jws"] = "{";
    files["signatures/d.jws"] =
        jws(key_of(0), "casegate-view+jws", "ig-lead", pack_statement(example_pack(), "ig-lead", that_day));
    files["signatures/e.jws"] =
        jws(key_of(0), pack_signature_typ, "ig-lead", pack_statement(example_pack(), "caldicott-guardian", that_day));
    EXPECT_EQ(types(check(files).problems),
              (Types{"pack/signature-malformed", "pack/signature-malformed", "pack/signature-malformed"}));
}

TEST(PackTrust, AnySingleBitOfASignatureFileCounts) {
    const auto good = both();
    const auto& text = good.at("signatures/a.jws");
    for (std::size_t i = 0; i < text.size(); i += 7) {
        auto files = good;
        files["signatures/a.jws"][i] = static_cast<char>(text[i] ^ 1);
        EXPECT_FALSE(check(files).problems.empty()) << i;
    }
}

TEST(PackTrust, DatesOfAPack) {
    const auto later = changed_pack("pack.toml", "in_force_from = 2025-01-01",
                                    "in_force_from = 2026-04-14\nin_force_until = 2026-05-01");
    EXPECT_EQ(types(check_dates(*later, that_day)), Types{"pack/not-yet-in-force"});
    EXPECT_EQ(types(check_dates(*later, at("2026-04-14T00:00:00Z"))), Types{});
    EXPECT_EQ(types(check_dates(*later, at("2026-05-01T00:00:00Z"))), Types{"pack/expired"});
}

TEST(PackTrust, ADayBeginsAtMidnightByTheClockOnTheWallAsItDoesForDecisions) {
    const auto september = changed_pack("pack.toml", "in_force_from = 2025-01-01",
                                        "in_force_from = 2026-09-01\nin_force_until = 2026-10-01");
    const auto before_midnight = at("2026-08-31T22:59:00Z"), summer_midnight = at("2026-08-31T23:00:00Z"),
               end = at("2026-09-30T23:00:00Z");
    EXPECT_EQ(types(check_dates(*september, before_midnight)), Types{"pack/not-yet-in-force"});
    EXPECT_EQ(types(check_dates(*september, summer_midnight)), Types{});
    EXPECT_EQ(types(check_dates(*september, end)), Types{"pack/expired"});
    for (const auto moment : {before_midnight, summer_midnight, end}) {
        const auto decision = decide(*september, september->agencies(), parsed(referral()), willow(), moment, view_bytes(salt_text));
        const bool refused = std::ranges::any_of(decision.recipients.front().problems,
                                                 [](const Problem& p) { return p.type == "pack/not-in-force"; });
        EXPECT_EQ(refused, !check_dates(*september, moment).empty()) << to_rfc3339(moment);
    }
}

const PackStep widening{"sha256:old", "sha256:new", {"NOW RELEASED: the mother's telephone to housing."}};
auto read_and_signed(int key, std::string_view name, const PackStep& step = widening) -> SignatureFiles {
    return {
        {"signatures/w.jws", jws(key_of(key), widening_signature_typ, name, widening_statement(step, name, that_day))}};
}
auto check_step(const SignatureFiles& files) -> Types {
    return types(check_widenings(widening, {"ig-lead", "caldicott-guardian"}, files, two_signatories()));
}

TEST(PackTrust, AWideningNeedsASecondPersonWhoReadIt) {
    EXPECT_EQ(check_step(read_and_signed(1, "caldicott-guardian")), Types{});
    const Types no{"pack/widening-not-countersigned"};
    EXPECT_EQ(check_step({}), no);
    EXPECT_EQ(check_step(both()), no) << "having signed the pack is not having read the list";
    EXPECT_EQ(check_step(read_and_signed(0, "ig-lead")), no) << "the first signatory is not a second one";
    EXPECT_EQ(check_step(read_and_signed(2, "caldicott-guardian")), no) << "another's key";
    EXPECT_EQ(check_step(read_and_signed(1, "caldicott-guardian", {"sha256:old", "sha256:new", {}})), no)
        << "another list";
    EXPECT_EQ(check_step(read_and_signed(1, "caldicott-guardian", {"sha256:older", "sha256:new", widening.widenings})),
              no);
    EXPECT_EQ(types(check_widenings({"sha256:old", "sha256:new", {}}, {"ig-lead", "caldicott-guardian"}, {}, two_signatories())),
              Types{})
        << "what widens nothing needs nothing";
}

TEST(PackTrust, WhoseSignatureOfThePolicyDoesNotCountHasNotReadItEither) {
    auto signatories = two_signatories();
    signatories.push_back({"caretaker", key_of(2).verify_key()});
    const std::vector<std::string> signed_by{"ig-lead", "caldicott-guardian"};
    const Types no{"pack/widening-not-countersigned"};
    EXPECT_EQ(types(check_widenings(widening, signed_by, read_and_signed(2, "caretaker"), signatories)), no)
        << "known to this gateway, but no signatory of this policy";
    EXPECT_EQ(types(check_widenings(widening, {"ig-lead"}, read_and_signed(1, "caldicott-guardian"), signatories)), no);
    EXPECT_EQ(types(check_widenings(widening, {}, read_and_signed(1, "caldicott-guardian"), signatories)), no);
}

TEST(PackTrust, AStepNamesBothPacksAndWhatWidens) {
    const auto narrower = changed_pack("pack.toml", "version = \"", "version = \"9.");
    const auto step = step_between(*narrower, example_pack());
    EXPECT_EQ(step.from, narrower->hash());
    EXPECT_EQ(step.to, example_pack().hash());
    EXPECT_EQ(step.widenings, Types{}) << "another version number releases nothing";
}

TEST(PackTrust, TheHashOfFilesIsThatOfThePack) {
    EXPECT_EQ(pack_hash(example_files()), example_pack().hash());
    auto renamed = example_files();
    auto node = renamed.extract("purposes/early-help.toml");
    node.key() = "purposes/early-help-2.toml";
    renamed.insert(std::move(node));
    EXPECT_NE(pack_hash(renamed), example_pack().hash()) << "names count";
}

}  // namespace
}  // namespace cg::policy
