#include "gateway/ledger/ledger.hpp"

#include "gateway/ledger/opening.hpp"
#include "gateway/ledger/sqlite/sqlite_store.hpp"
#include "tests/unit/ledger/fixture.hpp"

#include <algorithm>

namespace cg::ledger::test {
namespace {

using namespace std::chrono_literals;

struct LedgerTest : ::testing::TestWithParam<const char*> {
    TempDir dir;
    std::shared_ptr<Store> store = make_store();
    Clock clock;
    std::unique_ptr<Ledger> ledger = open_over(store, options(clock)).value();

    auto make_store() -> std::shared_ptr<Store> {
        if (std::string_view{GetParam()} == "Memory") return make_memory_store();
        return sqlite::open(dir / "ledger").value();
    }
    void reopen() {
        ledger.reset();
        if (std::string_view{GetParam()} == "Sqlite") {
            store.reset();
            store = make_store();
        }
        ledger = open_over(store, options(clock)).value();
    }
    auto due(std::size_t limit = 100) -> std::vector<OutboxItem> { return ledger->due(t0 + 1h, limit).value(); }
    auto state_of(const DecisionId& id, std::size_t n = 0) -> DeliveryState {
        return ledger->show(id).value().deliveries.at(n).state;
    }
};

TEST_P(LedgerTest, AnEmptyLogHasASignedCheckpointOfSizeZero) {
    const auto note = ledger->checkpoint().value();
    const auto head = crypto::open_checkpoint(note, key_ring().verifier());
    ASSERT_TRUE(head.has_value());
    EXPECT_EQ(head.value().size, 0U);
    EXPECT_EQ(head.value().root, crypto::merkle_empty_root());
    EXPECT_TRUE(due().empty());
    EXPECT_FALSE(ledger->next_due().value().has_value());
    EXPECT_TRUE(ledger->health().has_value());
}

TEST_P(LedgerTest, ARecordedDecisionIsShownWithAllItsCopies) {
    auto d = decision("k1", {"csc.front-door@larkshire", "police.public-protection@larkpolice"});
    const auto recorded = record(*ledger, d);
    ASSERT_TRUE(recorded.has_value());
    EXPECT_FALSE(recorded.value().repeated);
    EXPECT_EQ(recorded.value().seq, 0U);

    const auto shown = ledger->show(d.id).value();
    EXPECT_EQ(shown.row.id, d.id);
    EXPECT_EQ(shown.row.purpose, d.search.purpose);
    EXPECT_EQ(shown.row.recipients, d.search.recipients);
    EXPECT_EQ(shown.dec, d.dec);
    ASSERT_TRUE(shown.personal.has_value());
    EXPECT_EQ(*shown.personal, d.personal);
    ASSERT_EQ(shown.deliveries.size(), 2U);
    EXPECT_EQ(shown.deliveries[1].to, d.releases[1].to);
    EXPECT_EQ(shown.deliveries[1].state, DeliveryState::queued);
    EXPECT_EQ(shown.deliveries[1].bytes, 300U);
    const auto proof = crypto::parse_tlog_proof(shown.proof).value();
    EXPECT_TRUE(crypto::check_tlog_proof(proof, view_bytes(shown.leaf), key_ring().verifier()).has_value());
}

TEST_P(LedgerTest, ATransmissionProvesItsReleaseToTheReceiver) {
    for (int i = 0; i < 5; ++i) ASSERT_TRUE(record(*ledger, decision()).has_value());
    const auto d = decision("k", {"csc.front-door@larkshire", "health.safeguarding@larknhs"});
    ASSERT_TRUE(record(*ledger, d).has_value());
    for (const auto& release : d.releases) {
        const auto items = due();
        const auto item = std::ranges::find(items, release.mid, &OutboxItem::mid);
        if (item == items.end()) continue;  // waits for an older copy of the same case
        const auto sent = ledger->transmission(*item).value();
        EXPECT_EQ(sent.envelope, release.envelope);
        EXPECT_EQ(sent.routing, release.routing);
        const auto opened = check_opening(parse_json(to_jcs(sent.opening)).value()).value();
        EXPECT_EQ(opened.mid, release.mid);
        EXPECT_EQ(opened.envelope_sha256, release.envelope_sha256);
        EXPECT_EQ(opened.kid, release.kid);
        EXPECT_EQ(opened.bytes, release.envelope.size());
        const auto proof = crypto::parse_tlog_proof(sent.proof).value();
        EXPECT_EQ(proof.index, opened.seq);
        EXPECT_TRUE(crypto::check_tlog_proof(proof, view_bytes(opened.leaf), key_ring().verifier()).has_value());
    }
}

TEST_P(LedgerTest, TheSameKeyAndBodyGetTheFirstAnswer) {
    const auto d = decision("k1");
    const auto first = record(*ledger, d).value();
    auto again = decision("k1");  // another id and other envelopes, as a client's second attempt has
    again.response = "another";
    const auto second = record(*ledger, again).value();
    EXPECT_TRUE(second.repeated);
    EXPECT_EQ(second.id, first.id);
    EXPECT_EQ(second.response, d.response);
    EXPECT_EQ(ledger->counts().value().entries, 2U);
    EXPECT_EQ(due().size(), 1U);

    const auto found = ledger->find_submission(d.caller, "k1", d.body_sha256).value();
    ASSERT_TRUE(found.has_value());
    EXPECT_EQ(found->id, d.id);
    EXPECT_FALSE(ledger->find_submission(d.caller, "K1", d.body_sha256).value().has_value());
    EXPECT_FALSE(ledger->find_submission("casegate://heron/system/other", "k1", d.body_sha256).value().has_value());
}

TEST_P(LedgerTest, WhatTheCallerWasAnsweredIsKeptSealed) {
    auto d = decision("k1");
    d.response = R"({"withheld":["/child/uncle Zebedee"]})";
    ASSERT_TRUE(record(*ledger, d).has_value());
    const auto row = store->answer_of(0).value();
    ASSERT_TRUE(row.has_value());
    EXPECT_EQ(row->response.find("Zebedee"), std::string::npos);
    reopen();
    EXPECT_EQ(record(*ledger, d).value().response, d.response);
}

TEST_P(LedgerTest, TheSameKeyWithAnotherBodyIsAConflict) {
    auto d = decision("k1");
    ASSERT_TRUE(record(*ledger, d).has_value());
    auto other = decision("k1");
    other.body_sha256 = crypto::sha256("something else");
    EXPECT_EQ(record(*ledger, other).error().code, Errc::conflict);
    EXPECT_EQ(ledger->find_submission(d.caller, "k1", other.body_sha256).error().code, Errc::conflict);
    EXPECT_EQ(ledger->counts().value().entries, 2U);
    EXPECT_TRUE(ledger->health().has_value());
}

TEST_P(LedgerTest, ATakenIdAndAWrongHashAreRefusedAlone) {
    const auto d = decision();
    ASSERT_TRUE(record(*ledger, d).has_value());
    auto same_id = decision();
    same_id.id = d.id;
    EXPECT_EQ(record(*ledger, same_id).error().code, Errc::conflict);
    auto same_mid = decision();
    same_mid.releases[0].mid = d.releases[0].mid;
    EXPECT_EQ(record(*ledger, same_mid).error().code, Errc::conflict);
    auto twice = decision("", {"a@b", "a@c"});
    twice.releases[1].mid = twice.releases[0].mid;
    EXPECT_EQ(record(*ledger, twice).error().code, Errc::conflict);
    auto wrong = decision();
    wrong.releases[0].envelope[0] ^= 1;
    EXPECT_EQ(record(*ledger, wrong).error().code, Errc::malformed);
    EXPECT_TRUE(record(*ledger, decision()).has_value());
}

TEST_P(LedgerTest, ReceiptsMoveACopyForwardAndNeverBack) {
    const auto d = decision();
    ASSERT_TRUE(record(*ledger, d).has_value());
    ASSERT_TRUE(receipt(*ledger, d.releases[0], DeliveryState::opened).has_value());
    ASSERT_TRUE(receipt(*ledger, d.releases[0], DeliveryState::received).has_value());
    EXPECT_EQ(state_of(d.id), DeliveryState::opened);
    ASSERT_TRUE(receipt(*ledger, d.releases[0], DeliveryState::acknowledged).has_value());
    ASSERT_TRUE(receipt(*ledger, d.releases[0], DeliveryState::rejected).has_value());
    const auto delivery = ledger->show(d.id).value().deliveries[0];
    EXPECT_EQ(delivery.state, DeliveryState::acknowledged);
    EXPECT_EQ(delivery.receipts, (std::vector<std::string>{"receipt opened", "receipt acknowledged"}));
    EXPECT_TRUE(due().empty());
    EXPECT_EQ(ledger->counts().value().queued, 0U);
}

TEST_P(LedgerTest, AReceiptCountsOnlyFromTheAgencyAndForTheEnvelopeThatWeSent) {
    const auto d = decision();
    ASSERT_TRUE(record(*ledger, d).has_value());
    auto other = d.releases[0];
    other.to.agency = agency("larkpolice");
    EXPECT_EQ(receipt(*ledger, other, DeliveryState::received).error().code, Errc::not_found);
    other = d.releases[0];
    other.envelope_sha256[0] ^= 1;
    EXPECT_EQ(receipt(*ledger, other, DeliveryState::received).error().code, Errc::conflict);
    other = d.releases[0];
    other.mid = new_mid();
    EXPECT_EQ(receipt(*ledger, other, DeliveryState::received).error().code, Errc::not_found);
    EXPECT_EQ(receipt(*ledger, d.releases[0], DeliveryState::queued).error().code, Errc::malformed);
    EXPECT_EQ(state_of(d.id), DeliveryState::queued);
}

TEST_P(LedgerTest, AnAttemptThatFailedIsDueAgainLaterAndInTheEndADeadLetter) {
    const auto d = decision();
    const auto mid = d.releases[0].mid.str();
    ASSERT_TRUE(record(*ledger, d).has_value());
    ASSERT_TRUE(attempt(*ledger, mid, t0 + 2h).has_value());
    EXPECT_TRUE(due().empty());
    EXPECT_EQ(ledger->next_due().value(), t0 + 2h);
    EXPECT_EQ(ledger->due(t0 + 2h, 5).value().at(0).attempts, 1U);
    ASSERT_TRUE(attempt(*ledger, mid, std::nullopt).has_value());
    const auto delivery = ledger->show(d.id).value().deliveries[0];
    EXPECT_EQ(delivery.state, DeliveryState::dead_letter);
    EXPECT_EQ(delivery.attempts, 2U);
    EXPECT_EQ(delivery.last_error, "timed-out");
    EXPECT_EQ(ledger->counts().value().dead_letters, 1U);
    EXPECT_FALSE(ledger->next_due().value().has_value());
    EXPECT_EQ(attempt(*ledger, "msg-unknown", t0).error().code, Errc::not_found);
    // A late receipt still counts.
    ASSERT_TRUE(receipt(*ledger, d.releases[0], DeliveryState::received).has_value());
    EXPECT_EQ(state_of(d.id), DeliveryState::received);
    ASSERT_TRUE(attempt(*ledger, mid, t0).has_value());
    EXPECT_EQ(state_of(d.id), DeliveryState::received) << "an attempt that ended after the receipt changes nothing";
}

TEST_P(LedgerTest, AnExpiredCopyIsKeptAsExpired) {
    const auto d = decision();
    ASSERT_TRUE(record(*ledger, d).has_value());
    ASSERT_TRUE(attempt(*ledger, d.releases[0].mid.str(), std::nullopt, "expired").has_value());
    EXPECT_EQ(state_of(d.id), DeliveryState::expired);
}

TEST_P(LedgerTest, CopiesOfOneCaseToOneAgencyLeaveInOrderAndAnEmergencyOvertakes) {
    const auto first = decision();
    const auto second = decision();
    auto elsewhere = decision("", {"police.public-protection@larkpolice"});
    auto emergency = decision();
    emergency.lane = Lane::emergency;
    auto other_case = decision();
    other_case.case_key = "HRN-2026-0094";
    for (const auto& d : {first, second, elsewhere, emergency, other_case}) ASSERT_TRUE(record(*ledger, d).has_value());
    const auto mids = [&] {
        std::vector<MessageId> out;
        for (const auto& item : due()) out.push_back(item.mid);
        return out;
    };
    const auto mid = [](const NewDecision& d) { return d.releases[0].mid; };
    EXPECT_EQ(mids(), (std::vector{mid(emergency), mid(first), mid(elsewhere), mid(other_case)}));
    ASSERT_TRUE(attempt(*ledger, mid(first).str(), t0 + 3h).has_value());
    EXPECT_EQ(mids(), (std::vector{mid(emergency), mid(elsewhere), mid(other_case)})) << "the second waits for the first";
    ASSERT_TRUE(receipt(*ledger, first.releases[0], DeliveryState::received).has_value());
    EXPECT_EQ(mids(), (std::vector{mid(emergency), mid(second), mid(elsewhere), mid(other_case)}));
    EXPECT_EQ(ledger->due(t0 + 1h, 10, {agency("larkshire")}).value().at(0).mid, mid(elsewhere));
}

TEST_P(LedgerTest, AnArrivedEnvelopeIsKeptAndReceipted) {
    const auto in = inbound();
    const auto accepted = accept(*ledger, in).value();
    EXPECT_FALSE(accepted.repeated);
    const auto items = ledger->inbox(0, 10).value();
    ASSERT_EQ(items.size(), 1U);
    EXPECT_EQ(items[0].from, in.from);
    EXPECT_TRUE(ledger->inbox(items[0].position, 10).value().empty());
    const auto message = ledger->inbox_message(in.mid).value();
    EXPECT_EQ(message.envelope, in.envelope);
    EXPECT_EQ(message.receipt, accepted.receipt);
    EXPECT_EQ(ledger->inbox_message(new_mid()).error().code, Errc::not_found);
    EXPECT_EQ(ledger->counts().value().inbox_unacknowledged, 1U);
    // The receipt names the entry that records it.
    const auto line = ledger->tail(1).value().at(0);
    const auto said = parse_json(accepted.receipt).value();
    EXPECT_EQ(said["leaf"].integer_or(-1), static_cast<std::int64_t>(line.seq));
    EXPECT_EQ(said["leaf_hash"].text(), to_hex(crypto::merkle_leaf(view_bytes(line.leaf))));
}

TEST_P(LedgerTest, AReplayedEnvelopeGetsTheFirstReceiptAndAnotherOneAConflict) {
    const auto in = inbound();
    const auto first = accept(*ledger, in).value();
    ASSERT_TRUE(acknowledge(*ledger, in.mid, DeliveryState::opened).has_value());
    const auto again = accept(*ledger, in).value();
    EXPECT_TRUE(again.repeated);
    EXPECT_EQ(again.receipt, first.receipt);
    EXPECT_EQ(ledger->find_inbound(in.mid, in.envelope_sha256).value()->receipt, first.receipt);
    auto other = inbound();
    other.mid = in.mid;
    EXPECT_EQ(accept(*ledger, other).error().code, Errc::conflict);
    EXPECT_EQ(ledger->find_inbound(in.mid, other.envelope_sha256).error().code, Errc::conflict);
    EXPECT_FALSE(ledger->find_inbound(new_mid(), in.envelope_sha256).value().has_value());
}

TEST_P(LedgerTest, OpeningAndAcknowledgingAreToldToTheSenderOnce) {
    const auto in = inbound();
    ASSERT_TRUE(accept(*ledger, in).has_value());
    const auto opened = acknowledge(*ledger, in.mid, DeliveryState::opened).value();
    const auto again = acknowledge(*ledger, in.mid, DeliveryState::opened).value();
    EXPECT_TRUE(again.repeated);
    EXPECT_EQ(again.receipt, opened.receipt);
    ASSERT_TRUE(acknowledge(*ledger, in.mid, DeliveryState::acknowledged).has_value());
    EXPECT_EQ(acknowledge(*ledger, in.mid, DeliveryState::opened).value().receipt, opened.receipt);
    EXPECT_EQ(acknowledge(*ledger, new_mid(), DeliveryState::opened).error().code, Errc::not_found);

    const auto items = due();
    ASSERT_EQ(items.size(), 2U);
    EXPECT_EQ(items[0].kind, OutboxKind::receipt);
    EXPECT_EQ(items[0].id, in.mid.str() + "/opened");
    EXPECT_EQ(items[0].to, in.from);
    const auto sent = ledger->transmission(items[0]).value();
    EXPECT_EQ(sent.receipt, opened.receipt);
    EXPECT_TRUE(sent.envelope.empty());
    ASSERT_TRUE(receipt_sent(*ledger, items[0].id).has_value());
    ASSERT_TRUE(receipt_sent(*ledger, items[0].id).has_value());
    EXPECT_EQ(receipt_sent(*ledger, "nothing").error().code, Errc::not_found);
    EXPECT_EQ(due().size(), 1U);
    EXPECT_EQ(ledger->counts().value().inbox_unacknowledged, 0U);
}

TEST_P(LedgerTest, SearchFindsByEachOfItsKeys) {
    const auto share = decision("", {"csc.front-door@larkshire", "health.safeguarding@larknhs"});
    auto refusal = decision("", {});
    refusal.search.purpose = PurposeId::parse("early-help").value();
    refusal.search.actor = "Another Person";
    refusal.search.subjects = {"Bertrand Oyelaran"};
    ASSERT_TRUE(record(*ledger, share).has_value());
    ASSERT_TRUE(record(*ledger, refusal).has_value());
    const auto ids = [&](auto set) {
        Query query;
        set(query);
        std::vector<DecisionId> out;
        const auto rows = ledger->search(query).value();
        for (const auto& row : rows) out.push_back(row.id);
        return out;
    };
    using Ids = std::vector<DecisionId>;
    EXPECT_EQ(ids([](Query&) {}), (Ids{refusal.id, share.id}));
    EXPECT_EQ(ids([](Query& q) { q.purpose = "early-help"; }), Ids{refusal.id});
    EXPECT_EQ(ids([](Query& q) { q.recipient = "larknhs"; }), Ids{share.id});
    EXPECT_EQ(ids([](Query& q) { q.recipient = "csc.front-door@larkshire"; }), Ids{share.id});
    EXPECT_EQ(ids([](Query& q) { q.recipient = "csc.front-door@larknhs"; }), Ids{});
    EXPECT_EQ(ids([](Query& q) { q.outcome = "DENY"; }), Ids{refusal.id});
    EXPECT_EQ(ids([](Query& q) { q.actor = "  another person "; }), Ids{refusal.id});
    EXPECT_EQ(ids([](Query& q) { q.subject = "IMOGEN vantongeren"; }), Ids{share.id});
    EXPECT_EQ(ids([](Query& q) { q.actor = "another person"; q.subject = "imogen vantongeren"; }), Ids{});
    EXPECT_EQ(ids([](Query& q) { q.limit = 1; }), Ids{refusal.id});
    EXPECT_EQ(ids([](Query& q) { q.before_seq = 3; }), Ids{share.id});
    EXPECT_EQ(ids([](Query& q) { q.until = t0; }), Ids{});
    EXPECT_EQ(ids([](Query& q) { q.from = t0 + 1h; }), Ids{});
    EXPECT_EQ(ids([](Query& q) { q.from = t0; q.until = t0 + 1h; }).size(), 2U);
    EXPECT_EQ(ledger->show(DecisionId::trusted(crypto::random_id("dec-"))).error().code, Errc::not_found);
}

TEST_P(LedgerTest, EventsAreLoggedAndOurOwnTypesAreNotOpenToOthers) {
    EXPECT_EQ(event(*ledger, "policy/1").value(), 0U);
    EXPECT_EQ(ledger->tail(5).value().at(0).type, "policy/1");
    for (const auto* type : {"decision/1", "release/1", "receipt/1", "erasure/1", "policy", "Policy/1", "", "a\"/1"})
        EXPECT_EQ(event(*ledger, type).error().code, Errc::malformed) << type;
    EXPECT_EQ(ledger->counts().value().entries, 1U);
}

TEST_P(LedgerTest, EverythingIsThereAfterAReopening) {
    const auto d = decision("k");
    const auto in = inbound();
    ASSERT_TRUE(record(*ledger, d).has_value());
    ASSERT_TRUE(accept(*ledger, in).has_value());
    const auto before = ledger->checkpoint().value();
    reopen();
    EXPECT_EQ(ledger->checkpoint().value(), before);
    EXPECT_TRUE(record(*ledger, decision("k")).value().repeated);
    EXPECT_TRUE(accept(*ledger, in).value().repeated);
    EXPECT_EQ(due().size(), 1U);
    ASSERT_TRUE(record(*ledger, decision()).has_value());
    EXPECT_EQ(ledger->counts().value().entries, 5U);
}

TEST_P(LedgerTest, TheLogsClockNeverGoesBack) {
    ASSERT_TRUE(event(*ledger, "policy/1").has_value());
    *clock.ms -= 60'000;
    ASSERT_TRUE(event(*ledger, "policy/1").has_value());
    reopen();
    ASSERT_TRUE(event(*ledger, "policy/1").has_value());
    const auto lines = ledger->tail(10).value();
    EXPECT_TRUE(std::ranges::is_sorted(lines, {}, &LogEntry::at));
}

TEST_P(LedgerTest, WrongKeysAreRefusedAtTheDoor) {
    ledger.reset();
    const KeyRing other;
    auto keys = key_ring().keys();
    keys.store_secret = crypto::random_secret(32);
    EXPECT_EQ(Ledger::open(std::make_unique<Borrowed>(store), std::move(keys), options()).error().code,
              Errc::unauthenticated);
    keys = key_ring().keys();
    keys.log_key = other.keys().log_key;
    EXPECT_EQ(Ledger::open(std::make_unique<Borrowed>(store), std::move(keys), options()).error().code,
              Errc::unauthenticated);
    keys = key_ring().keys();
    keys.store_secret = crypto::random_secret(16);
    EXPECT_EQ(Ledger::open(std::make_unique<Borrowed>(store), std::move(keys), options()).error().code, Errc::malformed);
    keys = key_ring().keys();
    keys.log_key = crypto::SigningKey::generate(crypto::SignatureAlg::es256);
    EXPECT_EQ(Ledger::open(std::make_unique<Borrowed>(store), std::move(keys), options()).error().code,
              Errc::unsupported);
}

INSTANTIATE_TEST_SUITE_P(Stores, LedgerTest, ::testing::Values("Memory", "Sqlite"),
                         [](const auto& test) { return std::string{test.param}; });

}  // namespace
}  // namespace cg::ledger::test
