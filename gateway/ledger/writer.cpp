#include "gateway/ledger/writer.hpp"

#include "gateway/ledger/checkpoint_file.hpp"
#include "gateway/ledger/recover.hpp"

#include <algorithm>

namespace cg::ledger {
namespace {

constexpr int head_attempts = 3;

/// What a waiting caller is told: whatever it was, trying again later is all that it can do.
auto for_callers(const Error& error) -> Error { return {Errc::unavailable, error.detail, {}}; }

}  // namespace

Writer::Writer(const BatchContext& context, LogState state, std::string checkpoint_file, Limits limits)
    : context_(context),
      checkpoint_file_(std::move(checkpoint_file)),
      limits_(limits),
      state_(std::move(state)),
      thread_([this] { run(); }) {}

Writer::~Writer() {
    {
        const std::lock_guard lock{mutex_};
        stopping_ = true;
    }
    wake_.notify_one();
    thread_.join();
}

auto Writer::submit(Work work) -> bool {
    {
        const std::lock_guard lock{mutex_};
        if (stopping_ || waiting_.size() >= limits_.max_waiting) return false;
        waiting_.push_back(std::move(work));
    }
    wake_.notify_one();
    return true;
}

auto Writer::health() const -> Result<> {
    const std::lock_guard lock{mutex_};
    if (trouble_) return fail(*trouble_);
    return ok();
}

void Writer::report(const Result<>& result) {
    const std::lock_guard lock{mutex_};
    if (result.has_error())
        trouble_ = result.error();
    else
        trouble_.reset();
}

auto Writer::take() -> std::vector<Work> {
    std::unique_lock lock{mutex_};
    wake_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
    const auto count = std::min(waiting_.size(), std::max<std::size_t>(limits_.max_batch, 1));
    std::vector<Work> works{std::move_iterator{waiting_.begin()},
                            std::move_iterator{waiting_.begin() + static_cast<std::ptrdiff_t>(count)}};
    waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(count));
    return works;
}

void Writer::run() {
    for (auto works = take(); !works.empty(); works = take()) write(works);
}

auto Writer::ready() -> Result<> {
    if (!in_doubt_) return ok();
    CG_TRY(auto state, recover(context_, checkpoint_file_));
    state_ = std::move(state);
    in_doubt_ = false;
    file_behind_ = false;
    return ok();
}

void Writer::write(std::vector<Work>& works) {
    const bool was_in_doubt = in_doubt_;
    auto result = ready();
    BatchBuilder builder{context_, state_};
    // A refusal was decided on what this very batch may fail to write, so a failed batch answers all alike; and when the store
    // could not even be recovered, its works are still run to get at their callers, and nothing of it is kept.
    std::vector<Finish> finishes;
    finishes.reserve(works.size());
    for (auto& work : works) finishes.push_back(work(builder));
    if (result.has_value() && !builder.empty()) {
        result = commit(builder.finish());
        if (result.has_value()) {
            state_ = builder.state();
            commits_ += 1;
            writes_ += works.size();
        }
    }
    if (result.has_error() || ((was_in_doubt || !builder.empty()) && !file_behind_)) report(result);
    std::optional<Error> failure;
    if (result.has_error()) failure = for_callers(result.error());
    for (auto& finish : finishes) finish(failure ? &*failure : nullptr);
    if (!failure && !builder.empty()) keep_outside(builder.finished());
}

/// After the answers: the record is durable without it, and recovery brings it forward where a crash comes between.
void Writer::keep_outside(const Batch& batch) {
    if (checkpoint_file_.empty() || (batch.entries.empty() && !file_behind_)) return;
    const auto kept = write_checkpoint_file(checkpoint_file_, batch.head.checkpoint);
    file_behind_ = kept.has_error();
    report(kept);
}

auto Writer::commit(const Batch& batch) -> Result<> {
    auto done = context_.store.commit(batch);
    if (done.has_value()) return ok();
    return outcome_of(batch, std::move(done).error());
}

auto Writer::outcome_of(const Batch& batch, Error error) -> Result<> {
    for (int attempt = 0; attempt < head_attempts; ++attempt) {
        const auto head = context_.store.head();
        if (head.has_error()) continue;
        if (head.value() == batch.head) return ok();  // it landed, and only the answer was lost
        if (head.value() == state_.head) return fail(std::move(error));
        in_doubt_ = true;
        return fail(Errc::corrupt, "the store moved on without this process: " + error.detail);
    }
    in_doubt_ = true;
    error.detail += " (whether the last batch was recorded is not known: ask again with the same key)";
    return fail(std::move(error));
}

}  // namespace cg::ledger
