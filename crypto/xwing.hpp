#pragma once
/// X-Wing, also named MLKEM768-X25519: a key encapsulation that holds while either ML-KEM-768 (FIPS 203) or X25519
/// (RFC 7748) does. draft-connolly-cfrg-xwing-kem, draft-ietf-hpke-pq.

#include "crypto/secret.hpp"
#include "gateway/base/bytes.hpp"
#include "gateway/base/result.hpp"

#include <cstddef>
#include <memory>

namespace cg::crypto {

inline constexpr std::size_t xwing_seed_bytes = 32;
inline constexpr std::size_t xwing_public_bytes = 1216;
inline constexpr std::size_t xwing_encapsulation_bytes = 1120;
inline constexpr std::size_t xwing_randomness_bytes = 64;

struct XwingEncapsulation {
    Bytes encapsulation;  ///< goes to the owner of the private key
    SecretBytes shared;   ///< 32 bytes
};

/// Cheap to copy; immutable.
class XwingPublicKey {
public:
    /// Errors  malformed (length, a coefficient out of range, a point of low order)
    [[nodiscard]] static auto parse(ByteView bytes) -> Result<XwingPublicKey>;
    [[nodiscard]] auto bytes() const noexcept -> ByteView;
    /// `randomness` is 64 fresh random bytes; it is an argument so that published vectors can be checked.
    [[nodiscard]] auto encapsulate(const SecretBytes& randomness) const -> XwingEncapsulation;

private:
    friend class XwingPrivateKey;
    struct State;
    explicit XwingPublicKey(std::shared_ptr<const State> state);
    std::shared_ptr<const State> state_;
};

class XwingPrivateKey {
public:
    /// `seed` is 32 bytes.
    explicit XwingPrivateKey(ByteView seed);
    XwingPrivateKey(XwingPrivateKey&&) noexcept;
    auto operator=(XwingPrivateKey&&) noexcept -> XwingPrivateKey&;
    ~XwingPrivateKey();
    [[nodiscard]] auto public_key() const noexcept -> const XwingPublicKey&;
    /// Returns   the shared secret; for an altered encapsulation another one (implicit rejection), which then opens
    /// nothing Errors    malformed (length, or a point of low order)
    [[nodiscard]] auto decapsulate(ByteView encapsulation) const -> Result<SecretBytes>;

private:
    struct State;
    std::unique_ptr<const State> state_;
};

}  // namespace cg::crypto
