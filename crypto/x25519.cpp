#include "crypto/x25519.hpp"

#include <botan/exceptn.h>
#include <botan/x25519.h>

#include <algorithm>

namespace cg::crypto {

struct X25519Key::State {
    explicit State(ByteView secret) : key(secret) { std::ranges::copy(key.raw_public_key_bits(), point.begin()); }
    Botan::X25519_PrivateKey key;
    X25519Public point{};
};

X25519Key::X25519Key(ByteView secret) : state_(std::make_unique<State>(secret)) {}
X25519Key::X25519Key(X25519Key&&) noexcept = default;
auto X25519Key::operator=(X25519Key&&) noexcept -> X25519Key& = default;
X25519Key::~X25519Key() = default;

auto X25519Key::public_key() const noexcept -> const X25519Public& {
    return state_->point;
}

auto X25519Key::agree(ByteView peer) const -> Result<SecretBytes> {
    constexpr X25519Public zero{};
    try {
        const auto shared = state_->key.agree(peer.data(), peer.size());
        if (!equal_in_constant_time(shared, zero)) return SecretBytes::copy_of(ByteView{shared});
    } catch (const Botan::Exception&) {  // the wrong length
    }
    return fail(Errc::malformed, "X25519: not a usable point");
}

}  // namespace cg::crypto
