#include "crypto/xwing.hpp"

#include "crypto/x25519.hpp"

#include <botan/exceptn.h>
#include <botan/hash.h>
#include <botan/ml_kem.h>
#include <botan/pubkey.h>
#include <botan/rng.h>
#include <botan/system_rng.h>
#include <botan/xof.h>

#include <algorithm>
#include <array>

namespace cg::crypto {
namespace {

constexpr std::size_t ml_kem_seed_bytes = 64;
constexpr std::size_t ml_kem_public_bytes = 1184;
constexpr std::size_t ml_kem_ciphertext_bytes = 1088;
constexpr std::size_t shared_bytes = 32;

/// Hands out bytes that were drawn before: the library takes its randomness from a generator only.
class GivenRandomness final : public Botan::RandomNumberGenerator {
public:
    explicit GivenRandomness(ByteView bytes) : left_(bytes) {}
    auto accepts_input() const -> bool override { return false; }
    auto name() const -> std::string override { return "given"; }
    void clear() override {}
    auto is_seeded() const -> bool override { return true; }
    [[nodiscard]] auto is_spent() const -> bool { return left_.empty(); }

private:
    void fill_bytes_with_input(std::span<std::uint8_t> out, std::span<const std::uint8_t> /*input*/) override {
        CG_ENSURE(out.size() <= left_.size());
        std::ranges::copy(left_.first(out.size()), out.begin());
        left_ = left_.subspan(out.size());
    }
    ByteView left_;
};

/// SHAKE-256 of the seed: ML-KEM's d and z, then the X25519 secret.
auto expand(ByteView seed) -> SecretBytes {
    CG_ENSURE(seed.size() == xwing_seed_bytes);
    SecretBytes out(ml_kem_seed_bytes + x25519_bytes);
    const auto shake = Botan::XOF::create_or_throw("SHAKE-256");
    shake->update(seed);
    shake->output(out.fill());
    return out;
}

auto combine(ByteView ml_kem_shared, ByteView x25519_shared, ByteView ephemeral, ByteView x25519_public)
    -> SecretBytes {
    constexpr std::string_view label = "\\.//^\\";
    thread_local const auto kind = Botan::HashFunction::create_or_throw("SHA-3(256)");
    const auto hash = kind->new_object();
    for (const auto part : {ml_kem_shared, x25519_shared, ephemeral, x25519_public, view_bytes(label)})
        hash->update(part);
    SecretBytes out(shared_bytes);
    hash->final(out.fill());
    return out;
}

}  // namespace

struct XwingPublicKey::State {
    Bytes bytes;
    Botan::ML_KEM_PublicKey ml_kem;
    [[nodiscard]] auto x25519() const -> ByteView { return ByteView{bytes}.subspan(ml_kem_public_bytes); }
};

XwingPublicKey::XwingPublicKey(std::shared_ptr<const State> state) : state_(std::move(state)) {}

auto XwingPublicKey::parse(ByteView bytes) -> Result<XwingPublicKey> {
    if (bytes.size() != xwing_public_bytes) return fail(Errc::malformed, "X-Wing: a public key has 1216 bytes");
    // Any secret will do to find a point that gives everyone the same shared secret.
    constexpr std::array<std::uint8_t, x25519_bytes> probe{1};
    if (!X25519Key{probe}.agree(bytes.subspan(ml_kem_public_bytes))) {
        return fail(Errc::malformed, "X-Wing: the X25519 part of the public key is of low order");
    }
    try {
        Botan::ML_KEM_PublicKey ml_kem{bytes.first(ml_kem_public_bytes), Botan::ML_KEM_Mode::ML_KEM_768};
        if (std::ranges::equal(ml_kem.raw_public_key_bits(), bytes.first(ml_kem_public_bytes))) {
            return XwingPublicKey{
                std::make_shared<const State>(State{{bytes.begin(), bytes.end()}, std::move(ml_kem)})};
        }
    } catch (const Botan::Exception&) {  // a coefficient out of range (FIPS 203 section 7.2)
    }
    return fail(Errc::malformed, "X-Wing: the ML-KEM part of the public key is not well formed");
}

auto XwingPublicKey::bytes() const noexcept -> ByteView {
    return state_->bytes;
}

auto XwingPublicKey::encapsulate(const SecretBytes& randomness) const -> XwingEncapsulation {
    CG_ENSURE(randomness.size() == xwing_randomness_bytes);
    Bytes out(xwing_encapsulation_bytes);
    const auto ciphertext = std::span{out}.first(ml_kem_ciphertext_bytes);
    SecretBytes ml_kem_shared(shared_bytes);
    GivenRandomness given{randomness.reveal().first(32)};
    Botan::PK_KEM_Encryptor{state_->ml_kem, "Raw"}.encrypt(ciphertext, ml_kem_shared.fill(), given, shared_bytes);
    CG_ENSURE(given.is_spent());

    const X25519Key ephemeral{randomness.reveal().subspan(32)};
    std::ranges::copy(ephemeral.public_key(), out.begin() + ml_kem_ciphertext_bytes);
    const auto x25519_shared = ephemeral.agree(state_->x25519());
    CG_ENSURE(x25519_shared.has_value());  // parse() let no point of low order in
    auto shared =
        combine(ml_kem_shared.reveal(), x25519_shared.value().reveal(), ephemeral.public_key(), state_->x25519());
    return {std::move(out), std::move(shared)};
}

struct XwingPrivateKey::State {
    explicit State(const SecretBytes& expanded)
        : ml_kem(expanded.reveal().first(ml_kem_seed_bytes), Botan::ML_KEM_Mode::ML_KEM_768),
          x25519(expanded.reveal().subspan(ml_kem_seed_bytes)),
          public_key(make_public()) {}

    auto make_public() -> XwingPublicKey {
        auto bytes = ml_kem.raw_public_key_bits();
        bytes.insert(bytes.end(), x25519.public_key().begin(), x25519.public_key().end());
        return XwingPublicKey{std::make_shared<const XwingPublicKey::State>(
            XwingPublicKey::State{std::move(bytes), Botan::ML_KEM_PublicKey{ml_kem}})};
    }

    Botan::ML_KEM_PrivateKey ml_kem;
    X25519Key x25519;
    XwingPublicKey public_key;
};

XwingPrivateKey::XwingPrivateKey(ByteView seed) : state_(std::make_unique<State>(expand(seed))) {}
XwingPrivateKey::XwingPrivateKey(XwingPrivateKey&&) noexcept = default;
auto XwingPrivateKey::operator=(XwingPrivateKey&&) noexcept -> XwingPrivateKey& = default;
XwingPrivateKey::~XwingPrivateKey() = default;

auto XwingPrivateKey::public_key() const noexcept -> const XwingPublicKey& {
    return state_->public_key;
}

auto XwingPrivateKey::decapsulate(ByteView encapsulation) const -> Result<SecretBytes> {
    if (encapsulation.size() != xwing_encapsulation_bytes) {
        return fail(Errc::malformed, "X-Wing: an encapsulation has 1120 bytes");
    }
    const auto ephemeral = encapsulation.subspan(ml_kem_ciphertext_bytes);
    CG_TRY(const auto x25519_shared, state_->x25519.agree(ephemeral));
    SecretBytes ml_kem_shared(shared_bytes);
    Botan::PK_KEM_Decryptor{state_->ml_kem, Botan::system_rng(), "Raw"}.decrypt(
        ml_kem_shared.fill(), encapsulation.first(ml_kem_ciphertext_bytes), shared_bytes);
    return combine(ml_kem_shared.reveal(), x25519_shared.reveal(), ephemeral, state_->x25519.public_key());
}

}  // namespace cg::crypto
