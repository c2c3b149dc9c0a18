// What waits for a person, what somebody owes, and what else the log says.
#include "gateway/ledger/reader.hpp"

namespace cg::ledger {
namespace {

auto to_duty(const DutyRow& row) -> Duty {
    return {.id = row.id, .kind = row.kind, .ref = row.ref, .due = row.due, .done = row.done != 0};
}

auto to_duties(const std::vector<DutyRow>& rows) -> std::vector<Duty> {
    std::vector<Duty> out;
    for (const auto& row : rows) out.push_back(to_duty(row));
    return out;
}

}  // namespace

auto LedgerReader::events_of(std::string_view ref) const -> Result<std::vector<LoggedEvent>> {
    CG_TRY(const auto rows, store_.events_of(ref));
    std::vector<LoggedEvent> out;
    for (const auto& row : rows) {
        auto& event = out.emplace_back();
        event.seq = row.seq;
        event.type = row.type;
        event.at = row.at;
        auto fields = parse_json(row.fields);
        if (fields.has_error()) return fail(Errc::corrupt, "the store holds broken JSON");
        event.fields = std::move(fields).value();
        CG_TRY(event.personal, personal_of_event(row.seq));
    }
    return out;
}

auto LedgerReader::personal_of_event(std::uint64_t seq) const -> Result<std::optional<Json>> {
    if (vault_ == nullptr) return std::nullopt;
    CG_TRY(const auto row, store_.personal(seq));
    if (!row) return std::nullopt;
    const auto opened = vault_->open(*row);
    if (opened.has_error())
        return fail(Errc::corrupt, "the personal details of entry " + std::to_string(seq) + " do not open");
    CG_TRY(auto fields, parse_json(opened.value().fields.reveal_text()));
    return std::optional{std::move(fields)};
}

auto LedgerReader::held(std::uint64_t after_seq, std::size_t limit) const -> Result<std::vector<DecisionRow>> {
    CG_TRY(const auto seqs, store_.held_from(after_seq, limit));
    std::vector<DecisionRow> out;
    for (const auto seq : seqs) {
        CG_TRY(const auto line, entry(seq));
        CG_TRY(const auto row, store_.decision(line.ref));
        if (!row) return fail(Errc::corrupt, "held content belongs to no decision");
        CG_TRY(auto decision, to_row(*row));
        out.push_back(std::move(decision));
    }
    return out;
}

auto LedgerReader::held_content(const DecisionId& id) const -> Result<crypto::SecretBytes> {
    if (vault_ == nullptr) return fail(Errc::unsupported, "held content is opened with the store secret only");
    CG_TRY(const auto row, store_.decision(id.str()));
    if (!row) return fail(Errc::not_found, "the log has no such decision");
    CG_TRY(const auto kept, store_.held(row->seq));
    if (!kept) return fail(Errc::not_found, "this decision does not wait for a person");
    auto content = vault_->open_held(*kept);
    if (content.has_error()) return fail(Errc::corrupt, "the held content of a decision does not open");
    CG_TRY(const auto answer, store_.answer_of(row->seq));
    if (!answer || answer->body != crypto::sha256(content.value().reveal()))
        return fail(Errc::corrupt, "the held content is not what was submitted");
    return content;
}

auto LedgerReader::open_duties(std::string_view kind, Instant before, std::size_t limit) const
    -> Result<std::vector<Duty>> {
    CG_TRY(const auto rows, store_.open_duties(kind, before, limit));
    return to_duties(rows);
}

auto LedgerReader::duties_of(std::string_view ref) const -> Result<std::vector<Duty>> {
    CG_TRY(const auto rows, store_.duties_of(ref));
    return to_duties(rows);
}

}  // namespace cg::ledger
