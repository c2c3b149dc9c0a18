// Events and duties: what else is logged, and what somebody owes.
#include "gateway/ledger/batch_builder.hpp"
#include "gateway/ledger/entry_fields.hpp"

namespace cg::ledger {
namespace {

auto check_event(const NewEvent& event) -> Result<> {
    const bool ours = event.type == entry_type::decision || event.type == entry_type::release ||
                      event.type == entry_type::receipt || event.type == entry_type::erasure;
    if (ours || !is_entry_type(event.type) || !event.fields.is_object())
        return fail(Errc::malformed, "not an event that can be logged");
    for (const auto* member : {"recorded_at", "duties", "duties_done"})
        if (event.fields.find(member) != nullptr) return fail(Errc::malformed, "not an event that can be logged");
    return ok();
}

}  // namespace

auto BatchBuilder::check_events(const NewDecision& decision) -> Result<> {
    for (const auto& event : decision.events) {
        CG_TRY(check_event(event));
    }
    return ok();
}

auto BatchBuilder::record_event(const NewEvent& event) -> Result<std::uint64_t> {
    CG_TRY(check_event(event));
    return log(event);
}

auto BatchBuilder::log(const NewEvent& event) -> Result<std::uint64_t> {
    auto fields = event.fields;
    set_duties(fields, event.duties, event.duties_done);
    const auto* personal = event.personal.is_null() ? nullptr : &event.personal;
    const auto seq = append(event.type, event.ref, std::move(fields), personal).seq;
    add_duties(event.duties, event.ref, seq);
    CG_TRY(close_duties(event.duties_done, seq));
    return seq;
}

void BatchBuilder::add_duties(const std::vector<NewDuty>& duties, const std::string& ref, std::uint64_t seq) {
    for (const auto& duty : duties) {
        auto id = free_duty_id(duty.kind, ref, seq);
        if (!id) continue;
        DutyRow row{.seq = seq, .id = std::move(*id), .kind = duty.kind, .ref = ref, .due = duty.due, .done = 0};
        duties_.emplace(row.id, row);
        batch_.duties.push_back(std::move(row));
    }
}

/// The id under which this is owed. None: it is owed already, by an earlier entry, and is not done (a draft that is told of twice).
/// What one entry names twice is owed twice, and what was done may be owed again.
auto BatchBuilder::free_duty_id(std::string_view kind, std::string_view ref, std::uint64_t seq) -> std::optional<std::string> {
    for (std::size_t nth = 1;; ++nth) {
        auto id = duty_id(kind, ref, nth);
        if (!duties_.contains(id)) {
            const auto stored = context_.store.duty(id);
            if (!stored.has_value() || !stored.value()) return id;
            duties_.emplace(id, *stored.value());
        }
        const auto& known = duties_.at(id);
        if (known.seq != seq && known.done == 0) return std::nullopt;
    }
}

auto BatchBuilder::close_duties(const std::vector<std::string>& ids, std::uint64_t seq) -> Result<> {
    for (const auto& id : ids) {
        if (!duties_.contains(id)) {
            CG_TRY(const auto row, context_.store.duty(id));
            if (!row) continue;
            duties_.emplace(id, *row);
        }
        auto& row = duties_.at(id);
        if (row.done != 0) continue;
        row.done = seq + 1;
        batch_.duties_done.push_back({id, row.done});
    }
    return ok();
}

}  // namespace cg::ledger
