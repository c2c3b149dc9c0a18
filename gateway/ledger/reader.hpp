#pragma once
/// All that is read from a ledger, whether this process writes it (Ledger does) or only looks (the `log` commands do, on a store
/// opened read-only, while the gateway runs).
///
/// Threads   all members may be called from several threads
/// Secret    without a vault personal details stay closed: show() leaves them out, and a search by them is refused

#include "gateway/ledger/store.hpp"
#include "gateway/ledger/vault.hpp"

namespace cg::ledger {

class LedgerReader {
public:
    /// Borrows both for its life. `vault` null: without the store secret.
    explicit LedgerReader(Store& store, const Vault* vault = nullptr) : store_(store), vault_(vault) {}

    [[nodiscard]] auto due(Instant now, std::size_t limit, const std::vector<AgencyId>& except = {}) const
        -> Result<std::vector<OutboxItem>>;
    [[nodiscard]] auto next_due(const std::vector<AgencyId>& except = {}) const -> Result<std::optional<Instant>>;
    [[nodiscard]] auto transmission(const OutboxItem& item) const -> Result<Transmission>;
    [[nodiscard]] auto find_submission(std::string_view caller, std::string_view key, const crypto::Digest& body) const
        -> Result<std::optional<Recorded>>;
    [[nodiscard]] auto inbox(std::uint64_t after_position, std::size_t limit) const -> Result<std::vector<InboxItem>>;
    [[nodiscard]] auto inbox_message(const MessageId& mid) const -> Result<InboxMessage>;
    [[nodiscard]] auto find_inbound(const MessageId& mid, const crypto::Digest& envelope_sha256) const
        -> Result<std::optional<Accepted>>;
    [[nodiscard]] auto search(const Query& query) const -> Result<std::vector<DecisionRow>>;
    [[nodiscard]] auto show(const DecisionId& id) const -> Result<DecisionRecord>;
    [[nodiscard]] auto events_of(std::string_view ref) const -> Result<std::vector<LoggedEvent>>;
    [[nodiscard]] auto held(std::uint64_t after_seq, std::size_t limit) const -> Result<std::vector<DecisionRow>>;
    [[nodiscard]] auto held_content(const DecisionId& id) const -> Result<crypto::SecretBytes>;
    [[nodiscard]] auto open_duties(std::string_view kind, Instant before, std::size_t limit) const
        -> Result<std::vector<Duty>>;
    [[nodiscard]] auto duties_of(std::string_view ref) const -> Result<std::vector<Duty>>;
    /// The last `count` entries, oldest first.
    [[nodiscard]] auto tail(std::size_t count) const -> Result<std::vector<LogEntry>>;
    [[nodiscard]] auto checkpoint() const -> Result<std::string>;

private:
    [[nodiscard]] auto entry(std::uint64_t seq) const -> Result<EntryRow>;
    [[nodiscard]] auto proof(std::uint64_t seq) const -> Result<std::string>;
    [[nodiscard]] auto delivery(const OutboxRow& row) const -> Result<Delivery>;
    [[nodiscard]] static auto to_row(const DecisionIndexRow& row) -> Result<DecisionRow>;
    [[nodiscard]] auto personal_of_event(std::uint64_t seq) const -> Result<std::optional<Json>>;
    [[nodiscard]] auto personal(std::uint64_t seq) const -> Result<std::optional<Json>>;

    Store& store_;
    const Vault* vault_;
};

}  // namespace cg::ledger
