// A write can fail in two ways: it was lost, or it landed and only the answer was lost. Every kind of write, both ways.
#include "gateway/ledger/checkpoint_file.hpp"
#include "gateway/ledger/sqlite/sqlite_store.hpp"
#include "gateway/ledger/verify.hpp"
#include "tests/unit/ledger/fixture.hpp"

#include <condition_variable>
#include <set>

namespace cg::ledger::test {
namespace {

using namespace std::chrono_literals;

/// Fails the commits that it is told to, in one of the two ways; optionally the head cannot be read afterwards, either.
class FaultyStore final : public Borrowed {
public:
    enum class Kind { lost, landed };
    struct Plan {
        std::optional<Kind> next;
        bool head_too = false;
        Errc code = Errc::unavailable;
    };
    FaultyStore(std::shared_ptr<Store> under, std::shared_ptr<Plan> plan) : Borrowed(std::move(under)), plan_(std::move(plan)) {}
    auto commit(const Batch& batch) -> Result<> override {
        const auto kind = std::exchange(plan_->next, std::nullopt);
        if (!kind) return Borrowed::commit(batch);
        if (*kind == Kind::landed) {
            EXPECT_TRUE(Borrowed::commit(batch).has_value());
        }
        broken_ = plan_->head_too;
        return fail(plan_->code, "the cable was pulled");
    }
    auto head() -> Result<Head> override {
        if (broken_ && plan_->head_too) return fail(Errc::unavailable, "the cable is still out");
        return Borrowed::head();
    }

private:
    std::shared_ptr<Plan> plan_;
    bool broken_ = false;
};
using Kind = FaultyStore::Kind;

/// What one kind of write needs before, does, and leaves behind.
struct Write {
    std::string name;
    std::function<bool(Ledger&)> act;                 ///< true: it was acknowledged
    std::function<bool(Ledger&)> is_there;            ///< whether it took effect
    std::uint64_t entries;                            ///< that it adds
};

struct World {
    NewDecision sent = decision("before", {"csc.front-door@larkshire", "police.public-protection@larkpolice"});
    NewDecision delivered = decision("delivered");
    Inbound arrived = inbound();
    NewDecision fresh = decision("fresh", {"health.safeguarding@larknhs"});
    Inbound coming = inbound("pochard");

    void prepare(Ledger& ledger) const {
        ASSERT_TRUE(record(ledger, sent).has_value());
        ASSERT_TRUE(record(ledger, delivered).has_value());
        ASSERT_TRUE(receipt(ledger, delivered.releases[0], DeliveryState::received).has_value());
        ASSERT_TRUE(accept(ledger, arrived).has_value());
        ASSERT_TRUE(acknowledge(ledger, arrived.mid, DeliveryState::opened).has_value());
    }
    [[nodiscard]] auto delivery(Ledger& ledger, std::size_t n) const -> Delivery {
        return ledger.show(sent.id).value().deliveries.at(n);
    }
    [[nodiscard]] auto writes() const -> std::vector<Write> {
        const auto opened = arrived.mid.str() + "/opened";
        return {
            {"record", [&](Ledger& l) { return record(l, fresh).has_value(); },
             [&](Ledger& l) { return l.show(fresh.id).has_value(); }, 2},
            {"accept", [&](Ledger& l) { return accept(l, coming).has_value(); },
             [&](Ledger& l) { return l.inbox_message(coming.mid).has_value(); }, 1},
            {"receipt", [&](Ledger& l) { return receipt(l, sent.releases[0], DeliveryState::received).has_value(); },
             [&](Ledger& l) { return delivery(l, 0).state == DeliveryState::received; }, 1},
            {"acknowledge", [&](Ledger& l) { return acknowledge(l, arrived.mid, DeliveryState::acknowledged).has_value(); },
             [&](Ledger& l) { return l.inbox_message(arrived.mid).value().item.state == DeliveryState::acknowledged; }, 1},
            {"attempt", [&](Ledger& l) { return attempt(l, sent.releases[1].mid.str(), t0 + 2h).has_value(); },
             [&](Ledger& l) { return delivery(l, 1).attempts >= 1; }, 0},
            {"give_up", [&](Ledger& l) { return attempt(l, sent.releases[1].mid.str(), std::nullopt).has_value(); },
             [&](Ledger& l) { return delivery(l, 1).state == DeliveryState::dead_letter; }, 0},
            {"receipt_sent", [&, opened](Ledger& l) { return receipt_sent(l, opened).has_value(); },
             [opened](Ledger& l) {
                 const auto items = l.due(t0 + 1h, 99).value();
                 return std::ranges::find(items, opened, &OutboxItem::id) == items.end();
             },
             0},
            {"event", [&](Ledger& l) { return event(l, "policy/1").has_value(); },
             [&](Ledger& l) {
                 const auto lines = l.tail(100).value();
                 return std::ranges::find(lines, "policy/1", &LogEntry::type) != lines.end();
             },
             1},
            {"erase", [&](Ledger& l) { return erase(l, delivered.id).has_value(); },
             [&](Ledger& l) { return !l.show(delivered.id).value().personal.has_value(); }, 1},
        };
    }
};
constexpr std::size_t write_count = 9;

struct Fault {
    std::size_t write;
    Kind kind;
    bool restart;    ///< the process ends after the fault, before anything else
    bool head_too;   ///< the store cannot even be asked what happened
    const char* backend;
};
auto faults() -> std::vector<Fault> {
    std::vector<Fault> out;
    for (const auto* backend : {"Memory", "Sqlite"})
        for (std::size_t write = 0; write < write_count; ++write)
            for (const auto kind : {Kind::lost, Kind::landed})
                for (const bool restart : {false, true})
                    for (const bool head_too : {false, true}) out.push_back({write, kind, restart, head_too, backend});
    return out;
}

struct FaultMatrix : ::testing::TestWithParam<Fault> {
    TempDir dir;
    std::shared_ptr<Store> store;
    std::shared_ptr<FaultyStore::Plan> plan = std::make_shared<FaultyStore::Plan>();
    Clock clock;
    World world;
    std::unique_ptr<Ledger> ledger;

    void open() {
        ledger.reset();
        if (std::string_view{GetParam().backend} == "Sqlite") {
            store.reset();
            store = sqlite::open(dir / "ledger").value();
        } else if (!store) {
            store = make_memory_store();
        }
        auto o = options(clock);
        o.checkpoint_file = dir / "checkpoint";
        auto opened = Ledger::open(std::make_unique<FaultyStore>(store, plan), key_ring().keys(), std::move(o));
        ASSERT_TRUE(opened.has_value()) << opened.error().detail;
        ledger = std::move(opened).value();
    }
    void check_everything() {
        settle(*ledger);
        const auto verifier = key_ring().verifier();
        VerifyOptions check;
        const Vault vault{key_ring().secret};
        check.vault = &vault;
        check.seen = crypto::open_checkpoint(read_checkpoint_file(dir / "checkpoint").value().value(), verifier).value();
        const auto report = verify_log(*store, verifier, check).value();
        for (const auto& p : report.problems) ADD_FAILURE() << p.seq << " " << p.what << ": " << p.words;
        EXPECT_EQ(check.seen->size, report.checkpoint.size) << "the file outside is not brought forward";
        std::set<std::string> ids;
        const auto items = ledger->due(t0 + 24h, 1000).value();
        for (const auto& item : items) EXPECT_TRUE(ids.insert(item.id).second) << "queued twice";
    }
};

TEST_P(FaultMatrix, Invariant2NothingAcknowledgedIsLostAndNothingIsThereTwice) {
    const auto fault = GetParam();
    open();
    world.prepare(*ledger);
    const auto write = world.writes().at(fault.write);
    const auto before = ledger->counts().value().entries;

    plan->next = fault.kind;
    plan->head_too = fault.head_too;
    const bool acknowledged = write.act(*ledger);
    plan->head_too = false;  // the cable is in again
    if (!fault.head_too) {
        EXPECT_EQ(acknowledged, fault.kind == Kind::landed);
        EXPECT_EQ(ledger->health().has_value(), fault.kind == Kind::landed);
    } else {
        EXPECT_FALSE(acknowledged) << "what cannot be known is not promised";
        ASSERT_TRUE(ledger->health().has_error());
        EXPECT_EQ(ledger->health().error().code, Errc::unavailable);
    }
    if (fault.restart) open();
    EXPECT_EQ(write.is_there(*ledger), fault.kind == Kind::landed);
    if (acknowledged) {
        EXPECT_TRUE(write.is_there(*ledger)) << "acknowledged but lost";
    }

    EXPECT_TRUE(write.act(*ledger)) << "the next attempt works";
    EXPECT_TRUE(write.is_there(*ledger));
    EXPECT_TRUE(ledger->health().has_value());
    const bool doubles = write.name == "event";  // an event has no key: whoever logs it twice has two
    const auto added = write.entries * (doubles && fault.kind == Kind::landed ? 2 : 1);
    EXPECT_EQ(ledger->counts().value().entries, before + added) << "exactly one record";
    EXPECT_TRUE(record(*ledger, decision()).has_value()) << "others can still write";
    check_everything();
    open();
    EXPECT_TRUE(write.is_there(*ledger));
    check_everything();
}

INSTANTIATE_TEST_SUITE_P(Writes, FaultMatrix, ::testing::ValuesIn(faults()), [](const auto& test) {
    const auto& fault = test.param;
    static const World world;
    return std::string{fault.backend} + "_" + world.writes().at(fault.write).name +
           (fault.kind == Kind::lost ? "_lost" : "_landed") + (fault.restart ? "_restart" : "") +
           (fault.head_too ? "_blind" : "");
});

TEST(FaultyStart, TheFirstCommitMayBeLostOrLandToo) {
    for (const auto kind : {Kind::lost, Kind::landed}) {
        const std::shared_ptr<Store> store = make_memory_store();
        auto plan = std::make_shared<FaultyStore::Plan>();
        plan->next = kind;
        auto first = Ledger::open(std::make_unique<FaultyStore>(store, plan), key_ring().keys(), options());
        EXPECT_EQ(first.has_value(), kind == Kind::landed);
        if (first.has_value()) first.value().reset();
        auto second = Ledger::open(std::make_unique<FaultyStore>(store, plan), key_ring().keys(), options());
        ASSERT_TRUE(second.has_value());
        EXPECT_TRUE(record(*second.value(), decision()).has_value());
    }
}

TEST(FaultyStart, AStoreThatAnotherProcessMovedOnIsNotWrittenTo) {
    const std::shared_ptr<Store> store = make_memory_store();
    auto one = open_over(store).value();
    auto two = open_over(store).value();
    ASSERT_TRUE(record(*one, decision()).has_value());
    EXPECT_EQ(record(*two, decision()).error().code, Errc::unavailable);
    EXPECT_EQ(two->health().error().code, Errc::corrupt);
    EXPECT_TRUE(record(*two, decision()).has_value()) << "it has recovered what the other one wrote";
    EXPECT_EQ(two->counts().value().entries, 4U);
    EXPECT_TRUE(verify_log(*store, key_ring().verifier()).value().good());
}

/// Holds commits back until it is told to let them go.
class HeldStore final : public Borrowed {
public:
    struct Gate {
        std::mutex mutex;
        std::condition_variable moved;
        bool open = true;
        bool someone_waits = false;
    };
    HeldStore(std::shared_ptr<Store> under, std::shared_ptr<Gate> gate) : Borrowed(std::move(under)), gate_(std::move(gate)) {}
    auto commit(const Batch& batch) -> Result<> override {
        {
            std::unique_lock lock{gate_->mutex};
            gate_->someone_waits = true;
            gate_->moved.notify_all();
            gate_->moved.wait(lock, [&] { return gate_->open; });
            gate_->someone_waits = false;
        }
        return Borrowed::commit(batch);
    }

private:
    std::shared_ptr<Gate> gate_;
};

struct GroupCommit : ::testing::Test {
    std::shared_ptr<Store> store = make_memory_store();
    std::shared_ptr<HeldStore::Gate> gate = std::make_shared<HeldStore::Gate>();
    std::unique_ptr<Ledger> ledger;

    void open(Options o = options()) {
        ledger = Ledger::open(std::make_unique<HeldStore>(store, gate), key_ring().keys(), std::move(o)).value();
    }
    /// Lets one write reach the store and holds it there.
    auto hold_one() -> Answer<Recorded> {
        gate->open = false;
        Answer<Recorded> first;
        ledger->record(decision(), first.done());
        std::unique_lock lock{gate->mutex};
        gate->moved.wait(lock, [&] { return gate->someone_waits; });
        return first;
    }
    void release() {
        const std::lock_guard lock{gate->mutex};
        gate->open = true;
        gate->moved.notify_all();
    }
};

TEST_F(GroupCommit, AllThatWaitsGoesIntoOneCommit) {
    open();
    auto first = hold_one();
    std::vector<Answer<Recorded>> answers(200);
    for (auto& answer : answers) ledger->record(decision(), answer.done());
    release();
    EXPECT_TRUE(first.get().has_value());
    for (auto& answer : answers) EXPECT_TRUE(answer.get().has_value());
    const auto counts = ledger->counts().value();
    EXPECT_EQ(counts.commits, 2U);
    EXPECT_EQ(counts.writes, 201U);
    EXPECT_EQ(counts.entries, 402U);
}

TEST_F(GroupCommit, ABatchHasNoMoreThanItsLimit) {
    auto o = options();
    o.max_batch = 10;
    open(std::move(o));
    auto first = hold_one();
    std::vector<Answer<Recorded>> answers(25);
    for (auto& answer : answers) ledger->record(decision(), answer.done());
    release();
    EXPECT_TRUE(first.get().has_value());
    for (auto& answer : answers) EXPECT_TRUE(answer.get().has_value());
    EXPECT_EQ(ledger->counts().value().commits, 4U);
}

TEST_F(GroupCommit, AConflictInABatchFailsItselfAlone) {
    open();
    auto first = hold_one();
    auto one = decision("key");
    auto same = decision("key");
    auto other = decision("key");
    other.body_sha256 = crypto::sha256("another body");
    std::vector<Answer<Recorded>> answers(4);
    ledger->record(one, answers[0].done());
    ledger->record(same, answers[1].done());
    ledger->record(other, answers[2].done());
    ledger->record(decision(), answers[3].done());
    release();
    EXPECT_TRUE(first.get().has_value());
    EXPECT_FALSE(answers[0].get().value().repeated);
    const auto repeated = answers[1].get().value();
    EXPECT_TRUE(repeated.repeated);
    EXPECT_EQ(repeated.id, one.id);
    EXPECT_EQ(answers[2].get().error().code, Errc::conflict);
    EXPECT_TRUE(answers[3].get().has_value());
    EXPECT_EQ(ledger->counts().value().commits, 2U);
    EXPECT_EQ(ledger->counts().value().entries, 6U);
}

TEST_F(GroupCommit, InOneBatchEachWriteSeesThoseBeforeIt) {
    open();
    const auto in = inbound();
    auto first = hold_one();
    Answer<Accepted> arrived, again, opened, reopened;
    Answer<void> told;
    ledger->accept(in, arrived.done());
    ledger->accept(in, again.done());
    ledger->acknowledge(in.mid, DeliveryState::opened, "r.quill", opened.done());
    ledger->acknowledge(in.mid, DeliveryState::opened, "r.quill", reopened.done());
    ledger->record_receipt_sent(in.mid.str() + "/opened", told.done());
    release();
    EXPECT_TRUE(first.get().has_value());
    const auto received = arrived.get().value();
    EXPECT_FALSE(received.repeated);
    EXPECT_EQ(again.get().value().receipt, received.receipt);
    const auto receipt = opened.get().value();
    EXPECT_FALSE(receipt.repeated);
    const auto once_more = reopened.get().value();
    EXPECT_TRUE(once_more.repeated);
    EXPECT_EQ(once_more.receipt, receipt.receipt);
    EXPECT_TRUE(told.get().has_value());
    EXPECT_EQ(ledger->counts().value().commits, 2U);
    EXPECT_TRUE(verify_log(*store, key_ring().verifier()).value().good());
}

TEST_F(GroupCommit, TooManyWaitingAreTurnedAwayAndTheRestIsKept) {
    auto o = options();
    o.max_waiting = 3;
    open(std::move(o));
    auto first = hold_one();
    std::vector<Answer<Recorded>> answers(5);
    for (auto& answer : answers) ledger->record(decision(), answer.done());
    EXPECT_EQ(answers[3].get().error().code, Errc::unavailable);
    EXPECT_EQ(answers[4].get().error().code, Errc::unavailable);
    release();
    for (int i = 0; i < 3; ++i) EXPECT_TRUE(answers[static_cast<std::size_t>(i)].get().has_value());
    EXPECT_TRUE(first.get().has_value());
}

TEST_F(GroupCommit, ClosingFinishesWhatWaits) {
    open();
    auto first = hold_one();
    std::vector<Answer<Recorded>> answers(50);
    for (auto& answer : answers) ledger->record(decision(), answer.done());
    release();
    ledger.reset();
    EXPECT_TRUE(first.get().has_value());
    for (auto& answer : answers) EXPECT_TRUE(answer.get().has_value());
    EXPECT_EQ(store->head().value().size, 102U);
}

TEST_F(GroupCommit, ManyThreadsMayWriteAndReadAtOnce) {
    open();
    std::vector<std::thread> threads;
    std::atomic<int> bad = 0;
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([&, t] {
            for (int i = 0; i < 25; ++i) {
                const auto d = decision("key-" + std::to_string(t) + "-" + std::to_string(i));
                if (record(*ledger, d).has_error()) ++bad;
                if (ledger->show(d.id).has_error()) ++bad;
                if (receipt(*ledger, d.releases[0], DeliveryState::received).has_error()) ++bad;
                if (ledger->due(t0 + 1h, 5).has_error() || ledger->health().has_error()) ++bad;
            }
        });
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(bad, 0);
    EXPECT_EQ(ledger->counts().value().entries, 300U);
    EXPECT_TRUE(verify_log(*store, key_ring().verifier()).value().good());
}

TEST_F(GroupCommit, Invariant1NothingIsDueBeforeItsDecisionIsDurable) {
    open();
    auto first = hold_one();
    EXPECT_TRUE(ledger->due(t0 + 24h, 10).value().empty()) << "nothing can leave while the commit is on its way";
    EXPECT_EQ(first.future.wait_for(0s), std::future_status::timeout) << "and nobody was told that it was recorded";
    release();
    ASSERT_TRUE(first.get().has_value());
    const auto items = ledger->due(t0 + 24h, 10).value();
    ASSERT_EQ(items.size(), 1U);
    // What leaves comes with the proof that it was recorded.
    const auto proof = crypto::parse_tlog_proof(ledger->transmission(items[0]).value().proof).value();
    EXPECT_TRUE(crypto::open_checkpoint(proof.checkpoint, key_ring().verifier()).has_value());
}

}  // namespace
}  // namespace cg::ledger::test
