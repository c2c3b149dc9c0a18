#pragma once
/// Load that survives a gateway's death: clients that ask again with the same key until they are answered.

#include "tests/support/live_agency.hpp"

#include <atomic>
#include <chrono>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace cg::test {

struct Submitted {
    std::string key, case_ref, body;
    int status = 0;
    std::string answer;
    unsigned attempts = 0;
};

/// When to go on asking, and when to leave it.
class Asker {
public:
    void stop();
    [[nodiscard]] auto stopped() const -> bool { return stopped_; }
    /// Stopped so long ago that no answer will come.
    [[nodiscard]] auto overdue() const -> bool;
    /// Fills in the answer; without one (status 0) only when it is overdue.
    void until_answered(net::OfficeClient& office, Submitted& one) const;

private:
    std::atomic<bool> stopped_{false};
    std::atomic<std::chrono::steady_clock::time_point> stopped_at_{};
};

/// Threads that submit one case after another, each with a key and a case reference of its own.
class Clients {
public:
    Clients(const LiveAgency& sender, std::vector<std::string> recipients, std::size_t count);
    Clients(const Clients&) = delete;
    auto operator=(const Clients&) -> Clients& = delete;
    ~Clients() { static_cast<void>(finish()); }

    [[nodiscard]] auto answered() const -> std::size_t;
    /// Begins nothing new, and waits until all that was begun is answered: the gateway must be up.
    [[nodiscard]] auto finish() -> std::vector<Submitted>;

private:
    void submit_on_and_on(net::OfficeClient office, std::size_t client);

    std::vector<std::string> recipients_;
    Asker asker_;
    mutable std::mutex mutex_;
    std::vector<Submitted> done_;
    std::vector<std::thread> threads_;
};

/// An office that acknowledges all that arrives.
class InboxReader {
public:
    explicit InboxReader(const LiveAgency& receiver);
    InboxReader(const InboxReader&) = delete;
    auto operator=(const InboxReader&) -> InboxReader& = delete;
    ~InboxReader() { static_cast<void>(finish()); }
    /// Stops, and gives the mids whose acknowledgement was answered.
    [[nodiscard]] auto finish() -> std::set<std::string>;

private:
    void read_on_and_on(net::OfficeClient office);

    Asker asker_;
    std::set<std::string> acknowledged_;
    std::thread thread_;
};

}  // namespace cg::test
