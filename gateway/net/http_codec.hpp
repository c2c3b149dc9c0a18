#pragma once
/// Internal to net: HTTP/1.1 messages (RFC 9112) from and to bytes. No socket: bytes in, a state out.

#include "gateway/base/bytes.hpp"
#include "gateway/base/result.hpp"
#include "gateway/wire/http.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace cg::net {

/// Reads the requests of one connection, one after another. The raw head goes past wire::HeadGuard before the HTTP parser
/// sees it; a body is only read once its limit is set.
///
/// Input     untrusted bytes, cut anywhere
/// Threads   one at a time
class RequestReader {
public:
    enum class State : std::uint8_t {
        head,     ///< give more bytes
        decide,   ///< the head is there: look at head(), then allow_body() or leave it
        body,     ///< give more bytes
        done,     ///< take() it
        refused,  ///< see refusal(); nothing more will be read
    };
    struct Head {
        std::string method;
        std::string path;
        std::optional<std::uint64_t> content_length;
        bool chunked = false;
        bool wants_continue = false;   ///< Expect: 100-continue
        bool keep_alive = true;
        bool has_body() const noexcept { return chunked || content_length.value_or(0) != 0; }
    };
    struct Refusal {
        std::string_view problem;  ///< a code of wire's table
        std::string reason;        ///< for the log: a code word
    };

    explicit RequestReader(std::size_t max_head_bytes);
    RequestReader(const RequestReader&) = delete;
    auto operator=(const RequestReader&) -> RequestReader& = delete;
    ~RequestReader();

    /// The bytes that follow those given before.
    auto put(ByteView received) -> State;
    [[nodiscard]] auto state() const noexcept -> State;
    /// Whether a byte of the current request has come.
    [[nodiscard]] auto started() const noexcept -> bool;
    /// Bytes of the body that have come. In state body and done.
    [[nodiscard]] auto body_bytes() const noexcept -> std::size_t;

    /// In state decide and after.
    [[nodiscard]] auto head() const noexcept -> const Head&;
    /// In state decide. A longer body becomes a refusal, at once where its length was declared.
    auto allow_body(std::size_t limit) -> State;
    /// In state done: the request, without its peer. What has come beyond it is the start of the next.
    [[nodiscard]] auto take() -> wire::Request;
    [[nodiscard]] auto refusal() const noexcept -> const Refusal&;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

/// Reads one response. Interim responses (1xx) are passed over; one without a declared end is refused.
///
/// Input     untrusted bytes, cut anywhere
class ResponseReader {
public:
    ResponseReader(std::size_t max_body_bytes, bool to_head);
    ResponseReader(const ResponseReader&) = delete;
    auto operator=(const ResponseReader&) -> ResponseReader& = delete;
    ~ResponseReader();

    /// Whether the response is whole.
    /// Errors    malformed "http-malformed"; too_large "response-too-large"
    [[nodiscard]] auto put(ByteView received) -> Result<bool>;
    /// Whether any byte has come.
    [[nodiscard]] auto started() const noexcept -> bool;
    /// Once it is whole: whether the connection may be used again.
    [[nodiscard]] auto keep_alive() const noexcept -> bool;
    /// Once it is whole.
    [[nodiscard]] auto take() -> wire::Response;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

/// The bytes of a response. A head that could not be sent as it is (a control character in a field) becomes a 500 instead.
[[nodiscard]] auto to_bytes_on_wire(wire::Response response, bool to_head, bool keep_alive) -> std::string;

struct RequestText {
    std::string_view method;
    std::string_view target;
    std::string_view host;  ///< the Host field, with its port
    const std::vector<std::pair<std::string, std::string>>& headers;
    std::string_view content_type;
    std::string_view body;
};
/// The bytes of a request. Errors: malformed "request-malformed", where a part would break out of its place.
[[nodiscard]] auto to_bytes_on_wire(const RequestText& request) -> Result<std::string>;

}  // namespace cg::net
