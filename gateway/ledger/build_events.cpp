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
        DutyRow row{.seq = seq, .id = duty_id(duty.kind, ref), .kind = duty.kind, .ref = ref, .due = duty.due, .done = 0};
        if (!duties_.emplace(row.id, row).second) continue;
        const auto known = context_.store.duty(row.id);  // a draft that is told of twice owes once
        if (known.has_value() && known.value()) continue;
        batch_.duties.push_back(std::move(row));
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
