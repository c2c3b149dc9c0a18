#pragma once
/// The ledger as the `log` commands see it: opened read-only, also while the gateway runs, with or without the store
/// secret.

#include "crypto/note.hpp"
#include "gateway/app/session.hpp"
#include "gateway/ledger/reader.hpp"

#include <memory>
#include <string>

namespace cg::app {

struct LedgerOptions {
    std::string file;     ///< empty: the profile's
    std::string log_key;  ///< vkey; empty: the profile's log.vkey
};

class LedgerView {
public:
    /// `personal` also reads the store secret, for which the passphrase is needed.
    /// Errors  not_found, malformed, corrupt, unavailable, unauthenticated
    [[nodiscard]] static auto open(Session& session, const LedgerOptions& options, bool personal) -> Result<LedgerView>;

    [[nodiscard]] auto store() const -> ledger::Store& { return *store_; }
    [[nodiscard]] auto reader() const -> ledger::LedgerReader { return ledger::LedgerReader{*store_, vault_.get()}; }
    [[nodiscard]] auto verifier() const -> const crypto::NoteVerifier& { return verifier_; }
    [[nodiscard]] auto vault() const -> const ledger::Vault* { return vault_.get(); }
    [[nodiscard]] auto checkpoint_file() const -> const std::string& { return checkpoint_file_; }

private:
    LedgerView(std::unique_ptr<ledger::Store> store, crypto::NoteVerifier verifier,
               std::unique_ptr<ledger::Vault> vault, std::string checkpoint_file)
        : store_(std::move(store)),
          verifier_(std::move(verifier)),
          vault_(std::move(vault)),
          checkpoint_file_(std::move(checkpoint_file)) {}

    std::unique_ptr<ledger::Store> store_;
    crypto::NoteVerifier verifier_;
    std::unique_ptr<ledger::Vault> vault_;
    std::string checkpoint_file_;  ///< empty: none beside this ledger
};

/// What the proof of a record says, checked here and now.
struct ProofFacts {
    crypto::Checkpoint checkpoint;
    bool record_fits = false;  ///< the stored record is the one that the leaf commits to
};
/// Errors  malformed, unauthenticated
[[nodiscard]] auto check_proof(const LedgerView& view, const ledger::DecisionRecord& record) -> Result<ProofFacts>;

}  // namespace cg::app
