#include "crypto/aead.hpp"

#include "crypto/chacha20_poly1305.hpp"
#include "crypto/hash.hpp"

#include <array>

namespace cg::crypto {

static_assert(aead_key_bytes == chacha_key_bytes);

auto aead_seal(const SecretBytes& key, ByteView plaintext, ByteView associated) -> Bytes {
    CG_ENSURE(key.size() == aead_key_bytes);
    std::array<std::uint8_t, chacha_nonce_bytes> nonce{};
    random_fill(nonce);
    Bytes out{nonce.begin(), nonce.end()};
    const auto sealed = chacha_seal(key.reveal(), nonce, associated, plaintext);
    out.insert(out.end(), sealed.begin(), sealed.end());
    return out;
}

auto aead_open(const SecretBytes& key, ByteView sealed, ByteView associated) -> Result<SecretBytes> {
    CG_ENSURE(key.size() == aead_key_bytes);
    if (sealed.size() < chacha_nonce_bytes + chacha_tag_bytes)
        return fail(Errc::unauthenticated, "sealed data does not open");
    return chacha_open(key.reveal(), sealed.first(chacha_nonce_bytes), associated, sealed.subspan(chacha_nonce_bytes));
}

}  // namespace cg::crypto
