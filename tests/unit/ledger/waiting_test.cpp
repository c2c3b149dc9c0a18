// Held content, duties, links and events: what the ledger keeps besides decisions and copies.
#include "gateway/ledger/sqlite/sqlite_store.hpp"
#include "gateway/ledger/verify.hpp"
#include "tests/unit/ledger/fixture.hpp"


namespace cg::ledger::test {
namespace {

using namespace std::chrono_literals;

auto held_decision(std::string key) -> NewDecision {
    auto out = decision(std::move(key), {});
    out.search.outcome = "REVIEW";
    out.held = R"({"case":"Imogen Vantongeren hides when her uncle calls"})";
    out.body_sha256 = crypto::sha256(out.held);
    return out;
}

auto verify_problems(Store& store) -> std::vector<std::string> {
    const Vault vault{key_ring().secret};
    VerifyOptions how;
    how.vault = &vault;
    const auto report = verify_log(store, key_ring().verifier(), how).value();
    std::vector<std::string> out;
    for (const auto& problem : report.problems) out.push_back(problem.what);
    return out;
}

struct Waiting : ::testing::Test {
    std::shared_ptr<Store> store{make_memory_store()};
    std::unique_ptr<Ledger> ledger = open_over(store).value();
};

TEST_F(Waiting, HeldContentComesBackAsItWasSubmittedAndIsNowhereInTheClear) {
    const TempDir folder;
    const auto path = folder / "ledger.db";
    auto one = held_decision("a");
    {
        auto on_disk = Ledger::open(sqlite::open(path).value(), key_ring().keys(), options()).value();
        ASSERT_TRUE(record(*on_disk, one).has_value());
        EXPECT_EQ(on_disk->held_content(one.id).value().reveal_text(), one.held);
        ASSERT_EQ(on_disk->held(0, 10).value().size(), 1U);
        EXPECT_EQ(on_disk->held(0, 10).value().front().id, one.id);
        auto settling = decision("b", {});
        settling.settles = one.id;
        settling.search.links = {one.id.str()};
        ASSERT_TRUE(record(*on_disk, settling).has_value());
        EXPECT_EQ(on_disk->held_content(one.id).error().code, Errc::not_found);
    }
    for (const auto& file : std::filesystem::directory_iterator(folder.path())) {
        std::ifstream in(file.path(), std::ios::binary);
        const std::string bytes{std::istreambuf_iterator<char>(in), {}};
        EXPECT_EQ(bytes.find("uncle calls"), std::string::npos) << file.path();
    }
    const auto again = sqlite::open(path).value();
    EXPECT_EQ(verify_problems(*again), std::vector<std::string>{});
}

TEST_F(Waiting, OfTwoWhoSettleTheSameOnlyOneDoes) {
    const auto one = held_decision("a");
    ASSERT_TRUE(record(*ledger, one).has_value());
    auto first = decision("b", {});
    auto second = decision("c", {});
    first.settles = second.settles = one.id;
    ASSERT_TRUE(record(*ledger, first).has_value());
    EXPECT_EQ(record(*ledger, second).error().code, Errc::conflict);
    EXPECT_EQ(ledger->show(second.id).error().code, Errc::not_found);
    auto unknown = decision("d", {});
    unknown.settles = DecisionId::trusted(crypto::random_id("dec-"));
    EXPECT_EQ(record(*ledger, unknown).error().code, Errc::not_found);
}

TEST_F(Waiting, ContentThatVanishedOrCameBackIsNoticed) {
    const auto one = held_decision("a");
    ASSERT_TRUE(record(*ledger, one).has_value());
    const auto seq = ledger->show(one.id).value().row.seq;
    const auto kept = store->held(seq).value();
    Batch gone;
    gone.head = store->head().value();
    ++gone.head.number;
    gone.erasures = {{.held = {seq}}};
    ASSERT_TRUE(store->commit(gone).has_value());
    EXPECT_EQ(verify_problems(*store), std::vector<std::string>{"held/missing"});
    Batch back;
    back.head = store->head().value();
    ++back.head.number;
    back.held = {*kept};
    ASSERT_TRUE(store->commit(back).has_value());
    EXPECT_EQ(verify_problems(*store), std::vector<std::string>{});
}

TEST_F(Waiting, ADutyStaysOpenUntilAnEntryClosesIt) {
    auto one = decision("a", {});
    one.duties = {{"inform-review", t0 + 24h}, {"complete-by", t0 + 2h}};
    ASSERT_TRUE(record(*ledger, one).has_value());
    auto open = ledger->open_duties("", t0 + 48h, 10).value();
    ASSERT_EQ(open.size(), 2U);
    EXPECT_EQ(open[0].kind, "complete-by");
    EXPECT_EQ(open[1].id, "inform-review:" + one.id.str());
    Answer<std::uint64_t> logged;
    NewEvent event;
    event.type = "duty/1";
    event.ref = one.id.str();
    event.fields = Json::object({{"kind", "inform-review"}});
    event.personal = Json::object({{"note", "told Imogen's mother at the clinic"}});
    event.duties_done = {"inform-review:" + one.id.str(), "unknown:dec-x"};
    ledger->record_event(event, logged.done());
    ASSERT_TRUE(logged.get().has_value());
    EXPECT_EQ(ledger->open_duties("inform-review", t0 + 48h, 10).value().size(), 0U);
    EXPECT_EQ(ledger->open_duties("complete-by", t0 + 48h, 10).value().size(), 1U);
    const auto events = ledger->events_of(one.id.str()).value();
    ASSERT_EQ(events.size(), 1U);
    EXPECT_EQ((*events[0].personal)["note"].text(), "told Imogen's mother at the clinic");
    EXPECT_EQ(verify_problems(*store), std::vector<std::string>{});
}

TEST_F(Waiting, TwoThatAreOwedOnTwoDaysAreTwoDuties) {
    auto one = decision("a", {});
    one.duties = {{"inform-review", t0 + 24h}, {"inform-review", t0 + 72h}};
    ASSERT_TRUE(record(*ledger, one).has_value());
    const auto owed = ledger->open_duties("inform-review", t0 + 96h, 10).value();
    ASSERT_EQ(owed.size(), 2U);
    EXPECT_EQ(owed[1].due, t0 + 72h);
    EXPECT_NE(owed[0].id, owed[1].id);
    EXPECT_EQ(verify_problems(*store), std::vector<std::string>{}) << "an honest log is not called altered";
    Answer<std::uint64_t> logged;
    NewEvent event;
    event.type = "duty/1";
    event.ref = one.id.str();
    event.fields = Json::object({{"kind", "inform-review"}});
    event.duties_done = {owed[0].id};
    ledger->record_event(event, logged.done());
    ASSERT_TRUE(logged.get().has_value());
    ASSERT_EQ(ledger->open_duties("inform-review", t0 + 96h, 10).value().size(), 1U);
    EXPECT_EQ(verify_problems(*store), std::vector<std::string>{});
}

TEST_F(Waiting, WhatIsToldOfTwiceIsOwedOnceAndWhatWasDoneMayBeOwedAgain) {
    const auto tell = [this](std::chrono::hours within, bool done) {
        NewEvent event;
        event.type = "draft/1";
        event.ref = "draft/D-1";
        event.fields = Json::object();
        const auto known = ledger->duties_of(event.ref).value();
        for (const auto& duty : known)
            if (done) event.duties_done.push_back(duty.id);
        if (!done) event.duties = {{"draft", t0 + within}};
        Answer<std::uint64_t> logged;
        ledger->record_event(std::move(event), logged.done());
        ASSERT_TRUE(logged.get().has_value());
    };
    const auto owed = [this] { return ledger->open_duties("draft", t0 + 96h, 10).value(); };
    tell(4h, false);
    tell(8h, false);
    ASSERT_EQ(owed().size(), 1U);
    EXPECT_EQ(owed().front().due, t0 + 4h) << "telling of it again puts nothing off";
    tell(0h, true);
    EXPECT_TRUE(owed().empty());
    tell(12h, false);
    ASSERT_EQ(owed().size(), 1U);
    EXPECT_EQ(owed().front().due, t0 + 12h);
    EXPECT_EQ(verify_problems(*store), std::vector<std::string>{});
}

TEST_F(Waiting, ADutyThatSomebodyClosedInTheDatabaseIsNoticed) {
    auto one = decision("a", {});
    one.duties = {{"inform-review", t0 + 24h}};
    ASSERT_TRUE(record(*ledger, one).has_value());
    Batch batch;
    batch.head = store->head().value();
    ++batch.head.number;
    batch.duties_done = {{.id = "inform-review:" + one.id.str(), .done = 1}};
    ASSERT_TRUE(store->commit(batch).has_value());
    EXPECT_EQ(verify_problems(*store), std::vector<std::string>{"duty/closed"});
}

TEST_F(Waiting, WhatFollowedFromADecisionIsFoundByIt) {
    const auto first = decision("a", {});
    auto second = decision("b", {});
    second.search.links = {first.id.str(), "msg-of-a-request"};
    ASSERT_TRUE(record(*ledger, first).has_value());
    ASSERT_TRUE(record(*ledger, second).has_value());
    Query query;
    query.link = first.id.str();
    const auto found = ledger->search(query).value();
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].id, second.id);
    query.subject = "Imogen Vantongeren";
    query.actor = "t.abernathy";
    EXPECT_EQ(ledger->search(query).value().size(), 1U);
    query.actor = "somebody else";
    EXPECT_EQ(ledger->search(query).value().size(), 0U);
}

TEST_F(Waiting, EventsOfADecisionAreRecordedWithItOrNotAtAll) {
    auto one = decision("a", {});
    NewEvent event;
    event.type = "decision/1";
    event.ref = one.id.str();
    event.fields = Json::object({});
    one.events = {event};
    EXPECT_EQ(record(*ledger, one).error().code, Errc::malformed);
    EXPECT_EQ(ledger->show(one.id).error().code, Errc::not_found);
    one.events[0].type = "review/1";
    ASSERT_TRUE(record(*ledger, one).has_value());
    EXPECT_EQ(ledger->events_of(one.id.str()).value().size(), 1U);
}

TEST_F(Waiting, ErasingAHeldDecisionDestroysWhatWasSubmitted) {
    const auto one = held_decision("a");
    ASSERT_TRUE(record(*ledger, one).has_value());
    Answer<void> erased;
    ledger->erase(one.id, "retention", erased.done());
    ASSERT_TRUE(erased.get().has_value());
    EXPECT_EQ(ledger->held_content(one.id).error().code, Errc::not_found);
    EXPECT_EQ(verify_problems(*store), std::vector<std::string>{});
}

}  // namespace
}  // namespace cg::ledger::test
