#pragma once
/// What every part of the relay stands on: who we are, what is in force, where it is written down.

#include "certs/directory.hpp"
#include "certs/identity.hpp"
#include "crypto/keys.hpp"
#include "gateway/base/ids.hpp"
#include "gateway/base/time.hpp"
#include "gateway/ledger/ledger.hpp"
#include "policy/pack.hpp"

#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cg::relay {

/// What an office caller may do. The configuration maps certificates (SAN URI) to these.
enum class Permission : std::uint8_t { check, send, read_inbox, acknowledge, review };

/// Our own signing key, and the certificate that names it (`x5t#S256`).
struct Signer {
    crypto::SigningKey key;
    crypto::Digest certificate_sha256{};
};

/// Something that happened, for the operational log and the metrics: ids and codes, never a value from a case.
struct Event {
    std::string_view name;  ///< e.g. "gw.message.decided"
    std::vector<std::pair<std::string_view, std::string>> fields;
};

struct Limits {
    std::chrono::milliseconds message_life{std::chrono::hours{24 * 14}};  ///< an undelivered copy expires after this
    std::chrono::milliseconds clock_skew{std::chrono::minutes{5}};        ///< a peer's clock may be ahead by this
};

/// Shared by all requests. The pack and the directory are replaced whole; whoever works with one keeps it.
///
/// Threads   the const members never change; pack and directory are swapped atomically
class Gateway {
public:
    struct Parts {
        AgencyId self;
        const Signer* signer = nullptr;  ///< not owned
        crypto::SecretBytes view_salt;  ///< secret of this agency; references in views are derived from it (NE-5)
        std::map<std::string, std::set<Permission>> callers;
        ledger::Ledger* ledger = nullptr;  ///< not owned
        std::function<Instant()> now;
        std::function<void()> wake_courier;          ///< a new copy may be due
        std::function<void(const Event&)> observe;
        Limits limits;
    };

    Gateway(Parts parts, std::shared_ptr<const policy::Pack> pack, std::shared_ptr<const certs::Directory> directory)
        : parts_(std::move(parts)), pack_(std::move(pack)), directory_(std::move(directory)) {}

    [[nodiscard]] auto self() const noexcept -> const AgencyId& { return parts_.self; }
    [[nodiscard]] auto signer() const noexcept -> const Signer& { return *parts_.signer; }
    [[nodiscard]] auto view_salt() const noexcept -> ByteView { return parts_.view_salt.reveal(); }
    [[nodiscard]] auto ledger() const noexcept -> ledger::Ledger& { return *parts_.ledger; }
    [[nodiscard]] auto now() const -> Instant { return parts_.now(); }
    [[nodiscard]] auto limits() const noexcept -> const Limits& { return parts_.limits; }
    void wake_courier() const { parts_.wake_courier(); }
    void observe(const Event& event) const { parts_.observe(event); }
    /// Whether this certificate's owner may do that.
    [[nodiscard]] auto may(std::string_view caller_uri, Permission permission) const -> bool {
        const auto it = parts_.callers.find(std::string{caller_uri});
        return it != parts_.callers.end() && it->second.contains(permission);
    }

    [[nodiscard]] auto pack() const -> std::shared_ptr<const policy::Pack> { return pack_.load(); }
    [[nodiscard]] auto directory() const -> std::shared_ptr<const certs::Directory> { return directory_.load(); }
    void replace(std::shared_ptr<const policy::Pack> pack) { pack_.store(std::move(pack)); }
    void replace(std::shared_ptr<const certs::Directory> directory) { directory_.store(std::move(directory)); }

private:
    Parts parts_;
    std::atomic<std::shared_ptr<const policy::Pack>> pack_;
    std::atomic<std::shared_ptr<const certs::Directory>> directory_;
};

/// The facts of organisations as policy wants them, from the directory's descriptors.
///
/// Whether an organisation is a competent authority for law enforcement is not in its descriptor: the pack says so.
///
/// Lifetime  borrows neither
class DirectoryFacts final : public policy::AgencyLookup {
public:
    DirectoryFacts(const certs::Directory& directory, const policy::Pack& pack);
    [[nodiscard]] auto find(const AgencyId& id) const -> const policy::AgencyFacts* override;

private:
    std::map<AgencyId, policy::AgencyFacts> facts_;
};

}  // namespace cg::relay
