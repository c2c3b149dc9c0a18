#include "gateway/wire/office.hpp"

#include "gateway/wire/signed.hpp"

#include <charconv>

namespace cg::wire {
namespace {

constexpr std::size_t max_ack_bytes = 4096;
constexpr std::uint32_t max_page = 1000;
constexpr std::uint64_t max_position = std::uint64_t{1} << 53U;

auto to_json(const InboxEntry& entry) -> Json {
    return Json::object({{"mid", entry.mid.str()},
                         {"from", entry.from.str()},
                         {"state", entry.state},
                         {"received", to_rfc3339(entry.received)},
                         {"expires", to_rfc3339(entry.expires)},
                         {"bytes", entry.bytes},
                         {"position", entry.position}});
}

/// Our own JSON text, as stored: it parses, or the store is broken.
auto stored_json(std::string_view text) -> Json {
    auto json = parse_json(text);
    return json ? std::move(json).value() : Json{};
}

auto read_number(std::string_view text, std::uint64_t least, std::uint64_t most) -> std::optional<std::uint64_t> {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || value < least || value > most) return {};
    return value;
}

}  // namespace

auto inbox_list(const std::vector<InboxEntry>& entries, std::optional<std::uint64_t> next) -> Json {
    Json messages = Json::array();
    for (const auto& entry : entries) messages.push(to_json(entry));
    Json body = Json::object({{"messages", std::move(messages)}});
    if (next) body.set("next", *next);
    return body;
}

auto inbox_message(const InboxMessageBody& message) -> Json {
    Json body = to_json(message.entry);
    body.set("envelope", to_base64(message.envelope, Base64::standard));
    body.set("routing", stored_json(message.routing));
    if (!message.receipt.empty()) body.set("receipt", stored_json(message.receipt));
    return body;
}

auto parse_ack(ByteView untrusted) -> Result<ReceiptState> {
    if (untrusted.empty()) return ReceiptState::acknowledged;
    CG_TRY(const auto json, parse_json(untrusted, {.max_bytes = max_ack_bytes, .max_depth = 4}));
    std::vector<Problem> problems;
    ObjectReader in{json, "", problems};
    const auto words = in.text("state", 16);
    const auto state = parse_receipt_state(words);
    if (!words.empty() && (!state || *state == ReceiptState::received))
        in.note("format/value", "state", "give opened, acknowledged or rejected");
    in.finish();
    if (!problems.empty()) return fail(refuse("acknowledgement refused", std::move(problems)));
    return *state;
}

auto ack_body(const MessageId& mid, ReceiptState state, std::string_view receipt) -> Json {
    return Json::object({{"mid", mid.str()}, {"state", to_string(state)}, {"receipt", stored_json(receipt)}});
}

auto parse_page(const std::vector<std::pair<std::string, std::string>>& query) -> Result<Page> {
    Page page;
    std::vector<Problem> problems;
    bool has_after = false;
    bool has_limit = false;
    for (const auto& [name, value] : query) {
        if (name == "after" && !std::exchange(has_after, true)) {
            if (const auto number = read_number(value, 0, max_position))
                page.after = *number;
            else
                problems.push_back({"format/value", "", "give the position of the last message as after", ""});
        } else if (name == "limit" && !std::exchange(has_limit, true)) {
            if (const auto number = read_number(value, 1, max_page))
                page.limit = static_cast<std::uint32_t>(*number);
            else
                problems.push_back({"format/value", "", "give a limit from 1 to 1000", ""});
        } else {
            problems.push_back({"format/unknown-member", "", "give after and limit only, each at most once", ""});
        }
    }
    if (!problems.empty()) return fail(refuse("query refused", std::move(problems)));
    return page;
}

}  // namespace cg::wire
