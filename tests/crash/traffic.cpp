#include "tests/crash/traffic.hpp"

#include <chrono>

namespace cg::test {
namespace {

/// Between two attempts at a gateway that does not answer.
constexpr std::chrono::milliseconds pause{20};
constexpr std::chrono::seconds patience{10};
/// After stop(): a gateway that has not answered by then is not there, and the test has failed.
constexpr std::chrono::seconds last_wait{90};

/// An answer that settles the matter; anything else is asked again.
auto is_final(const Result<wire::Response>& answer) -> bool { return answer.has_value() && answer.value().status < 500; }

}  // namespace

void Asker::stop() {
    if (!stopped_.exchange(true)) stopped_at_ = std::chrono::steady_clock::now();
}

auto Asker::overdue() const -> bool {
    return stopped_ && std::chrono::steady_clock::now() > stopped_at_.load() + last_wait;
}

void Asker::until_answered(net::OfficeClient& office, Submitted& one) const {
    while (!overdue()) {
        one.attempts += 1;
        const auto answer = post_message(office, one.key, one.body);
        if (is_final(answer)) {
            one.status = answer.value().status;
            one.answer = answer.value().body;
            return;
        }
        std::this_thread::sleep_for(pause);
    }
}

Clients::Clients(const LiveAgency& sender, std::vector<std::string> recipients, std::size_t count) : recipients_(std::move(recipients)) {
    for (std::size_t i = 0; i < count; ++i)
        threads_.emplace_back([this, i, office = sender.office(patience)]() mutable { submit_on_and_on(std::move(office), i); });
}

auto Clients::answered() const -> std::size_t {
    const std::lock_guard lock{mutex_};
    return done_.size();
}

auto Clients::finish() -> std::vector<Submitted> {
    asker_.stop();
    for (auto& thread : threads_)
        if (thread.joinable()) thread.join();
    return std::move(done_);
}

void Clients::submit_on_and_on(net::OfficeClient office, std::size_t client) {
    for (std::size_t n = 0; !asker_.stopped(); ++n) {
        Submitted one;
        const auto name = std::to_string(client) + "-" + std::to_string(n);
        one.key = "key-" + name;
        one.case_ref = "CR-" + name;
        one.body = to_jcs(submission(one.case_ref, recipients_));
        asker_.until_answered(office, one);
        const std::lock_guard lock{mutex_};
        done_.push_back(std::move(one));
    }
}

InboxReader::InboxReader(const LiveAgency& receiver)
    : thread_([this, office = receiver.office(patience)]() mutable { read_on_and_on(std::move(office)); }) {}

auto InboxReader::finish() -> std::set<std::string> {
    asker_.stop();
    if (thread_.joinable()) thread_.join();
    return std::move(acknowledged_);
}

void InboxReader::read_on_and_on(net::OfficeClient office) {
    std::int64_t position = 0;
    while (!asker_.stopped()) {
        const auto listed = office.request("GET", "/v1/inbox?limit=50&after=" + std::to_string(position));
        const auto list = is_final(listed) ? parse_json(listed.value().body) : Result<Json>{Json{}};
        const auto* messages = list.has_value() ? list.value()["messages"].if_array() : nullptr;
        if (messages == nullptr || messages->empty()) {
            std::this_thread::sleep_for(pause);
            continue;
        }
        for (const auto& message : *messages) {
            const std::string mid{message["mid"].text()};
            // What was asked for and not answered is asked again, so that we know of each acknowledgement whether it counts.
            while (!is_final(office.request("POST", "/v1/inbox/" + mid + "/ack", {}, R"({"state":"acknowledged"})"))) {
                if (asker_.overdue()) return;
                std::this_thread::sleep_for(pause);
            }
            acknowledged_.insert(mid);
            position = message["position"].integer_or(position);
        }
    }
}

}  // namespace cg::test
