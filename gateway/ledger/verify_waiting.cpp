// What waits for a person, and what somebody owes, against the entries that say so.
#include "gateway/ledger/entry_fields.hpp"
#include "gateway/ledger/verify_chunk.hpp"

#include <algorithm>

namespace cg::ledger {

void ChunkChecker::check_held(const Entry& entry) {
    if (const auto* settled = entry.fields.find("settles")) findings_.settled.emplace_back(settled->text());
    if (!entry.fields["held"].is_true()) return;
    if (!std::ranges::binary_search(slice_.held, entry.row->seq)) findings_.not_held.push_back(entry.row->seq);
}

/// A link that the index does not know would hide what became of a decision.
void ChunkChecker::check_links(const Entry& entry) {
    const auto* links = entry.fields["links"].if_array();
    if (links == nullptr || vault_ == nullptr) return;
    for (const auto& link : *links) {
        const auto found = store_.has_search_key({vault_->link(link.text()), entry.row->seq});
        expect(found.has_value() && found.value(), *entry.row, "search/missing",
               "a search for what followed from a decision would not find this record");
    }
}

auto ChunkChecker::check_duties(const Entry& entry) -> Result<> {
    const auto* duties = entry.fields["duties"].if_array();
    if (duties == nullptr) return ok();
    CG_TRY(const auto rows, store_.duties_of(entry.row->ref));
    for (const auto& duty : *duties) {
        const auto fits = [&](const DutyRow& row) {
            if (row.kind != duty["kind"].text()) return false;
            if (row.seq == entry.row->seq) return to_rfc3339(row.due) == duty["due"].text();
            // One that was told of again while it was owed stays as it was first.
            return row.seq < entry.row->seq && (row.done == 0 || row.done > entry.row->seq);
        };
        expect(std::ranges::any_of(rows, fits), *entry.row, "duty/altered",
               "something that is owed is missing from the list, or is another");
    }
    return ok();
}

/// A duty is closed by an entry that says so, and by nothing else.
auto ChunkChecker::check_closed_duties() -> Result<> {
    for (const auto& row : slice_.duties) {
        if (row.done == 0) continue;
        CG_TRY(const auto entries, store_.entries(row.done - 1, 1));
        bool closed = false;
        if (!entries.empty() && entries.front().seq == row.done - 1) {
            const auto fields = parse_json(entries.front().fields);
            const auto* ids = fields.has_value() ? fields.value()["duties_done"].if_array() : nullptr;
            closed = ids != nullptr && std::ranges::any_of(*ids, [&row](const Json& id) { return id.text() == row.id; });
        }
        if (!closed) problem(row.seq, row.ref, "duty/closed", "something that is owed counts as done, and no entry says so");
    }
    return ok();
}

}  // namespace cg::ledger
