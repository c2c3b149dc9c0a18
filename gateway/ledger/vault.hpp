#pragma once
/// The two things that the store secret does: it hides personal details, and it lets them be found again.

#include "crypto/hash.hpp"
#include "crypto/secret.hpp"
#include "gateway/ledger/entry.hpp"
#include "gateway/ledger/store.hpp"

#include <initializer_list>
#include <string>
#include <string_view>

namespace cg::ledger {

/// Threads   all members may be called from several threads
/// Secret    holds keys derived from the store secret; opened details are in secret memory
class Vault {
public:
    /// Input  the store secret, 32 bytes; not kept
    explicit Vault(const crypto::SecretBytes& store_secret);

    /// Stored with the head, and tells nothing of the secret: a ledger opened with another one is refused at once.
    [[nodiscard]] auto secret_check() const noexcept -> const crypto::Digest& { return check_; }

    // Search keys. Text is trimmed and its ASCII letters are folded, so that " Amir Okafor" finds "amir okafor".
    [[nodiscard]] auto actor(std::string_view text) const -> Blind { return blind_folded("actor", text); }
    [[nodiscard]] auto subject(std::string_view text) const -> Blind { return blind_folded("subject", text); }
    // Exact: two idempotency keys that differ in case are two keys.
    [[nodiscard]] auto submission(std::string_view caller, std::string_view key) const -> Blind;
    // A decision or message that others follow from.
    [[nodiscard]] auto link(std::string_view id) const -> Blind { return blind("link", {id}); }
    /// The order in which copies leave: one case, one agency, one lane (an emergency waits for no routine message).
    [[nodiscard]] auto order(std::string_view case_key, std::string_view agency, Lane lane) const -> Blind;

    /// Seals the personal group of entry `seq` under a fresh key, salt inside.
    /// Input  fields in JCS
    [[nodiscard]] auto seal(std::uint64_t seq, const Salt& salt, std::string_view fields) const -> PersonalRow;

    /// Seals what was submitted for decision `seq`, likewise.
    [[nodiscard]] auto seal_held(std::uint64_t seq, std::string_view content) const -> HeldRow;
    /// Errors  unauthenticated
    [[nodiscard]] auto open_held(const HeldRow& row) const -> Result<crypto::SecretBytes>;

    /// Seals what the caller of a decision was answered, as text: it repeats words of the sender's own, such as the name of a
    /// value that nobody knows.
    [[nodiscard]] auto seal_answer(const DecisionId& decision, std::string_view response) const -> std::string;
    /// Errors  unauthenticated: another secret, or an altered answer
    [[nodiscard]] auto open_answer(const DecisionId& decision, std::string_view stored) const -> Result<std::string>;

    struct Personal {
        Salt salt{};
        crypto::SecretBytes fields;  ///< JCS
    };
    /// Errors  unauthenticated: another secret, or an altered row
    [[nodiscard]] auto open(const PersonalRow& row) const -> Result<Personal>;

private:
    [[nodiscard]] auto blind(std::string_view kind, std::initializer_list<std::string_view> parts) const -> Blind;
    [[nodiscard]] auto blind_folded(std::string_view kind, std::string_view text) const -> Blind;

    crypto::SecretBytes wrap_key_;
    crypto::SecretBytes blind_key_;
    crypto::Digest check_{};
};

}  // namespace cg::ledger
