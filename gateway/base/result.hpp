#pragma once
/// The one result type, the one error type, and the problem that a person is shown.
///
/// Expected failures are values (`Result`); exceptions are for broken invariants and library edges only.

#include <boost/outcome/basic_result.hpp>
#include <boost/outcome/policy/terminate.hpp>
#include <boost/outcome/success_failure.hpp>
#include <boost/outcome/try.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cg {

/// What the caller should do about a failure. Append only: the numbers appear in records.
enum class Errc : std::uint8_t {
    malformed = 1,    ///< the input breaks its format: refuse it; trying again will not help
    truncated,        ///< the input ended early: get the rest
    too_large,        ///< over a limit: refuse it
    unauthenticated,  ///< a signature, MAC, key or certificate does not fit: refuse, say no more than that
    denied,           ///< understood, and not allowed
    conflict,         ///< contradicts something already recorded
    not_found,        ///< no such thing here
    timed_out,        ///< may be tried again
    cancelled,        ///< we are shutting down
    unavailable,      ///< a disk, peer or process is not answering: try again later
    corrupt,          ///< stored state contradicts itself: stop, do not guess
    unsupported,      ///< well formed, but a kind we do not do (the text says which)
};

[[nodiscard]] auto to_string(Errc code) noexcept -> std::string_view;

/// One thing that is wrong with what somebody sent, in words they can act on.
///
/// Secret  never holds a value from the input, only where it is (`pointer`, RFC 6901) and how to mend it
struct Problem {
    std::string type;     ///< stable code, e.g. `accuracy/kind-missing`; the tail of the RFC 9457 type URI
    std::string pointer;  ///< JSON Pointer into the input; empty: the whole input
    std::string fix;      ///< one sentence: what to do
    std::string rule;     ///< the rule that asks for it; empty where no policy rule is involved

    auto operator==(const Problem&) const -> bool = default;
};

/// A failure. `detail` is for operators and never holds a secret, personal data or a peer's own text.
struct Error {
    Errc code{};
    std::string detail;
    std::vector<Problem> problems;  ///< all that is wrong at once, where the input came from a person or a system
    std::vector<std::string> instructions{};  ///< what somebody does first, whatever is wrong: "Call 999 …"
};

template <class T = void>
using Result = boost::outcome_v2::basic_result<T, Error, boost::outcome_v2::policy::terminate>;

inline auto fail(Errc code, std::string detail = {}) {
    return boost::outcome_v2::failure(Error{code, std::move(detail), {}});
}
inline auto fail(Errc code, std::string detail, std::vector<Problem> problems) {
    return boost::outcome_v2::failure(Error{code, std::move(detail), std::move(problems)});
}
inline auto fail(Error error) { return boost::outcome_v2::failure(std::move(error)); }
inline auto ok() { return boost::outcome_v2::success(); }

/// For our own bugs, never for input: says where, and ends the process. Stays on in release.
[[noreturn]] void invariant_broken(const char* what, const char* file, int line) noexcept;

}  // namespace cg

/// CG_TRY(auto x, expr): binds the value, or returns the error. CG_TRY(expr): for Result<>.
#define CG_TRY(...) BOOST_OUTCOME_TRY(__VA_ARGS__)
/// The same inside a coroutine.
#define CG_CO_TRY(...) BOOST_OUTCOME_CO_TRY(__VA_ARGS__)
/// An assertion about our own code. Not for input.
#define CG_ENSURE(condition) \
    ((condition) ? static_cast<void>(0) : ::cg::invariant_broken(#condition, __FILE__, __LINE__))
