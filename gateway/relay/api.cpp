#include "gateway/relay/api.hpp"

#include "gateway/relay/inbound.hpp"
#include "gateway/relay/inbox.hpp"
#include "gateway/relay/intake.hpp"
#include "gateway/relay/openapi.hpp"
#include "gateway/wire/problem.hpp"

namespace cg::relay {
namespace {

/// "/v1/messages/{id}" against a path: the id, if the path is of this form.
auto id_in(std::string_view path, std::string_view before, std::string_view behind = {}) -> std::optional<std::string_view> {
    if (!path.starts_with(before) || !path.ends_with(behind)) return std::nullopt;
    if (path.size() <= before.size() + behind.size()) return std::nullopt;
    const auto id = path.substr(before.size(), path.size() - before.size() - behind.size());
    if (id.find('/') != std::string_view::npos) return std::nullopt;
    return id;
}

/// Runs `serve` if the caller may do that, the method fits and a body is JSON; otherwise says what is wrong.
template <class Serve>
void guarded(const Gateway& gateway, const wire::Request& request, const wire::Respond& respond, Permission permission,
             std::string_view method, const Serve& serve) {
    if (!gateway.may(request.peer.uri, permission)) {
        gateway.observe({"gw.auth.denied", {{"caller", request.peer.uri}}});
        return respond(wire::problem_response("request/not-permitted"));
    }
    if (request.method != method) {
        auto response = wire::problem_response("request/method-not-allowed");
        response.headers.emplace_back("Allow", std::string{method});
        return respond(std::move(response));
    }
    if (method == "POST" && !request.body.empty() && request.content_type != "application/json")
        return respond(wire::problem_response("request/content-type"));
    serve();
}

void serve_office(const Gateway& gateway, const wire::Request& request, const wire::Respond& respond) {
    const auto on = [&](Permission permission, std::string_view method, const auto& serve) {
        guarded(gateway, request, respond, permission, method, serve);
    };
    const std::string_view path = request.path;
    if (path == "/v1/checks") return on(Permission::check, "POST", [&] { check(gateway, request, respond); });
    if (path == "/v1/messages") return on(Permission::send, "POST", [&] { submit(gateway, request, respond); });
    if (const auto id = id_in(path, "/v1/messages/"))
        return on(Permission::send, "GET", [&] { message_status(gateway, *id, respond); });
    if (path == "/v1/inbox") return on(Permission::read_inbox, "GET", [&] { list_inbox(gateway, request, respond); });
    if (const auto mid = id_in(path, "/v1/inbox/", "/ack"))
        return on(Permission::acknowledge, "POST", [&] { acknowledge(gateway, *mid, request, respond); });
    if (const auto mid = id_in(path, "/v1/inbox/"))
        return on(Permission::read_inbox, "GET", [&] { read_inbox(gateway, *mid, respond); });
    if (path == "/v1/openapi.json" && request.method == "GET")
        return respond({200, "application/json", std::string{openapi_document()}, {}});
    respond(wire::problem_response("request/not-found"));
}

void serve_peer(const Gateway& gateway, const wire::Request& request, const wire::Respond& respond) {
    if (request.path != "/v1/envelopes" && request.path != "/v1/receipts")
        return respond(wire::problem_response("request/not-found"));
    if (request.method != "POST") return respond(wire::problem_response("request/method-not-allowed"));
    if (request.content_type != "application/json") return respond(wire::problem_response("request/content-type"));
    if (request.path == "/v1/envelopes") return receive_envelope(gateway, request, respond);
    receive_receipt(gateway, request, respond);
}

}  // namespace

auto office_handler(const Gateway& gateway) -> wire::Handler {
    return [&gateway](const wire::Request& request, const wire::Respond& respond) { serve_office(gateway, request, respond); };
}

auto peer_handler(const Gateway& gateway) -> wire::Handler {
    return [&gateway](const wire::Request& request, const wire::Respond& respond) { serve_peer(gateway, request, respond); };
}

}  // namespace cg::relay
