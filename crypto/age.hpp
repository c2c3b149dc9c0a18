#pragma once
/// age v1 files (C2SP age), binary and armored, with two kinds of recipient: `mlkem768x25519` (X-Wing in HPKE base mode,
/// which stands against a quantum computer) and `X25519`. scrypt (passphrase) files are refused.

#include "crypto/secret.hpp"
#include "gateway/base/bytes.hpp"
#include "gateway/base/result.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cg::crypto {

enum class AgeKind : std::uint8_t { mlkem768x25519, x25519 };

/// Whom a file is sealed to. Text: `age1pq1…` or `age1…` (Bech32). Cheap to copy; immutable.
class AgeRecipient {
public:
    /// Errors  malformed, unsupported (another kind of recipient)
    [[nodiscard]] static auto parse(std::string_view text) -> Result<AgeRecipient>;
    [[nodiscard]] auto kind() const noexcept -> AgeKind;
    [[nodiscard]] auto str() const -> std::string;

private:
    friend class AgeIdentity;
    friend struct AgeAccess;
    struct State;
    std::shared_ptr<const State> state_;
};

/// Who can open a file. Text: `AGE-SECRET-KEY-PQ-1…` or `AGE-SECRET-KEY-1…`. Moves, never copies.
class AgeIdentity {
public:
    [[nodiscard]] static auto generate(AgeKind kind) -> AgeIdentity;
    /// Errors  malformed, unsupported
    [[nodiscard]] static auto parse(std::string_view text) -> Result<AgeIdentity>;
    AgeIdentity(AgeIdentity&&) noexcept;
    auto operator=(AgeIdentity&&) noexcept -> AgeIdentity&;
    ~AgeIdentity();
    [[nodiscard]] auto kind() const noexcept -> AgeKind;
    [[nodiscard]] auto recipient() const -> const AgeRecipient&;
    [[nodiscard]] auto secret_text() const -> SecretBytes;

private:
    friend struct AgeAccess;
    struct State;
    explicit AgeIdentity(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

/// Where a stream's bytes go. A failure stops the stream and is returned from it.
using ByteSink = std::function<Result<>(ByteView)>;
/// Fills as much of the span as there is; 0 means the end.
using ByteSource = std::function<Result<std::size_t>(std::span<std::uint8_t>)>;

/// Seals a stream. Memory stays at two chunks of 64 KiB whatever the length.
/// Errors  malformed (no recipient, or post-quantum and classical ones mixed), too_large (more recipients than a header of
///         1 MiB holds), and those of source and sink
[[nodiscard]] auto age_seal(ByteSource source, const ByteSink& sink, std::span<const AgeRecipient> to) -> Result<>;
/// Opens a stream; a chunk reaches the sink only after it was authenticated, but a truncated or altered file is noticed
/// only at the place: the caller throws away what it got when this fails.
/// Errors  malformed (not an age file: header), unsupported (scrypt), too_large (a header over 1 MiB),
///         unauthenticated (no identity fits, or header or payload was altered), truncated
[[nodiscard]] auto age_open(ByteSource source, const ByteSink& sink, std::span<const AgeIdentity* const> identities) -> Result<>;

/// The same for what fits in memory.
[[nodiscard]] auto age_seal(ByteView plaintext, std::span<const AgeRecipient> to) -> Result<Bytes>;
[[nodiscard]] auto age_open(ByteView sealed, std::span<const AgeIdentity* const> identities) -> Result<SecretBytes>;

/// ASCII armor (PEM-like, 64 columns, `AGE ENCRYPTED FILE`).
[[nodiscard]] auto age_armor(ByteView sealed) -> std::string;
[[nodiscard]] auto is_age_armored(ByteView file) noexcept -> bool;
/// Strict: exactly what age_armor writes, but for white space around it and CRLF line ends. Errors: malformed.
[[nodiscard]] auto age_dearmor(std::string_view armored) -> Result<Bytes>;

}  // namespace cg::crypto
