#include "gateway/wire/head_guard.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace cg::wire {
namespace {

using Refusal = std::optional<HeadRefusal>;

constexpr std::size_t max_method_bytes = 16;
constexpr std::size_t max_length_digits = 19;

auto is_digit(char c) noexcept -> bool { return c >= '0' && c <= '9'; }
auto is_alpha(char c) noexcept -> bool { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
auto is_hex(char c) noexcept -> bool { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
auto is_one_of(char c, std::string_view set) noexcept -> bool { return set.find(c) != std::string_view::npos; }
/// RFC 9110 section 5.6.2.
auto is_token_char(char c) noexcept -> bool { return is_digit(c) || is_alpha(c) || is_one_of(c, "!#$%&'*+-.^_`|~"); }
/// RFC 3986: what a path and a query may hold, '%' apart.
auto is_target_char(char c) noexcept -> bool { return is_digit(c) || is_alpha(c) || is_one_of(c, "-._~!$&'()*+,;=:@/?"); }
auto is_host_char(char c) noexcept -> bool { return is_digit(c) || is_alpha(c) || is_one_of(c, ".-:[]"); }
auto is_printable(std::uint8_t byte) noexcept -> bool { return byte >= 0x20 && byte < 0x7f; }
auto lower(char c) noexcept -> char { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

auto trimmed(std::string_view text) -> std::string_view {
    const auto first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

auto is_good_target(std::string_view target) -> bool {
    if (!target.starts_with('/') || target.starts_with("//")) return false;
    for (std::size_t i = 0; i < target.size(); ++i) {
        if (is_target_char(target[i])) continue;
        if (target[i] != '%' || i + 2 >= target.size() || !is_hex(target[i + 1]) || !is_hex(target[i + 2])) return false;
        if (target.substr(i, 3) == "%00") return false;
        i += 2;
    }
    return true;
}

/// What a byte that no part of a head may hold is called; none where it may be part of one.
auto stray(std::uint8_t byte) -> Refusal {
    if (byte == '\n') return HeadRefusal::bare_lf;
    if (byte != '\r' && byte != '\t' && !is_printable(byte)) return HeadRefusal::control_byte;
    return {};
}

}  // namespace

auto to_string(HeadRefusal refusal) noexcept -> std::string_view {
    switch (refusal) {
        case HeadRefusal::too_large: return "too-large";
        case HeadRefusal::control_byte: return "control-byte";
        case HeadRefusal::bare_lf: return "bare-lf";
        case HeadRefusal::bare_cr: return "bare-cr";
        case HeadRefusal::bad_method: return "bad-method";
        case HeadRefusal::bad_target: return "bad-target";
        case HeadRefusal::bad_version: return "bad-version";
        case HeadRefusal::folded_line: return "folded-line";
        case HeadRefusal::bad_field_name: return "bad-field-name";
        case HeadRefusal::space_before_colon: return "space-before-colon";
        case HeadRefusal::duplicate_host: return "duplicate-host";
        case HeadRefusal::bad_host: return "bad-host";
        case HeadRefusal::missing_host: return "missing-host";
        case HeadRefusal::duplicate_length: return "duplicate-length";
        case HeadRefusal::bad_length: return "bad-length";
        case HeadRefusal::duplicate_coding: return "duplicate-coding";
        case HeadRefusal::unknown_coding: return "unknown-coding";
        case HeadRefusal::both_lengths: return "both-lengths";
    }
    return "refused";
}

auto HeadGuard::feed(ByteView more) -> GuardResult {
    for (const auto byte : more) {
        if (result_.verdict != GuardResult::Verdict::need_more) break;
        ++seen_;
        auto refusal = step(byte);
        if (!refusal && at_ != At::done && seen_ >= limits_.max_bytes) refusal = HeadRefusal::too_large;
        if (refusal)
            result_ = {GuardResult::Verdict::refuse, 0, *refusal};
        else if (at_ == At::done)
            result_ = {GuardResult::Verdict::ok, seen_, {}};
    }
    return result_;
}

auto HeadGuard::step(std::uint8_t byte) -> Refusal {
    const auto expect_lf = [&](At next) -> Refusal {
        if (byte != '\n') return HeadRefusal::bare_cr;
        at_ = next;
        return {};
    };
    switch (at_) {
        case At::method:
        case At::target:
        case At::version: return in_request_line(byte);
        case At::first_cr: return expect_lf(At::name);
        case At::name: return in_name(byte);
        case At::value: return in_value(byte);
        case At::value_cr:
            if (auto refusal = expect_lf(At::name)) return refusal;
            return end_of_field();
        case At::last_cr:
            if (auto refusal = expect_lf(At::done)) return refusal;
            return end_of_head();
        case At::done: break;
    }
    return {};
}

auto HeadGuard::in_request_line(std::uint8_t byte) -> Refusal {
    if (auto refusal = stray(byte)) return refusal;
    const char c = static_cast<char>(byte);
    if (at_ == At::method) {
        if (c == ' ' && !token_.empty()) {
            at_ = At::target;
            token_.clear();
            return {};
        }
        if (c < 'A' || c > 'Z' || token_.size() == max_method_bytes) return HeadRefusal::bad_method;
    } else if (at_ == At::target) {
        if (c == ' ') {
            if (!is_good_target(token_)) return HeadRefusal::bad_target;
            at_ = At::version;
            token_.clear();
            return {};
        }
        if (c == '\r' || c == '\t') return HeadRefusal::bad_target;
    } else if (c == '\r') {
        if (token_ != "HTTP/1.1") return HeadRefusal::bad_version;
        at_ = At::first_cr;
        token_.clear();
        return {};
    }
    token_ += c;
    return {};
}

auto HeadGuard::in_name(std::uint8_t byte) -> Refusal {
    if (auto refusal = stray(byte)) return refusal;
    const char c = static_cast<char>(byte);
    if (token_.empty() && c == '\r') {
        at_ = At::last_cr;
        return {};
    }
    if (c == ' ' || c == '\t') return token_.empty() ? HeadRefusal::folded_line : HeadRefusal::space_before_colon;
    if (c == ':' && !token_.empty()) {
        at_ = At::value;
        value_.clear();
        return {};
    }
    if (!is_token_char(c)) return HeadRefusal::bad_field_name;
    token_ += lower(c);
    return {};
}

auto HeadGuard::in_value(std::uint8_t byte) -> Refusal {
    if (auto refusal = stray(byte)) return refusal;
    if (byte == '\r')
        at_ = At::value_cr;
    else
        value_ += static_cast<char>(byte);
    return {};
}

auto HeadGuard::end_of_field() -> Refusal {
    if (++fields_ > limits_.max_fields) return HeadRefusal::too_large;
    const auto value = trimmed(value_);
    const std::string name = std::exchange(token_, {});
    if (name == "host") {
        if (std::exchange(host_, true)) return HeadRefusal::duplicate_host;
        if (value.empty() || !std::ranges::all_of(value, is_host_char)) return HeadRefusal::bad_host;
    } else if (name == "content-length") {
        if (length_ || value.find(',') != std::string_view::npos) return HeadRefusal::duplicate_length;
        const bool leading_zero = value.size() > 1 && value.front() == '0';
        if (value.empty() || value.size() > max_length_digits || leading_zero || !std::ranges::all_of(value, is_digit))
            return HeadRefusal::bad_length;
        std::uint64_t length = 0;
        std::from_chars(value.data(), value.data() + value.size(), length);  // 19 digits always fit
        length_ = length;
    } else if (name == "transfer-encoding") {
        if (chunked_) return HeadRefusal::duplicate_coding;
        if (!std::ranges::equal(value, std::string_view{"chunked"}, {}, lower)) return HeadRefusal::unknown_coding;
        chunked_ = true;
    }
    if (chunked_ && length_) return HeadRefusal::both_lengths;
    return {};
}

auto HeadGuard::end_of_head() const -> Refusal {
    if (!host_) return HeadRefusal::missing_host;
    return {};
}

auto guard_head(ByteView so_far, HeadLimits limits) -> GuardResult {
    HeadGuard guard{limits};
    return guard.feed(so_far);
}

}  // namespace cg::wire
