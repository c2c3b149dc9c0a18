#pragma once
/// A request and its answer as plain data: what `net` hands to `relay` and takes back. No socket, no HTTP library.

#include "crypto/hash.hpp"
#include "crypto/keys.hpp"
#include "gateway/base/bytes.hpp"

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace cg::wire {

/// Who is at the other end of the connection, from its verified client certificate.
struct Peer {
    std::string uri;                     ///< SAN URI: casegate://<agency>/gateway, /system/<name> or /person/<id>
    crypto::Digest certificate_sha256{};
    std::optional<crypto::VerifyKey> key;  ///< of the certificate: what this caller signs can be checked with it
};

struct Request {
    std::string method;                  ///< "GET", "POST", "PUT"
    std::string path;                    ///< percent-decoded, without the query: "/v1/messages"
    std::vector<std::pair<std::string, std::string>> query;
    std::string idempotency_key;         ///< of the header of that name; empty: absent
    std::string content_type;            ///< without parameters, lower case
    Bytes body;
    Peer peer;                           ///< empty uri on the ops listener
};

struct Response {
    int status = 200;
    std::string content_type = "application/json";
    std::string body;
    std::vector<std::pair<std::string, std::string>> headers;  ///< beside content type and length
};

/// Answers once, at any time, on any thread.
using Respond = std::function<void(Response)>;
/// Serves one request. Must not block for longer than the work of one message.
using Handler = std::function<void(Request, Respond)>;

}  // namespace cg::wire
