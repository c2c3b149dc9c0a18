// Invariants 1 and 2 from outside: gateways are killed with SIGKILL at random moments under load, and started again.
//
//   CG_CRASH_KILLS=1000   how often (default 50)
//   CG_CRASH_SEED=7       the same random choices again; the seed of a run is printed
#include "gateway/ledger/sqlite/sqlite_store.hpp"
#include "tests/crash/traffic.hpp"
#include "tests/support/live_agency.hpp"

#include <gtest/gtest.h>

#include <random>
#include <set>

namespace cg::test {
namespace {

using std::chrono::milliseconds;

constexpr auto start_bound = std::chrono::minutes{3};  // on a machine that does other things, too
constexpr auto drain_bound = std::chrono::minutes{5};
constexpr std::size_t client_count = 4;

auto number_from_environment(const char* name, std::uint64_t otherwise) -> std::uint64_t {
    const char* text = std::getenv(name);
    return text != nullptr ? std::strtoull(text, nullptr, 10) : otherwise;
}

/// A peer that was killed is back within a second, so it is tried again within one.
void hurry(config::Config& settings) {
    settings.delivery.first_retry = milliseconds{50};
    settings.delivery.longest_retry = milliseconds{500};
}

class KillTest : public ::testing::Test {
protected:
    KillTest() : seed_(number_from_environment("CG_CRASH_SEED", std::random_device{}())), random_(seed_) {
        for (const auto* agency : all_) {
            agency->adjust(hurry);
            agency->quick_keys();
        }
    }

    auto below(std::uint64_t bound) -> std::uint64_t { return std::uniform_int_distribution<std::uint64_t>{0, bound - 1}(random_); }
    /// The random moment itself: nothing is waited for here.
    void some_time_below(std::uint64_t ms) { std::this_thread::sleep_for(milliseconds{below(ms)}); }

    void start_all() {
        for (auto* agency : all_) agency->launch();
        for (auto* agency : all_) ASSERT_TRUE(agency->ready(start_bound)) << agency->id() << ": " << end_of_log(*agency);
    }

    static auto end_of_log(const LiveAgency& agency) -> std::string {
        const auto log = slurp(agency.log_file());
        return log.substr(log.size() - std::min<std::size_t>(log.size(), 2000));
    }

    /// Half of the victims are the sender. One time in four the next blow falls while it is still recovering from the last.
    void kill_one() {
        auto& victim = *all_[below(2) == 0 ? 0 : 1 + below(2)];
        some_time_below(900);
        victim.kill();
        kills_ += 1;
        if (&victim == &sender_) check_recorded_before_shared();
        victim.launch();
        if (below(4) == 0) {
            some_time_below(400);
            victim.kill();
            kills_ += 1;
            killed_while_starting_ += 1;
            victim.launch();
        }
        ASSERT_TRUE(victim.ready(start_bound)) << victim.id() << " does not come back: " << end_of_log(victim);
    }

    /// While the sender lies dead: whatever has reached an inbox must be in what the sender had written by then.
    void check_recorded_before_shared() {
        const auto written = must(ledger::sqlite::open_read_only(sender_.ledger_file().string()), "the dead sender's ledger");
        for (auto* receiver : {&council_, &police_}) {
            const auto inbox = must(ledger::sqlite::open_read_only(receiver->ledger_file().string()), "a receiver's ledger");
            auto& from = looked_at_[receiver->id()];
            const auto rows = must(inbox->inbox_from(from, 100'000), "inbox");
            for (const auto& row : rows) {
                from = row.seq + 1;
                early_looks_ += 1;
                EXPECT_TRUE(must(written->outbox(row.mid), "outbox").has_value()) << row.mid << " was shared and is not recorded";
            }
        }
    }

    void drain() {
        const auto empty = [this] {
            return std::ranges::all_of(all_, [](const LiveAgency* agency) { return agency->metric("casegate_outbox_queued") == 0.0; });
        };
        ASSERT_TRUE(eventually(empty, drain_bound)) << "the outbox does not empty";
        for (const auto* agency : all_) EXPECT_EQ(agency->metric("casegate_outbox_dead_letters"), 0.0) << agency->id();
    }

    /// Every key, once more: the answer given first, byte for byte.
    void repeat_all(const std::vector<Submitted>& submitted) {
        auto office = sender_.office();
        for (const auto& one : submitted) {
            const auto again = must(post_message(office, one.key, one.body), "repeating a submission");
            ASSERT_EQ(again.status, one.status);
            ASSERT_EQ(again.body, one.answer);
        }
    }

    Federation federation_{sender_and_two};
    LiveAgency sender_{federation_, "willow"}, council_{federation_, "exampleshire"}, police_{federation_, "examplepolice"};
    std::vector<LiveAgency*> all_{&sender_, &council_, &police_};
    std::uint64_t seed_;
    std::mt19937_64 random_;
    std::map<std::string, std::uint64_t> looked_at_;
    std::uint64_t kills_ = 0, killed_while_starting_ = 0, early_looks_ = 0;
};

/// What the sender's log must hold for one answered submission. Adds the mids it released, by agency.
void check_record(LedgerFile& ledger, const Submitted& one, std::map<std::string, std::set<std::string>>& released) {
    ASSERT_EQ(one.status, 201) << one.answer;
    const auto answer = must(parse_json(one.answer), "an answer");
    ledger::Query by_case;
    by_case.subject = one.case_ref;
    const auto rows = must(ledger.reader().search(by_case), "search");
    ASSERT_EQ(rows.size(), 1U) << "records of one accepted submission";
    ASSERT_EQ(rows[0].id.str(), answer["decision_id"].text());
    std::set<std::string> promised;
    for (const auto& recipient : *answer["recipients"].if_array()) promised.emplace(recipient["mid"].text());
    const auto record = must(ledger.reader().show(rows[0].id), "show");
    std::set<std::string> recorded;
    for (const auto& delivery : record.deliveries) {
        recorded.insert(delivery.mid.str());
        released[delivery.to.agency.str()].insert(delivery.mid.str());
        EXPECT_TRUE(delivery.state == ledger::DeliveryState::received || delivery.state == ledger::DeliveryState::acknowledged)
            << to_string(delivery.state);
    }
    EXPECT_EQ(recorded, promised);
    EXPECT_EQ(recorded.size(), 2U);
}

/// How often the log says of each message that it was received, and that it was acknowledged.
struct ReceiptCounts {
    std::map<std::string, int> received, acknowledged;
};
auto count_receipts(LedgerFile& ledger) -> ReceiptCounts {
    ReceiptCounts counts;
    for (const auto& entry : ledger.entries()) {
        if (entry.type != "receipt/1") continue;
        const auto state = std::string{must(parse_json(entry.fields), "fields")["state"].text()};
        if (state == "received") counts.received[entry.ref] += 1;
        if (state == "acknowledged") counts.acknowledged[entry.ref] += 1;
    }
    return counts;
}

auto keys_of(const std::map<std::string, int>& counts) -> std::set<std::string> {
    std::set<std::string> keys;
    for (const auto& [key, count] : counts) {
        EXPECT_EQ(count, 1) << key << " is logged more than once";
        keys.insert(key);
    }
    return keys;
}

auto inbox_of(LedgerFile& ledger) -> std::set<std::string> {
    std::set<std::string> mids;
    for (const auto& row : must(ledger.store().inbox_from(0, 10'000'000), "inbox"))
        EXPECT_TRUE(mids.insert(row.mid).second) << row.mid << " was delivered twice";
    return mids;
}

TEST_F(KillTest, RC_1_every_accepted_submission_has_exactly_one_record_and_one_delivery) {
    const auto wanted = number_from_environment("CG_CRASH_KILLS", 50);
    std::printf("seed %llu, %llu kills\n", static_cast<unsigned long long>(seed_), static_cast<unsigned long long>(wanted));
    start_all();
    const auto began = std::chrono::steady_clock::now();
    std::vector<Submitted> submitted;
    std::map<std::string, std::set<std::string>> acknowledged;
    {
        Clients clients{sender_, {"csc.front-door@exampleshire", "police.public-protection@examplepolice"}, client_count};
        InboxReader council{council_}, police{police_};
        std::uint64_t told = 0;
        while (kills_ < wanted && !HasFatalFailure()) {
            kill_one();
            if (kills_ < told + 10) continue;
            told = kills_;
            std::printf("%llu kills, %zu answered\n", static_cast<unsigned long long>(kills_), clients.answered());
            std::fflush(stdout);
        }
        submitted = clients.finish();
        acknowledged[council_.id()] = council.finish();
        acknowledged[police_.id()] = police.finish();
    }
    const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - began;
    ASSERT_FALSE(HasFatalFailure());
    ASSERT_GT(submitted.size(), wanted) << "there was hardly any load";
    drain();
    repeat_all(submitted);
    for (auto* agency : all_) EXPECT_EQ(agency->stop(), 0) << agency->id();

    LedgerFile ledger{sender_};
    std::map<std::string, std::set<std::string>> released;
    std::uint64_t decisions = 0;
    for (const auto& entry : ledger.entries()) decisions += entry.type == "decision/1" ? 1 : 0;
    EXPECT_EQ(decisions, submitted.size()) << "a record that nobody was answered for, or an answer without a record";
    for (const auto& one : submitted) ASSERT_NO_FATAL_FAILURE(check_record(ledger, one, released));

    const auto at_sender = count_receipts(ledger);
    std::set<std::string> all_received, all_acknowledged;
    for (auto* receiver : {&council_, &police_}) {
        LedgerFile theirs{*receiver};
        const auto inbox = inbox_of(theirs);
        EXPECT_EQ(inbox, released[receiver->id()]) << receiver->id() << ": delivered and released differ";
        const auto receipts = count_receipts(theirs);
        EXPECT_EQ(keys_of(receipts.received), inbox);
        EXPECT_EQ(keys_of(receipts.acknowledged), acknowledged[receiver->id()]);
        all_received.insert(inbox.begin(), inbox.end());
        all_acknowledged.insert(acknowledged[receiver->id()].begin(), acknowledged[receiver->id()].end());
    }
    // Where the sender died before it logged `received`, the recipient's `acknowledged` may have come first and said it all.
    auto known_at_sender = keys_of(at_sender.received);
    known_at_sender.merge(keys_of(at_sender.acknowledged));
    EXPECT_EQ(known_at_sender, all_received) << "the receipts of both sides differ";
    EXPECT_EQ(keys_of(at_sender.acknowledged), all_acknowledged);
    for (const auto* agency : all_) {
        const auto verified = federation_.run({"log", "verify"}, agency->id());
        EXPECT_EQ(verified.status, 0) << agency->id() << ": " << verified.out << verified.err;
    }
    std::printf("%llu kills (%llu while starting) in %.0f s: %zu submissions, each answered 201 and recorded once; %zu copies, each "
                "delivered once; %zu acknowledged; %llu looks at the dead sender's ledger\n",
                static_cast<unsigned long long>(kills_), static_cast<unsigned long long>(killed_while_starting_), spent.count(), submitted.size(),
                all_received.size(), all_acknowledged.size(), static_cast<unsigned long long>(early_looks_));
}

}  // namespace
}  // namespace cg::test
