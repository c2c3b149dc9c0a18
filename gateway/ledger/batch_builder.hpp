#pragma once
/// Turns waiting writes into one batch. Each write sees what those before it in the batch did; one that is refused leaves no
/// trace in it, so a conflict never fails its neighbours.
///
/// Threads   one at a time; lives as long as one batch

#include "gateway/ledger/store.hpp"
#include "gateway/ledger/vault.hpp"

#include <functional>
#include <map>
#include <set>
#include <string>

namespace cg::ledger {

/// What the writer must know of the log to append to it. Copied for each batch, kept only when the batch is durable.
struct LogState {
    Head head;
    crypto::CompactRange tree;
    Instant last_at;
};

/// What every batch is made with. Borrowed: outlives the builder.
struct BatchContext {
    Store& store;
    const Vault& vault;
    const std::string& log_name;
    const crypto::SigningKey& log_key;
    const std::function<Instant()>& now;
    const std::function<std::string(const ReceiptFacts&)>& sign_receipt;
};

class BatchBuilder {
public:
    BatchBuilder(const BatchContext& context, LogState state);

    [[nodiscard]] auto record(const NewDecision& decision) -> Result<Recorded>;
    [[nodiscard]] auto accept(const Inbound& inbound) -> Result<Accepted>;
    /// A receipt that a recipient's agency sent us.
    struct Incoming {
        MessageId mid;
        AgencyId from;
        crypto::Digest envelope_sha256{};
        DeliveryState state{};
        std::string receipt;
    };
    [[nodiscard]] auto record_receipt(const Incoming& incoming) -> Result<>;
    [[nodiscard]] auto acknowledge(const MessageId& mid, DeliveryState state, const std::string& actor) -> Result<Accepted>;
    [[nodiscard]] auto record_attempt(const std::string& outbox_id, const std::string& error_code,
                                      std::optional<Instant> next) -> Result<>;
    [[nodiscard]] auto record_receipt_sent(const std::string& outbox_id) -> Result<>;
    [[nodiscard]] auto record_event(const NewEvent& event) -> Result<std::uint64_t>;
    [[nodiscard]] auto erase(const DecisionId& id, const std::string& reason_code) -> Result<>;

    /// Nothing to commit: every write was refused, or repeated what is already there.
    [[nodiscard]] auto empty() const noexcept -> bool { return !changed_; }
    /// The batch, its checkpoint signed. Call once; afterwards state() is what holds when the batch is durable.
    [[nodiscard]] auto finish() -> const Batch&;
    [[nodiscard]] auto finished() const noexcept -> const Batch& { return batch_; }
    [[nodiscard]] auto state() const noexcept -> const LogState& { return state_; }

private:
    /// Appends an entry; `fields` gets `recorded_at`. Returns its place in the batch.
    auto append(std::string_view type, std::string ref, Json fields, const Json* personal) -> const EntryRow&;
    [[nodiscard]] auto clock() -> Instant;

    [[nodiscard]] auto check_new(const NewDecision& decision) -> Result<>;
    [[nodiscard]] auto answered_before(const Blind& key, const crypto::Digest& body) -> Result<std::optional<Recorded>>;
    void add_search_keys(const NewDecision& decision, std::uint64_t seq);
    [[nodiscard]] auto check_settled(const NewDecision& decision) -> Result<std::optional<std::uint64_t>>;
    [[nodiscard]] auto check_events(const NewDecision& decision) -> Result<>;
    void hold(const NewDecision& decision, std::uint64_t seq);
    void add_duties(const std::vector<NewDuty>& duties, const std::string& ref, std::uint64_t seq);
    [[nodiscard]] auto free_duty_id(std::string_view kind, std::string_view ref, std::uint64_t seq) -> std::optional<std::string>;
    [[nodiscard]] auto close_duties(const std::vector<std::string>& ids, std::uint64_t seq) -> Result<>;
    auto log(const NewEvent& event) -> Result<std::uint64_t>;
    void add_release(const NewDecision& decision, const Release& release, std::uint64_t decision_seq);

    [[nodiscard]] auto find_outbox(const std::string& id) -> Result<OutboxRow>;
    [[nodiscard]] auto find_inbox(const std::string& mid) -> Result<std::optional<InboxRow>>;
    [[nodiscard]] auto receipts_of(std::uint64_t seq) -> Result<std::vector<ReceiptRow>>;
    void change(OutboxRow row);
    auto add_own_receipt(const InboxRow& row, DeliveryState state, Instant at, const EntryRow& entry) -> std::string;

    const BatchContext& context_;
    LogState state_;
    Batch batch_;
    bool changed_ = false;
    // What this batch did, for the writes after it.
    std::map<Blind, Recorded> answers_;
    std::map<Blind, crypto::Digest> bodies_;
    std::set<std::string> ids_;
    std::map<std::string, OutboxRow> outbox_;
    std::map<std::string, InboxRow> inbox_;
    std::set<std::string> erased_;
    std::map<std::string, std::uint64_t> held_;  ///< decisions whose content this batch keeps
    std::set<std::string> settled_;
    std::map<std::string, DutyRow> duties_;
};

}  // namespace cg::ledger
