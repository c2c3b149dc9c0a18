#include "crypto/chacha20_poly1305.hpp"

#include <botan/aead.h>
#include <botan/exceptn.h>

namespace cg::crypto {
namespace {

auto make_mode(Botan::Cipher_Dir direction, ByteView key, ByteView nonce, ByteView associated) {
    auto mode = Botan::AEAD_Mode::create_or_throw("ChaCha20Poly1305", direction);
    mode->set_key(key);
    mode->set_associated_data(associated);
    mode->start(nonce);
    return mode;
}

}  // namespace

auto chacha_seal(ByteView key, ByteView nonce, ByteView associated, ByteView plaintext) -> Bytes {
    Botan::secure_vector<std::uint8_t> buffer(plaintext.begin(), plaintext.end());
    make_mode(Botan::Cipher_Dir::Encryption, key, nonce, associated)->finish(buffer);
    return {buffer.begin(), buffer.end()};
}

auto chacha_open(ByteView key, ByteView nonce, ByteView associated, ByteView sealed) -> Result<SecretBytes> {
    if (sealed.size() < chacha_tag_bytes) return fail(Errc::unauthenticated, "shorter than its own tag");
    Botan::secure_vector<std::uint8_t> buffer(sealed.begin(), sealed.end());
    try {
        make_mode(Botan::Cipher_Dir::Decryption, key, nonce, associated)->finish(buffer);
    } catch (const Botan::Invalid_Authentication_Tag&) {
        return fail(Errc::unauthenticated, "the tag does not fit");
    }
    return SecretBytes::copy_of(ByteView{buffer});
}

}  // namespace cg::crypto
