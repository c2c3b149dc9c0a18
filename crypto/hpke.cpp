#include "crypto/hpke.hpp"

#include "crypto/chacha20_poly1305.hpp"
#include "crypto/hash.hpp"
#include "crypto/hkdf.hpp"

#include <array>
#include <initializer_list>
#include <string_view>

namespace cg::crypto {
namespace {

constexpr std::array<std::uint8_t, 10> suite_id{'H', 'P', 'K', 'E', 0x64, 0x7a, 0x00, 0x01, 0x00, 0x03};
constexpr std::uint8_t mode_base = 0;

auto joined(std::initializer_list<ByteView> parts) -> Bytes {
    Bytes out;
    for (const auto part : parts) out.insert(out.end(), part.begin(), part.end());
    return out;
}

// RFC 9180 section 4. What is labelled here is never secret: in base mode the shared secret comes in as the salt.
auto labelled_extract(ByteView salt, std::string_view label, ByteView key_material) -> SecretBytes {
    return hkdf_extract(salt, joined({view_bytes("HPKE-v1"), suite_id, view_bytes(label), key_material}));
}

auto labelled_expand(const SecretBytes& secret, std::string_view label, ByteView info, std::size_t length)
    -> SecretBytes {
    const std::array<std::uint8_t, 2> length_bytes{0, static_cast<std::uint8_t>(length)};
    return hkdf_expand(secret.reveal(),
                       joined({length_bytes, view_bytes("HPKE-v1"), suite_id, view_bytes(label), info}), length);
}

}  // namespace

auto hpke_key_schedule(ByteView shared_secret, ByteView info) -> HpkeKeys {
    const auto psk_id_hash = labelled_extract({}, "psk_id_hash", {});
    const auto info_hash = labelled_extract({}, "info_hash", info);
    const auto context = joined({{&mode_base, 1}, psk_id_hash.reveal(), info_hash.reveal()});
    const auto secret = labelled_extract(shared_secret, "secret", {});
    return {labelled_expand(secret, "key", context, chacha_key_bytes),
            labelled_expand(secret, "base_nonce", context, chacha_nonce_bytes)};
}

auto hpke_seal(const XwingPublicKey& to, ByteView info, ByteView associated, ByteView plaintext) -> HpkeSealed {
    auto sent = to.encapsulate(random_secret(xwing_randomness_bytes));
    const auto keys = hpke_key_schedule(sent.shared.reveal(), info);
    return {std::move(sent.encapsulation),
            chacha_seal(keys.key.reveal(), keys.base_nonce.reveal(), associated, plaintext)};
}

auto hpke_open(const XwingPrivateKey& key, ByteView encapsulation, ByteView info, ByteView associated,
               ByteView ciphertext) -> Result<SecretBytes> {
    CG_TRY(const auto shared, key.decapsulate(encapsulation));
    const auto keys = hpke_key_schedule(shared.reveal(), info);
    return chacha_open(keys.key.reveal(), keys.base_nonce.reveal(), associated, ciphertext);
}

}  // namespace cg::crypto
