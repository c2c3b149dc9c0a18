// Decisions: recording one, and erasing what is personal about it.
#include "gateway/ledger/batch_builder.hpp"
#include "gateway/ledger/entry_fields.hpp"
#include "gateway/ledger/states.hpp"

#include <algorithm>

namespace cg::ledger {

auto BatchBuilder::answered_before(const Blind& key, const crypto::Digest& body) -> Result<std::optional<Recorded>> {
    const auto conflict = [] { return fail(Errc::conflict, "this idempotency key came with another body"); };
    if (const auto at = answers_.find(key); at != answers_.end()) {
        if (bodies_.at(key) != body) return conflict();
        auto again = at->second;
        again.repeated = true;
        return again;
    }
    CG_TRY(const auto row, context_.store.answer(key));
    if (!row) return std::nullopt;
    if (row->body != body) return conflict();
    CG_TRY(const auto entries, context_.store.entries(row->seq, 1));
    if (entries.empty()) return fail(Errc::corrupt, "an answer belongs to no entry");
    CG_TRY(auto id, DecisionId::parse(entries.front().ref));
    CG_TRY(auto response, context_.vault.open_answer(id, row->response));
    return Recorded{.id = std::move(id), .seq = row->seq, .repeated = true, .response = std::move(response)};
}

auto BatchBuilder::check_new(const NewDecision& decision) -> Result<> {
    CG_TRY(const auto known, context_.store.decision(decision.id.str()));
    if (known || ids_.contains(decision.id.str())) return fail(Errc::conflict, "this decision id is taken");
    std::set<std::string> mids;
    for (const auto& release : decision.releases) {
        const auto& mid = release.mid.str();
        CG_TRY(const auto taken, context_.store.outbox(mid));
        if (taken || outbox_.contains(mid) || !mids.insert(mid).second)
            return fail(Errc::conflict, "this message id is taken");
        if (crypto::sha256(ByteView{release.envelope}) != release.envelope_sha256)
            return fail(Errc::malformed, "a release's hash is not that of its envelope");
    }
    return ok();
}

auto BatchBuilder::record(const NewDecision& decision) -> Result<Recorded> {
    std::optional<Blind> key;
    if (!decision.idempotency_key.empty()) {
        key = context_.vault.submission(decision.caller, decision.idempotency_key);
        CG_TRY(auto before, answered_before(*key, decision.body_sha256));
        if (before) return std::move(*before);
    }
    CG_TRY(check_new(decision));
    CG_TRY(check_events(decision));
    CG_TRY(const auto settled, check_settled(decision));

    auto personal = personal_fields(decision);
    auto answer = context_.vault.seal_answer(decision.id, decision.response);
    const auto& entry = append(entry_type::decision, decision.id.str(), decision_fields(decision, answer), &personal);
    const auto seq = entry.seq;
    DecisionIndexRow row{.seq = seq,
                         .id = decision.id.str(),
                         .recorded_at = entry.at,
                         .decided_at = decision.decided_at,
                         .purpose = decision.search.purpose.str(),
                         .outcome = decision.search.outcome,
                         .recipients = {}};
    for (const auto& [to, outcome] : decision.search.recipients)
        row.recipients.push_back({to.role.str(), to.agency.str(), outcome});
    batch_.decisions.push_back(std::move(row));
    batch_.answers.push_back({seq, key, decision.body_sha256, std::move(answer)});
    add_search_keys(decision, seq);
    for (const auto& release : decision.releases) add_release(decision, release, seq);
    if (!decision.held.empty()) hold(decision, seq);
    if (settled) {
        settled_.insert(decision.settles->str());
        batch_.erasures.push_back({.held = {*settled}});
    }
    add_duties(decision.duties, decision.id.str(), seq);
    CG_TRY(close_duties(decision.duties_done, seq));
    for (const auto& event : decision.events) {
        CG_TRY(log(event));
    }

    Recorded recorded{.id = decision.id, .seq = seq, .repeated = false, .response = decision.response};
    ids_.insert(decision.id.str());
    if (key) {
        answers_.emplace(*key, recorded);
        bodies_.emplace(*key, decision.body_sha256);
    }
    return recorded;
}

void BatchBuilder::add_search_keys(const NewDecision& decision, std::uint64_t seq) {
    auto keys = search_keys(context_.vault, decision.search.actor, decision.search.subjects);
    for (const auto& link : decision.search.links) keys.insert(context_.vault.link(link));
    for (const auto& key : keys) batch_.search_keys.push_back({key, seq});
}

void BatchBuilder::hold(const NewDecision& decision, std::uint64_t seq) {
    batch_.held.push_back(context_.vault.seal_held(seq, decision.held));
    held_.emplace(decision.id.str(), seq);
}

/// What is settled must be held: of two who settle the same, the second learns that it came too late.
auto BatchBuilder::check_settled(const NewDecision& decision) -> Result<std::optional<std::uint64_t>> {
    if (!decision.settles) return std::nullopt;
    const auto& id = decision.settles->str();
    const auto gone = [] {
        return fail(Errc::conflict, "this decision does not wait for a person any more",
                    {{"review/settled", "", "Somebody else was faster: see what they decided. Nothing was changed by this.", "review"}});
    };
    if (settled_.contains(id)) return gone();
    if (const auto at = held_.find(id); at != held_.end()) return std::optional{at->second};
    CG_TRY(const auto row, context_.store.decision(id));
    if (!row) return fail(Errc::not_found, "the log has no such decision");
    CG_TRY(const auto kept, context_.store.held(row->seq));
    if (!kept) return gone();
    return std::optional{row->seq};
}

void BatchBuilder::add_release(const NewDecision& decision, const Release& release, std::uint64_t decision_seq) {
    const auto& entry = append(entry_type::release, release.mid.str(), release_fields(release), nullptr);
    OutboxRow row;
    row.seq = entry.seq;
    row.id = row.mid = release.mid.str();
    row.kind = OutboxKind::envelope;
    row.to = release.to.str();
    row.agency = release.to.agency.str();
    row.lane = decision.lane;
    row.state = DeliveryState::queued;
    row.due = std::max(entry.at, release.not_before.value_or(entry.at));
    row.expires = release.expires;
    // One that waits for its hour stands in no order: it would hold up everything later of its case.
    if (!decision.case_key.empty() && !release.not_before) row.order = context_.vault.order(decision.case_key, row.agency, row.lane);
    row.parent = decision_seq;
    row.envelope_sha256 = release.envelope_sha256;
    row.bytes = release.envelope.size();
    row.routing = release.routing;
    batch_.envelopes.push_back({row.seq, release.envelope});
    batch_.outbox.push_back(row);
    outbox_.emplace(release.mid.str(), std::move(row));
}

auto BatchBuilder::erase(const DecisionId& id, const std::string& reason_code) -> Result<> {
    if (erased_.contains(id.str())) return ok();
    CG_TRY(const auto decision, context_.store.decision(id.str()));
    if (!decision) return fail(Errc::not_found, "the log has no such decision");
    CG_TRY(const auto copies, context_.store.outbox_of(decision->seq));
    Erasure erasure;
    for (const auto& stored : copies) {
        CG_TRY(const auto copy, find_outbox(stored.id));
        if (copy.state == DeliveryState::queued) return fail(Errc::conflict, "a copy still waits to be sent");
        CG_TRY(const auto envelope, context_.store.envelope(copy.seq));
        if (envelope) erasure.envelopes.push_back(copy.seq);
        if (copy.order) erasure.orders.push_back(copy.seq);
    }
    CG_TRY(const auto row, context_.store.personal(decision->seq));
    CG_TRY(const auto kept, context_.store.held(decision->seq));
    if (kept && !settled_.contains(id.str())) erasure.held.push_back(decision->seq);
    if (!row && erasure.envelopes.empty() && erasure.orders.empty() && erasure.held.empty()) return ok();  // done before
    if (row) {
        CG_TRY(const auto personal, context_.vault.open(*row));
        CG_TRY(const auto search, personal_search(personal.fields.reveal_text()));
        for (const auto& key : search_keys(context_.vault, search.actor, search.subjects))
            erasure.search_keys.push_back({key, decision->seq});
        erasure.personal.push_back(decision->seq);
    }
    append(entry_type::erasure, id.str(), erasure_fields(id, reason_code), nullptr);
    batch_.erasures.push_back(std::move(erasure));
    erased_.insert(id.str());
    return ok();
}

}  // namespace cg::ledger
