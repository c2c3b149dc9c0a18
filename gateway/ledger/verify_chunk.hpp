#pragma once
/// One stretch of the log, checked by itself: entries against their leaves, and every row beside them against the entries.
///
/// Threads   one checker for each thread

#include "gateway/ledger/verify.hpp"

#include <algorithm>

#include <string>
#include <vector>

namespace cg::ledger {

/// What the checks of all stretches found; some of it can be judged only when the whole log was seen.
struct Findings {
    std::vector<VerifyProblem> problems;
    struct Gone {
        std::uint64_t seq = 0;       ///< the entry whose personal details or content are not there
        std::uint64_t decision = 0;  ///< lawful if this decision was erased
        bool content = false;
    };
    std::vector<Gone> gone;
    std::vector<std::string> erased;  ///< ids of decisions that an erasure/1 entry names
    std::vector<std::uint64_t> not_held;  ///< decisions that were held, and whose content is not there
    std::vector<std::string> settled;     ///< ids of held decisions that another one settles
};

class ChunkChecker {
public:
    ChunkChecker(Store& store, const Vault* vault, Findings& findings)
        : store_(store), vault_(vault), findings_(findings) {}

    /// Checks entries with first <= seq < last.
    /// Returns  their leaf hashes as they are now; where an entry is not there, the hash that the tree keeps of it
    /// Errors   unavailable; corrupt only where not even a place can be named
    [[nodiscard]] auto run(std::uint64_t first, std::uint64_t last) -> Result<std::vector<crypto::Digest>>;

private:
    struct Entry {
        const EntryRow* row = nullptr;
        Json fields;
        std::string personal;  ///< the leaf's `id` commitment, in hexadecimal; empty: none
    };

    void problem(std::uint64_t seq, std::string ref, const char* what, std::string words);
    void expect(bool holds, const EntryRow& row, const char* what, const char* words);
    [[nodiscard]] auto read(std::uint64_t first, std::uint64_t last) -> Result<>;
    /// A read that fails because something is damaged is a finding; any other failure ends the check.
    template <class T>
    [[nodiscard]] auto readable(Result<T> result, const EntryRow& row) -> Result<std::optional<T>>;

    [[nodiscard]] auto check_leaf(const EntryRow& row) -> Entry;
    [[nodiscard]] auto check_entry(const Entry& entry) -> Result<>;
    [[nodiscard]] auto check_personal(const Entry& entry) -> Result<>;
    [[nodiscard]] auto check_search_keys(const Entry& entry, std::string_view personal) -> Result<>;
    [[nodiscard]] auto check_decision(const Entry& entry) -> Result<>;
    [[nodiscard]] auto check_copies(const Entry& entry) -> Result<>;
    [[nodiscard]] auto check_release(const Entry& entry) -> Result<>;
    [[nodiscard]] auto check_parent(const Entry& entry, const OutboxRow& row) -> Result<>;
    [[nodiscard]] auto check_receipt(const Entry& entry) -> Result<>;
    [[nodiscard]] auto check_sent_receipt(const Entry& entry, const ReceiptRow& row) -> Result<>;
    [[nodiscard]] auto check_arrival(const Entry& entry) -> Result<>;
    [[nodiscard]] auto check_step(const Entry& entry, const ReceiptRow& row) -> Result<>;
    [[nodiscard]] auto check_envelope(const EntryRow& row, const crypto::Digest& hash, std::optional<std::uint64_t> decision)
        -> Result<>;
    void check_answer(const Entry& entry);
    void check_held(const Entry& entry);
    void check_links(const Entry& entry);
    [[nodiscard]] auto check_duties(const Entry& entry) -> Result<>;
    [[nodiscard]] auto check_closed_duties() -> Result<>;
    void check_times(const std::vector<Entry>& entries);
    void check_strays(const std::vector<Entry>& entries);
    void check_states();

    Store& store_;
    const Vault* vault_;
    Findings& findings_;
    std::uint64_t first_ = 0;
    std::uint64_t last_ = 0;
    Slice slice_;
    std::optional<EntryRow> before_;          ///< the entry before this stretch
    std::vector<std::uint64_t> claimed_;      ///< releases that a decision of this stretch lists
};

/// The row of `seq` in rows that ascend by it, or null.
template <class Row>
[[nodiscard]] auto row_at(const std::vector<Row>& rows, std::uint64_t seq) -> const Row* {
    const auto at = std::lower_bound(rows.begin(), rows.end(), seq, [](const Row& r, std::uint64_t s) { return r.seq < s; });
    return at != rows.end() && at->seq == seq ? &*at : nullptr;
}

}  // namespace cg::ledger
