#pragma once
/// HPKE (RFC 9180) base mode, one message, one suite: KEM MLKEM768-X25519 (0x647a, draft-ietf-hpke-pq), KDF
/// HKDF-SHA256, AEAD ChaCha20Poly1305.

#include "crypto/secret.hpp"
#include "crypto/xwing.hpp"
#include "gateway/base/bytes.hpp"
#include "gateway/base/result.hpp"

namespace cg::crypto {

struct HpkeSealed {
    Bytes encapsulation;
    Bytes ciphertext;
};

/// SealBase (section 6.1).
[[nodiscard]] auto hpke_seal(const XwingPublicKey& to, ByteView info, ByteView associated, ByteView plaintext)
    -> HpkeSealed;
/// OpenBase (section 6.1).
/// Errors  malformed (the encapsulation), unauthenticated
[[nodiscard]] auto hpke_open(const XwingPrivateKey& key, ByteView encapsulation, ByteView info, ByteView associated,
                             ByteView ciphertext) -> Result<SecretBytes>;

struct HpkeKeys {
    SecretBytes key;
    SecretBytes base_nonce;
};
/// KeySchedule (section 5.1) in base mode.
[[nodiscard]] auto hpke_key_schedule(ByteView shared_secret, ByteView info) -> HpkeKeys;

}  // namespace cg::crypto
