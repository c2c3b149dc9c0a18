#include "crypto/key_file.hpp"

#include "crypto/hash.hpp"

#include <botan/asn1_obj.h>
#include <botan/ber_dec.h>
#include <botan/cipher_mode.h>
#include <botan/der_enc.h>
#include <botan/pem.h>
#include <botan/pwdhash.h>

#include <bit>

namespace cg::crypto {
namespace {

constexpr std::size_t max_file_bytes = 64U * 1024U;
constexpr std::size_t key_bytes = 32;
constexpr std::size_t salt_bytes = 16;
constexpr std::size_t max_salt_bytes = 64;
constexpr std::size_t iv_bytes = 16;
constexpr std::string_view pem_label = "ENCRYPTED PRIVATE KEY";
constexpr const char* cipher_name = "AES-256/CBC";

auto oid(const char* dotted) -> Botan::OID { return Botan::OID::from_string(dotted); }
auto pbes2() -> Botan::OID { return oid("1.2.840.113549.1.5.13"); }
auto scrypt() -> Botan::OID { return oid("1.3.6.1.4.1.11591.4.11"); }
auto aes_256_cbc() -> Botan::OID { return oid("2.16.840.1.101.3.4.1.42"); }

/// What an EncryptedPrivateKeyInfo says (RFC 5958 section 3).
struct Sealed {
    ScryptCost cost;
    Bytes salt;
    Bytes iv;
    Bytes ciphertext;
};

auto encode(const Sealed& sealed) -> Bytes {
    Bytes kdf;
    Botan::DER_Encoder{kdf}
        .start_sequence()
        .encode(sealed.salt, Botan::ASN1_Type::OctetString)
        .encode(static_cast<std::size_t>(sealed.cost.n))
        .encode(static_cast<std::size_t>(sealed.cost.r))
        .encode(static_cast<std::size_t>(sealed.cost.p))
        .encode(key_bytes)
        .end_cons();
    Bytes iv;
    Botan::DER_Encoder{iv}.encode(sealed.iv, Botan::ASN1_Type::OctetString);
    Bytes parameters;
    Botan::DER_Encoder{parameters}
        .start_sequence()
        .encode(Botan::AlgorithmIdentifier{scrypt(), kdf})
        .encode(Botan::AlgorithmIdentifier{aes_256_cbc(), iv})
        .end_cons();
    Bytes out;
    Botan::DER_Encoder{out}
        .start_sequence()
        .encode(Botan::AlgorithmIdentifier{pbes2(), parameters})
        .encode(sealed.ciphertext, Botan::ASN1_Type::OctetString)
        .end_cons();
    return out;
}

/// May throw what Botan throws for broken ASN.1.
auto decode_kdf(const Botan::AlgorithmIdentifier& kdf, Sealed& sealed) -> Result<> {
    std::size_t n = 0;
    std::size_t r = 0;
    std::size_t p = 0;
    std::size_t length = 0;
    Botan::BER_Decoder{kdf.parameters()}
        .start_sequence()
        .decode(sealed.salt, Botan::ASN1_Type::OctetString)
        .decode(n)
        .decode(r)
        .decode(p)
        .decode_optional(length, Botan::ASN1_Type::Integer, Botan::ASN1_Class::Universal, key_bytes)
        .verify_end()
        .end_cons()
        .verify_end();
    sealed.cost = {n, r, p};
    if (length != key_bytes || sealed.salt.size() > max_salt_bytes || !is_bearable(sealed.cost))
        return fail(Errc::malformed, "key file asks for a key derivation beyond our limits");
    return ok();
}

/// May throw what Botan throws for broken ASN.1.
auto decode(ByteView der) -> Result<Sealed> {
    Botan::AlgorithmIdentifier scheme;
    Sealed sealed;
    Botan::BER_Decoder{der}
        .start_sequence()
        .decode(scheme)
        .decode(sealed.ciphertext, Botan::ASN1_Type::OctetString)
        .verify_end()
        .end_cons()
        .verify_end();
    if (scheme.oid() != pbes2()) return fail(Errc::unsupported, "key file is not protected with PBES2");
    Botan::AlgorithmIdentifier kdf;
    Botan::AlgorithmIdentifier cipher;
    Botan::BER_Decoder{scheme.parameters()}.start_sequence().decode(kdf).decode(cipher).verify_end().end_cons().verify_end();
    if (kdf.oid() != scrypt() || cipher.oid() != aes_256_cbc())
        return fail(Errc::unsupported, "key file is not protected with scrypt and AES-256-CBC");
    Botan::BER_Decoder{cipher.parameters()}.decode(sealed.iv, Botan::ASN1_Type::OctetString).verify_end();
    if (sealed.iv.size() != iv_bytes) return fail(Errc::malformed, "key file has a bad initialisation vector");
    CG_TRY(decode_kdf(kdf, sealed));
    return sealed;
}

auto run_cipher(Botan::Cipher_Dir direction, const Sealed& sealed, const SecretBytes& passphrase, ByteView in) {
    const auto key = scrypt_key(passphrase, sealed.salt, sealed.cost);
    const auto cipher = Botan::Cipher_Mode::create_or_throw(std::string{cipher_name} + "/PKCS7", direction);
    cipher->set_key(key.reveal());
    cipher->start(sealed.iv);
    Botan::secure_vector<std::uint8_t> buffer(in.begin(), in.end());
    cipher->finish(buffer);
    return buffer;
}

auto parse(std::string_view pem) -> Result<Sealed> {
    if (pem.size() > max_file_bytes) return fail(Errc::malformed, "key file is too large");
    try {
        return decode(Botan::PEM_Code::decode_check_label(pem, pem_label));
    } catch (const std::exception&) {
        return fail(Errc::malformed, "not a PEM file with an ENCRYPTED PRIVATE KEY");
    }
}

}  // namespace

auto is_bearable(const ScryptCost& cost) noexcept -> bool {
    constexpr std::uint64_t max_blocks = (64U << 20U) / 128U;  // N·r, of 128 bytes each
    constexpr std::uint64_t max_work = 8 * scrypt_cost.n * scrypt_cost.r * scrypt_cost.p;
    if (!std::has_single_bit(cost.n) || cost.n < 2 || cost.r == 0 || cost.p == 0) return false;
    if (cost.n > max_blocks || cost.r > max_blocks / cost.n) return false;
    return cost.p <= max_work / (cost.n * cost.r);
}

auto scrypt_key(const SecretBytes& passphrase, ByteView salt, const ScryptCost& cost) -> SecretBytes {
    CG_ENSURE(is_bearable(cost));
    SecretBytes key(key_bytes);
    Botan::PasswordHashFamily::create_or_throw("Scrypt")
        ->from_params(static_cast<std::size_t>(cost.n), static_cast<std::size_t>(cost.r), static_cast<std::size_t>(cost.p))
        ->hash(key.fill(), passphrase.reveal_text(), salt);
    return key;
}

auto pkcs8_seal(ByteView private_key_info, const SecretBytes& passphrase) -> std::string {
    Sealed sealed{scrypt_cost, random_bytes(salt_bytes), random_bytes(iv_bytes), {}};
    const auto ciphertext = run_cipher(Botan::Cipher_Dir::Encryption, sealed, passphrase, private_key_info);
    sealed.ciphertext.assign(ciphertext.begin(), ciphertext.end());
    return Botan::PEM_Code::encode(encode(sealed), pem_label);
}

auto pkcs8_open(std::string_view pem, const SecretBytes& passphrase) -> Result<SecretBytes> {
    CG_TRY(const auto sealed, parse(pem));
    try {
        return SecretBytes::copy_of(run_cipher(Botan::Cipher_Dir::Decryption, sealed, passphrase, sealed.ciphertext));
    } catch (const std::exception&) {
        return fail(Errc::unauthenticated, "key file: wrong passphrase, or the file is damaged");
    }
}

}  // namespace cg::crypto
