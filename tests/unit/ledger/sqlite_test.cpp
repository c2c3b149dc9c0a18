// The SQLite file and its troubles: each gets a clear answer, and nothing that was not stored is acknowledged.
#include "gateway/ledger/checkpoint_file.hpp"
#include "gateway/ledger/sqlite/sqlite_store.hpp"
#include "gateway/ledger/verify.hpp"
#include "tests/unit/ledger/fixture.hpp"

#include <sqlite3.h>

#include <csignal>

#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

namespace cg::ledger::test {
namespace {

using namespace std::chrono_literals;

auto exec(const std::string& path, const char* text) -> bool {
    sqlite3* db = nullptr;
    sqlite3_open(path.c_str(), &db);
    const bool fine = sqlite3_exec(db, text, nullptr, nullptr, nullptr) == SQLITE_OK;
    sqlite3_close(db);
    return fine;
}

/// What a child checks; it says on its standard error what did not hold.
auto holds(bool condition, const char* what) -> bool {
    if (!condition) std::fprintf(stderr, "in the child: %s\n", what);
    return condition;
}

/// Runs in a process of its own; the child says only whether all went well.
auto in_child(const std::function<bool()>& work) -> bool {
    const auto pid = ::fork();
    if (pid == 0) ::_exit(work() ? 0 : 1);
    int status = 0;
    ::waitpid(pid, &status, 0);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

auto mentions(const Error& error, std::string_view words) -> bool {
    return error.detail.find(words) != std::string::npos;
}

struct SqliteFile : ::testing::Test {
    TempDir dir;
    std::string path = dir / "ledger";
    std::string checkpoint = dir / "checkpoint";

    auto open() -> Result<std::unique_ptr<Ledger>> {
        CG_TRY(auto store, sqlite::open(path));
        auto o = options();
        o.checkpoint_file = checkpoint;
        return Ledger::open(std::move(store), key_ring().keys(), std::move(o));
    }
    void fill(int count) {
        auto ledger = open().value();
        for (int i = 0; i < count; ++i) ASSERT_TRUE(record(*ledger, decision()).has_value());
    }
    void write_file(std::string_view text) { std::ofstream{path, std::ios::binary} << text; }
};

TEST_F(SqliteFile, IsForItsOwnerAlone) {
    fill(1);
    auto store = sqlite::open(path).value();
    for (const auto* name : {"ledger", "ledger.lock", "ledger-wal", "checkpoint"}) {
        struct ::stat info {};
        if (::stat((dir / name).c_str(), &info) != 0) continue;
        EXPECT_EQ(info.st_mode & 0777U, 0600U) << name;
    }
}

TEST_F(SqliteFile, ASecondProcessIsRefusedAndTheFirstGoesOn) {
    auto ledger = open().value();
    EXPECT_TRUE(in_child([&] {
        const auto second = sqlite::open(path);
        return second.has_error() && second.error().code == Errc::unavailable && mentions(second.error(), "another process");
    }));
    EXPECT_TRUE(record(*ledger, decision()).has_value());
    ledger.reset();
    EXPECT_TRUE(open().has_value()) << "and is free again afterwards";
}

TEST_F(SqliteFile, MayBeLookedAtWhileAGatewayWrites) {
    auto ledger = open().value();
    const auto d = decision();
    ASSERT_TRUE(record(*ledger, d).has_value());
    EXPECT_TRUE(in_child([&] {
        auto store = sqlite::open_read_only(path);
        if (store.has_error()) return false;
        const LedgerReader reader{*store.value()};
        const auto shown = reader.show(d.id);
        if (shown.has_error() || shown.value().personal.has_value()) return false;  // no secret, no personal details
        Query by_actor;
        by_actor.actor = "t.abernathy";
        if (reader.search(by_actor).error().code != Errc::unsupported) return false;
        return reader.tail(10).value().size() == 2 && verify_log(*store.value(), key_ring().verifier()).value().good() &&
               store.value()->commit({}).error().code == Errc::unavailable;
    }));
    const auto store = sqlite::open_read_only(path).value();
    const Vault vault{key_ring().secret};
    const LedgerReader reader{*store, &vault};
    EXPECT_TRUE(reader.show(d.id).value().personal.has_value());
    ASSERT_TRUE(record(*ledger, decision()).has_value());
    EXPECT_EQ(reader.tail(10).value().size(), 4U) << "what comes later is seen, too";
}

TEST_F(SqliteFile, MayBeLookedAtOnAReadOnlyMedium) {
    path = dir / "100% ours?#1";
    fill(1);
    ::chmod(dir.path().c_str(), 0555);
    const auto as_nobody = [&] {
        if (::geteuid() == 0 && ::seteuid(65534) != 0) return false;
        const auto store = sqlite::open_read_only(path);
        return store.has_value() && store.value()->head().value().size == 2;
    };
    ::chmod(path.c_str(), 0444);
    EXPECT_TRUE(in_child(as_nobody));
    ::chmod(dir.path().c_str(), 0755);
}

TEST_F(SqliteFile, AFileThatIsNotThereCannotBeLookedAt) {
    EXPECT_EQ(sqlite::open_read_only(path).error().code, Errc::not_found);
}

TEST_F(SqliteFile, GarbageIsNotADatabase) {
    write_file(std::string(5000, 'x'));
    const auto opened = open();
    ASSERT_TRUE(opened.has_error());
    EXPECT_EQ(opened.error().code, Errc::corrupt);
    EXPECT_TRUE(mentions(opened.error(), "not a database"));
    EXPECT_EQ(sqlite::open_read_only(path).error().code, Errc::corrupt);
}

TEST_F(SqliteFile, ADatabaseOfSomethingElseIsNotTouched) {
    ASSERT_TRUE(exec(path, "CREATE TABLE music (title TEXT)"));
    const auto opened = open();
    ASSERT_TRUE(opened.has_error());
    EXPECT_EQ(opened.error().code, Errc::unsupported);
    EXPECT_TRUE(exec(path, "SELECT title FROM music"));
}

TEST_F(SqliteFile, AnotherVersionIsNamed) {
    fill(1);
    ASSERT_TRUE(exec(path, "PRAGMA user_version = 7"));
    const auto opened = open();
    ASSERT_TRUE(opened.has_error());
    EXPECT_EQ(opened.error().code, Errc::unsupported);
    EXPECT_TRUE(mentions(opened.error(), "version 7"));
}

TEST_F(SqliteFile, ForeignTriggersAndAlteredTablesAreRefused) {
    fill(1);
    ASSERT_TRUE(exec(path, "CREATE TRIGGER quiet AFTER INSERT ON entries BEGIN DELETE FROM outbox; END"));
    EXPECT_EQ(open().error().code, Errc::corrupt);
    ASSERT_TRUE(exec(path, "DROP TRIGGER quiet; DROP INDEX receipts_of"));
    EXPECT_EQ(open().error().code, Errc::corrupt);
}

TEST_F(SqliteFile, ADamagedPageIsNoticedAtOpening) {
    fill(40);
    {
        std::fstream file{path, std::ios::binary | std::ios::in | std::ios::out};
        file.seekp(4096 * 3);
        file << std::string(4096 * 4, 'x');
    }
    const auto opened = open();
    ASSERT_TRUE(opened.has_error());
    EXPECT_EQ(opened.error().code, Errc::corrupt) << opened.error().detail;
}

TEST_F(SqliteFile, ATruncatedFileIsNoticedAtOpening) {
    fill(40);
    std::filesystem::resize_file(path, std::filesystem::file_size(path) / 2);
    const auto opened = open();
    ASSERT_TRUE(opened.has_error());
    EXPECT_EQ(opened.error().code, Errc::corrupt) << opened.error().detail;
}

TEST_F(SqliteFile, AReadOnlyFileIsRefusedWithThatWord) {
    fill(1);
    const auto refused = [&] {
        if (::geteuid() == 0 && ::seteuid(65534) != 0) return false;
        const auto opened = open();
        return opened.has_error() && opened.error().code == Errc::unavailable && mentions(opened.error(), "read-only");
    };
    ::chmod(path.c_str(), 0444);
    EXPECT_TRUE(in_child(refused));
    ::chmod(dir.path().c_str(), 0777);
    EXPECT_TRUE(in_child(refused));
}

TEST_F(SqliteFile, AFullDiskLosesNothingThatWasAcknowledgedAndWritingGoesOnWhenThereIsRoom) {
    // A limit on the size of files is a full disk for one process, with no privilege needed.
    EXPECT_TRUE(in_child([&] {
        ::signal(SIGXFSZ, SIG_IGN);
        auto ledger = open().value();
        std::vector<DecisionId> acknowledged;
        const auto fresh = [&] {
            auto d = decision();
            d.releases[0].envelope = crypto::random_bytes(20000);
            d.releases[0].envelope_sha256 = crypto::sha256(ByteView{d.releases[0].envelope});
            return d;
        };
        struct ::rlimit limit {};
        ::getrlimit(RLIMIT_FSIZE, &limit);
        const auto before = limit.rlim_cur;
        limit.rlim_cur = 600'000;
        ::setrlimit(RLIMIT_FSIZE, &limit);
        std::optional<Error> full;
        for (int i = 0; i < 200 && !full; ++i) {
            const auto d = fresh();
            const auto done = record(*ledger, d);
            if (done.has_value())
                acknowledged.push_back(d.id);
            else
                full = done.error();
        }
        if (!holds(full && !acknowledged.empty(), "some were recorded, then the disk was full")) return false;
        if (!holds(full->code == Errc::unavailable && mentions(*full, "disk full"), full->detail.c_str())) return false;
        if (!holds(ledger->health().has_error() && mentions(ledger->health().error(), "disk full"), "health")) return false;
        for (const auto& id : acknowledged)
            if (!holds(ledger->show(id).has_value(), "what was acknowledged is there")) return false;
        if (!holds(ledger->counts().value().entries == acknowledged.size() * 2, "and nothing else")) return false;

        limit.rlim_cur = before;
        ::setrlimit(RLIMIT_FSIZE, &limit);
        if (!holds(record(*ledger, fresh()).has_value() && ledger->health().has_value(), "writing goes on")) return false;
        ledger.reset();
        const auto store = sqlite::open_read_only(path).value();
        return verify_log(*store, key_ring().verifier()).value().good();
    }));
}

TEST_F(SqliteFile, Invariant6AnOlderCopyThatWasRestoredIsRefused) {
    fill(3);
    const auto backup = dir / "backup";
    std::filesystem::copy_file(path, backup);
    fill(2);
    std::filesystem::copy_file(backup, path, std::filesystem::copy_options::overwrite_existing);
    const auto opened = open();
    ASSERT_TRUE(opened.has_error());
    EXPECT_EQ(opened.error().code, Errc::corrupt);
    EXPECT_TRUE(mentions(opened.error(), "older copy")) << opened.error().detail;
}

TEST_F(SqliteFile, Invariant6AnEmptyStoreInPlaceOfAFullOneIsRefused) {
    fill(3);
    for (const auto* name : {"ledger", "ledger-wal", "ledger-shm"}) std::filesystem::remove(dir / name);
    EXPECT_EQ(open().error().code, Errc::corrupt);
}

TEST_F(SqliteFile, Invariant6AnotherHistoryUnderTheSameKeyIsRefused) {
    fill(3);
    const auto kept = read_checkpoint_file(checkpoint).value().value();
    for (const auto* name : {"ledger", "ledger-wal", "ledger-shm", "checkpoint"}) std::filesystem::remove(dir / name);
    fill(5);
    ASSERT_TRUE(write_checkpoint_file(checkpoint, kept).has_value());
    const auto opened = open();
    ASSERT_TRUE(opened.has_error());
    EXPECT_EQ(opened.error().code, Errc::corrupt);
}

TEST_F(SqliteFile, AMissingOrForeignCheckpointFileIsRefused) {
    fill(3);
    const auto kept = read_checkpoint_file(checkpoint).value().value();
    std::filesystem::remove(checkpoint);
    EXPECT_EQ(open().error().code, Errc::corrupt);
    ASSERT_TRUE(write_checkpoint_file(checkpoint, "nothing that was ever signed\n").has_value());
    EXPECT_TRUE(open().has_error());
    const KeyRing other;
    ASSERT_TRUE(write_checkpoint_file(checkpoint, crypto::sign_note(crypto::to_text(crypto::Checkpoint{log_name, 0, {}}),
                                                                    log_name, other.log_key())).has_value());
    EXPECT_EQ(open().error().code, Errc::unauthenticated);
    ASSERT_TRUE(write_checkpoint_file(checkpoint, kept).has_value());
    EXPECT_TRUE(open().has_value());
}

TEST_F(SqliteFile, ACheckpointFileThatACrashLeftBehindIsBroughtForward) {
    fill(3);
    const auto old = read_checkpoint_file(checkpoint).value().value();
    fill(2);
    const auto now = read_checkpoint_file(checkpoint).value().value();
    ASSERT_NE(old, now);
    ASSERT_TRUE(write_checkpoint_file(checkpoint, old).has_value());
    ASSERT_TRUE(open().has_value());
    EXPECT_EQ(read_checkpoint_file(checkpoint).value().value(), now);
}

TEST_F(SqliteFile, ACheckpointFileThatCannotBeWrittenIsSaidAndCaughtUpLater) {
    auto ledger = open().value();
    std::filesystem::create_directory(checkpoint + ".new");  // in the way of the temporary file
    ASSERT_TRUE(record(*ledger, decision()).has_value()) << "it is recorded all the same";
    settle(*ledger);
    ASSERT_TRUE(ledger->health().has_error());
    EXPECT_TRUE(mentions(ledger->health().error(), "checkpoint file"));
    std::filesystem::remove(checkpoint + ".new");
    ASSERT_TRUE(record(*ledger, decision()).has_value());
    settle(*ledger);
    EXPECT_TRUE(ledger->health().has_value());
    EXPECT_EQ(read_checkpoint_file(checkpoint).value().value(), ledger->checkpoint().value());
}

struct Head6 {
    const char* name;
    const char* sql;
    Errc code;
};
class AlteredHead : public ::testing::TestWithParam<Head6> {};
TEST_P(AlteredHead, Invariant6IsRefusedAtOpening) {
    const TempDir dir;
    const auto path = dir / "ledger";
    {
        auto ledger = Ledger::open(sqlite::open(path).value(), key_ring().keys(), options()).value();
        for (int i = 0; i < 3; ++i) ASSERT_TRUE(record(*ledger, decision()).has_value());
    }
    ASSERT_TRUE(exec(path, GetParam().sql));
    const auto opened = Ledger::open(sqlite::open(path).value(), key_ring().keys(), options());
    ASSERT_TRUE(opened.has_error());
    EXPECT_EQ(opened.error().code, GetParam().code) << opened.error().detail;
    EXPECT_FALSE(opened.error().detail.empty());
}
INSTANTIATE_TEST_SUITE_P(
    Start, AlteredHead,
    ::testing::Values(Head6{"Size", "UPDATE head SET size = 5", Errc::corrupt},
                      Head6{"Checkpoint", "UPDATE head SET checkpoint = replace(checkpoint, '6', '5')", Errc::unauthenticated},
                      Head6{"CheckpointGone", "UPDATE head SET checkpoint = ''", Errc::corrupt},
                      Head6{"Peak", "UPDATE nodes SET hash = zeroblob(32) WHERE level = 2", Errc::corrupt},
                      Head6{"PeakGone", "DELETE FROM nodes WHERE level = 1 AND idx = 2", Errc::corrupt},
                      Head6{"LastEntryGone", "DELETE FROM entries WHERE seq = 5", Errc::corrupt},
                      Head6{"EntryMore", "INSERT INTO entries SELECT 6, type, at, ref, leaf, salt, fields FROM entries"
                                         " WHERE seq = 5", Errc::corrupt},
                      Head6{"LastEntryAltered", "UPDATE entries SET leaf = 'x' WHERE seq = 5", Errc::corrupt},
                      Head6{"Secret", "UPDATE head SET secret_check = zeroblob(32)", Errc::unauthenticated}),
    [](const auto& test) { return std::string{test.param.name}; });

TEST_F(SqliteFile, DueIsAnIndexLookupHoweverMuchIsQueued) {
    auto store = sqlite::open(path).value();
    Batch batch;
    batch.head.number = 1;
    ASSERT_TRUE(store->commit(batch).has_value());
    store.reset();
    // The plan says it without a clock: no table is scanned, and nothing is sorted.
    sqlite3* db = nullptr;
    ASSERT_EQ(sqlite3_open(path.c_str(), &db), SQLITE_OK);
    std::string plan;
    const auto add = [](void* out, int, char** values, char**) {
        static_cast<std::string*>(out)->append(values[3]).append("\n");
        return 0;
    };
    ASSERT_EQ(sqlite3_exec(db,
                           "EXPLAIN QUERY PLAN SELECT due, seq FROM outbox WHERE ready = 1 AND lane = 'normal' AND agency = 'a'"
                           " AND due <= 5 ORDER BY due, seq LIMIT 10",
                           add, &plan, nullptr),
              SQLITE_OK);
    sqlite3_close(db);
    EXPECT_NE(plan.find("COVERING INDEX outbox_ready"), std::string::npos) << plan;
    EXPECT_EQ(plan.find("SCAN"), std::string::npos) << plan;
    EXPECT_EQ(plan.find("TEMP B-TREE"), std::string::npos) << plan;
}

}  // namespace
}  // namespace cg::ledger::test
