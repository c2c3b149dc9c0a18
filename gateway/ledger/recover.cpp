#include "gateway/ledger/recover.hpp"

#include "gateway/ledger/checkpoint_file.hpp"

namespace cg::ledger {
namespace {

auto corrupt(std::string text) { return fail(Errc::corrupt, "the ledger contradicts itself: " + std::move(text)); }

auto count_text(std::uint64_t count) -> std::string {
    return std::to_string(count) + (count == 1 ? " entry" : " entries");
}

/// The tree of the first `size` entries, from stored subtree hashes.
auto tree_at(Store& store, std::uint64_t size) -> Result<crypto::CompactRange> {
    std::vector<crypto::Digest> peaks;
    for (const auto id : crypto::peak_ids(size)) {
        CG_TRY(const auto found, store.nodes(id.level, id.index, 1));
        if (found.empty()) return corrupt("a hash of the tree is missing");
        peaks.push_back(found.front());
    }
    return crypto::CompactRange::resume(size, std::move(peaks));
}

auto open_own(const BatchContext& context, const std::string& note, const char* where) -> Result<crypto::Checkpoint> {
    const crypto::NoteVerifier verifier{context.log_name, context.log_key.verify_key()};
    auto checkpoint = crypto::open_checkpoint(note, verifier);
    if (checkpoint.has_error())
        return fail(checkpoint.error().code == Errc::malformed ? Errc::corrupt : Errc::unauthenticated,
                    std::string{"the checkpoint in the "} + where + " is not signed by this log's key");
    return checkpoint;
}

auto check_head(const BatchContext& context, LogState& state) -> Result<> {
    auto& store = context.store;
    if (state.head.secret_check != context.vault.secret_check())
        return fail(Errc::unauthenticated, "the ledger belongs to another store secret");
    CG_TRY(const auto signed_head, open_own(context, state.head.checkpoint, "store"));
    if (signed_head.size != state.head.size) return corrupt("its head names another size than its signed checkpoint");
    CG_TRY(state.tree, tree_at(store, state.head.size));
    if (state.tree.root() != signed_head.root) return corrupt("its tree does not lead to its signed checkpoint");
    CG_TRY(const auto last, store.last_entry());
    const auto held = last ? last->seq + 1 : 0;
    if (held != state.head.size)
        return corrupt("its signed checkpoint covers " + count_text(state.head.size) + ", its last entry is number " +
                       (last ? std::to_string(last->seq) : std::string{"none"}));
    if (!last) return ok();
    state.last_at = last->at;
    CG_TRY(const auto leaf, store.nodes(0, last->seq, 1));
    if (leaf.empty() || leaf.front() != crypto::merkle_leaf(view_bytes(last->leaf)))
        return corrupt("its last entry is not the one that was signed");
    return ok();
}

/// The file may be behind (a crash between commit and file) and never ahead.
auto check_file(const BatchContext& context, const LogState& state, const std::string& path) -> Result<> {
    CG_TRY(const auto note, read_checkpoint_file(path));
    if (!note) {
        if (state.head.size == 0) return write_checkpoint_file(path, state.head.checkpoint);
        return corrupt("it holds " + count_text(state.head.size) +
                       ", and the checkpoint kept outside it is missing. Put the checkpoint file back; only if it was never "
                       "kept, write the store's own checkpoint there after `log verify`");
    }
    CG_TRY(const auto outside, open_own(context, *note, "checkpoint file"));
    if (outside.size > state.head.size)
        return corrupt("the store holds " + count_text(state.head.size) + ", the checkpoint kept outside it covers " +
                       std::to_string(outside.size) + ": an older copy of the store was restored");
    CG_TRY(const auto tree, tree_at(context.store, outside.size));
    if (tree.root() != outside.root)
        return corrupt("the first " + count_text(outside.size) + " are not those that the checkpoint kept outside covers");
    if (*note != state.head.checkpoint) return write_checkpoint_file(path, state.head.checkpoint);
    return ok();
}

auto first_commit(const BatchContext& context, const std::string& path) -> Result<Head> {
    if (!path.empty()) {
        CG_TRY(const auto note, read_checkpoint_file(path));
        if (note) {
            CG_TRY(const auto outside, open_own(context, *note, "checkpoint file"));
            if (outside.size > 0)
                return corrupt("the store is empty, the checkpoint kept outside it covers " + count_text(outside.size));
        }
    }
    BatchBuilder builder{context, LogState{}};
    auto done = context.store.commit(builder.finish());
    CG_TRY(auto head, context.store.head());
    if (head.number == 0) {  // lost
        if (done.has_error()) return fail(std::move(done).error());
        return corrupt("a commit left nothing behind");
    }
    return head;
}

}  // namespace

auto recover(const BatchContext& context, const std::string& checkpoint_file) -> Result<LogState> {
    LogState state;
    CG_TRY(state.head, context.store.head());
    if (state.head.number == 0) {
        CG_TRY(state.head, first_commit(context, checkpoint_file));
    }
    CG_TRY(check_head(context, state));
    if (!checkpoint_file.empty()) {
        CG_TRY(check_file(context, state, checkpoint_file));
    }
    return state;
}

}  // namespace cg::ledger
