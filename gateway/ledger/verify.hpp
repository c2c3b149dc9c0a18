#pragma once
/// Whether a ledger is what was signed: every entry, every column beside it, every hash, up to the checkpoint.
///
/// Needs public keys alone, no network, and no trust in whoever keeps the file. With the store secret the personal details and
/// their search keys are checked, too. Streams: memory does not grow with the log.

#include "gateway/ledger/store.hpp"
#include "gateway/ledger/vault.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace cg::ledger {

struct VerifyOptions {
    /// A checkpoint seen before (by a witness, or in the file outside): the log must be a continuation of it.
    std::optional<crypto::Checkpoint> seen;
    std::function<void(std::uint64_t done, std::uint64_t of)> progress;  ///< called on one thread, the caller's
    const Vault* vault = nullptr;   ///< borrowed; null: personal details are not opened
    unsigned threads = 0;           ///< 0: as many as the machine has
    std::size_t max_problems = 100; ///< no more than these are listed; all are counted
};

struct VerifyProblem {
    std::uint64_t seq = 0;  ///< position in the log
    std::string ref;        ///< the decision or message, where it is known
    std::string what;       ///< stable code, e.g. `entry/missing`
    std::string words;      ///< for people
};

struct VerifyReport {
    std::uint64_t entries = 0;            ///< checked
    crypto::Checkpoint checkpoint;        ///< the signed head, where there is one
    std::vector<VerifyProblem> problems;  ///< by position
    std::uint64_t problem_count = 0;
    [[nodiscard]] auto good() const noexcept -> bool { return problem_count == 0; }
};

/// Errors   unavailable, corrupt: the store cannot be read to its end. All that can be read is in the report instead
/// Threads  reads the store from several
[[nodiscard]] auto verify_log(Store& store, const crypto::NoteVerifier& log, const VerifyOptions& options = {})
    -> Result<VerifyReport>;

}  // namespace cg::ledger
