#pragma once
/// The one thread that writes: takes all that waits, makes one batch of it, commits once, answers everyone.
///
/// Durable   a write is answered with success only after its batch is on disk; the checkpoint file follows at once
/// Threads   submit(), health() and the counters from any thread; works and answers run on the writer's own

#include "gateway/ledger/batch_builder.hpp"

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace cg::ledger {

class Writer {
public:
    /// Answers one write: null, or why the whole batch failed.
    using Finish = std::function<void(const Error*)>;
    /// Adds one write to the batch.
    using Work = std::function<Finish(BatchBuilder&)>;
    struct Limits {
        std::size_t max_batch = 0;
        std::size_t max_waiting = 0;
    };

    /// Borrows the context: it outlives the writer.
    Writer(const BatchContext& context, LogState state, std::string checkpoint_file, Limits limits);
    ~Writer();  ///< finishes what waits
    Writer(const Writer&) = delete;
    auto operator=(const Writer&) -> Writer& = delete;

    /// False: too much is waiting, and the work was not taken.
    [[nodiscard]] auto submit(Work work) -> bool;
    [[nodiscard]] auto health() const -> Result<>;
    [[nodiscard]] auto commits() const noexcept -> std::uint64_t { return commits_; }
    [[nodiscard]] auto writes() const noexcept -> std::uint64_t { return writes_; }

private:
    void run();
    void write(std::vector<Work>& works);
    [[nodiscard]] auto take() -> std::vector<Work>;
    [[nodiscard]] auto ready() -> Result<>;
    [[nodiscard]] auto commit(const Batch& batch) -> Result<>;
    [[nodiscard]] auto outcome_of(const Batch& batch, Error error) -> Result<>;
    void report(const Result<>& result);
    void keep_outside(const Batch& batch);

    const BatchContext& context_;
    const std::string checkpoint_file_;
    const Limits limits_;
    LogState state_;
    bool in_doubt_ = false;  ///< state_ may not be what the store holds: recover before the next batch
    bool file_behind_ = false;

    std::atomic<std::uint64_t> commits_ = 0;
    std::atomic<std::uint64_t> writes_ = 0;
    mutable std::mutex mutex_;
    std::condition_variable wake_;
    std::deque<Work> waiting_;       // by mutex_
    bool stopping_ = false;          // by mutex_
    std::optional<Error> trouble_;   // by mutex_
    std::thread thread_;             // last: it uses all of the above
};

}  // namespace cg::ledger
