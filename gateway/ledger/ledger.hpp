#pragma once
/// The ledger: decisions, outbox, inbox and proof, in one store and one transaction (DESIGN: recorded before shared).
///
/// Durable   a write's `done` is called only after its transaction is on disk; a failed write left nothing behind
/// Threads   everything may be called from any thread. `done` runs on the ledger's writer thread: return quickly
/// Secret    envelopes are ciphertext; the `personal` group of a record is stored encrypted under a key of its own; no case
///           content, no role key and no signing key of the agency ever reaches the store

#include "crypto/hash.hpp"
#include "crypto/keys.hpp"
#include "crypto/note.hpp"
#include "crypto/secret.hpp"
#include "gateway/base/ids.hpp"
#include "gateway/base/json.hpp"
#include "gateway/base/time.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace cg::ledger {

class Store;

enum class Lane : std::uint8_t { normal, emergency };

/// One recipient's sealed copy, ready to leave once the decision is recorded.
struct Release {
    MessageId mid;
    RecipientId to;                 ///< for our own log only; a transmission names the agency alone
    std::string kid;                ///< the recipient key that it is sealed to
    crypto::Digest envelope_sha256{};
    Bytes envelope;                 ///< an age file
    std::string routing;            ///< the signed routing, exactly as it will be sent
    Instant expires;
    std::optional<Instant> not_before;  ///< the copy waits until then, so that its hour tells nothing; in no order with others
};

/// Something that somebody owes by a time: a family to be told, a refusal to be talked over, a draft to be settled.
struct NewDuty {
    std::string kind;  ///< e.g. `inform-review`
    Instant due;
};
struct Duty {
    std::string id;    ///< kind + ":" + ref, and "#2" and so on where it is owed again
    std::string kind;
    std::string ref;   ///< the decision or draft that it belongs to
    Instant due;
    bool done = false;
};

/// Something else that belongs into the log: a policy that came into force, a reading of the record, a key that changed.
struct NewEvent {
    std::string type;               ///< `policy/1`, `keys/1`, `read/1`, `breakglass/1`, `correction/1`, `review/1` …
    std::string ref;                ///< what it is about: an id, never personal
    Json fields;                    ///< an object without personal data
    Json personal{};                ///< personal part, stored encrypted; null: none
    std::vector<NewDuty> duties{};  ///< opened with it, under `ref`
    std::vector<std::string> duties_done{};  ///< ids of duties that it closes; one that is closed or unknown stays as it is
};
struct LoggedEvent {
    std::uint64_t seq = 0;
    std::string type;
    Instant at;
    Json fields;
    std::optional<Json> personal;   ///< none where there is none, or without the store secret
};

/// What the log can be searched by, beside time. Personal values go through a keyed blind index, never in the clear.
struct SearchKeys {
    PurposeId purpose;
    std::string outcome;                              ///< of the whole: PERMIT, DENY or REVIEW
    std::vector<std::pair<RecipientId, std::string>> recipients;  ///< and each one's outcome
    std::string actor;                                ///< personal
    std::vector<std::string> subjects;                ///< personal: any text that a subject is looked up by
    std::vector<std::string> links;                   ///< ids of decisions and messages that it follows from
};

/// One decision, to be recorded with all that follows from it: in one transaction or not at all.
struct NewDecision {
    DecisionId id;
    Instant decided_at;
    std::string caller;             ///< the office system's SAN URI; half of the idempotency key
    std::string idempotency_key;    ///< empty: none (a record that no client asked for)
    crypto::Digest body_sha256{};   ///< of the submission's bytes
    Json dec;                       ///< the record's `dec` group: no personal data
    Json personal;                  ///< the record's `id` group: case reference, subjects, actor, free text
    std::string response;           ///< what the caller is answered (JSON, no view, no value from the case); kept sealed
    SearchKeys search;
    Lane lane = Lane::normal;
    std::string case_key;           ///< personal; copies of one case to one agency leave in the order they were decided
    std::vector<Release> releases;
    std::string held;               ///< Secret: what was submitted, kept (sealed) until a decision settles this one. Empty: not kept
    std::optional<DecisionId> settles;  ///< a held decision: its kept content is destroyed with this one's recording
    std::vector<NewDuty> duties;    ///< opened with it
    std::vector<std::string> duties_done;  ///< ids of duties that it closes
    std::vector<NewEvent> events;   ///< logged after it, in the same transaction
};

/// The answer to a submission: new, or (same caller, key and body) the one given before.
struct Recorded {
    DecisionId id;
    std::uint64_t seq = 0;          ///< entry number of the decision in the log, from 0
    bool repeated = false;
    std::string response;
};

enum class DeliveryState : std::uint8_t { queued, sent, received, opened, acknowledged, rejected, expired, recalled, dead_letter };
[[nodiscard]] auto to_string(DeliveryState state) noexcept -> std::string_view;
[[nodiscard]] auto parse_delivery_state(std::string_view text) -> std::optional<DeliveryState>;

/// What waits to be sent to another agency: an envelope, or a later receipt (opened, acknowledged) for one we got.
enum class OutboxKind : std::uint8_t { envelope, receipt };
struct OutboxItem {
    std::string id;                 ///< the mid for an envelope; mid + "/" + state for a receipt
    OutboxKind kind = OutboxKind::envelope;
    MessageId mid;
    AgencyId to;
    Lane lane = Lane::normal;
    Instant due;                    ///< the next attempt is not before this
    Instant expires;
    unsigned attempts = 0;
};

/// All that a peer needs, and nothing else. Built from the ledger alone.
struct Transmission {
    std::string routing;            ///< signed routing (JSON text)
    Bytes envelope;
    std::string proof;              ///< C2SP tlog-proof of the release leaf under a signed checkpoint
    Json opening;                   ///< {"s":seq,"salt":hex,"fields":{…}}: opens the leaf's `out` commitment
    std::string receipt;            ///< for OutboxKind::receipt: the signed receipt; the other members are empty
};

/// An envelope that arrived and passed every check.
struct Inbound {
    MessageId mid;
    AgencyId from;
    crypto::Digest envelope_sha256{};
    Bytes envelope;
    std::string routing;
    std::string proof;
    Json opening;
    Instant received_at;
    Instant expires;
};

/// What a receipt says; signed as a JWS by whoever opened the ledger.
struct ReceiptFacts {
    MessageId mid;
    crypto::Digest envelope_sha256{};
    DeliveryState state{};
    Instant at;
    std::uint64_t leaf_index = 0;   ///< our entry that records it
    crypto::Digest leaf_hash{};
};

struct Accepted {
    bool repeated = false;          ///< this very envelope was here before: the first receipt is given again
    std::string receipt;
};

struct InboxItem {
    MessageId mid;
    AgencyId from;
    DeliveryState state{};
    Instant received_at;
    Instant expires;
    std::uint64_t bytes = 0;
    std::uint64_t position = 0;     ///< ascending; for paging
};
struct InboxMessage {
    InboxItem item;
    Bytes envelope;
    std::string routing;
    std::string receipt;            ///< the latest
};

struct Query {
    std::optional<Instant> from;    ///< recorded at or after
    std::optional<Instant> until;   ///< recorded before
    std::string purpose;
    std::string recipient;          ///< role@agency, or an agency alone
    std::string outcome;
    std::string actor;
    std::string subject;
    std::string link;               ///< decisions that follow from this decision or message
    std::uint64_t before_seq = 0;   ///< 0: from the newest
    std::size_t limit = 50;
};
struct DecisionRow {
    std::uint64_t seq = 0;
    DecisionId id;
    Instant decided_at;
    PurposeId purpose;
    std::string outcome;
    std::vector<std::pair<RecipientId, std::string>> recipients;
};
struct Delivery {
    MessageId mid;
    RecipientId to;
    DeliveryState state{};
    unsigned attempts = 0;
    std::string last_error;         ///< a code, never a peer's text
    std::vector<std::string> receipts;  ///< signed, in order
    std::uint64_t seq = 0;          ///< of its release entry
    std::uint64_t bytes = 0;
};
/// One record in full: who decided what, why, and what became of it.
struct DecisionRecord {
    DecisionRow row;
    Json dec;
    std::optional<Json> personal;   ///< none where it was erased
    std::vector<Delivery> deliveries;
    std::string leaf;               ///< the leaf's bytes (JCS)
    std::string proof;              ///< C2SP tlog-proof of it
};

/// One line of the log.
struct LogEntry {
    std::uint64_t seq = 0;
    std::string type;               ///< decision/1, release/1, receipt/1, …
    Instant at;
    std::string ref;                ///< the decision or message it belongs to
    std::string leaf;
};

struct Keys {
    std::string log_name;           ///< origin of the log, e.g. "willow.casegate/log"
    crypto::SigningKey log_key;     ///< Ed25519; signs checkpoints
    crypto::SecretBytes store_secret;  ///< 32 bytes; record keys are wrapped and blind indexes keyed with it
};

struct Options {
    std::function<Instant()> now;
    /// Signs a receipt (JWS, JSON text). Called on the writer thread.
    std::function<std::string(const ReceiptFacts&)> sign_receipt;
    /// The last signed checkpoint is kept here too, outside the store: an older store is noticed at start. Empty: not kept.
    std::string checkpoint_file;
    std::size_t max_batch = 512;
    std::size_t max_waiting = 8192;  ///< more writes than this waiting: `unavailable`, and the client tries again
};

class Ledger {
public:
    /// Opens, and recovers: start-up is recovery. Checks the head against its signed checkpoint and the file outside.
    /// Errors  corrupt (the text says what contradicts what), unavailable (locked by another process, read-only, no disk)
    [[nodiscard]] static auto open(std::unique_ptr<Store> store, Keys keys, Options options)
        -> Result<std::unique_ptr<Ledger>>;
    ~Ledger();  ///< finishes what waits, then stops
    Ledger(const Ledger&) = delete;
    auto operator=(const Ledger&) -> Ledger& = delete;

    template <class T>
    using Done = std::function<void(Result<T>)>;

    // ---- writes: grouped, one transaction and one checkpoint for all that wait ---------------------------------------

    /// Errors  conflict (this idempotency key came with another body, or what it settles is not held any more), unavailable
    ///         (nothing was recorded)
    void record(NewDecision decision, Done<Recorded> done);
    /// Errors  conflict (this mid came with another envelope), unavailable
    void accept(Inbound inbound, Done<Accepted> done);
    /// A receipt whose signature by agency `from` the caller has checked. It counts only if we sent this envelope to that agency.
    /// Going back to an earlier state changes nothing.
    /// Errors  not_found (we sent no such message there), conflict (another envelope), unavailable
    void record_receipt(MessageId mid, AgencyId from, crypto::Digest envelope_sha256, DeliveryState state, std::string receipt,
                        Done<void> done);
    /// Our own office moved an inbox message on (opened, acknowledged): logs it, queues the signed receipt for the sender.
    /// Idempotent: returns the receipt given first. Errors: not_found, unavailable
    void acknowledge(MessageId mid, DeliveryState state, std::string actor, Done<Accepted> done);
    /// An attempt ended without a receipt. `next` none: give up (dead letter, kept and listed).
    /// With the code `expired` it is given up as expired instead. Changes nothing once a receipt has arrived.
    /// Errors  not_found, unavailable
    void record_attempt(std::string outbox_id, std::string error_code, std::optional<Instant> next, Done<void> done);
    /// A queued receipt reached the sender of the envelope. Errors: not_found, unavailable
    void record_receipt_sent(std::string outbox_id, Done<void> done);
    /// Logs an event; gives its entry number. Errors: malformed (another type), unavailable
    void record_event(NewEvent event, Done<std::uint64_t> done);
    /// Destroys the personal details and the sealed copies of a decision, and logs that it did. Every proof still verifies.
    /// Idempotent.
    /// Errors  not_found, conflict (a copy still waits to be sent), unavailable
    void erase(DecisionId id, std::string reason_code, Done<void> done);

    // ---- reads -------------------------------------------------------------------------------------------------------

    /// What may be sent now: emergencies first, then by due time; of one case to one agency only the oldest unsent.
    /// Agencies in `except` (their circuit is open, or enough is in flight to them) are passed over by the query itself.
    [[nodiscard]] auto due(Instant now, std::size_t limit, const std::vector<AgencyId>& except = {})
        -> Result<std::vector<OutboxItem>>;
    /// When the next item becomes due; none: nothing waits.
    [[nodiscard]] auto next_due(const std::vector<AgencyId>& except = {}) -> Result<std::optional<Instant>>;
    [[nodiscard]] auto transmission(const OutboxItem& item) -> Result<Transmission>;
    /// The answer already given to this caller and key, if any. Errors: conflict (another body).
    [[nodiscard]] auto find_submission(std::string_view caller, std::string_view key, const crypto::Digest& body)
        -> Result<std::optional<Recorded>>;
    [[nodiscard]] auto inbox(std::uint64_t after_position, std::size_t limit) -> Result<std::vector<InboxItem>>;
    [[nodiscard]] auto inbox_message(const MessageId& mid) -> Result<InboxMessage>;
    /// The receipt given for this mid and envelope, if it was here before. Errors: conflict (another envelope).
    [[nodiscard]] auto find_inbound(const MessageId& mid, const crypto::Digest& envelope_sha256)
        -> Result<std::optional<Accepted>>;

    [[nodiscard]] auto search(const Query& query) -> Result<std::vector<DecisionRow>>;
    [[nodiscard]] auto show(const DecisionId& id) -> Result<DecisionRecord>;
    /// What else the log says about a decision, message or draft, in order.
    [[nodiscard]] auto events_of(std::string_view ref) -> Result<std::vector<LoggedEvent>>;
    /// Decisions that wait for a person, oldest first.
    [[nodiscard]] auto held(std::uint64_t after_seq, std::size_t limit) -> Result<std::vector<DecisionRow>>;
    /// What was submitted for a held decision. Errors: not_found (none is kept: settled, or never held), corrupt
    /// Secret  case content
    [[nodiscard]] auto held_content(const DecisionId& id) -> Result<crypto::SecretBytes>;
    /// Open duties that are due before `before`, the oldest first. `kind` empty: of any kind.
    [[nodiscard]] auto open_duties(std::string_view kind, Instant before, std::size_t limit) -> Result<std::vector<Duty>>;
    [[nodiscard]] auto duties_of(std::string_view ref) -> Result<std::vector<Duty>>;
    [[nodiscard]] auto tail(std::size_t count) -> Result<std::vector<LogEntry>>;
    [[nodiscard]] auto checkpoint() -> Result<std::string>;  ///< the latest signed note; empty log: a note of size 0

    struct Counts {
        std::uint64_t entries = 0, queued = 0, dead_letters = 0, inbox_unacknowledged = 0;
        std::uint64_t commits = 0, writes = 0;  ///< since start: writes / commits = group size
    };
    [[nodiscard]] auto counts() -> Result<Counts>;
    /// ok, or why nothing can be recorded now. A later write that succeeds makes it ok again.
    [[nodiscard]] auto health() -> Result<>;

private:
    struct Impl;
    explicit Ledger(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace cg::ledger
