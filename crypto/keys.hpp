#pragma once
/// Signing keys: Ed25519 (RFC 8032) and ECDSA P-256 with SHA-256 (FIPS 186-5), and their key files (PKCS#8, RFC 5958).

#include "crypto/secret.hpp"
#include "gateway/base/bytes.hpp"
#include "gateway/base/result.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace cg::crypto {

enum class SignatureAlg : std::uint8_t { ed25519, es256 };

/// A public key that checks signatures. Cheap to copy; immutable.
class VerifyKey {
public:
    /// Input   a DER SubjectPublicKeyInfo (RFC 5280) of an Ed25519 or P-256 key
    /// Errors  malformed, unsupported (another kind of key)
    [[nodiscard]] static auto from_spki(ByteView der) -> Result<VerifyKey>;
    /// Input   the 32 bytes of an Ed25519 public key
    [[nodiscard]] static auto from_ed25519(ByteView raw) -> Result<VerifyKey>;

    [[nodiscard]] auto alg() const noexcept -> SignatureAlg;
    [[nodiscard]] auto spki() const -> Bytes;
    /// The 32 raw bytes. Requires alg() == ed25519.
    [[nodiscard]] auto ed25519_raw() const -> Bytes;
    /// Whether `signature` (64 bytes: Ed25519, or r ‖ s) is this key's over `message`.
    [[nodiscard]] auto verifies(ByteView message, ByteView signature) const -> bool;

private:
    friend class SigningKey;
    struct State;
    std::shared_ptr<const State> state_;
};

/// A private signing key. Moves, never copies.
///
/// Threads   sign() may be called from several threads
class SigningKey {
public:
    [[nodiscard]] static auto generate(SignatureAlg alg) -> SigningKey;
    SigningKey(SigningKey&&) noexcept;
    auto operator=(SigningKey&&) noexcept -> SigningKey&;
    ~SigningKey();

    [[nodiscard]] auto alg() const noexcept -> SignatureAlg;
    [[nodiscard]] auto verify_key() const -> const VerifyKey&;
    /// 64 bytes: Ed25519, or r ‖ s as JOSE wants it (RFC 7518 section 3.4).
    [[nodiscard]] auto sign(ByteView message) const -> Bytes;

    /// PEM `ENCRYPTED PRIVATE KEY`: PBES2 with scrypt and AES-256-CBC, which OpenSSL reads too.
    /// Secret  the passphrase is not empty
    [[nodiscard]] auto to_encrypted_pem(const SecretBytes& passphrase) const -> std::string;
    /// Errors  malformed; unauthenticated (wrong passphrase or damaged file: which one cannot be told)
    [[nodiscard]] static auto from_encrypted_pem(std::string_view pem, const SecretBytes& passphrase) -> Result<SigningKey>;

private:
    struct State;
    explicit SigningKey(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

/// Any short secret (an age identity, a database key) in the same kind of encrypted key file, so that one passphrase and
/// one format protect all of an agency's keys. `label` names what it is and is authenticated.
[[nodiscard]] auto seal_secret_file(const SecretBytes& secret, std::string_view label, const SecretBytes& passphrase)
    -> std::string;
/// Errors  malformed; unauthenticated (wrong passphrase, damaged, or another label)
[[nodiscard]] auto open_secret_file(std::string_view file, std::string_view label, const SecretBytes& passphrase)
    -> Result<SecretBytes>;

}  // namespace cg::crypto
