#include "crypto/age_keys.hpp"

#include "crypto/bech32.hpp"
#include "crypto/hash.hpp"

#include <algorithm>

namespace cg::crypto {
namespace {

constexpr std::size_t seed_bytes = 32;

struct Prefixes {
    std::string_view recipient;
    std::string_view identity;        ///< as it is written
    std::string_view identity_lower;  ///< as the checksum is computed
};

auto prefixes(AgeKind kind) -> Prefixes {
    if (kind == AgeKind::x25519) return {"age", "AGE-SECRET-KEY-", "age-secret-key-"};
    return {"age1pq", "AGE-SECRET-KEY-PQ-", "age-secret-key-pq-"};
}

/// A point of low order gives everyone the same secret. Any scalar finds it.
auto is_usable(const X25519Public& point) -> bool {
    constexpr X25519Public probe{1};
    return X25519Key{probe}.agree(point).has_value();
}

}  // namespace

// ---- recipient ------------------------------------------------------------------------------------------------------

auto AgeAccess::make_recipient(std::variant<XwingPublicKey, X25519Public> key) -> AgeRecipient {
    AgeRecipient out;
    out.state_ = std::make_shared<const AgeRecipient::State>(AgeRecipient::State{std::move(key)});
    return out;
}

auto AgeRecipient::parse(std::string_view text) -> Result<AgeRecipient> {
    if (text.starts_with("ssh-")) return fail(Errc::unsupported, "age recipient: SSH keys are not supported");
    CG_TRY(const auto parsed, bech32_decode(text));
    const auto bytes = parsed.data.reveal();
    if (parsed.prefix == prefixes(AgeKind::mlkem768x25519).recipient) {
        CG_TRY(auto key, XwingPublicKey::parse(bytes));
        return AgeAccess::make_recipient(std::move(key));
    }
    if (parsed.prefix == prefixes(AgeKind::x25519).recipient) {
        X25519Public key{};
        if (bytes.size() != key.size()) return fail(Errc::malformed, "age recipient: not 32 bytes");
        std::ranges::copy(bytes, key.begin());
        if (!is_usable(key)) return fail(Errc::malformed, "age recipient: a point of low order");
        return AgeAccess::make_recipient(key);
    }
    if (parsed.prefix.starts_with("age1")) {
        return fail(Errc::unsupported,
                    "age recipient: a tagged or plugin recipient; only age1pq1… and age1… are supported");
    }
    return fail(Errc::malformed, "age recipient: begins neither with age1pq1 nor with age1");
}

auto AgeRecipient::kind() const noexcept -> AgeKind {
    return std::holds_alternative<XwingPublicKey>(state_->key) ? AgeKind::mlkem768x25519 : AgeKind::x25519;
}

auto AgeRecipient::str() const -> std::string {
    const auto prefix = prefixes(kind()).recipient;
    if (const auto* key = std::get_if<XwingPublicKey>(&state_->key)) return bech32_encode(prefix, key->bytes());
    return bech32_encode(prefix, std::get<X25519Public>(state_->key));
}

// ---- identity -------------------------------------------------------------------------------------------------------

auto AgeAccess::make_identity(AgeKind kind, SecretBytes seed) -> AgeIdentity {
    using State = AgeIdentity::State;
    if (kind == AgeKind::x25519) {
        X25519Key key{seed.reveal()};
        auto recipient = make_recipient(key.public_key());
        return AgeIdentity{std::make_unique<State>(State{std::move(key), std::move(seed), std::move(recipient)})};
    }
    XwingPrivateKey key{seed.reveal()};
    auto recipient = make_recipient(key.public_key());
    return AgeIdentity{std::make_unique<State>(State{std::move(key), std::move(seed), std::move(recipient)})};
}

AgeIdentity::AgeIdentity(std::unique_ptr<State> state) : state_(std::move(state)) {}
AgeIdentity::AgeIdentity(AgeIdentity&&) noexcept = default;
auto AgeIdentity::operator=(AgeIdentity&&) noexcept -> AgeIdentity& = default;
AgeIdentity::~AgeIdentity() = default;

auto AgeIdentity::generate(AgeKind kind) -> AgeIdentity {
    return AgeAccess::make_identity(kind, random_secret(seed_bytes));
}

auto AgeIdentity::parse(std::string_view text) -> Result<AgeIdentity> {
    CG_TRY(auto parsed, bech32_decode(text));
    for (const auto kind : {AgeKind::mlkem768x25519, AgeKind::x25519}) {
        if (parsed.prefix != prefixes(kind).identity) continue;
        if (parsed.data.size() != seed_bytes) return fail(Errc::malformed, "age identity: not 32 bytes");
        return AgeAccess::make_identity(kind, std::move(parsed.data));
    }
    if (parsed.prefix.starts_with("AGE-PLUGIN-"))
        return fail(Errc::unsupported, "age identity: plugins are not supported");
    return fail(Errc::malformed, "age identity: begins neither with AGE-SECRET-KEY-PQ-1 nor with AGE-SECRET-KEY-1");
}

auto AgeIdentity::kind() const noexcept -> AgeKind {
    return state_->recipient.kind();
}
auto AgeIdentity::recipient() const -> const AgeRecipient& {
    return state_->recipient;
}

auto AgeIdentity::secret_text() const -> SecretBytes {
    auto text = bech32_encode(prefixes(kind()).identity_lower, state_->seed.reveal());
    std::ranges::transform(text, text.begin(),
                           [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
    auto out = SecretBytes::copy_of(text);
    wipe(text);
    return out;
}

}  // namespace cg::crypto
