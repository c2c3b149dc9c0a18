#include "gateway/ledger/memory/memory_store.hpp"

#include "gateway/ledger/entry.hpp"

#include <algorithm>
#include <compare>
#include <map>
#include <mutex>
#include <set>
#include <tuple>
#include <utility>

namespace cg::ledger {
namespace {

template <class Row>
using BySeq = std::map<std::uint64_t, Row>;

template <class Row>
auto find_in(const BySeq<Row>& rows, std::uint64_t seq) -> std::optional<Row> {
    const auto at = rows.find(seq);
    if (at == rows.end()) return std::nullopt;
    return at->second;
}

template <class Row>
void copy_range(const BySeq<Row>& rows, std::uint64_t first, std::uint64_t last, std::vector<Row>& out) {
    for (auto at = rows.lower_bound(first); at != rows.end() && at->first < last; ++at) out.push_back(at->second);
}

class MemoryStore final : public Store {
    template <class Work>
    auto locked(Work work) {
        const std::lock_guard lock{mutex_};
        return Result<decltype(work())>{work()};
    }

public:
    auto commit(const Batch& batch) -> Result<> override;

    auto head() -> Result<Head> override { return locked([&] { return head_; }); }
    auto nodes(unsigned level, std::uint64_t first, std::size_t count) -> Result<std::vector<crypto::Digest>> override;
    auto entries(std::uint64_t first, std::size_t count) -> Result<std::vector<EntryRow>> override;
    auto last_entry() -> Result<std::optional<EntryRow>> override;
    auto personal(std::uint64_t seq) -> Result<std::optional<PersonalRow>> override {
        return locked([&] { return find_in(personal_, seq); });
    }
    auto events_of(std::string_view ref) -> Result<std::vector<EntryRow>> override;
    auto held(std::uint64_t seq) -> Result<std::optional<HeldRow>> override {
        return locked([&] { return find_in(held_, seq); });
    }
    auto held_from(std::uint64_t first, std::size_t limit) -> Result<std::vector<std::uint64_t>> override;
    auto duty(std::string_view id) -> Result<std::optional<DutyRow>> override;
    auto duties_of(std::string_view ref) -> Result<std::vector<DutyRow>> override;
    auto open_duties(std::string_view kind, Instant before, std::size_t limit) -> Result<std::vector<DutyRow>> override;
    auto decision(std::string_view id) -> Result<std::optional<DecisionIndexRow>> override;
    auto find(const Find& find) -> Result<std::vector<DecisionIndexRow>> override;
    auto answer(const Blind& key) -> Result<std::optional<AnswerRow>> override;
    auto answer_of(std::uint64_t seq) -> Result<std::optional<AnswerRow>> override {
        return locked([&] { return find_in(answers_, seq); });
    }
    auto outbox(std::string_view id) -> Result<std::optional<OutboxRow>> override;
    auto outbox_of(std::uint64_t decision_seq) -> Result<std::vector<OutboxRow>> override;
    auto due(Instant now, std::size_t limit, const std::vector<std::string>& except)
        -> Result<std::vector<OutboxRow>> override;
    auto next_due(const std::vector<std::string>& except) -> Result<std::optional<Instant>> override;
    auto envelope(std::uint64_t seq) -> Result<std::optional<Bytes>> override {
        return locked([&] { return find_in(envelopes_, seq); });
    }
    auto receipts_of(std::uint64_t seq) -> Result<std::vector<ReceiptRow>> override;
    auto inbox(std::string_view mid) -> Result<std::optional<InboxRow>> override;
    auto inbox_from(std::uint64_t first, std::size_t limit) -> Result<std::vector<InboxRow>> override;
    auto counts() -> Result<Counts> override;
    auto slice(std::uint64_t first, std::uint64_t last) -> Result<Slice> override;
    auto has_search_key(const SearchKeyRow& key) -> Result<bool> override {
        return locked([&] { return search_keys_.contains({key.key, key.seq}); });
    }

private:
    /// Emergencies first, then by due time, then by seq.
    using Place = std::tuple<int, Instant, std::uint64_t>;
    static auto place(const OutboxRow& row) -> Place { return {row.lane == Lane::emergency ? 0 : 1, row.due, row.seq}; }

    [[nodiscard]] static auto matches(const DecisionIndexRow& row, const Find& find) -> bool;
    [[nodiscard]] auto is_first(const OutboxRow& row) const -> bool;
    void insert(const OutboxRow& row);
    void apply(const OutboxChange& change);
    void apply(const Erasure& erasure);
    void leave_order(const OutboxRow& row);

    std::mutex mutex_;
    Head head_;
    BySeq<EntryRow> entries_;
    BySeq<PersonalRow> personal_;
    BySeq<HeldRow> held_;
    std::map<std::string, DutyRow, std::less<>> duties_;
    BySeq<DecisionIndexRow> decisions_;
    std::map<std::string, std::uint64_t, std::less<>> decision_ids_;
    std::set<std::pair<Blind, std::uint64_t>> search_keys_;
    BySeq<AnswerRow> answers_;
    std::map<Blind, std::uint64_t> answer_keys_;
    BySeq<Bytes> envelopes_;
    BySeq<OutboxRow> outbox_;
    std::map<std::string, std::uint64_t, std::less<>> outbox_ids_;
    std::map<std::uint64_t, std::vector<std::uint64_t>> copies_;  ///< of a decision
    std::set<Place> ready_;                                        ///< queued, and first of their order
    std::map<Blind, std::set<std::uint64_t>> orders_;              ///< queued rows of an order
    BySeq<InboxRow> inbox_;
    std::map<std::string, std::uint64_t, std::less<>> inbox_mids_;
    BySeq<ReceiptRow> receipts_;
    std::map<std::uint64_t, std::vector<std::uint64_t>> receipts_of_;
    std::map<crypto::NodeId, crypto::Digest> nodes_;
};

auto MemoryStore::commit(const Batch& batch) -> Result<> {
    const std::lock_guard lock{mutex_};
    if (batch.head.number != head_.number + 1) return fail(Errc::conflict, "another commit came first");
    for (const auto& row : batch.entries) entries_.emplace(row.seq, row);
    for (const auto& row : batch.personal) personal_.emplace(row.seq, row);
    for (const auto& row : batch.held) held_.emplace(row.seq, row);
    for (const auto& row : batch.duties) duties_.emplace(row.id, row);
    for (const auto& row : batch.duties_done) duties_.at(row.id).done = row.done;
    for (const auto& row : batch.decisions) {
        decisions_.emplace(row.seq, row);
        decision_ids_.emplace(row.id, row.seq);
    }
    for (const auto& row : batch.search_keys) search_keys_.emplace(row.key, row.seq);
    for (const auto& row : batch.answers) {
        answers_.emplace(row.seq, row);
        if (row.key) answer_keys_.emplace(*row.key, row.seq);
    }
    for (const auto& row : batch.envelopes) envelopes_.emplace(row.seq, row.bytes);
    for (const auto& row : batch.outbox) insert(row);
    for (const auto& row : batch.inbox) {
        inbox_.emplace(row.seq, row);
        inbox_mids_.emplace(row.mid, row.seq);
    }
    for (const auto& row : batch.receipts) {
        receipts_.emplace(row.seq, row);
        receipts_of_[row.of].push_back(row.seq);
    }
    for (const auto& node : batch.nodes) nodes_.emplace(node.id, node.hash);
    for (const auto& row : batch.outbox_changes) apply(row);
    for (const auto& row : batch.inbox_changes) inbox_.at(row.seq).state = row.state;
    for (const auto& erasure : batch.erasures) apply(erasure);
    head_ = batch.head;
    return ok();
}

auto MemoryStore::is_first(const OutboxRow& row) const -> bool {
    return !row.order || *orders_.at(*row.order).begin() == row.seq;
}

void MemoryStore::insert(const OutboxRow& row) {
    outbox_.emplace(row.seq, row);
    outbox_ids_.emplace(row.id, row.seq);
    if (row.kind == OutboxKind::envelope) copies_[row.parent].push_back(row.seq);
    if (row.state != DeliveryState::queued) return;
    if (row.order) orders_[*row.order].insert(row.seq);
    if (is_first(row)) ready_.insert(place(row));
}

void MemoryStore::leave_order(const OutboxRow& row) {
    if (!row.order) return;
    const auto order = orders_.find(*row.order);
    order->second.erase(row.seq);
    if (order->second.empty())
        orders_.erase(order);
    else
        ready_.insert(place(outbox_.at(*order->second.begin())));
}

void MemoryStore::apply(const OutboxChange& change) {
    auto& row = outbox_.at(change.seq);
    const bool was_queued = row.state == DeliveryState::queued;
    const bool was_ready = ready_.erase(place(row)) > 0;
    row.state = change.state;
    row.due = change.due;
    row.attempts = change.attempts;
    row.last_error = change.last_error;
    if (row.state == DeliveryState::queued) {
        if (was_ready) ready_.insert(place(row));
    } else if (was_queued) {
        leave_order(row);
    }
}

void MemoryStore::apply(const Erasure& erasure) {
    for (const auto seq : erasure.held) held_.erase(seq);
    for (const auto seq : erasure.personal) personal_.erase(seq);
    for (const auto& key : erasure.search_keys) search_keys_.erase({key.key, key.seq});
    for (const auto seq : erasure.envelopes) envelopes_.erase(seq);
    for (const auto seq : erasure.orders) outbox_.at(seq).order.reset();
}

auto MemoryStore::nodes(unsigned level, std::uint64_t first, std::size_t count) -> Result<std::vector<crypto::Digest>> {
    const std::lock_guard lock{mutex_};
    std::vector<crypto::Digest> out;
    for (auto at = nodes_.find({level, first}); at != nodes_.end() && out.size() < count; ++at) {
        if (at->first != crypto::NodeId{level, first + out.size()}) break;
        out.push_back(at->second);
    }
    return out;
}

auto MemoryStore::entries(std::uint64_t first, std::size_t count) -> Result<std::vector<EntryRow>> {
    const std::lock_guard lock{mutex_};
    std::vector<EntryRow> out;
    for (auto at = entries_.lower_bound(first); at != entries_.end() && out.size() < count; ++at) out.push_back(at->second);
    return out;
}

auto MemoryStore::last_entry() -> Result<std::optional<EntryRow>> {
    const std::lock_guard lock{mutex_};
    if (entries_.empty()) return std::nullopt;
    return std::optional{entries_.rbegin()->second};
}

auto MemoryStore::events_of(std::string_view ref) -> Result<std::vector<EntryRow>> {
    const std::lock_guard lock{mutex_};
    std::vector<EntryRow> out;
    const auto is_event = [](std::string_view type) {
        return type != entry_type::decision && type != entry_type::release && type != entry_type::receipt &&
               type != entry_type::erasure;
    };
    for (const auto& [seq, row] : entries_)
        if (row.ref == ref && is_event(row.type)) out.push_back(row);
    return out;
}

auto MemoryStore::held_from(std::uint64_t first, std::size_t limit) -> Result<std::vector<std::uint64_t>> {
    const std::lock_guard lock{mutex_};
    std::vector<std::uint64_t> out;
    for (auto at = held_.lower_bound(first); at != held_.end() && out.size() < limit; ++at) out.push_back(at->first);
    return out;
}

auto MemoryStore::duty(std::string_view id) -> Result<std::optional<DutyRow>> {
    const std::lock_guard lock{mutex_};
    const auto at = duties_.find(id);
    if (at == duties_.end()) return std::nullopt;
    return std::optional{at->second};
}

auto MemoryStore::duties_of(std::string_view ref) -> Result<std::vector<DutyRow>> {
    const std::lock_guard lock{mutex_};
    std::vector<DutyRow> out;
    for (const auto& [id, row] : duties_)
        if (row.ref == ref) out.push_back(row);
    std::ranges::sort(out, {}, [](const DutyRow& r) { return std::tuple{r.due, r.id}; });
    return out;
}

auto MemoryStore::open_duties(std::string_view kind, Instant before, std::size_t limit) -> Result<std::vector<DutyRow>> {
    const std::lock_guard lock{mutex_};
    std::vector<DutyRow> out;
    for (const auto& [id, row] : duties_)
        if (row.done == 0 && row.due < before && (kind.empty() || row.kind == kind)) out.push_back(row);
    std::ranges::sort(out, {}, [](const DutyRow& r) { return std::tuple{r.due, r.id}; });
    if (out.size() > limit) out.resize(limit);
    return out;
}

auto MemoryStore::decision(std::string_view id) -> Result<std::optional<DecisionIndexRow>> {
    const std::lock_guard lock{mutex_};
    const auto at = decision_ids_.find(id);
    if (at == decision_ids_.end()) return std::nullopt;
    return find_in(decisions_, at->second);
}

auto MemoryStore::matches(const DecisionIndexRow& row, const Find& find) -> bool {
    if (find.from && row.recorded_at < *find.from) return false;
    if (find.until && row.recorded_at >= *find.until) return false;
    if (!find.purpose.empty() && row.purpose != find.purpose) return false;
    if (!find.outcome.empty() && row.outcome != find.outcome) return false;
    if (find.agency.empty()) return true;
    return std::ranges::any_of(row.recipients, [&](const RecipientOutcome& r) {
        return r.agency == find.agency && (find.role.empty() || r.role == find.role);
    });
}

auto MemoryStore::find(const Find& find) -> Result<std::vector<DecisionIndexRow>> {
    const std::lock_guard lock{mutex_};
    std::vector<DecisionIndexRow> out;
    for (auto at = decisions_.rbegin(); at != decisions_.rend() && out.size() < find.limit; ++at) {
        const auto& row = at->second;
        if (find.before_seq != 0 && row.seq >= find.before_seq) continue;
        const auto has = [&](const Blind& key) { return search_keys_.contains({key, row.seq}); };
        if (matches(row, find) && std::ranges::all_of(find.keys, has)) out.push_back(row);
    }
    return out;
}

auto MemoryStore::answer(const Blind& key) -> Result<std::optional<AnswerRow>> {
    const std::lock_guard lock{mutex_};
    const auto at = answer_keys_.find(key);
    if (at == answer_keys_.end()) return std::nullopt;
    return find_in(answers_, at->second);
}

auto MemoryStore::outbox(std::string_view id) -> Result<std::optional<OutboxRow>> {
    const std::lock_guard lock{mutex_};
    const auto at = outbox_ids_.find(id);
    if (at == outbox_ids_.end()) return std::nullopt;
    return find_in(outbox_, at->second);
}

auto MemoryStore::outbox_of(std::uint64_t decision_seq) -> Result<std::vector<OutboxRow>> {
    const std::lock_guard lock{mutex_};
    std::vector<OutboxRow> out;
    if (const auto at = copies_.find(decision_seq); at != copies_.end())
        for (const auto seq : at->second) out.push_back(outbox_.at(seq));
    return out;
}

auto MemoryStore::due(Instant now, std::size_t limit, const std::vector<std::string>& except)
    -> Result<std::vector<OutboxRow>> {
    const std::lock_guard lock{mutex_};
    std::vector<OutboxRow> out;
    for (const auto& [lane, due, seq] : ready_) {
        if (out.size() >= limit) break;
        if (due > now || std::ranges::count(except, outbox_.at(seq).agency) > 0) continue;
        out.push_back(outbox_.at(seq));
    }
    return out;
}

auto MemoryStore::next_due(const std::vector<std::string>& except) -> Result<std::optional<Instant>> {
    const std::lock_guard lock{mutex_};
    std::optional<Instant> next;
    for (const auto& [lane, due, seq] : ready_)
        if ((!next || due < *next) && std::ranges::count(except, outbox_.at(seq).agency) == 0) next = due;
    return next;
}

auto MemoryStore::receipts_of(std::uint64_t seq) -> Result<std::vector<ReceiptRow>> {
    const std::lock_guard lock{mutex_};
    std::vector<ReceiptRow> out;
    if (const auto at = receipts_of_.find(seq); at != receipts_of_.end())
        for (const auto one : at->second) out.push_back(receipts_.at(one));
    return out;
}

auto MemoryStore::inbox(std::string_view mid) -> Result<std::optional<InboxRow>> {
    const std::lock_guard lock{mutex_};
    const auto at = inbox_mids_.find(mid);
    if (at == inbox_mids_.end()) return std::nullopt;
    return find_in(inbox_, at->second);
}

auto MemoryStore::inbox_from(std::uint64_t first, std::size_t limit) -> Result<std::vector<InboxRow>> {
    const std::lock_guard lock{mutex_};
    std::vector<InboxRow> out;
    for (auto at = inbox_.lower_bound(first); at != inbox_.end() && out.size() < limit; ++at) out.push_back(at->second);
    return out;
}

auto MemoryStore::counts() -> Result<Counts> {
    const std::lock_guard lock{mutex_};
    Counts out;
    for (const auto& [seq, row] : outbox_) {
        if (row.state == DeliveryState::queued) ++out.queued;
        if (row.state == DeliveryState::dead_letter) ++out.dead_letters;
    }
    for (const auto& [seq, row] : inbox_)
        if (row.state == DeliveryState::received || row.state == DeliveryState::opened) ++out.inbox_unacknowledged;
    return out;
}

auto MemoryStore::slice(std::uint64_t first, std::uint64_t last) -> Result<Slice> {
    const std::lock_guard lock{mutex_};
    Slice out;
    out.head = head_;
    copy_range(entries_, first, last, out.entries);
    copy_range(personal_, first, last, out.personal);
    for (auto at = held_.lower_bound(first); at != held_.end() && at->first < last; ++at) out.held.push_back(at->first);
    for (const auto& [id, row] : duties_)
        if (row.seq >= first && row.seq < last) out.duties.push_back(row);
    std::ranges::sort(out.duties, {}, [](const DutyRow& r) { return std::tuple{r.seq, r.id}; });
    copy_range(decisions_, first, last, out.decisions);
    copy_range(answers_, first, last, out.answers);
    copy_range(outbox_, first, last, out.outbox);
    copy_range(inbox_, first, last, out.inbox);
    copy_range(receipts_, first, last, out.receipts);
    for (auto at = receipts_of_.lower_bound(first); at != receipts_of_.end() && at->first < last; ++at)
        for (const auto seq : at->second) out.receipts_of.push_back(receipts_.at(seq));
    return out;
}

}  // namespace

auto make_memory_store() -> std::unique_ptr<Store> { return std::make_unique<MemoryStore>(); }

}  // namespace cg::ledger
