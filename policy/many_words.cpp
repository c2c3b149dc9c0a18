#include "policy/many_words.hpp"

namespace cg::policy {

void ManyWords::add(std::string_view word, std::uint32_t id) {
    if (!word.empty()) pending_.push_back({word, id});
}

void ManyWords::insert(const Pending& pending) {
    std::uint32_t state = 0;
    for (const char c : pending.text) {
        auto& to = next_[state * classes_ + class_of_[static_cast<unsigned char>(c)]];
        if (to == 0) {
            to = static_cast<std::uint32_t>(words_at_.size());
            state = to;
            words_at_.push_back(none);
            next_.resize(next_.size() + classes_, 0);
        } else {
            state = to;
        }
    }
    words_.push_back({pending.id, static_cast<std::uint32_t>(pending.text.size()), none});
    auto* place = &words_at_[state];  // behind those that are there: the first to be added comes first
    while (*place != none) place = &words_[*place].also;
    *place = static_cast<std::uint32_t>(words_.size() - 1);
}

void ManyWords::prepare() {
    std::size_t letters = 1;
    for (const auto& pending : pending_) {
        letters += pending.text.size();
        for (const char c : pending.text) {
            auto& number = class_of_[static_cast<unsigned char>(c)];
            if (number == 0) number = static_cast<std::uint8_t>(classes_++);
        }
    }
    words_at_.reserve(letters);
    next_.reserve(letters * classes_);
    words_.reserve(pending_.size());
    words_at_.push_back(none);
    next_.resize(classes_, 0);
    for (const auto& pending : pending_) insert(pending);
    pending_.clear();

    const auto states = words_at_.size();
    shorter_.assign(states, 0);
    std::vector<std::uint32_t> fail(states, 0), order;
    order.reserve(states);
    for (std::uint32_t c = 0; c < classes_; ++c)
        if (next_[c] != 0) order.push_back(next_[c]);
    for (std::size_t head = 0; head < order.size(); ++head) {
        const auto state = order[head], back = fail[state];
        shorter_[state] = words_at_[back] != none ? back : shorter_[back];
        for (std::uint32_t c = 0; c < classes_; ++c) {
            auto& to = next_[state * classes_ + c];
            const auto otherwise = next_[back * classes_ + c];
            if (to != 0) {
                fail[to] = otherwise;
                order.push_back(to);
            } else {
                to = otherwise;
            }
        }
    }
}

}  // namespace cg::policy
