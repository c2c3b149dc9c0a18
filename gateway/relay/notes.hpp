#pragma once
/// What is written down about a decision afterwards, each in an entry of its own: what an adviser said, what a recipient did,
/// that something owed was done, a draft.

#include "gateway/relay/gateway.hpp"
#include "gateway/wire/http.hpp"

#include <string_view>

namespace cg::relay {

/// Were these very words written down about `ref` before? A client that heard no answer sends them again, and they are one note.
/// Errors  unavailable, corrupt
[[nodiscard]] auto noted_before(const Gateway& gateway, std::string_view ref, const wire::Request& request) -> Result<bool>;

/// Writes a note and answers once it is durable; the digest of the request goes to the note's personal half.
void note(const Gateway& gateway, ledger::NewEvent event, const wire::Request& request, wire::Response answer,
          const wire::Respond& respond);

}  // namespace cg::relay
