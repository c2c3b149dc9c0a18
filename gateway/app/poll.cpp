#include "gateway/app/poll.hpp"

#include <algorithm>
#include <array>
#include <thread>

namespace cg::app {

auto poll(std::chrono::milliseconds bound, const std::function<Result<std::optional<Json>>()>& ask) -> Result<Json> {
    const auto end = std::chrono::steady_clock::now() + bound;
    auto pause = std::chrono::milliseconds{20};
    for (;;) {
        CG_TRY(auto answer, ask());
        if (answer) return std::move(*answer);
        if (std::chrono::steady_clock::now() + pause > end)
            return fail(Errc::timed_out, "it has not happened yet; nothing is lost, ask again later");
        std::this_thread::sleep_for(pause);
        pause = std::min(pause * 2, std::chrono::milliseconds{500});
    }
}

auto all_delivered(const Json& status, std::string_view least) -> bool {
    static constexpr std::array<std::string_view, 3> ladder{"received", "opened", "acknowledged"};
    const auto* deliveries = status["deliveries"].if_array();
    if (deliveries == nullptr || deliveries->empty()) return false;
    const auto from = std::ranges::find(ladder, least);
    return std::ranges::all_of(*deliveries, [&](const Json& one) {
        return std::find(from, ladder.end(), one["state"].text()) != ladder.end();
    });
}

}  // namespace cg::app
