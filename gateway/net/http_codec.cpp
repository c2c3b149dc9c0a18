#include "gateway/net/http_codec.hpp"

#include "gateway/net/http_target.hpp"
#include "gateway/wire/head_guard.hpp"
#include "gateway/wire/problem.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/vector_body.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <ctime>
#include <utility>

namespace cg::net {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using boost::beast::iequals;
using RequestParser = http::request_parser<http::vector_body<std::uint8_t>>;
using ResponseParser = http::response_parser<http::string_body>;

/// What a chunk's frame (its size, extensions and the trailers) may take.
constexpr std::size_t max_chunk_frame = 16U << 10U;

auto to_std(boost::beast::string_view text) -> std::string { return {text.data(), text.size()}; }

auto media_type(std::string_view field) -> std::string {
    auto text = field.substr(0, field.find(';'));
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    std::string out{text};
    std::ranges::transform(out, out.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return out;
}

/// Feeds a Beast parser all of `pending`, and takes off what it has used up. False: the parser says no.
template <class Parser>
auto feed(Parser& parser, std::string& pending, boost::system::error_code& ec) -> bool {
    std::size_t used = 0;
    while (used < pending.size() && !parser.is_done()) {
        used += parser.put(asio::buffer(pending.data() + used, pending.size() - used), ec);
        if (ec) break;
    }
    pending.erase(0, used);
    if (ec == http::error::need_more) ec = {};
    return !ec;
}

auto is_plain(std::string_view value) -> bool {
    return std::ranges::all_of(value, [](char c) { return static_cast<unsigned char>(c) >= 0x20 && c != 0x7f; });
}

auto is_token(std::string_view name) -> bool {
    constexpr std::string_view others = "!#$%&'*+-.^_`|~";
    return !name.empty() && std::ranges::all_of(name, [&](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || others.find(c) != others.npos;
    });
}

void append_field(std::string& out, std::string_view name, std::string_view value) {
    out += name;
    out += ": ";
    out += value;
    out += "\r\n";
}

/// RFC 9110 section 5.6.7. The C locale is the only one we ever set.
auto http_date() -> std::string {
    const auto now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
    std::tm parts{};
    gmtime_r(&now, &parts);
    std::array<char, 40> text{};
    return {text.data(), std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &parts)};
}

}  // namespace

// ---- requests in ----------------------------------------------------------------------------------------------------

struct RequestReader::Impl {
    explicit Impl(std::size_t max_head) : max_head_bytes(max_head), guard(limits()) {}

    std::size_t max_head_bytes;
    wire::HeadGuard guard;
    std::size_t guarded = 0;  ///< bytes of `pending` that the guard has seen
    std::string pending;
    std::optional<RequestParser> parser;
    wire::Request request;
    Head head;
    State state = State::head;
    Refusal refusal;

    [[nodiscard]] auto limits() const -> wire::HeadLimits {
        wire::HeadLimits out;
        out.max_bytes = max_head_bytes;
        return out;
    }
    void refuse(std::string_view problem, std::string_view reason) {
        state = State::refused;
        refusal = {problem, std::string{reason}};
    }
    void read_head();
    void take_head(std::string_view raw);
    auto take_fields() -> bool;
    void read_body();
};

void RequestReader::Impl::read_head() {
    const auto fresh = view_bytes(std::string_view{pending}.substr(guarded));
    guarded = pending.size();
    const auto verdict = guard.feed(fresh);
    using Verdict = wire::GuardResult::Verdict;
    if (verdict.verdict == Verdict::need_more) return;
    if (verdict.verdict == Verdict::refuse) {
        const bool large = verdict.reason == wire::HeadRefusal::too_large;
        return refuse(large ? "request/head-too-large" : "request/head-refused", wire::to_string(verdict.reason));
    }
    take_head(std::string_view{pending}.substr(0, verdict.head_bytes));
    if (state == State::decide) pending.erase(0, verdict.head_bytes);
}

void RequestReader::Impl::take_head(std::string_view raw) {
    parser.emplace();
    parser->header_limit(static_cast<std::uint32_t>(max_head_bytes));
    parser->body_limit(boost::none);  // allow_body() looks at it
    boost::system::error_code ec;
    const auto used = parser->put(asio::buffer(raw.data(), raw.size()), ec);
    if (ec || used != raw.size() || !parser->is_header_done()) return refuse("request/head-refused", "unreadable");
    head = {};
    head.content_length = guard.content_length();
    head.chunked = guard.chunked();
    // Two readers of one head that disagree about its end are what smuggling is made of.
    const auto theirs = parser->content_length();
    if (parser->chunked() != head.chunked || theirs.value_or(0) != head.content_length.value_or(0))
        return refuse("request/head-refused", "two-readings");
    if (take_fields()) state = State::decide;
}

auto RequestReader::Impl::take_fields() -> bool {
    const auto& message = parser->get();
    for (const auto field : {http::field::content_type, http::field::expect, http::field::content_encoding})
        if (message.count(field) > 1) return refuse("request/head-refused", "duplicate-field"), false;
    if (message.count("Idempotency-Key") > 1) return refuse("request/head-refused", "duplicate-field"), false;
    const auto coding = message[http::field::content_encoding];
    if (!coding.empty() && !iequals(coding, "identity")) return refuse("request/content-type", "content-coding"), false;
    const auto expect = message[http::field::expect];
    head.wants_continue = iequals(expect, "100-continue");
    if (!expect.empty() && !head.wants_continue) return refuse("request/head-refused", "expectation"), false;

    request = {};
    if (!read_target(to_std(message.target()), request)) return refuse("request/head-refused", "bad-target"), false;
    request.method = to_std(message.method_string());
    request.idempotency_key = to_std(message["Idempotency-Key"]);
    request.content_type = media_type(to_std(message[http::field::content_type]));
    head.method = request.method;
    head.path = request.path;
    head.keep_alive = message.keep_alive();
    return true;
}

void RequestReader::Impl::read_body() {
    boost::system::error_code ec;
    if (!feed(*parser, pending, ec)) {
        const bool large = ec == http::error::body_limit;
        return refuse(large ? "request/too-large" : "request/malformed", large ? "body-bytes" : "bad-framing");
    }
    if (parser->is_done()) state = State::done;
    else if (pending.size() > max_chunk_frame) refuse("request/malformed", "chunk-frame");
}

RequestReader::RequestReader(std::size_t max_head_bytes) : impl_(std::make_unique<Impl>(max_head_bytes)) {}
RequestReader::~RequestReader() = default;

auto RequestReader::put(ByteView received) -> State {
    if (impl_->state == State::refused) return State::refused;
    impl_->pending.append(view_text(received));
    if (impl_->state == State::head) impl_->read_head();
    else if (impl_->state == State::body) impl_->read_body();
    return impl_->state;
}

auto RequestReader::state() const noexcept -> State { return impl_->state; }
auto RequestReader::started() const noexcept -> bool { return impl_->state != State::head || !impl_->pending.empty(); }
auto RequestReader::head() const noexcept -> const Head& { return impl_->head; }
auto RequestReader::refusal() const noexcept -> const Refusal& { return impl_->refusal; }
auto RequestReader::body_bytes() const noexcept -> std::size_t {
    return impl_->parser ? impl_->parser->get().body().size() : 0;
}

auto RequestReader::allow_body(std::size_t limit) -> State {
    auto& self = *impl_;
    CG_ENSURE(self.state == State::decide);
    if (self.head.content_length.value_or(0) > limit) {
        self.refuse("request/too-large", "body-bytes");
        return self.state;
    }
    self.parser->body_limit(limit);
    self.parser->eager(true);
    self.state = self.parser->is_done() ? State::done : State::body;
    if (self.state == State::body) self.read_body();
    return self.state;
}

auto RequestReader::take() -> wire::Request {
    auto& self = *impl_;
    CG_ENSURE(self.state == State::done);
    auto out = std::move(self.request);
    out.body = std::move(self.parser->get().body());
    self.parser.reset();
    self.guard = wire::HeadGuard{self.limits()};
    self.guarded = 0;
    self.state = State::head;
    if (!self.pending.empty()) self.read_head();
    return out;
}

// ---- responses in ---------------------------------------------------------------------------------------------------

struct ResponseReader::Impl {
    Impl(std::size_t max_body, bool answers_head) : max_body_bytes(max_body), to_head(answers_head) { restart(); }

    void restart() {
        parser.emplace();
        parser->header_limit(max_chunk_frame);
        parser->body_limit(max_body_bytes);
        parser->skip(to_head);
        parser->eager(true);
    }

    std::size_t max_body_bytes;
    bool to_head;
    std::string pending;
    bool started = false;
    std::optional<ResponseParser> parser;
};

ResponseReader::ResponseReader(std::size_t max_body_bytes, bool to_head)
    : impl_(std::make_unique<Impl>(max_body_bytes, to_head)) {}
ResponseReader::~ResponseReader() = default;

auto ResponseReader::put(ByteView received) -> Result<bool> {
    auto& self = *impl_;
    self.started = self.started || !received.empty();
    self.pending.append(view_text(received));
    for (;;) {
        boost::system::error_code ec;
        if (!feed(*self.parser, self.pending, ec)) {
            if (ec == http::error::body_limit) return fail(Errc::too_large, "response-too-large");
            return fail(Errc::malformed, "http-malformed");
        }
        if (self.parser->is_header_done() && self.parser->need_eof() && !self.parser->is_done())
            return fail(Errc::malformed, "http-malformed");  // an end that anybody can forge by closing
        if (!self.parser->is_done()) {
            if (self.pending.size() > max_chunk_frame) return fail(Errc::malformed, "http-malformed");
            return false;
        }
        const auto status = self.parser->get().result_int();
        if (status >= 200) break;
        if (status == 101) return fail(Errc::malformed, "http-malformed");
        self.restart();
        if (self.pending.empty()) return false;
    }
    if (!self.pending.empty()) return fail(Errc::malformed, "http-malformed");  // more than was asked for
    return true;
}

auto ResponseReader::started() const noexcept -> bool { return impl_->started; }
auto ResponseReader::keep_alive() const noexcept -> bool { return impl_->parser->keep_alive(); }

auto ResponseReader::take() -> wire::Response {
    auto& message = impl_->parser->get();
    wire::Response out;
    out.status = static_cast<int>(message.result_int());
    out.content_type = media_type(to_std(message[http::field::content_type]));
    for (const auto& field : message) {
        if (field.name() == http::field::content_type || field.name() == http::field::content_length ||
            field.name() == http::field::connection || field.name() == http::field::transfer_encoding)
            continue;
        out.headers.emplace_back(to_std(field.name_string()), to_std(field.value()));
    }
    out.body = std::move(message.body());
    return out;
}

// ---- out ------------------------------------------------------------------------------------------------------------

auto to_bytes_on_wire(wire::Response response, bool to_head, bool keep_alive) -> std::string {
    bool sendable = response.status >= 200 && response.status <= 599 && is_plain(response.content_type);
    for (const auto& [name, value] : response.headers) sendable = sendable && is_token(name) && is_plain(value);
    if (!sendable) response = wire::problem_response("gateway/internal");

    std::string out = "HTTP/1.1 " + std::to_string(response.status) + ' ';
    const auto reason = http::obsolete_reason(static_cast<http::status>(response.status));
    out.append(reason.data(), reason.size());
    out += "\r\n";
    out.reserve(out.size() + response.body.size() + 512);
    append_field(out, "Date", http_date());
    const bool bodiless = response.status == 204 || response.status == 304;
    if (!bodiless) append_field(out, "Content-Length", std::to_string(response.body.size()));
    if (!response.body.empty()) append_field(out, "Content-Type", response.content_type);
    append_field(out, "Cache-Control", "no-store");
    append_field(out, "X-Content-Type-Options", "nosniff");
    for (const auto& [name, value] : response.headers) append_field(out, name, value);
    if (!keep_alive) append_field(out, "Connection", "close");
    out += "\r\n";
    if (!to_head && !bodiless) out += response.body;
    return out;
}

auto to_bytes_on_wire(const RequestText& request) -> Result<std::string> {
    bool sendable = is_token(request.method) && is_plain(request.target) && request.target.starts_with('/') &&
                    request.target.find(' ') == std::string_view::npos && is_plain(request.host) && is_plain(request.content_type);
    for (const auto& [name, value] : request.headers) sendable = sendable && is_token(name) && is_plain(value);
    if (!sendable) return fail(Errc::malformed, "request-malformed");

    std::string out;
    out.reserve(request.body.size() + request.target.size() + 512);
    out += request.method;
    out += ' ';
    out += request.target;
    out += " HTTP/1.1\r\n";
    append_field(out, "Host", request.host);
    if (!request.content_type.empty()) append_field(out, "Content-Type", request.content_type);
    if (!request.body.empty() || request.method == "POST" || request.method == "PUT")
        append_field(out, "Content-Length", std::to_string(request.body.size()));
    for (const auto& [name, value] : request.headers) append_field(out, name, value);
    out += "\r\n";
    out += request.body;
    return out;
}

}  // namespace cg::net
