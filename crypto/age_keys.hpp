#pragma once
/// What an AgeRecipient and an AgeIdentity hold. For the rest of age in this folder only.

#include "crypto/age.hpp"
#include "crypto/x25519.hpp"
#include "crypto/xwing.hpp"

#include <variant>

namespace cg::crypto {

struct AgeRecipient::State {
    std::variant<XwingPublicKey, X25519Public> key;
};

struct AgeIdentity::State {
    std::variant<XwingPrivateKey, X25519Key> key;
    SecretBytes seed;  ///< the 32 bytes of the text form
    AgeRecipient recipient;
};

struct AgeAccess {
    [[nodiscard]] static auto key(const AgeRecipient& recipient) -> const std::variant<XwingPublicKey, X25519Public>& {
        return recipient.state_->key;
    }
    [[nodiscard]] static auto key(const AgeIdentity& identity) -> const std::variant<XwingPrivateKey, X25519Key>& {
        return identity.state_->key;
    }
    [[nodiscard]] static auto make_recipient(std::variant<XwingPublicKey, X25519Public> key) -> AgeRecipient;
    [[nodiscard]] static auto make_identity(AgeKind kind, SecretBytes seed) -> AgeIdentity;
};

}  // namespace cg::crypto
