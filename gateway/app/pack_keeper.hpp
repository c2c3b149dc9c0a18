#pragma once
/// The policy in force in a running gateway: brought in, replaced, taken back; each of these checked, logged and told.
///
/// Durable   a change is in the ledger before it is in force
/// Threads   all members may be called from several threads

#include "gateway/app/pack_check.hpp"
#include "gateway/ledger/ledger.hpp"

#include <functional>
#include <mutex>

namespace cg::app {

class PackKeeper {
public:
    /// Lifetime  borrows both
    PackKeeper(const config::Config& config, ledger::Ledger& ledger, std::function<Instant()> now);

    /// The pack to start with: what was asked for while no gateway ran, else what was in force, else the
    /// configuration's own, which is then recorded as the first. Errors  malformed with every reason; conflict;
    /// unavailable
    [[nodiscard]] auto start() -> Result<std::shared_ptr<const policy::Pack>>;

    struct Reloaded {
        std::shared_ptr<const policy::Pack> pack;  ///< in force from now on
        std::optional<Error> trouble;              ///< why something that was asked for is not
        std::vector<std::pair<std::string, Json>> answers;
    };
    /// Does what is asked for, and reads again what is in force. `before` stays where that cannot be had. Whoever asked
    /// is answered by answer(), once the gateway uses the pack.
    [[nodiscard]] auto reload(std::shared_ptr<const policy::Pack> before) -> Reloaded;

    void answer(const Reloaded& reloaded) const;
    /// Whether anybody waits for something to be done.
    [[nodiscard]] auto asked() const -> bool { return !store_.waiting().empty(); }

private:
    struct Attempt {
        std::string action;  ///< loaded, activated or rolled-back
        std::string by;
    };
    [[nodiscard]] auto rules() const -> Result<PackRules>;
    [[nodiscard]] auto first() -> Result<>;
    [[nodiscard]] auto carry_out(const std::string& id) -> Result<PackCheck>;
    [[nodiscard]] auto follow_folder() -> Result<>;
    [[nodiscard]] auto activate(const config::SignedPack& candidate, const Attempt& attempt) -> Result<PackCheck>;
    [[nodiscard]] auto roll_back(const std::string& from, const Attempt& attempt) -> Result<PackCheck>;
    [[nodiscard]] auto bring_in(const PackCheck& check, config::InForce next, const Attempt& attempt) -> Result<>;
    [[nodiscard]] auto refuse(const PackCheck& check, const Attempt& attempt) -> Error;
    /// Null: nothing ever was. Errors: what is in force cannot be read.
    [[nodiscard]] auto in_force_now() const -> Result<std::shared_ptr<const policy::Pack>>;
    [[nodiscard]] auto load_current(std::optional<Error>& trouble) -> Result<std::shared_ptr<const policy::Pack>>;
    [[nodiscard]] auto record(const PackCheck& check, const Attempt& attempt, const std::vector<Problem>& problems)
        -> Result<>;

    const config::Config& config_;
    ledger::Ledger& ledger_;
    std::function<Instant()> now_;
    config::PackStore store_;
    std::mutex mutex_;
};

}  // namespace cg::app
