#include "gateway/ledger/ledger.hpp"

#include "gateway/ledger/reader.hpp"
#include "gateway/ledger/recover.hpp"
#include "gateway/ledger/writer.hpp"

namespace cg::ledger {

struct Ledger::Impl {
    Impl(std::unique_ptr<Store> the_store, Keys the_keys, Options the_options)
        : store(std::move(the_store)), keys(std::move(the_keys)), options(std::move(the_options)) {}

    std::unique_ptr<Store> store;
    Keys keys;
    Options options;
    Vault vault{keys.store_secret};
    LedgerReader reader{*store, &vault};
    BatchContext context{*store, vault, keys.log_name, keys.log_key, options.now, options.sign_receipt};
    std::unique_ptr<Writer> writer;  // last: it uses all of the above

    /// Queues `work(builder)` and answers `done` with what it gave, once that is durable.
    template <class T, class Work>
    void submit(Work work, Done<T> done) {
        auto step = [work = std::move(work), done](BatchBuilder& builder) -> Writer::Finish {
            return [result = work(builder), done](const Error* failure) mutable {
                done(failure != nullptr ? Result<T>{fail(*failure)} : std::move(result));
            };
        };
        if (!writer->submit(std::move(step))) done(fail(Errc::unavailable, "too many writes are waiting"));
    }
};

Ledger::Ledger(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Ledger::~Ledger() = default;

auto Ledger::open(std::unique_ptr<Store> store, Keys keys, Options options) -> Result<std::unique_ptr<Ledger>> {
    if (keys.store_secret.size() != 32) return fail(Errc::malformed, "the store secret is not 32 bytes");
    if (keys.log_key.alg() != crypto::SignatureAlg::ed25519)
        return fail(Errc::unsupported, "checkpoints are signed with Ed25519 keys only");
    if (!options.now) options.now = [] {
        return std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
    };
    auto impl = std::make_unique<Impl>(std::move(store), std::move(keys), std::move(options));
    CG_TRY(auto state, recover(impl->context, impl->options.checkpoint_file));
    impl->writer = std::make_unique<Writer>(impl->context, std::move(state), impl->options.checkpoint_file,
                                            Writer::Limits{impl->options.max_batch, impl->options.max_waiting});
    return std::unique_ptr<Ledger>{new Ledger{std::move(impl)}};
}

void Ledger::record(NewDecision decision, Done<Recorded> done) {
    impl_->submit<Recorded>([d = std::move(decision)](BatchBuilder& b) { return b.record(d); }, std::move(done));
}
void Ledger::accept(Inbound inbound, Done<Accepted> done) {
    impl_->submit<Accepted>([i = std::move(inbound)](BatchBuilder& b) { return b.accept(i); }, std::move(done));
}
void Ledger::record_receipt(MessageId mid, AgencyId from, crypto::Digest envelope_sha256, DeliveryState state,
                            std::string receipt, Done<void> done) {
    BatchBuilder::Incoming incoming{std::move(mid), std::move(from), envelope_sha256, state, std::move(receipt)};
    impl_->submit<void>([i = std::move(incoming)](BatchBuilder& b) { return b.record_receipt(i); }, std::move(done));
}
void Ledger::acknowledge(MessageId mid, DeliveryState state, std::string actor, Done<Accepted> done) {
    impl_->submit<Accepted>(
        [m = std::move(mid), state, a = std::move(actor)](BatchBuilder& b) { return b.acknowledge(m, state, a); },
        std::move(done));
}
void Ledger::record_attempt(std::string outbox_id, std::string error_code, std::optional<Instant> next, Done<void> done) {
    impl_->submit<void>([id = std::move(outbox_id), code = std::move(error_code),
                         next](BatchBuilder& b) { return b.record_attempt(id, code, next); },
                        std::move(done));
}
void Ledger::record_receipt_sent(std::string outbox_id, Done<void> done) {
    impl_->submit<void>([id = std::move(outbox_id)](BatchBuilder& b) { return b.record_receipt_sent(id); },
                        std::move(done));
}
void Ledger::record_event(NewEvent event, Done<std::uint64_t> done) {
    impl_->submit<std::uint64_t>([e = std::move(event)](BatchBuilder& b) { return b.record_event(e); }, std::move(done));
}
void Ledger::erase(DecisionId id, std::string reason_code, Done<void> done) {
    impl_->submit<void>([id = std::move(id), r = std::move(reason_code)](BatchBuilder& b) { return b.erase(id, r); },
                        std::move(done));
}

auto Ledger::due(Instant now, std::size_t limit, const std::vector<AgencyId>& except) -> Result<std::vector<OutboxItem>> {
    return impl_->reader.due(now, limit, except);
}
auto Ledger::next_due(const std::vector<AgencyId>& except) -> Result<std::optional<Instant>> {
    return impl_->reader.next_due(except);
}
auto Ledger::transmission(const OutboxItem& item) -> Result<Transmission> { return impl_->reader.transmission(item); }
auto Ledger::find_submission(std::string_view caller, std::string_view key, const crypto::Digest& body)
    -> Result<std::optional<Recorded>> {
    return impl_->reader.find_submission(caller, key, body);
}
auto Ledger::inbox(std::uint64_t after_position, std::size_t limit) -> Result<std::vector<InboxItem>> {
    return impl_->reader.inbox(after_position, limit);
}
auto Ledger::inbox_message(const MessageId& mid) -> Result<InboxMessage> { return impl_->reader.inbox_message(mid); }
auto Ledger::find_inbound(const MessageId& mid, const crypto::Digest& envelope_sha256)
    -> Result<std::optional<Accepted>> {
    return impl_->reader.find_inbound(mid, envelope_sha256);
}
auto Ledger::search(const Query& query) -> Result<std::vector<DecisionRow>> { return impl_->reader.search(query); }
auto Ledger::show(const DecisionId& id) -> Result<DecisionRecord> { return impl_->reader.show(id); }
auto Ledger::events_of(std::string_view ref) -> Result<std::vector<LoggedEvent>> { return impl_->reader.events_of(ref); }
auto Ledger::held(std::uint64_t after_seq, std::size_t limit) -> Result<std::vector<DecisionRow>> {
    return impl_->reader.held(after_seq, limit);
}
auto Ledger::held_content(const DecisionId& id) -> Result<crypto::SecretBytes> { return impl_->reader.held_content(id); }
auto Ledger::open_duties(std::string_view kind, Instant before, std::size_t limit) -> Result<std::vector<Duty>> {
    return impl_->reader.open_duties(kind, before, limit);
}
auto Ledger::duties_of(std::string_view ref) -> Result<std::vector<Duty>> { return impl_->reader.duties_of(ref); }
auto Ledger::tail(std::size_t count) -> Result<std::vector<LogEntry>> { return impl_->reader.tail(count); }
auto Ledger::checkpoint() -> Result<std::string> { return impl_->reader.checkpoint(); }

auto Ledger::counts() -> Result<Counts> {
    CG_TRY(const auto head, impl_->store->head());
    CG_TRY(const auto rows, impl_->store->counts());
    return Counts{.entries = head.size,
                  .queued = rows.queued,
                  .dead_letters = rows.dead_letters,
                  .inbox_unacknowledged = rows.inbox_unacknowledged,
                  .commits = impl_->writer->commits(),
                  .writes = impl_->writer->writes()};
}
auto Ledger::health() -> Result<> { return impl_->writer->health(); }

}  // namespace cg::ledger
