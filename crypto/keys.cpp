#include "crypto/keys.hpp"

#include "crypto/key_file.hpp"

#include <botan/ec_group.h>
#include <botan/ecdsa.h>
#include <botan/ed25519.h>
#include <botan/pkcs8.h>
#include <botan/pubkey.h>
#include <botan/system_rng.h>
#include <botan/x509_key.h>

#include <algorithm>
#include <optional>

namespace cg::crypto {
namespace {

constexpr std::size_t signature_bytes = 64;
constexpr std::size_t ed25519_key_bytes = 32;
constexpr std::size_t max_spki_bytes = 1024;

auto padding(SignatureAlg alg) -> const char* { return alg == SignatureAlg::ed25519 ? "Pure" : "SHA-256"; }

/// The kind of a key, or nothing where it is one that we do not use.
auto kind_of(const Botan::Public_Key& key) -> std::optional<SignatureAlg> {
    if (key.algo_name() == "Ed25519") return SignatureAlg::ed25519;
    const auto* ec = dynamic_cast<const Botan::ECDSA_PublicKey*>(&key);
    if (ec != nullptr && ec->domain() == Botan::EC_Group::from_name("secp256r1")) return SignatureAlg::es256;
    return std::nullopt;
}

/// The text that stands above a key file. PBES2 does not authenticate; a damaged private key is noticed because it no
/// longer belongs to this public key. Tools pass it over (RFC 7468 section 5.2).
constexpr std::string_view public_key_label = "Public key: ";

auto stated_public_key(std::string_view pem) -> std::optional<std::string_view> {
    if (!pem.starts_with(public_key_label)) return std::nullopt;
    pem.remove_prefix(public_key_label.size());
    return pem.substr(0, pem.find('\n'));
}

}  // namespace

struct VerifyKey::State {
    SignatureAlg alg;
    std::unique_ptr<const Botan::Public_Key> key;
};

auto VerifyKey::from_spki(ByteView der) -> Result<VerifyKey> {
    if (der.size() > max_spki_bytes) return fail(Errc::malformed, "public key is too large");
    try {
        auto key = Botan::X509::load_key(der);
        const auto alg = kind_of(*key);
        if (!alg) return fail(Errc::unsupported, "public key is neither Ed25519 nor P-256");
        // Refuses PEM, bytes after the end and every other spelling of the same key.
        if (!std::ranges::equal(key->subject_public_key(), der))
            return fail(Errc::malformed, "public key is not canonical DER");
        if (!key->check_key(Botan::system_rng(), false)) return fail(Errc::malformed, "public key is not valid");
        VerifyKey out;
        out.state_ = std::make_shared<const State>(State{*alg, std::move(key)});
        return out;
    } catch (const std::exception&) {
        return fail(Errc::malformed, "public key is not a SubjectPublicKeyInfo that we know");
    }
}

auto VerifyKey::from_ed25519(ByteView raw) -> Result<VerifyKey> {
    if (raw.size() != ed25519_key_bytes) return fail(Errc::malformed, "an Ed25519 public key has 32 bytes");
    try {
        auto key = std::make_unique<Botan::Ed25519_PublicKey>(raw);
        if (!key->check_key(Botan::system_rng(), false)) return fail(Errc::malformed, "public key is not valid");
        VerifyKey out;
        out.state_ = std::make_shared<const State>(State{SignatureAlg::ed25519, std::move(key)});
        return out;
    } catch (const std::exception&) {
        return fail(Errc::malformed, "Ed25519 public key is not valid");
    }
}

auto VerifyKey::alg() const noexcept -> SignatureAlg { return state_->alg; }

auto VerifyKey::spki() const -> Bytes { return state_->key->subject_public_key(); }

auto VerifyKey::ed25519_raw() const -> Bytes {
    CG_ENSURE(state_->alg == SignatureAlg::ed25519);
    return state_->key->raw_public_key_bits();
}

auto VerifyKey::verifies(ByteView message, ByteView signature) const -> bool {
    if (signature.size() != signature_bytes) return false;
    try {
        Botan::PK_Verifier verifier{*state_->key, padding(state_->alg)};
        return verifier.verify_message(message, signature);
    } catch (const std::exception&) {
        return false;  // a signature that cannot even be read
    }
}

struct SigningKey::State {
    std::unique_ptr<const Botan::Private_Key> key;
    VerifyKey verify_key;

    static auto of(std::unique_ptr<const Botan::Private_Key> key) -> Result<std::unique_ptr<State>> {
        CG_TRY(auto verify_key, VerifyKey::from_spki(key->subject_public_key()));
        return std::make_unique<State>(State{std::move(key), std::move(verify_key)});
    }
};

SigningKey::SigningKey(std::unique_ptr<State> state) : state_(std::move(state)) {}
SigningKey::SigningKey(SigningKey&&) noexcept = default;
auto SigningKey::operator=(SigningKey&&) noexcept -> SigningKey& = default;
SigningKey::~SigningKey() = default;

auto SigningKey::generate(SignatureAlg alg) -> SigningKey {
    auto& rng = Botan::system_rng();
    std::unique_ptr<const Botan::Private_Key> key;
    if (alg == SignatureAlg::ed25519)
        key = std::make_unique<Botan::Ed25519_PrivateKey>(rng);
    else
        key = std::make_unique<Botan::ECDSA_PrivateKey>(rng, Botan::EC_Group::from_name("secp256r1"));
    auto state = State::of(std::move(key));
    CG_ENSURE(state.has_value());
    return SigningKey{std::move(state).value()};
}

auto SigningKey::alg() const noexcept -> SignatureAlg { return state_->verify_key.alg(); }

auto SigningKey::verify_key() const -> const VerifyKey& { return state_->verify_key; }

auto SigningKey::sign(ByteView message) const -> Bytes {
    // The signer keeps state while it works, so each call has its own; making one does not parse the key again.
    auto& rng = Botan::system_rng();
    Botan::PK_Signer signer{*state_->key, rng, padding(alg())};
    return signer.sign_message(message, rng);
}

auto SigningKey::to_encrypted_pem(const SecretBytes& passphrase) const -> std::string {
    CG_ENSURE(!passphrase.empty());
    const auto info = state_->key->private_key_info();
    std::string out{public_key_label};
    out += to_base64(state_->verify_key.spki(), Base64::standard) + "\n";
    return out + pkcs8_seal(info, passphrase);
}

auto SigningKey::from_encrypted_pem(std::string_view pem, const SecretBytes& passphrase) -> Result<SigningKey> {
    CG_TRY(const auto info, pkcs8_open(pem, passphrase));
    const auto wrong = [] { return fail(Errc::unauthenticated, "key file: wrong passphrase, or the file is damaged"); };
    try {
        auto loaded = State::of(Botan::PKCS8::load_key(info.reveal()));
        if (loaded.has_error() && loaded.error().code == Errc::unsupported) return fail(std::move(loaded).error());
        if (loaded.has_error()) return wrong();
        auto state = std::move(loaded).value();
        const auto stated = stated_public_key(pem);
        if (stated && *stated != to_base64(state->verify_key.spki(), Base64::standard)) return wrong();
        return SigningKey{std::move(state)};
    } catch (const std::exception&) {
        return wrong();
    }
}

}  // namespace cg::crypto
