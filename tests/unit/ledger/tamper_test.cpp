// A database administrator with the file open, against `verify_log`: whatever is altered is found, and named by its place.
#include "gateway/ledger/checkpoint_file.hpp"
#include "gateway/ledger/sqlite/sqlite_store.hpp"
#include "gateway/ledger/verify.hpp"
#include "tests/unit/ledger/fixture.hpp"

#include <sqlite3.h>

namespace cg::ledger::test {
namespace {

using namespace std::chrono_literals;

void sql(const std::string& path, const std::string& text) {
    sqlite3* db = nullptr;
    ASSERT_EQ(sqlite3_open(path.c_str(), &db), SQLITE_OK);
    char* message = nullptr;
    const int rc = sqlite3_exec(db, text.c_str(), nullptr, nullptr, &message);
    EXPECT_EQ(rc, SQLITE_OK) << text << ": " << (message != nullptr ? message : "");
    EXPECT_GT(sqlite3_total_changes(db), 0) << "nothing was altered: " << text;
    sqlite3_free(message);
    sqlite3_close(db);
}

/// One ledger for all tests here. Its entries:
///   0 decision, 1 and 2 its releases, 3 received from the first recipient, 4 an arrival, 5 we opened it, 6 policy,
///   7 decision (a refusal), 8 decision, 9 its release, 10 its receipt, 11 erasure of 8
struct Original {
    TempDir dir;
    std::string path = dir / "ledger";
    std::string checkpoint = dir / "checkpoint";
    NewDecision shared = decision("k", {"csc.front-door@larkshire", "police.public-protection@larkpolice"});
    NewDecision refused = decision("r", {});
    NewDecision erased = decision("e");
    Inbound arrived = inbound();

    Original() {
        auto o = options();
        o.checkpoint_file = checkpoint;
        auto ledger = Ledger::open(sqlite::open(path).value(), key_ring().keys(), std::move(o)).value();
        EXPECT_TRUE(record(*ledger, shared).has_value());
        EXPECT_TRUE(receipt(*ledger, shared.releases[0], DeliveryState::received).has_value());
        EXPECT_TRUE(accept(*ledger, arrived).has_value());
        EXPECT_TRUE(acknowledge(*ledger, arrived.mid, DeliveryState::opened).has_value());
        EXPECT_TRUE(event(*ledger, "policy/1").has_value());
        EXPECT_TRUE(record(*ledger, refused).has_value());
        EXPECT_TRUE(record(*ledger, erased).has_value());
        EXPECT_TRUE(receipt(*ledger, erased.releases[0], DeliveryState::received).has_value());
        EXPECT_TRUE(erase(*ledger, erased.id).has_value());
    }
};
auto original() -> const Original& {
    static const Original one;
    return one;
}

/// A copy to tamper with.
struct Copy {
    TempDir dir;
    std::string path = dir / "ledger";
    Copy() { std::filesystem::copy_file(original().path, path); }

    [[nodiscard]] auto verify(const VerifyOptions& options = {}) const -> VerifyReport {
        const auto store = sqlite::open_read_only(path);
        if (store.has_error()) {
            ADD_FAILURE() << store.error().detail;
            return {};
        }
        auto report = verify_log(*store.value(), key_ring().verifier(), options);
        if (report.has_error()) ADD_FAILURE() << report.error().detail;
        return report.has_value() ? std::move(report).value() : VerifyReport{};
    }
};

auto has(const VerifyReport& report, std::uint64_t seq, std::string_view what) -> bool {
    return std::ranges::any_of(report.problems, [&](const auto& p) { return p.seq == seq && p.what == what; });
}
auto list(const VerifyReport& report) -> std::string {
    std::string out;
    for (const auto& p : report.problems) out += std::to_string(p.seq) + " " + p.what + "\n";
    return out;
}

TEST(Verify, AnUntouchedLedgerIsGoodWithAndWithoutTheStoreSecret) {
    const Copy copy;
    const auto without = copy.verify();
    EXPECT_TRUE(without.good()) << list(without);
    EXPECT_EQ(without.entries, 12U);
    EXPECT_EQ(without.checkpoint.size, 12U);
    const Vault vault{key_ring().secret};
    VerifyOptions full;
    full.vault = &vault;
    full.seen = crypto::open_checkpoint(read_checkpoint_file(original().checkpoint).value().value(), key_ring().verifier())
                    .value();
    std::uint64_t told = 0;
    full.progress = [&](std::uint64_t done, std::uint64_t of) {
        EXPECT_EQ(of, 12U);
        told = done;
    };
    const auto with = copy.verify(full);
    EXPECT_TRUE(with.good()) << list(with);
    EXPECT_EQ(told, 12U);
}

struct Tampering {
    const char* name;
    const char* sql;
    std::uint64_t seq;
    const char* what;
    bool needs_secret = false;
};

class Tamper : public ::testing::TestWithParam<Tampering> {};

TEST_P(Tamper, Invariant6IsFoundAndNamedByItsPlace) {
    const auto& tampering = GetParam();
    const Copy copy;
    sql(copy.path, tampering.sql);
    const Vault vault{key_ring().secret};
    VerifyOptions options;
    if (tampering.needs_secret) options.vault = &vault;
    const auto report = copy.verify(options);
    EXPECT_TRUE(has(report, tampering.seq, tampering.what)) << list(report);
    for (const auto& p : report.problems) EXPECT_FALSE(p.words.empty());
}

constexpr Tampering tamperings[]{
    {"EntryLeaf", "UPDATE entries SET leaf = replace(leaf, 'a', 'b') WHERE seq = 2", 2, "entry/altered"},
    {"EntryFields", "UPDATE entries SET fields = replace(fields, 'PERMIT', 'DENY') WHERE seq = 0", 0, "entry/fields-altered"},
    {"EntryFieldsSpacing", "UPDATE entries SET fields = fields || ' ' WHERE seq = 6", 6, "entry/fields-altered"},
    {"EntrySalt", "UPDATE entries SET salt = zeroblob(32) WHERE seq = 6", 6, "entry/fields-altered"},
    {"EntryType", "UPDATE entries SET type = 'keys/1' WHERE seq = 6", 6, "entry/fields-altered"},
    {"EntryTime", "UPDATE entries SET at = at - 1 WHERE seq = 6", 6, "entry/time-altered"},
    {"EntryTimeOrder", "UPDATE entries SET at = 0 WHERE seq = 6", 6, "entry/time-order"},
    {"ReleaseTime", "UPDATE entries SET at = at + 1 WHERE seq = 2", 2, "entry/time-altered"},
    {"DecisionRef", "UPDATE entries SET ref = 'dec-other' WHERE seq = 0", 0, "entry/ref-altered"},
    {"ReleaseRef", "UPDATE entries SET ref = 'msg-other' WHERE seq = 1", 1, "entry/ref-altered"},
    {"ReceiptRef", "UPDATE entries SET ref = 'msg-other' WHERE seq = 3", 3, "entry/ref-altered"},
    {"ErasureRef", "UPDATE entries SET ref = 'dec-other' WHERE seq = 11", 11, "entry/ref-altered"},
    {"EntryDropped", "DELETE FROM entries WHERE seq = 6", 6, "entry/missing"},
    {"LastEntryDropped", "DELETE FROM entries WHERE seq = 11", 11, "entry/missing"},
    {"EntryAdded",
     "INSERT INTO entries SELECT 12, type, at, ref, leaf, salt, fields FROM entries WHERE seq = 11", 12, "row/beyond"},
    {"EntriesSwapped",
     "UPDATE entries SET seq = 99 WHERE seq = 6; UPDATE entries SET seq = 6 WHERE seq = 7; UPDATE entries SET seq = 7"
     " WHERE seq = 99",
     6, "entry/moved"},
    {"EntryCopiedOverAnother",
     "DELETE FROM entries WHERE seq = 7; INSERT INTO entries SELECT 7, type, at, ref, leaf, salt, fields FROM entries"
     " WHERE seq = 0",
     7, "entry/moved"},
    {"NodeLeaf", "UPDATE nodes SET hash = zeroblob(32) WHERE level = 0 AND idx = 5", 5, "entry/altered"},
    {"NodeInner", "UPDATE nodes SET hash = zeroblob(32) WHERE level = 2 AND idx = 1", 4, "tree/hash-altered"},
    {"NodeDropped", "DELETE FROM nodes WHERE level = 0 AND idx = 5", 5, "tree/hash-missing"},
    {"InnerNodeDropped", "DELETE FROM nodes WHERE level = 3 AND idx = 0", 0, "tree/hash-missing"},
    {"NodeOfAnotherLength", "UPDATE nodes SET hash = x'00' WHERE level = 1 AND idx = 0", 0, "tree/hash-missing"},
    {"HeadSize", "UPDATE head SET size = 11", 12, "checkpoint/size"},
    {"HeadCheckpoint", "UPDATE head SET checkpoint = replace(checkpoint, '12', '11')", 12, "checkpoint/unsigned"},
    {"HeadSignature", "UPDATE head SET checkpoint = substr(checkpoint, 1, length(checkpoint) - 6) || 'AAAA=' || char(10)", 12,
     "checkpoint/unsigned"},
    {"IndexDropped", "DELETE FROM decisions WHERE seq = 7", 7, "index/missing"},
    {"IndexAdded",
     "INSERT INTO decisions SELECT 6, 'dec-extra', recorded_at, decided_at, purpose, outcome FROM decisions WHERE seq = 7", 6,
     "row/stray"},
    {"IndexId", "UPDATE decisions SET id = 'dec-other' WHERE seq = 7", 7, "index/id"},
    {"IndexPurpose", "UPDATE decisions SET purpose = 'early-help' WHERE seq = 0", 0, "index/purpose"},
    {"IndexOutcome", "UPDATE decisions SET outcome = 'PERMIT' WHERE seq = 7", 7, "index/outcome"},
    {"IndexRecordedAt", "UPDATE decisions SET recorded_at = 0 WHERE seq = 0", 0, "index/time"},
    {"IndexDecidedAt", "UPDATE decisions SET decided_at = 0 WHERE seq = 0", 0, "index/time"},
    {"RecipientRole", "UPDATE recipients SET role = 'other' WHERE seq = 0 AND n = 0", 0, "index/recipients"},
    {"RecipientAgency", "UPDATE recipients SET agency = 'other' WHERE seq = 0 AND n = 1", 0, "index/recipients"},
    {"RecipientOutcome", "UPDATE recipients SET outcome = 'DENY' WHERE seq = 0 AND n = 1", 0, "index/recipients"},
    {"RecipientDropped", "DELETE FROM recipients WHERE seq = 0 AND n = 1", 0, "index/recipients"},
    {"RecipientAdded", "INSERT INTO recipients VALUES (7, 0, 'a', 'b', 'DENY')", 7, "index/recipients"},
    {"AnswerText", "UPDATE answers SET response = '{}' WHERE seq = 0", 0, "answer/altered"},
    {"AnswerBody", "UPDATE answers SET body = zeroblob(32) WHERE seq = 0", 0, "answer/body"},
    {"AnswerDropped", "DELETE FROM answers WHERE seq = 7", 7, "answer/missing"},
    {"Envelope", "UPDATE envelopes SET bytes = zeroblob(300) WHERE seq = 2", 2, "envelope/altered"},
    {"EnvelopeDropped", "DELETE FROM envelopes WHERE seq = 2", 2, "envelope/missing"},
    {"InboxEnvelope", "UPDATE envelopes SET bytes = zeroblob(200) WHERE seq = 4", 4, "envelope/altered"},
    {"InboxEnvelopeDropped", "DELETE FROM envelopes WHERE seq = 4", 4, "envelope/missing"},
    {"OutboxDropped", "DELETE FROM outbox WHERE seq = 2", 2, "outbox/missing"},
    {"OutboxDroppedSeenFromTheDecision", "DELETE FROM outbox WHERE seq = 2", 0, "outbox/copies"},
    {"OutboxAdded",
     "INSERT INTO outbox SELECT 6, 'x', kind, mid, recipient, agency, lane, state, due, expires, attempts, last_error,"
     " order_key, ready, parent, envelope_sha256, bytes, routing, receipt FROM outbox WHERE seq = 2",
     6, "row/stray"},
    {"OutboxMid", "UPDATE outbox SET mid = 'msg-other' WHERE seq = 2", 2, "outbox/id"},
    {"OutboxRecipient", "UPDATE outbox SET recipient = 'csc.front-door@elsewhere' WHERE seq = 1", 0, "outbox/copies"},
    {"OutboxAgency", "UPDATE outbox SET agency = 'elsewhere' WHERE seq = 1", 0, "outbox/copies"},
    {"OutboxParent", "UPDATE outbox SET parent = 7 WHERE seq = 9", 8, "outbox/copies"},
    {"OutboxHash", "UPDATE outbox SET envelope_sha256 = zeroblob(32) WHERE seq = 1", 1, "outbox/hash"},
    {"OutboxBytes", "UPDATE outbox SET bytes = 1 WHERE seq = 1", 1, "outbox/size"},
    {"OutboxStateForward", "UPDATE outbox SET state = 'acknowledged' WHERE seq = 2", 2, "outbox/state"},
    {"OutboxStateBack", "UPDATE outbox SET state = 'queued' WHERE seq = 1", 1, "outbox/state"},
    {"OutboxStateBroken", "UPDATE outbox SET state = 'lost' WHERE seq = 1", 1, "row/unreadable"},
    {"OutboxReceipt", "UPDATE outbox SET receipt = 'forged' WHERE seq = 5", 5, "outbox/receipt"},
    {"OutboxReceiptDropped", "DELETE FROM outbox WHERE seq = 5", 5, "outbox/receipt"},
    {"ReceiptText", "UPDATE receipts SET receipt = 'forged' WHERE seq = 3", 3, "receipt/altered"},
    {"OwnReceiptText", "UPDATE receipts SET receipt = 'forged' WHERE seq = 5", 5, "outbox/receipt"},
    {"ReceiptState", "UPDATE receipts SET state = 'acknowledged' WHERE seq = 3", 3, "receipt/state"},
    {"ReceiptParent", "UPDATE receipts SET of = 2 WHERE seq = 3", 3, "receipt/parent"},
    {"OwnReceiptParent", "UPDATE receipts SET of = 2 WHERE seq = 5", 5, "receipt/parent"},
    {"ReceiptDropped", "DELETE FROM receipts WHERE seq = 3", 3, "receipt/missing"},
    {"ReceiptAdded", "INSERT INTO receipts VALUES (6, 2, 'received', 'forged')", 6, "row/stray"},
    {"InboxDropped", "DELETE FROM inbox WHERE seq = 4", 4, "inbox/missing"},
    {"InboxMid", "UPDATE inbox SET mid = 'msg-other' WHERE seq = 4", 4, "inbox/altered"},
    {"InboxSender", "UPDATE inbox SET sender = 'teal' WHERE seq = 4", 4, "inbox/altered"},
    {"InboxTime", "UPDATE inbox SET received_at = 0 WHERE seq = 4", 4, "inbox/altered"},
    {"InboxHash", "UPDATE inbox SET envelope_sha256 = zeroblob(32) WHERE seq = 4", 4, "inbox/altered"},
    {"InboxBytes", "UPDATE inbox SET bytes = 1 WHERE seq = 4", 4, "inbox/altered"},
    {"InboxState", "UPDATE inbox SET state = 'received' WHERE seq = 4", 4, "inbox/state"},
    {"PersonalDropped", "DELETE FROM personal WHERE seq = 7", 7, "personal/missing"},
    {"PersonalBack", "INSERT INTO personal SELECT 8, wrapped_key, sealed FROM personal WHERE seq = 7", 8, "erasure/undone"},
    {"PersonalStray", "INSERT INTO personal SELECT 1, wrapped_key, sealed FROM personal WHERE seq = 7", 1, "row/stray"},
    {"PersonalSwapped",
     "UPDATE personal SET sealed = (SELECT sealed FROM personal WHERE seq = 0), wrapped_key = (SELECT wrapped_key FROM"
     " personal WHERE seq = 0) WHERE seq = 7",
     7, "personal/altered", true},
    {"PersonalFlipped", "UPDATE personal SET sealed = CAST(substr(sealed, 1, length(sealed) - 1) || x'00' AS BLOB) WHERE seq = 0", 0,
     "personal/altered", true},
    {"SearchKeysDropped", "DELETE FROM search_keys WHERE seq = 7", 7, "search/missing", true},
};
INSTANTIATE_TEST_SUITE_P(Columns, Tamper, ::testing::ValuesIn(tamperings),
                         [](const auto& test) { return std::string{test.param.name}; });

TEST(Verify, ACheckpointSeenBeforeTellsATruncatedAndARewrittenLog) {
    const auto seen = crypto::open_checkpoint(read_checkpoint_file(original().checkpoint).value().value(),
                                              key_ring().verifier()).value();
    // Another ledger under the same key: what a rewritten history looks like.
    const TempDir dir;
    {
        auto other = Ledger::open(sqlite::open(dir / "other").value(), key_ring().keys(), options()).value();
        ASSERT_TRUE(record(*other, decision()).has_value());
        auto store = sqlite::open_read_only(dir / "other").value();
        VerifyOptions check;
        check.seen = seen;
        EXPECT_TRUE(has(verify_log(*store, key_ring().verifier(), check).value(), 2, "log/truncated"));
        for (int i = 0; i < 12; ++i) ASSERT_TRUE(event(*other, "policy/1").has_value());
        const auto rewritten = verify_log(*store, key_ring().verifier(), check).value();
        EXPECT_TRUE(has(rewritten, 12, "log/rewritten")) << list(rewritten);
    }
}

TEST(Verify, ALogOfAnotherKeyIsNotSigned) {
    const Copy copy;
    const KeyRing other;
    const auto store = sqlite::open_read_only(copy.path).value();
    const auto report = verify_log(*store, other.verifier()).value();
    EXPECT_TRUE(has(report, 12, "checkpoint/unsigned"));
    EXPECT_EQ(report.problem_count, 1U) << "the rest is still checked, and good";
}

TEST(Verify, ALogOfSeveralStretchesIsCheckedAcrossTheirEdges) {
    const TempDir dir;
    const auto path = dir / "ledger";
    std::vector<std::string> to(7, "");
    for (std::size_t i = 0; i < to.size(); ++i) to[i] = "role@agency" + std::to_string(i);
    {
        auto ledger = Ledger::open(sqlite::open(path).value(), key_ring().keys(), options()).value();
        std::vector<Answer<Recorded>> answers(400);  // 8 entries each: 3200, and stretches are of 1024
        ASSERT_TRUE(event(*ledger, "policy/1").has_value());  // so that a stretch ends amid a decision's releases
        for (auto& answer : answers) ledger->record(decision("", to), answer.done());
        for (auto& answer : answers) ASSERT_TRUE(answer.get().has_value());
    }
    const auto check = [&](unsigned threads) {
        const auto store = sqlite::open_read_only(path).value();
        VerifyOptions options;
        options.threads = threads;
        return verify_log(*store, key_ring().verifier(), options).value();
    };
    for (const unsigned threads : {1U, 4U}) {
        const auto report = check(threads);
        EXPECT_TRUE(report.good()) << list(report);
        EXPECT_EQ(report.entries, 3201U);
    }
    sql(path, "UPDATE nodes SET hash = zeroblob(32) WHERE level = 11 AND idx = 0");
    EXPECT_TRUE(has(check(2), 0, "tree/hash-altered"));
    sql(path, "UPDATE outbox SET mid = 'x' WHERE seq = 1024");  // its decision is in the stretch before
    const auto report = check(2);
    EXPECT_TRUE(has(report, 1024, "outbox/id")) << list(report);
    EXPECT_TRUE(has(report, 1017, "outbox/copies")) << list(report);
}

TEST(Erasure, Invariant7DestroysPersonalDetailsAndContentAndEveryProofStillVerifies) {
    const Copy copy;
    const auto& o = original();
    auto ledger = Ledger::open(sqlite::open(copy.path).value(), key_ring().keys(), options()).value();
    const auto shown = ledger->show(o.erased.id).value();
    EXPECT_FALSE(shown.personal.has_value());
    EXPECT_EQ(shown.dec, o.erased.dec) << "the decision itself stays";
    const auto proof = crypto::parse_tlog_proof(shown.proof).value();
    EXPECT_TRUE(crypto::check_tlog_proof(proof, view_bytes(shown.leaf), key_ring().verifier()).has_value());
    Query by_subject;
    by_subject.subject = o.erased.search.subjects[0];
    const auto rows = ledger->search(by_subject).value();
    EXPECT_EQ(rows.size(), 2U) << "the two others of this child, and not the erased one";
    OutboxItem item;
    item.id = o.erased.releases[0].mid.str();
    EXPECT_EQ(ledger->transmission(item).error().code, Errc::not_found);
    ASSERT_TRUE(erase(*ledger, o.erased.id).has_value()) << "twice is once";
    EXPECT_EQ(ledger->counts().value().entries, 12U);
    EXPECT_EQ(erase(*ledger, o.shared.id).error().code, Errc::conflict) << "a copy still waits to be sent";
    EXPECT_EQ(erase(*ledger, DecisionId::trusted(crypto::random_id("dec-"))).error().code, Errc::not_found);
    EXPECT_TRUE(copy.verify().good());
}

TEST(Erasure, Invariant7NoByteOfWhatWasErasedIsLeftInTheFiles) {
    const TempDir dir;
    auto store = sqlite::open(dir / "ledger").value();
    auto* raw = store.get();
    auto ledger = Ledger::open(std::move(store), key_ring().keys(), options()).value();
    const auto d = decision();
    ASSERT_TRUE(record(*ledger, d).has_value());
    ASSERT_TRUE(receipt(*ledger, d.releases[0], DeliveryState::received).has_value());
    const auto row = raw->personal(0).value().value();
    const auto wrapped = to_text(row.wrapped_key);
    const auto envelope = to_text(ByteView{d.releases[0].envelope}.first(64));
    const auto in_files = [&](const std::string& bytes) {
        for (const auto& file : std::filesystem::directory_iterator{dir.path()}) {
            std::ifstream in{file.path(), std::ios::binary};
            const std::string all{std::istreambuf_iterator<char>{in}, {}};
            if (all.find(bytes) != std::string::npos) return true;
        }
        return false;
    };
    EXPECT_TRUE(in_files(wrapped));
    EXPECT_TRUE(in_files(envelope));
    ASSERT_TRUE(erase(*ledger, d.id).has_value());
    EXPECT_FALSE(in_files(wrapped));
    EXPECT_FALSE(in_files(envelope));
}

TEST(Secrecy, NoPersonalValueIsFoundInAnyFile) {
    const TempDir dir;
    auto o = options();
    o.checkpoint_file = dir / "checkpoint";
    auto ledger = Ledger::open(sqlite::open(dir / "ledger").value(), key_ring().keys(), std::move(o)).value();
    auto d = decision("idempotency-canary");
    d.caller = "casegate://heron/person/caller-canary";
    d.case_key = "case-canary";
    d.personal = Json::object({{"text", "free-text-canary"}});
    d.search.actor = "actor-canary";
    d.search.subjects = {"subject-canary", "Second Subject-Canary"};
    ASSERT_TRUE(record(*ledger, d).has_value());
    const auto in = inbound();
    ASSERT_TRUE(accept(*ledger, in).has_value());
    Answer<Accepted> answer;
    ledger->acknowledge(in.mid, DeliveryState::opened, "reader-canary", answer.done());
    ASSERT_TRUE(answer.get().has_value());
    std::size_t files = 0;
    for (const auto& file : std::filesystem::directory_iterator{dir.path()}) {
        std::ifstream stream{file.path(), std::ios::binary};
        std::string all{std::istreambuf_iterator<char>{stream}, {}};
        std::ranges::transform(all, all.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
        EXPECT_EQ(all.find("canary"), std::string::npos) << file.path();
        ++files;
    }
    EXPECT_GE(files, 4U) << "ledger, WAL, index of the WAL, checkpoint";
    EXPECT_TRUE(std::filesystem::exists(dir / "ledger-wal"));
}

}  // namespace
}  // namespace cg::ledger::test
