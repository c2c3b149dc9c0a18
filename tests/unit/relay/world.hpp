#pragma once
/// Several agencies in one process, without sockets: real keys, real policy, real ledgers in memory, one clock that the test
/// moves. What one courier sends is handed to the other's peer handler.

#include "certs/directory.hpp"
#include "crypto/age.hpp"
#include "gateway/ledger/ledger.hpp"
#include "gateway/relay/courier.hpp"
#include "gateway/relay/gateway.hpp"
#include "gateway/wire/http.hpp"
#include "policy/pack.hpp"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace cg::relay::testing {

struct Agency {
    AgencyId id;
    const Signer& signer;  ///< of all worlds: making one takes a while
    certs::Certificate signing_certificate;
    std::map<RoleId, crypto::AgeIdentity> roles;
    std::string log_name;
    std::string log_vkey;
    std::optional<crypto::SigningKey> log_key;  ///< until the ledger is opened with it
    std::unique_ptr<ledger::Ledger> ledger;
    std::unique_ptr<Gateway> gateway;
    std::unique_ptr<Courier> courier;
    wire::Handler office;
    wire::Handler peer;
    std::vector<std::string> events;  ///< names of what was observed, in order
    std::string system_uri;           ///< an office system that may do everything
    std::string gateway_uri;
};

class World {
public:
    /// willow (a school) and, with their roles, exampleshire, examplepolice and examplenhs.
    World();
    ~World();

    [[nodiscard]] auto agency(std::string_view id) -> Agency&;
    [[nodiscard]] auto now() const -> Instant { return now_; }
    void advance(std::chrono::milliseconds by) { now_ += by; }

    /// One request to an agency's office or peer handler; waits for the answer. `caller`: empty for the system that may do all.
    [[nodiscard]] auto office(std::string_view at, std::string method, std::string path, std::string body = {},
                              std::string key = {}, std::string caller = {}) -> wire::Response;
    [[nodiscard]] auto peer(std::string_view at, std::string_view from, std::string path, std::string body) -> wire::Response;

    /// The key of every office system's certificate.
    [[nodiscard]] static auto caller_key() -> const crypto::SigningKey&;
    /// Lets every courier work until nothing more is due now.
    void deliver();
    /// The body of the last transmission that left, for replays and alterations.
    [[nodiscard]] auto last_sent() const -> const std::string& { return last_sent_; }
    /// Agencies that do not answer: sends to them fail with this code.
    std::map<std::string, std::string> down;

    [[nodiscard]] auto directory() const -> const certs::Directory& { return *directory_; }
    void use_directory(std::shared_ptr<const certs::Directory> directory);
    [[nodiscard]] auto registrar() const -> const crypto::SigningKey& { return *registrar_; }
    /// The descriptor as the agency and the registrar sign it, after `change`.
    [[nodiscard]] auto signed_descriptor(std::string_view id, const std::function<void(certs::Descriptor&)>& change = {})
        -> std::string;
    /// A directory of all agencies, where one's descriptor was changed.
    [[nodiscard]] auto directory_with(std::string_view id, const std::function<void(certs::Descriptor&)>& change)
        -> std::shared_ptr<const certs::Directory>;

    /// The body of a submission from a case file of tests/fixtures/cases, with our clock's dates.
    [[nodiscard]] static auto submission(std::string_view purpose, const std::vector<std::string>& recipients, Json case_tree)
        -> std::string;

private:
    void add(std::string_view id, const std::vector<std::string>& roles);
    void open(Agency& agency);
    [[nodiscard]] auto descriptor(const Agency& agency) const -> certs::Descriptor;
    auto carry_out(Agency& agency, CourierAction& action) -> std::vector<CourierAction>;

    Instant now_;
    std::unique_ptr<crypto::SigningKey> registrar_;
    std::map<std::string, Agency, std::less<>> agencies_;
    std::shared_ptr<const certs::Directory> directory_;
    std::shared_ptr<const policy::Pack> pack_;
    std::string last_sent_;
};

}  // namespace cg::relay::testing
