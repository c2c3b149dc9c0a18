#pragma once
/// Bodies of the office API that are not a decision (that one is policy's own JSON) and not a problem.

#include "gateway/base/ids.hpp"
#include "gateway/base/json.hpp"
#include "gateway/base/time.hpp"
#include "gateway/wire/receipt.hpp"

#include <optional>
#include <string>
#include <vector>

namespace cg::wire {

/// One line of `GET /v1/inbox`. Nothing about the content: that is sealed.
struct InboxEntry {
    MessageId mid;
    AgencyId from;
    std::string state;          ///< received, opened, acknowledged, rejected
    Instant received;
    Instant expires;
    std::uint64_t bytes = 0;
    std::uint64_t position = 0;  ///< give the last one as `?after=` for the next page
};
/// {"messages":[…],"next":position}; `next` only where there is more.
[[nodiscard]] auto inbox_list(const std::vector<InboxEntry>& entries, std::optional<std::uint64_t> next) -> Json;

/// `GET /v1/inbox/{mid}`: the sealed envelope, with what shows where it comes from.
struct InboxMessageBody {
    InboxEntry entry;
    Bytes envelope;
    std::string routing;        ///< signed, JSON text
    std::string receipt;        ///< the latest that we gave, JSON text; empty: none
};
/// {…entry…,"envelope":base64,"routing":{…},"receipt":{…}}
[[nodiscard]] auto inbox_message(const InboxMessageBody& message) -> Json;

/// Body of `POST /v1/inbox/{mid}/ack`: {"state":"opened"|"acknowledged"|"rejected"}; empty body: acknowledged.
/// Errors  malformed
[[nodiscard]] auto parse_ack(ByteView untrusted) -> Result<ReceiptState>;
/// {"mid":…,"state":…,"receipt":{…}}
[[nodiscard]] auto ack_body(const MessageId& mid, ReceiptState state, std::string_view receipt) -> Json;

/// `?after=` and `?limit=` of a list. Errors: malformed, with a Problem for each.
struct Page {
    std::uint64_t after = 0;
    std::uint32_t limit = 100;  ///< 1 to 1000
};
[[nodiscard]] auto parse_page(const std::vector<std::pair<std::string, std::string>>& query) -> Result<Page>;

}  // namespace cg::wire
