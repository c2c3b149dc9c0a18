#include "gateway/relay/api.hpp"

#include "gateway/relay/consultations.hpp"
#include "gateway/relay/corrections.hpp"
#include "gateway/relay/drafts.hpp"
#include "gateway/relay/inbound.hpp"
#include "gateway/relay/inbox.hpp"
#include "gateway/relay/intake.hpp"
#include "gateway/relay/openapi.hpp"
#include "gateway/relay/requests.hpp"
#include "gateway/relay/reviews.hpp"
#include "gateway/wire/problem.hpp"

#include <array>

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

/// One path and method of the office API.
using Serve = void (*)(const Gateway&, const wire::Request&, const wire::Respond&);
struct Plain {
    std::string_view path, method;
    Permission permission;
    Serve serve;
};
constexpr std::array plain_routes{
    Plain{"/v1/checks", "POST", Permission::check, &check},
    Plain{"/v1/messages", "POST", Permission::send, &submit},
    Plain{"/v1/phone-shares", "POST", Permission::send, &tell_by_phone},
    Plain{"/v1/no-share", "POST", Permission::send, &decline},
    Plain{"/v1/requests", "POST", Permission::send, &ask},
    Plain{"/v1/consents", "POST", Permission::send, &withdraw_consent},
    Plain{"/v1/drafts", "POST", Permission::send, &open_draft},
    Plain{"/v1/duties", "GET", Permission::send, &list_duties},
    Plain{"/v1/reviews", "GET", Permission::review, &list_reviews},
    Plain{"/v1/inbox", "GET", Permission::read_inbox, &list_inbox},
};

/// A path with an id in it: /v1/messages/{id}/correct.
using ServeOne = void (*)(const Gateway&, std::string_view, const wire::Request&, const wire::Respond&);
struct WithId {
    std::string_view before, behind, method;
    Permission permission;
    ServeOne serve;
};
constexpr std::array id_routes{
    WithId{"/v1/messages/", "/correct", "POST", Permission::send, &correct},
    WithId{"/v1/messages/", "/convert", "POST", Permission::send, &convert},
    WithId{"/v1/messages/", "/advice", "POST", Permission::send, &record_advice},
    WithId{"/v1/messages/", "/outcome", "POST", Permission::send, &record_outcome},
    WithId{"/v1/messages/", "/done", "POST", Permission::send, &close_duty},
    WithId{"/v1/messages/", "", "GET", Permission::send,
           [](const Gateway& g, std::string_view id, const wire::Request&, const wire::Respond& r) { message_status(g, id, r); }},
    WithId{"/v1/requests/", "/answer", "POST", Permission::send, &answer},
    WithId{"/v1/drafts/", "", "DELETE", Permission::send, &delete_draft},
    WithId{"/v1/reviews/", "", "GET", Permission::review, &read_review},
    WithId{"/v1/reviews/", "", "POST", Permission::review, &decide_review},
    WithId{"/v1/inbox/", "/ack", "POST", Permission::acknowledge, &acknowledge},
    WithId{"/v1/inbox/", "", "GET", Permission::read_inbox,
           [](const Gateway& g, std::string_view id, const wire::Request&, const wire::Respond& r) { read_inbox(g, id, r); }},
};

/// The entry of the path, with this method if one has it, otherwise with another: then the method is what is wrong.
template <class Routes, class Fits>
auto best_route(const Routes& routes, std::string_view method, const Fits& fits) -> decltype(routes.data()) {
    decltype(routes.data()) best = nullptr;
    for (const auto& route : routes) {
        if (!fits(route)) continue;
        if (best == nullptr || route.method == method) best = &route;
        if (best->method == method) break;
    }
    return best;
}

void serve_office(const Gateway& gateway, const wire::Request& request, const wire::Respond& respond) {
    const std::string_view path = request.path;
    if (path == "/v1/openapi.json" && request.method == "GET")
        return respond({200, "application/json", std::string{openapi_document()}, {}});
    if (const auto* route = best_route(plain_routes, request.method, [path](const Plain& r) { return r.path == path; }))
        return guarded(gateway, request, respond, route->permission, route->method,
                       [&] { route->serve(gateway, request, respond); });
    const auto fits = [path](const WithId& r) { return id_in(path, r.before, r.behind).has_value(); };
    if (const auto* route = best_route(id_routes, request.method, fits))
        return guarded(gateway, request, respond, route->permission, route->method,
                       [&] { route->serve(gateway, *id_in(path, route->before, route->behind), request, respond); });
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

auto office_routes() -> std::vector<OfficeRoute> {
    std::vector<OfficeRoute> out;
    for (const auto& route : plain_routes)
        out.push_back({std::string{route.method}, std::string{route.path}, route.permission});
    for (const auto& route : id_routes)
        out.push_back({std::string{route.method}, std::string{route.before} + "{id}" + std::string{route.behind}, route.permission});
    return out;
}

auto office_handler(const Gateway& gateway) -> wire::Handler {
    return [&gateway](const wire::Request& request, const wire::Respond& respond) { serve_office(gateway, request, respond); };
}

auto peer_handler(const Gateway& gateway) -> wire::Handler {
    return [&gateway](const wire::Request& request, const wire::Respond& respond) { serve_peer(gateway, request, respond); };
}

}  // namespace cg::relay
