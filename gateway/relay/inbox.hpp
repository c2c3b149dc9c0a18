#pragma once
/// What our own offices read: sealed envelopes, and the acknowledgement that they were opened or taken over. The gateway
/// holds no role key, so it cannot read what it hands out.

#include "gateway/relay/gateway.hpp"
#include "gateway/wire/http.hpp"

namespace cg::relay {

/// `GET /v1/inbox?after=&limit=`
void list_inbox(const Gateway& gateway, const wire::Request& request, const wire::Respond& respond);
/// `GET /v1/inbox/{mid}`
void read_inbox(const Gateway& gateway, std::string_view mid, const wire::Respond& respond);
/// `POST /v1/inbox/{mid}/ack`: idempotent; the sender is sent the receipt.
void acknowledge(const Gateway& gateway, std::string_view mid, const wire::Request& request, const wire::Respond& respond);

}  // namespace cg::relay
