#pragma once
/// Agencies made with the program itself (init, authority, directory) in a folder of their own, for tests from outside.

#include "gateway/base/json.hpp"
#include "tests/oracles/oracle.hpp"
#include "tests/system/process.hpp"

#include <functional>
#include <map>
#include <netinet/in.h>
#include <string>
#include <sys/socket.h>
#include <thread>
#include <vector>

namespace cg::test {

/// Ports of 127.0.0.1 that nobody listens on now, all different. They lie below those that the system gives to outgoing
/// connections: while a gateway is down, a client that tries again must not be given its port, or even meet itself there.
inline auto free_ports(std::size_t count) -> std::vector<int> {
    constexpr int first = 18000, last = 32000, spacing = 64;
    std::vector<int> held, ports;
    int port = first + static_cast<int>(::getpid()) * spacing % (last - first);
    for (int tried = 0; ports.size() < count; ++tried, port = port + 1 < last ? port + 1 : first) {
        CG_ENSURE(tried < last - first);
        const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        held.push_back(fd);
        const int on = 1;  // as the gateway: an old connection in TIME_WAIT is no hindrance
        CG_ENSURE(::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(static_cast<std::uint16_t>(port));
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        if (::bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0) ports.push_back(port);
    }
    for (const int fd : held) ::close(fd);
    return ports;
}

/// Asks again until `done` says so. False: the bound passed. The pause is between questions, never instead of one.
inline auto eventually(const std::function<bool()>& done, std::chrono::milliseconds bound = std::chrono::seconds{60})
    -> bool {
    const auto end = std::chrono::steady_clock::now() + bound;
    for (;;) {
        if (done()) return true;
        if (std::chrono::steady_clock::now() > end) return false;
        std::this_thread::sleep_for(std::chrono::milliseconds{50});
    }
}

struct MemberSpec {
    std::string id;
    std::string role;
};

/// A federation with one passphrase for all; nothing runs until start().
class Federation {
public:
    /// Input  `policy`: options of init that say which policy is used, and who must have signed it
    explicit Federation(std::vector<MemberSpec> members = {{"willow", "school.dsl"}, {"exampleshire", "csc.front-door"}},
                        const std::vector<std::string>& policy = {"--pack", CG_SOURCE_DIR "/config/packs/exampleshire",
                                                                  "--unsigned-policy"})
        : members_(std::move(members)) {
        ports_ = free_ports(members_.size() * 3);
        must({"authority", "init", path("federation")});
        for (std::size_t i = 0; i < members_.size(); ++i) {
            const auto& one = members_[i];
            const auto port = [&](std::size_t n) { return std::to_string(ports_[3 * i + n]); };
            std::vector<std::string> words{"init",
                                           path(one.id),
                                           "--agency",
                                           one.id,
                                           "--public-authority",
                                           "--area",
                                           "exampleshire",
                                           "--role",
                                           one.role,
                                           "--office-port",
                                           port(0),
                                           "--peer-port",
                                           port(1),
                                           "--ops-port",
                                           port(2)};
            words.insert(words.end(), policy.begin(), policy.end());
            for (const auto& other : members_)
                if (other.id != one.id) words.insert(words.end(), {"--peer", other.id});
            must(words);
            must({"authority", "issue", path("federation"), "--agency", one.id, "--from", path(one.id)});
            must({"directory", "describe", "--profile", path(one.id)});
        }
        for (const auto& one : members_) must({"authority", "register", path("federation"), "--from", path(one.id)});
        std::vector<std::string> publish{"authority", "register", path("federation"), "--from",
                                         path(members_.front().id)};
        for (const auto& one : members_) publish.insert(publish.end(), {"--publish", path(one.id)});
        must(publish);
    }

    [[nodiscard]] auto path(const std::string& name) const -> std::string { return (folder_.path() / name).string(); }
    [[nodiscard]] auto passphrase() const -> const std::string& { return passphrase_; }
    [[nodiscard]] auto office_port(const std::string& id) const -> int { return ports_[3 * index(id)]; }
    [[nodiscard]] auto peer_port(const std::string& id) const -> int { return ports_[3 * index(id) + 1]; }
    [[nodiscard]] auto ops_port(const std::string& id) const -> int { return ports_[3 * index(id) + 2]; }

    /// Runs casegate; `as` is the agency's profile.
    auto run(std::vector<std::string> arguments, const std::string& as = {}, const std::string& input = {}) const
        -> RunResult {
        if (!as.empty()) arguments.insert(arguments.end(), {"--profile", path(as)});
        return casegate(std::move(arguments), {.input = input, .passphrase = passphrase_});
    }
    /// The same with --json. A null where the output is no JSON.
    auto ask(std::vector<std::string> arguments, const std::string& as, const std::string& input = {}) const
        -> std::pair<int, Json> {
        arguments.emplace_back("--json");
        const auto result = run(std::move(arguments), as, input);
        auto json = parse_json(result.out, {.max_bytes = 64U << 20U, .max_depth = 64});
        return {result.status, json.has_value() ? std::move(json).value() : Json{}};
    }

    /// Starts one agency's gateway, or all. False: one of them did not come up.
    auto start(const std::string& id) -> bool {
        gateways_.erase(id);
        return gateways_.emplace(id, Gateway::start(path(id), passphrase_)).first->second.listening();
    }
    auto start() -> bool {
        bool all = true;
        for (const auto& one : members_) all = start(one.id) && all;
        return all;
    }
    auto gateway(const std::string& id) -> Gateway& { return gateways_.at(id); }
    void stop(const std::string& id) { gateways_.erase(id); }

private:
    void must(const std::vector<std::string>& words) const {
        const auto result = run(words);
        if (result.status != 0)
            std::fprintf(stderr, "casegate %s: exit %d: %s%s\n", words.front().c_str(), result.status,
                         result.err.c_str(), result.out.c_str());
        CG_ENSURE(result.status == 0);
    }
    [[nodiscard]] auto index(const std::string& id) const -> std::size_t {
        for (std::size_t i = 0; i < members_.size(); ++i)
            if (members_[i].id == id) return i;
        CG_ENSURE(false);
        return 0;
    }

    std::vector<MemberSpec> members_;
    oracle::TemporaryFolder folder_;
    std::string passphrase_ = "a passphrase for tests";
    std::vector<int> ports_;
    std::map<std::string, Gateway> gateways_;  // last: ends before the folder goes
};

}  // namespace cg::test
