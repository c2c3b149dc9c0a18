// The guard of request heads: the verdict does not depend on how the input is cut, and what passes is as plain as it says.
#include "gateway/wire/head_guard.hpp"

#include <algorithm>
#include <cstdlib>

namespace {

void must(bool holds) {
    if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using cg::wire::GuardResult;
    const cg::ByteView input{data, size};
    const auto whole = cg::wire::guard_head(input);
    cg::wire::HeadGuard bytes;
    GuardResult last;
    for (const auto& byte : input) last = bytes.feed({&byte, 1});
    must(last == whole);
    cg::wire::HeadGuard halves;
    static_cast<void>(halves.feed(input.first(size / 2)));
    must(halves.feed(input.subspan(size / 2)) == whole);
    if (whole.verdict != GuardResult::Verdict::ok) return 0;
    must(whole.head_bytes <= size && !(bytes.chunked() && bytes.content_length()));
    const auto head = cg::view_text(input.first(whole.head_bytes));
    must(head.ends_with("\r\n\r\n") && head.find("\r\n\r\n") == head.size() - 4);
    must(std::ranges::all_of(head, [](char c) { return (c >= 0x20 && c < 0x7f) || c == '\t' || c == '\r' || c == '\n'; }));
    must(std::ranges::count(head, '\n') == std::ranges::count(head, '\r'));
    return 0;
}
