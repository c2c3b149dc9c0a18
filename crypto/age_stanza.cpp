#include "crypto/age_stanza.hpp"

#include "crypto/age_keys.hpp"
#include "crypto/chacha20_poly1305.hpp"
#include "crypto/hash.hpp"
#include "crypto/hkdf.hpp"
#include "crypto/hpke.hpp"

#include <algorithm>
#include <array>

namespace cg::crypto {
namespace {

constexpr std::string_view hybrid_name = "mlkem768x25519";
constexpr std::string_view hybrid_info = "age-encryption.org/mlkem768x25519";
constexpr std::string_view x25519_name = "X25519";
constexpr std::string_view x25519_info = "age-encryption.org/v1/X25519";
constexpr std::string_view scrypt_name = "scrypt";
constexpr std::array<std::uint8_t, chacha_nonce_bytes> zero_nonce{};

auto x25519_wrap_key(const SecretBytes& shared, ByteView share, const X25519Public& recipient) -> SecretBytes {
    Bytes salt{share.begin(), share.end()};
    salt.insert(salt.end(), recipient.begin(), recipient.end());
    return hkdf(shared.reveal(), salt, view_bytes(x25519_info));
}

auto wrap(const SecretBytes& file_key, const XwingPublicKey& to) -> AgeStanza {
    auto sealed = hpke_seal(to, view_bytes(hybrid_info), {}, file_key.reveal());
    return {{std::string{hybrid_name}, to_base64(sealed.encapsulation, Base64::unpadded)},
            std::move(sealed.ciphertext)};
}

auto wrap(const SecretBytes& file_key, const X25519Public& to) -> AgeStanza {
    const X25519Key ephemeral{random_secret(x25519_bytes).reveal()};
    const auto shared = ephemeral.agree(to);
    CG_ENSURE(shared.has_value());  // no recipient holds a point of low order
    const auto key = x25519_wrap_key(shared.value(), ephemeral.public_key(), to);
    return {{std::string{x25519_name}, to_base64(ephemeral.public_key(), Base64::unpadded)},
            chacha_seal(key.reveal(), zero_nonce, {}, file_key.reveal())};
}

/// The stanza's second and last argument, decoded. The body's length is checked before anything is decrypted, so that
/// one body cannot fit several keys (partitioning oracle).
auto parse_share(const AgeStanza& stanza, std::size_t share_bytes) -> Result<Bytes> {
    const auto refuse = [&] {
        return fail(Errc::malformed, "age header: a stanza for a recipient of ours is not well formed");
    };
    if (stanza.arguments.size() != 2) return refuse();
    auto share = from_base64(stanza.arguments[1], Base64::unpadded);
    if (!share || share.value().size() != share_bytes) return refuse();
    if (stanza.body.size() != age_file_key_bytes + chacha_tag_bytes) return refuse();
    return share;
}

auto unwrap(const AgeStanza& stanza, const XwingPrivateKey& key) -> Result<SecretBytes> {
    CG_TRY(const auto share, parse_share(stanza, xwing_encapsulation_bytes));
    return hpke_open(key, share, view_bytes(hybrid_info), {}, stanza.body);
}

auto unwrap(const AgeStanza& stanza, const X25519Key& key) -> Result<SecretBytes> {
    CG_TRY(const auto share, parse_share(stanza, x25519_bytes));
    CG_TRY(const auto shared, key.agree(share));
    const auto wrap_key = x25519_wrap_key(shared, share, key.public_key());
    return chacha_open(wrap_key.reveal(), zero_nonce, {}, stanza.body);
}

auto name_of(AgeKind kind) -> std::string_view {
    return kind == AgeKind::x25519 ? x25519_name : hybrid_name;
}

auto check_no_scrypt(std::span<const AgeStanza> stanzas) -> Result<> {
    if (std::ranges::none_of(stanzas, [](const auto& s) { return s.arguments.front() == scrypt_name; })) return ok();
    if (stanzas.size() > 1) return fail(Errc::malformed, "age header: an scrypt stanza beside another one");
    return fail(Errc::unsupported,
                "the age file is sealed with a passphrase (scrypt): seal it to a recipient key instead");
}

}  // namespace

auto wrap_age_file_key(const SecretBytes& file_key, const AgeRecipient& to) -> AgeStanza {
    return std::visit([&](const auto& key) { return wrap(file_key, key); }, AgeAccess::key(to));
}

auto unwrap_age_file_key(std::span<const AgeStanza> stanzas, std::span<const AgeIdentity* const> identities)
    -> Result<SecretBytes> {
    CG_TRY(check_no_scrypt(stanzas));
    for (const auto* identity : identities) {
        for (const auto& stanza : stanzas) {
            if (stanza.arguments.front() != name_of(identity->kind())) continue;
            auto opened = std::visit([&](const auto& key) { return unwrap(stanza, key); }, AgeAccess::key(*identity));
            if (opened || opened.error().code != Errc::unauthenticated) return opened;
        }
    }
    return fail(Errc::unauthenticated, "no identity here opens the age file");
}

}  // namespace cg::crypto
