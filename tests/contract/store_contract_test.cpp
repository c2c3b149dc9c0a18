// What every store must do, whatever it is made of.
#include "gateway/ledger/store.hpp"

#include "gateway/ledger/sqlite/sqlite_store.hpp"
#include "tests/unit/ledger/fixture.hpp"

#include <functional>
#include <thread>

namespace cg::ledger::test {
namespace {

using namespace std::chrono_literals;

/// A kind of store, and how it is opened again on what it held.
struct Backend {
    std::string name;
    std::function<std::shared_ptr<Store>(std::shared_ptr<Store> before, const std::string& path)> open;
};

auto memory_backend() -> Backend {
    return {"Memory", [](std::shared_ptr<Store> before, const std::string&) -> std::shared_ptr<Store> {
                return before ? std::move(before) : std::shared_ptr<Store>{make_memory_store()};
            }};
}
auto sqlite_backend() -> Backend {
    return {"Sqlite", [](std::shared_ptr<Store> before, const std::string& path) -> std::shared_ptr<Store> {
                before.reset();
                return sqlite::open(path).value();
            }};
}

auto blind(std::uint8_t n) -> Blind {
    Blind out{};
    out.fill(n);
    return out;
}
auto digest(std::uint8_t n) -> crypto::Digest {
    crypto::Digest out{};
    out.fill(n);
    return out;
}
auto mid_of(std::uint64_t seq) -> std::string { return "msg-" + std::to_string(seq); }

auto outbox_row(std::uint64_t seq, Instant due = t0, std::optional<Blind> order = {}, std::string agency = "larkshire")
    -> OutboxRow {
    OutboxRow row;
    row.seq = seq;
    row.id = row.mid = mid_of(seq);
    row.to = "csc.front-door@" + agency;
    row.agency = std::move(agency);
    row.due = due;
    row.expires = due + 1h;
    row.order = order;
    row.parent = 1;
    row.envelope_sha256 = digest(3);
    row.bytes = 17;
    row.routing = "{}";
    return row;
}
auto inbox_row(std::uint64_t seq) -> InboxRow {
    return {.seq = seq,
            .mid = mid_of(seq),
            .from = "wigeon",
            .state = DeliveryState::received,
            .received_at = t0,
            .expires = t0 + 1h,
            .envelope_sha256 = digest(4),
            .bytes = 0,
            .routing = "r",
            .proof = "p",
            .opening = "{}"};
}
auto entry_row(std::uint64_t seq) -> EntryRow {
    return {.seq = seq,
            .type = "policy/1",
            .at = t0,
            .ref = "ref-" + std::to_string(seq),
            .leaf = "leaf",
            .salt = Bytes{0, 1, 2},
            .fields = "{}"};
}
auto decision_row(std::uint64_t seq, Instant at = t0) -> DecisionIndexRow {
    return {.seq = seq,
            .id = "dec-" + std::to_string(seq),
            .recorded_at = at,
            .decided_at = at - 1s,
            .purpose = "early-help",
            .outcome = "PERMIT",
            .recipients = {{"csc.front-door", "larkshire", "PERMIT"}, {"csc.early-help", "larkshire", "DENY"}}};
}

class StoreContract : public ::testing::TestWithParam<Backend> {
protected:
    TempDir dir;
    std::shared_ptr<Store> store = GetParam().open(nullptr, dir / "ledger");

    void reopen() {
        auto before = std::move(store);
        store = GetParam().open(std::move(before), dir / "ledger");
    }
    /// Commits as the next number.
    auto commit(Batch batch) -> Result<> {
        batch.head.number = store->head().value().number + 1;
        batch.head.checkpoint = "note " + std::to_string(batch.head.number);
        return store->commit(batch);
    }
    void put(Batch batch) {
        const auto done = commit(std::move(batch));
        ASSERT_TRUE(done.has_value()) << done.error().detail;
    }
    auto due(Instant now = t0 + 1h, std::size_t limit = 100, const std::vector<std::string>& except = {})
        -> std::vector<std::uint64_t> {
        std::vector<std::uint64_t> out;
        const auto rows = store->due(now, limit, except).value();
        for (const auto& row : rows) out.push_back(row.seq);
        return out;
    }
    auto find(const std::function<void(Find&)>& set) -> std::vector<std::uint64_t> {
        Find query;
        set(query);
        std::vector<std::uint64_t> out;
        const auto rows = store->find(query).value();
        for (const auto& row : rows) out.push_back(row.seq);
        return out;
    }
};
using Seqs = std::vector<std::uint64_t>;

TEST_P(StoreContract, AnEmptyStoreHasNothing) {
    EXPECT_EQ(store->head().value(), Head{});
    EXPECT_FALSE(store->last_entry().value().has_value());
    EXPECT_TRUE(store->entries(0, 10).value().empty());
    EXPECT_TRUE(store->nodes(0, 0, 10).value().empty());
    EXPECT_FALSE(store->decision("dec-1").value().has_value());
    EXPECT_FALSE(store->outbox("msg-1").value().has_value());
    EXPECT_FALSE(store->inbox("msg-1").value().has_value());
    EXPECT_FALSE(store->answer(blind(1)).value().has_value());
    EXPECT_FALSE(store->envelope(1).value().has_value());
    EXPECT_FALSE(store->next_due({}).value().has_value());
    EXPECT_TRUE(due().empty());
    EXPECT_EQ(store->counts().value(), Store::Counts{});
}

TEST_P(StoreContract, EveryRowComesBackAsItWasAlsoAfterReopening) {
    Batch batch;
    batch.head.size = 2;
    batch.head.secret_check = digest(9);
    batch.entries = {entry_row(0), entry_row(1)};
    batch.personal = {{.seq = 1, .wrapped_key = {1, 0, 2}, .sealed = {0}}};
    batch.decisions = {decision_row(1)};
    batch.search_keys = {{blind(1), 1}};
    batch.answers = {{1, blind(2), digest(2), "answer"}};
    batch.envelopes = {{2, Bytes{0, 7, 0}}, {3, Bytes{}}};
    auto out = outbox_row(2, t0, blind(5));
    out.kind = OutboxKind::receipt;
    out.lane = Lane::emergency;
    out.attempts = 3;
    out.last_error = "timed-out";
    out.receipt = "jws";
    batch.outbox = {out, outbox_row(5)};
    batch.inbox = {inbox_row(3)};
    batch.receipts = {{4, 3, DeliveryState::opened, "text"}};
    batch.nodes = {{{0, 0}, digest(1)}, {{0, 1}, digest(2)}, {{1, 0}, digest(3)}};
    put(batch);
    for (int round = 0; round < 2; ++round) {
        EXPECT_EQ(store->head().value().size, 2U);
        EXPECT_EQ(store->head().value().secret_check, digest(9));
        EXPECT_EQ(store->entries(0, 10).value(), batch.entries);
        EXPECT_EQ(store->entries(1, 10).value(), std::vector{batch.entries[1]});
        EXPECT_EQ(store->last_entry().value(), batch.entries[1]);
        EXPECT_EQ(store->personal(1).value(), batch.personal[0]);
        EXPECT_FALSE(store->personal(0).value().has_value());
        EXPECT_EQ(store->decision("dec-1").value(), batch.decisions[0]);
        EXPECT_TRUE(store->has_search_key({blind(1), 1}).value());
        EXPECT_FALSE(store->has_search_key({blind(1), 2}).value());
        EXPECT_EQ(store->answer(blind(2)).value(), batch.answers[0]);
        EXPECT_EQ(store->answer_of(1).value(), batch.answers[0]);
        EXPECT_EQ(store->envelope(2).value(), (Bytes{0, 7, 0}));
        EXPECT_EQ(store->envelope(3).value(), Bytes{});
        EXPECT_EQ(store->outbox("msg-2").value(), out);
        EXPECT_EQ(store->outbox_of(1).value(), std::vector{batch.outbox[1]}) << "envelopes only";
        EXPECT_EQ(store->inbox("msg-3").value(), batch.inbox[0]);
        EXPECT_EQ(store->inbox_from(0, 9).value(), batch.inbox);
        EXPECT_TRUE(store->inbox_from(4, 9).value().empty());
        EXPECT_EQ(store->receipts_of(3).value(), batch.receipts);
        EXPECT_EQ(store->nodes(0, 0, 10).value(), (std::vector{digest(1), digest(2)}));
        EXPECT_EQ(store->nodes(1, 0, 1).value(), std::vector{digest(3)});
        EXPECT_TRUE(store->nodes(1, 1, 1).value().empty());
        reopen();
    }
}

TEST_P(StoreContract, NodesStopAtTheFirstGap) {
    Batch batch;
    batch.nodes = {{{0, 0}, digest(1)}, {{0, 2}, digest(2)}};
    put(batch);
    EXPECT_EQ(store->nodes(0, 0, 10).value().size(), 1U);
    EXPECT_TRUE(store->nodes(0, 1, 10).value().empty());
}

TEST_P(StoreContract, ACommitOfAnotherNumberChangesNothing) {
    put({});
    for (const std::uint64_t number : {0U, 1U, 3U, 99U}) {
        Batch batch;
        batch.head.number = number;
        batch.entries = {entry_row(0)};
        batch.outbox = {outbox_row(0)};
        const auto done = store->commit(batch);
        ASSERT_TRUE(done.has_error());
        EXPECT_EQ(done.error().code, Errc::conflict);
    }
    EXPECT_EQ(store->head().value().number, 1U);
    EXPECT_TRUE(store->entries(0, 1).value().empty());
    EXPECT_TRUE(due().empty());
}

TEST_P(StoreContract, DueGivesEmergenciesFirstThenByTime) {
    auto emergency = outbox_row(4, t0 + 9min);
    emergency.lane = Lane::emergency;
    Batch batch;
    batch.outbox = {outbox_row(1, t0 + 3min), outbox_row(2, t0 + 1min), outbox_row(3, t0 + 1min, {}, "larknhs"), emergency,
                    outbox_row(5, t0 + 2h)};
    put(batch);
    EXPECT_EQ(due(), (Seqs{4, 2, 3, 1}));
    EXPECT_EQ(due(t0 + 1h, 2), (Seqs{4, 2}));
    EXPECT_EQ(due(t0 + 1h, 1), Seqs{4});
    EXPECT_EQ(due(t0 + 1min), (Seqs{2, 3}));
    EXPECT_EQ(due(t0), Seqs{});
    EXPECT_EQ(due(t0 + 1h, 100, {"larkshire"}), Seqs{3});
    EXPECT_EQ(due(t0 + 1h, 100, {"larkshire", "larknhs"}), Seqs{});
    EXPECT_EQ(store->next_due({}).value(), t0 + 1min);
    EXPECT_EQ(store->next_due({"larknhs", "larkshire"}).value(), std::nullopt);
}

TEST_P(StoreContract, OfOneOrderOnlyTheFirstQueuedIsDue) {
    Batch batch;
    batch.outbox = {outbox_row(1, t0 + 5min, blind(1)), outbox_row(2, t0, blind(1)), outbox_row(3, t0, blind(2))};
    put(batch);
    Batch more;
    more.outbox = {outbox_row(4, t0, blind(1)), outbox_row(5, t0)};
    put(more);
    EXPECT_EQ(due(), (Seqs{3, 5, 1}));
    reopen();
    EXPECT_EQ(due(), (Seqs{3, 5, 1}));

    Batch later;  // an attempt failed: still the first
    later.outbox_changes = {{1, DeliveryState::queued, t0 + 2h, 1, "timed-out"}};
    put(later);
    EXPECT_EQ(due(), (Seqs{3, 5}));
    Batch gone;
    gone.outbox_changes = {{1, DeliveryState::dead_letter, t0, 2, "timed-out"}};
    put(gone);
    EXPECT_EQ(due(), (Seqs{2, 3, 5}));
    Batch both;
    both.outbox_changes = {{2, DeliveryState::received, t0, 0, ""}, {4, DeliveryState::received, t0, 0, ""}};
    put(both);
    EXPECT_EQ(due(), (Seqs{3, 5}));
    Batch again;
    again.outbox = {outbox_row(9, t0, blind(1))};
    put(again);
    EXPECT_EQ(due(), (Seqs{3, 5, 9}));
}

TEST_P(StoreContract, ARowThatWaitsInTheMiddleOfItsOrderMayBeGivenUp) {
    Batch batch;
    batch.outbox = {outbox_row(1, t0, blind(1)), outbox_row(2, t0, blind(1)), outbox_row(3, t0, blind(1))};
    put(batch);
    Batch gone;
    gone.outbox_changes = {{2, DeliveryState::recalled, t0, 0, ""}};
    put(gone);
    EXPECT_EQ(due(), Seqs{1});
    Batch done;
    done.outbox_changes = {{1, DeliveryState::received, t0, 0, ""}};
    put(done);
    EXPECT_EQ(due(), Seqs{3});
}

TEST_P(StoreContract, AChangeTouchesOnlyWhatItNames) {
    Batch batch;
    batch.outbox = {outbox_row(1, t0, blind(1)), outbox_row(2)};
    batch.inbox = {inbox_row(3), inbox_row(4)};
    put(batch);
    Batch change;
    change.outbox_changes = {{2, DeliveryState::dead_letter, t0 + 1s, 7, "refused"}};
    change.inbox_changes = {{4, DeliveryState::acknowledged}};
    put(change);
    auto expected = batch.outbox[1];
    expected.state = DeliveryState::dead_letter;
    expected.due = t0 + 1s;
    expected.attempts = 7;
    expected.last_error = "refused";
    EXPECT_EQ(store->outbox("msg-2").value(), expected);
    EXPECT_EQ(store->outbox("msg-1").value(), batch.outbox[0]);
    EXPECT_EQ(store->inbox("msg-4").value()->state, DeliveryState::acknowledged);
    EXPECT_EQ(store->inbox("msg-3").value(), batch.inbox[0]);
    EXPECT_EQ(store->counts().value(), (Store::Counts{.queued = 1, .dead_letters = 1, .inbox_unacknowledged = 1}));
}

TEST_P(StoreContract, FindNarrowsByEachOfItsMembersAndByAllTogether) {
    Batch batch;
    auto first = decision_row(1, t0);
    auto second = decision_row(2, t0 + 1h);
    second.purpose = "child-protection-referral";
    second.outcome = "DENY";
    second.recipients = {{"health.safeguarding", "larknhs", "DENY"}};
    auto third = decision_row(7, t0 + 2h);
    batch.decisions = {first, second, third};
    batch.search_keys = {{blind(1), 1}, {blind(1), 7}, {blind(2), 7}};
    put(batch);
    EXPECT_EQ(find([](Find&) {}), (Seqs{7, 2, 1}));
    EXPECT_EQ(find([](Find& f) { f.limit = 2; }), (Seqs{7, 2}));
    EXPECT_EQ(find([](Find& f) { f.before_seq = 7; }), (Seqs{2, 1}));
    EXPECT_EQ(find([](Find& f) { f.from = t0 + 1h; }), (Seqs{7, 2}));
    EXPECT_EQ(find([](Find& f) { f.until = t0 + 1h; }), Seqs{1});
    EXPECT_EQ(find([](Find& f) { f.from = t0 + 3h; }), Seqs{});
    EXPECT_EQ(find([](Find& f) { f.until = t0; }), Seqs{});
    EXPECT_EQ(find([](Find& f) { f.purpose = "early-help"; }), (Seqs{7, 1}));
    EXPECT_EQ(find([](Find& f) { f.outcome = "DENY"; }), Seqs{2});
    EXPECT_EQ(find([](Find& f) { f.agency = "larkshire"; }), (Seqs{7, 1})) << "each once, though two roles match";
    EXPECT_EQ(find([](Find& f) { f.agency = "larkshire", f.limit = 1; }), Seqs{7});
    EXPECT_EQ(find([](Find& f) { f.agency = "larknhs", f.role = "csc.front-door"; }), Seqs{});
    EXPECT_EQ(find([](Find& f) { f.keys = {blind(1)}; }), (Seqs{7, 1}));
    EXPECT_EQ(find([](Find& f) { f.keys = {blind(1), blind(2)}; }), Seqs{7});
    EXPECT_EQ(find([](Find& f) { f.keys = {blind(3)}; }), Seqs{});
    EXPECT_EQ(find([](Find& f) {
                  f.keys = {blind(1)}, f.agency = "larkshire", f.role = "csc.early-help", f.until = t0 + 1h;
                  f.purpose = "early-help", f.outcome = "PERMIT";
              }),
              Seqs{1});
}

TEST_P(StoreContract, HeldContentIsListedAndDestroyedAndDutiesAreFoundUntilTheyAreDone) {
    Batch batch;
    batch.head.number = 1;
    auto early = entry_row(1);
    early.ref = "dec-a";
    auto other = entry_row(2);
    other.ref = "dec-b";
    auto own = entry_row(3);
    own.ref = "dec-a";
    own.type = "erasure/1";
    batch.entries = {entry_row(0), early, other, own};
    batch.held = {{.seq = 1, .wrapped_key = {1, 2}, .sealed = {3}}, {.seq = 2, .wrapped_key = {4}, .sealed = {5}}};
    batch.duties = {{.seq = 1, .id = "inform-review:dec-a", .kind = "inform-review", .ref = "dec-a", .due = t0 + 2h, .done = 0},
                    {.seq = 1, .id = "ack:dec-a", .kind = "ack", .ref = "dec-a", .due = t0 + 1h, .done = 0},
                    {.seq = 2, .id = "ack:dec-b", .kind = "ack", .ref = "dec-b", .due = t0 + 3h, .done = 0}};
    ASSERT_TRUE(store->commit(batch).has_value());
    reopen();
    EXPECT_EQ(store->held(1).value(), batch.held[0]);
    EXPECT_EQ(store->held(9).value(), std::nullopt);
    EXPECT_EQ(store->held_from(0, 9).value(), (std::vector<std::uint64_t>{1, 2}));
    EXPECT_EQ(store->held_from(2, 9).value(), (std::vector<std::uint64_t>{2}));
    EXPECT_EQ(store->held_from(0, 1).value(), (std::vector<std::uint64_t>{1}));
    EXPECT_EQ(store->duty("ack:dec-a").value(), batch.duties[1]);
    EXPECT_EQ(store->duties_of("dec-a").value(), (std::vector{batch.duties[1], batch.duties[0]}));
    EXPECT_EQ(store->open_duties("", t0 + 3h, 9).value(), (std::vector{batch.duties[1], batch.duties[0]}));
    EXPECT_EQ(store->open_duties("ack", t0 + 4h, 9).value(), (std::vector{batch.duties[1], batch.duties[2]}));
    EXPECT_EQ(store->open_duties("", t0 + 4h, 1).value(), (std::vector{batch.duties[1]}));
    ASSERT_EQ(store->events_of("dec-a").value().size(), 1U);
    EXPECT_EQ(store->events_of("dec-a").value().front(), early);
    const auto slice = store->slice(1, 2).value();
    EXPECT_EQ(slice.held, (std::vector<std::uint64_t>{1}));
    EXPECT_EQ(slice.duties, (std::vector{batch.duties[1], batch.duties[0]}));

    Batch next;
    next.head.number = 2;
    next.duties_done = {{.id = "ack:dec-a", .done = 3}};
    next.erasures = {{.held = {1}}};
    ASSERT_TRUE(store->commit(next).has_value());
    reopen();
    EXPECT_EQ(store->held(1).value(), std::nullopt);
    EXPECT_EQ(store->held(2).value(), batch.held[1]);
    EXPECT_EQ(store->duty("ack:dec-a").value()->done, 3U);
    EXPECT_EQ(store->open_duties("", t0 + 4h, 9).value(), (std::vector{batch.duties[0], batch.duties[2]}));
}

TEST_P(StoreContract, AnErasureTakesWhatItNamesAndNothingElse) {
    Batch batch;
    batch.personal = {{1, {1}, {1}}, {2, {2}, {2}}};
    batch.decisions = {decision_row(1), decision_row(2)};
    batch.search_keys = {{blind(1), 1}, {blind(1), 2}, {blind(2), 1}};
    batch.envelopes = {{3, {3}}, {4, {4}}};
    batch.outbox = {outbox_row(3, t0, blind(7)), outbox_row(4, t0, blind(8))};
    batch.outbox[0].state = DeliveryState::received;
    put(batch);
    Batch erase;
    erase.erasures = {{.personal = {1}, .search_keys = {{blind(1), 1}, {blind(2), 1}}, .envelopes = {3}, .orders = {3}}};
    put(erase);
    reopen();
    EXPECT_FALSE(store->personal(1).value().has_value());
    EXPECT_TRUE(store->personal(2).value().has_value());
    EXPECT_EQ(find([](Find& f) { f.keys = {blind(1)}; }), Seqs{2});
    EXPECT_EQ(find([](Find& f) { f.keys = {blind(2)}; }), Seqs{});
    EXPECT_FALSE(store->envelope(3).value().has_value());
    EXPECT_TRUE(store->envelope(4).value().has_value());
    EXPECT_FALSE(store->outbox("msg-3").value()->order.has_value());
    EXPECT_TRUE(store->outbox("msg-4").value()->order.has_value());
}

TEST_P(StoreContract, ASliceHoldsEveryRowOfItsRangeInOrder) {
    Batch batch;
    for (std::uint64_t seq = 0; seq < 6; ++seq) {
        batch.entries.push_back(entry_row(seq));
        batch.personal.push_back({seq, {1}, {1}});
        batch.decisions.push_back(decision_row(seq));
        batch.answers.push_back({seq, {}, digest(1), ""});
        batch.outbox.push_back(outbox_row(seq));
        batch.inbox.push_back(inbox_row(seq));
        batch.receipts.push_back({seq, 5 - seq, DeliveryState::received, ""});
    }
    put(batch);
    const auto slice = store->slice(2, 4).value();
    EXPECT_EQ(slice.head.number, 1U);
    EXPECT_EQ(slice.entries, (std::vector{batch.entries[2], batch.entries[3]}));
    EXPECT_EQ(slice.personal, (std::vector{batch.personal[2], batch.personal[3]}));
    EXPECT_EQ(slice.decisions, (std::vector{batch.decisions[2], batch.decisions[3]}));
    EXPECT_EQ(slice.answers, (std::vector{batch.answers[2], batch.answers[3]}));
    EXPECT_EQ(slice.outbox, (std::vector{batch.outbox[2], batch.outbox[3]}));
    EXPECT_EQ(slice.inbox, (std::vector{batch.inbox[2], batch.inbox[3]}));
    EXPECT_EQ(slice.receipts, (std::vector{batch.receipts[2], batch.receipts[3]}));
    EXPECT_EQ(slice.receipts_of, (std::vector{batch.receipts[3], batch.receipts[2]}));
    EXPECT_TRUE(store->slice(6, ~std::uint64_t{0}).value().entries.empty());
    EXPECT_EQ(store->slice(0, ~std::uint64_t{0}).value().outbox.size(), 6U);
}

TEST_P(StoreContract, ReadersSeeWholeCommitsWhileOneWrites) {
    // Each commit adds an entry and an outbox row of the same number: a reader that sees the one must see the other.
    constexpr std::uint64_t rounds = 100;
    std::atomic<bool> done = false;
    std::atomic<int> torn = 0;
    std::vector<std::thread> readers;
    for (int i = 0; i < 3; ++i)
        readers.emplace_back([&] {
            do {
                const auto slice = store->slice(0, rounds);
                if (slice.has_error() || slice.value().entries.size() != slice.value().outbox.size()) ++torn;
            } while (!done);
        });
    for (std::uint64_t seq = 0; seq < rounds; ++seq) {
        Batch batch;
        batch.entries = {entry_row(seq)};
        batch.outbox = {outbox_row(seq)};
        EXPECT_TRUE(commit(batch).has_value());
    }
    done = true;
    for (auto& reader : readers) reader.join();
    EXPECT_EQ(torn, 0);
}

INSTANTIATE_TEST_SUITE_P(Stores, StoreContract, ::testing::Values(memory_backend(), sqlite_backend()),
                         [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace cg::ledger::test
