#include "gateway/relay/inbox.hpp"

#include "gateway/relay/states.hpp"
#include "gateway/wire/office.hpp"
#include "gateway/wire/problem.hpp"

namespace cg::relay {
namespace {

auto entry_of(const ledger::InboxItem& item) -> wire::InboxEntry {
    wire::InboxEntry entry;
    entry.mid = item.mid;
    entry.from = item.from;
    entry.state = to_string(item.state);
    entry.received = item.received_at;
    entry.expires = item.expires;
    entry.bytes = item.bytes;
    entry.position = item.position;
    return entry;
}

}  // namespace

void list_inbox(const Gateway& gateway, const wire::Request& request, const wire::Respond& respond) {
    const auto page = wire::parse_page(request.query);
    if (!page.has_value()) return respond(wire::error_response(page.error()));
    // One more than asked for tells whether there is a next page.
    const auto items = gateway.ledger().inbox(page.value().after, page.value().limit + std::size_t{1});
    if (!items.has_value()) return respond(wire::error_response(items.error()));
    std::vector<wire::InboxEntry> entries;
    std::optional<std::uint64_t> next;
    for (const auto& item : items.value()) {
        if (entries.size() == page.value().limit) {
            next = entries.back().position;
            break;
        }
        entries.push_back(entry_of(item));
    }
    respond(wire::json_response(200, wire::inbox_list(entries, next)));
}

void read_inbox(const Gateway& gateway, std::string_view mid, const wire::Respond& respond) {
    const auto id = MessageId::parse(mid);
    if (!id.has_value()) return respond(wire::problem_response("request/not-found"));
    auto message = gateway.ledger().inbox_message(id.value());
    if (!message.has_value()) return respond(wire::error_response(message.error()));
    wire::InboxMessageBody body;
    body.entry = entry_of(message.value().item);
    body.envelope = std::move(message.value().envelope);
    body.routing = std::move(message.value().routing);
    body.receipt = std::move(message.value().receipt);
    respond(wire::json_response(200, wire::inbox_message(body)));
}

void acknowledge(const Gateway& gateway, std::string_view mid, const wire::Request& request, const wire::Respond& respond) {
    const auto id = MessageId::parse(mid);
    if (!id.has_value()) return respond(wire::problem_response("request/not-found"));
    const auto state = wire::parse_ack(request.body);
    if (!state.has_value()) return respond(wire::error_response(state.error()));
    gateway.ledger().acknowledge(
        id.value(), delivery_state(state.value()), request.peer.uri,
        [&gateway, respond, mid = id.value(), state = state.value()](Result<ledger::Accepted> done) {
            if (!done.has_value()) return respond(wire::error_response(done.error()));
            if (!done.value().repeated) {
                gateway.observe({"gw.inbox.acknowledged", {{"mid", mid.str()}, {"state", std::string{to_string(state)}}}});
                gateway.wake_courier();
            }
            respond(wire::json_response(200, wire::ack_body(mid, state, done.value().receipt)));
        });
}

}  // namespace cg::relay
