#include "gateway/relay/notes.hpp"

#include "crypto/hash.hpp"
#include "gateway/wire/problem.hpp"

#include <algorithm>
#include <memory>

namespace cg::relay {
namespace {

constexpr std::string_view digest_member = "body_sha256";

auto digest_of(const wire::Request& request) -> std::string { return to_hex(crypto::sha256(request.body)); }

}  // namespace

auto noted_before(const Gateway& gateway, std::string_view ref, const wire::Request& request) -> Result<bool> {
    CG_TRY(const auto events, gateway.ledger().events_of(ref));
    const auto digest = digest_of(request);
    return std::ranges::any_of(events, [&digest](const ledger::LoggedEvent& event) {
        return event.personal && (*event.personal)[digest_member].text() == digest;
    });
}

void note(const Gateway& gateway, ledger::NewEvent event, const wire::Request& request, wire::Response answer,
          const wire::Respond& respond) {
    if (!event.personal.is_object()) event.personal = Json::object();
    event.personal.set(digest_member, digest_of(request));
    auto kept = std::make_shared<wire::Response>(std::move(answer));
    gateway.ledger().record_event(std::move(event), [respond, kept](Result<std::uint64_t> logged) {
        if (!logged.has_value()) return respond(wire::error_response(logged.error()));
        respond(std::move(*kept));
    });
}

}  // namespace cg::relay
