// bench_stages: what each step of one message costs alone. tests/bench/run compares their sum with the whole.
#include "crypto/age.hpp"
#include "crypto/padme.hpp"
#include "gateway/ledger/ledger.hpp"
#include "gateway/ledger/memory/memory_store.hpp"
#include "gateway/ledger/sqlite/sqlite_store.hpp"
#include "gateway/relay/seal.hpp"
#include "gateway/wire/receipt.hpp"
#include "gateway/wire/transmission.hpp"
#include "policy/decide.hpp"
#include "tests/bench/big_pack.hpp"
#include "tests/bench/measure.hpp"

#include <benchmark/benchmark.h>

#include <future>

namespace {

using namespace cg;
using test::must;

constexpr std::size_t group = 64;  // waiting clients, so messages in one commit

auto now() -> Instant { return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()); }

/// What all steps share: one message on its way from the school to the council.
struct World {
    std::string text = to_jcs(bench::large_submission("CR-1", {"csc.front-door@exampleshire"}));
    std::shared_ptr<const policy::Pack> pack = must(policy::load_pack(bench::example_pack()), "pack");
    std::shared_ptr<const policy::Pack> big_pack = must(policy::load_pack(bench::pack_with(10'000)), "large pack");
    policy::Submission submission = must(policy::parse_submission(must(parse_json(text), "text")), "submission");
    policy::Caller caller = policy::caller_of(*pack->agencies().find(AgencyId::trusted("willow")));
    crypto::SecretBytes salt = crypto::random_secret(32);
    crypto::AgeIdentity identity = crypto::AgeIdentity::generate(crypto::AgeKind::mlkem768x25519);
    relay::Signer signer{crypto::SigningKey::generate(crypto::SignatureAlg::ed25519), {}};
    crypto::SigningKey peer_key = crypto::SigningKey::generate(crypto::SignatureAlg::ed25519);
    policy::Decision decision = decide(*pack);
    relay::SealRequest seal = seal_request();
    ledger::Release release = must(relay::seal_view(seal, signer), "sealing");
    wire::ViewPayload payload = view_payload();

    [[nodiscard]] auto decide(const policy::Pack& by) const -> policy::Decision {
        auto out = policy::decide(by, pack->agencies(), submission, caller, now(), salt.reveal());
        if (out.outcome != policy::Outcome::permit) throw std::runtime_error("the benchmark's own case is refused");
        return out;
    }
    [[nodiscard]] auto seal_request() const -> relay::SealRequest {
        const auto recipient = identity.recipient().str();
        relay::SealRequest out;
        out.from = caller.agency;
        out.to = decision.recipients.front().to;
        out.key = {certs::recipient_kid(recipient), recipient, now(), now() + std::chrono::days{9}};
        out.purpose = PurposeId::trusted("child-protection-referral");
        out.view = decision.recipients.front().view;
        out.now = now();
        out.expires = now() + std::chrono::days{9};
        return out;
    }
    [[nodiscard]] auto view_payload() const -> wire::ViewPayload {
        wire::ViewPayload out;
        out.mid = release.mid;
        out.from = seal.from;
        out.to = seal.to;
        out.rkid = seal.key.kid;
        out.issued = seal.now;
        out.expires = seal.expires;
        out.purpose = seal.purpose;
        out.view = seal.view;
        return out;
    }
    [[nodiscard]] auto routing() const -> wire::Routing {
        return {release.mid, seal.from, seal.to.agency, seal.now, seal.expires, release.envelope_sha256, {}};
    }
};
auto world() -> World& {
    static World one;
    return one;
}

/// Each decision and message once: ids and keys are fresh.
auto new_decision() -> ledger::NewDecision {
    auto& w = world();
    auto fields = policy::record_fields(w.decision, w.submission, w.caller);
    ledger::NewDecision out;
    out.id = DecisionId::trusted(crypto::random_id("dec-"));
    out.decided_at = now();
    out.caller = "casegate://willow/system/office";
    out.idempotency_key = out.id.str();
    out.body_sha256 = crypto::sha256(w.text);
    out.dec = std::move(fields.dec);
    out.personal = std::move(fields.id);
    out.response = to_jcs(policy::to_json(w.decision, false));
    out.search.purpose = w.seal.purpose;
    out.search.outcome = "PERMIT";
    out.search.actor = w.submission.actor.user;
    out.search.subjects = {"Wren Maybury", "CR-1"};
    out.case_key = out.id.str();
    out.releases.push_back(w.release);
    out.releases.back().mid = MessageId::trusted(crypto::random_id("msg-"));
    out.search.recipients.emplace_back(out.releases.back().to, "PERMIT");
    return out;
}

/// A ledger, and calls that wait for a whole group.
struct Book {
    std::unique_ptr<ledger::Ledger> ledger;

    explicit Book(std::unique_ptr<ledger::Store> store) {
        ledger::Keys keys{"willow.casegate/log", crypto::SigningKey::generate(crypto::SignatureAlg::ed25519), crypto::random_secret(32)};
        ledger::Options options;
        options.now = now;
        ledger = must(ledger::Ledger::open(std::move(store), std::move(keys), std::move(options)), "a ledger");
    }
    void record(std::vector<ledger::NewDecision> decisions) const {
        std::vector<std::future<void>> waiting;
        for (auto& decision : decisions) {
            auto done = std::make_shared<std::promise<void>>();
            waiting.push_back(done->get_future());
            ledger->record(std::move(decision), [done](const Result<ledger::Recorded>& result) {
                CG_ENSURE(result.has_value());
                done->set_value();
            });
        }
        for (auto& one : waiting) one.wait();
    }
    void receipts(const std::vector<std::pair<MessageId, std::string>>& signed_receipts) const {
        auto& w = world();
        std::vector<std::future<void>> waiting;
        for (const auto& [mid, text] : signed_receipts) {
            auto done = std::make_shared<std::promise<void>>();
            waiting.push_back(done->get_future());
            // As the courier does: read, check the signature, record.
            const auto read = must(wire::read_signed_receipt(must(parse_json(text), "receipt")), "receipt");
            CG_ENSURE(read.verified_by(w.peer_key.verify_key()).has_value());
            ledger->record_receipt(mid, w.seal.to.agency, w.release.envelope_sha256, ledger::DeliveryState::received, text, [done](const Result<void>& result) {
                CG_ENSURE(result.has_value());
                done->set_value();
            });
        }
        for (auto& one : waiting) one.wait();
    }
};

auto new_group() -> std::vector<ledger::NewDecision> {
    std::vector<ledger::NewDecision> out;
    for (std::size_t i = 0; i < group; ++i) out.push_back(new_decision());
    return out;
}

/// What the peer says of each copy of a group.
auto receipts_for(const std::vector<ledger::NewDecision>& decisions) -> std::vector<std::pair<MessageId, std::string>> {
    auto& w = world();
    std::vector<std::pair<MessageId, std::string>> out;
    for (const auto& decision : decisions) {
        const auto& mid = decision.releases.front().mid;
        const wire::Receipt receipt{mid, w.release.envelope_sha256, wire::ReceiptState::received, now(), {}};
        out.emplace_back(mid, to_jcs(wire::sign_receipt(receipt, w.peer_key, {})));
    }
    return out;
}

void parse_6k(benchmark::State& state) {
    for (auto _ : state) {
        auto submission = policy::parse_submission(must(parse_json(world().text), "text"));
        benchmark::DoNotOptimize(submission);
    }
    state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(world().text.size()));
}
void jcs_6k(benchmark::State& state) {
    const auto tree = must(parse_json(world().text), "text");
    for (auto _ : state) benchmark::DoNotOptimize(to_jcs(tree));
}
void decide_and_minimise(benchmark::State& state) {
    for (auto _ : state) benchmark::DoNotOptimize(world().decide(*world().pack));
}
void decide_big_pack(benchmark::State& state) {
    for (auto _ : state) benchmark::DoNotOptimize(world().decide(*world().big_pack));
}
void sign_view(benchmark::State& state) {
    for (auto _ : state) benchmark::DoNotOptimize(to_jcs(wire::sign_view(world().payload, world().signer.key, {})));
}
void seal_view(benchmark::State& state) {
    auto text = to_jcs(wire::sign_view(world().payload, world().signer.key, {}));
    text.resize(crypto::padme_length(text.size()), ' ');
    const auto& recipient = world().identity.recipient();
    for (auto _ : state) benchmark::DoNotOptimize(crypto::age_seal(view_bytes(text), std::array{recipient}));
    state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}
void sign_routing(benchmark::State& state) {
    const auto routing = world().routing();
    for (auto _ : state) benchmark::DoNotOptimize(to_jcs(wire::sign_routing(routing, world().signer.key, {})));
}

void record_in(benchmark::State& state, const Book& book) {
    for (auto _ : state) {
        state.PauseTiming();
        auto decisions = new_group();
        state.ResumeTiming();
        book.record(std::move(decisions));
    }
    state.counters["items"] = group;
}
void record_memory(benchmark::State& state) { record_in(state, Book{ledger::make_memory_store()}); }

auto sqlite_store(const oracle::TemporaryFolder& folder) -> std::unique_ptr<ledger::Store> {
    return must(ledger::sqlite::open((folder.path() / "ledger.db").string()), "a ledger file");
}
void record_sqlite(benchmark::State& state) {
    const oracle::TemporaryFolder folder;
    record_in(state, Book{sqlite_store(folder)});
}
void transmission(benchmark::State& state) {
    const oracle::TemporaryFolder folder;
    const Book book{sqlite_store(folder)};
    for (int i = 0; i < 16; ++i) book.record(new_group());
    const auto due = must(book.ledger->due(now(), group), "due");
    std::size_t next = 0;
    for (auto _ : state) {
        const auto made = must(book.ledger->transmission(due[next++ % due.size()]), "transmission");
        wire::Transmission out{must(parse_json(made.routing), "routing"), made.envelope, made.proof, made.opening};
        benchmark::DoNotOptimize(to_text(out));
    }
}
void receipt(benchmark::State& state) {
    const oracle::TemporaryFolder folder;
    const Book book{sqlite_store(folder)};
    for (auto _ : state) {
        state.PauseTiming();
        auto decisions = new_group();
        const auto texts = receipts_for(decisions);
        book.record(std::move(decisions));
        state.ResumeTiming();
        book.receipts(texts);
    }
    state.counters["items"] = group;
}

BENCHMARK(parse_6k)->Unit(benchmark::kMicrosecond);
BENCHMARK(jcs_6k)->Unit(benchmark::kMicrosecond);
BENCHMARK(decide_and_minimise)->Unit(benchmark::kMicrosecond);
BENCHMARK(decide_big_pack)->Unit(benchmark::kMicrosecond);
BENCHMARK(sign_view)->Unit(benchmark::kMicrosecond);
BENCHMARK(seal_view)->Unit(benchmark::kMicrosecond);
BENCHMARK(sign_routing)->Unit(benchmark::kMicrosecond);
// The writer is a thread of its own, so the whole process is measured.
BENCHMARK(record_memory)->Unit(benchmark::kMicrosecond)->MeasureProcessCPUTime();
BENCHMARK(record_sqlite)->Unit(benchmark::kMicrosecond)->MeasureProcessCPUTime();
BENCHMARK(transmission)->Unit(benchmark::kMicrosecond);
BENCHMARK(receipt)->Unit(benchmark::kMicrosecond)->MeasureProcessCPUTime();

}  // namespace

BENCHMARK_MAIN();
