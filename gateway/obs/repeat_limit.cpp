#include "gateway/obs/repeat_limit.hpp"

#include <utility>

namespace cg::obs {

auto RepeatLimit::allow(std::string_view key, Clock::time_point now) -> bool {
    auto it = windows_.find(key);
    if (it == windows_.end()) {
        if (windows_.size() >= options_.max_keys) it = windows_.try_emplace("other", Window{now}).first;
        else it = windows_.try_emplace(std::string{key}, Window{now}).first;
    }
    auto& window = it->second;
    // A window with repeats stays until they are told: take_over() forgets it.
    if (now - window.began >= options_.window && window.seen <= options_.allowed) window = {now, 0};
    return ++window.seen <= options_.allowed;
}

auto RepeatLimit::take_over(Clock::time_point now) -> std::vector<Repeated> {
    std::vector<Repeated> over;
    for (auto it = windows_.begin(); it != windows_.end();) {
        if (now - it->second.began < options_.window) {
            ++it;
            continue;
        }
        if (it->second.seen > options_.allowed) over.push_back({it->first, it->second.seen - options_.allowed});
        it = windows_.erase(it);
    }
    return over;
}

auto RepeatLimit::take_all() -> std::vector<Repeated> {
    return take_over(Clock::time_point::max());
}

}  // namespace cg::obs
