#include "certs/directory.hpp"

#include "tests/unit/certs/federation.hpp"

namespace cg::certs {
namespace {

using testing::agency;
using testing::day;
using testing::descriptor;
using testing::first_type;
using testing::now;
using testing::text_of;

auto load(const std::vector<DescriptorText>& texts, const SequenceMarks& seen = {}) {
    return Directory::load(texts, testing::registrar().verify_key(), now, seen);
}
auto reasons(const Directory& directory) -> std::vector<std::string> {
    std::vector<std::string> out;
    for (const auto& refusal : directory.refusals()) out.push_back(refusal.label + " " + refusal.agency.str() + " " + refusal.reason);
    return out;
}
auto dsl() { return RecipientId::parse("school.dsl@millbrook").value(); }

TEST(Directory, ABadDescriptorDoesNotTakeTheOthersDown) {
    auto altered = text_of(descriptor("ashford"), "ashford.json");
    const auto place = altered.text.find("\"payload\":\"") + 40;
    altered.text[place] = altered.text[place] == 'A' ? 'B' : 'A';
    auto unregistered = DescriptorText{"bexley.json", to_jcs(testing::signed_by_agency(descriptor("bexley")))};
    const auto directory = load({altered, text_of(descriptor()), unregistered, {"text.json", "CANARY not JSON"}});
    EXPECT_EQ(directory.agencies(), std::vector{agency("millbrook")});
    ASSERT_EQ(directory.refusals().size(), 3U);
    EXPECT_EQ(directory.refusals()[1].reason, "directory/registrar-signature");
    EXPECT_EQ(directory.refusals()[2].reason, "directory/malformed");
    for (const auto& refusal : directory.refusals()) {
        EXPECT_TRUE(refusal.agency.empty());  // what cannot be believed is not repeated
        for (const auto& problem : refusal.problems) EXPECT_EQ(problem.fix.find("CANARY"), std::string::npos);
    }
}

TEST(Directory, AnExpiredDescriptorIsReportedAndLookupsSaySo) {
    auto old = descriptor();
    old.expires = now;
    const auto directory = load({text_of(old)});
    EXPECT_EQ(reasons(directory), std::vector<std::string>{"one.json millbrook directory/descriptor-expired"});
    EXPECT_EQ(first_type(directory.recipient_key(dsl(), now).error()), "directory/descriptor-expired");
    EXPECT_EQ(first_type(directory.signing_key(agency("millbrook"), old.signing.front().sha256, now).error()), "directory/descriptor-expired");
    EXPECT_EQ(first_type(directory.in_force(agency("millbrook"), now).error()), "directory/descriptor-expired");
    EXPECT_NE(directory.find(agency("millbrook")), nullptr);
    EXPECT_TRUE(directory.log_verifier(agency("millbrook")).has_value());
}

TEST(Directory, ADescriptorThatExpiresWhileLoadedIsNoticed) {
    const auto d = descriptor();
    const auto directory = load({text_of(d)});
    EXPECT_TRUE(directory.recipient_key(dsl(), d.expires - std::chrono::milliseconds{1}).has_value());
    EXPECT_EQ(first_type(directory.recipient_key(dsl(), d.expires).error()), "directory/descriptor-expired");
}

TEST(Directory, ADescriptorFromTheFutureIsLeftOut) {
    auto early = descriptor();
    early.issued = now + day;
    const auto directory = load({text_of(early)});
    EXPECT_EQ(reasons(directory), std::vector<std::string>{"one.json millbrook directory/not-yet-valid"});
    EXPECT_EQ(directory.find(agency("millbrook")), nullptr);
}

TEST(Directory, TheSequenceNeverGoesBack) {
    auto d = descriptor();
    d.seq = 5;
    const auto first = load({text_of(d)});
    EXPECT_EQ(first.marks().at(agency("millbrook")), 5U);
    d.seq = 4;
    const auto back = load({text_of(d)}, first.marks());
    EXPECT_EQ(reasons(back), std::vector<std::string>{"one.json millbrook directory/seq-went-back"});
    EXPECT_EQ(back.marks().at(agency("millbrook")), 5U);
    d.seq = 6;
    const auto next = load({text_of(d)}, first.marks());
    EXPECT_TRUE(next.refusals().empty());
    EXPECT_EQ(next.marks().at(agency("millbrook")), 6U);
    d.seq = 5;
    EXPECT_TRUE(load({text_of(d)}, first.marks()).refusals().empty()) << "the same one again is no step back";
}

TEST(Directory, OfTwoTheNewerCountsInWhateverOrder) {
    auto older = descriptor();
    auto newer = older;
    newer.seq = older.seq + 1;
    const auto a = text_of(older, "older.json");
    const auto b = text_of(newer, "newer.json");
    for (const auto& texts : {std::vector{a, b}, std::vector{b, a}}) {
        const auto directory = load(texts);
        EXPECT_EQ(directory.find(agency("millbrook"))->seq, newer.seq);
        EXPECT_EQ(reasons(directory), std::vector<std::string>{"older.json millbrook directory/duplicate"});
    }
}

TEST(Directory, GivesTheKeyInForceThatBeganLast) {
    const auto d = descriptor();
    const auto directory = load({text_of(d)});
    const auto& keys = d.roles.front().recipients;
    EXPECT_EQ(directory.recipient_key(dsl(), now).value(), keys[1]);
    EXPECT_EQ(directory.recipient_key(dsl(), keys[1].not_before - std::chrono::seconds{1}).value(), keys[0]);
    EXPECT_EQ(first_type(directory.recipient_key(dsl(), keys[0].not_before - std::chrono::seconds{1}).error()), "recipient/key-missing");
}

TEST(Directory, SaysWhyThereIsNoKey) {
    const auto directory = load({text_of(descriptor())});
    const auto why = [&](const char* recipient) {
        return first_type(directory.recipient_key(RecipientId::parse(recipient).value(), now).error());
    };
    EXPECT_EQ(why("school.dsl@nowhere"), "recipient/agency-unknown");
    EXPECT_EQ(why("csc.front-door@millbrook"), "recipient/unknown");
    EXPECT_EQ(why("school.office@millbrook"), "recipient/key-missing");
}

TEST(Directory, FindsASigningKeyByItsThumbprint) {
    auto d = descriptor();
    d.signing.push_back(testing::signing_certificate(d.agency, {now - 30 * day, now - day}));
    d.signing.push_back(testing::signing_certificate(d.agency, {now + day, now + 30 * day}));
    const auto directory = load({text_of(d)});
    const auto why = [&](const char* who, const crypto::Digest& thumbprint) {
        const auto result = directory.signing_key(agency(who), thumbprint, now);
        return result ? "none" : first_type(result.error());
    };
    EXPECT_EQ(directory.signing_key(d.agency, d.signing[0].sha256, now).value().spki(), testing::signing_key().verify_key().spki());
    EXPECT_EQ(why("millbrook", d.signing[1].sha256), "directory/key-expired");
    EXPECT_EQ(why("millbrook", d.signing[2].sha256), "directory/key-expired");
    EXPECT_EQ(why("millbrook", crypto::sha256("another")), "directory/key-unknown");
    EXPECT_EQ(why("nowhere", d.signing[0].sha256), "directory/agency-unknown");
}

TEST(Directory, OneAgencysKeyDoesNotSpeakForAnother) {
    const auto a = descriptor("millbrook");
    const auto b = descriptor("northvale");
    const auto directory = load({text_of(a, "a"), text_of(b, "b")});
    EXPECT_EQ(first_type(directory.signing_key(b.agency, a.signing.front().sha256, now).error()), "directory/key-unknown");
}

TEST(Directory, ATlsCertificateIsNoSigningCertificate) {
    auto d = descriptor();
    const auto tls = read_certificate(testing::authority().issue(d.tls, Issue::tls, testing::tls_key())).value();
    d.signing.push_back(tls);
    const auto directory = load({text_of(d)});
    EXPECT_EQ(first_type(directory.signing_key(d.agency, tls.sha256, now).error()), "directory/key-expired");
}

TEST(Directory, GivesTheLogsVerifier) {
    const auto d = descriptor();
    const auto directory = load({text_of(d)});
    EXPECT_EQ(directory.log_verifier(d.agency).value().vkey(), d.log);
    EXPECT_EQ(first_type(directory.log_verifier(agency("nowhere")).error()), "directory/agency-unknown");
}

TEST(Directory, AnEmptyOneKnowsNobody) {
    const Directory directory;
    EXPECT_TRUE(directory.agencies().empty());
    EXPECT_FALSE(directory.recipient_key(dsl(), now).has_value());
}

}  // namespace
}  // namespace cg::certs
