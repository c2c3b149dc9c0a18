#include "gateway/base/result.hpp"

#include <cstdio>
#include <cstdlib>

namespace cg {

auto to_string(Errc code) noexcept -> std::string_view {
    switch (code) {
        case Errc::malformed: return "malformed";
        case Errc::truncated: return "truncated";
        case Errc::too_large: return "too_large";
        case Errc::unauthenticated: return "unauthenticated";
        case Errc::denied: return "denied";
        case Errc::conflict: return "conflict";
        case Errc::not_found: return "not_found";
        case Errc::timed_out: return "timed_out";
        case Errc::cancelled: return "cancelled";
        case Errc::unavailable: return "unavailable";
        case Errc::corrupt: return "corrupt";
        case Errc::unsupported: return "unsupported";
    }
    return "unknown";
}

void invariant_broken(const char* what, const char* file, int line) noexcept {
    // No allocation and no logger: this may run with either in pieces.
    std::fprintf(stderr, "casegate: internal error: %s (%s:%d)\n", what, file, line);
    std::abort();
}

}  // namespace cg
