#include "gateway/ledger/sqlite/rows.hpp"

#include <algorithm>

namespace cg::ledger::sqlite {
namespace {

auto broken(const char* what) { return fail(Errc::corrupt, std::string{"the ledger's file holds a broken "} + what); }

auto read_state(const Columns& c, int column) -> Result<DeliveryState> {
    const auto state = parse_delivery_state(view_text(c.view(column)));
    if (!state) return broken("state");
    return *state;
}

auto read_blind(const Columns& c, int column) -> Result<std::optional<Blind>> {
    if (c.is_null(column)) return std::nullopt;
    Blind out{};
    const auto bytes = c.view(column);
    if (bytes.size() != out.size()) return broken("search key");
    std::ranges::copy(bytes, out.begin());
    return std::optional{out};
}

}  // namespace

auto read_digest(const Columns& c, int column) -> Result<crypto::Digest> {
    crypto::Digest out{};
    const auto bytes = c.view(column);
    if (bytes.size() != out.size()) return broken("hash");
    std::ranges::copy(bytes, out.begin());
    return out;
}

auto to_text(OutboxKind kind) noexcept -> std::string_view { return kind == OutboxKind::envelope ? "envelope" : "receipt"; }
auto to_text(Lane lane) noexcept -> std::string_view { return lane == Lane::normal ? "normal" : "emergency"; }

auto read_entry(const Columns& c) -> Result<EntryRow> {
    return EntryRow{.seq = c.count(0),
                    .type = c.text(1),
                    .at = from_ms(c.number(2)),
                    .ref = c.text(3),
                    .leaf = c.text(4),
                    .salt = c.blob(5),
                    .fields = c.text(6)};
}

auto read_personal(const Columns& c) -> Result<PersonalRow> {
    return PersonalRow{.seq = c.count(0), .wrapped_key = c.blob(1), .sealed = c.blob(2)};
}

auto read_held(const Columns& c) -> Result<HeldRow> {
    return HeldRow{.seq = c.count(0), .wrapped_key = c.blob(1), .sealed = c.blob(2)};
}

auto read_duty(const Columns& c) -> Result<DutyRow> {
    return DutyRow{.seq = c.count(0),
                   .id = c.text(1),
                   .kind = c.text(2),
                   .ref = c.text(3),
                   .due = from_ms(c.number(4)),
                   .done = c.count(5)};
}

auto read_decision(const Columns& c) -> Result<DecisionIndexRow> {
    return DecisionIndexRow{.seq = c.count(0),
                            .id = c.text(1),
                            .recorded_at = from_ms(c.number(2)),
                            .decided_at = from_ms(c.number(3)),
                            .purpose = c.text(4),
                            .outcome = c.text(5),
                            .recipients = {}};
}

auto read_answer(const Columns& c) -> Result<AnswerRow> {
    CG_TRY(const auto key, read_blind(c, 1));
    CG_TRY(const auto body, read_digest(c, 2));
    return AnswerRow{.seq = c.count(0), .key = key, .body = body, .response = c.text(3)};
}

auto read_outbox(const Columns& c) -> Result<OutboxRow> {
    OutboxRow row;
    row.seq = c.count(0);
    row.id = c.text(1);
    row.kind = view_text(c.view(2)) == "envelope" ? OutboxKind::envelope : OutboxKind::receipt;
    row.mid = c.text(3);
    row.to = c.text(4);
    row.agency = c.text(5);
    row.lane = view_text(c.view(6)) == "emergency" ? Lane::emergency : Lane::normal;
    CG_TRY(row.state, read_state(c, 7));
    row.due = from_ms(c.number(8));
    row.expires = from_ms(c.number(9));
    row.attempts = static_cast<unsigned>(c.number(10));
    row.last_error = c.text(11);
    CG_TRY(row.order, read_blind(c, 12));
    row.parent = c.count(13);
    CG_TRY(row.envelope_sha256, read_digest(c, 14));
    row.bytes = c.count(15);
    row.routing = c.text(16);
    row.receipt = c.text(17);
    return row;
}

auto read_inbox(const Columns& c) -> Result<InboxRow> {
    InboxRow row;
    row.seq = c.count(0);
    row.mid = c.text(1);
    row.from = c.text(2);
    CG_TRY(row.state, read_state(c, 3));
    row.received_at = from_ms(c.number(4));
    row.expires = from_ms(c.number(5));
    CG_TRY(row.envelope_sha256, read_digest(c, 6));
    row.bytes = c.count(7);
    row.routing = c.text(8);
    row.proof = c.text(9);
    row.opening = c.text(10);
    return row;
}

auto read_receipt(const Columns& c) -> Result<ReceiptRow> {
    CG_TRY(const auto state, read_state(c, 2));
    return ReceiptRow{.seq = c.count(0), .of = c.count(1), .state = state, .receipt = c.text(3)};
}

auto read_head(const Columns& c) -> Result<Head> {
    CG_TRY(const auto check, read_digest(c, 3));
    return Head{.number = c.count(0), .size = c.count(1), .checkpoint = c.text(2), .secret_check = check};
}

}  // namespace cg::ledger::sqlite
