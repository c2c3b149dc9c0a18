#pragma once
/// Looks at the raw head of an HTTP/1.1 request before any HTTP parser does, and refuses whatever two parsers could read
/// differently (request smuggling; RFC 9112 sections 2, 5, 6 and 11). Stricter than the RFC wherever it lets a server choose.

#include "gateway/base/bytes.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cg::wire {

/// Why a head is refused.
enum class HeadRefusal : std::uint8_t {
    too_large,            ///< over HeadLimits::max_bytes or max_fields
    control_byte,         ///< NUL, or any control or non-ASCII byte where it may not be
    bare_lf,              ///< a line that does not end in CR LF
    bare_cr,
    bad_method,           ///< not one to sixteen letters A-Z
    bad_target,           ///< not origin-form: "/…", not "//…", only bytes RFC 3986 allows, whole percent escapes, no %00
    bad_version,          ///< not HTTP/1.1
    folded_line,          ///< obs-fold, or white space before the first field
    bad_field_name,       ///< not a token, or empty
    space_before_colon,
    duplicate_host,
    bad_host,             ///< empty, or with a byte that no host name, address or port has
    missing_host,
    duplicate_length,     ///< Content-Length twice, or a list
    bad_length,           ///< Content-Length that is not 1 to 19 digits
    duplicate_coding,     ///< Transfer-Encoding twice
    unknown_coding,       ///< any transfer coding but one `chunked`
    both_lengths,         ///< Content-Length and Transfer-Encoding
};
/// "both-lengths", …
[[nodiscard]] auto to_string(HeadRefusal refusal) noexcept -> std::string_view;

struct HeadLimits {
    std::size_t max_bytes = 16U << 10U;
    std::size_t max_fields = 100;
};

struct GuardResult {
    enum class Verdict : std::uint8_t { need_more, ok, refuse };
    Verdict verdict = Verdict::need_more;
    std::size_t head_bytes = 0;             ///< with ok: length of the head with its empty line
    HeadRefusal reason{};                   ///< with refuse
    auto operator==(const GuardResult&) const -> bool = default;
};

/// The guard of one head. Feed it what arrives, in pieces of any size: the verdict does not depend on how it was cut.
///
/// Input     untrusted bytes from the start of a request; bytes after the head are not looked at
/// Threads   one at a time
class HeadGuard {
public:
    explicit HeadGuard(HeadLimits limits = {}) : limits_(limits) {}

    /// The bytes that follow those fed before. After ok or refuse the verdict stays.
    [[nodiscard]] auto feed(ByteView more) -> GuardResult;

    /// After ok. How the body is framed: a length, chunked, or (neither) no body.
    [[nodiscard]] auto content_length() const noexcept -> std::optional<std::uint64_t> { return length_; }
    [[nodiscard]] auto chunked() const noexcept -> bool { return chunked_; }

private:
    enum class At : std::uint8_t { method, target, version, first_cr, name, value, value_cr, last_cr, done };
    [[nodiscard]] auto step(std::uint8_t byte) -> std::optional<HeadRefusal>;
    [[nodiscard]] auto in_request_line(std::uint8_t byte) -> std::optional<HeadRefusal>;
    [[nodiscard]] auto in_name(std::uint8_t byte) -> std::optional<HeadRefusal>;
    [[nodiscard]] auto in_value(std::uint8_t byte) -> std::optional<HeadRefusal>;
    [[nodiscard]] auto end_of_field() -> std::optional<HeadRefusal>;
    [[nodiscard]] auto end_of_head() const -> std::optional<HeadRefusal>;

    HeadLimits limits_;
    GuardResult result_;
    At at_ = At::method;
    std::size_t seen_ = 0;
    std::size_t fields_ = 0;
    std::string token_;  ///< method, target, version or field name being read
    std::string value_;
    bool host_ = false;
    bool chunked_ = false;
    std::optional<std::uint64_t> length_;
};

/// The verdict over all that has arrived so far.
[[nodiscard]] auto guard_head(ByteView so_far, HeadLimits limits = {}) -> GuardResult;

}  // namespace cg::wire
