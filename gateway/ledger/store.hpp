#pragma once
/// What the ledger asks of a database. Backends share no code; they share the suite in tests/contract.
///
/// Durable   commit() is all or nothing, and on disk when it returns without an error
/// Threads   reads may be called from any thread, at any time; commit() by one thread at a time
/// Errors    unavailable  the disk or file does not answer (full, read-only, locked): try again. After a failed commit()
///                        nobody knows whether it landed: read head() and compare `number`
///           corrupt      what is stored contradicts itself: stop
/// Secret    rows hold ciphertext, salted commitments and blinded search keys; names of people only inside `sealed`
///
/// Rows are texts and numbers as they are stored: a reader that wants an id parses it, so that an altered row is an error and
/// never an undefined value.
///
/// Every legal combination of states, and who moves it on:
///
///   outbox (kind)  state         envelope  receipts of it          who moves it on
///   envelope       queued           +      none                    the courier: an attempt, or a receipt for it
///   envelope       received         +      received                the recipient's later receipts
///   envelope       opened           +      opened (received)       the recipient's later receipts
///   envelope       acknowledged     +      acknowledged (others)   nobody
///   envelope       rejected         +      rejected (others)       nobody
///   envelope       recalled         +      any                     nobody
///   envelope       expired          +      none                    a late receipt; otherwise nobody
///   envelope       dead_letter      +      none                    a late receipt; otherwise a person
///   envelope       an end state     -      any                     nobody: its content was erased, an erasure/1 entry says so
///   receipt        queued           -      is itself one           the courier
///   receipt        received         -      is itself one           nobody: the sender has it
///   receipt        expired, dead_letter  - is itself one           nobody
///
///   inbox          state         envelope  receipts of it          who moves it on
///                  received         +      received                our office: opened, acknowledged or rejected
///                  opened           +      received, opened        our office
///                  acknowledged     +      received, acknowledged (opened)   nobody
///                  rejected         +      received, rejected (opened)       nobody
///
/// `sent` is never stored: it is an attempt in flight, known to the courier alone, and a crash makes it `queued` again.

#include "crypto/merkle.hpp"
#include "gateway/ledger/ledger.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cg::ledger {

/// A keyed hash of something personal, to find it again by.
using Blind = std::array<std::uint8_t, 16>;

/// One line of the log. `salt` and `fields` (JCS) open the commitment of the entry's public group.
struct EntryRow {
    std::uint64_t seq = 0;  ///< from 0, without a gap: also the leaf's index in the tree
    std::string type;
    Instant at;             ///< when it was recorded; never goes back from one entry to the next
    std::string ref;
    std::string leaf;
    Bytes salt;
    std::string fields;
    auto operator==(const EntryRow&) const -> bool = default;
};
/// The personal group of an entry, sealed under a key of its own, which is wrapped. Destroyed together by an erasure.
struct PersonalRow {
    std::uint64_t seq = 0;
    Bytes wrapped_key;
    Bytes sealed;
    auto operator==(const PersonalRow&) const -> bool = default;
};
/// What was submitted, kept until a person has looked at it: sealed under a key of its own, which is wrapped.
struct HeldRow {
    std::uint64_t seq = 0;  ///< of the decision
    Bytes wrapped_key;
    Bytes sealed;
    auto operator==(const HeldRow&) const -> bool = default;
};
/// Something that somebody owes by a time.
struct DutyRow {
    std::uint64_t seq = 0;   ///< of the entry that opened it
    std::string id;          ///< unique
    std::string kind;
    std::string ref;         ///< the decision or draft that it belongs to
    Instant due;
    std::uint64_t done = 0;  ///< seq of the entry that closed it, plus one; 0: open
    auto operator==(const DutyRow&) const -> bool = default;
};
struct DutyDone {
    std::string id;
    std::uint64_t done = 0;  ///< as in DutyRow
};
struct RecipientOutcome {
    std::string role;
    std::string agency;
    std::string outcome;
    auto operator==(const RecipientOutcome&) const -> bool = default;
};
/// What decisions are searched by.
struct DecisionIndexRow {
    std::uint64_t seq = 0;
    std::string id;
    Instant recorded_at;
    Instant decided_at;
    std::string purpose;
    std::string outcome;
    std::vector<RecipientOutcome> recipients;
    auto operator==(const DecisionIndexRow&) const -> bool = default;
};
struct SearchKeyRow {
    Blind key{};
    std::uint64_t seq = 0;
};
/// What the caller was answered, sealed; `key` is the blinded caller and idempotency key, none where no client asked.
struct AnswerRow {
    std::uint64_t seq = 0;
    std::optional<Blind> key;
    crypto::Digest body{};
    std::string response;
    auto operator==(const AnswerRow&) const -> bool = default;
};
/// Ciphertext of an outbox or inbox row, by that row's `seq`.
struct EnvelopeRow {
    std::uint64_t seq = 0;
    Bytes bytes;
};
struct OutboxRow {
    std::uint64_t seq = 0;      ///< of its release entry; for a receipt, of the receipt's entry
    std::string id;             ///< unique
    OutboxKind kind{};
    std::string mid;
    std::string to;             ///< role@agency; for a receipt the agency alone
    std::string agency;
    Lane lane{};
    DeliveryState state{};
    Instant due;
    Instant expires;
    unsigned attempts = 0;
    std::string last_error;
    std::optional<Blind> order;  ///< rows of one order leave by ascending seq; none: in no order
    std::uint64_t parent = 0;    ///< seq of the decision; for a receipt, of the inbox row
    crypto::Digest envelope_sha256{};
    std::uint64_t bytes = 0;
    std::string routing;
    std::string receipt;
    auto operator==(const OutboxRow&) const -> bool = default;
};
struct OutboxChange {
    std::uint64_t seq = 0;
    DeliveryState state{};
    Instant due;
    unsigned attempts = 0;
    std::string last_error;
};
struct InboxRow {
    std::uint64_t seq = 0;  ///< of the receipt/1 entry that says `received`
    std::string mid;        ///< unique
    std::string from;
    DeliveryState state{};
    Instant received_at;
    Instant expires;
    crypto::Digest envelope_sha256{};
    std::uint64_t bytes = 0;
    std::string routing;
    std::string proof;
    std::string opening;
    auto operator==(const InboxRow&) const -> bool = default;
};
struct InboxChange {
    std::uint64_t seq = 0;
    DeliveryState state{};
};
struct ReceiptRow {
    std::uint64_t seq = 0;  ///< of its receipt/1 entry
    std::uint64_t of = 0;   ///< seq of the outbox or inbox row
    DeliveryState state{};
    std::string receipt;
    auto operator==(const ReceiptRow&) const -> bool = default;
};
/// Destroys: held content, personal rows, search keys, envelopes and the order keys of outbox rows. Afterwards no byte of them is left in
/// any file of the store.
struct Erasure {
    std::vector<std::uint64_t> held{};
    std::vector<std::uint64_t> personal{};
    std::vector<SearchKeyRow> search_keys{};
    std::vector<std::uint64_t> envelopes{};
    std::vector<std::uint64_t> orders{};
};

/// Where the log stands. Replaced as a whole by every commit.
struct Head {
    std::uint64_t number = 0;     ///< of the commit; 0: nothing was ever written
    std::uint64_t size = 0;       ///< entries
    std::string checkpoint;       ///< the signed note over them
    crypto::Digest secret_check{};  ///< tells a wrong store secret before it does harm
    auto operator==(const Head&) const -> bool = default;
};

/// One commit. What is inserted did not exist before; what is changed or erased did.
struct Batch {
    Head head;
    std::vector<EntryRow> entries;
    std::vector<PersonalRow> personal;
    std::vector<HeldRow> held;
    std::vector<DutyRow> duties;
    std::vector<DecisionIndexRow> decisions;
    std::vector<SearchKeyRow> search_keys;
    std::vector<AnswerRow> answers;
    std::vector<EnvelopeRow> envelopes;
    std::vector<OutboxRow> outbox;
    std::vector<InboxRow> inbox;
    std::vector<ReceiptRow> receipts;
    std::vector<crypto::Node> nodes;
    std::vector<OutboxChange> outbox_changes;  ///< after the inserts, in this order
    std::vector<InboxChange> inbox_changes;
    std::vector<DutyDone> duties_done;
    std::vector<Erasure> erasures;
};

/// A search. Empty members do not restrict.
struct Find {
    std::optional<Instant> from;   ///< recorded at or after
    std::optional<Instant> until;  ///< recorded before
    std::string purpose;
    std::string outcome;
    std::string role;
    std::string agency;
    std::vector<Blind> keys;       ///< all of them
    std::uint64_t before_seq = 0;
    std::size_t limit = 50;
};

/// All rows with `seq` in a range, in ascending order, seen at one moment. Envelopes are left out: they are large.
struct Slice {
    Head head;
    std::vector<EntryRow> entries;
    std::vector<PersonalRow> personal;
    std::vector<std::uint64_t> held;         ///< decisions whose content is kept
    std::vector<DutyRow> duties;             ///< by seq, then by id
    std::vector<DecisionIndexRow> decisions;
    std::vector<AnswerRow> answers;
    std::vector<OutboxRow> outbox;
    std::vector<InboxRow> inbox;
    std::vector<ReceiptRow> receipts;        ///< by `seq`
    std::vector<ReceiptRow> receipts_of;     ///< with `of` in the range, whatever their own seq
};

class Store {
public:
    Store() = default;
    Store(const Store&) = delete;
    auto operator=(const Store&) -> Store& = delete;
    virtual ~Store() = default;

    /// Applies all of it, or nothing.
    /// Durable  when it returns without an error
    /// Errors   conflict when `head.number` is not the stored number + 1 (nothing was changed); unavailable; corrupt
    [[nodiscard]] virtual auto commit(const Batch& batch) -> Result<> = 0;

    [[nodiscard]] virtual auto head() -> Result<Head> = 0;
    /// Hashes of complete subtrees of one level, from `first` on, until `count` or the first that is not there.
    [[nodiscard]] virtual auto nodes(unsigned level, std::uint64_t first, std::size_t count)
        -> Result<std::vector<crypto::Digest>> = 0;
    /// Entries from `first` on, ascending, at most `count`.
    [[nodiscard]] virtual auto entries(std::uint64_t first, std::size_t count) -> Result<std::vector<EntryRow>> = 0;
    [[nodiscard]] virtual auto last_entry() -> Result<std::optional<EntryRow>> = 0;
    [[nodiscard]] virtual auto personal(std::uint64_t seq) -> Result<std::optional<PersonalRow>> = 0;
    /// Entries filed under `ref` that are not decisions, releases, receipts or erasures, ascending.
    [[nodiscard]] virtual auto events_of(std::string_view ref) -> Result<std::vector<EntryRow>> = 0;

    [[nodiscard]] virtual auto held(std::uint64_t seq) -> Result<std::optional<HeldRow>> = 0;
    /// Decisions whose content is kept, with seq >= `first`, ascending.
    [[nodiscard]] virtual auto held_from(std::uint64_t first, std::size_t limit) -> Result<std::vector<std::uint64_t>> = 0;
    [[nodiscard]] virtual auto duty(std::string_view id) -> Result<std::optional<DutyRow>> = 0;
    [[nodiscard]] virtual auto duties_of(std::string_view ref) -> Result<std::vector<DutyRow>> = 0;
    /// Open duties that are due before `before`, by due time, then by id. `kind` empty: of any kind.
    [[nodiscard]] virtual auto open_duties(std::string_view kind, Instant before, std::size_t limit)
        -> Result<std::vector<DutyRow>> = 0;

    [[nodiscard]] virtual auto decision(std::string_view id) -> Result<std::optional<DecisionIndexRow>> = 0;
    /// Newest first.
    [[nodiscard]] virtual auto find(const Find& find) -> Result<std::vector<DecisionIndexRow>> = 0;
    [[nodiscard]] virtual auto answer(const Blind& key) -> Result<std::optional<AnswerRow>> = 0;
    [[nodiscard]] virtual auto answer_of(std::uint64_t seq) -> Result<std::optional<AnswerRow>> = 0;

    [[nodiscard]] virtual auto outbox(std::string_view id) -> Result<std::optional<OutboxRow>> = 0;
    /// Envelopes of one decision, by seq.
    [[nodiscard]] virtual auto outbox_of(std::uint64_t decision_seq) -> Result<std::vector<OutboxRow>> = 0;
    /// Queued rows that are first of their order and due, but for those to the agencies in `except`: emergencies first, then by
    /// due time, then by seq. An index lookup for each agency, whatever the number of queued rows.
    [[nodiscard]] virtual auto due(Instant now, std::size_t limit, const std::vector<std::string>& except)
        -> Result<std::vector<OutboxRow>> = 0;
    [[nodiscard]] virtual auto next_due(const std::vector<std::string>& except) -> Result<std::optional<Instant>> = 0;
    [[nodiscard]] virtual auto envelope(std::uint64_t seq) -> Result<std::optional<Bytes>> = 0;
    /// Receipts of one outbox or inbox row, by seq.
    [[nodiscard]] virtual auto receipts_of(std::uint64_t seq) -> Result<std::vector<ReceiptRow>> = 0;

    [[nodiscard]] virtual auto inbox(std::string_view mid) -> Result<std::optional<InboxRow>> = 0;
    /// Rows with seq >= `first`, ascending.
    [[nodiscard]] virtual auto inbox_from(std::uint64_t first, std::size_t limit) -> Result<std::vector<InboxRow>> = 0;

    struct Counts {
        std::uint64_t queued = 0, dead_letters = 0, inbox_unacknowledged = 0;
        auto operator==(const Counts&) const -> bool = default;
    };
    [[nodiscard]] virtual auto counts() -> Result<Counts> = 0;

    /// Rows with first <= seq < last.
    [[nodiscard]] virtual auto slice(std::uint64_t first, std::uint64_t last) -> Result<Slice> = 0;
    [[nodiscard]] virtual auto has_search_key(const SearchKeyRow& key) -> Result<bool> = 0;
};

}  // namespace cg::ledger
