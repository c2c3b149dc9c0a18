#pragma once
/// What the ledger's tests share: an invented school that refers invented children, and calls that wait for their answer.

#include "gateway/ledger/ledger.hpp"
#include "gateway/ledger/memory/memory_store.hpp"
#include "gateway/ledger/reader.hpp"
#include "gateway/ledger/store.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <future>
#include <string>

#include <unistd.h>

namespace cg::ledger::test {

inline const auto t0 = parse_instant("2026-05-11T09:30:00Z").value();
inline constexpr auto log_name = "heron.casegate/log";

template <class T>
struct Answer {
    std::shared_ptr<std::promise<Result<T>>> promise = std::make_shared<std::promise<Result<T>>>();
    std::future<Result<T>> future = promise->get_future();

    [[nodiscard]] auto done() const -> Ledger::Done<T> {
        return [p = promise](Result<T> result) { p->set_value(std::move(result)); };
    }
    [[nodiscard]] auto get() -> Result<T> { return future.get(); }
};

/// A new log key as PEM, cheap to open again and again: OpenSSL writes one that asks for hardly any work. Without OpenSSL's
/// program the tests are slower by half a second for each opening.
inline auto make_log_pem() -> std::string {
    std::string pem;
    const auto* command = "openssl genpkey -algorithm ed25519 2>/dev/null | openssl pkcs8 -topk8 -scrypt -scrypt_N 2 "
                          "-scrypt_r 1 -scrypt_p 1 -passout pass:test 2>/dev/null";
    if (auto* pipe = ::popen(command, "r"); pipe != nullptr) {
        char buffer[1024];
        while (const auto count = ::fread(buffer, 1, sizeof buffer, pipe)) pem.append(buffer, count);
        ::pclose(pipe);
    }
    if (!pem.empty()) return pem;
    return crypto::SigningKey::generate(crypto::SignatureAlg::ed25519)
        .to_encrypted_pem(crypto::SecretBytes::copy_of("test"));
}

/// Keys that several openings of one ledger share.
struct KeyRing {
    std::string log_pem = make_log_pem();
    crypto::SecretBytes secret = crypto::random_secret(32);

    [[nodiscard]] auto log_key() const -> crypto::SigningKey {
        return crypto::SigningKey::from_encrypted_pem(log_pem, crypto::SecretBytes::copy_of("test")).value();
    }
    [[nodiscard]] auto keys() const -> Keys {
        return {.log_name = log_name, .log_key = log_key(), .store_secret = crypto::SecretBytes::copy_of(secret.reveal())};
    }
    [[nodiscard]] auto verifier() const -> crypto::NoteVerifier { return {log_name, log_key().verify_key()}; }
};
inline auto key_ring() -> const KeyRing& {
    static const KeyRing ring;
    return ring;
}

/// A clock that always moves.
struct Clock {
    std::shared_ptr<std::atomic<std::int64_t>> ms =
        std::make_shared<std::atomic<std::int64_t>>(t0.time_since_epoch().count());
    [[nodiscard]] auto now() const -> Instant { return Instant{std::chrono::milliseconds{ms->fetch_add(1)}}; }
};

inline auto options(const Clock& clock = {}) -> Options {
    Options out;
    out.now = [clock] { return clock.now(); };
    out.sign_receipt = [](const ReceiptFacts& facts) {
        return to_jcs(Json::object({{"mid", facts.mid.str()},
                                    {"state", to_string(facts.state)},
                                    {"leaf", facts.leaf_index},
                                    {"leaf_hash", to_hex(facts.leaf_hash)}}));
    };
    return out;
}

inline auto agency(std::string_view text) -> AgencyId { return AgencyId::parse(text).value(); }
inline auto new_mid() -> MessageId { return MessageId::trusted(crypto::random_id("msg-")); }

inline auto release_to(std::string_view to, Instant expires = t0 + std::chrono::days{7}) -> Release {
    Release out;
    out.mid = new_mid();
    out.to = RecipientId::parse(to).value();
    out.kid = "kid-" + out.to.agency.str();
    out.envelope = crypto::random_bytes(300);
    out.envelope_sha256 = crypto::sha256(ByteView{out.envelope});
    out.routing = R"({"mid":")" + out.mid.str() + R"("})";
    out.expires = expires;
    return out;
}

/// A decision to share with each of `to`. `key` empty: no client asked for it.
inline auto decision(std::string key = {}, const std::vector<std::string>& to = {"csc.front-door@larkshire"}) -> NewDecision {
    NewDecision out;
    out.id = DecisionId::trusted(crypto::random_id("dec-"));
    out.decided_at = t0;
    out.caller = "casegate://heron/system/mis";
    out.idempotency_key = std::move(key);
    out.body_sha256 = crypto::sha256("the body of " + out.idempotency_key);
    out.dec = Json::object({{"pack", "larkshire-1"}, {"rule", "CP-1"}});
    out.personal = Json::object({{"case_ref", "HRN-2026-0093"}, {"child", "Imogen Vantongeren"}});
    out.response = R"({"outcome":"PERMIT"})";
    out.search.purpose = PurposeId::parse("child-protection-referral").value();
    out.search.outcome = to.empty() ? "DENY" : "PERMIT";
    out.search.actor = "t.abernathy";
    out.search.subjects = {"Imogen Vantongeren", "999 123 4561"};
    out.case_key = "HRN-2026-0093";
    for (const auto& one : to) {
        out.releases.push_back(release_to(one));
        out.search.recipients.emplace_back(out.releases.back().to, "PERMIT");
    }
    return out;
}

inline auto inbound(std::string_view from = "wigeon") -> Inbound {
    Inbound out;
    out.mid = new_mid();
    out.from = agency(from);
    out.envelope = crypto::random_bytes(200);
    out.envelope_sha256 = crypto::sha256(ByteView{out.envelope});
    out.routing = "{}";
    out.proof = "proof";
    out.opening = Json::object({{"s", 0}});
    out.received_at = t0;
    out.expires = t0 + std::chrono::days{7};
    return out;
}

// Calls that wait.
inline auto record(Ledger& ledger, NewDecision d) -> Result<Recorded> {
    Answer<Recorded> answer;
    ledger.record(std::move(d), answer.done());
    return answer.get();
}
inline auto accept(Ledger& ledger, Inbound i) -> Result<Accepted> {
    Answer<Accepted> answer;
    ledger.accept(std::move(i), answer.done());
    return answer.get();
}
inline auto receipt(Ledger& ledger, const Release& release, DeliveryState state) -> Result<> {
    Answer<void> answer;
    ledger.record_receipt(release.mid, release.to.agency, release.envelope_sha256, state,
                          "receipt " + std::string{to_string(state)}, answer.done());
    return answer.get();
}
inline auto acknowledge(Ledger& ledger, const MessageId& mid, DeliveryState state) -> Result<Accepted> {
    Answer<Accepted> answer;
    ledger.acknowledge(mid, state, "r.quill", answer.done());
    return answer.get();
}
inline auto attempt(Ledger& ledger, const std::string& id, std::optional<Instant> next, std::string code = "timed-out")
    -> Result<> {
    Answer<void> answer;
    ledger.record_attempt(id, std::move(code), next, answer.done());
    return answer.get();
}
inline auto receipt_sent(Ledger& ledger, const std::string& id) -> Result<> {
    Answer<void> answer;
    ledger.record_receipt_sent(id, answer.done());
    return answer.get();
}
inline auto erase(Ledger& ledger, const DecisionId& id) -> Result<> {
    Answer<void> answer;
    ledger.erase(id, "retention-ended", answer.done());
    return answer.get();
}
/// Waits until the writer has done with all before, the checkpoint file included.
inline void settle(Ledger& ledger) { EXPECT_EQ(receipt_sent(ledger, "no such item").error().code, Errc::not_found); }
inline auto event(Ledger& ledger, std::string type) -> Result<std::uint64_t> {
    Answer<std::uint64_t> answer;
    ledger.record_event({std::move(type), "pack-1", Json::object({{"hash", "00"}}), Json::object({{"by", "t.abernathy"}})},
                        answer.done());
    return answer.get();
}

/// Keeps a store alive over several openings, as a disk does.
class Borrowed : public Store {
public:
    explicit Borrowed(std::shared_ptr<Store> under) : under_(std::move(under)) {}
    auto commit(const Batch& batch) -> Result<> override { return under_->commit(batch); }
    auto head() -> Result<Head> override { return under_->head(); }
    auto nodes(unsigned l, std::uint64_t f, std::size_t c) -> Result<std::vector<crypto::Digest>> override {
        return under_->nodes(l, f, c);
    }
    auto entries(std::uint64_t f, std::size_t c) -> Result<std::vector<EntryRow>> override { return under_->entries(f, c); }
    auto last_entry() -> Result<std::optional<EntryRow>> override { return under_->last_entry(); }
    auto personal(std::uint64_t s) -> Result<std::optional<PersonalRow>> override { return under_->personal(s); }
    auto events_of(std::string_view r) -> Result<std::vector<EntryRow>> override { return under_->events_of(r); }
    auto held(std::uint64_t s) -> Result<std::optional<HeldRow>> override { return under_->held(s); }
    auto held_from(std::uint64_t f, std::size_t l) -> Result<std::vector<std::uint64_t>> override {
        return under_->held_from(f, l);
    }
    auto duty(std::string_view i) -> Result<std::optional<DutyRow>> override { return under_->duty(i); }
    auto duties_of(std::string_view r) -> Result<std::vector<DutyRow>> override { return under_->duties_of(r); }
    auto open_duties(std::string_view k, Instant b, std::size_t l) -> Result<std::vector<DutyRow>> override {
        return under_->open_duties(k, b, l);
    }
    auto decision(std::string_view i) -> Result<std::optional<DecisionIndexRow>> override { return under_->decision(i); }
    auto find(const Find& f) -> Result<std::vector<DecisionIndexRow>> override { return under_->find(f); }
    auto answer(const Blind& k) -> Result<std::optional<AnswerRow>> override { return under_->answer(k); }
    auto answer_of(std::uint64_t s) -> Result<std::optional<AnswerRow>> override { return under_->answer_of(s); }
    auto outbox(std::string_view i) -> Result<std::optional<OutboxRow>> override { return under_->outbox(i); }
    auto outbox_of(std::uint64_t s) -> Result<std::vector<OutboxRow>> override { return under_->outbox_of(s); }
    auto due(Instant n, std::size_t l, const std::vector<std::string>& e) -> Result<std::vector<OutboxRow>> override {
        return under_->due(n, l, e);
    }
    auto next_due(const std::vector<std::string>& e) -> Result<std::optional<Instant>> override {
        return under_->next_due(e);
    }
    auto envelope(std::uint64_t s) -> Result<std::optional<Bytes>> override { return under_->envelope(s); }
    auto receipts_of(std::uint64_t s) -> Result<std::vector<ReceiptRow>> override { return under_->receipts_of(s); }
    auto inbox(std::string_view m) -> Result<std::optional<InboxRow>> override { return under_->inbox(m); }
    auto inbox_from(std::uint64_t f, std::size_t l) -> Result<std::vector<InboxRow>> override {
        return under_->inbox_from(f, l);
    }
    auto counts() -> Result<Counts> override { return under_->counts(); }
    auto slice(std::uint64_t f, std::uint64_t l) -> Result<Slice> override { return under_->slice(f, l); }
    auto has_search_key(const SearchKeyRow& k) -> Result<bool> override { return under_->has_search_key(k); }

private:
    std::shared_ptr<Store> under_;
};

inline auto open_over(std::shared_ptr<Store> store, Options o = options()) -> Result<std::unique_ptr<Ledger>> {
    return Ledger::open(std::make_unique<Borrowed>(std::move(store)), key_ring().keys(), std::move(o));
}

/// A folder that goes with the test; in memory where the system has such a place, for no test here needs a slow disk.
class TempDir {
public:
    TempDir() {
        const std::filesystem::path memory{"/dev/shm"};
        const auto place = ::access(memory.c_str(), W_OK) == 0 ? memory : std::filesystem::temp_directory_path();
        std::string name = (place / "casegate-test-XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error{"no temporary folder"};
        path_ = name;
    }
    TempDir(const TempDir&) = delete;
    auto operator=(const TempDir&) -> TempDir& = delete;
    ~TempDir() { std::filesystem::remove_all(path_); }
    [[nodiscard]] auto operator/(std::string_view name) const -> std::string { return (path_ / name).string(); }
    [[nodiscard]] auto path() const -> const std::filesystem::path& { return path_; }

private:
    std::filesystem::path path_;
};

}  // namespace cg::ledger::test
