#pragma once
/// An agency of a tests' federation whose gateway a test kills, starves, looks into and starts again: same folder, same ports.

#include "config/schema.hpp"
#include "crypto/age.hpp"
#include "gateway/base/json.hpp"
#include "gateway/ledger/reader.hpp"
#include "gateway/net/office_client.hpp"
#include "tests/support/live_process.hpp"
#include "tests/system/federation.hpp"

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace cg::test {

/// The value of a Result that a test cannot go on without; otherwise std::runtime_error.
template <class T>
auto must(Result<T> result, std::string_view what) -> T {
    if (result.has_value()) return std::move(result).value();
    auto text = std::string{what} + ": " + result.error().detail;
    for (const auto& problem : result.error().problems) text += "; " + problem.pointer + ": " + problem.fix;
    throw std::runtime_error(text);
}

class LiveAgency {
public:
    /// Input  an agency of `federation`, which outlives this
    LiveAgency(const Federation& federation, std::string id);

    [[nodiscard]] auto id() const -> const std::string& { return id_; }
    [[nodiscard]] auto folder() const -> const std::filesystem::path& { return folder_; }
    [[nodiscard]] auto data() const -> std::filesystem::path { return folder_ / "data"; }
    [[nodiscard]] auto ledger_file() const -> std::filesystem::path { return data() / "ledger.db"; }
    [[nodiscard]] auto log_file() const -> std::filesystem::path { return folder_ / "gateway.log"; }
    [[nodiscard]] auto passphrase() const -> const std::string& { return passphrase_; }
    [[nodiscard]] auto office_port() const -> std::uint16_t { return ports_[0]; }
    [[nodiscard]] auto ops_port() const -> std::uint16_t { return ports_[2]; }

    /// Changes gateway.toml, before anything runs.
    void adjust(const std::function<void(config::Config&)>& change) const;
    /// Encrypts the key files anew so that they open at once (their usual scrypt takes most of a start). Without OpenSSL's program
    /// they stay as they are.
    void quick_keys() const;
    /// How serve is started; a test may change it first.
    [[nodiscard]] auto serve_launch() const -> Launch;
    void launch(Launch launch) { process_.emplace(Process::start(std::move(launch))); }
    void launch() { launch(serve_launch()); }
    /// False: it ended, or did not become ready in time.
    [[nodiscard]] auto ready(std::chrono::milliseconds bound = std::chrono::minutes{3}) -> bool;
    void kill();  ///< SIGKILL, and gone when this returns
    /// SIGTERM. Returns its exit status.
    auto stop(std::chrono::milliseconds bound = std::chrono::minutes{2}) -> int;
    [[nodiscard]] auto process() -> Process& { return *process_; }

    /// A client of the office listener, as this agency's own system.
    [[nodiscard]] auto office(std::chrono::milliseconds patience = std::chrono::seconds{30}) const -> net::OfficeClient;
    [[nodiscard]] auto ops() const -> net::OfficeClient;
    /// A number of GET /metrics: the first line of that name; none where the gateway does not answer.
    [[nodiscard]] auto metric(std::string_view name) const -> std::optional<double>;
    /// The identity of one of its roles, for opening what it received.
    [[nodiscard]] auto identity(const std::string& role) const -> crypto::AgeIdentity;

private:
    std::string id_;
    std::filesystem::path folder_;
    std::string passphrase_;
    std::array<std::uint16_t, 3> ports_;
    mutable std::shared_ptr<const net::TlsContext> tls_;
    std::optional<Process> process_;
};

/// A ledger read from outside, with the store secret: also while the gateway runs, or after it was killed.
class LedgerFile {
public:
    explicit LedgerFile(const LiveAgency& agency);
    [[nodiscard]] auto store() -> ledger::Store& { return *store_; }
    [[nodiscard]] auto reader() -> ledger::LedgerReader { return ledger::LedgerReader{*store_, vault_.get()}; }
    /// All entries of the log.
    [[nodiscard]] auto entries() -> std::vector<ledger::EntryRow>;

private:
    std::unique_ptr<ledger::Store> store_;
    std::unique_ptr<ledger::Vault> vault_;
};

/// A school that sends and two agencies that receive.
inline const std::vector<MemberSpec> sender_and_two{
    {"willow", "school.dsl"}, {"exampleshire", "csc.front-door"}, {"examplepolice", "police.public-protection"}};

/// A child-protection referral of the tests' own case, dated as if the concern arose yesterday.
[[nodiscard]] auto submission(const std::string& case_ref, const std::vector<std::string>& recipients) -> Json;
/// A child-in-need referral that is refused, because consent was.
[[nodiscard]] auto refused_submission(const std::string& case_ref, const std::vector<std::string>& recipients) -> Json;

/// A gateway's answer to a POST of `body` to /v1/messages.
[[nodiscard]] auto post_message(net::OfficeClient& office, const std::string& key, std::string_view body) -> Result<wire::Response>;

}  // namespace cg::test
