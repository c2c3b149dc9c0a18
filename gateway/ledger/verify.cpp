#include "gateway/ledger/verify.hpp"

#include "gateway/ledger/verify_tree.hpp"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <limits>
#include <mutex>
#include <set>
#include <thread>
#include <utility>

namespace cg::ledger {
namespace {

class Verification {
public:
    Verification(Store& store, const crypto::NoteVerifier& log, const VerifyOptions& options)
        : store_(store), log_(log), options_(options) {}

    auto run() -> Result<VerifyReport>;

private:
    [[nodiscard]] auto check_head() -> Result<>;
    [[nodiscard]] auto check_chunks() -> Result<>;
    void work();
    [[nodiscard]] auto check_chunk(std::uint64_t chunk, Findings& findings) -> Result<>;
    [[nodiscard]] auto check_root() -> Result<>;
    [[nodiscard]] auto check_seen() -> Result<>;
    [[nodiscard]] auto check_beyond() -> Result<>;
    [[nodiscard]] auto check_erasures() -> Result<>;
    [[nodiscard]] auto check_held(const std::set<std::uint64_t>& erased) -> Result<>;
    void merge(Findings&& findings);
    void problem(std::uint64_t seq, const char* what, std::string words, std::string ref = {}) {
        found_.problems.push_back({seq, std::move(ref), what, std::move(words)});
    }

    Store& store_;
    const crypto::NoteVerifier& log_;
    const VerifyOptions& options_;
    VerifyReport report_;
    bool signed_head_ = false;
    std::uint64_t size_ = 0;
    std::atomic<std::uint64_t> next_chunk_ = 0;
    std::atomic<bool> stop_ = false;

    std::mutex mutex_;
    std::condition_variable moved_;
    Findings found_;                                       // by mutex_ while threads work
    std::vector<std::vector<crypto::Digest>> chunk_peaks_;  // each by the one thread that has the chunk
    std::optional<Error> broken_;                          // by mutex_
    std::uint64_t done_ = 0;                               // entries, by mutex_
    unsigned working_ = 0;                                 // by mutex_
};

auto Verification::check_head() -> Result<> {
    CG_TRY(const auto head, store_.head());
    size_ = head.size;
    const auto checkpoint = crypto::open_checkpoint(head.checkpoint, log_);
    if (checkpoint.has_error()) {
        problem(head.size, "checkpoint/unsigned", "the checkpoint is not signed by this log's key, or was altered");
        return ok();
    }
    signed_head_ = true;
    report_.checkpoint = checkpoint.value();
    size_ = report_.checkpoint.size;
    if (head.size != size_) problem(size_, "checkpoint/size", "the store names another size than its signed checkpoint");
    return ok();
}

auto Verification::check_chunks() -> Result<> {
    const auto chunks = (size_ + chunk_size - 1) / chunk_size;
    chunk_peaks_.resize(chunks);
    const auto wanted = options_.threads != 0 ? options_.threads : std::max(1U, std::thread::hardware_concurrency());
    working_ = static_cast<unsigned>(std::min<std::uint64_t>(wanted, chunks));
    std::vector<std::thread> threads;
    for (unsigned i = 0, count = working_; i < count; ++i) threads.emplace_back([this] { work(); });
    {
        std::unique_lock lock{mutex_};
        for (std::uint64_t told = 0; working_ > 0 || told != done_;) {
            moved_.wait(lock, [&] { return working_ == 0 || done_ != told; });
            told = done_;
            if (!options_.progress) continue;
            lock.unlock();
            options_.progress(told, size_);
            lock.lock();
        }
    }
    for (auto& thread : threads) thread.join();
    if (broken_) return fail(std::move(*broken_));
    report_.entries = size_;
    return ok();
}

void Verification::work() {
    while (!stop_) {
        const auto chunk = next_chunk_++;
        if (chunk >= chunk_peaks_.size()) break;
        Findings findings;
        auto checked = check_chunk(chunk, findings);
        const std::lock_guard lock{mutex_};
        merge(std::move(findings));
        done_ += std::min(chunk_size, size_ - chunk * chunk_size);
        if (checked.has_error()) {
            broken_ = std::move(checked).error();
            stop_ = true;
        }
        moved_.notify_one();
    }
    const std::lock_guard lock{mutex_};
    --working_;
    moved_.notify_one();
}

auto Verification::check_chunk(std::uint64_t chunk, Findings& findings) -> Result<> {
    const auto first = chunk * chunk_size;
    const auto last = std::min(first + chunk_size, size_);
    ChunkChecker checker{store_, options_.vault, findings};
    CG_TRY(auto leaves, checker.run(first, last));
    CG_TRY(chunk_peaks_[chunk], check_subtrees(store_, 0, first, std::move(leaves), chunk_level, findings));
    return ok();
}

void Verification::merge(Findings&& findings) {
    std::ranges::move(findings.problems, std::back_inserter(found_.problems));
    std::ranges::move(findings.gone, std::back_inserter(found_.gone));
    std::ranges::move(findings.erased, std::back_inserter(found_.erased));
    std::ranges::move(findings.not_held, std::back_inserter(found_.not_held));
    std::ranges::move(findings.settled, std::back_inserter(found_.settled));
}

auto Verification::check_root() -> Result<> {
    std::vector<crypto::Digest> whole;
    for (std::uint64_t chunk = 0; (chunk + 1) * chunk_size <= size_; ++chunk) whole.push_back(chunk_peaks_[chunk].front());
    constexpr unsigned no_top = 64;
    CG_TRY(auto peaks, check_subtrees(store_, chunk_level, 0, std::move(whole), no_top, found_));
    if (size_ % chunk_size != 0) std::ranges::copy(chunk_peaks_.back(), std::back_inserter(peaks));
    CG_TRY(const auto tree, crypto::CompactRange::resume(size_, std::move(peaks)));
    if (signed_head_ && tree.root() != report_.checkpoint.root)
        problem(size_, "tree/root", "the entries do not lead to the root that was signed");
    return ok();
}

auto Verification::check_seen() -> Result<> {
    if (!options_.seen) return ok();
    const auto& seen = *options_.seen;
    if (seen.size > size_) {
        problem(size_, "log/truncated", "the log has " + std::to_string(size_) + " entries; a checkpoint seen before covers " +
                                            std::to_string(seen.size) + ": an older copy was restored, or its end cut off");
        return ok();
    }
    std::vector<crypto::Digest> peaks;
    for (const auto id : crypto::peak_ids(seen.size)) {
        CG_TRY(const auto node, store_.nodes(id.level, id.index, 1));
        if (node.empty()) return ok();  // reported as missing already
        peaks.push_back(node.front());
    }
    CG_TRY(const auto tree, crypto::CompactRange::resume(seen.size, std::move(peaks)));
    if (tree.root() != seen.root)
        problem(seen.size, "log/rewritten", "the first " + std::to_string(seen.size) +
                                                " entries are not those of a checkpoint that was seen before");
    return ok();
}

/// What lies behind the signed end, which may have moved on while we looked.
auto Verification::check_beyond() -> Result<> {
    auto rest = store_.slice(size_, std::numeric_limits<std::uint64_t>::max());
    if (rest.has_error()) {
        if (rest.error().code != Errc::corrupt) return fail(std::move(rest).error());
        problem(size_, "row/unreadable", "rows beyond the signed end are damaged");
        return ok();
    }
    const auto& slice = rest.value();
    const auto end = std::max(size_, slice.head.checkpoint.empty() ? 0 : slice.head.size);
    const auto extra = [&](const auto& rows, const char* table) {
        for (const auto& row : rows)
            if (row.seq >= end)
                problem(row.seq, "row/beyond",
                        std::string{"a row of "} + table + " lies beyond what the checkpoint covers: added, or not committed");
    };
    for (const auto& row : slice.entries)  // erased while we looked
        if (row.seq < end && row.type == entry_type::erasure) found_.erased.push_back(row.ref);
    for (const auto& row : slice.entries)  // settled while we looked
        if (row.seq < end && row.type == entry_type::decision)
            if (const auto fields = parse_json(row.fields); fields.has_value() && fields.value().find("settles") != nullptr)
                found_.settled.emplace_back(fields.value()["settles"].text());
    extra(slice.entries, "entries");
    extra(slice.personal, "personal");
    extra(slice.decisions, "decisions");
    extra(slice.answers, "answers");
    extra(slice.outbox, "outbox");
    extra(slice.inbox, "inbox");
    extra(slice.receipts, "receipts");
    return ok();
}

auto Verification::check_erasures() -> Result<> {
    std::set<std::uint64_t> erased;
    for (const auto& id : found_.erased) {
        CG_TRY(const auto decision, store_.decision(id));
        if (!decision) continue;  // reported as missing from the index
        erased.insert(decision->seq);
        CG_TRY(const auto personal, store_.personal(decision->seq));
        if (personal) problem(decision->seq, "erasure/undone", "personal details that were erased are there again", id);
    }
    for (const auto& gone : found_.gone) {
        if (erased.contains(gone.decision)) continue;
        if (gone.content)
            problem(gone.seq, "envelope/missing", "the sealed copy is missing, and no entry says that it was erased");
        else
            problem(gone.seq, "personal/missing", "the personal details are missing, and no entry says that they were erased");
    }
    return check_held(erased);
}

/// What was held may be gone when it was settled or erased; what was settled must be.
auto Verification::check_held(const std::set<std::uint64_t>& erased) -> Result<> {
    std::set<std::uint64_t> settled;
    for (const auto& id : found_.settled) {
        CG_TRY(const auto decision, store_.decision(id));
        if (!decision) continue;
        settled.insert(decision->seq);
        CG_TRY(const auto kept, store_.held(decision->seq));
        if (kept) problem(decision->seq, "held/undone", "content that was settled and destroyed is there again", id);
    }
    for (const auto seq : found_.not_held)
        if (!erased.contains(seq) && !settled.contains(seq))
            problem(seq, "held/missing", "a decision waits for a person, and what was submitted is missing");
    return ok();
}

auto Verification::run() -> Result<VerifyReport> {
    CG_TRY(check_head());
    CG_TRY(check_chunks());
    CG_TRY(check_root());
    CG_TRY(check_seen());
    CG_TRY(check_beyond());
    CG_TRY(check_erasures());
    auto& problems = found_.problems;
    std::ranges::stable_sort(problems, {}, &VerifyProblem::seq);
    report_.problem_count = problems.size();
    if (problems.size() > options_.max_problems) problems.resize(options_.max_problems);
    report_.problems = std::move(problems);
    return std::move(report_);
}

}  // namespace

auto verify_log(Store& store, const crypto::NoteVerifier& log, const VerifyOptions& options) -> Result<VerifyReport> {
    return Verification{store, log, options}.run();
}

}  // namespace cg::ledger
